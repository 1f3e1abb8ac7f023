//! The answer of `pl_summary`: a section for each company.

use jiff::civil::Date;
use odoo_json2::CompanyRef;
use schemars::JsonSchema;
use serde::Serialize;

use super::row::Row;
use super::section::Section;
use crate::answer::Answer;
use crate::period::Period;

/// Profit and loss.
#[derive(Debug, Serialize, JsonSchema)]
pub(in super::super) struct Report {
    /// Not all accounts are shown; the totals are complete all the same.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    truncated: bool,
    /// How many accounts there are, where not all are shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    returned: Option<usize>,
    /// What gets the rest.
    #[serde(skip_serializing_if = "Option::is_none")]
    rest: Option<&'static str>,
    /// Why these are not all entries.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'static str>,
    /// Amounts of two sections are not added up: they may be in two currencies.
    companies: Vec<Section>,
}

/// What is asked for one company.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub(super) company: CompanyRef,
    pub(super) period: Period,
    pub(super) earlier: Option<Period>,
    /// Today, where the period is not over and is compared with one that is.
    pub(super) unequal: Option<Date>,
    /// The columns, if there are to be any.
    pub(super) parts: Vec<Period>,
}

impl Report {
    pub(super) fn of(frames: Vec<Frame>, current: &[Row], earlier: &[Row]) -> Self {
        let section = |frame: Frame| {
            let company = frame.company.id;
            let own = |row: &&Row| row.company_id.as_ref().is_some_and(|of| of.id == company);
            Section::of(
                frame,
                current.iter().filter(own),
                earlier.iter().filter(own),
            )
        };
        let companies = frames.into_iter().map(section).collect();
        Self {
            truncated: false,
            total: None,
            returned: None,
            rest: None,
            note: None,
            companies,
        }
    }

    /// With a word on whose entries these are.
    pub(super) fn with_note(mut self, note: Option<&'static str>) -> Self {
        self.note = note;
        self
    }
}

impl Answer for Report {
    fn entries(&self) -> usize {
        self.companies.iter().map(Section::accounts).sum()
    }

    fn keep(&mut self, entries: usize) {
        self.total
            .get_or_insert(self.companies.iter().map(Section::accounts).sum());
        let mut left = entries;
        for section in &mut self.companies {
            section.keep_accounts(left);
            left -= section.accounts();
        }
        self.truncated = true;
        self.returned = Some(entries);
        self.rest = Some("name one company_id, leave out columns, or take detail totals");
    }
}
