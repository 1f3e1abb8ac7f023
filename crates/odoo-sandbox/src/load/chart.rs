//! What Odoo's generic chart brings to a company beyond the accounts, taxes and journals that the books use.

use serde_json::json;

use super::Load;
use crate::engine::{env::Env, error::Result, write::vals};

/// Code, name, type and whether items are matched.
const ACCOUNTS: [(&str, &str, &str, bool); 29] = [
    ("101000", "Current Assets", "asset_current", false),
    (
        "101300",
        "Account Receivable (PoS)",
        "asset_receivable",
        true,
    ),
    ("101403", "Outstanding Receipts", "asset_current", true),
    ("101404", "Outstanding Payments", "asset_current", true),
    ("110100", "Stock Valuation", "asset_current", false),
    ("110400", "Cost of Production", "asset_current", true),
    ("110500", "Work in Progress", "asset_current", true),
    ("121100", "Products to receive", "asset_current", true),
    (
        "122000",
        "Owner's Current Account",
        "asset_receivable",
        true,
    ),
    ("132000", "Tax Receivable", "asset_receivable", true),
    ("141000", "Prepayments", "asset_prepayments", false),
    ("191000", "Non-current assets", "asset_non_current", false),
    ("201000", "Current Liabilities", "liability_current", false),
    ("201100", "Credit Card", "liability_credit_card", false),
    ("211100", "Bills to receive", "liability_current", true),
    ("212000", "Deferred Revenue", "liability_current", false),
    (
        "230200",
        "Employer Payroll Taxes",
        "liability_current",
        true,
    ),
    ("252000", "Tax Payable", "liability_payable", true),
    ("302000", "Dividends", "equity", false),
    ("441000", "Foreign Exchange Gain", "income", false),
    ("442000", "Cash Difference Gain", "income", false),
    ("443000", "Cash Discount Loss", "expense", false),
    ("610000", "Stock Variation", "expense", false),
    ("611000", "Purchase of Equipments", "expense", false),
    ("641000", "Foreign Exchange Loss", "expense", false),
    ("642000", "Cash Difference Loss", "expense", false),
    ("643000", "Cash Discount Gain", "income", false),
    ("961000", "RD Expenses", "expense", false),
    ("962000", "Sales Expenses", "expense", false),
];

/// Code and name.
const JOURNALS: [(&str, &str); 2] = [
    ("EXCH", "Exchange Difference"),
    ("CABA", "Cash Basis Taxes"),
];

/// Name and use.
const TAXES: [(&str, &str); 2] = [("0% Exports", "sale"), ("0% Imports", "purchase")];

/// Name and note.
const PAYMENT_TERMS: [(&str, &str); 10] = [
    ("Immediate Payment", "Immediate Payment"),
    ("15 Days", "15 Days"),
    ("21 Days", "21 Days"),
    ("30 Days", "30 Days"),
    ("45 Days", "45 Days"),
    ("End of Following Month", "End of Following Month"),
    (
        "10 Days after End of Next Month",
        "10 Days after End of Next Month",
    ),
    ("30% Now, Balance 60 Days", "30% Now, Balance 60 Days"),
    (
        "2/7 Net 30",
        "30 Days, 2% Early Payment Discount under 7 days",
    ),
    ("90 days, on the 10th", "90 days, on the 10th"),
];

/// Where a bank or cash journal books what it cannot place: field and account.
const FALLBACKS: [(&str, &str); 3] = [
    ("suspense_account_id", "101402"),
    ("profit_account_id", "442000"),
    ("loss_account_id", "642000"),
];

/// Loads the rest of the chart into one company.
pub(super) fn load(load: &Load<'_>, env: &Env, company: &str) -> Result<()> {
    let id = load.id("company", company)?;
    for (code, name, kind, reconcile) in ACCOUNTS {
        let values = json!({
            "code": code, "name": name, "account_type": kind, "reconcile": reconcile, "company_ids": [[6, 0, [id]]],
            // What tax offices and owners owe is no trade; what is sold over the counter is.
            "non_trade": matches!(kind, "asset_receivable" | "liability_payable") && code != "101300",
        });
        let key = format!("{company}_{code}");
        load.create_in(env, ("account", &key), "account.account", values)?;
    }
    for (code, name) in JOURNALS {
        let values = json!({ "code": code, "name": name, "type": "general", "company_id": id });
        load.create_in(
            env,
            ("journal", &format!("{company}_{code}")),
            "account.journal",
            values,
        )?;
    }
    for journal in ["BNK1", "CSH1"] {
        for (field, code) in FALLBACKS {
            let account = json!({ field: load.id_in("account", company, code)? });
            let journal = load.id_in("journal", company, journal)?;
            env.write("account.journal", &[journal], vals(account))?;
        }
    }
    untaxed(load, env, company)
}

/// Loads the payment terms, which the companies share.
pub(super) fn payment_terms(load: &Load<'_>) -> Result<()> {
    for (name, note) in PAYMENT_TERMS {
        let values = json!({ "name": name, "note": format!("<p>Payment terms: {note}</p>") });
        load.create("payment_term", name, "account.payment.term", values)?;
    }
    Ok(())
}

fn untaxed(load: &Load<'_>, env: &Env, company: &str) -> Result<()> {
    let id = load.id("company", company)?;
    let group = json!({ "name": "Tax 0%", "company_id": id });
    let group = env.create("account.tax.group", vals(group))?;
    let country = load
        .env
        .record_of("res.company", id)
        .get("country_id")
        .as_id();
    for (name, used_on) in TAXES {
        let line =
            |document, kind| json!([0, 0, { "document_type": document, "repartition_type": kind }]);
        let values = json!({
            "name": name, "type_tax_use": used_on, "amount": 0.0, "company_id": id,
            "country_id": country, "tax_group_id": group,
            "repartition_line_ids": [
                line("invoice", "base"), line("invoice", "tax"), line("refund", "base"), line("refund", "tax"),
            ],
        });
        env.create("account.tax", vals(values))?;
    }
    Ok(())
}
