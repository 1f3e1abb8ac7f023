//! Every posted journal item and every match, read one by one.

use std::collections::BTreeMap;

use anyhow::Context as _;
use jiff::civil::Date;
use odoo_json2::{Domain, Odoo, Record, Ref, field};

/// More than the demo company has of anything.
const ALL: usize = 100_000;

/// The books of all companies of a person.
#[derive(Debug)]
pub(super) struct Books {
    pub(super) companies: Vec<Company>,
    pub(super) items: Vec<Item>,
    pub(super) matches: Vec<Match>,
}

/// A company and the end of its fiscal year.
#[derive(Clone, Debug)]
pub(super) struct Company {
    pub(super) id: i64,
    pub(super) name: String,
    last_month: i8,
    last_day: i8,
}

/// A posted journal item, in whole cents.
#[derive(Clone, Debug)]
pub(super) struct Item {
    pub(super) id: i64,
    pub(super) company: i64,
    pub(super) date: Date,
    pub(super) due: Date,
    pub(super) account: i64,
    pub(super) kind: String,
    pub(super) partner: i64,
    pub(super) debit: i64,
    pub(super) credit: i64,
}

/// What of two items was matched with each other, and since when.
#[derive(Clone, Debug)]
pub(super) struct Match {
    pub(super) day: Date,
    pub(super) amount: i64,
    pub(super) debit: i64,
    pub(super) credit: i64,
}

#[derive(Debug, Record)]
#[odoo(model = "account.move.line")]
struct ItemRow {
    id: i64,
    company_id: Ref,
    date: Date,
    date_maturity: Option<Date>,
    account_id: Option<Ref>,
    account_type: Option<String>,
    partner_id: Option<Ref>,
    debit: f64,
    credit: f64,
}

#[derive(Debug, Record)]
#[odoo(model = "account.partial.reconcile")]
struct MatchRow {
    max_date: Date,
    amount: f64,
    debit_move_id: Ref,
    credit_move_id: Ref,
}

#[derive(Debug, Record)]
#[odoo(model = "res.company")]
struct CompanyRow {
    id: i64,
    name: String,
    fiscalyear_last_month: String,
    fiscalyear_last_day: i64,
}

impl Books {
    pub(super) async fn read(odoo: &Odoo) -> anyhow::Result<Self> {
        let posted = field("parent_state").eq("posted") & field("account_id").is_set();
        let items = odoo.search::<ItemRow>(posted).order("id").limit(ALL);
        let matches = odoo.search::<MatchRow>(Domain::all()).limit(ALL);
        let companies = odoo.search::<CompanyRow>(Domain::all()).order("id");
        let companies = companies.await?.records.into_iter().map(|row| {
            Ok(Company {
                id: row.id,
                name: row.name,
                last_month: row.fiscalyear_last_month.parse()?,
                last_day: i8::try_from(row.fiscalyear_last_day)?,
            })
        });
        Ok(Self {
            companies: companies.collect::<anyhow::Result<_>>()?,
            items: items.await?.records.into_iter().map(Item::of).collect(),
            matches: matches.await?.records.iter().map(Match::of).collect(),
        })
    }

    /// The items of a company.
    pub(super) fn of(&self, company: &Company) -> impl Iterator<Item = &Item> {
        let id = company.id;
        self.items.iter().filter(move |item| item.company == id)
    }
}

impl Company {
    /// The first day of the fiscal year that a day lies in.
    pub(super) fn year_start(&self, day: Date) -> anyhow::Result<Date> {
        let end_in = |year: i16| -> anyhow::Result<Date> {
            let month = Date::new(year, self.last_month, 1)?;
            Ok(Date::new(
                year,
                self.last_month,
                self.last_day.min(month.days_in_month()),
            )?)
        };
        let this = end_in(day.year())?;
        let last = if this < day {
            this
        } else {
            end_in(day.year() - 1)?
        };
        last.tomorrow().context("a year without end")
    }
}

impl Item {
    pub(super) fn balance(&self) -> i64 {
        self.debit - self.credit
    }

    /// Whether it belongs to profit and loss.
    pub(super) fn is_result(&self) -> bool {
        self.kind.starts_with("income") || self.kind.starts_with("expense")
    }

    fn of(row: ItemRow) -> Self {
        let id = |record: Option<Ref>| record.map_or(0, |record| record.id);
        Self {
            id: row.id,
            company: row.company_id.id,
            date: row.date,
            due: row.date_maturity.unwrap_or(row.date),
            account: id(row.account_id),
            kind: row.account_type.unwrap_or_default(),
            partner: id(row.partner_id),
            debit: cents(row.debit),
            credit: cents(row.credit),
        }
    }
}

impl Match {
    fn of(row: &MatchRow) -> Self {
        Self {
            day: row.max_date,
            amount: cents(row.amount),
            debit: row.debit_move_id.id,
            credit: row.credit_move_id.id,
        }
    }
}

/// Adds up by any key.
pub(super) fn sums<K: Ord>(parts: impl Iterator<Item = (K, i64)>) -> BTreeMap<K, i64> {
    let mut sums = BTreeMap::new();
    for (key, cents) in parts {
        *sums.entry(key).or_insert(0) += cents;
    }
    sums
}

fn cents(amount: f64) -> i64 {
    (amount * 100.0).round() as i64
}
