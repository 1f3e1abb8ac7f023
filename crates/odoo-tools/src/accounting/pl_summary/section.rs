//! Profit and loss of one company.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Serialize, Serializer};

use super::report::Frame;
use super::row::Row;
use crate::answer::{Amount, Named};
use crate::period::Period;

/// The account types of a profit and loss statement, in its order, with the line each belongs to.
const TYPES: [(&str, &str); 6] = [
    ("income", "revenue"),
    ("expense_direct_cost", "cost_of_revenue"),
    ("expense", "operating_expenses"),
    ("expense_depreciation", "depreciation"),
    ("income_other", "other_income"),
    ("expense_other", "other_expenses"),
];

/// A company's profit and loss, in its own currency.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Section {
    company: Named,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<String>,
    from: Date,
    to: Date,
    /// The period that `previous` speaks of.
    #[serde(skip_serializing_if = "Option::is_none")]
    previous: Option<Period>,
    /// Why `amount` and `previous` must not be compared as they stand.
    #[serde(skip_serializing_if = "Option::is_none")]
    unequal: Option<String>,
    /// What zeros in `totals` mean.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'static str>,
    /// Income and expenses are positive where they are usual; a loss is negative.
    totals: Vec<Total>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    accounts: Vec<Account>,
}

/// A line of the statement.
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

/// An amount for the period, for the one before, and for each column.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
struct Figures {
    amount: Amount,
    #[serde(skip_serializing_if = "Option::is_none")]
    previous: Option<Amount>,
    #[serde(flatten, serialize_with = "by_label")]
    #[schemars(with = "BTreeMap<String, Amount>")]
    columns: Vec<(String, Amount)>,
}

/// What is summed up by line, and by account within a line: number of the line, name and id.
#[derive(Debug, Default)]
struct Sums {
    lines: BTreeMap<usize, Figures>,
    accounts: BTreeMap<(usize, String, i64), Figures>,
}

impl Section {
    /// Sums up what belongs to the company of this frame.
    pub(super) fn of<'a>(
        frame: Frame,
        current: impl Iterator<Item = &'a Row>,
        earlier: impl Iterator<Item = &'a Row>,
    ) -> Self {
        let mut sums = Sums::default();
        for (row, is_earlier) in current
            .map(|row| (row, false))
            .chain(earlier.map(|row| (row, true)))
        {
            sums.add(&frame, row, is_earlier);
        }
        // Record rules may hide entries, so nothing found is not the same as nothing there.
        let note = sums
            .lines
            .is_empty()
            .then_some("nothing posted here that you may see");
        let totals = sums.totals(&Figures::empty(&frame));
        let unequal = frame.unequal.map(|today| unequal(frame.period, today));
        let Frame {
            company,
            period,
            earlier,
            ..
        } = frame;
        Self {
            company: Named {
                id: company.id,
                name: company.name,
            },
            currency: company.currency.map(|currency| currency.name),
            from: period.from,
            to: period.to,
            previous: earlier,
            unequal,
            note,
            totals,
            accounts: sums.accounts.into_iter().map(Account::of).collect(),
        }
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

impl Sums {
    fn add(&mut self, frame: &Frame, row: &Row, is_earlier: bool) {
        // Types that are no income and no expense are not asked for; new ones may come.
        let Some(line) = TYPES.iter().position(|(name, _)| *name == row.account_type) else {
            return;
        };
        let amount = Amount::new(if is_income(line) {
            -row.balance
        } else {
            row.balance
        });
        let add = |figures: &mut Figures| figures.add(amount, is_earlier, row, &frame.parts);
        add(self
            .lines
            .entry(line)
            .or_insert_with(|| Figures::empty(frame)));
        if let Some((id, name)) = row.account() {
            add(self
                .accounts
                .entry((line, name, id))
                .or_insert_with(|| Figures::empty(frame)));
        }
    }

    /// The statement: the lines that have figures, and the two profits among them.
    fn totals(&self, empty: &Figures) -> Vec<Total> {
        let mut totals = Vec::new();
        let mut profit = empty.clone();
        for (index, (_, line)) in TYPES.iter().enumerate() {
            match self.lines.get(&index) {
                Some(figures) => {
                    profit = profit.plus(figures, is_income(index));
                    totals.push(Total {
                        line,
                        figures: figures.clone(),
                    });
                }
                None if *line == "revenue" => totals.push(Total {
                    line,
                    figures: empty.clone(),
                }),
                None => {}
            }
            // Gross profit stands between the direct costs and all others.
            if *line == "cost_of_revenue" {
                totals.push(Total {
                    line: "gross_profit",
                    figures: profit.clone(),
                });
            }
        }
        totals.push(Total {
            line: "net_profit",
            figures: profit,
        });
        totals
    }
}

/// What to tell of a period that is compared with one that is over.
fn unequal(period: Period, today: Date) -> String {
    let days = |to: Date| (to - period.from).get_days() + 1;
    format!(
        "{} to {} is not over: {} of its {} days, until {today}, stand against a whole period. For \
         the same days of both ask with until_today.",
        period.from,
        period.to,
        days(today),
        days(period.to),
    )
}

fn is_income(line: usize) -> bool {
    TYPES[line].0.starts_with("income")
}

impl Account {
    fn of(((line, name, id), figures): ((usize, String, i64), Figures)) -> Self {
        Self {
            account: Named { id, name },
            line: TYPES[line].1,
            figures,
        }
    }
}

impl Figures {
    /// Nothing, in all the columns that the frame has.
    fn empty(frame: &Frame) -> Self {
        Self {
            amount: Amount::default(),
            previous: frame.earlier.map(|_| Amount::default()),
            columns: frame
                .parts
                .iter()
                .map(|part| (label(*part), Amount::default()))
                .collect(),
        }
    }

    fn add(&mut self, amount: Amount, is_earlier: bool, row: &Row, parts: &[Period]) {
        if is_earlier {
            self.previous = self.previous.map(|sum| sum + amount);
            return;
        }
        self.amount += amount;
        let Some(month) = &row.month else { return };
        // A month that the period cuts begins before its first part.
        let day =
            |part: &Period| part.from.first_of_month() <= month.start && month.start <= part.to;
        if let Some(index) = parts.iter().position(day) {
            self.columns[index].1 += amount;
        }
    }

    fn plus(&self, other: &Self, is_income: bool) -> Self {
        let join = |left: Amount, right: Amount| {
            if is_income {
                left + right
            } else {
                left - right
            }
        };
        let columns = self.columns.iter().zip(&other.columns);
        Self {
            amount: join(self.amount, other.amount),
            previous: self
                .previous
                .zip(other.previous)
                .map(|(left, right)| join(left, right)),
            columns: columns
                .map(|(left, right)| (left.0.clone(), join(left.1, right.1)))
                .collect(),
        }
    }
}

/// `2026-01` for a month, and the first and the last one for anything longer.
fn label(part: Period) -> String {
    let month = |day: Date| day.strftime("%Y-%m").to_string();
    let (first, last) = (month(part.from), month(part.to));
    if first == last {
        first
    } else {
        format!("{first} to {last}")
    }
}

/// The columns as members, in their order.
fn by_label<S: Serializer>(columns: &[(String, Amount)], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(columns.iter().map(|(label, amount)| (label, amount)))
}
