//! Sums over all transactions that fit a question.

use odoo_json2::{Domain, GroupRow, Ref};
use schemars::JsonSchema;
use serde::Serialize;

use super::{bank, item};
use crate::answer::{Amount, Named};
use crate::error::ToolError;
use crate::session::UserSession;
use crate::session::companies::Companies;

/// The sum of one company's transactions in one currency.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::accounting) struct Total {
    #[serde(skip_serializing_if = "Option::is_none")]
    company: Option<Named>,
    currency: String,
    /// How many.
    count: i64,
    /// Received less paid; of journal items, debit less credit.
    amount: Amount,
    /// Only of journal items.
    #[serde(skip_serializing_if = "Option::is_none")]
    debit: Option<Amount>,
    /// Only of journal items.
    #[serde(skip_serializing_if = "Option::is_none")]
    credit: Option<Amount>,
}

#[derive(Debug, GroupRow)]
struct OfBank {
    company_id: Option<Ref>,
    currency_id: Option<Ref>,
    #[odoo(rename = "amount:sum")]
    amount: f64,
    #[odoo(rename = "__count")]
    count: i64,
}

#[derive(Debug, GroupRow)]
struct OfItems {
    company_id: Option<Ref>,
    company_currency_id: Option<Ref>,
    #[odoo(rename = "balance:sum")]
    balance: f64,
    #[odoo(rename = "debit:sum")]
    debit: f64,
    #[odoo(rename = "credit:sum")]
    credit: f64,
    #[odoo(rename = "__count")]
    count: i64,
}

/// Asks for the sums, by company and currency.
pub(super) async fn of(
    of_bank: bool,
    domain: Domain,
    user: &UserSession,
    companies: &Companies<'_>,
) -> Result<Vec<Total>, ToolError> {
    let name = |currency: Option<Ref>| currency.map(|currency| currency.name).unwrap_or_default();
    let model = if of_bank { bank::MODEL } else { item::MODEL };
    let group = user
        .odoo()
        .group_model(model, domain)
        .context(companies.context())
        .by("company_id");
    if of_bank {
        let group = group.by("currency_id").sum("amount").count();
        let rows = group.rows::<OfBank>().await?.into_iter();
        return Ok(rows
            .map(|row| Total {
                company: companies.named(row.company_id),
                currency: name(row.currency_id),
                count: row.count,
                amount: Amount::new(row.amount),
                debit: None,
                credit: None,
            })
            .collect());
    }
    let group = group.by("company_currency_id");
    let group = group.sum("balance").sum("debit").sum("credit").count();
    let rows = group.rows::<OfItems>().await?.into_iter();
    Ok(rows
        .map(|row| Total {
            company: companies.named(row.company_id),
            currency: name(row.company_currency_id),
            count: row.count,
            amount: Amount::new(row.balance),
            debit: Some(Amount::new(row.debit)),
            credit: Some(Amount::new(row.credit)),
        })
        .collect())
}
