//! Projects and tasks at work: counters, blockers, hours, archives.

use odoo_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::actor::{Actor, sandbox, shared};

async fn lead() -> (Sandbox, Actor, Actor) {
    let sandbox = sandbox().start().await.expect("a sandbox");
    let (tara, ada) = (Actor::of(&sandbox, "tara"), Actor::of(&sandbox, "ada"));
    (sandbox, tara, ada)
}

async fn task(person: &Actor, name: &str) -> i64 {
    let body = json!({ "domain": [["name", "=", name]] });
    person.call("project.task/search", body).await[0]
        .as_i64()
        .expect("a task")
}

async fn project(person: &Actor, name: &str, fields: Value) -> Value {
    let body = json!({ "domain": [["name", "=", name]], "fields": fields, "context": { "active_test": false } });
    person.call("project.project/search_read", body).await[0].clone()
}

async fn state(person: &Actor, id: i64) -> Value {
    person
        .call(
            "project.task/read",
            json!({ "ids": [id], "fields": ["state"] }),
        )
        .await[0]["state"]
        .clone()
}

#[tokio::test]
async fn a_project_counts_its_tasks() {
    let fields = json!([
        "task_count",
        "open_task_count",
        "closed_task_count",
        "task_completion_percentage",
        "last_update_status",
        "privacy_visibility",
        "milestone_ids",
        "allocated_hours",
        "remaining_hours",
    ]);
    let row = project(&shared("tara"), "Calibration Lab Move", fields).await;
    insta::assert_json_snapshot!(row, { ".id" => 0 }, @r#"
    {
      "id": 0,
      "task_count": 5,
      "open_task_count": 4,
      "closed_task_count": 1,
      "task_completion_percentage": 0.19999999999999996,
      "last_update_status": "to_define",
      "privacy_visibility": "followers",
      "milestone_ids": [],
      "allocated_hours": 0.0,
      "remaining_hours": 0.0
    }
    "#);
}

#[tokio::test]
async fn closed_tasks_are_found_by_being_closed() {
    let tara = shared("tara");
    let body = json!({ "domain": [["is_closed", "=", true]], "fields": ["name"], "order": "name" });
    let rows = tara.call("project.task/search_read", body).await;
    let names: Vec<&Value> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["name"])
        .collect();
    insta::assert_json_snapshot!(names, @r#"
    [
      "Burn-in of batch A",
      "Choose the grating",
      "Level the floor",
      "Wireless module"
    ]
    "#);
    let body = json!({ "domain": [["has_template_ancestor", "=", true]] });
    assert_eq!(tara.call("project.task/search_count", body).await, 0);
}

#[tokio::test]
async fn a_task_waits_for_those_that_block_it() {
    let (_running, tara, _) = lead().await;
    let (manual, housing) = (
        task(&tara, "Write the manual").await,
        task(&tara, "Housing drawings").await,
    );
    assert_eq!(state(&tara, manual).await, "04_waiting_normal");
    tara.call(
        "project.task/write",
        json!({ "ids": [housing], "vals": { "state": "1_done" } }),
    )
    .await;
    assert_eq!(state(&tara, manual).await, "01_in_progress");
    tara.call(
        "project.task/write",
        json!({ "ids": [housing], "vals": { "state": "01_in_progress" } }),
    )
    .await;
    assert_eq!(state(&tara, manual).await, "04_waiting_normal");
}

#[tokio::test]
async fn hours_add_up_to_the_parent() {
    let (_running, _, ada) = lead().await;
    let (lamp, batch) = (
        task(&ada, "Qualify the new lamp").await,
        task(&ada, "Burn-in of batch A").await,
    );
    ada.call(
        "project.task/write",
        json!({ "ids": [lamp], "vals": { "allocated_hours": 10 } }),
    )
    .await;
    let line = json!({ "task_id": batch, "unit_amount": 2.5, "name": "Burn-in" });
    ada.call(
        "account.analytic.line/create",
        json!({ "vals_list": [line] }),
    )
    .await;
    let fields = [
        "effective_hours",
        "total_hours_spent",
        "remaining_hours",
        "progress",
    ];
    let body = json!({ "ids": [lamp], "fields": fields });
    let row = ada.call("project.task/read", body).await[0].clone();
    let hours = fields.map(|field| row[field].to_string()).join(" ");
    assert_eq!(hours, "0.0 2.5 7.5 0.25");
    let spent = project(&ada, "Spectrometer Mk IV", json!(["effective_hours"])).await;
    assert_eq!(spent["effective_hours"], 2.5);
}

#[tokio::test]
async fn archiving_a_project_archives_its_tasks() {
    let (_running, tara, ada) = lead().await;
    let id = project(&ada, "Calibration Lab Move", json!(["name"])).await["id"].clone();
    ada.call("project.project/action_archive", json!({ "ids": [id] }))
        .await;
    let open = json!({ "domain": [["project_id", "=", id]] });
    assert_eq!(
        tara.call("project.task/search_count", open.clone()).await,
        0
    );
    ada.call("project.project/action_unarchive", json!({ "ids": [id] }))
        .await;
    assert_eq!(tara.call("project.task/search_count", open).await, 5);
    ada.call("project.project/unlink", json!({ "ids": [id] }))
        .await;
    let all = json!({ "domain": [["project_id", "=", id]], "context": { "active_test": false } });
    assert_eq!(ada.call("project.task/search_count", all).await, 0);
}

#[tokio::test]
async fn a_status_leaves_a_report() {
    let (_running, tara, ada) = lead().await;
    let id = project(&ada, "Spectrometer Mk IV", json!(["name"])).await["id"].clone();
    ada.call(
        "project.project/write",
        json!({ "ids": [id], "vals": { "last_update_status": "at_risk" } }),
    )
    .await;
    let row = project(
        &tara,
        "Spectrometer Mk IV",
        json!(["last_update_status", "last_update_color", "update_count"]),
    )
    .await;
    assert_eq!(
        (&row["last_update_status"], &row["last_update_color"]),
        (&json!("at_risk"), &json!(22))
    );
    assert_eq!(row["update_count"], 1);
    let refused = tara
        .refused(
            "project.project/create",
            json!({ "vals_list": [{ "name": "Mine" }] }),
        )
        .await;
    assert!(
        refused[2]
            .as_str()
            .unwrap()
            .starts_with("You are not allowed to create 'Analytic Account'"),
        "{refused}"
    );
}
