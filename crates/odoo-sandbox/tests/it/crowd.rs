//! Ten thousand further invoices: they come quickly and hold together, and searches over them stay quick.

use std::{collections::HashSet, time::Duration};

use serde_json::{Value, json};

use crate::actor::{Actor, sandbox};

const NUMBER: usize = 10_000;
/// What the fixture takes on a slow machine, without optimisation; commonly it is a second.
const LONGEST_START: Duration = Duration::from_secs(8);

/// The ids, numbers and amounts of all posted documents.
async fn documents(person: &Actor) -> Vec<Value> {
    let kinds = json!(["out_invoice", "in_invoice", "out_refund", "in_refund"]);
    let body = json!({
        "domain": [["state", "=", "posted"], ["move_type", "in", kinds]],
        "specification": {
            "name": {}, "journal_id": {}, "company_id": {}, "payment_state": {}, "amount_total": {},
            "amount_residual": {}, "partner_id": {}, "invoice_date": {},
        },
    });
    let found = person.call("account.move/web_search_read", body).await;
    found["records"].as_array().unwrap().clone()
}

/// The sums of a field of journal items, by group.
async fn sums(person: &Actor, domain: Value, by: &str, of: &str) -> Vec<(Value, i64)> {
    let sum = format!("{of}:sum");
    let body = json!({ "domain": domain, "groupby": [by], "aggregates": [sum] });
    let rows = person
        .call("account.move.line/formatted_read_group", body)
        .await;
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| (row[by].clone(), cents(&row[&sum])))
        .collect()
}

#[expect(clippy::cast_possible_truncation, reason = "far below 2^53")]
fn cents(value: &Value) -> i64 {
    (value.as_f64().unwrap() * 100.0).round() as i64
}

#[tokio::test]
async fn ten_thousand_invoices_come_quickly_and_hold_together() {
    let plain = sandbox().start().await.unwrap();
    let before = documents(&Actor::of(&plain, "alice")).await.len();
    let begun = std::time::Instant::now();
    let odoo = sandbox().further_invoices(NUMBER).start().await.unwrap();
    let took = begun.elapsed();
    assert!(took < LONGEST_START, "{took:?}");

    let alice = Actor::of(&odoo, "alice");
    let all = documents(&alice).await;
    assert_eq!(all.len(), before + NUMBER);
    numbers_are_unique(&all);
    for company in [1, 2] {
        let own = all.iter().filter(|one| one["company_id"] == company);
        assert!(own.count() > NUMBER / 4, "company {company}");
    }
    let partners: HashSet<_> = all.iter().map(|one| one["partner_id"].as_i64()).collect();
    assert!(partners.len() > 150, "{} partners", partners.len());

    let balances = sums(&alice, json!([]), "move_id", "balance").await;
    assert!(balances.len() > NUMBER);
    let crooked = balances.iter().find(|(_, balance)| *balance != 0);
    assert_eq!(crooked, None, "an entry that does not balance");
    residuals_are_what_payments_left(&alice, &all).await;
}

fn numbers_are_unique(all: &[Value]) {
    let number = |one: &Value| (one["journal_id"].to_string(), one["name"].to_string());
    let numbers: HashSet<_> = all.iter().map(number).collect();
    assert_eq!(numbers.len(), all.len(), "a number that was given twice");
}

/// What a document says is due is what its items say, and agrees with its state of payment.
async fn residuals_are_what_payments_left(alice: &Actor, all: &[Value]) {
    let due = json!([
        ["display_type", "=", "payment_term"],
        ["parent_state", "=", "posted"]
    ]);
    let due = sums(alice, due, "move_id", "amount_residual_currency").await;
    let due: std::collections::HashMap<i64, i64> = due
        .into_iter()
        .map(|(entry, sum)| (entry[0].as_i64().unwrap(), sum.abs()))
        .collect();
    let mut states = HashSet::new();
    for one in all {
        let residual = cents(&one["amount_residual"]);
        assert_eq!(due[&one["id"].as_i64().unwrap()], residual, "{one}");
        let total = cents(&one["amount_total"]);
        let state = one["payment_state"].as_str().unwrap();
        assert!(
            match state {
                "not_paid" => residual == total,
                "partial" => 0 < residual && residual < total,
                _ => residual == 0,
            },
            "{one}"
        );
        states.insert(state);
    }
    assert!(states.len() >= 3, "{states:?}");
    let open = json!([
        ["full_reconcile_id", "!=", false],
        ["amount_residual", "!=", 0]
    ]);
    let open = sums(alice, open, "move_id", "amount_residual").await;
    assert_eq!(open, [], "items that are fully matched and still open");
}
