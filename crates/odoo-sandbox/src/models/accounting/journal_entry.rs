//! Journal entries with the invoices, bills and credit notes among them (`account.move`): declaration and computed fields.

use serde_json::{Value as Json, json};

use crate::engine::{
    cell::Cell,
    env::Env,
    error::{OdooError, Result},
    field::Field,
    model::{Model, Rule, Vals},
    record::Record,
    registry::Registry,
};

use super::selections::{MOVE_TYPES, PAYMENT_STATES, STATES, STATUSES};
use super::{
    EXPENSE_APPROVER, INVOICE, MANAGER, READONLY, document, matching, posting, tax_totals,
};
use crate::models::{accounting::journal::of_my_companies, given};

/// Declares the model.
pub(super) fn register(registry: &mut Registry) {
    registry.add(
        Model::new("account.move", "Journal Entry")
            .order("date desc, name desc, invoice_date desc, id desc")
            .search_names(&["ref"])
            .display_name(display_name)
            .fields(identity())
            .fields(parties())
            .fields(amounts())
            .fields(settlement())
            .fields(documents())
            .access(INVOICE, "rwcd")
            .access(READONLY, "r")
            .access(MANAGER, "r")
            .access(EXPENSE_APPROVER, "r")
            .access("base.group_portal", "r")
            .rule(Rule::global(of_my_companies))
            .rule(Rule::of(&[INVOICE], |_| json!([])))
            .rule(Rule::of(&[READONLY], |_| json!([])).on("r"))
            .rule(Rule::of(&[EXPENSE_APPROVER], |env| {
                made_of_expenses(env, "account.move", "expense_ids")
            }))
            .before_create(complete)
            .after_create(document::settle)
            .before_write(posting::guard)
            .after_write(after_write)
            .before_unlink(posting::refuse_removal)
            .action("action_post", posting::action_post)
            .action("button_draft", posting::button_draft)
            .action("button_cancel", posting::button_cancel),
    );
}

fn identity() -> Vec<Field> {
    fields! {
        char("name").label("Number").no_copy();
        char("ref").label("Reference").no_copy();
        selection("state", STATES).label("Status").required().readonly().default("draft").no_copy();
        selection("move_type", MOVE_TYPES).label("Type").required().readonly().default("entry");
        date("date").required().no_copy();
        date("invoice_date").label("Invoice/Bill Date").no_copy();
        date("invoice_date_due").label("Due Date").no_copy();
        date("delivery_date").no_copy();
        many2one("journal_id", "account.journal").required().check_company();
        many2one("company_id", "res.company");
        many2one("company_currency_id", "res.currency").label("Company Currency").related("company_id.currency_id");
        many2one("currency_id", "res.currency").required();
        char("payment_reference").no_copy();
        char("invoice_origin").label("Origin").readonly();
        char("invoice_source_email").label("Source Email");
        html("narration").label("Terms and Conditions");
        many2one("invoice_payment_term_id", "account.payment.term").label("Payment Terms");
        many2one("reversed_entry_id", "account.move").label("Reversal of").readonly().no_copy();
        one2many("reversal_move_ids", "account.move", "reversed_entry_id");
        boolean("checked").label("Reviewed").no_copy();
        selection("auto_post", &[
            ("no", "No"), ("at_date", "At Date"), ("monthly", "Monthly"), ("quarterly", "Quarterly"), ("yearly", "Yearly"),
        ]).label("Auto-post").required().default("no").no_copy();
        boolean("is_move_sent").readonly().no_copy();
        boolean("posted_before").no_copy();
        char("sequence_prefix").readonly().default("").no_copy();
        integer("sequence_number").readonly().no_copy();
        char("type_name").compute(type_name);
        integer("direction_sign").compute(direction_sign);
        char("country_code").related("company_id.country_id.code");
    }
}

fn parties() -> Vec<Field> {
    fields! {
        many2one("partner_id", "res.partner");
        many2one("commercial_partner_id", "res.partner").label("Commercial Entity").related("partner_id.commercial_partner_id").stored();
        many2one("partner_shipping_id", "res.partner").label("Delivery Address");
        many2one("partner_bank_id", "res.partner.bank").label("Recipient Bank");
        char("invoice_partner_display_name").compute(partner_name).stored();
        many2one("invoice_user_id", "res.users").label("Salesperson");
        many2one("user_id", "res.users").related("invoice_user_id");
    }
}

fn amounts() -> Vec<Field> {
    fields! {
        monetary("amount_untaxed", "currency_id").label("Untaxed Amount").readonly();
        monetary("amount_tax", "currency_id").label("Tax").readonly();
        monetary("amount_total", "currency_id").label("Total").readonly();
        monetary("amount_residual", "currency_id").label("Amount Due").readonly();
        monetary("amount_paid", "currency_id").label("Amount paid").compute(|_| 0.0.into());
        monetary("amount_untaxed_signed", "company_currency_id").label("Untaxed Amount Signed").readonly();
        monetary("amount_untaxed_in_currency_signed", "currency_id").label("Untaxed Amount Signed Currency").readonly();
        monetary("amount_tax_signed", "company_currency_id").label("Tax Signed").readonly();
        monetary("amount_total_signed", "company_currency_id").label("Total Signed").readonly();
        monetary("amount_total_in_currency_signed", "currency_id").label("Total in Currency Signed").readonly();
        monetary("amount_residual_signed", "company_currency_id").label("Amount Due Signed").readonly();
        float("invoice_currency_rate").label("Currency Rate").no_copy();
        binary("tax_totals").label("Invoice Totals").compute(tax_totals::of_document).editable();
        float("expected_currency_rate").compute(|entry| document::expected_rate(entry).into());
    }
}

