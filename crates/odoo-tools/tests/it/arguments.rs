//! Arguments as people and strict clients write them: what is meant is what is asked.

use odoo_tools::Registry;
use serde_json::{Map, Value, json};

use crate::actors::{Company, as_person};
use crate::cost::all;
use crate::examples;

/// Somebody, a tool, one of its arguments that takes a name, the name, and what else is asked.
type Named = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

/// Every argument that finds records by a part of a text, with a text of several words.
#[rustfmt::skip]
const NAMED: [Named; 34] = [
    ("alice", "list_invoices", "partner", "Hollis Water Board", "{}"),
    ("alice", "list_invoices", "text", "INV 00051", "{}"),
    ("alice", "read_transactions", "journal", "Bank BNK1", "{}"),
    ("alice", "read_transactions", "account", "Liquidity Transfer", "{}"),
    ("alice", "read_transactions", "partner", "Optik Sandvik", "{}"),
    ("alice", "read_transactions", "text", "maintenance fee", "{}"),
    ("alice", "aged_balances", "partner", "Hollis Water Board", r#"{"kind": "receivable"}"#),
    ("rosa", "ledger_summary", "partner", "Hollis Water Board", "{}"),
    ("rosa", "ledger_summary", "account", "Liquidity Transfer", "{}"),
    ("tara", "list_tasks", "project", "Spectrometer Mk IV", "{}"),
    ("tara", "list_tasks", "assignee", "Emil Novak", "{}"),
    ("tara", "list_tasks", "text", "reference weights", r#"{"state": "all"}"#),
    ("emil", "search_employees", "text", "Emil Novak", "{}"),
    ("emil", "search_employees", "department", "People and Culture", "{}"),
    ("emil", "search_employees", "job", "Workshop Lead", "{}"),
    ("emil", "search_employees", "manager", "Tara Lindqvist", "{}"),
    ("hanna", "read_employee", "name", "Emil Novak", "{}"),
    ("hanna", "read_employee_history", "name", "Emil Novak", "{}"),
    ("ada", "read_payslips", "employee", "Emil Novak", "{}"),
    ("hanna", "read_time_off", "employee", "Emil Novak", "{}"),
    ("hanna", "read_time_off", "type", "Paid Time Off", "{}"),
    ("hanna", "read_time_off", "department", "People and Culture", "{}"),
    ("hanna", "time_off_balance", "employee", "Emil Novak", "{}"),
    ("emil", "who_is_off", "department", "People and Culture", r#"{"date_from": "2026-01-01", "date_to": "2026-12-31"}"#),
    ("ada", "read_expenses", "employee", "Emil Novak", "{}"),
    ("ada", "read_expenses", "category", "Travel & Accommodation", "{}"),
    ("ada", "read_expenses", "department", "People and Culture", "{}"),
    ("ada", "read_expenses", "text", "Lunch with", "{}"),
    ("ada", "expense_analysis", "employee", "Emil Novak", "{}"),
    ("ada", "expense_analysis", "category", "Travel & Accommodation", "{}"),
    ("ada", "expense_analysis", "department", "People and Culture", "{}"),
    ("emil", "request_time_off", "type", "Paid Time Off", "{}"),
    ("emil", "create_expense", "category", "Travel & Accommodation", "{}"),
    ("alice", "create_bill_from_file", "vendor", "Swift Parcel", "{}"),
];

/// Text arguments that are no part of a name: whole texts, codes, files, and what is only written.
const NO_NAMES: [(&str, &str); 18] = [
    ("create_bill_from_file", "content"),
    ("create_bill_from_file", "currency"),
    ("create_bill_from_file", "description"),
    ("create_bill_from_file", "file_name"),
    ("create_bill_from_file", "journal"),
    ("create_bill_from_file", "reference"),
    ("create_expense", "currency"),
    ("create_expense", "name"),
    ("create_expense", "notes"),
    ("read_invoice", "number"),
    ("read_payslips", "state"),
    ("request_time_off", "reason"),
    ("upload_invoice_attachment", "content"),
    ("upload_invoice_attachment", "expected_number"),
    ("upload_invoice_attachment", "expected_partner"),
    ("upload_invoice_attachment", "file_name"),
    ("upload_receipt", "content"),
    ("upload_receipt", "file_name"),
];

/// Arguments of a tool that reads, by the example of the reference.
async fn example(company: &Company, tool: &str) -> Option<(String, Map<String, Value>)> {
    let example = all().into_iter().find(|one| one.tool == tool).unwrap();
    example.most?;
    let client = company.client(&example.person);
    let arguments = examples::fill(&client, &example.arguments).await.unwrap();
    Some((example.person, arguments))
}

/// An answer without its cursor, which belongs to the very words of the question.
fn without_cursor(mut answer: Value) -> Value {
    answer.as_object_mut().unwrap().remove("next_cursor");
    answer
}

#[test]
fn every_text_is_a_name_or_known_to_be_none() {
    for spec in Registry::standard().catalogue() {
        for (name, rule) in spec.input_schema["properties"].as_object().unwrap() {
            let is_text = rule["type"] == "string" && rule.get("enum").is_none();
            if !is_text || rule["format"] == "date" || name == "cursor" {
                continue;
            }
            let named = NAMED.iter().any(|row| (row.1, row.2) == (spec.name, name));
            let none = NO_NAMES.contains(&(spec.name, name));
            assert!(
                named != none,
                "add `{name}` of {} to one of the tables",
                spec.name
            );
        }
    }
}

/// Blanks around and between the words, their order, their case and invisible characters change
/// nothing: over every argument that takes a name.
#[tokio::test]
async fn a_name_is_found_however_it_is_written() {
    let company = Company::shared();
    let mut wrong = Vec::new();
    for (login, tool, argument, name, further) in NAMED {
        // What writes is asked below, where it may.
        if example(&company, tool).await.is_none() {
            continue;
        }
        let actor = company.actor(login).await;
        let ask = async |name: &str| {
            let mut question: Value = serde_json::from_str(further).unwrap();
            question[argument] = json!(name);
            without_cursor(actor.call(tool, question).await.structured)
        };
        let plain = ask(name).await;
        if plain["total"] == 0 || plain.get("error").is_some() {
            wrong.push(format!("{tool} {argument} {name}: {plain}"));
        }
        let mut words: Vec<&str> = name.split(' ').collect();
        words.reverse();
        for spelling in [
            format!("  {name}\t"),
            name.replace(' ', " \u{a0} "),
            format!("\u{feff}{}\u{200b}", name.to_uppercase()),
            words.join(" "),
        ] {
            if ask(&spelling).await != plain {
                wrong.push(format!("{tool} {argument} {spelling:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn spaces_and_the_order_of_words_do_not_hide_anybody() {
    let alice = as_person("alice").await;
    for partner in ["Hollis", "Hollis ", " Hollis  Water ", "board hollis"] {
        let page = alice
            .ask("list_invoices", json!({"partner": partner}))
            .await;
        assert_eq!(page["total"], 7, "{partner:?}");
    }
    let emil = as_person("emil").await;
    let page = emil
        .ask("search_employees", json!({"text": "Novak Emil"}))
        .await;
    assert_eq!(page["records"][0]["name"], "Emil Novak");
}

/// A word of one assignee and a word of another make no third.
#[tokio::test]
async fn words_belong_to_one_person() {
    let tara = as_person("tara").await;
    let assigned = json!({"assignee": "Emil Lindqvist", "state": "all"});
    assert_eq!(tara.ask("list_tasks", assigned).await["total"], 0);
}

#[tokio::test]
async fn a_list_may_come_as_json_text() {
    let ada = as_person("ada").await;
    let ask = async |by: Value| ada.ask("expense_analysis", json!({ "by": by })).await;
    let both = ask(json!(["category", "state"])).await;
    assert_eq!(ask(json!("[\"category\",\"state\"]")).await, both);
    assert_ne!(ask(json!("category")).await, both);
    let wrong = ada
        .read("expense_analysis", json!({"by": "[\"weather\"]"}))
        .await;
    assert!(
        wrong.contains("\"weather\" is not one of category"),
        "{wrong}"
    );
}

/// What strict clients write for the arguments that they leave out, over the whole catalogue.
#[tokio::test]
async fn fillers_are_arguments_left_out() {
    let company = Company::shared();
    for spec in Registry::standard().catalogue() {
        let Some((person, asked)) = example(&company, spec.name).await else {
            continue;
        };
        let actor = company.actor(&person).await;
        let ask = async |arguments| {
            let mut answer = actor.ask(spec.name, arguments).await;
            // Other tests make keys for the same people meanwhile.
            answer.as_object_mut().map(|answer| answer.remove("keys"));
            answer
        };
        let plain = ask(asked.clone().into()).await;
        for filler in [
            json!(null),
            json!(""),
            json!(" "),
            json!("null"),
            json!("None"),
        ] {
            let filled = filled(&spec.input_schema, &asked, |_, _| Some(filler.clone()));
            let answer = ask(filled).await;
            assert_eq!(answer, plain, "{} {filler}", spec.name);
        }
        let number = |name: &str, rule: &Value| match rule["type"].as_str() {
            Some("integer") => Some(json!(0)),
            Some("boolean" | "number") => None,
            _ => Some(json!(name.len() > 99)),
        };
        let filled = filled(&spec.input_schema, &asked, number);
        assert_eq!(ask(filled).await, plain, "{}", spec.name);
    }
}

/// The arguments with a filler for each that was not given.
fn filled(
    schema: &Map<String, Value>,
    asked: &Map<String, Value>,
    filler: impl Fn(&str, &Value) -> Option<Value>,
) -> Value {
    let mut filled = asked.clone();
    for (name, rule) in schema["properties"].as_object().unwrap() {
        if let Some(filler) = filler(name, rule).filter(|_| !asked.contains_key(name)) {
            filled.insert(name.clone(), filler);
        }
    }
    filled.into()
}

/// An id of 0 is none: a receipt "for expense 0" makes a draft, as without an id.
#[tokio::test]
async fn writes_take_fillers_too() {
    let company = Company::open().await;
    let emil = company.actor("emil").await;
    let made = emil
        .ask(
            "create_expense",
            json!({
                "name": "  Taxi  to the  station ", "category": "accommodation TRAVEL", "amount": "12.50",
                "currency": "", "quantity": null, "date": "null", "paid_by": "None",
                "notes": "first line\r\n\r\n  second  line\n", "draft_id": 0, "company_id": "0",
            }),
        )
        .await;
    assert_eq!(made["outcome"], "created");
    let id = made["expense"]["id"]
        .as_i64()
        .or(made["id"].as_i64())
        .unwrap();
    let odoo = company.client("emil");
    let stored: Vec<Value> = odoo
        .call("hr.expense", "read")
        .ids(&[id])
        .arg("fields", ["name", "description"])
        .fetch()
        .await
        .unwrap();
    assert_eq!(stored[0]["name"], "Taxi to the station");
    assert_eq!(stored[0]["description"], "first line\n\n  second  line");
}

#[tokio::test]
async fn what_cannot_be_left_out_is_missed() {
    let emil = as_person("emil").await;
    let empty = json!({"name": " \u{200b}", "category": null, "draft_id": 0});
    insta::assert_snapshot!(emil.read("create_expense", empty).await, @r"
    error: invalid_arguments
    message: `name` is missing; this tool cannot work without it; `category` is missing; this tool cannot work without it
    next_step: Correct this and call create_expense again.
    ");
    insta::assert_snapshot!(emil.read("submit_expense", json!({"id": 0})).await, @r"
    error: invalid_arguments
    message: `id` is missing; this tool cannot work without it
    next_step: Correct this and call submit_expense again.
    ");
}
