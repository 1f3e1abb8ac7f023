//! Profit and loss.

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::super::Office;
use super::books::{Books, Company, Item};
use super::{amount, list, section, units};

/// The line of each account type, and whether it is income.
const LINES: [(&str, &str, bool); 6] = [
    ("income", "revenue", true),
    ("expense_direct_cost", "cost_of_revenue", false),
    ("expense", "operating_expenses", false),
    ("expense_depreciation", "depreciation", false),
    ("income_other", "other_income", true),
    ("expense_other", "other_expenses", false),
];

/// Two years by months and by quarters: each line, account and column, and both profits.
pub(super) async fn check(
    office: &mut Office<'_>,
    login: &str,
    books: &Books,
) -> anyhow::Result<()> {
    let to = office.target.anchor().last_of_month();
    let from = to.first_of_month().checked_sub(13.months())?;
    for columns in ["months", "quarters"] {
        let asked = json!({
            "date_from": from, "date_to": to, "columns": columns, "compare": "previous_period",
        });
        let report = office.ask(login, "pl_summary", asked).await?;
        for company in &books.companies {
            let months = columns == "months";
            let what = format!(
                "profit and loss of {} by {columns} as {login}",
                company.name
            );
            let section = section(&report, company.id)?;
            for total in list(section, "totals") {
                let line = total["line"].as_str().unwrap_or_default();
                let expected = cells(books, company, (from, to), months, |item| share(item, line))?;
                compare(office, &format!("{what}: {line}"), total, &expected);
            }
            for account in list(section, "accounts") {
                let (id, line) = (&account["account"]["id"], account["line"].as_str());
                let expected = cells(books, company, (from, to), months, |item| {
                    if *id == item.account {
                        share(item, line.unwrap_or_default())
                    } else {
                        0
                    }
                })?;
                let what = format!("{what}: {}", account["account"]["name"]);
                compare(office, &what, account, &expected);
            }
        }
    }
    Ok(())
}

/// What an item adds to a line of the statement.
fn share(item: &Item, line: &str) -> i64 {
    let Some((_, own, is_income)) = LINES.iter().find(|(kind, ..)| *kind == item.kind) else {
        return 0;
    };
    let profit = -item.balance();
    match line {
        "gross_profit" if matches!(*own, "revenue" | "cost_of_revenue") => profit,
        "net_profit" => profit,
        _ if line != *own => 0,
        _ if *is_income => profit,
        _ => -profit,
    }
}

/// The sums by column, by the name that the tool gives to it; the whole period is `amount`.
fn cells(
    books: &Books,
    company: &Company,
    (from, to): (Date, Date),
    months: bool,
    share: impl Fn(&Item) -> i64,
) -> anyhow::Result<BTreeMap<String, i64>> {
    let mut cells = BTreeMap::new();
    let within = books
        .of(company)
        .filter(|item| from <= item.date && item.date <= to);
    for item in within {
        let column = if months {
            item.date.strftime("%Y-%m").to_string()
        } else {
            quarter(company, item.date, (from, to))?
        };
        *cells.entry(column).or_insert(0) += share(item);
        *cells.entry("amount".to_owned()).or_insert(0) += share(item);
    }
    Ok(cells)
}

/// The quarter of the fiscal year that a day lies in, as far as it lies in the period. Where a year begins within a
/// month, its quarters begin with that month.
fn quarter(company: &Company, day: Date, (from, to): (Date, Date)) -> anyhow::Result<String> {
    let start = company.year_start(from)?.first_of_month();
    let months = (i32::from(day.year()) - i32::from(start.year())) * 12 + i32::from(day.month())
        - i32::from(start.month());
    let first = start.checked_add((months.div_euclid(3) * 3).months())?;
    let last = first.checked_add(2.months())?.last_of_month();
    let month = |day: Date| day.strftime("%Y-%m").to_string();
    let (begin, end) = (month(first.max(from)), month(last.min(to)));
    Ok(if begin == end {
        begin
    } else {
        format!("{begin} to {end}")
    })
}

fn compare(office: &mut Office<'_>, what: &str, row: &Value, expected: &BTreeMap<String, i64>) {
    for (column, cents) in expected {
        office.same(
            format!("{what}, {column}"),
            amount(row, column),
            units(*cents),
        );
    }
}
