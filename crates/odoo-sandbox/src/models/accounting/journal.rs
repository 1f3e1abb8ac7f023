//! Journals and the ways of paying through them (`account.journal`, `account.payment.method`,
//! `account.payment.method.line`).

use serde_json::{Value as Json, json};

use crate::engine::{
    cell::Cell,
    env::Env,
    error::Result,
    field::Field,
    model::{Model, Rule, Vals},
    record::Record,
    registry::Registry,
};

use super::{EXPENSE_APPROVER, INVOICE, MANAGER, READONLY, statement, upload};

const METHOD_LINE: &str = "account.payment.method.line";

/// Declares the models.
pub(super) fn register(registry: &mut Registry) {
    registry.add(
        Model::new("account.journal", "Journal")
            .order("sequence, type, code")
            .archivable()
            .search_names(&["code"])
            .fields(table())
            .fields(bank_fields())
            .display_name(display_name)
            .access(INVOICE, "r")
            .access(READONLY, "r")
            .access(EXPENSE_APPROVER, "r")
            .access(MANAGER, "rwcd")
            .rule(Rule::global(of_my_companies_and_their_parents))
            .method(upload::method())
            .before_create(complete),
    );
    registry.add(
        Model::new("account.payment.method", "Payment Methods")
            .fields(fields! {
                char("name").required();
                char("code").required();
                selection("payment_type", &[("inbound", "Inbound"), ("outbound", "Outbound")]).required();
            })
            .access("base.group_user", "r")
            .access(INVOICE, "rwd"),
    );
    registry.add(
        Model::new(METHOD_LINE, "Payment Methods")
            .order("sequence, id")
            .display_name(method_name)
            .fields(method_line())
            .access("base.group_user", "r")
            .access(INVOICE, "rwcd"),
    );
}

/// "Manual Payment (Bank)".
fn method_name(line: &Record<'_>) -> String {
    let journal = line.one("journal_id").map(|journal| journal.text("name"));
    match journal {
        Some(journal) => format!("{} ({journal})", line.text("name")),
        None => line.text("name"),
    }
}

/// The rule on taxes: those of the companies one works in.
pub(in crate::models) fn of_my_companies(env: &Env) -> Json {
    json!([["company_id", "in", env.companies()]])
}

/// The rule on journals: a branch uses those of its parent.
fn of_my_companies_and_their_parents(env: &Env) -> Json {
    json!([["company_id", "parent_of", env.companies()]])
}

fn table() -> Vec<Field> {
    fields! {
        char("name").label("Journal Name").required();
        char("code").label("Sequence Prefix").required();
        selection("type", &[
            ("sale", "Sales"), ("purchase", "Purchase"), ("cash", "Cash"), ("bank", "Bank"),
            ("credit", "Credit Card"), ("general", "Miscellaneous"),
        ]).required();
        integer("sequence").default(10);
        many2one("company_id", "res.company").required().readonly().default_fn(|env| env.company().into());
        many2one("currency_id", "res.currency");
        integer("color").label("Color Index").default(0);
        many2one("default_account_id", "account.account");
        many2one("suspense_account_id", "account.account");
        many2one("profit_account_id", "account.account");
        many2one("loss_account_id", "account.account");
        integer("entries_count").compute(entries_count);
        boolean("refund_sequence").label("Dedicated Credit Note Sequence");
        boolean("payment_sequence").label("Dedicated Payment Sequence");
        boolean("show_on_dashboard").label("Show journal on dashboard");
        selection("invoice_reference_type", &[
            ("partner", "Based on Customer"), ("invoice", "Based on Invoice"),
        ]).label("Communication Type").required().default("invoice");
        selection("invoice_reference_model", &[
            ("odoo", "Full Reference (INV/2024/00001)"), ("euro", "European (RF83INV202400001)"),
            ("number", "Numbers only (202400001)"),
        ]).label("Communication Standard").required().default("odoo");
        boolean("restrict_mode_hash_table").label("Secure Posted Entries with Hash");
        char("country_code").related("company_id.country_id.code");
        many2one("company_partner_id", "res.partner").label("Account Holder").related("company_id.partner_id");
    }
}

fn bank_fields() -> Vec<Field> {
    fields! {
        many2one("bank_account_id", "res.partner.bank");
        char("bank_acc_number").label("Account Number").related("bank_account_id.acc_number");
        selection("bank_statements_source", &[("undefined", "Undefined Yet")]).label("Bank Feeds").default("undefined");
        many2one("last_statement_id", "account.bank.statement").compute(|journal| statement::last(journal).map(|last| last.id()).into());
        monetary("current_statement_balance", "currency_id").compute(|journal| statement::dashboard(journal).1.into());
        boolean("has_statement_lines").compute(|journal| statement::dashboard(journal).0.into());
        boolean("has_invalid_statements").compute(statement::has_invalid);
        one2many("inbound_payment_method_line_ids", METHOD_LINE, "journal_id").label("Inbound Payment Methods")
            .compute(|journal| method_lines(journal, "inbound").into()).stored().editable();
        one2many("outbound_payment_method_line_ids", METHOD_LINE, "journal_id").label("Outbound Payment Methods")
            .compute(|journal| method_lines(journal, "outbound").into()).stored().editable();
    }
}

fn method_line() -> Vec<Field> {
    fields! {
        char("name");
        integer("sequence").default(10);
        many2one("journal_id", "account.journal");
        many2one("payment_method_id", "account.payment.method").required();
        selection("payment_type", &[("inbound", "Inbound"), ("outbound", "Outbound")])
            .related("payment_method_id.payment_type");
        char("code").related("payment_method_id.code");
        many2one("company_id", "res.company").related("journal_id.company_id");
        many2one("payment_account_id", "account.account");
    }
}

/// Odoo adds the currency where it is not the company's.
fn display_name(journal: &Record<'_>) -> String {
    let name = journal.text("name");
    match journal.one("currency_id") {
        Some(currency)
            if journal
                .one("company_id")
                .map(|company| company.get("currency_id"))
                != Some(currency.id().into()) =>
        {
            format!("{name} ({})", currency.text("name"))
        }
        _ => name,
    }
}

fn entries_count(journal: &Record<'_>) -> Cell {
    let found = journal
        .env()
        .sudo()
        .search("account.move", &json!([["journal_id", "=", journal.id()]]));
    i64::try_from(found.unwrap_or_default().len())
        .unwrap_or_default()
        .into()
}

fn method_lines(journal: &Record<'_>, direction: &str) -> Vec<i64> {
    let domain = json!([
        ["journal_id", "=", journal.id()],
        ["payment_type", "=", direction]
    ]);
    journal
        .env()
        .sudo()
        .search(METHOD_LINE, &domain)
        .unwrap_or_default()
}

/// Sales and purchases number their credit notes apart, banks and cash boxes their payments.
fn complete(_: &Env, vals: &mut Vals) -> Result<()> {
    let kind = vals.get("type").and_then(Json::as_str).unwrap_or_default();
    let trade = matches!(kind, "sale" | "purchase");
    let liquid = matches!(kind, "bank" | "cash" | "credit");
    vals.entry("refund_sequence").or_insert(json!(trade));
    vals.entry("payment_sequence").or_insert(json!(liquid));
    vals.entry("show_on_dashboard")
        .or_insert(json!(trade || liquid));
    vals.entry("color")
        .or_insert(json!(if trade { 11 } else { 0 }));
    Ok(())
}
