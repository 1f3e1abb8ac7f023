//! Booking an expense that the company paid itself: the payment is made already, so it is only written down.

use serde_json::{Map, json};

use crate::engine::{
    env::Env,
    error::{OdooError, Result},
    model::Operation,
    record::Record,
    write::vals,
};

use super::posting;
use crate::models::money;

/// Makes and posts the payment with its entry; gives the entry.
pub(super) fn book(env: &Env, expense: &Record<'_>) -> Result<i64> {
    let Some(way) = expense.one("payment_method_line_id") else {
        let journal = expense.one("journal_id");
        let journal = journal.map_or_else(|| "False".to_owned(), |journal| journal.text("name"));
        return Err(OdooError::user(format!(
            "You need to add a manual payment method on the journal ({journal})"
        )));
    };
    let entry = env
        .sudo()
        .create("account.move", vals(entry(expense, &way)))?;
    let payment = env
        .sudo()
        .create("account.payment", vals(values(expense, entry)))?;
    env.record_of("account.move", entry)
        .set("origin_payment_id", payment);
    posting::link(env, &[*expense], entry)?;
    // The entry was made for the caller; posting the payment is the caller's own doing.
    env.check_access(env.model("account.payment")?, Operation::Read)?;
    env.call("account.payment", "action_post", &[payment], Map::new())?;
    let total = money::round(-expense.float("total_amount"));
    let payment = env.record_of("account.payment", payment);
    payment.set("amount_company_currency_signed", total);
    // It owes nobody anything, so there is nothing to match it with.
    payment.set("is_reconciled", true);
    Ok(entry)
}

fn day(expense: &Record<'_>) -> String {
    let day = expense.date("date");
    day.unwrap_or_else(|| expense.env().today()).to_string()
}

fn entry(expense: &Record<'_>, way: &Record<'_>) -> serde_json::Value {
    let id = |field: &str| expense.get(field).as_id();
    let (paid, total) = (
        expense.float("total_amount_currency"),
        expense.float("total_amount"),
    );
    let tax = (
        expense.float("tax_amount_currency"),
        expense.float("tax_amount"),
    );
    let item = |account: Option<i64>, amount: f64, balance: f64| {
        json!({
            "name": posting::label(expense), "account_id": account, "partner_id": id("vendor_id"),
            "currency_id": id("currency_id"), "amount_currency": money::round(amount),
            "balance": money::round(balance), "tax_ids": [],
        })
    };
    let mut spent = item(id("account_id"), paid - tax.0, total - tax.1);
    spent["product_id"] = json!(id("product_id"));
    spent["expense_id"] = json!(expense.id());
    spent["tax_ids"] = json!([[6, 0, expense.ids("tax_ids")]]);
    let mut lines = vec![json!([0, 0, spent])];
    lines.extend(tax_line(expense, tax, &item));
    let money_account = way.get("payment_account_id").as_id();
    lines.push(json!([0, 0, item(money_account, -paid, -total)]));
    json!({
        "move_type": "entry",
        "date": day(expense),
        "ref": expense.text("name"),
        "journal_id": id("journal_id"),
        "partner_id": id("vendor_id"),
        "currency_id": id("currency_id"),
        "company_id": id("company_id"),
        "line_ids": lines,
    })
}

/// The tax in the amount; of several only the first is booked by name.
fn tax_line(
    expense: &Record<'_>,
    (amount, balance): (f64, f64),
    item: &dyn Fn(Option<i64>, f64, f64) -> serde_json::Value,
) -> Option<serde_json::Value> {
    let tax = expense.many("tax_ids").into_iter().next()?;
    let shares = tax.many("repartition_line_ids");
    let share = shares.iter().find(|share| {
        share.is("document_type", "invoice") && share.is("repartition_type", "tax")
    })?;
    let mut line = item(share.get("account_id").as_id(), amount, balance);
    line["name"] = json!(tax.text("name"));
    line["display_type"] = json!("tax");
    line["tax_line_id"] = json!(tax.id());
    line["tax_repartition_line_id"] = json!(share.id());
    Some(json!([0, 0, line]))
}

fn values(expense: &Record<'_>, entry: i64) -> serde_json::Value {
    let id = |field: &str| expense.get(field).as_id();
    json!({
        "date": day(expense),
        "memo": expense.text("name"),
        "journal_id": id("journal_id"),
        "amount": expense.float("total_amount_currency"),
        "payment_type": "outbound",
        "partner_type": "supplier",
        "partner_id": id("vendor_id"),
        "currency_id": id("currency_id"),
        "payment_method_line_id": id("payment_method_line_id"),
        "move_id": entry,
    })
}
