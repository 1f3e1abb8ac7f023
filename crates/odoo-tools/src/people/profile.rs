//! An employee as `read_employee` shows one: the public profile, and beside it what only HR reads.

use jiff::civil::Date;
use odoo_json2::{Profile as User, Ref};
use schemars::JsonSchema;
use serde::Serialize;

use super::detail::Detail;
use super::skill::Skill;
use crate::answer::{Amount, Answer, Named};

pub(super) mod chain;
mod private;
pub(super) mod row;

/// An employee.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Employee {
    pub(super) id: i64,
    pub(super) name: String,
    /// How much of the record your rights let you see.
    pub(super) detail: Detail,
    /// It is you.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) is_you: bool,
    /// Left the company.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) archived: bool,
    #[serde(flatten)]
    pub(super) place: Place,
    #[serde(flatten)]
    pub(super) reach: Reach,
    #[serde(flatten)]
    pub(super) line: Line,
    /// The skills and certificates that count today.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) skills: Vec<Skill>,
    /// For HR only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) private: Option<Private>,
    /// For administrators of HR only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) contract: Option<Contract>,
    /// The record in Odoo.
    pub(super) link: String,
}

/// What somebody does, and where.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Place {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) job: Option<String>,
    /// The position in Odoo's job list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) position: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) department: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) company: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) location: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) working_hours: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) time_zone: Option<String>,
}

/// How to reach somebody.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Reach {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) mobile: Option<String>,
    /// The Odoo user of this person.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) user_id: Option<i64>,
    /// Day and month, of those who show it to colleagues.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) birthday: Option<String>,
}

/// Who leads, approves and reports.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Line {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) manager: Option<Named>,
    /// Whom the manager reports to, and so on upwards.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) above: Vec<Named>,
    /// Where it is not the manager.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) coach: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) time_off_approver: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) expense_approver: Option<String>,
    /// How many report directly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reports: Option<i64>,
    /// How many report directly or through others, where there are such.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reports_in_all: Option<i64>,
}

/// What HR officers read.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub(super) struct Private {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) employee_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) legal_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) date_of_birth: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) gender: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) marital_status: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) children: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) nationality: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) emergency_contact: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) identification_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) social_security_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) passport: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) visa: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) work_permit: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) bank_accounts: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) education: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) tags: Vec<String>,
    /// The first day of the present position.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) in_position_since: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) departure: Option<Date>,
}

/// The contract of the present position.
#[derive(Debug, Default, PartialEq, Serialize, JsonSchema)]
pub(super) struct Contract {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) from: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) until: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) trial_until: Option<Date>,
    /// Gross, as Odoo has it: of a month unless payroll says otherwise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) wage: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) currency: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) salary_structure: Option<String>,
}

impl Answer for Employee {}

impl Contract {
    /// The contract, unless there is none.
    pub(super) fn known(self) -> Option<Self> {
        (self != Self::default()).then_some(self)
    }
}

/// Whether an employee's user is the one who asks.
pub(super) fn is_you(asking: &User, user: Option<&Ref>) -> bool {
    user.is_some_and(|user| user.id == asking.uid)
}
