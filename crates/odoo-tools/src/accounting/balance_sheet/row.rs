//! Groups of journal items, as Odoo sums them for a balance sheet.

use odoo_json2::{Bucket, DecodeError, FieldValue, GroupRow, Ref};
use serde_json::Value;

use super::super::books::Coded;

/// What an [`AccountRow`] is grouped by.
pub(super) const BY_ACCOUNT: [&str; 4] = [
    "company_id",
    "account_id.account_type",
    "account_id.placeholder_code",
    "account_id",
];

/// Debit minus credit of an account, in the company's currency.
#[derive(Debug, GroupRow)]
pub(super) struct AccountRow {
    pub(super) company_id: Option<Ref>,
    #[odoo(rename = "account_id.account_type")]
    pub(super) account_type: Option<String>,
    /// The code; for another company than the current one with its name in brackets behind.
    #[odoo(rename = "account_id.placeholder_code")]
    pub(super) code: Option<String>,
    pub(super) account_id: Option<Ref>,
    #[odoo(rename = "balance:sum")]
    pub(super) balance: f64,
}

/// Debit minus credit of a kind of account in a stretch of time.
#[derive(Debug)]
pub(super) struct ResultRow {
    pub(super) company_id: Option<Ref>,
    /// `income` and `expense` make the result; the others come along.
    pub(super) group: Option<String>,
    pub(super) time: Option<Bucket>,
    pub(super) balance: f64,
}

/// By hand, because how long the stretches are depends on the fiscal year.
impl GroupRow for ResultRow {
    fn decode(row: &Value) -> Result<Self, DecodeError> {
        let column = |name: &str| row.get(name).unwrap_or(&Value::Bool(false));
        let time = ["date:year", "date:month", "date:day"]
            .into_iter()
            .find_map(|name| row.get(name))
            .unwrap_or(&Value::Bool(false));
        Ok(Self {
            company_id: FieldValue::from_value(column("company_id"))?,
            group: FieldValue::from_value(column("account_id.internal_group"))?,
            time: FieldValue::from_value(time)?,
            balance: FieldValue::from_value(column("balance:sum"))?,
        })
    }
}

impl AccountRow {
    /// Its code, to be put right where accounts are shared.
    pub(super) fn coded(&mut self) -> Option<Coded<'_>> {
        Coded::of_group(
            self.company_id.as_ref(),
            self.account_id.as_mut(),
            &mut self.code,
        )
    }
}

impl ResultRow {
    /// What it adds to the result: income is a credit, which Odoo counts as negative.
    pub(super) fn result(&self) -> Option<f64> {
        let group = self.group.as_deref()?;
        matches!(group, "income" | "expense").then_some(-self.balance)
    }
}
