//! Payments (`account.payment`): their entry, their states and what they settle.

use serde_json::{Value as Json, json};

use crate::engine::{
    cell::Cell,
    env::Env,
    error::{OdooError, Result},
    field::Field,
    method::{Args, Target},
    model::{Model, Rule, Vals},
    record::Record,
    registry::Registry,
    write::vals,
};

use super::{INVOICE, READONLY, account, document, matching, posting};
use crate::models::accounting::journal::of_my_companies;
use crate::models::{given, money};

/// Declares the model.
pub(super) fn register(registry: &mut Registry) {
    registry.add(
        Model::new("account.payment", "Payments")
            .order("date desc, name desc")
            .display_name(|payment| {
                let name = payment.text("name");
                if name.is_empty() {
                    "Draft Payment".to_owned()
                } else {
                    name
                }
            })
            .fields(table())
            .fields(accounts())
            .fields(settled())
            .access(INVOICE, "rwcd")
            .access(READONLY, "r")
            .rule(Rule::global(of_my_companies))
            .before_create(complete)
            .action("action_post", action_post)
            .action("action_validate", |env, target, _| {
                set_state(env, target, "paid")
            })
            .action("action_reject", |env, target, _| {
                set_state(env, target, "rejected")
            })
            .action("action_cancel", action_cancel)
            .action("action_draft", action_draft),
    );
}

fn table() -> Vec<Field> {
    fields! {
        char("name").label("Number").readonly().no_copy();
        selection("state", &[
            ("draft", "Draft"), ("in_process", "In Process"), ("paid", "Paid"), ("canceled", "Canceled"), ("rejected", "Rejected"),
        ]).required().default("draft").no_copy();
        selection("payment_type", &[("outbound", "Send"), ("inbound", "Receive")]).required().default("inbound");
        selection("partner_type", &[("customer", "Customer"), ("supplier", "Vendor")]).required().default("customer");
        date("date").required().default_fn(|env| env.today().into());
        monetary("amount", "currency_id");
        monetary("amount_signed", "currency_id").compute(amount_signed);
        monetary("amount_company_currency_signed", "company_currency_id").label("Amount Company Currency Signed").readonly();
        many2one("currency_id", "res.currency");
        many2one("company_currency_id", "res.currency").label("Company Currency").related("company_id.currency_id");
        many2one("company_id", "res.company").required();
        many2one("partner_id", "res.partner").label("Customer/Vendor");
        many2one("partner_bank_id", "res.partner.bank").label("Recipient Bank Account");
        many2one("journal_id", "account.journal").required();
        many2one("payment_method_line_id", "account.payment.method.line").label("Payment Method");
        many2one("payment_method_id", "account.payment.method").label("Method").related("payment_method_line_id.payment_method_id").stored();
        char("payment_method_code").label("Code").related("payment_method_line_id.code");
        char("memo");
        char("payment_reference").no_copy();
        char("country_code").related("company_id.country_id.code");
    }
}

fn accounts() -> Vec<Field> {
    fields! {
        many2one("move_id", "account.move").label("Journal Entry").no_copy();
        many2one("outstanding_account_id", "account.account").readonly();
        many2one("destination_account_id", "account.account");
        boolean("is_sent").readonly().no_copy();
        boolean("is_matched").label("Is Matched With a Bank Statement").readonly();
        boolean("is_reconciled").readonly();
        boolean("require_partner_bank_account").compute(|_| false.into());
        one2many("attachment_ids", "ir.attachment", "res_id").label("Attachments").compute(attachments).stored().editable();
    }
}

fn settled() -> Vec<Field> {
    fields! {
        many2many("invoice_ids", "account.move").label("Invoices").no_copy();
        many2many("reconciled_invoice_ids", "account.move").label("Reconciled Invoices").compute(|payment| settled_by(payment, "out_").into());
        many2many("reconciled_bill_ids", "account.move").label("Reconciled Bills").compute(|payment| settled_by(payment, "in_").into());
        integer("reconciled_invoices_count").label("# Reconciled Invoices").compute(|payment| count(&settled_by(payment, "out_")));
        integer("reconciled_bills_count").label("# Reconciled Bills").compute(|payment| count(&settled_by(payment, "in_")));
    }
}

/// Posts a payment: its entry is made and numbered, and it is paid where the money arrives at once.
pub(super) fn post(env: &Env, payment: &Record<'_>) -> Result<()> {
    if payment.get("move_id").is_empty() {
        make_entry(env, payment)?;
    }
    let Some(entry) = payment.one("move_id") else {
        payment.set("state", "in_process");
        return Ok(());
    };
    posting::post(&env.sudo(), &[entry.id()])?;
    payment.set("name", entry.text("name"));
    // Money that goes straight to a bank or cash account needs no statement to confirm it.
    let arrived = payment
        .one("outstanding_account_id")
        .is_some_and(|account| account.is("account_type", "asset_cash"));
    payment.set("state", if arrived { "paid" } else { "in_process" });
    payment.set("is_matched", arrived);
    Ok(())
}

fn action_post(env: &Env, target: &Target<'_>, _: &Args) -> Result<Json> {
    for payment in env.browse(target.model, target.ids) {
        post(env, &payment)?;
    }
    Ok(Json::Null)
}

fn set_state(env: &Env, target: &Target<'_>, state: &str) -> Result<Json> {
    env.write(target.model, target.ids, vals(json!({ "state": state })))?;
    Ok(Json::Null)
}

fn action_cancel(env: &Env, target: &Target<'_>, arguments: &Args) -> Result<Json> {
    for payment in env.browse(target.model, target.ids) {
        if let Some(entry) = payment
            .one("move_id")
            .filter(|entry| !entry.is("state", "cancel"))
        {
            let entry = Target {
                model: "account.move",
                ids: &[entry.id()],
            };
            posting::button_cancel(&env.sudo(), &entry, arguments)?;
        }
    }
    set_state(env, target, "canceled")
}

