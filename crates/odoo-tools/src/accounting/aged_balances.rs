//! `aged_balances`: what customers owe, or is owed to vendors, by how long it has been due.
//!
//! Odoo keeps of each item what is open now. For an earlier day the matches made since then are
//! undone: an item of that time had its present rest, and what was matched with it later on top.
//! So the answer for any day is that day's, and adds up to the balance of the accounts.

use jiff::civil::Date;
use odoo_json2::field;
use schemars::JsonSchema;
use serde::Deserialize;

use super::books;
use super::sections::{Course, Section, Sections};
use crate::access::Access;
use crate::cursor::{Key, Order};
use crate::error::ToolError;
use crate::listing::Limit;
use crate::session::UserSession;
use crate::session::companies::Companies;
use crate::sums::{self, Sums};
use crate::tool::Tool;
use debts::{Aged, Debts, Head};
use row::{Item, Match};

mod buckets;
mod debts;
mod row;

/// What items are grouped by that have a due date.
const DUE: &str = "date_maturity:day";

/// What those are grouped by that have none.
const BOOKED: &str = "date:day";

/// Open receivables or payables per partner by days overdue, at the end of a day (default today),
/// in the company's currency. Negative: unmatched payments or refunds.
#[derive(Deserialize, JsonSchema)]
pub(super) struct AgedBalances {
    kind: Kind,
    as_of: Option<Date>,
    partner: Option<String>,
    company_id: Option<i64>,
    order: Option<OrderBy>,
    limit: Option<Limit>,
    cursor: Option<String>,
}

// Whose debts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Receivable,
    Payable,
}

// How the partners are sorted; the first is the default.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum OrderBy {
    Largest,
    Oldest,
}

impl Tool for AgedBalances {
    const NAME: &'static str = "aged_balances";
    const TITLE: &'static str = "Aged receivables and payables";
    const ACCESS: Access = Access::Read;
    const NEEDS: &'static [&'static str] = &[books::ITEMS, books::ACCOUNTS, books::MATCHES];
    type Answer = Sections<Head, Aged>;

    async fn run(self, user: &UserSession) -> Result<Self::Answer, ToolError> {
        let order = self.order.unwrap_or(OrderBy::Largest);
        let course = Course {
            order: order.order(),
            cursor: order.order().resume(self.cursor.as_deref())?,
            limit: self.limit.unwrap_or(Limit::MOST),
        };
        let companies = user.companies(self.company_id)?;
        let day = self.as_of.unwrap_or_else(|| user.today());
        let (dated, undated, matches) = tokio::try_join!(
            self.items(user, &companies, day, DUE),
            self.items(user, &companies, day, BOOKED),
            self.matches(user, &companies, day),
        )?;
        let mut debts = Debts::new(day, self.kind.sign());
        dated
            .iter()
            .chain(&undated)
            .for_each(|item| debts.add(item));
        matches.iter().for_each(|undone| debts.undo(undone));
        let sections = companies.iter().map(|company| {
            let (head, mut rows) = debts.take(company.id);
            rows.sort_by_key(|row| order.rank(row));
            Section::new(company, head, rows)
        });
        Ok(Sections::page(&course, sections.collect()))
    }
}

impl AgedBalances {
    /// What is open now of the items that were there by the end of the day, by the day they are
    /// due. Those without such a day are asked for by themselves: by both days together there would
    /// be nearly as many groups as items.
    async fn items(
        &self,
        user: &UserSession,
        companies: &Companies<'_>,
        day: Date,
        by: &str,
    ) -> Result<Vec<Item>, ToolError> {
        let mut domain = books::posted()
            & field("account_id.account_type").eq(self.kind.account_type())
            & field("reconciled").eq(false)
            & field("date").lte(day)
            & if by == DUE {
                field("date_maturity").is_set()
            } else {
                field("date_maturity").is_not_set()
            };
        if let Some(name) = &self.partner {
            domain = domain & books::partner("partner_id", name);
        }
        Ok(user
            .odoo()
            .group_model(books::ITEMS, domain)
            .by("company_id")
            .by("partner_id")
            .by(by)
            .sum("amount_residual")
            .context(companies.context())
            .rows()
            .await?)
    }

    /// What was matched after the day with items that were there by its end.
    ///
    /// A match is as old as the younger of its two items, so that exactly one of them was there.
    async fn matches(
        &self,
        user: &UserSession,
        companies: &Companies<'_>,
        day: Date,
    ) -> Result<Vec<Match>, ToolError> {
        let own: Vec<i64> = companies.iter().map(|company| company.id).collect();
        let side = |end: &str| {
            let was_there = field(format!("{end}.date")).lte(day)
                & field(format!("{end}.company_id")).in_(own.clone());
            match &self.partner {
                Some(name) => was_there & books::partner(&format!("{end}.partner_id"), name),
                None => was_there,
            }
        };
        let sums = Sums {
            model: books::MATCHES,
            domain: field("max_date").gt(day)
                & field("debit_move_id.account_id.account_type").eq(self.kind.account_type())
                & (side("debit_move_id") | side("credit_move_id")),
            sets: &[&row::BY_DEBIT, &row::BY_CREDIT],
            aggregates: &["amount:sum"],
        };
        let sets = sums.ask(user, companies.context()).await?;
        let mut matches: Vec<Match> = sums::rows(sets.first())?;
        matches.extend(sums::rows::<Match>(sets.get(1))?);
        matches.retain(|one| one.date.as_ref().is_some_and(|date| date.start <= day));
        Ok(matches)
    }
}

impl Kind {
    const fn account_type(self) -> &'static str {
        match self {
            Self::Receivable => "asset_receivable",
            Self::Payable => "liability_payable",
        }
    }

    /// Debts are positive, whoever has them.
    const fn sign(self) -> f64 {
        match self {
            Self::Receivable => 1.0,
            Self::Payable => -1.0,
        }
    }
}

impl OrderBy {
    const fn order(self) -> Order {
        Order {
            name: match self {
                Self::Largest => "largest",
                Self::Oldest => "oldest",
            },
            key: "",
            kind: Key::Choice,
            descending: false,
        }
    }
}
