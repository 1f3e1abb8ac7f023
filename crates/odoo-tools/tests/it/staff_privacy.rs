//! What of employees' records reaches whom: nothing private outside HR, nobody of another company.

use std::collections::BTreeSet;

use odoo_json2::{Context, Values};
use serde_json::{Value, json};

use crate::actors::{Actor, Company};

#[tokio::test]
async fn people_of_another_company_are_not_found() {
    let company = Company::shared();
    let (emil, ada) = (company.actor("emil").await, company.actor("ada").await);
    let aino = ada.ask("read_employee", json!({"name": "aino"})).await;
    for tool in ["read_employee", "read_employee_history"] {
        for question in [json!({"name": "aino"}), json!({"id": aino["id"]})] {
            let outcome = emil.call(tool, question).await;
            assert_eq!(outcome.structured["error"], "not_found");
            assert!(!outcome.text.contains("Salmi") && !outcome.text.contains("Country"));
        }
    }
}

/// An administrator without a role in HR may read `hr.employee`, but none of the fields of a version.
#[tokio::test]
async fn administrators_outside_hr_read_as_colleagues() {
    let company = Company::open().await;
    let odoo = company.client("ada");
    let groups: Vec<i64> = odoo
        .search_ids(
            "res.groups",
            odoo_json2::field("name").eq("Role / Administrator"),
            "",
            1,
        )
        .await
        .unwrap();
    assert_eq!(groups.len(), 1);
    let user = Values::new()
        .set("login", "sam")
        .set("name", "Sam Systems")
        .set("group_ids", groups);
    odoo.create("res.users", [user]).await.unwrap();
    let sam = company.actor("sam").await;
    assert!(sam.user.reads("hr.employee") && !sam.user.reads("hr.version"));
    for (tool, question) in [
        ("read_employee", json!({"name": "emil"})),
        ("read_employee_history", json!({"name": "emil"})),
        ("search_employees", json!({"text": "emil"})),
    ] {
        let answer = sam.ask(tool, question).await.to_string();
        assert!(answer.contains("hr.employee.public"), "{answer}");
        assert!(!answer.contains("1994-03-17"), "{answer}");
    }
}

/// Odoo refuses everything when a manager of another company is read along with an employee.
#[tokio::test]
async fn a_manager_out_of_sight_is_known_by_name_only() {
    let company = Company::open().await;
    let ada = company.actor("ada").await;
    let id = async |name: &str| {
        ada.ask("read_employee", json!({"name": name})).await["id"]
            .as_i64()
            .unwrap()
    };
    let (priya, aino) = (id("priya").await, id("aino").await);
    let moved = Values::new().set("parent_id", aino);
    let odoo = company
        .client("ada")
        .with_context(Context::new().companies([1, 2]));
    odoo.write("hr.employee", &[priya], &moved).await.unwrap();
    for login in ["emil", "hanna"] {
        let ben = company
            .actor(login)
            .await
            .ask("read_employee", json!({"name": "ben"}))
            .await;
        assert_eq!(ben["manager"]["name"], "Priya Raman", "{login}");
        assert_eq!(
            ben["above"],
            json!([{"id": aino, "name": "Aino Salmi"}]),
            "{login}"
        );
    }
}

/// What only HR may see of an employee.
const PRIVATE: [&str; 9] = [
    "private_email",
    "private_phone",
    "private_street",
    "ssnid",
    "passport_id",
    "permit_no",
    "emergency_contact",
    "emergency_phone",
    "birthday",
];

/// The records of a model, as the administrator reads them.
async fn rows(company: &Company, model: &str, fields: &[&str]) -> Vec<Value> {
    let everywhere = Context::new().companies([1, 2]).with("active_test", false);
    let odoo = company.client("ada");
    let call = odoo.call(model, "search_read").arg("domain", json!([]));
    let call = call.arg("fields", fields.to_vec()).context(everywhere);
    call.read_only().fetch().await.unwrap()
}

