//! What accounting adds to partners and companies, and payment terms (`account.payment.term`).

use serde_json::json;

use crate::engine::{
    cell::Cell,
    field::Field,
    model::{Model, Rule, own_companies},
    record::Record,
    registry::Registry,
};

use super::{INVOICE, MANAGER, READONLY, account};
use crate::models::money;

/// Declares the model and the fields.
pub(super) fn register(registry: &mut Registry) {
    registry.add(
        Model::new("account.payment.term", "Payment Terms")
            .order("sequence, id")
            .archivable()
            .fields(fields! {
                char("name").label("Payment Terms").required();
                html("note").label("Description on the Invoice");
                many2one("company_id", "res.company");
                integer("sequence").required().default(10);
            })
            .access("base.group_user", "r")
            .access("base.group_portal", "r")
            .access(MANAGER, "rwcd")
            .rule(Rule::global(own_companies)),
    );
    registry.extend("res.partner", |partner| partner.fields(of_partner()));
    registry.extend("res.company", |company| {
        company.fields(fields! {
            integer("fiscalyear_last_day").required().default(31);
            selection("fiscalyear_last_month", MONTHS).required().default("12");
            date("fiscalyear_lock_date").label("Global Lock Date");
            many2one("account_sale_tax_id", "account.tax").label("Default Sale Tax");
            many2one("account_purchase_tax_id", "account.tax").label("Default Purchase Tax");
        })
    });
}

fn of_partner() -> Vec<Field> {
    const BOOKS: &[&str] = &[INVOICE, READONLY];
    fields! {
        many2one("property_account_receivable_id", "account.account").label("Account Receivable")
            .compute(|partner| property_account(partner, "asset_receivable"));
        many2one("property_account_payable_id", "account.account").label("Account Payable")
            .compute(|partner| property_account(partner, "liability_payable"));
        many2one("property_payment_term_id", "account.payment.term").label("Customer Payment Terms");
        many2one("property_supplier_payment_term_id", "account.payment.term").label("Vendor Payment Terms");
        one2many("bank_ids", "res.partner.bank", "partner_id").label("Banks");
        one2many("invoice_ids", "account.move", "partner_id").label("Invoices").readonly();
        integer("customer_rank").aggregator("sum");
        integer("supplier_rank").aggregator("sum");
        monetary("credit", "currency_id").label("Total Receivable").groups(BOOKS)
            .compute(|partner| due(partner, "asset_receivable"));
        monetary("debit", "currency_id").label("Total Payable").groups(BOOKS)
            .compute(|partner| due(partner, "liability_payable"));
        monetary("total_invoiced", "currency_id").groups(BOOKS).compute(invoiced);
        many2one("currency_id", "res.currency").compute(|partner| {
            partner.env().record_of("res.company", partner.env().company()).get("currency_id")
        });
    }
}

const MONTHS: &[(&str, &str)] = &[
    ("1", "January"),
    ("2", "February"),
    ("3", "March"),
    ("4", "April"),
    ("5", "May"),
    ("6", "June"),
    ("7", "July"),
    ("8", "August"),
    ("9", "September"),
    ("10", "October"),
    ("11", "November"),
    ("12", "December"),
];

/// The account of the current company for what a partner owes or is owed.
fn property_account(partner: &Record<'_>, account_type: &str) -> Cell {
    let env = partner.env();
    account::of_partners(env, env.company(), account_type).into()
}

/// What a partner owes us or we owe it, in the current company.
fn due(partner: &Record<'_>, account_type: &str) -> Cell {
    let env = partner.env();
    let domain = json!([
        ["partner_id", "child_of", partner.id()],
        ["parent_state", "=", "posted"],
        ["reconciled", "=", false],
        ["account_id.account_type", "=", account_type],
        ["company_id", "=", env.company()],
    ]);
    let items = env
        .sudo()
        .search("account.move.line", &domain)
        .unwrap_or_default();
    let sum: f64 = env
        .browse("account.move.line", &items)
        .iter()
        .map(|item| item.float("amount_residual"))
        .sum();
    money::round(if account_type == "liability_payable" {
        -sum
    } else {
        sum
    })
    .into()
}

/// Posted invoices less credit notes, without taxes, in the company's currency.
fn invoiced(partner: &Record<'_>) -> Cell {
    let env = partner.env();
    let domain = json!([
        ["partner_id", "child_of", partner.id()],
        ["state", "=", "posted"],
        ["move_type", "in", ["out_invoice", "out_refund"]],
        ["company_id", "=", env.company()],
    ]);
    let found = env
        .sudo()
        .search("account.move", &domain)
        .unwrap_or_default();
    money::round(
        env.browse("account.move", &found)
            .iter()
            .map(|entry| entry.float("amount_untaxed_signed"))
            .sum(),
    )
    .into()
}
