//! Accounts that several companies have in common.

use serde_json::{Value, json};

use super::status;
use crate::scripted::ScriptedOdoo;

/// What moved on the one account.
fn movement(company: &Value, journal: &Value, balance: f64) -> Value {
    json!({"company_id": company, "account_id": [9, "Card"],
        "statement_line_id.journal_id": journal, "statement_line_id.is_reconciled": true,
        "balance:sum": balance, "amount_currency:sum": balance,
        "statement_line_id:count_distinct": 1, "date:max": "2026-11-02"})
}

/// Two companies whose credit cards are on one account, each in its own currency.
fn sharing() -> ScriptedOdoo {
    let journal = |id: i64, company: i64| {
        json!({"id": id, "name": "Card", "type": "credit", "currency_id": false,
            "company_id": {"id": company, "display_name": format!("Company {company}")},
            "default_account_id": {"id": 9, "display_name": "Card"},
            "last_statement_id": false, "has_invalid_statements": false})
    };
    ScriptedOdoo::new(move |call, body| match call {
        "ir.model/get_available_models" => Some((
            200,
            [
                "account.journal",
                "account.move.line",
                "account.bank.statement.line",
            ]
            .iter()
            .map(|model| json!({"model": model, "display_name": model}))
            .collect(),
        )),
        "ir.module.module/search_count" => Some((200, json!(0))),
        "account.journal/web_search_read" => Some((
            200,
            json!({"length": 2, "records": [journal(1, 1), journal(2, 2)]}),
        )),
        "account.move.line/formatted_read_group" => {
            assert!(body["groupby"].to_string().contains("company_id"));
            Some((
                200,
                json!([
                    movement(&json!([1, "Company 1"]), &json!([1, "Card"]), -100.0),
                    movement(&json!([2, "Company 2"]), &json!([2, "Card"]), -7.0),
                    movement(&json!([2, "Company 2"]), &json!(false), -0.5),
                    // A branch of the first company.
                    movement(&json!([3, "Company 3"]), &json!([1, "Card"]), -20.0),
                ]),
            ))
        }
        _ => None,
    })
}

#[tokio::test]
async fn companies_that_share_an_account_have_their_own_balances() {
    let odoo = sharing();
    let outcome = status(&odoo.session().await).await;
    let journals = outcome.structured["journals"].as_array();
    let journals = journals.unwrap_or_else(|| panic!("{}", outcome.text));
    let balances: Vec<&Value> = journals.iter().map(|journal| &journal["balance"]).collect();
    assert_eq!(balances, [-120.0, -7.5], "{}", outcome.text);
}
