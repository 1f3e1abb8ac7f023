//! Profit and loss, balance sheet, ledger and aged balances, against single journal items added up in whole cents.

use anyhow::Context as _;
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde_json::Value;

use super::Office;
use books::Books;

mod aged;
mod books;
mod ledger;
mod result;
mod sheet;

/// Who sees all of the books.
const READERS: [&str; 3] = ["alice", "rosa", "ada"];

/// So many month ends are looked at, which is some more than the demo company has.
const MONTHS: i32 = 14;

/// Compares the figures of this domain.
pub(super) async fn check(office: &mut Office<'_>) -> anyhow::Result<()> {
    for login in READERS {
        let books = Books::read(&office.direct(login)?).await?;
        sheet::check(office, login, &books).await?;
        result::check(office, login, &books).await?;
        ledger::check(office, login, &books).await?;
        aged::check(office, login, &books).await?;
    }
    Ok(())
}

/// The last days of the months up to the anchor's, and the anchor itself.
fn days(anchor: Date) -> Vec<Date> {
    let before = (1..=MONTHS).rev().filter_map(|months| {
        let day = anchor.checked_sub(months.months()).ok()?;
        Some(day.last_of_month())
    });
    before.chain([anchor]).collect()
}

/// The section of a company in a report.
fn section(report: &Value, company: i64) -> anyhow::Result<&Value> {
    let mut sections = report["companies"].as_array().into_iter().flatten();
    sections
        .find(|section| section["company"]["id"] == company)
        .with_context(|| format!("the report has no section of company {company}"))
}

/// The entries of a list in a section; none where it was left out.
fn list<'a>(section: &'a Value, name: &str) -> impl Iterator<Item = &'a Value> {
    section[name].as_array().into_iter().flatten()
}

/// An amount of a report; nothing where it was left out.
fn amount(of: &Value, name: &str) -> f64 {
    of[name].as_f64().unwrap_or_default()
}

/// Whole cents as an amount.
fn units(cents: i64) -> f64 {
    cents as f64 / 100.0
}
