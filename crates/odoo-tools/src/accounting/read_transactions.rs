//! `read_transactions`: what happened on the bank accounts, or any lines of journal entries.

use jiff::civil::Date;
use odoo_json2::{Domain, field};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::books;
use crate::access::Access;
use crate::answer::{Answer, Page};
use crate::cursor::{Key, Order, Place};
use crate::error::ToolError;
use crate::listing::{Limit, Listing};
use crate::session::UserSession;
use crate::session::companies::Companies;
use crate::tool::Tool;
use crate::words::Words;
use bank::BankTransaction;
use item::JournalItem;
use totals::Total;

mod bank;
mod item;
mod totals;

/// List bank transactions, newest first; or, with `source` or `account`, lines of journal entries.
#[derive(Deserialize, JsonSchema)]
pub(super) struct ReadTransactions {
    source: Option<Source>,
    /// Name or code.
    journal: Option<String>,
    /// Code or name.
    account: Option<String>,
    partner: Option<String>,
    /// Label, reference or number.
    text: Option<String>,
    date_from: Option<Date>,
    date_to: Option<Date>,
    /// Whatever the sign.
    amount_min: Option<f64>,
    amount_max: Option<f64>,
    direction: Option<Direction>,
    reconciled: Option<bool>,
    /// Also entries not posted.
    drafts: Option<bool>,
    /// Also sums over all pages.
    totals: Option<bool>,
    company_id: Option<i64>,
    limit: Option<Limit>,
    cursor: Option<String>,
}

// Which records are meant. No doc comment: the tool's description says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Source {
    Bank,
    JournalItems,
}

// Money received or paid; of journal items, debit or credit.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Direction {
    In,
    Out,
}

/// A transaction of either source.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub(super) enum Transaction {
    /// What a bank reported.
    Bank(BankTransaction),
    /// A line of a journal entry.
    Item(JournalItem),
}

/// A page of transactions, and sums where they were asked for.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Transactions {
    /// Over all transactions that fit, not only those of this page; one per company and currency.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    totals: Vec<Total>,
    #[serde(flatten)]
    page: Page<Transaction>,
}

impl Answer for Transactions {
    fn entries(&self) -> usize {
        self.page.entries()
    }

    fn keep(&mut self, entries: usize) {
        self.page.keep(entries);
    }
}

impl Tool for ReadTransactions {
    const NAME: &'static str = "read_transactions";
    const TITLE: &'static str = "Read bank transactions";
    const ACCESS: Access = Access::Read;
    const NEEDS: &'static [&'static str] = &[bank::MODEL, item::MODEL];
    type Answer = Transactions;

    async fn run(self, user: &UserSession) -> Result<Transactions, ToolError> {
        let companies = user.companies(self.company_id)?;
        let source = self.source()?;
        let mut domain = self.domain(source) & companies.filter("company_id");
        if let Some(text) = &self.account {
            domain = domain & books::of_account(user, &companies, text).await?;
        }
        let listing = Listing::new(source.order(), self.cursor.as_deref(), self.limit)?;
        let page = source.page(listing, domain.clone(), user, &companies);
        if self.totals != Some(true) {
            let (totals, page) = (Vec::new(), page.await?);
            return Ok(Transactions { totals, page });
        }
        let totals = totals::of(source == Source::Bank, domain, user, &companies);
        let (page, totals) = tokio::try_join!(page, totals)?;
        Ok(Transactions { totals, page })
    }
}

impl ReadTransactions {
    /// What was asked for; only journal items have accounts.
    fn source(&self) -> Result<Source, ToolError> {
        match (self.source, &self.account) {
            (Some(Source::Bank), Some(_)) => Err(ToolError::argument(
                "bank transactions have no account; only journal items do",
                "Leave `account` out and name the bank's `journal`, or leave `source` out.",
            )),
            (None, Some(_)) => Ok(Source::JournalItems),
            (source, _) => Ok(source.unwrap_or(Source::Bank)),
        }
    }

