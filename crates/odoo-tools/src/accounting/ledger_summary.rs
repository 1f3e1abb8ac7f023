//! `ledger_summary`: what each account, or each partner, began a period with, moved and ended with.

use std::collections::BTreeMap;

use jiff::civil::Date;
use odoo_json2::{Domain, field};
use schemars::JsonSchema;
use serde::Deserialize;

use super::books;
use super::sections::{Course, Section, Sections};
use crate::access::Access;
use crate::cursor::{Key, Order};
use crate::error::ToolError;
use crate::listing::Limit;
use crate::period::{self, Period, Relative};
use crate::session::UserSession;
use crate::session::companies::Companies;
use crate::tool::Tool;
use ledger::{Head, Ledger};
use row::{Earned, Entry, Row};

mod ledger;
mod row;

/// Opening, debit, credit and closing of posted entries per account, or per partner for receivables
/// and payables. Income and expenses open at zero each fiscal year; what earlier years earned is a
/// row of its own. Default is this fiscal year.
#[derive(Deserialize, JsonSchema)]
pub(super) struct LedgerSummary {
    by: Option<By>,
    /// Quarters and years are fiscal.
    period: Option<Relative>,
    /// Instead of period.
    date_from: Option<Date>,
    date_to: Option<Date>,
    /// Code or name.
    account: Option<String>,
    kind: Option<Kind>,
    partner: Option<String>,
    company_id: Option<i64>,
    limit: Option<Limit>,
    cursor: Option<String>,
}

// What a row is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum By {
    Accounts,
    Partners,
}

// Which accounts are looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Receivable,
    Payable,
    BankAndCash,
    Assets,
    Liabilities,
    Equity,
    Income,
    Expenses,
}

impl Tool for LedgerSummary {
    const NAME: &'static str = "ledger_summary";
    const TITLE: &'static str = "Ledger";
    const ACCESS: Access = Access::Read;
    const NEEDS: &'static [&'static str] = &[books::ITEMS, books::ACCOUNTS];
    type Answer = Sections<Head, Entry>;

    async fn run(self, user: &UserSession) -> Result<Self::Answer, ToolError> {
        let by = self.by.unwrap_or(By::Accounts);
        let course = Course {
            order: by.order(),
            cursor: by.order().resume(self.cursor.as_deref())?,
            limit: self.limit.unwrap_or(Limit::MOST),
        };
        let companies = user.companies(self.company_id)?;
        let (mut periods, mut years) = (BTreeMap::new(), BTreeMap::new());
        for company in companies.iter() {
            let year = user.fiscal_year(company).await?;
            let days = (self.date_from, self.date_to);
            let period = Period::asked(self.period, days, user.today(), year)?;
            periods.insert(company.id, period);
            years.insert(company.id, Period::year(period.from, year).from);
        }
        let mut wanted = books::posted() & self.accounts(by)? & self.partners();
        if let Some(text) = &self.account {
            wanted = wanted & books::of_account(user, &companies, text).await?;
        }
        let days = period::days(periods.iter().map(|(company, period)| (*company, *period)));
        let (mut opening, mut moved, earned) = tokio::try_join!(
            by.rows(user, &companies, wanted.clone() & before(&periods, &years)),
            by.rows(user, &companies, wanted & days),
            self.earned(user, &companies, &years),
        )?;
        let coded = opening.iter_mut().chain(&mut moved).filter_map(Row::coded);
        books::own_codes(user, &companies, coded.collect()).await?;
        let mut ledger = Ledger::of(&opening, &moved);
        ledger.carry(&earned);
        let sections = companies.iter().map(|company| {
            let period = periods[&company.id];
            let (head, entries) = ledger.take(company.id, period);
            Section::new(company, head, entries)
        });
        Ok(Sections::page(&course, sections.collect()).with_note(books::partly(user)))
    }
}

