//! Payslips: of Odoo Enterprise as the sandbox has them, of the OCA's payroll, and where there are none.

use jiff::civil::date;
use odoo_json2::Odoo;
use odoo_sandbox::Sandbox;
use odoo_tools::{Outcome, Registry, UserSession};
use serde_json::{Map, Value, json};

use crate::actors::{self, Company, as_person};
use crate::scripted::{Reply, ScriptedOdoo, noon};

#[tokio::test]
async fn the_payroll_officer_lists_slips() {
    let ada = as_person("ada").await;
    let slips = ada
        .read("read_payslips", json!({"employee": "emil", "limit": 3}))
        .await;
    insta::assert_snapshot!(slips, @r"
    total: 12
    returned: 3
    truncated: yes
    next_cursor: …
    link: https://odoo.example/odoo/hr.payslip/{id}

    ## records
    |id|number|employee|from|to|state|basic|gross|net|currency|company|batch|
    |-|-|-|-|-|-|-|-|-|-|-|-|
    |…|SLIP/00116|Emil Novak (#)|2026-11-01|2026-11-30|Draft|1900|1900|1472.5|USD|Larkspur Instruments (#)|November 2026|
    |…|SLIP/00106|Emil Novak (#)|2026-10-01|2026-10-31|Paid|1900|1900|1472.5|USD|Larkspur Instruments (#)|October 2026|
    |…|SLIP/00096|Emil Novak (#)|2026-09-01|2026-09-30|Paid|1900|1900|1472.5|USD|Larkspur Instruments (#)|September 2026|
    ");
}

/// Emil's slip of October: what stands above its tables, and the tables.
async fn october() -> (String, String) {
    let ada = as_person("ada").await;
    let question = json!({"employee": "emil", "date_to": "2026-10-31", "limit": 1});
    let list = ada.ask("read_payslips", question).await;
    let one = json!({"id": list["records"][0]["id"]});
    let slip = ada.read("read_payslips", one).await;
    let (head, tables) = slip.split_once("\n\n").unwrap();
    (head.to_owned(), tables.to_owned())
}

#[tokio::test]
async fn one_slip_says_whose_it_is_and_what_became_of_it() {
    insta::assert_snapshot!(october().await.0, @r"
    id: …
    number: SLIP/00106
    employee: Emil Novak (#)
    from: 2026-10-01
    to: 2026-10-31
    state: Paid
    basic: 1900
    gross: 1900
    net: 1472.5
    currency: USD
    company: Larkspur Instruments (#)
    batch: October 2026
    name: Salary Slip - Emil Novak - October 2026
    structure: Regular Pay
    contract: Oct 1, 2024 (#)
    paid: 2026-10-28
    link: https://odoo.example/odoo/hr.payslip/…
    ");
}

#[tokio::test]
async fn one_slip_comes_with_lines_days_and_the_printed_form() {
    insta::assert_snapshot!(october().await.1, @r"
    ## categories
    |category|total|
    |-|-|
    |Basic|1900|
    |Gross|1900|
    |Deduction|-427.5|
    |Net|1472.5|

    ## lines
    |category|code|name|total|
    |-|-|-|-|
    |Basic|BASIC|Basic Salary|1900|
    |Gross|GROSS|Gross|1900|
    |Deduction|TAX|Income Tax|-285|
    |Deduction|SOCIAL|Social Security|-142.5|
    |Net|NET|Net Salary|1472.5|

    ## worked_days
    |code|name|days|hours|amount|
    |-|-|-|-|-|
    |WORK100|Attendance|22|176|1900|

    ## attachments
    |id|name|mimetype|bytes|
    |-|-|-|-|
    |…|Salary Slip - Emil Novak - October 2026.pdf|application/pdf|15|
    ");
}

#[tokio::test]
async fn slips_are_found_by_period_state_and_person() {
    let ada = as_person("ada").await;
    let count = async |question: Value| {
        ada.ask("read_payslips", question).await["total"]
            .as_u64()
            .unwrap()
    };
    assert_eq!(count(json!({})).await, 120);
    assert_eq!(count(json!({"employee": "me"})).await, 12);
    assert_eq!(
        count(json!({"date_from": "2026-10-10", "date_to": "2026-10-20"})).await,
        10
    );
    assert_eq!(count(json!({"state": "draft"})).await, 10);
    assert_eq!(
        count(json!({"state": "Paid", "employee": "tara"})).await,
        11
    );
    insta::assert_snapshot!(ada.read("read_payslips", json!({"state": "verify"})).await, @r"
    error: invalid_arguments
    message: `state` is none that payslips have in this Odoo
    next_step: Use one of draft (Draft), validated (Done), paid (Paid), cancel (Canceled).
    ");
    insta::assert_snapshot!(ada.read("read_payslips", json!({"id": 999_999})).await, @r"
    error: not_found
    message: there is no payslip with the id 999999 among those you may see
    next_step: Look for it with read_payslips, by `employee` and dates.
    ");
}

/// The salaries that the books pay each month are what the slips of the month come to.
#[tokio::test]
async fn slips_add_up_to_what_the_books_pay() {
    let ada = as_person("ada").await;
    let question = json!({"date_from": "2026-09-01", "date_to": "2026-09-30", "limit": 50});
    let slips = ada.ask("read_payslips", question).await;
    let sum = |field: &str| -> f64 {
        let slips = slips["records"].as_array().unwrap().iter();
        slips.map(|slip| slip[field].as_f64().unwrap()).sum()
    };
    assert_eq!((sum("gross"), sum("net")), (24_000.0, 18_600.0));
}

#[tokio::test]
async fn pages_of_slips_meet() {
    let ada = as_person("ada").await;
    let (mut ids, mut question) = (Vec::new(), json!({"limit": 50}));
    loop {
        let page = ada.ask("read_payslips", question.clone()).await;
        ids.extend(
            page["records"]
                .as_array()
                .unwrap()
                .iter()
                .map(|slip| slip["id"].as_i64().unwrap()),
        );
        match page.get("next_cursor") {
            Some(cursor) => question["cursor"] = cursor.clone(),
            None => break,
        }
    }
    assert_eq!(ids.len(), 120);
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 120);
}

#[tokio::test]
async fn without_rights_it_is_hidden_and_says_so() {
    let company = Company::shared();
    for login in ["emil", "tara", "alice", "hanna", "rosa"] {
        let actor = company.actor(login).await;
        assert!(!actor.tools().contains(&"read_payslips"), "{login}");
        let outcome = actor.call("read_payslips", json!({})).await;
        assert_eq!(outcome.structured["error"], "no_access", "{login}");
        assert!(!outcome.text.contains("SLIP"), "{login}");
    }
    assert!(
        company
            .actor("ada")
            .await
            .tools()
            .contains(&"read_payslips")
    );
}

#[tokio::test]
async fn without_the_app_it_says_that() {
    let builder = Sandbox::builder().today(date(2026, 11, 18)).community();
    let sandbox = builder.start().await.unwrap();
    let odoo = Odoo::builder(sandbox.url())
        .database(sandbox.database())
        .api_key(sandbox.mint_key("ada"))
        .build()
        .unwrap();
    let ada = UserSession::open(odoo, noon()).await.unwrap();
    let outcome = call(&ada, json!({})).await;
    insta::assert_snapshot!(outcome.text, @r"
    error: not_installed
    message: the app that brings `hr.payslip` is not installed in this Odoo
    next_step: An Odoo administrator can install it under Apps.
    ");
}

#[tokio::test]
async fn a_list_is_one_call_and_a_slip_two() {
    let company = Company::open().await;
    let ada = company.actor("ada").await;
    let list = ada.ask("read_payslips", json!({"limit": 1})).await;
    let one = json!({"id": list["records"][0]["id"]});
    ada.ask("read_payslips", one.clone()).await;
    let calls = async |question: Value| {
        company.sandbox.reset_calls();
        ada.ask("read_payslips", question).await;
        let mut calls: Vec<String> = company
            .sandbox
            .calls()
            .into_iter()
            .map(|call| call.path)
            .collect();
        calls.sort();
        calls.join(" ")
    };
    assert_eq!(calls(json!({})).await, "/json/2/hr.payslip/web_search_read");
    assert_eq!(
        calls(one).await,
        "/json/2/hr.payslip/web_search_read /json/2/ir.attachment/web_search_read"
    );
}

/// An Odoo with the payroll of the OCA: other states, contracts instead of versions, no amounts on the slip.
fn oca() -> ScriptedOdoo {
    ScriptedOdoo::new(|call, body| -> Option<Reply> {
        let answer = match call {
            "ir.model/get_available_models" => {
                json!([{"model": "hr.payslip", "display_name": "Pay Slip"}])
            }
            "hr.payslip/fields_get" if body["attributes"] == json!(["selection"]) => {
                json!({"state": {"selection": [
                    ["draft", "Draft"], ["verify", "Waiting"], ["done", "Done"], ["cancel", "Rejected"],
                ]}})
            }
            "hr.payslip/fields_get"
            | "hr.payslip.line/fields_get"
            | "hr.payslip.worked_days/fields_get" => readable(call, body),
            "hr.payslip/web_search_read" => slip(body),
            _ => return None,
        };
        Some((200, answer))
    })
}

/// Of the fields asked for, those that the OCA's models have.
fn readable(call: &str, body: &Value) -> Value {
    let has: &[&str] = match call {
        "hr.payslip/fields_get" => &[
            "note",
            "struct_id",
            "contract_id",
            "payslip_run_id",
            "credit_note",
        ],
        "hr.payslip.line/fields_get" => &["appears_on_payslip"],
        _ => &["code"],
    };
    let asked = body["allfields"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_str);
    let known = asked.filter(|field| has.contains(field));
    known
        .map(|field| (field.to_owned(), json!({"type": "char"})))
        .collect::<Map<_, _>>()
        .into()
}

/// A slip with no more fields than were asked for: an unknown one would be an error of Odoo's.
fn slip(body: &Value) -> Value {
    let line = |code: &str, name: &str, category: &str, total: f64| {
        json!({
            "id": 1, "code": code, "name": name, "category_id": {"id": 1, "display_name": category},
            "quantity": 1.0, "rate": 100.0, "total": total, "appears_on_payslip": code != "HIDDEN",
        })
    };
    let all = json!({
        "id": 5, "name": "Salary Slip of Emil", "number": "SLIP/001", "state": "verify",
        "employee_id": {"id": 9, "display_name": "Emil Novak"}, "date_from": "2026-10-01", "date_to": "2026-10-31",
        "company_id": {"id": 1, "display_name": "Larkspur Instruments"}, "credit_note": false, "note": false,
        "payslip_run_id": false, "struct_id": {"id": 2, "display_name": "Base for new structures"},
        "contract_id": {"id": 3, "display_name": "Contract of Emil"},
        "line_ids": [
            line("BASIC", "Basic Salary", "Basic", 2000.0), line("HIDDEN", "Base of taxes", "Basic", 1.0),
            line("TAX", "Tax", "Deduction", -500.0), line("NET", "Net Salary", "Net", 1500.0),
        ],
        "worked_days_line_ids": [{"id": 1, "name": "Normal Working Days paid at 100%", "code": "WORK100",
            "number_of_days": 22.0, "number_of_hours": 176.0}],
    });
    let specification = body["specification"].as_object().unwrap();
    let missing: Vec<&String> = specification
        .keys()
        .filter(|field| all.get(*field).is_none())
        .collect();
    assert!(missing.is_empty(), "the OCA's payslips have no {missing:?}");
    json!({"length": 1, "records": [all]})
}

#[tokio::test]
async fn the_payroll_of_the_oca_is_read_by_its_lines() {
    let odoo = oca();
    let alice = odoo.session().await;
    odoo.take_calls();
    insta::assert_snapshot!(call(&alice, json!({"state": "waiting"})).await.text, @r"
    total: 1
    returned: 1
    link: http://odoo.test/odoo/hr.payslip/{id}

    ## records
    |id|number|employee|from|to|state|net|currency|
    |-|-|-|-|-|-|-|-|
    |5|SLIP/001|Emil Novak (#9)|2026-10-01|2026-10-31|Waiting|1500|USD|
    ");
    insta::assert_snapshot!(odoo.take_calls().join(" "), @"hr.payslip/fields_get hr.payslip/fields_get hr.payslip/fields_get hr.payslip/web_search_read");
}

#[tokio::test]
async fn a_slip_of_the_oca_has_a_contract_and_the_net_of_its_lines() {
    let alice = oca().session().await;
    let slip = call(&alice, json!({"id": 5})).await.structured;
    let parts = [
        "state",
        "net",
        "currency",
        "contract",
        "structure",
        "categories",
        "worked_days",
    ];
    let parts: Map<String, Value> = parts
        .map(|part| (part.to_owned(), slip[part].clone()))
        .into_iter()
        .collect();
    insta::assert_snapshot!(Value::from(parts), @r#"{"state":"Waiting","net":1500,"currency":"USD","contract":{"id":3,"name":"Contract of Emil"},"structure":"Base for new structures","categories":[{"category":"Basic","total":2000},{"category":"Deduction","total":-500},{"category":"Net","total":1500}],"worked_days":[{"code":"WORK100","name":"Normal Working Days paid at 100%","days":22,"hours":176}]}"#);
    // Lines that are not printed are not shown, nor counted.
    let codes = slip["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["code"].as_str().unwrap());
    assert_eq!(codes.collect::<Vec<_>>(), ["BASIC", "TAX", "NET"]);
}

async fn call(user: &UserSession, arguments: Value) -> Outcome {
    let arguments: Map<String, Value> = serde_json::from_value(arguments).unwrap();
    actors::call(&Registry::standard(), user, "read_payslips", arguments)
        .await
        .unwrap()
}
