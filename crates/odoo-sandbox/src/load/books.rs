//! Invoices, bills, credit notes, entries and payments, entered, posted and registered by the accountant.

use serde_json::{Value as Json, json};

use super::Load;
use crate::demo::{DocumentLine, EntryLine, LineKind, Move, MoveBody, MoveState, Payment};
use crate::engine::{env::Env, error::Result, model::Vals, write::vals};

/// Who enters the books.
const ACCOUNTANT: &str = "alice";

/// Loads the year: first all documents and entries, then all payments.
pub(super) fn load(load: &Load<'_>) -> Result<()> {
    for entered in &load.demo.moves {
        enter(load, entered)?;
    }
    for payment in &load.demo.payments {
        pay(load, payment)?;
    }
    Ok(())
}

/// The accountant at work in one company, past access checks: this is what happened, not a call.
pub(super) fn accountant(load: &Load<'_>, company: &str) -> Result<Env> {
    let company = json!([load.id("company", company)?]);
    Ok(load
        .env
        .with_user(load.id("user", ACCOUNTANT)?)
        .sudo()
        .with("allowed_company_ids", company))
}

pub(super) fn enter(load: &Load<'_>, entered: &Move) -> Result<()> {
    let env = accountant(load, entered.company)?;
    let id = load.create_in(
        &env,
        ("move", &entered.key),
        "account.move",
        header(load, entered)?,
    )?;
    let method = match entered.state {
        MoveState::Draft => return Ok(()),
        MoveState::Posted => "action_post",
        MoveState::Cancel => "button_cancel",
    };
    env.call("account.move", method, &[id], Vals::new())
        .map(drop)
}

fn header(load: &Load<'_>, entered: &Move) -> Result<Json> {
    let date = entered.date.to_string();
    let mut values = json!({
        "move_type": entered.kind.as_str(),
        "journal_id": load.id_in("journal", entered.company, entered.journal)?,
        "date": date,
        "ref": entered.reference,
        "partner_id": load.maybe("partner", entered.partner)?,
        "reversed_entry_id": load.maybe("move", entered.reverses.as_deref())?,
    });
    if let Some(code) = entered.currency {
        values["currency_id"] = json!(load.currency(code)?);
    }
    match &entered.body {
        MoveBody::Entry(lines) => {
            let lines = lines
                .iter()
                .map(|line| entry_line(load, entered.company, line));
            values["line_ids"] = Json::Array(lines.collect::<Result<_>>()?);
        }
        MoveBody::Document(lines) => {
            values["invoice_date"] = json!(date);
            values["invoice_date_due"] = json!(entered.due.map(|due| due.to_string()));
            let lines = lines
                .iter()
                .map(|line| document_line(load, entered.company, line));
            values["invoice_line_ids"] = Json::Array(lines.collect::<Result<_>>()?);
        }
    }
    Ok(values)
}

fn entry_line(load: &Load<'_>, company: &str, line: &EntryLine) -> Result<Json> {
    Ok(json!([0, 0, {
        "name": line.label,
        "account_id": load.id_in("account", company, line.account)?,
        "balance": amount(line.balance_cents),
    }]))
}

fn document_line(load: &Load<'_>, company: &str, line: &DocumentLine) -> Result<Json> {
    let kind = line.kind.as_str();
    let Some(account) = line.account.filter(|_| line.kind == LineKind::Product) else {
        return Ok(json!([0, 0, { "display_type": kind, "name": line.label }]));
    };
    let taxes: Vec<i64> = line
        .tax
        .map(|key| load.id_in("tax", company, key))
        .transpose()?
        .into_iter()
        .collect();
    Ok(json!([0, 0, {
        "display_type": kind,
        "name": line.label,
        "account_id": load.id_in("account", company, account)?,
        "quantity": line.quantity,
        "price_unit": amount(line.price_cents),
        "discount": line.discount,
        "tax_ids": [[6, 0, taxes]],
    }]))
}

/// Registers a payment through the wizard whose context names the document.
pub(super) fn pay(load: &Load<'_>, payment: &Payment) -> Result<()> {
    let document = load.id("move", &payment.pays)?;
    let env = accountant(load, payment.company)?
        .with("active_model", "account.move")
        .with("active_ids", json!([document]));
    let mut values = json!({
        "payment_date": payment.date.to_string(),
        "journal_id": load.id_in("journal", payment.company, payment.journal)?,
    });
    if let Some(cents) = payment.amount_cents {
        values["amount"] = json!(amount(cents));
    }
    let wizard = env.create("account.payment.register", vals(values))?;
    env.call(
        "account.payment.register",
        "action_create_payments",
        &[wizard],
        Vals::new(),
    )
    .map(drop)
}

/// Hundredths as Odoo writes money; the demo company's amounts are far below where this loses a cent.
#[expect(
    clippy::cast_precision_loss,
    reason = "amounts stay below 2^53 hundredths"
)]
pub(super) fn amount(cents: i64) -> f64 {
    cents as f64 / 100.0
}
