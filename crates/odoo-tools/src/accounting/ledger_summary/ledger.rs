//! The rows of a ledger, made of what was there before a period and what moved in it.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::row::{Earned, Entry, Figures, Row};
use crate::period::Period;

/// All rows, sorted by company and name.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    companies: BTreeMap<i64, BTreeMap<(String, i64, String), Entry>>,
    /// What earlier fiscal years earned and nobody allocated.
    earned: BTreeMap<i64, Entry>,
}

/// The days of a company's ledger and the sum of its rows.
#[derive(Debug, Serialize, JsonSchema)]
pub(in super::super) struct Head {
    #[serde(flatten)]
    period: Period,
    /// Why there are no rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'static str>,
    totals: Figures,
}

impl Ledger {
    pub(super) fn of(opening: &[Row], moved: &[Row]) -> Self {
        let mut ledger = Self::default();
        for row in opening {
            ledger.figures(row).open(row.balance);
        }
        for row in moved {
            ledger.figures(row).moved(row.debit, row.credit);
        }
        ledger
    }

    /// Adds what earlier fiscal years earned.
    pub(super) fn carry(&mut self, earned: &[Earned]) {
        for row in earned {
            let company = row.company_id.as_ref().map_or(0, |company| company.id);
            self.earned.insert(company, row.entry());
        }
    }

    /// The part of one company; what earlier years earned comes last, as in Odoo's own ledger.
    pub(super) fn take(&mut self, company: i64, period: Period) -> (Head, Vec<Entry>) {
        let own = self.companies.remove(&company).unwrap_or_default();
        let earned = self.earned.remove(&company);
        let mut entries: Vec<Entry> = own.into_values().chain(earned).collect();
        entries.retain(|entry| !entry.figures.is_nothing());
        let mut totals = Figures::default();
        entries.iter().for_each(|entry| totals.add(&entry.figures));
        let note = entries
            .is_empty()
            .then_some("nothing posted here that you may see");
        let head = Head {
            period,
            note,
            totals,
        };
        (head, entries)
    }

    fn figures(&mut self, row: &Row) -> &mut Figures {
        let company = row.company_id.as_ref().map_or(0, |company| company.id);
        let own = self.companies.entry(company).or_default();
        let entry = own.entry(row.key()).or_insert_with(|| row.entry());
        &mut entry.figures
    }
}
