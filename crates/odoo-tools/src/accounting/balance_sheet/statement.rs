//! The balances of one company at the end of one day, in the lines of a balance sheet.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::super::books;
use super::row::{AccountRow, ResultRow};
use crate::answer::Amount;

/// The three parts of a balance sheet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Assets,
    Liabilities,
    Equity,
}

/// The lines in their order, with the account type that belongs into each.
pub(super) const LINES: [(Side, &str, &str); 13] = [
    (Side::Assets, "bank_and_cash", "asset_cash"),
    (Side::Assets, "receivables", "asset_receivable"),
    (Side::Assets, "current_assets", "asset_current"),
    (Side::Assets, "prepayments", "asset_prepayments"),
    (Side::Assets, "fixed_assets", "asset_fixed"),
    (Side::Assets, "non_current_assets", "asset_non_current"),
    (Side::Liabilities, "payables", "liability_payable"),
    (Side::Liabilities, "credit_cards", "liability_credit_card"),
    (
        Side::Liabilities,
        "current_liabilities",
        "liability_current",
    ),
    (
        Side::Liabilities,
        "non_current_liabilities",
        "liability_non_current",
    ),
    (Side::Equity, "equity", "equity"),
    // What nobody allocated: the account that Odoo keeps for it, and the results it never posts.
    (Side::Equity, "previous_years_earnings", "equity_unaffected"),
    (Side::Equity, "current_year_earnings", ""),
];

/// The number of the line for the results of years that are over.
const PREVIOUS_YEARS: usize = 11;

/// The number of the line for the result of the current year.
const CURRENT_YEAR: usize = 12;

/// What Odoo knows of all companies at the end of a day.
#[derive(Debug)]
pub(super) struct Balances {
    pub(super) accounts: Vec<AccountRow>,
    pub(super) results: Vec<ResultRow>,
}

/// What is in which line and account; positive where it is usual.
#[derive(Debug, Default)]
pub(super) struct Statement {
    /// By number of the line.
    pub(super) lines: BTreeMap<usize, Amount>,
    /// By number of the line, name and id.
    pub(super) accounts: BTreeMap<(usize, String, i64), Amount>,
}

impl Statement {
    /// The balances of one company, whose fiscal year began on this day.
    pub(super) fn of(balances: &Balances, company: i64, year_start: Date) -> Self {
        let mut statement = Self::default();
        let mut result = Amount::default();
        for row in &balances.accounts {
            if row.company_id.as_ref().is_some_and(|of| of.id == company) {
                result += statement.add(row);
            }
        }
        let current = balances.results.iter().filter(|row| {
            row.company_id.as_ref().is_some_and(|of| of.id == company)
                && row
                    .time
                    .as_ref()
                    .is_some_and(|time| time.start >= year_start)
        });
        let current = current
            .filter_map(ResultRow::result)
            .fold(Amount::default(), |sum, result| sum + Amount::new(result));
        *statement.lines.entry(CURRENT_YEAR).or_default() += current;
        *statement.lines.entry(PREVIOUS_YEARS).or_default() += result - current;
        statement
    }

    /// The sum of a part.
    pub(super) fn total(&self, side: Side) -> Amount {
        let own = self
            .lines
            .iter()
            .filter(|(line, _)| LINES[**line].0 == side);
        own.fold(Amount::default(), |sum, (_, amount)| sum + *amount)
    }

    /// By how much the two columns of the sheet differ; nothing if it is complete.
    pub(super) fn difference(&self) -> Option<Amount> {
        let claims = self.total(Side::Liabilities) + self.total(Side::Equity);
        let difference = self.total(Side::Assets) - claims;
        // Half a cent, as no currency with finer units is kept to finer amounts by Odoo's books.
        (difference.get().abs() >= 0.005).then_some(difference)
    }

    /// Puts an account into its line, or gives what it adds to the result.
    fn add(&mut self, row: &AccountRow) -> Amount {
        let kind = row.account_type.as_deref().unwrap_or_default();
        let Some(line) = LINES.iter().position(|(_, _, of)| *of == kind) else {
            return Amount::new(-row.balance);
        };
        let amount = Amount::new(match LINES[line].0 {
            Side::Assets => row.balance,
            Side::Liabilities | Side::Equity => -row.balance,
        });
        *self.lines.entry(line).or_default() += amount;
        if let Some(account) = &row.account_id {
            let name = books::account_name(row.code.as_deref(), account);
            *self.accounts.entry((line, name, account.id)).or_default() += amount;
        }
        Amount::default()
    }
}
