//! One group of journal items, as Odoo sums it.

use odoo_json2::{Bucket, DecodeError, FieldValue, GroupRow, Ref};
use serde_json::Value;

use super::super::books::{self, Coded};

/// A sum of debit minus credit in the company's currency; income is negative.
#[derive(Debug)]
pub(super) struct Row {
    pub(super) company_id: Option<Ref>,
    pub(super) account_type: String,
    /// Only where it was asked to break down by account.
    pub(super) account_id: Option<Ref>,
    /// The code; for another company than the current one with its name in brackets behind.
    pub(super) code: Option<String>,
    /// Only where it was asked for columns.
    pub(super) month: Option<Bucket>,
    pub(super) balance: f64,
}

/// By hand, because which columns a row has depends on the question.
impl GroupRow for Row {
    fn decode(row: &Value) -> Result<Self, DecodeError> {
        let column = |name: &str| row.get(name).unwrap_or(&Value::Bool(false));
        Ok(Self {
            company_id: FieldValue::from_value(column("company_id"))?,
            account_type: FieldValue::from_value(column("account_id.account_type"))?,
            account_id: FieldValue::from_value(column("account_id"))?,
            code: FieldValue::from_value(column("account_id.placeholder_code"))?,
            month: FieldValue::from_value(column("date:month"))?,
            balance: FieldValue::from_value(column("balance:sum"))?,
        })
    }
}

impl Row {
    /// Its code, to be put right where accounts are shared.
    pub(super) fn coded(&mut self) -> Option<Coded<'_>> {
        Coded::of_group(
            self.company_id.as_ref(),
            self.account_id.as_mut(),
            &mut self.code,
        )
    }

    /// Code and name of the account.
    pub(super) fn account(&self) -> Option<(i64, String)> {
        let account = self.account_id.as_ref()?;
        Some((
            account.id,
            books::account_name(self.code.as_deref(), account),
        ))
    }
}
