//! Ledgers of accounts and of partners.

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::super::Office;
use super::books::{Books, Company, Item};
use super::{amount, days, list, section, units};

/// Opening, debit and credit of a row, in cents.
type Row = [i64; 3];

/// What a row of the tool is called, and its row in cents.
type Rows = BTreeMap<(i64, String), Row>;

/// Several periods, of which some begin within a fiscal year and one spans two, and every month end.
pub(super) async fn check(
    office: &mut Office<'_>,
    login: &str,
    books: &Books,
) -> anyhow::Result<()> {
    let anchor = office.target.anchor();
    let month = anchor.first_of_month();
    for (from, to) in [
        (month, anchor),
        (month.checked_sub(4.months())?, month.yesterday()?),
        (
            month.checked_sub(12.months())?,
            month.checked_sub(2.months())?,
        ),
        (anchor.first_of_year(), anchor.last_of_year()),
    ] {
        for by in ["accounts", "partners"] {
            let asked = json!({"by": by, "date_from": from, "date_to": to});
            let report = office.ask(login, "ledger_summary", asked).await?;
            for company in &books.companies {
                let rows = expected(books, company, (from, to), by == "partners")?;
                let what = format!(
                    "ledger by {by} of {} from {from} to {to} as {login}",
                    company.name
                );
                compare(office, &what, section(&report, company.id)?, &rows);
            }
        }
    }
    closes(office, login, books).await
}

/// At every month end all accounts together come to nothing, and what earlier years earned is what
/// the items of income and expenses say.
async fn closes(office: &mut Office<'_>, login: &str, books: &Books) -> anyhow::Result<()> {
    for day in days(office.target.anchor()) {
        let asked = json!({"date_from": day.first_of_month(), "date_to": day});
        let report = office.ask(login, "ledger_summary", asked).await?;
        for company in &books.companies {
            let what = format!("ledger of {} on {day} as {login}", company.name);
            let section = section(&report, company.id)?;
            for of in ["opening", "closing"] {
                let total = amount(&section["totals"], of);
                office.same(format!("{what}, {of} of all accounts"), total, 0.0);
            }
            let earned = list(section, "rows").find(|row| !row["computed"].is_null());
            let earned = earned.map_or(0.0, |row| amount(row, "closing"));
            let expected = units(earlier_years(books, company, day)?);
            office.same(format!("{what}, earlier years"), earned, expected);
        }
    }
    Ok(())
}

/// What the fiscal years before that of a day earned; income is negative.
fn earlier_years(books: &Books, company: &Company, day: Date) -> anyhow::Result<i64> {
    let start = company.year_start(day)?;
    let items = books.of(company);
    let before = items.filter(|item| item.is_result() && item.date < start);
    Ok(before.map(Item::balance).sum())
}

fn expected(
    books: &Books,
    company: &Company,
    (from, to): (Date, Date),
    by_partner: bool,
) -> anyhow::Result<Rows> {
    let start = company.year_start(from)?;
    let key = |item: &Item| {
        let id = if by_partner {
            item.partner
        } else {
            item.account
        };
        (id, item.kind.clone())
    };
    let wanted = |item: &&Item| {
        let of_partners = matches!(item.kind.as_str(), "asset_receivable" | "liability_payable");
        item.kind != "off_balance" && (!by_partner || of_partners) && item.date <= to
    };
    let mut rows = Rows::new();
    for item in books.of(company).filter(wanted) {
        if item.date >= from {
            let row = rows.entry(key(item)).or_default();
            row[1] += item.debit;
            row[2] += item.credit;
        } else if !item.is_result() || item.date >= start {
            rows.entry(key(item)).or_default()[0] += item.balance();
        }
    }
    if !by_partner {
        let earned = earlier_years(books, company, from)?;
        rows.insert((0, "equity_unaffected".to_owned()), [earned, 0, 0]);
    }
    rows.retain(|_, row| *row != [0; 3]);
    Ok(rows)
}

fn compare(office: &mut Office<'_>, what: &str, section: &Value, expected: &Rows) {
    for row in list(section, "rows") {
        let named = if row["account"].is_null() {
            &row["partner"]
        } else {
            &row["account"]
        };
        let id = named["id"].as_i64().unwrap_or_default();
        let kind = row["type"].as_str().unwrap_or_default().to_owned();
        let what = format!("{what}: {} {kind}", named["name"]);
        let [opening, debit, credit] = expected.get(&(id, kind)).copied().unwrap_or_default();
        office.same(
            format!("{what}, opening"),
            amount(row, "opening"),
            units(opening),
        );
        office.same(format!("{what}, debit"), amount(row, "debit"), units(debit));
        office.same(
            format!("{what}, credit"),
            amount(row, "credit"),
            units(credit),
        );
        let closing = opening + debit - credit;
        office.same(
            format!("{what}, closing"),
            amount(row, "closing"),
            units(closing),
        );
    }
    let count = list(section, "rows").count();
    office.holds(
        format!("{what} has {count} rows instead of {}", expected.len()),
        count == expected.len(),
    );
    let closing: i64 = expected.values().map(|row| row[0] + row[1] - row[2]).sum();
    let total = amount(&section["totals"], "closing");
    office.same(format!("{what}, total"), total, units(closing));
}