fn action_draft(env: &Env, target: &Target<'_>, arguments: &Args) -> Result<Json> {
    for payment in env.browse(target.model, target.ids) {
        if let Some(entry) = payment
            .one("move_id")
            .filter(|entry| !entry.is("state", "draft"))
        {
            let entry = Target {
                model: "account.move",
                ids: &[entry.id()],
            };
            posting::button_draft(&env.sudo(), &entry, arguments)?;
        }
    }
    set_state(env, target, "draft")
}

/// Fills company, currency, the way of paying and the accounts.
fn complete(env: &Env, vals: &mut Vals) -> Result<()> {
    let journal = match given::id(vals, "journal_id") {
        Some(id) => env.record_of("account.journal", id),
        None => default_journal(env)?,
    };
    let company = journal.get("company_id").as_int();
    vals.insert("journal_id".into(), json!(journal.id()));
    vals.insert("company_id".into(), json!(company));
    let own = env
        .record_of("res.company", company)
        .get("currency_id")
        .as_id();
    given::choose(
        vals,
        "currency_id",
        journal.get("currency_id").as_id().or(own),
    );
    let direction = given::text(vals, "payment_type").unwrap_or("inbound");
    let methods = journal.ids(&format!("{direction}_payment_method_line_ids"));
    given::choose(vals, "payment_method_line_id", methods.first().copied());
    let method = given::id(vals, "payment_method_line_id").unwrap_or_default();
    let outstanding = env
        .record_of("account.payment.method.line", method)
        .get("payment_account_id");
    vals.insert("outstanding_account_id".into(), json!(outstanding.as_id()));
    let owed = match given::text(vals, "partner_type") {
        Some("supplier") => "liability_payable",
        _ => "asset_receivable",
    };
    given::choose(
        vals,
        "destination_account_id",
        account::of_partners(env, company, owed),
    );
    Ok(())
}

fn default_journal(env: &Env) -> Result<Record<'_>> {
    let domain = json!([
        ["type", "in", ["bank", "cash", "credit"]],
        ["company_id", "=", env.company()]
    ]);
    match env.sudo().search("account.journal", &domain)?.first() {
        Some(id) => Ok(env.record_of("account.journal", *id)),
        None => Err(OdooError::user(
            "No journal could be found to register the payment.",
        )),
    }
}

/// The entry of a payment: the money on one side, what the partner owes on the other.
fn make_entry(env: &Env, payment: &Record<'_>) -> Result<()> {
    let Some(company) = payment.one("company_id") else {
        return Ok(());
    };
    let (Some(outstanding), Some(currency)) = (
        payment.get("outstanding_account_id").as_id(),
        payment.get("currency_id").as_id(),
    ) else {
        return Ok(());
    };
    let amount = amount_signed(payment).as_float();
    let day = payment.date("date").unwrap_or_else(|| env.today());
    let balance = money::round(amount / money::rate(env, &company, currency, day)?);
    let memo = payment.text("memo");
    let entry = json!({
        "move_type": "entry",
        "ref": if memo.is_empty() { json!(false) } else { json!(memo) },
        "date": day.to_string(),
        "journal_id": payment.get("journal_id").as_id(),
        "partner_id": payment.get("partner_id").as_id(),
        "currency_id": currency,
        "origin_payment_id": payment.id(),
        "line_ids": [
            item(payment, Some(outstanding), (amount, balance)),
            item(payment, payment.get("destination_account_id").as_id(), (-amount, -balance)),
        ],
    });
    let entry = env.sudo().create("account.move", vals(entry))?;
    payment.set("move_id", entry);
    payment.set("amount_company_currency_signed", balance);
    Ok(())
}

/// One side of a payment's entry, with its amount in the payment's currency and in the company's.
fn item(payment: &Record<'_>, account: Option<i64>, (amount, balance): (f64, f64)) -> Json {
    let method = payment.one("payment_method_line_id");
    let method = method.map_or_else(|| "No Payment Method".to_owned(), |line| line.text("name"));
    let memo = payment.text("memo");
    json!([0, 0, {
        "name": if memo.is_empty() { method } else { format!("{method}: {memo}") },
        "account_id": account,
        "partner_id": payment.get("partner_id").as_id(),
        "currency_id": payment.get("currency_id").as_id(),
        "amount_currency": amount,
        "balance": balance,
        "date_maturity": payment.date("date").map(|day| day.to_string()),
        "tax_ids": [],
    }])
}

fn amount_signed(payment: &Record<'_>) -> Cell {
    let amount = payment.float("amount");
    if payment.is("payment_type", "outbound") {
        (-amount).into()
    } else {
        amount.into()
    }
}

fn settled_by(payment: &Record<'_>, prefix: &str) -> Vec<i64> {
    let Some(entry) = payment.one("move_id") else {
        return Vec::new();
    };
    let documents = matching::counterparts(&entry)
        .into_iter()
        .filter(|document| {
            let kind = document.text("move_type");
            document::is_invoice(&kind) && kind.starts_with(prefix)
        });
    documents.map(|document| document.id()).collect()
}

fn count(ids: &[i64]) -> Cell {
    i64::try_from(ids.len()).unwrap_or_default().into()
}

fn attachments(payment: &Record<'_>) -> Cell {
    let domain = json!([
        ["res_model", "=", "account.payment"],
        ["res_id", "=", payment.id()]
    ]);
    payment
        .env()
        .sudo()
        .search("ir.attachment", &domain)
        .unwrap_or_default()
        .into()
}
