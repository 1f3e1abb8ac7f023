//! Profiles and histories of employees, as each of the people sees them.

use serde_json::json;

use crate::actors::{Company, as_person};

#[tokio::test]
async fn a_colleague_reads_the_public_profile() {
    let tara = as_person("tara").await;
    let profile = tara.read("read_employee", json!({"name": "emil"})).await;
    insta::assert_snapshot!(profile, @r"
    id: …
    name: Emil Novak
    detail: public_profile
    job: Calibration Technician
    department: Workshop (#)
    working_hours: Standard 40 hours/week
    time_zone: Europe/Prague
    email: emil@larkspur.example
    phone: +1 585 555 0121
    user_id: 3
    manager: Tara Lindqvist (#)
    above: Ada Brandt (#)
    time_off_approver: Tara Lindqvist
    expense_approver: Tara Lindqvist
    link: https://odoo.example/odoo/hr.employee.public/…

    ## skills
    |skill|level|percent|kind|since|
    |-|-|-|-|-|
    |Calibration|Master|100|Workshop Skills|2024-05-01|
    |Soldering|Novice|25|Workshop Skills|2021-03-01|
    |Technical English|Fluent|90|Working Languages|2021-03-01|
    ");
}

#[tokio::test]
async fn without_arguments_it_is_oneself() {
    let company = Company::shared();
    let emil = company.actor("emil").await;
    let own = emil.ask("read_employee", json!({})).await;
    assert_eq!(
        (&own["name"], &own["is_you"]),
        (&json!("Emil Novak"), &json!(true))
    );
    assert_eq!(own["detail"], "public_profile");
    assert_eq!(emil.ask("read_employee", json!({"name": "me"})).await, own);
    let rosa = company.actor("rosa").await;
    insta::assert_snapshot!(rosa.read("read_employee", json!({})).await, @r"
    error: invalid_arguments
    message: your Odoo user is not linked to an employee, so nobody is meant by `me`
    next_step: Name somebody, or have HR link the user in the employee's record.
    ");
}

#[tokio::test]
async fn an_officer_reads_what_hr_keeps() {
    let hanna = as_person("hanna").await;
    let profile = hanna.read("read_employee", json!({"name": "emil"})).await;
    insta::assert_snapshot!(profile, @r"
    id: …
    name: Emil Novak
    detail: hr_record
    job: Calibration Technician
    department: Workshop (#)
    working_hours: Standard 40 hours/week
    time_zone: Europe/Prague
    email: emil@larkspur.example
    phone: +1 585 555 0121
    user_id: 3
    manager: Tara Lindqvist (#)
    above: Ada Brandt (#)
    time_off_approver: Tara Lindqvist
    expense_approver: Tara Lindqvist
    link: https://odoo.example/odoo/hr.employee/…

    ## skills
    |skill|level|percent|kind|since|
    |-|-|-|-|-|
    |Calibration|Master|100|Workshop Skills|2024-05-01|
    |Soldering|Novice|25|Workshop Skills|2021-03-01|
    |Technical English|Fluent|90|Working Languages|2021-03-01|

    ## private
    employee_type: employee
    date_of_birth: 1994-03-17
    marital_status: married
    children: 1
    nationality: United States
    address: 17 Lock Street, 14420 Brockport, United States
    email: emil.n@home.example
    phone: +1 585 555 7121
    emergency_contact: Jana Novak, +1 585 555 8122
    social_security_number: 900-55-7121
    passport: CZ7121667
    work_permit: WP-7121-E
    bank_accounts: US0071210032
    in_position_since: 2024-10-01
    ");
}

#[tokio::test]
async fn an_administrator_of_hr_reads_the_contract() {
    let ada = as_person("ada").await;
    let profile = ada.ask("read_employee", json!({"name": "emil"})).await;
    assert_eq!(profile["detail"], "hr_record_with_contract");
    insta::assert_json_snapshot!(profile["contract"], @r#"
    {
      "kind": "Permanent",
      "from": "2021-03-01",
      "wage": 1900,
      "currency": "USD",
      "salary_structure": "Employee"
    }
    "#);
    let in_euro = ada.ask("read_employee", json!({"name": "aino"})).await;
    insta::assert_json_snapshot!(in_euro["contract"], @r#"
    {
      "kind": "Permanent",
      "from": "2020-01-01",
      "wage": 4200,
      "currency": "EUR",
      "salary_structure": "Employee"
    }
    "#);
}

#[tokio::test]
async fn a_name_that_several_have_is_given_back_as_a_choice() {
    let emil = as_person("emil").await;
    let outcome = emil.call("read_employee", json!({"name": "ra"})).await;
    assert_eq!(outcome.structured["error"], "ambiguous");
    let message = outcome.structured["message"].as_str().unwrap().to_owned();
    let message = message.replace(|c: char| c.is_ascii_digit(), "");
    insta::assert_snapshot!(message, @"several employees fit: id  (Ada Brandt, Managing Director, Direction); id  (Ben Abara, Account Manager, Sales); id  (Clara Dupin, Sales Engineer, Sales); id  (Mara Quist, Optics Engineer, Workshop); id  (Priya Raman, Head of Sales, Sales); id  (Tara Lindqvist, Workshop Lead, Workshop)");
    // A whole name is one person's, and those who left stand behind those who are there.
    let tara = emil
        .ask("read_employee", json!({"name": "tara lindqvist"}))
        .await;
    assert_eq!(tara["name"], "Tara Lindqvist");
    let history = emil
        .call("read_employee_history", json!({"name": "a"}))
        .await;
    assert!(history.text.contains("and more"), "{}", history.text);
    insta::assert_snapshot!(emil.read("read_employee", json!({"name": "nobody"})).await, @r"
    error: not_found
    message: there is no employee called nobody among those you may see
    next_step: Look for the person with search_employees; `archived` includes those who left.
    ");
    insta::assert_snapshot!(emil.read("read_employee", json!({"id": 1, "name": "emil"})).await, @r"
    error: invalid_arguments
    message: `id` and `name` are both given, and one is enough
    next_step: Keep the `id`.
    ");
}

#[tokio::test]
async fn those_who_left_can_still_be_read() {
    let emil = as_person("emil").await;
    let viktor = emil.ask("read_employee", json!({"name": "viktor"})).await;
    assert_eq!(
        (&viktor["name"], &viktor["archived"]),
        (&json!("Viktor Saar"), &json!(true))
    );
}

#[tokio::test]
async fn a_colleague_reads_titles_resume_and_skills() {
    let tara = as_person("tara").await;
    let history = tara
        .read("read_employee_history", json!({"name": "emil"}))
        .await;
    insta::assert_snapshot!(history, @r"
    employee: Emil Novak (#)
    detail: public_profile
    link: https://odoo.example/odoo/hr.employee.public/…

    ## positions
    |job|from|until|
    |-|-|-|
    |Calibration Technician|2023-09-01||
    |Assembly Technician|2021-03-01|2023-08-31|

    ## resume
    |name|kind|from|until|description|
    |-|-|-|-|-|
    |Calibration of Pressure Sensors|Training|2024-04-08|2024-04-19||
    |Technician, Vltava Scales|Other Experience|2014-08-01|2021-02-28|Adjusted **laboratory scales** on site.|
    |Technical School of Metrology, Brno|Education|2010-09-01|2014-06-30||

    ## skills
    |skill|level|percent|kind|since|until|
    |-|-|-|-|-|-|
    |Calibration|Master|100|Workshop Skills|2024-05-01||
    |Calibration|Skilled|60|Workshop Skills|2021-03-01|2024-04-30|
    |Soldering|Novice|25|Workshop Skills|2021-03-01||
    |Technical English|Fluent|90|Working Languages|2021-03-01||
    ");
}

#[tokio::test]
async fn an_officer_reads_versions_without_wages() {
    let hanna = as_person("hanna").await;
    let history = hanna
        .ask("read_employee_history", json!({"name": "mara"}))
        .await;
    assert_eq!(history["detail"], "hr_record");
    insta::assert_json_snapshot!(history["versions"], @r#"
    [
      {
        "from": "2022-05-01",
        "current": true,
        "job": "Optics Engineer",
        "department": "Workshop",
        "working_hours": "Standard 40 hours/week",
        "employee_type": "employee",
        "changed": [
          "job: Assembly Technician → Optics Engineer"
        ]
      },
      {
        "from": "2019-10-01",
        "until": "2022-04-30",
        "job": "Assembly Technician",
        "department": "Workshop",
        "working_hours": "Standard 40 hours/week",
        "employee_type": "employee"
      }
    ]
    "#);
}

#[tokio::test]
async fn an_administrator_of_hr_reads_what_changed() {
    let ada = as_person("ada").await;
    let history = ada
        .read("read_employee_history", json!({"name": "jonas"}))
        .await;
    insta::assert_snapshot!(history, @r"
    employee: Jonas Weidel (#)
    detail: hr_record_with_contract
    link: https://odoo.example/odoo/hr.employee/…

    ## versions
    |from|until|current|job|department|working_hours|employee_type|contract|changed|
    |-|-|-|-|-|-|-|-|-|
    |2023-09-01||yes|Firmware Engineer|Workshop|Standard 40 hours/week|employee|kind: Permanent, from: 2023-09-01, wage: 2300, currency: USD, salary_structure: Employee|job: Trainee → Firmware Engineer; contract: Temporary → Permanent; contract from: 2022-09-01 → 2023-09-01; contract until: 2023-08-31 → none; wage: 900 → 2300|
    |2022-09-01|2023-08-31||Trainee|Workshop|Standard 40 hours/week|employee|kind: Temporary, from: 2022-09-01, until: 2023-08-31, wage: 900, currency: USD, salary_structure: Employee||

    ## resume
    |name|kind|from|until|
    |-|-|-|-|
    |Computer Engineering, Graz|Education|2018-10-01|2022-07-31|

    ## skills
    |skill|level|percent|kind|since|
    |-|-|-|-|-|
    |Firmware|Skilled|60|Workshop Skills|2023-09-01|
    ");
}

#[tokio::test]
async fn one_question_is_one_call() {
    let company = Company::open().await;
    let mut made = String::new();
    for (login, tool) in [
        ("emil", "read_employee"),
        ("ada", "read_employee"),
        ("emil", "read_employee_history"),
        ("ada", "read_employee_history"),
        ("ada", "search_employees"),
    ] {
        let actor = company.actor(login).await;
        actor.ask(tool, json!({})).await;
        company.sandbox.reset_calls();
        actor.ask(tool, json!({})).await;
        let mut calls: Vec<String> = company
            .sandbox
            .calls()
            .into_iter()
            .map(|call| call.path)
            .collect();
        calls.sort();
        made += &format!("{login} {tool}: {}\n", calls.join(" "));
    }
    insta::assert_snapshot!(made, @r"
    emil read_employee: /json/2/hr.employee.public/web_search_read /json/2/hr.employee.public/web_search_read
    ada read_employee: /json/2/hr.employee/web_search_read /json/2/hr.employee/web_search_read
    emil read_employee_history: /json/2/hr.employee.public/web_search_read /json/2/hr.employee/get_internal_resume_lines
    ada read_employee_history: /json/2/hr.employee/web_search_read
    ada search_employees: /json/2/hr.employee/web_search_read
    ");
}
