//! The wizard that pays documents (`account.payment.register`). It pays one partner in one currency at a time.

use serde_json::{Value as Json, json};

use crate::engine::{
    cell::Cell,
    env::Env,
    error::{OdooError, Result},
    field::Field,
    method::{Args, Target},
    model::{Model, Vals},
    record::Record,
    registry::Registry,
    write::vals,
};

use super::{INVOICE, document, matching, payment};
use crate::models::{given, money};

/// Declares the wizard.
pub(super) fn register(registry: &mut Registry) {
    registry.add(
        Model::new("account.payment.register", "Pay")
            .transient()
            .fields(table())
            .access(INVOICE, "rwc")
            .before_create(complete)
            .action("action_create_payments", action_create_payments),
    );
}

fn table() -> Vec<Field> {
    fields! {
        date("payment_date").required();
        monetary("amount", "currency_id");
        char("communication").label("Memo");
        boolean("group_payment").label("Group Payments");
        many2one("currency_id", "res.currency");
        many2one("journal_id", "account.journal");
        many2one("company_id", "res.company");
        many2one("company_currency_id", "res.currency").label("Company Currency").related("company_id.currency_id");
        many2one("partner_id", "res.partner").label("Customer/Vendor");
        many2one("partner_bank_id", "res.partner.bank").label("Recipient Bank Account");
        many2one("payment_method_line_id", "account.payment.method.line").label("Payment Method");
        many2many("line_ids", "account.move.line").label("Journal items");
        selection("payment_type", &[("outbound", "Send Money"), ("inbound", "Receive Money")]);
        selection("partner_type", &[("customer", "Customer"), ("supplier", "Vendor")]);
        monetary("source_amount", "company_currency_id").label("Amount to Pay (company currency)").readonly();
        monetary("source_amount_currency", "source_currency_id").label("Amount to Pay (foreign currency)").readonly();
        many2one("source_currency_id", "res.currency").label("Source Currency").readonly();
        monetary("payment_difference", "currency_id").compute(payment_difference);
        selection("payment_difference_handling", &[("open", "Keep open"), ("reconcile", "Mark as fully paid")]).default("open");
    }
}

/// What remains due after the payment.
fn payment_difference(wizard: &Record<'_>) -> Cell {
    money::round(wizard.float("source_amount_currency") - wizard.float("amount")).into()
}

/// Reads the documents from the context (`active_model`, `active_ids`) and proposes to pay what is due.
fn complete(env: &Env, vals: &mut Vals) -> Result<()> {
    let items = due_items(env)?;
    let Some(first) = items.first() else {
        return Err(OdooError::user(
            "You can't register a payment because there is nothing left to pay on the selected journal items.",
        ));
    };
    let sum = |field: &str| money::round(items.iter().map(|item| item.float(field)).sum());
    let (due, balance) = (sum("amount_residual_currency"), sum("amount_residual"));
    let company = first.get("company_id").as_int();
    let ids: Vec<i64> = items.iter().map(Record::id).collect();
    for (field, value) in [
        ("line_ids", json!([[6, 0, ids]])),
        ("company_id", json!(company)),
        ("currency_id", json!(first.get("currency_id").as_id())),
        (
            "source_currency_id",
            json!(first.get("currency_id").as_id()),
        ),
        ("partner_id", json!(first.get("partner_id").as_id())),
        (
            "payment_type",
            json!(if due > 0.0 { "inbound" } else { "outbound" }),
        ),
        ("partner_type", json!(partner_type(first))),
        ("source_amount", json!(balance.abs())),
        ("source_amount_currency", json!(due.abs())),
        ("amount", json!(due.abs())),
        ("payment_date", json!(env.today().to_string())),
        ("communication", json!(communication(first))),
    ] {
        given::propose(vals, field, value);
    }
    let domain = json!([
        ["type", "in", ["bank", "cash", "credit"]],
        ["company_id", "=", company]
    ]);
    let journals = env.sudo().search("account.journal", &domain)?;
    given::choose(vals, "journal_id", journals.first().copied());
    Ok(())
}