fn settlement() -> Vec<Field> {
    fields! {
        selection("payment_state", PAYMENT_STATES).label("Payment Status").readonly().default("not_paid").no_copy();
        selection("status_in_payment", STATUSES).compute(status_in_payment).searchable();
        many2one("origin_payment_id", "account.payment").label("Payment").no_copy();
        one2many("payment_ids", "account.payment", "move_id").label("Payments");
        many2one("statement_line_id", "account.bank.statement.line").label("Statement Line").no_copy();
        one2many("statement_line_ids", "account.bank.statement.line", "move_id").label("Statements");
        many2one("statement_id", "account.bank.statement").related("statement_line_id.statement_id");
        many2many("matched_payment_ids", "account.payment").label("Matched Payments").no_copy();
        many2many("reconciled_payment_ids", "account.payment").label("Reconciled Payments")
            .compute(|entry| matching::payments_of(entry).into());
        integer("payment_count").compute(payment_count);
        binary("invoice_payments_widget").groups(&[INVOICE, READONLY]).compute(matching::payments_widget);
        boolean("has_reconciled_entries").compute(has_reconciled_items);
    }
}

fn documents() -> Vec<Field> {
    fields! {
        one2many("line_ids", "account.move.line", "move_id").label("Journal Items");
        one2many("invoice_line_ids", "account.move.line", "move_id").label("Invoice lines").compute(invoice_lines).stored().editable();
        one2many("attachment_ids", "ir.attachment", "res_id").label("Attachments").compute(attachments).stored().editable();
        many2one("message_main_attachment_id", "ir.attachment").label("Main Attachment").no_copy();
        char("access_url").label("Portal Access URL").compute(access_url);
        char("access_token").label("Security Token").no_copy();
    }
}

/// "Draft Bill (ACME-17)", "INV/2026/00001 (PO-4101)".
fn display_name(entry: &Record<'_>) -> String {
    let mut name = String::new();
    if entry.is("state", "draft") {
        name.push_str(match entry.text("move_type").as_str() {
            "out_invoice" => "Draft Invoice",
            "out_refund" => "Draft Credit Note",
            "in_invoice" => "Draft Bill",
            "in_refund" => "Draft Vendor Credit Note",
            "out_receipt" => "Draft Sales Receipt",
            "in_receipt" => "Draft Purchase Receipt",
            _ => "Draft Entry",
        });
    }
    let number = entry.text("name");
    if !number.is_empty() && number != "/" {
        if !name.is_empty() {
            name.push(' ');
        }
        name.push_str(&number);
    }
    let reference = entry.text("ref");
    if reference.is_empty() {
        name
    } else {
        format!("{name} ({reference})")
    }
}

fn type_name(entry: &Record<'_>) -> Cell {
    let kind = entry.text("move_type");
    let label = match kind.as_str() {
        "out_invoice" => Some("Invoice"),
        "out_refund" => Some("Credit Note"),
        _ => MOVE_TYPES
            .iter()
            .find(|(key, _)| *key == kind)
            .map(|(_, label)| *label),
    };
    label.into()
}

fn direction_sign(entry: &Record<'_>) -> Cell {
    let sign: i64 = if document::direction(&entry.text("move_type")) > 0.0 {
        1
    } else {
        -1
    };
    sign.into()
}

/// The partner's name, or of a bill without vendor the sender of its mail or who made it.
fn partner_name(entry: &Record<'_>) -> Cell {
    if let Some(partner) = entry.one("partner_id") {
        return partner.display_name().into();
    }
    if let Some(mail) = entry.get("invoice_source_email").as_text() {
        return format!("@From: {mail}").into();
    }
    match entry.one("create_uid") {
        Some(user) => format!("#Created by: {}", user.display_name()).into(),
        None => Cell::Empty,
    }
}

/// Where customers and vendors see the document; a plain entry has no page.
fn access_url(entry: &Record<'_>) -> Cell {
    if document::is_invoice(&entry.text("move_type")) {
        format!("/my/invoices/{}", entry.id()).into()
    } else {
        "#".into()
    }
}

/// The payment state of a posted document, else its state; `sent` when it went out and nothing was paid.
fn status_in_payment(entry: &Record<'_>) -> Cell {
    let (state, payment) = (entry.text("state"), entry.text("payment_state"));
    let told = match state.as_str() {
        "posted" => matches!(
            payment.as_str(),
            "partial" | "in_payment" | "paid" | "reversed"
        ),
        "draft" => matches!(payment.as_str(), "partial" | "in_payment" | "paid"),
        _ => false,
    };
    if told {
        return payment.into();
    }
    if state == "posted" && entry.bool("is_move_sent") {
        return "sent".into();
    }
    state.into()
}

