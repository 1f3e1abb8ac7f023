//! `pl_summary`: profit and loss of a period, from posted journal items.

use std::collections::BTreeMap;

use jiff::civil::Date;
use odoo_json2::CompanyRef;
use schemars::JsonSchema;
use serde::Deserialize;

use super::books;
use crate::access::Access;
use crate::error::ToolError;
use crate::period::{self, Earlier, Period, Relative};
use crate::session::UserSession;
use crate::session::companies::Companies;
use crate::session::fiscal::FiscalYear;
use crate::tool::Tool;
use report::{Frame, Report};
use row::Row;

mod report;
mod row;
mod section;

/// More columns than this are not read by anyone.
const MOST_COLUMNS: usize = 24;

/// Profit and loss: revenue, cost, gross and net profit of posted entries, by account and per
/// company in its own currency. Default is this fiscal year.
#[derive(Deserialize, JsonSchema)]
pub(super) struct PlSummary {
    /// Quarters and years are fiscal.
    period: Option<Relative>,
    /// Instead of period.
    date_from: Option<Date>,
    date_to: Option<Date>,
    /// One column for each.
    columns: Option<Columns>,
    /// Adds the amounts of an earlier period.
    compare: Option<Earlier>,
    /// Only the days so far, and as many of the earlier period.
    until_today: Option<bool>,
    /// totals: without accounts.
    detail: Option<Detail>,
    company_id: Option<i64>,
}

/// What the period is split into.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Columns {
    Months,
    Quarters,
}

/// How far the amounts are broken down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Detail {
    Totals,
    Accounts,
}

impl Tool for PlSummary {
    const NAME: &'static str = "pl_summary";
    const TITLE: &'static str = "Profit and loss";
    const ACCESS: Access = Access::Read;
    const NEEDS: &'static [&'static str] = &[books::ITEMS, books::ACCOUNTS];
    type Answer = Report;

    async fn run(self, user: &UserSession) -> Result<Report, ToolError> {
        let companies = user.companies(self.company_id)?;
        let mut frames = Vec::new();
        for company in companies.iter() {
            frames.push(self.frame(user, company).await?);
        }
        let periods = |of: fn(&Frame) -> Option<Period>| -> BTreeMap<i64, Period> {
            frames
                .iter()
                .filter_map(|frame| Some((frame.company.id, of(frame)?)))
                .collect()
        };
        let current = self.rows(user, &companies, periods(|frame| Some(frame.period)));
        let earlier = periods(|frame| frame.earlier);
        let (mut current, mut earlier) = if earlier.is_empty() {
            (current.await?, Vec::new())
        } else {
            // The second question that really is one: both at the same time.
            tokio::try_join!(current, self.rows(user, &companies, earlier))?
        };
        let coded = current
            .iter_mut()
            .chain(&mut earlier)
            .filter_map(Row::coded);
        books::own_codes(user, &companies, coded.collect()).await?;
        Ok(Report::of(frames, &current, &earlier).with_note(books::partly(user)))
    }
}

impl PlSummary {
    /// Which days are meant, for one company.
    async fn frame(&self, user: &UserSession, company: &CompanyRef) -> Result<Frame, ToolError> {
        // Only a fiscal year has to be asked for; explicit dates need none.
        let year = match (self.date_from, self.date_to) {
            (Some(_), Some(_)) if !matches!(self.columns, Some(Columns::Quarters)) => {
                FiscalYear::default()
            }
            _ => user.fiscal_year(company).await?,
        };
        let days = (self.date_from, self.date_to);
        let today = user.today();
        let whole = Period::asked(self.period, days, today, year)?;
        let is_running = whole.is_running(today);
        let is_cut = is_running && self.until_today == Some(true);
        let period = Period {
            to: if is_cut { today } else { whole.to },
            ..whole
        };
        let parts = self.parts(period, year)?;
        let earlier = self.compare.map(|earlier| {
            if is_cut {
                whole.earlier_until(earlier, today)
            } else {
                whole.earlier(earlier)
            }
        });
        Ok(Frame {
            company: company.clone(),
            period,
            earlier,
            unequal: (is_running && !is_cut && earlier.is_some()).then_some(today),
            parts,
        })
    }

    /// The columns that the period is split into.
    fn parts(&self, period: Period, year: FiscalYear) -> Result<Vec<Period>, ToolError> {
        let parts = match self.columns {
            None => Vec::new(),
            Some(Columns::Months) => period.split(1, period.from.first_of_month()),
            // Odoo sums by month, so where a year begins within one, its quarters begin with it.
            Some(Columns::Quarters) => {
                period.split(3, Period::year(period.from, year).from.first_of_month())
            }
        };
        if parts.len() > MOST_COLUMNS {
            return Err(ToolError::argument(
                format!(
                    "{} columns from {} to {} are too many",
                    parts.len(),
                    period.from,
                    period.to
                ),
                "Use quarters, a shorter period, or leave `columns` out.",
            ));
        }
        Ok(parts)
    }

    /// The sums of these companies in their periods.
    async fn rows(
        &self,
        user: &UserSession,
        companies: &Companies<'_>,
        periods: BTreeMap<i64, Period>,
    ) -> Result<Vec<Row>, ToolError> {
        let domain = books::posted()
            & books::of_result()
            & period::days(periods.iter().map(|(company, period)| (*company, *period)));
        let mut group = user
            .odoo()
            .group_model(books::ITEMS, domain)
            .by("company_id")
            .by("account_id.account_type");
        if self.detail != Some(Detail::Totals) {
            // The plain code is empty for accounts of companies other than the current one.
            group = group.by("account_id.placeholder_code").by("account_id");
        }
        if self.columns.is_some() {
            group = group.by("date:month");
        }
        Ok(group
            .sum("balance")
            .context(companies.context())
            .rows::<Row>()
            .await?)
    }
}
