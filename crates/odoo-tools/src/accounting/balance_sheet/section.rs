//! The balance sheet of one company.

use std::collections::BTreeMap;

use jiff::civil::Date;
use odoo_json2::CompanyRef;
use schemars::JsonSchema;
use serde::Serialize;

use super::statement::{LINES, Side, Statement};
use crate::answer::{Amount, Named};

/// What to make of a sheet whose columns differ.
const UNBALANCED: &str = "assets differ from liabilities and equity: record rules hide some items \
                          from you, or entries were changed past Odoo; do not rely on this sheet";

/// A company's balance sheet, in its own currency.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Section {
    company: Named,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<String>,
    as_of: Date,
    /// The day that `other` speaks of.
    #[serde(skip_serializing_if = "Option::is_none")]
    compared_to: Option<Date>,
    /// Whether assets are liabilities and equity, on both days.
    balanced: bool,
    /// By how much assets are more, where they are not.
    #[serde(skip_serializing_if = "Option::is_none")]
    difference: Option<Figures>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'static str>,
    /// Positive where it is usual; lines with nothing are left out.
    totals: Vec<Total>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    accounts: Vec<Account>,
}

/// A line of the sheet, or the sum of several.
#[derive(Debug, Serialize, JsonSchema)]
struct Total {
    line: &'static str,
    #[serde(flatten)]
    figures: Figures,
}

/// One account of a line.
#[derive(Debug, Serialize, JsonSchema)]
struct Account {
    account: Named,
    line: &'static str,
    #[serde(flatten)]
    figures: Figures,
}

/// An amount, and what it is on the day that is compared.
#[derive(Clone, Copy, Debug, Default, Serialize, JsonSchema)]
struct Figures {
    amount: Amount,
    #[serde(skip_serializing_if = "Option::is_none")]
    other: Option<Amount>,
}

impl Section {
    pub(super) fn of(
        company: &CompanyRef,
        (day, statement): (Date, Statement),
        other: Option<(Date, Statement)>,
    ) -> Self {
        let (compared_to, other) = other.unzip();
        let pair = |of: &dyn Fn(&Statement) -> Amount| Figures {
            amount: of(&statement),
            other: other.as_ref().map(of),
        };
        let difference = pair(&|statement| statement.difference().unwrap_or_default());
        let balanced = !difference.is_something();
        let is_empty = |statement: &Statement| statement.accounts.is_empty();
        let nothing = is_empty(&statement) && other.as_ref().is_none_or(is_empty);
        let note = if balanced {
            nothing.then_some("nothing posted until then")
        } else {
            Some(UNBALANCED)
        };
        Self {
            company: Named {
                id: company.id,
                name: company.name.clone(),
            },
            currency: company
                .currency
                .as_ref()
                .map(|currency| currency.name.clone()),
            as_of: day,
            compared_to,
            balanced,
            difference: (!balanced).then_some(difference),
            note,
            totals: totals(&pair),
            accounts: accounts(&statement, other.as_ref()),
        }
    }

    /// With the accounts of each line, or without.
    pub(super) fn with_accounts(mut self, wanted: bool) -> Self {
        if !wanted {
            self.accounts.clear();
        }
        self
    }

    /// How many accounts are listed.
    pub(super) const fn accounts(&self) -> usize {
        self.accounts.len()
    }

    /// Lists only the first accounts. The totals stay what they are.
    pub(super) fn keep_accounts(&mut self, count: usize) {
        self.accounts.truncate(count);
    }
}

/// The lines of each part with its sum, and the sum of the two parts that answer the first.
fn totals(pair: &impl Fn(&dyn Fn(&Statement) -> Amount) -> Figures) -> Vec<Total> {
    let mut totals = Vec::new();
    for (side, name) in [
        (Side::Assets, "total_assets"),
        (Side::Liabilities, "total_liabilities"),
        (Side::Equity, "total_equity"),
    ] {
        let own = LINES.iter().enumerate().filter(|(_, line)| line.0 == side);
        totals.extend(own.filter_map(|(index, (_, line, _))| {
            let amount = |of: &Statement| of.lines.get(&index).copied().unwrap_or_default();
            let figures = pair(&amount);
            figures.is_something().then_some(Total { line, figures })
        }));
        totals.push(Total {
            line: name,
            figures: pair(&|of| of.total(side)),
        });
    }
    totals.push(Total {
        line: "liabilities_and_equity",
        figures: pair(&|of| of.total(Side::Liabilities) + of.total(Side::Equity)),
    });
    totals
}

/// The accounts that have a balance on one of the days, in the order of the sheet.
fn accounts(statement: &Statement, other: Option<&Statement>) -> Vec<Account> {
    let zero = Figures {
        amount: Amount::default(),
        other: other.map(|_| Amount::default()),
    };
    let mut accounts: BTreeMap<&(usize, String, i64), Figures> = BTreeMap::new();
    for (key, amount) in &statement.accounts {
        accounts.entry(key).or_insert(zero).amount = *amount;
    }
    for (key, amount) in other.into_iter().flat_map(|other| &other.accounts) {
        accounts.entry(key).or_insert(zero).other = Some(*amount);
    }
    accounts
        .into_iter()
        .filter(|(_, figures)| figures.is_something())
        .map(|((line, name, id), figures)| Account {
            account: Named {
                id: *id,
                name: name.clone(),
            },
            line: LINES[*line].1,
            figures,
        })
        .collect()
}

impl Figures {
    fn is_something(&self) -> bool {
        !self.amount.is_zero() || self.other.is_some_and(|other| !other.is_zero())
    }
}