fn has_reconciled_items(entry: &Record<'_>) -> Cell {
    entry
        .many("line_ids")
        .iter()
        .any(|item| item.bool("reconciled"))
        .into()
}

fn payment_count(entry: &Record<'_>) -> Cell {
    i64::try_from(matching::payments_of(entry).len())
        .unwrap_or_default()
        .into()
}

fn invoice_lines(entry: &Record<'_>) -> Cell {
    let lines = entry
        .many("line_ids")
        .into_iter()
        .filter(document::is_entered);
    lines.map(|line| line.id()).collect::<Vec<_>>().into()
}

fn attachments(entry: &Record<'_>) -> Cell {
    let domain = json!([
        ["res_model", "=", "account.move"],
        ["res_id", "=", entry.id()]
    ]);
    entry
        .env()
        .sudo()
        .search("ir.attachment", &domain)
        .unwrap_or_default()
        .into()
}

/// Fills what Odoo computes for a new entry: journal, company, currency and dates.
fn complete(env: &Env, vals: &mut Vals) -> Result<()> {
    merge_lines(vals);
    let kind = given::text(vals, "move_type");
    let kind = kind.or_else(|| env.key("default_move_type").and_then(Json::as_str));
    let kind = kind.unwrap_or("entry").to_owned();
    let journal = journal_for(env, vals, &kind)?;
    let company = journal.one("company_id");
    let own = company.and_then(|company| company.get("currency_id").as_id());
    given::choose(
        vals,
        "currency_id",
        journal.get("currency_id").as_id().or(own),
    );
    vals.insert("move_type".into(), json!(kind));
    vals.insert("journal_id".into(), json!(journal.id()));
    vals.insert("company_id".into(), json!(company.as_ref().map(Record::id)));
    if given::text(vals, "date").is_none() {
        let day = given::text(vals, "invoice_date").map(ToOwned::to_owned);
        let day = day.unwrap_or_else(|| env.today().to_string());
        vals.insert("date".into(), json!(day));
    }
    if document::is_invoice(&kind) {
        let partner = vals.get("partner_id").cloned().unwrap_or_default();
        given::propose(vals, "partner_shipping_id", partner);
    } else {
        // Odoo computes a due date of the day of entry, also where nothing falls due.
        given::propose(vals, "invoice_date_due", json!(env.today().to_string()));
    }
    if document::is_sale(&kind) {
        given::propose(vals, "invoice_user_id", json!(env.uid()));
    }
    Ok(())
}

/// The journal that is named, else the first of the fitting type in the company.
fn journal_for<'e>(env: &'e Env, vals: &Vals, kind: &str) -> Result<Record<'e>> {
    if let Some(id) = vals.get("journal_id").and_then(Json::as_i64) {
        return Ok(env.record_of("account.journal", id));
    }
    let wanted = if document::is_sale(kind) {
        "sale"
    } else if document::is_invoice(kind) {
        "purchase"
    } else {
        "general"
    };
    let company = vals
        .get("company_id")
        .and_then(Json::as_i64)
        .unwrap_or_else(|| env.company());
    let domain = json!([["type", "=", wanted], ["company_id", "=", company]]);
    match env.sudo().search("account.journal", &domain)?.first() {
        Some(id) => Ok(env.record_of("account.journal", *id)),
        None => Err(OdooError::user(format!(
            "No journal could be found in company {} for any of those types: {wanted}",
            env.record_of("res.company", company).text("name"),
        ))),
    }
}

/// `invoice_line_ids` is `line_ids` without the items Odoo computes: both take commands on the same lines.
fn merge_lines(vals: &mut Vals) {
    if let Some(Json::Array(entered)) = vals.remove("invoice_line_ids") {
        let lines = vals.entry("line_ids").or_insert_with(|| json!([]));
        if let Json::Array(lines) = lines {
            lines.extend(entered);
        }
    }
}

/// Lines and header change together: a draft is computed anew after each write.
fn after_write(env: &Env, ids: &[i64], written: &Vals) -> Result<()> {
    for entry in env.browse("account.move", ids) {
        document::settle(&entry)?;
        if written.contains_key("invoice_date_due") {
            document::falls_due(&entry);
        }
    }
    Ok(())
}

/// What approvers of expenses see of the books: nothing, as long as no application makes entries of expenses.
pub(super) fn made_of_expenses(env: &Env, model: &str, link: &str) -> Json {
    let linked = env
        .model(model)
        .is_ok_and(|model| model.get(link).is_some());
    if linked {
        json!([[link, "!=", false]])
    } else {
        json!([["id", "in", []]])
    }
}

/// Makes the changes that a write on `invoice_line_ids` means.
pub(super) fn merge_written_lines(vals: &mut Vals) {
    merge_lines(vals);
}
