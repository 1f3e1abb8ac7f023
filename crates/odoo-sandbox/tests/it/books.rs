//! The books of the demo company hold together: entries balance, months close, what is due agrees with what is open.

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};

use crate::actor::{Actor, TODAY, shared};

/// Sums by group, as (key, sum).
async fn sums(person: &Actor, domain: Value, by: &str, company: i64) -> Vec<(Value, f64)> {
    let body = json!({
        "domain": domain, "groupby": [by], "aggregates": ["balance:sum"],
        "context": { "allowed_company_ids": [company] },
    });
    let rows = person
        .call("account.move.line/formatted_read_group", body)
        .await;
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| (row[by].clone(), row["balance:sum"].as_f64().unwrap()))
        .collect()
}

fn month_ends() -> Vec<Date> {
    (0..12)
        .map(|back| TODAY.saturating_sub(back.months()).last_of_month())
        .collect()
}

fn near(left: f64, right: f64) -> bool {
    (left - right).abs() < 0.005
}

#[tokio::test]
async fn every_month_end_closes_in_both_companies() {
    let alice = shared("alice");
    for company in [1, 2] {
        for day in month_ends() {
            let until = json!([
                ["parent_state", "=", "posted"],
                ["date", "<=", day.to_string()]
            ]);
            let groups = sums(&alice, until, "account_id.internal_group", company).await;
            let of = |name: &str| {
                groups
                    .iter()
                    .find(|(key, _)| key == name)
                    .map_or(0.0, |(_, sum)| *sum)
            };
            let earned = of("income") + of("expense");
            let worth = of("asset") + of("liability") + of("equity");
            assert!(
                near(worth, -earned),
                "{company} {day}: {worth} of assets and debts, {earned} earned"
            );
            assert!(
                company == 2 || of("asset") > 0.0,
                "{company} {day}: no assets"
            );
        }
    }
}

#[tokio::test]
async fn the_year_earns_and_spends_in_every_month() {
    let alice = shared("alice");
    let domain = json!([
        ["parent_state", "=", "posted"],
        ["account_id.internal_group", "in", ["income", "expense"]],
    ]);
    let months = sums(&alice, domain, "date:month", 1).await;
    assert_eq!(months.len(), 12);
    for (month, sum) in months {
        assert!(sum != 0.0, "{month}");
    }
}

#[tokio::test]
async fn every_posted_entry_balances() {
    let alice = shared("alice");
    for company in [1, 2] {
        for (entry, sum) in sums(
            &alice,
            json!([["parent_state", "=", "posted"]]),
            "move_id",
            company,
        )
        .await
        {
            assert!(near(sum, 0.0), "{entry}: {sum}");
        }
    }
}

#[tokio::test]
async fn what_documents_say_is_due_is_what_is_open_on_partners_accounts() {
    let alice = shared("alice");
    let context = json!({ "allowed_company_ids": [1] });
    let open = json!({
        "domain": [["parent_state", "=", "posted"], ["account_type", "in", ["asset_receivable", "liability_payable"]]],
        "groupby": [], "aggregates": ["amount_residual:sum"], "context": context,
    });
    let open = alice
        .call("account.move.line/formatted_read_group", open)
        .await;
    let due = json!({
        "domain": [["state", "=", "posted"], ["move_type", "!=", "entry"]],
        "groupby": [], "aggregates": ["amount_residual_signed:sum"], "context": context,
    });
    let due = alice.call("account.move/formatted_read_group", due).await;
    let (open, due) = (
        &open[0]["amount_residual:sum"],
        &due[0]["amount_residual_signed:sum"],
    );
    assert!(
        near(open.as_f64().unwrap(), due.as_f64().unwrap()),
        "{open} open, {due} due"
    );
}

#[tokio::test]
async fn numbers_run_without_gaps() {
    let alice = shared("alice");
    let body = json!({
        "domain": [["state", "=", "posted"]], "groupby": ["journal_id", "sequence_prefix"],
        "aggregates": ["sequence_number:max", "sequence_number:min", "__count"],
        "context": { "allowed_company_ids": [1, 2] },
    });
    for row in alice
        .call("account.move/formatted_read_group", body)
        .await
        .as_array()
        .unwrap()
    {
        assert_eq!(row["sequence_number:min"], 1, "{row}");
        assert_eq!(row["sequence_number:max"], row["__count"], "{row}");
    }
}

#[tokio::test]
async fn payment_states_agree_with_what_is_due() {
    let alice = shared("alice");
    let body = json!({
        "domain": [["move_type", "!=", "entry"]],
        "fields": ["name", "state", "move_type", "payment_state", "amount_total", "amount_residual", "status_in_payment"],
        "context": { "allowed_company_ids": [1] },
    });
    let mut seen: Vec<String> = Vec::new();
    for row in alice
        .call("account.move/search_read", body)
        .await
        .as_array()
        .unwrap()
    {
        let due = row["amount_residual"].as_f64().unwrap();
        let total = row["amount_total"].as_f64().unwrap();
        let payment = row["payment_state"].as_str().unwrap();
        let expected = match (row["state"].as_str().unwrap(), payment) {
            ("posted", "paid" | "reversed") => due == 0.0,
            ("posted", "partial") => due > 0.0 && due < total,
            ("posted" | "draft", "not_paid") => near(due, total),
            ("cancel", state) => state == "not_paid",
            _ => false,
        };
        assert!(expected, "{row}");
        seen.push(row["status_in_payment"].as_str().unwrap().to_owned());
    }
    seen.sort_unstable();
    seen.dedup();
    assert_eq!(
        seen,
        ["cancel", "draft", "paid", "partial", "posted", "reversed"]
    );
}
