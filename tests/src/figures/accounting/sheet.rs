//! Balance sheets.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::super::Office;
use super::books::{Books, Company, Item, sums};
use super::{amount, days, list, section, units};

/// The line of each account type that is carried forward.
const LINES: [(&str, &str); 12] = [
    ("asset_cash", "bank_and_cash"),
    ("asset_receivable", "receivables"),
    ("asset_current", "current_assets"),
    ("asset_prepayments", "prepayments"),
    ("asset_fixed", "fixed_assets"),
    ("asset_non_current", "non_current_assets"),
    ("liability_payable", "payables"),
    ("liability_credit_card", "credit_cards"),
    ("liability_current", "current_liabilities"),
    ("liability_non_current", "non_current_liabilities"),
    ("equity", "equity"),
    ("equity_unaffected", "previous_years_earnings"),
];

/// Every month end: that the sheet balances, and each line and account of it.
pub(super) async fn check(
    office: &mut Office<'_>,
    login: &str,
    books: &Books,
) -> anyhow::Result<()> {
    for day in days(office.target.anchor()) {
        let report = office
            .ask(login, "balance_sheet", json!({"as_of": day}))
            .await?;
        for company in &books.companies {
            let sheet = section(&report, company.id)?;
            let what = format!("balance sheet of {} on {day} as {login}", company.name);
            let of = |line: &str| {
                let own = list(sheet, "totals").find(|total| total["line"] == line);
                own.map_or(0.0, |total| amount(total, "amount"))
            };
            let claims = of("total_liabilities") + of("total_equity");
            office.same(
                format!("{what}: assets and claims"),
                of("total_assets"),
                claims,
            );
            office.same(
                format!("{what}: claims"),
                of("liabilities_and_equity"),
                claims,
            );
            office.holds(
                format!("{what} does not say that it balances"),
                sheet["balanced"] == true,
            );
            for (line, cents) in lines(books, company, day)? {
                office.same(format!("{what}: {line}"), of(line), units(cents));
            }
            accounts(
                office,
                &what,
                sheet,
                &expected_accounts(books, company, day),
            );
        }
    }
    Ok(())
}

/// The lines of a sheet, in cents.
fn lines(books: &Books, company: &Company, day: Date) -> anyhow::Result<Vec<(&'static str, i64)>> {
    let start = company.year_start(day)?;
    let until = || books.of(company).filter(move |item| item.date <= day);
    let mut lines: Vec<(&str, i64)> = LINES
        .iter()
        .map(|(kind, line)| {
            let own = until().filter(|item| item.kind == *kind);
            let sum: i64 = own.map(Item::balance).sum();
            (*line, if kind.starts_with("asset") { sum } else { -sum })
        })
        .collect();
    let results = || until().filter(|item| item.is_result());
    let current: i64 = results()
        .filter(|item| item.date >= start)
        .map(|item| -item.balance())
        .sum();
    let all: i64 = results().map(|item| -item.balance()).sum();
    if let Some(previous) = lines.last_mut() {
        previous.1 += all - current;
    }
    lines.push(("current_year_earnings", current));
    Ok(lines)
}

fn expected_accounts(books: &Books, company: &Company, day: Date) -> BTreeMap<i64, i64> {
    let own = books
        .of(company)
        .filter(|item| item.date <= day && !item.is_result() && item.kind != "off_balance");
    let mut accounts = sums(own.map(|item| {
        let sign = if item.kind.starts_with("asset") {
            1
        } else {
            -1
        };
        (item.account, sign * item.balance())
    }));
    accounts.retain(|_, cents| *cents != 0);
    accounts
}

fn accounts(office: &mut Office<'_>, what: &str, sheet: &Value, expected: &BTreeMap<i64, i64>) {
    for account in list(sheet, "accounts") {
        let id = account["account"]["id"].as_i64().unwrap_or_default();
        let cents = expected.get(&id).copied().unwrap_or_default();
        let what = format!("{what}: account {}", account["account"]["name"]);
        office.same(what, amount(account, "amount"), units(cents));
    }
    let listed = list(sheet, "accounts").count();
    office.holds(
        format!(
            "{what} lists {listed} accounts instead of {}",
            expected.len()
        ),
        listed == expected.len(),
    );
}