/// Whether the document of an item is a customer's or a vendor's.
fn partner_type(item: &Record<'_>) -> &'static str {
    if document::is_sale(&item.text("move_type")) {
        "customer"
    } else {
        "supplier"
    }
}

/// The open items on receivables and payables of the documents in the context.
fn due_items(env: &Env) -> Result<Vec<Record<'_>>> {
    let ids: Vec<i64> = env
        .key("active_ids")
        .and_then(Json::as_array)
        .into_iter()
        .flatten()
        .filter_map(Json::as_i64)
        .collect();
    let field = match env.key("active_model").and_then(Json::as_str) {
        Some("account.move") => "move_id",
        Some("account.move.line") => "id",
        _ => {
            return Err(OdooError::user(
                "The register payment wizard should only be called on account.move or account.move.line records.",
            ));
        }
    };
    let domain = json!([
        [field, "in", ids],
        ["parent_state", "=", "posted"],
        ["reconciled", "=", false],
        [
            "account_id.account_type",
            "in",
            ["asset_receivable", "liability_payable"]
        ],
    ]);
    Ok(env.browse(
        "account.move.line",
        &env.search("account.move.line", &domain)?,
    ))
}

/// The memo: the payment reference of the document, else its reference, else its number.
fn communication(item: &Record<'_>) -> Option<String> {
    let entry = item.one("move_id")?;
    let candidates = ["payment_reference", "ref", "name"].map(|field| entry.text(field));
    candidates.into_iter().find(|text| !text.is_empty())
}

fn action_create_payments(env: &Env, target: &Target<'_>, _: &Args) -> Result<Json> {
    let mut made = Vec::new();
    for wizard in env.browse(target.model, target.ids) {
        made.push(pay(env, &wizard)?);
    }
    let mut action = json!({
        "name": "Payments", "type": "ir.actions.act_window", "res_model": "account.payment", "context": { "create": false },
    });
    if let [one] = made.as_slice() {
        action["view_mode"] = json!("form");
        action["res_id"] = json!(one);
    } else {
        action["view_mode"] = json!("list,form");
        action["domain"] = json!([["id", "in", made]]);
    }
    Ok(action)
}

fn pay(env: &Env, wizard: &Record<'_>) -> Result<i64> {
    let lines = wizard.many("line_ids");
    let copied = |field: &str| json!(wizard.get(field).as_id());
    let values = json!({
        "date": wizard.date("payment_date").map(|day| day.to_string()),
        "amount": wizard.float("amount"),
        "payment_type": wizard.text("payment_type"),
        "partner_type": wizard.text("partner_type"),
        "memo": wizard.text("communication"),
        "journal_id": copied("journal_id"),
        "currency_id": copied("currency_id"),
        "partner_id": copied("partner_id"),
        "payment_method_line_id": copied("payment_method_line_id"),
        "destination_account_id": lines.first().and_then(|item| item.get("account_id").as_id()),
    });
    let id = env.create("account.payment", vals(values))?;
    let payment = env.record_of("account.payment", id);
    payment::post(env, &payment)?;
    settle(env, &payment, &lines)?;
    Ok(id)
}

/// Matches the payment's own item with those that it pays.
fn settle(env: &Env, payment: &Record<'_>, paid: &[Record<'_>]) -> Result<()> {
    if let Some(entry) = payment.one("move_id") {
        let account = paid.first().map(|item| item.get("account_id"));
        let mut items = entry.many("line_ids");
        items.retain(|item| Some(item.get("account_id")) == account);
        let group: Vec<i64> = items.iter().chain(paid).map(Record::id).collect();
        matching::reconcile(env, &group)?;
        payment.set("is_reconciled", true);
    }
    let mut documents: Vec<i64> = paid
        .iter()
        .filter_map(|item| item.get("move_id").as_id())
        .collect();
    documents.dedup();
    for document in env.browse("account.move", &documents) {
        let mut payments = document.ids("matched_payment_ids");
        payments.push(payment.id());
        document.set("matched_payment_ids", payments);
    }
    payment.set("invoice_ids", documents);
    Ok(())
}
