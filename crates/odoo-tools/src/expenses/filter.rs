//! What expenses are chosen by: words for people, states and days, as domains.

use odoo_json2::{Domain, field};
use schemars::JsonSchema;
use serde::Deserialize;

use super::own;
use crate::error::ToolError;
use crate::session::UserSession;
use crate::words::Words;

// Where an expense stands. No doc comment: the argument's name says it in the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum StateFilter {
    Draft,
    Submitted,
    Approved,
    Refused,
    Posted,
    Paid,
}

impl StateFilter {
    pub(super) fn domain(self) -> Domain {
        let states: &[&str] = match self {
            Self::Draft => &["draft"],
            Self::Submitted => &["submitted"],
            Self::Approved => &["approved"],
            Self::Refused => &["refused"],
            Self::Posted => &["posted"],
            // The money is on its way, or has arrived.
            Self::Paid => &["in_payment", "paid"],
        };
        field("state").in_(states.iter().copied())
    }
}

/// By a part of the employee's name, or the user's own in all companies.
pub(super) async fn employee(user: &UserSession, name: &str) -> Result<Domain, ToolError> {
    if !name.eq_ignore_ascii_case("me") {
        return Ok(Words::of(name).within("employee_id.name"));
    }
    own::check_employed(user).await?;
    Ok(own::domain(user))
}

/// By a part of the category's name or code.
pub(super) fn category(words: &str) -> Domain {
    Words::of(words).within_any(&["product_id.name", "product_id.default_code"])
}

/// By a part of the department's name.
pub(super) fn department(words: &str) -> Domain {
    Words::of(words).within("department_id.name")
}

/// Handed in, and this user is the one who is asked.
pub(super) fn waits_for(user: &UserSession) -> Domain {
    let uid = user.profile().uid;
    field("state").eq("submitted")
        & (field("manager_id").eq(uid) | field("employee_id.expense_manager_id").eq(uid))
}
