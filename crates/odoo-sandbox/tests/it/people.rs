//! Employees and their versions in the hands of HR.

use odoo_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::actor::{Actor, sandbox, shared};

async fn officer() -> (Sandbox, Actor) {
    let sandbox = sandbox().start().await.expect("a sandbox");
    let hanna = Actor::of(&sandbox, "hanna");
    (sandbox, hanna)
}

/// Emil with a version from today on and one for next year; the id of the later one.
async fn promoted(hanna: &Actor) -> (Value, Value) {
    let emil = json!({ "domain": [["name", "=", "Emil Novak"]] });
    let ids = hanna.call("hr.employee/search", emil).await;
    let mut last = json!(null);
    for (day, title) in [
        ("2026-11-20", "Senior Technician"),
        ("2027-01-01", "Chief Technician"),
    ] {
        let values = json!({ "date_version": day, "job_title": title });
        let body = json!({ "ids": ids, "values": values });
        last = hanna.call("hr.employee/create_version", body).await[0].clone();
    }
    (ids, last)
}

#[tokio::test]
async fn a_new_version_holds_from_its_day_on() {
    let (running, hanna) = officer().await;
    let (ids, later) = promoted(&hanna).await;
    let mut body = json!({ "ids": ids, "fields": ["job_title", "versions_count"] });
    let row = hanna.call("hr.employee/read", body.clone()).await;
    assert_eq!(row[0]["job_title"], "Senior Technician");
    assert_eq!(row[0]["versions_count"], 2);
    body["context"] = json!({ "version_id": later });
    let then = hanna.call("hr.employee/read", body).await;
    assert_eq!(then[0]["job_title"], "Chief Technician");
    let body = json!({ "ids": ids, "fields": ["job_title"] });
    let seen = Actor::of(&running, "emil")
        .call("hr.employee.public/read", body)
        .await;
    assert_eq!(seen[0]["job_title"], "Senior Technician");
}

#[tokio::test]
async fn the_history_of_an_employee_is_its_versions() {
    let (_running, hanna) = officer().await;
    let (ids, _) = promoted(&hanna).await;
    let fields = ["display_name", "job_title", "department_id"];
    let body = json!({ "domain": [["employee_id", "in", ids]], "fields": fields });
    let rows = hanna.call("hr.version/search_read", body).await;
    let last = &rows.as_array().unwrap().last().unwrap();
    assert_eq!(last["display_name"], "Jan 1, 2027");
    assert_eq!(last["job_title"], "Chief Technician");
    assert_eq!(last["department_id"][1], "Workshop");
}

#[tokio::test]
async fn a_change_of_job_goes_to_the_version_and_is_seen_by_all() {
    let (running, hanna) = officer().await;
    let found = hanna
        .call(
            "hr.employee/search",
            json!({ "domain": [["name", "=", "Mara Quist"]] }),
        )
        .await;
    let change = json!({ "job_title": "Head of Optics", "work_phone": "+1 585 555 0199", "marital": "married" });
    hanna
        .call("hr.employee/write", json!({ "ids": found, "vals": change }))
        .await;
    let emil = Actor::of(&running, "emil");
    let body = json!({ "domain": [["job_title", "=", "Head of Optics"]], "fields": ["name", "work_phone"] });
    let rows = emil.call("hr.employee.public/search_read", body).await;
    assert_eq!(
        (&rows[0]["name"], &rows[0]["work_phone"]),
        (&json!("Mara Quist"), &json!("+1 585 555 0199"))
    );
    let body = json!({ "ids": found, "fields": ["marital", "job_title"] });
    assert_eq!(
        hanna.call("hr.employee/read", body).await[0]["marital"],
        "married"
    );
}

#[tokio::test]
async fn a_new_employee_comes_with_a_version_and_working_hours() {
    let (_running, hanna) = officer().await;
    let values = json!({ "name": "Pia Lund", "job_title": "Intern", "employee_type": "trainee" });
    let id = hanna
        .call("hr.employee/create", json!({ "vals_list": [values] }))
        .await;
    let fields = [
        "versions_count",
        "resource_calendar_id",
        "employee_type",
        "legal_name",
        "company_id",
    ];
    let row = hanna
        .call("hr.employee/read", json!({ "ids": id, "fields": fields }))
        .await;
    insta::assert_json_snapshot!(row[0], { ".id" => 0 }, @r#"
    {
      "id": 0,
      "versions_count": 1,
      "resource_calendar_id": [
        1,
        "Standard 40 hours/week"
      ],
      "employee_type": "trainee",
      "legal_name": "Pia Lund",
      "company_id": [
        1,
        "Larkspur Instruments"
      ]
    }
    "#);
}

#[tokio::test]
async fn the_directory_knows_who_leads_whom() {
    let fields = [
        "name",
        "parent_id",
        "is_manager",
        "is_user",
        "is_subordinate",
        "child_count",
    ];
    let three = ["Tara Lindqvist", "Emil Novak", "Priya Raman"];
    let body = json!({ "domain": [["name", "in", three]], "fields": fields, "load": null });
    let rows = shared("tara")
        .call("hr.employee.public/search_read", body)
        .await;
    let rows = rows.as_array().unwrap().iter();
    let lines = rows.map(|row| fields.map(|field| row[field].to_string()).join(" "));
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"), @r#"
    "Emil Novak" 3 true false true 0
    "Priya Raman" 1 false false false 2
    "Tara Lindqvist" 1 true true false 4
    "#);
}

#[tokio::test]
async fn the_directory_is_counted_by_department() {
    let body = json!({ "domain": [], "groupby": ["department_id"], "aggregates": ["__count"] });
    let groups = shared("tara")
        .call("hr.employee.public/formatted_read_group", body)
        .await;
    let groups = groups.as_array().unwrap().iter();
    let lines = groups.map(|row| format!("{} {}", row["department_id"][1], row["__count"]));
    insta::assert_snapshot!(lines.collect::<Vec<_>>().join("\n"), @r#"
    "Direction" 1
    "Finance" 3
    "People and Culture" 2
    "Sales" 3
    "Workshop" 5
    "#);
}
