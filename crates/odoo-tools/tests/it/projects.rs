//! Tasks, as those who do them.

use serde_json::{Value, json};

use crate::actors::{Company, as_person};

#[tokio::test]
async fn my_open_tasks_come_by_deadline() {
    let emil = as_person("emil").await;
    insta::assert_snapshot!(emil.read("list_tasks", json!({"assignee": "me"})).await, @r"
    total: 6
    returned: 6
    link: https://odoo.example/odoo/project.task/{id}
    note: Deadlines are in the time zone Europe/Prague.

    ## records
    |id|title|project|stage|state|priority|assignees|deadline|overdue|parent|tags|
    |-|-|-|-|-|-|-|-|-|-|-|
    |…|Qualify the new lamp|Spectrometer Mk IV (#)|In Progress|in_progress|urgent|Emil Novak|2026-11-14 17:00|yes||Hardware|
    |…|Burn-in of batch B|Spectrometer Mk IV (#)|In Progress|in_progress|medium|Emil Novak; Tara Lindqvist|2026-11-14 17:00|yes|Qualify the new lamp (#)||
    |…|Pack the reference weights|Calibration Lab Move (#)|In Progress|in_progress|urgent|Emil Novak|2026-11-17 17:00|yes||Facilities|
    |…|Order new safety boots|||in_progress||Emil Novak|2026-11-23 17:00||||
    |…|Write the manual|Spectrometer Mk IV (#)|Backlog|waiting||Emil Novak|2026-12-28 17:00|||Paperwork|
    |…|Faster boot|Spectrometer Mk IV (#)|In Progress|in_progress||Emil Novak||||Firmware|
    ");
}

#[tokio::test]
async fn overdue_and_urgent_are_filters_that_agree_with_the_fields() {
    let company = Company::shared();
    let tara = company.actor("tara").await;
    let overdue = tara.ask("list_tasks", json!({"overdue": true})).await;
    let all = tara.ask("list_tasks", json!({"limit": 200})).await;
    let late = |answer: &Value| -> Vec<i64> {
        let records = answer["records"].as_array().unwrap().iter();
        records
            .filter(|task| task["overdue"] == true)
            .map(|task| task["id"].as_i64().unwrap())
            .collect()
    };
    assert!(!late(&all).is_empty());
    assert_eq!(late(&overdue), late(&all));
    assert_eq!(overdue["total"], late(&all).len());
    let not_overdue = tara.ask("list_tasks", json!({"overdue": false})).await;
    let total = |answer: &Value| answer["total"].as_u64().unwrap();
    assert_eq!(total(&not_overdue) + total(&overdue), total(&all));
    let urgent = tara
        .ask("list_tasks", json!({"priority": "high", "limit": 200}))
        .await;
    for task in urgent["records"].as_array().unwrap() {
        assert!(["high", "urgent"].contains(&task["priority"].as_str().unwrap()));
    }
}

#[tokio::test]
async fn templates_are_never_listed() {
    let company = Company::shared();
    let ada = company.actor("ada").await;
    let answer = ada
        .ask("list_tasks", json!({"state": "all", "limit": 200}))
        .await;
    let rows = company.client("ada");
    let templates = odoo_json2::field("is_template").eq(true);
    assert!(rows.count("project.project", templates).await.unwrap() > 0);
    assert!(!answer.to_string().to_lowercase().contains("template"));
}

/// A deadline at 23:30 UTC is a day later in Tokyo, and so is the day that is asked for.
#[tokio::test]
async fn days_are_the_users_own() {
    let tara = as_person("tara").await;
    let answer = tara
        .ask("list_tasks", json!({"limit": 200, "state": "all"}))
        .await;
    let with_deadline = |task: &&Value| task.get("deadline").is_some();
    let task = answer["records"]
        .as_array()
        .unwrap()
        .iter()
        .find(with_deadline)
        .unwrap();
    let day = &task["deadline"].as_str().unwrap()[..10];
    let found = tara
        .ask(
            "list_tasks",
            json!({"due_from": day, "due_to": day, "state": "all"}),
        )
        .await;
    let ids: Vec<&Value> = found["records"]
        .as_array()
        .unwrap()
        .iter()
        .map(|task| &task["id"])
        .collect();
    assert!(ids.contains(&&task["id"]));
    for task in found["records"].as_array().unwrap() {
        assert!(task["deadline"].as_str().unwrap().starts_with(day));
    }
}
