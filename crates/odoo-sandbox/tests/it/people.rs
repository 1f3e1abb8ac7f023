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
    // Three of his career, and the two new ones.
    assert_eq!(row[0]["versions_count"], 5);
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

#[tokio::test]
async fn a_version_entered_for_the_past_leaves_today_alone() {
    let (_running, hanna) = officer().await;
    let emil = json!({ "domain": [["name", "=", "Emil Novak"]] });
    let ids = hanna.call("hr.employee/search", emil).await;
    let values = json!({ "date_version": "2020-01-01", "job_title": "Intern" });
    let body = json!({ "ids": ids, "values": values });
    let made = hanna.call("hr.employee/create_version", body).await;
    let read = json!({ "ids": ids, "fields": ["job_title", "versions_count"] });
    let row = hanna.call("hr.employee/read", read).await;
    assert_eq!(row[0]["job_title"], "Calibration Technician");
    assert_eq!(row[0]["versions_count"], 4);
    let body = json!({ "ids": ids, "values": { "job_title": "No day" } });
    let refused = hanna.refused("hr.employee/create_version", body).await;
    assert_eq!(
        (&refused[0], &refused[2]),
        (&json!(500), &json!("date_version is required"))
    );
    // What was entered for a day that others have already begun after shows with that version in the context.
    let body = json!({ "ids": ids, "fields": ["job_title"], "context": { "version_id": made[0] } });
    assert_eq!(
        hanna.call("hr.employee/read", body).await[0]["job_title"],
        "Intern"
    );
}

#[tokio::test]
async fn a_certificate_that_ran_out_counts_until_there_is_another() {
    let (_running, hanna) = officer().await;
    let skills = async || {
        let specification = json!({ "current_employee_skill_ids": { "fields": { "display_name": {}, "valid_to": {} } } });
        let domain = json!([["name", "=", "Mara Quist"]]);
        let body = json!({ "domain": domain, "specification": specification });
        let found = hanna.call("hr.employee/web_search_read", body).await;
        let skills = found["records"][0]["current_employee_skill_ids"]
            .as_array()
            .unwrap()
            .clone();
        let name = |skill: &Value| {
            format!(
                "{} {}",
                skill["display_name"].as_str().unwrap(),
                skill["valid_to"]
            )
        };
        skills.iter().map(name).collect::<Vec<_>>()
    };
    assert_eq!(
        skills().await,
        [
            "Optical Alignment: Master false",
            "Laser Safety: Certified \"2024-05-31\""
        ]
    );
    let laser = json!({ "domain": [["skill_id.name", "=", "Laser Safety"]], "fields": ["employee_id", "skill_id", "skill_level_id", "skill_type_id"], "load": null });
    let mut again = hanna.call("hr.employee.skill/search_read", laser).await[0].clone();
    again.as_object_mut().unwrap().remove("id");
    again["valid_from"] = json!("2026-01-01");
    hanna
        .call("hr.employee.skill/create", json!({ "vals_list": [again] }))
        .await;
    assert_eq!(
        skills().await,
        [
            "Optical Alignment: Master false",
            "Laser Safety: Certified false"
        ]
    );
}

#[tokio::test]
async fn people_change_their_own_resume_and_no_other() {
    let (running, _) = officer().await;
    let (emil, tara) = (Actor::of(&running, "emil"), Actor::of(&running, "tara"));
    let own = json!({ "domain": [["name", "=", "Emil Novak"]] });
    let id = emil.call("hr.employee.public/search", own).await[0].clone();
    let line = json!({ "vals_list": [{ "employee_id": id, "name": "Night school", "date_start": "2026-09-01" }] });
    let made = emil.call("hr.resume.line/create", line.clone()).await;
    assert_eq!(tara.refused("hr.resume.line/create", line).await[0], 403);
    let change = json!({ "ids": made, "vals": { "name": "Nothing" } });
    assert_eq!(tara.refused("hr.resume.line/write", change).await[0], 403);
    let seen = tara
        .call(
            "hr.resume.line/read",
            json!({ "ids": made, "fields": ["name"] }),
        )
        .await;
    assert_eq!(seen[0]["name"], "Night school");
    let wrong = json!({ "vals_list": [{ "employee_id": id, "name": "x", "date_start": "2026-09-02", "date_end": "2026-09-01" }] });
    let refused = emil.refused("hr.resume.line/create", wrong).await;
    assert_eq!(refused[1], "odoo.exceptions.ValidationError");
}
