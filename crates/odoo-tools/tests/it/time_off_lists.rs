//! Lists of time off: walked in small steps, and narrowed to people and to what waits.

use serde_json::{Value, json};

use crate::actors::{Actor, as_person};

/// Everybody on a list of absences, read in steps.
async fn walk(actor: &Actor, mut question: Value) -> (Vec<String>, Value) {
    let mut names = Vec::new();
    for _ in 0..60 {
        let page = actor.ask("who_is_off", question.clone()).await;
        let records = page["records"].as_array().unwrap();
        names.extend(records.iter().map(Value::to_string));
        match page.get("next_cursor") {
            Some(next) => question["cursor"] = next.clone(),
            None => return (names, page["total"].clone()),
        }
    }
    panic!("the list never ends: {names:?}");
}

/// Absences that ended on the day before are read, since clocks differ, and must not be taken off twice.
#[tokio::test]
async fn small_steps_lose_no_absence() {
    let ada = as_person("ada").await;
    let mut skipped = 0;
    for day in [
        "2026-08-29",
        "2026-11-26",
        "2026-11-28",
        "2026-09-24",
        "2026-10-24",
    ] {
        let question =
            |limit: u8| json!({"date_from": day, "date_to": "2027-02-01", "limit": limit});
        let (all, _) = walk(&ada, question(200)).await;
        for limit in 1..4 {
            let (names, total) = walk(&ada, question(limit)).await;
            assert_eq!(names, all, "{day} by {limit}");
            assert_eq!(total, json!(all.len()), "{day} by {limit}");
        }
        skipped += all.len();
    }
    assert!(skipped > 10, "{skipped}");
}

/// Whom a question is about is said in the same ways everywhere.
#[tokio::test]
async fn an_employee_is_meant_by_name_by_id_or_as_oneself() {
    let tara = as_person("tara").await;
    let of = |who: &str| json!({"employee": who});
    let emil = tara.ask("read_time_off", of("Emil Novak")).await;
    let id = emil["records"][0]["employee"]["id"].to_string();
    assert_eq!(tara.ask("read_time_off", of(&id)).await, emil);
    let by_id = tara.ask("time_off_balance", of(&id)).await;
    assert_eq!(by_id["employee"]["name"], "Emil Novak");
    for tool in ["read_time_off", "time_off_balance"] {
        let own = tara.ask(tool, of(" Me ")).await;
        assert!(own.to_string().contains("Tara Lindqvist"), "{tool}: {own}");
        assert!(!own.to_string().contains("Emil Novak"), "{tool}: {own}");
    }
}

/// What was asked for is repeated, but not a page of it.
#[tokio::test]
async fn long_names_are_repeated_shortly() {
    let emil = as_person("emil").await;
    let long = "nobody ".repeat(100);
    for (tool, question) in [
        ("time_off_balance", json!({"employee": long})),
        (
            "request_time_off",
            json!({"type": long, "date_from": "2026-12-14"}),
        ),
    ] {
        let said = emil.read(tool, question).await;
        assert_eq!(said.matches("nobody").count(), 8, "{said}");
        assert!(said.contains('…'), "{said}");
    }
}

/// What waits for somebody, and what does not, is everything.
#[tokio::test]
async fn what_does_not_wait_for_oneself_is_a_list_too() {
    for login in ["tara", "hanna", "alice"] {
        let person = as_person(login).await;
        for kind in ["requests", "allocations"] {
            let total = async |waiting: Value| {
                let question = json!({"kind": kind, "to_approve": waiting});
                let answer = person.ask("read_time_off", question).await;
                answer["total"].as_u64().unwrap()
            };
            let (all, waiting) = (total(Value::Null).await, total(json!(true)).await);
            assert_eq!(total(json!(false)).await, all - waiting, "{login} {kind}");
        }
    }
    let tara = as_person("tara").await;
    let others = json!({"to_approve": false, "state": "to_approve", "employee": "emil"});
    assert_eq!(tara.ask("read_time_off", others).await["total"], 0);
}
