//! What holds for every list: pages meet without gap or overlap, and answers fit.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::actors::{Actor, Company};

/// All ids of a list, page by page.
async fn walk(actor: &Actor, tool: &str, question: &Value) -> (Vec<i64>, u64) {
    let mut ids = Vec::new();
    let mut question = question.clone();
    for _ in 0..100 {
        let page = actor.ask(tool, question.clone()).await;
        let records = page["records"].as_array().unwrap();
        assert_eq!(page["returned"], records.len());
        ids.extend(records.iter().map(|record| record["id"].as_i64().unwrap()));
        match page.get("next_cursor") {
            Some(cursor) => question["cursor"] = cursor.clone(),
            None => return (ids, page["total"].as_u64().unwrap()),
        }
    }
    panic!("{tool} {question} has no last page");
}

#[tokio::test]
async fn pages_meet_in_every_order() {
    let company = Company::shared();
    let (alice, tara) = (company.actor("alice").await, company.actor("tara").await);
    let mut cases = Vec::new();
    for order in ["newest", "oldest", "due_first", "largest"] {
        cases.push((
            &alice,
            "list_invoices",
            json!({"order": order, "limit": 40}),
        ));
    }
    for order in ["deadline", "newest", "priority"] {
        cases.push((
            &tara,
            "list_tasks",
            json!({"order": order, "limit": 3, "state": "all"}),
        ));
    }
    cases.push((&tara, "search_employees", json!({"limit": 5})));
    for (actor, tool, question) in cases {
        let (ids, total) = walk(actor, tool, &question).await;
        assert!(
            total > question["limit"].as_u64().unwrap(),
            "{tool} {question} is a single page"
        );
        assert_eq!(ids.len() as u64, total, "{tool} {question}");
        assert_eq!(
            ids.iter().collect::<BTreeSet<_>>().len(),
            ids.len(),
            "{tool} {question}"
        );
    }
}

#[tokio::test]
async fn a_cursor_goes_with_its_order() {
    let company = Company::shared();
    let alice = company.actor("alice").await;
    let page = alice.ask("list_invoices", json!({"limit": 1})).await;
    let question = json!({"limit": 1, "order": "largest", "cursor": page["next_cursor"]});
    insta::assert_snapshot!(alice.read("list_invoices", question).await, @r"
    error: invalid_arguments
    message: `cursor` continues another question: it came with other arguments, or to another person
    next_step: Pass exactly the arguments of the call that gave it (`limit` may differ); or leave `cursor` out to begin this question at the top.
    ");
}
