//! The answer of `balance_sheet`: a section for each company.

use schemars::JsonSchema;
use serde::Serialize;

use super::section::Section;
use crate::answer::Answer;

/// Balance sheets.
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
    /// Amounts of two sections are not added up: they may be in two currencies.
    companies: Vec<Section>,
}

impl Report {
    pub(super) fn of(companies: Vec<Section>) -> Self {
        Self {
            truncated: false,
            total: None,
            returned: None,
            rest: None,
            companies,
        }
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
        self.rest = Some("name one company_id, take detail totals, or page through ledger_summary");
    }
}
