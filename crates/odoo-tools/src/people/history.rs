//! What became of an employee over time, as `read_employee_history` tells it.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::detail::Detail;
use super::profile::Contract;
use super::skill::Skill;
use crate::answer::{Answer, Named};

mod changes;
pub(super) mod row;

/// The history of an employee, each list from the newest entry on.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct History {
    pub(super) employee: Named,
    /// How much of the record your rights let you see.
    pub(super) detail: Detail,
    /// Left the company.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) archived: bool,
    /// What HR keeps on each position.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) versions: Vec<Version>,
    /// Job titles within the company, as every colleague sees them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) positions: Vec<Position>,
    /// Work elsewhere, education and courses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) resume: Vec<ResumeLine>,
    /// Not all lines of the résumé are shown; the record in Odoo has them.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) truncated: bool,
    /// Skills and certificates, with those that ran out or were surpassed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) skills: Vec<Skill>,
    /// The record in Odoo.
    pub(super) link: String,
}

/// What was true of an employee for a time.
#[derive(Debug, PartialEq, Serialize, JsonSchema)]
pub(super) struct Version {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) from: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) until: Option<Date>,
    /// It holds today.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) current: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) job: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) position: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) department: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) location: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) working_hours: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) employee_type: Option<String>,
    /// For administrators of HR only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) contract: Option<Contract>,
    /// What became different with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) changed: Vec<String>,
}

/// A job title within the company.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Position {
    pub(super) job: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) from: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) until: Option<Date>,
}

/// A line of a résumé.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ResumeLine {
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) from: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) until: Option<Date>,
    /// As Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) description: Option<String>,
}

impl Answer for History {
    fn entries(&self) -> usize {
        self.resume.len()
    }

    fn keep(&mut self, entries: usize) {
        self.resume.truncate(entries);
        self.truncated = true;
    }
}