    fn domain(&self, source: Source) -> Domain {
        let names = source.names();
        let any = |fields: &[&str], text: &String| Words::of(text).within_any(fields);
        Domain::all_of(
            [
                Some(source.domain(self.drafts == Some(true))),
                self.journal
                    .as_ref()
                    .map(|text| any(&["journal_id.name", "journal_id.code"], text)),
                self.partner.as_deref().map(|text| source.partner(text)),
                self.text.as_ref().map(|text| any(names.text, text)),
                self.date_from.map(|date| field("date").gte(date)),
                self.date_to.map(|date| field("date").lte(date)),
                self.amount(names.amount),
                self.reconciled.map(|wanted| source.reconciled(wanted)),
            ]
            .into_iter()
            .flatten(),
        )
    }

    /// The bounds of an amount and its direction. People say "over 500" of what they paid, too.
    fn amount(&self, name: &'static str) -> Option<Domain> {
        let within = |sign: f64| {
            let bounds = [
                self.amount_min
                    .map(|least| at_least(name, sign, least.abs())),
                self.amount_max
                    .map(|most| at_least(name, -sign, -most.abs())),
                Some(at_least(name, sign, 0.0) & field(name).ne(0.0)),
            ];
            Domain::all_of(bounds.into_iter().flatten())
        };
        match self.direction {
            Some(Direction::In) => Some(within(1.0)),
            Some(Direction::Out) => Some(within(-1.0)),
            None if self.amount_min.is_none() && self.amount_max.is_none() => None,
            None => Some(within(1.0) | within(-1.0)),
        }
    }
}

/// `sign * amount >= bound`.
fn at_least(name: &str, sign: f64, bound: f64) -> Domain {
    if sign > 0.0 {
        field(name).gte(bound)
    } else {
        field(name).lte(-bound)
    }
}

/// What the fields of a source are called.
struct Names {
    amount: &'static str,
    text: &'static [&'static str],
}

impl Source {
    const fn names(self) -> Names {
        match self {
            Self::Bank => bank::NAMES,
            Self::JournalItems => item::NAMES,
        }
    }

    const fn order(self) -> Order {
        Order {
            name: match self {
                Self::Bank => "bank",
                Self::JournalItems => "journal_items",
            },
            key: "date",
            kind: Key::Time,
            descending: true,
        }
    }

    /// The records that count at all.
    fn domain(self, drafts: bool) -> Domain {
        let state = match self {
            Self::Bank => "state",
            Self::JournalItems => "parent_state",
        };
        let counts = if drafts {
            field(state).ne("cancel")
        } else {
            field(state).eq("posted")
        };
        match self {
            Self::Bank => counts,
            Self::JournalItems => counts & item::with_amounts(),
        }
    }

    fn partner(self, text: &str) -> Domain {
        match self {
            Self::Bank => bank::partner(text),
            Self::JournalItems => books::partner("partner_id", text),
        }
    }

    fn reconciled(self, wanted: bool) -> Domain {
        match self {
            Self::Bank => field("is_reconciled").eq(wanted),
            Self::JournalItems => item::reconciled(wanted),
        }
    }

    async fn page(
        self,
        listing: Listing,
        domain: Domain,
        user: &UserSession,
        companies: &Companies<'_>,
    ) -> Result<Page<Transaction>, ToolError> {
        let context = companies.context();
        let (page, model) = match self {
            Self::Bank => {
                let shape = |row: bank::Row| {
                    let place = Place::by(row.date, row.id);
                    (place, Transaction::Bank(row.shape(companies)))
                };
                let page = listing.fetch::<bank::Row, _>(user, domain, context, shape);
                (page.await?, bank::MODEL)
            }
            Self::JournalItems => {
                let place = |row: item::Row| (Place::by(row.date, row.id), row);
                let mut page = listing.fetch(user, domain, context, place).await?;
                let coded = page.records_mut().iter_mut().filter_map(item::Row::coded);
                books::own_codes(user, companies, coded.collect()).await?;
                let shape = |row: item::Row| Transaction::Item(row.shape(companies));
                (page.map(shape), item::MODEL)
            }
        };
        Ok(page.with_link(user.link(model)))
    }
}
