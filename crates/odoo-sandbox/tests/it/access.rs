//! Who may do what with the models of the applications, as a real Odoo 19 answers it.

use serde_json::{Value, json};

use crate::actor::{Actor, shared};

const PEOPLE: [&str; 6] = ["alice", "emil", "tara", "hanna", "ada", "rosa"];

const MODELS: [&str; 22] = [
    "account.move",
    "account.move.line",
    "account.account",
    "account.journal",
    "account.tax",
    "account.payment",
    "account.payment.register",
    "account.bank.statement.line",
    "hr.employee",
    "hr.employee.public",
    "hr.department",
    "hr.version",
    "hr.work.location",
    "hr.contract.type",
    "project.project",
    "project.task",
    "project.task.type",
    "project.milestone",
    "project.project.stage",
    "project.role",
    "account.analytic.line",
    "resource.calendar",
];

/// The operations a person has on a model, as letters.
async fn operations(person: &Actor, model: &str) -> String {
    let mut letters = String::new();
    for operation in ["read", "write", "create", "unlink"] {
        let body = json!({ "operation": operation });
        let may = person.call(&format!("{model}/has_access"), body).await;
        letters.push(if may == true {
            operation.as_bytes()[0] as char
        } else {
            '-'
        });
    }
    letters
}

async fn names(person: &Actor, model: &str, domain: Value) -> Vec<String> {
    let body = json!({ "domain": domain, "fields": ["display_name"], "order": "id" });
    let rows = person.call(&format!("{model}/search_read"), body).await;
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| row["display_name"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn each_role_has_the_rights_that_odoo_gives_it() {
    let mut table = String::new();
    for model in MODELS {
        let mut row = format!("{model:28}");
        for login in PEOPLE {
            row += &format!(" {login}:{}", operations(&shared(login), model).await);
        }
        table += &format!("{row}\n");
    }
    insta::assert_snapshot!(table, @r"
    account.move                 alice:rwcu emil:---- tara:r--- hanna:---- ada:rwcu rosa:r---
    account.move.line            alice:rwcu emil:---- tara:r--- hanna:---- ada:rwcu rosa:r---
    account.account              alice:r--- emil:r--- tara:r--- hanna:r--- ada:rwcu rosa:r---
    account.journal              alice:r--- emil:---- tara:r--- hanna:---- ada:rwcu rosa:r---
    account.tax                  alice:r--- emil:r--- tara:r--- hanna:r--- ada:rwcu rosa:r---
    account.payment              alice:rwcu emil:---- tara:---- hanna:---- ada:rwcu rosa:r---
    account.payment.register     alice:rwc- emil:---- tara:---- hanna:---- ada:rwc- rosa:----
    account.bank.statement.line  alice:rwcu emil:---- tara:---- hanna:---- ada:rwcu rosa:r---
    hr.employee                  alice:---- emil:---- tara:---- hanna:rwcu ada:rwcu rosa:----
    hr.employee.public           alice:r--- emil:r--- tara:r--- hanna:r--- ada:r--- rosa:r---
    hr.department                alice:r--- emil:r--- tara:r--- hanna:rwcu ada:rwcu rosa:r---
    hr.version                   alice:---- emil:---- tara:---- hanna:rwcu ada:rwcu rosa:----
    hr.work.location             alice:r--- emil:r--- tara:r--- hanna:r--- ada:rwcu rosa:r---
    hr.contract.type             alice:---- emil:---- tara:---- hanna:rwcu ada:rwcu rosa:----
    project.project              alice:r--- emil:r--- tara:r--- hanna:r--- ada:rwcu rosa:r---
    project.task                 alice:rwcu emil:rwcu tara:rwcu hanna:rwcu ada:rwcu rosa:rwcu
    project.task.type            alice:rwcu emil:rwcu tara:rwcu hanna:rwcu ada:rwcu rosa:rwcu
    project.milestone            alice:r--- emil:r--- tara:rwcu hanna:r--- ada:rwcu rosa:r---
    project.project.stage        alice:r--- emil:r--- tara:r--- hanna:r--- ada:rwcu rosa:r---
    project.role                 alice:---- emil:---- tara:r--- hanna:---- ada:rwcu rosa:----
    account.analytic.line        alice:rwcu emil:---- tara:rwcu hanna:---- ada:rwcu rosa:r---
    resource.calendar            alice:r--- emil:r--- tara:r--- hanna:rwcu ada:rwcu rosa:r---
    ");
}

#[tokio::test]
async fn applications_that_are_not_there_are_not_found() {
    for model in [
        "knowledge.article",
        "approval.request",
        "account.batch.payment",
        "hr.contract",
    ] {
        let refused = shared("ada")
            .refused(&format!("{model}/search"), json!({ "domain": [] }))
            .await;
        assert_eq!(refused[0], 404);
        assert_eq!(refused[2], format!("the model '{model}' does not exist"));
    }
}

#[tokio::test]
async fn an_approver_of_expenses_sees_no_entry_that_is_none() {
    let tara = shared("tara");
    assert_eq!(
        tara.call(
            "account.move/search_count",
            json!({ "domain": [["expense_ids", "=", false]] })
        )
        .await,
        0
    );
    assert_eq!(
        tara.call(
            "account.move.line/search_count",
            json!({ "domain": [["expense_id", "=", false]] })
        )
        .await,
        0
    );
    assert_ne!(
        tara.call("account.journal/search_count", json!({ "domain": [] }))
            .await,
        0
    );
}

#[tokio::test]
async fn books_of_a_company_one_does_not_work_in_stay_closed() {
    let alice = shared("alice");
    let context = json!({ "allowed_company_ids": [2] });
    let nordic = alice
        .call(
            "account.move/search",
            json!({ "domain": [], "limit": 1, "context": context }),
        )
        .await;
    let body =
        json!({ "ids": nordic, "fields": ["name"], "context": { "allowed_company_ids": [1] } });
    let refused = alice.refused("account.move/read", body).await;
    assert_eq!(refused[0], 403);
    assert_eq!(refused[1], "odoo.exceptions.AccessError");
}

#[tokio::test]
async fn account_codes_are_for_readers_of_the_books() {
    let domain = json!([["code", "=", "400000"], ["company_ids", "in", [1]]]);
    assert_eq!(
        names(&shared("alice"), "account.account", domain.clone()).await,
        ["400000 Product Sales"]
    );
    assert_eq!(
        names(&shared("emil"), "account.account", domain).await,
        ["Product Sales"]
    );
}

#[tokio::test]
async fn projects_are_seen_by_all_or_by_those_who_follow() {
    let all = json!([]);
    let open = ["Spectrometer Mk IV", "Customer Onboarding"];
    assert_eq!(
        names(&shared("emil"), "project.project", all.clone()).await,
        open
    );
    assert_eq!(
        names(&shared("hanna"), "project.project", all.clone()).await,
        open
    );
    let followed = [
        "Spectrometer Mk IV",
        "Calibration Lab Move",
        "Customer Onboarding",
    ];
    assert_eq!(
        names(&shared("tara"), "project.project", all.clone()).await,
        followed
    );
    assert_eq!(
        names(&shared("ada"), "project.project", all).await,
        followed
    );
}

#[tokio::test]
async fn private_tasks_are_for_their_assignee() {
    let alone = json!([["project_id", "=", false]]);
    assert_eq!(
        names(&shared("emil"), "project.task", alone.clone()).await,
        ["Order new safety boots"]
    );
    assert_eq!(
        names(&shared("tara"), "project.task", alone.clone()).await,
        ["Prepare the yearly reviews"]
    );
    assert!(
        names(&shared("ada"), "project.task", alone)
            .await
            .is_empty()
    );
    let assigned = json!([
        ["stage_id.name", "=", "In Progress"],
        ["name", "like", "weights"]
    ]);
    assert_eq!(
        names(&shared("emil"), "project.task", assigned).await,
        ["Pack the reference weights"]
    );
}

#[tokio::test]
async fn fields_of_features_that_are_off_are_refused_even_to_administrators() {
    for field in ["stage_id", "milestone_count"] {
        let body = json!({ "domain": [], "fields": ["name", field] });
        let refused = shared("ada")
            .refused("project.project/search_read", body)
            .await;
        assert_eq!(refused[0], 403, "{refused}");
    }
}

#[tokio::test]
async fn contracts_are_for_hr_administrators() {
    let body =
        json!({ "domain": [["name", "=", "Emil Novak"]], "fields": ["name", "birthday", "wage"] });
    let refused = shared("hanna")
        .refused("hr.employee/search_read", body.clone())
        .await;
    assert_eq!(refused[0], 403);
    let row = shared("ada").call("hr.employee/search_read", body).await;
    assert_eq!(row[0]["wage"], 1_900.0);
    let body =
        json!({ "domain": [["name", "=", "Emil Novak"]], "fields": ["birthday", "employee_type"] });
    let row = shared("hanna").call("hr.employee/search_read", body).await;
    assert_eq!(row[0]["birthday"], "1994-03-17");
    assert_eq!(row[0]["employee_type"], "employee");
}

#[tokio::test]
async fn outside_hr_employees_read_as_the_directory_as_far_as_odoo_goes() {
    let emil = shared("emil");
    let one = json!([["name", "=", "Tara Lindqvist"]]);
    let fields = json!({ "domain": one, "fields": ["name", "department_id"] });
    let row = emil.call("hr.employee/search_read", fields).await;
    assert_eq!(row[0]["department_id"][1], "Workshop");
    let ids = json!([row[0]["id"]]);
    let row = emil
        .call(
            "hr.employee/read",
            json!({ "ids": ids, "fields": ["job_title"] }),
        )
        .await;
    assert_eq!(row[0]["job_title"], "Workshop Lead");
    let same = emil
        .call(
            "hr.employee.public/read",
            json!({ "ids": ids, "fields": ["job_title"] }),
        )
        .await;
    assert_eq!(row, same);
}

#[tokio::test]
async fn outside_hr_reading_employees_fails_where_odoo_fails() {
    let emil = shared("emil");
    let one = json!([["name", "=", "Tara Lindqvist"]]);
    let ids = emil
        .call("hr.employee/search", json!({ "domain": one }))
        .await;
    let body = json!({ "domain": one, "fields": ["job_title"] });
    let stumbles = emil.refused("hr.employee/search_read", body).await;
    assert!(
        stumbles[2]
            .as_str()
            .unwrap()
            .contains("the field \"version_id\""),
        "{stumbles}"
    );
    let private = emil
        .refused(
            "hr.employee/read",
            json!({ "ids": ids, "fields": ["private_email"] }),
        )
        .await;
    insta::assert_json_snapshot!(private, @r#"
            [
              403,
              "odoo.exceptions.AccessError",
              "The fields “private_email”, which you are trying to read, are not available for employee public profiles."
            ]
            "#);
    let searched = json!({ "domain": [["private_email", "!=", false]] });
    let private = emil.refused("hr.employee/search", searched).await;
    assert_eq!(
        (&private[0], &private[1]),
        (&json!(500), &json!("builtins.ValueError"))
    );
    let body = json!({ "domain": [], "groupby": ["department_id"], "aggregates": ["__count"] });
    assert_eq!(
        emil.refused("hr.employee/formatted_read_group", body).await[0],
        403
    );
}
