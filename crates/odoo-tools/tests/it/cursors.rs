//! A cursor goes on with the question that it was given out for, whatever the list.

use odoo_tools::Registry;
use serde_json::{Map, Value, json};

use crate::actors::Company;
use crate::cost::all;
use crate::examples;

/// The tools that take a cursor.
fn lists() -> Vec<&'static str> {
    let registry = Registry::standard();
    let specs = registry.catalogue().iter();
    let takes = |schema: &Map<String, Value>| schema["properties"].get("cursor").is_some();
    let lists = specs.filter(|spec| takes(&spec.input_schema));
    lists.map(|spec| spec.name).collect()
}

/// Arguments with which somebody who may asks for a list.
async fn question(company: &Company, tool: &str) -> (String, Map<String, Value>) {
    let example = all().into_iter().find(|one| one.tool == tool).unwrap();
    let client = company.client(&example.person);
    let most = example.most.unwrap_or_default();
    let arguments = examples::fill(&client, &most).await.unwrap();
    (example.person, arguments)
}

#[tokio::test]
async fn other_filters_need_another_cursor() {
    let company = Company::shared();
    let alice = company.actor("alice").await;
    let first = alice.ask("list_invoices", json!({"limit": 50})).await;
    let cursor = &first["next_cursor"];
    let filtered = json!({"limit": 50, "partner": "Hollis", "cursor": cursor});
    insta::assert_snapshot!(alice.read("list_invoices", filtered).await, @r"
    error: invalid_arguments
    message: `cursor` continues another question: it came with other arguments, or to another person
    next_step: Pass exactly the arguments of the call that gave it (`limit` may differ); or leave `cursor` out to begin this question at the top.
    ");
    let all_of_hollis = json!({"limit": 50, "partner": "Hollis"});
    assert_eq!(alice.ask("list_invoices", all_of_hollis).await["total"], 7);
    // Another person's list is another list; how much of it is told does not matter.
    let on = json!({"limit": 7, "cursor": cursor});
    let other = company
        .actor("rosa")
        .await
        .call("list_invoices", on.clone())
        .await;
    assert_eq!(other.structured["error"], "invalid_arguments");
    let page = alice.ask("list_invoices", on).await;
    assert_eq!(
        (&page["total"], &page["returned"]),
        (&first["total"], &json!(7))
    );
}

/// Over the whole catalogue: no tool goes on from what another question was given, nor from
/// something that it did not give out.
#[tokio::test]
async fn every_tool_with_a_cursor_refuses_another_questions() {
    let company = Company::shared();
    let alice = company.actor("alice").await;
    let asked = json!({"kind": "customer", "limit": 1});
    let given = alice.ask("list_invoices", asked).await;
    for tool in lists() {
        let (person, asked) = question(&company, tool).await;
        let actor = company.actor(&person).await;
        for (cursor, told) in [
            (given["next_cursor"].clone(), "continues another question"),
            (
                json!("newest:20:7:2026-11-01"),
                "none that this tool gave out",
            ),
            (json!("."), "none that this tool gave out"),
        ] {
            let mut asked = asked.clone();
            asked.insert("cursor".to_owned(), cursor);
            let outcome = actor.call(tool, asked.into()).await;
            assert!(outcome.is_error, "{tool}: {}", outcome.text);
            assert!(outcome.text.contains(told), "{tool}: {}", outcome.text);
        }
    }
}

/// Over all lists with more than one record: the same arguments go on, one more or less does not.
#[tokio::test]
async fn every_list_goes_on_with_its_own_question_only() {
    let company = Company::shared();
    let mut walked = Vec::new();
    for tool in lists() {
        let (person, mut asked) = question(&company, tool).await;
        let actor = company.actor(&person).await;
        asked.insert("limit".to_owned(), json!(1));
        let first = actor.call(tool, asked.clone().into()).await;
        // Two tools have no limit, and no list that is long enough here.
        let Some(cursor) = first.structured.get("next_cursor") else {
            continue;
        };
        let mut on = asked.clone();
        on.insert("cursor".to_owned(), cursor.clone());
        on.insert("limit".to_owned(), json!(2));
        let second = actor.call(tool, on.clone().into()).await;
        assert!(!second.is_error, "{tool}: {}", second.text);
        assert_ne!(second.structured, first.structured, "{tool}");
        on.insert("company_id".to_owned(), json!(1));
        let other = actor.call(tool, on.into()).await;
        assert!(
            other.text.contains("continues another question"),
            "{tool}: {}",
            other.text
        );
        walked.push(tool);
    }
    insta::assert_snapshot!(walked.join(" "), @"aged_balances ledger_summary list_invoices list_tasks read_expenses read_payslips read_time_off read_transactions search_employees who_is_off");
}
