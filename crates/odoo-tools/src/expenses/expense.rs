//! An expense as answers show it: a line in a list, and everything about one.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::answer::{Amount, Named};

/// An expense.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Expense {
    pub(super) id: i64,
    pub(super) name: String,
    /// draft, submitted, approved, refused, posted (booked), `in_payment` or paid.
    pub(super) state: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) date: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) employee: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) category: Option<Named>,
    /// With taxes.
    pub(super) amount: Amount,
    pub(super) currency: String,
    /// The amount in the company's currency, where it was paid in another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) company_amount: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) company_currency: Option<String>,
    /// Only where the company paid and nothing is owed to the employee.
    #[serde(skip_serializing_if = "PaidBy::is_employee")]
    pub(super) paid_by: PaidBy,
    /// How many files hang on it.
    pub(super) receipts: i64,
    /// Who is to decide, or has decided.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) approver: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) company: Option<Named>,
    /// Only of an expense that was read by its id.
    #[serde(flatten)]
    pub(super) details: Option<Details>,
}

/// What a list does not show.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Details {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) department: Option<Named>,
    /// Units of a category that has a price for one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) quantity: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) unit: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) unit_price: Option<Amount>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) taxes: Vec<String>,
    /// The tax in the amount, and the amount without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) tax: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) untaxed: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) vendor: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) notes: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) account: Option<Named>,
    /// The day of the approval or refusal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) decided_on: Option<Date>,
    /// Why it was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) refusal_reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) journal_entry: Option<Named>,
    /// What is still to be paid back, in the company's currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) due: Option<Amount>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) files: Vec<Receipt>,
    /// Others with the same employee, category, day and amount.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) duplicates: Vec<Named>,
    /// Others on which the same file hangs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) same_receipt: Vec<Named>,
    /// What you may do with it now: edit, approve, reset.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) you_may: Vec<&'static str>,
}

/// A file that hangs on an expense.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Receipt {
    pub(super) id: i64,
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) mimetype: Option<String>,
    pub(super) bytes: i64,
    /// The one that Odoo shows beside the expense.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) main: bool,
}

// Who spent the money. No doc comment: the argument's name says it in the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum PaidBy {
    Employee,
    Company,
}

impl PaidBy {
    /// What Odoo calls it.
    pub(super) const fn payment_mode(self) -> &'static str {
        match self {
            Self::Employee => "own_account",
            Self::Company => "company_account",
        }
    }

    /// What Odoo's word means.
    pub(super) fn of(payment_mode: &str) -> Self {
        if payment_mode == Self::Company.payment_mode() {
            Self::Company
        } else {
            Self::Employee
        }
    }

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde calls it with a reference"
    )]
    fn is_employee(&self) -> bool {
        *self == Self::Employee
    }
}
