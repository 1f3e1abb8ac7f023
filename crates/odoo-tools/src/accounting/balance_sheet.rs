//! `balance_sheet`: what a company owns, owes and has earned at the end of a day.
//!
//! Odoo posts no closing of a year, so equity is completed here: with the result of the current
//! fiscal year, and with that of earlier years as far as nobody allocated it. One question gets
//! both, the balances by account and the result by time; where a company's fiscal year begins
//! decides how finely the latter is cut.

use jiff::civil::Date;
use odoo_json2::{CompanyRef, field};
use schemars::JsonSchema;
use serde::Deserialize;

use super::books;
use crate::access::Access;
use crate::error::ToolError;
use crate::period::Period;
use crate::session::UserSession;
use crate::session::companies::Companies;
use crate::session::fiscal::FiscalYear;
use crate::sums::{self, Sums};
use crate::tool::Tool;
use report::Report;
use row::AccountRow;
use section::Section;
use statement::{Balances, Statement};

mod report;
mod row;
mod section;
mod statement;

/// Balance sheet at the end of a day: assets, liabilities and equity of posted entries, with current
/// and earlier years' earnings, per company in its own currency. Default is today.
#[derive(Deserialize, JsonSchema)]
pub(super) struct BalanceSheet {
    as_of: Option<Date>,
    /// Another day, for comparison.
    compare_to: Option<Date>,
    /// totals: without accounts.
    detail: Option<Detail>,
    company_id: Option<i64>,
}

/// How far the amounts are broken down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Detail {
    Totals,
    Accounts,
}

impl Tool for BalanceSheet {
    const NAME: &'static str = "balance_sheet";
    const TITLE: &'static str = "Balance sheet";
    const ACCESS: Access = Access::Read;
    // A sheet of some entries is none, so that it takes the right to see all of them.
    const NEEDS: &'static [&'static str] = &[books::ITEMS, books::ACCOUNTS, books::MATCHES];
    type Answer = Report;

    async fn run(self, user: &UserSession) -> Result<Report, ToolError> {
        let companies = user.companies(self.company_id)?;
        let mut years = Vec::new();
        for company in companies.iter() {
            years.push((company, user.fiscal_year(company).await?));
        }
        let day = self.as_of.unwrap_or_else(|| user.today());
        let current = balances(user, &companies, &years, day);
        let (current, other) = match self.compare_to {
            None => (current.await?, None),
            // The second question that really is one: both at the same time.
            Some(other) => {
                let (current, earlier) =
                    tokio::try_join!(current, balances(user, &companies, &years, other))?;
                (current, Some((other, earlier)))
            }
        };
        let sections = years.iter().map(|(company, year)| {
            let statement = Statement::of(&current, company.id, start(day, *year));
            let other = other.as_ref().map(|(day, balances)| {
                (
                    *day,
                    Statement::of(balances, company.id, start(*day, *year)),
                )
            });
            let section = Section::of(company, (day, statement), other);
            section.with_accounts(self.detail != Some(Detail::Totals))
        });
        Ok(Report::of(sections.collect()))
    }
}

/// The first day of the fiscal year that a day lies in.
fn start(day: Date, year: FiscalYear) -> Date {
    Period::year(day, year).from
}

/// All balances at the end of a day.
async fn balances(
    user: &UserSession,
    companies: &Companies<'_>,
    years: &[(&CompanyRef, FiscalYear)],
    day: Date,
) -> Result<Balances, ToolError> {
    let starts: Vec<Date> = years.iter().map(|(_, year)| start(day, *year)).collect();
    let sums = Sums {
        model: books::ITEMS,
        domain: books::posted()
            & field("date").lte(day)
            & (books::of_balance() | books::of_result()),
        sets: &[
            &row::BY_ACCOUNT,
            &["company_id", "account_id.internal_group", cut(&starts)],
        ],
        aggregates: &["balance:sum"],
    };
    let sets = sums.ask(user, companies.context()).await?;
    let mut accounts: Vec<AccountRow> = sums::rows(sets.first())?;
    let coded = accounts.iter_mut().filter_map(AccountRow::coded);
    books::own_codes(user, companies, coded.collect()).await?;
    Ok(Balances {
        accounts,
        results: sums::rows(sets.get(1))?,
    })
}

/// The longest stretch of time at whose border all of these fiscal years begin.
fn cut(starts: &[Date]) -> &'static str {
    if starts.iter().all(|start| start.day_of_year() == 1) {
        "date:year"
    } else if starts.iter().all(|start| start.day() == 1) {
        "date:month"
    } else {
        "date:day"
    }
}
