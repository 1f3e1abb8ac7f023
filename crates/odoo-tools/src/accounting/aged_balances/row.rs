//! Groups of open items, and of matches, as Odoo sums them.

use odoo_json2::{Bucket, DecodeError, FieldValue, GroupRow, Ref};
use serde_json::Value;

/// The keys of a set of matches: the item on the debit side.
pub(super) const BY_DEBIT: [&str; 4] = [
    "debit_move_id.company_id",
    "debit_move_id.partner_id",
    "debit_move_id.date_maturity:day",
    "debit_move_id.date:day",
];

/// The keys of a set of matches: the item on the credit side.
pub(super) const BY_CREDIT: [&str; 4] = [
    "credit_move_id.company_id",
    "credit_move_id.partner_id",
    "credit_move_id.date_maturity:day",
    "credit_move_id.date:day",
];

/// What is open now of the items that a partner's debts of one day consist of.
#[derive(Debug, GroupRow)]
pub(super) struct Item {
    pub(super) company_id: Option<Ref>,
    pub(super) partner_id: Option<Ref>,
    #[odoo(rename = "date_maturity:day", optional)]
    pub(super) due: Option<Bucket>,
    /// Only of items without a due date.
    #[odoo(rename = "date:day", optional)]
    pub(super) date: Option<Bucket>,
    #[odoo(rename = "amount_residual:sum")]
    pub(super) rest: f64,
}

/// What was matched with such items, as what it adds to the rest when it is undone.
#[derive(Debug)]
pub(super) struct Match {
    pub(super) company_id: Option<Ref>,
    pub(super) partner_id: Option<Ref>,
    pub(super) due: Option<Bucket>,
    pub(super) date: Option<Bucket>,
    pub(super) rest: f64,
}

/// By hand, because the two sets have keys of their own.
impl GroupRow for Match {
    fn decode(row: &Value) -> Result<Self, DecodeError> {
        let is_debit = row.get(BY_DEBIT[0]).is_some();
        let [company, partner, due, date] = if is_debit { BY_DEBIT } else { BY_CREDIT };
        let column = |name: &str| row.get(name).unwrap_or(&Value::Bool(false));
        let amount: f64 = FieldValue::from_value(column("amount:sum"))?;
        Ok(Self {
            company_id: FieldValue::from_value(column(company))?,
            partner_id: FieldValue::from_value(column(partner))?,
            due: FieldValue::from_value(column(due))?,
            date: FieldValue::from_value(column(date))?,
            // A match makes a debit smaller, and a credit, which is negative, less so.
            rest: if is_debit { amount } else { -amount },
        })
    }
}