/// All private words and wages of the company.
async fn secrets(company: &Company) -> (BTreeSet<String>, BTreeSet<i64>) {
    let mut words = BTreeSet::new();
    for row in rows(company, "hr.employee", &PRIVATE).await {
        words.extend(
            PRIVATE
                .iter()
                .filter_map(|field| row[field].as_str())
                .map(str::to_owned),
        );
    }
    let theirs = ["acc_number", "partner_id"];
    let employed = rows(company, "hr.employee", &["bank_account_ids"]).await;
    for row in rows(company, "res.partner.bank", &theirs).await {
        let of_employee = |one: &Value| {
            one["bank_account_ids"]
                .as_array()
                .unwrap()
                .contains(&row["id"])
        };
        if employed.iter().any(of_employee) {
            words.insert(row["acc_number"].as_str().unwrap().to_owned());
        }
    }
    let versions = rows(company, "hr.version", &["wage"]).await;
    let wages = versions
        .iter()
        .map(|row| row["wage"].as_f64().unwrap() as i64);
    (words, wages.filter(|wage| *wage > 0).collect())
}

/// The ids of everybody, those who left included.
async fn everybody(company: &Company) -> Vec<i64> {
    let rows = rows(company, "hr.employee", &["name"]).await;
    rows.iter().map(|row| row["id"].as_i64().unwrap()).collect()
}

/// Everything that the tools tell somebody about everybody.
async fn told(actor: &Actor, ids: &[i64]) -> Vec<(String, Value)> {
    let mut told = Vec::new();
    for id in ids {
        for tool in ["read_employee", "read_employee_history"] {
            let outcome = actor.call(tool, json!({"id": id})).await;
            told.push((
                format!("{} {}", outcome.text, outcome.structured),
                outcome.structured,
            ));
        }
    }
    let list = actor
        .call("search_employees", json!({"archived": true, "limit": 200}))
        .await;
    told.push((
        format!("{} {}", list.text, list.structured),
        list.structured,
    ));
    told
}

fn numbers(value: &Value, found: &mut BTreeSet<i64>) {
    match value {
        Value::Number(number) => found.extend(number.as_i64()),
        Value::Array(items) => items.iter().for_each(|item| numbers(item, found)),
        Value::Object(members) => members.values().for_each(|member| numbers(member, found)),
        _ => {}
    }
}

#[tokio::test]
async fn an_administrator_of_hr_sees_all_of_it() {
    let company = Company::shared();
    let (words, wages) = secrets(&company).await;
    assert!(words.len() > 40 && wages.len() > 10, "{words:?} {wages:?}");
    let ada = company.actor("ada").await;
    let (mut seen_words, mut seen_wages) = (BTreeSet::new(), BTreeSet::new());
    for (text, answer) in told(&ada, &everybody(&company).await).await {
        seen_words.extend(words.iter().filter(|word| text.contains(*word)).cloned());
        numbers(&answer, &mut seen_wages);
    }
    assert_eq!(seen_words, words);
    assert!(seen_wages.is_superset(&wages), "{wages:?}");
}

#[tokio::test]
async fn nothing_private_reaches_those_outside_hr() {
    let company = Company::shared();
    let (words, wages) = secrets(&company).await;
    let ids = everybody(&company).await;
    for login in ["emil", "tara", "alice", "rosa"] {
        for (text, answer) in told(&company.actor(login).await, &ids).await {
            let leaked: Vec<&String> = words.iter().filter(|word| text.contains(*word)).collect();
            assert!(leaked.is_empty(), "{login} sees {leaked:?}");
            let mut found = BTreeSet::new();
            numbers(&answer, &mut found);
            assert!(found.is_disjoint(&wages), "{login} sees a wage: {answer}");
            assert!(
                !text.contains("wage") && !text.contains("marital"),
                "{login}: {text}"
            );
        }
    }
}

#[tokio::test]
async fn an_officer_sees_no_wages() {
    let company = Company::shared();
    let wages = secrets(&company).await.1;
    let hanna = company.actor("hanna").await;
    for (text, answer) in told(&hanna, &everybody(&company).await).await {
        let mut found = BTreeSet::new();
        numbers(&answer, &mut found);
        assert!(
            found.is_disjoint(&wages) && !text.contains("wage"),
            "{answer}"
        );
    }
}