impl LedgerSummary {
    /// The kind of accounts that is asked for.
    fn accounts(&self, by: By) -> Result<Domain, ToolError> {
        let kind = match (self.kind, by) {
            (None, By::Accounts) => books::of_balance() | books::of_result(),
            (None, By::Partners) => Kind::of_partners(),
            (Some(kind), _) if by == By::Accounts || kind.is_of_partners() => kind.domain(),
            (Some(_), _) => {
                return Err(ToolError::argument(
                    "only receivables and payables are kept by partner",
                    "Take `kind` receivable or payable, or `by` accounts with a `partner`.",
                ));
            }
        };
        Ok(kind)
    }

    /// What the fiscal years before those of the periods earned, by company.
    ///
    /// Odoo posts no closing of a year and adds this to its ledger as undistributed earnings, so
    /// that it closes; it belongs to equity and to no account and partner that one could name.
    async fn earned(
        &self,
        user: &UserSession,
        companies: &Companies<'_>,
        years: &BTreeMap<i64, Date>,
    ) -> Result<Vec<Earned>, ToolError> {
        let is_named = self.account.is_some() || self.partner.is_some();
        let is_of_equity = matches!(self.kind, None | Some(Kind::Equity));
        if is_named || !is_of_equity || self.by == Some(By::Partners) {
            return Ok(Vec::new());
        }
        let before = years
            .iter()
            .map(|(company, start)| field("company_id").eq(*company) & field("date").lt(*start));
        let results = books::posted() & books::of_result() & Domain::any_of(before);
        Ok(user
            .odoo()
            .group_model(books::ITEMS, results)
            .by("company_id")
            .sum("balance")
            .context(companies.context())
            .rows()
            .await?)
    }

    fn partners(&self) -> Domain {
        let name = self.partner.as_deref();
        name.map_or_else(Domain::all, |name| books::partner("partner_id", name))
    }
}

/// What was there when the periods began; of income and expenses only what their year had brought.
///
/// Retained earnings that somebody posted are carried forward like any other balance.
fn before(periods: &BTreeMap<i64, Period>, years: &BTreeMap<i64, Date>) -> Domain {
    Domain::any_of(periods.iter().map(|(company, period)| {
        let this_year = books::of_result() & field("date").gte(years[company]);
        field("company_id").eq(*company)
            & field("date").lt(period.from)
            & (books::of_balance() | this_year)
    }))
}

impl By {
    const fn order(self) -> Order {
        Order {
            name: match self {
                Self::Accounts => "accounts",
                Self::Partners => "partners",
            },
            key: "",
            kind: Key::Choice,
            descending: false,
        }
    }

    async fn rows(
        self,
        user: &UserSession,
        companies: &Companies<'_>,
        domain: Domain,
    ) -> Result<Vec<Row>, ToolError> {
        let group = user
            .odoo()
            .group_model(books::ITEMS, domain)
            .by("company_id")
            .by("account_id.account_type");
        let group = match self {
            Self::Accounts => group.by("account_id.placeholder_code").by("account_id"),
            Self::Partners => group.by("partner_id"),
        };
        Ok(group
            .sum("debit")
            .sum("credit")
            .sum("balance")
            .context(companies.context())
            .rows::<Row>()
            .await?)
    }
}

impl Kind {
    const fn is_of_partners(self) -> bool {
        matches!(self, Self::Receivable | Self::Payable)
    }

    fn of_partners() -> Domain {
        field("account_id.account_type").in_(["asset_receivable", "liability_payable"])
    }

    fn domain(self) -> Domain {
        let kind = |kind: &str| field("account_id.account_type").eq(kind);
        let group = |group: &str| field("account_id.internal_group").eq(group);
        match self {
            Self::Receivable => kind("asset_receivable"),
            Self::Payable => kind("liability_payable"),
            Self::BankAndCash => kind("asset_cash"),
            Self::Assets => group("asset"),
            Self::Liabilities => group("liability"),
            Self::Equity => group("equity"),
            Self::Income => group("income"),
            Self::Expenses => group("expense"),
        }
    }
}
