//! What is open with partners, by age: at each day each item less what was matched with it until then.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::super::Office;
use super::books::{Books, Item};
use super::{amount, days, list, section, units};

/// The last day of being overdue of each bucket.
const BUCKETS: [(&str, i32); 6] = [
    ("not_due", 0),
    ("1-30", 30),
    ("31-60", 60),
    ("61-90", 90),
    ("91-120", 120),
    ("older", i32::MAX),
];

/// Every month end, for customers and vendors.
pub(super) async fn check(
    office: &mut Office<'_>,
    login: &str,
    books: &Books,
) -> anyhow::Result<()> {
    for day in days(office.target.anchor()) {
        for (kind, account_type) in [
            ("receivable", "asset_receivable"),
            ("payable", "liability_payable"),
        ] {
            let asked = json!({"kind": kind, "as_of": day});
            let report = office.ask(login, "aged_balances", asked).await?;
            let open = open(books, day);
            for company in &books.companies {
                let section = section(&report, company.id)?;
                let what = format!("{kind} of {} on {day} as {login}", company.name);
                let items = books.of(company).filter(|item| item.kind == account_type);
                let items: Vec<&Item> = items.filter(|item| item.date <= day).collect();
                let ledger: i64 = items.iter().map(|item| item.balance()).sum();
                let ledger = if kind == "payable" { -ledger } else { ledger };
                let total = amount(&section["totals"], "total");
                office.same(format!("{what} in the ledger"), total, units(ledger));
                compare(office, &what, section, &expected(&items, &open, day, kind));
            }
        }
    }
    Ok(())
}

/// What is open of each item at the end of a day.
fn open(books: &Books, day: Date) -> BTreeMap<i64, i64> {
    let mut open: BTreeMap<i64, i64> = books
        .items
        .iter()
        .map(|item| (item.id, item.balance()))
        .collect();
    for one in books.matches.iter().filter(|one| one.day <= day) {
        *open.entry(one.debit).or_default() -= one.amount;
        *open.entry(one.credit).or_default() += one.amount;
    }
    open
}

/// Cents by partner and bucket.
fn expected(
    items: &[&Item],
    open: &BTreeMap<i64, i64>,
    day: Date,
    kind: &str,
) -> BTreeMap<i64, BTreeMap<&'static str, i64>> {
    let mut partners: BTreeMap<i64, BTreeMap<&str, i64>> = BTreeMap::new();
    for item in items {
        let rest = open.get(&item.id).copied().unwrap_or_default();
        let rest = if kind == "payable" { -rest } else { rest };
        let late = (day - item.due).get_days();
        let bucket = BUCKETS.iter().find(|(_, last)| late <= *last);
        let name = bucket.map_or("older", |(name, _)| *name);
        let row = partners.entry(item.partner).or_default();
        *row.entry(name).or_default() += rest;
        *row.entry("total").or_default() += rest;
    }
    partners.retain(|_, row| row.values().any(|cents| *cents != 0));
    partners
}

fn compare(
    office: &mut Office<'_>,
    what: &str,
    section: &Value,
    expected: &BTreeMap<i64, BTreeMap<&'static str, i64>>,
) {
    let mut found = 0;
    for row in list(section, "rows") {
        let id = row["partner"]["id"].as_i64().unwrap_or_default();
        let Some(cents) = expected.get(&id) else {
            // Items of one partner may make up for each other within a bucket.
            office.same(
                format!("{what}: {}", row["partner"]["name"]),
                amount(row, "total"),
                0.0,
            );
            continue;
        };
        found += 1;
        for bucket in BUCKETS.map(|(name, _)| name).into_iter().chain(["total"]) {
            let cents = cents.get(bucket).copied().unwrap_or_default();
            let what = format!("{what}: {}, {bucket}", row["partner"]["name"]);
            office.same(what, amount(row, bucket), units(cents));
        }
    }
    office.holds(
        format!("{what}: {found} partners instead of {}", expected.len()),
        found == expected.len(),
    );
}
