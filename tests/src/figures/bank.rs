//! Bank transactions: sums, counts, running balances and what waits, against single lines added up in whole cents.

use std::collections::BTreeMap;

use anyhow::Context as _;
use odoo_json2::{Context, Odoo};
use serde_json::{Value, json};

use super::Office;

/// Who sees the bank.
const READERS: [&str; 3] = ["alice", "rosa", "ada"];

/// What is added up of one journal.
#[derive(Default)]
struct Sums {
    count: usize,
    waiting: usize,
    amount: i64,
    newest: Option<String>,
}

/// Compares the figures of this domain.
pub(super) async fn check(office: &mut Office<'_>) -> anyhow::Result<()> {
    for login in READERS {
        let odoo = office.direct(login)?;
        let context = companies(&odoo).await?;
        let odoo = odoo.with_context(context);
        transactions(office, login, &odoo).await?;
        status(office, login, &odoo).await?;
    }
    Ok(())
}

/// A context with all of the person's companies.
async fn companies(odoo: &Odoo) -> anyhow::Result<Context> {
    let profile = odoo.profile().await?;
    Ok(Context::new().companies(profile.companies.iter().map(|company| company.id)))
}

/// Single records, without names.
async fn records(
    odoo: &Odoo,
    model: &str,
    domain: Value,
    fields: &[&str],
) -> anyhow::Result<Vec<Value>> {
    Ok(odoo
        .call(model, "search_read")
        .arg("domain", domain)
        .arg("fields", fields)
        .arg("load", Value::Null)
        .read_only()
        .fetch()
        .await?)
}

fn cents(value: &Value) -> anyhow::Result<i64> {
    let number = value.as_f64().context("an amount is a number")?;
    Ok(format!("{:.0}", number * 100.0).parse()?)
}

/// The sums of `read_transactions` over all its pages, its own totals, and the records.
async fn transactions(office: &mut Office<'_>, login: &str, odoo: &Odoo) -> anyhow::Result<()> {
    let posted = json!([["state", "=", "posted"]]);
    let model = "account.bank.statement.line";
    let lines = records(odoo, model, posted, &["amount", "currency_id", "date"]).await?;
    let direct: anyhow::Result<i64> = lines.iter().map(|line| cents(&line["amount"])).sum();
    let direct = direct?;
    let (mut listed, mut count, mut cursor) = (0, 0, Value::Null);
    let mut totals = Value::Null;
    loop {
        let arguments = json!({"limit": 200, "totals": cursor.is_null(), "cursor": cursor});
        let page = office.ask(login, "read_transactions", arguments).await?;
        for record in page["records"].as_array().into_iter().flatten() {
            listed += cents(&record["amount"])?;
            count += 1;
        }
        if cursor.is_null() {
            totals = page["totals"].clone();
        }
        cursor = page["next_cursor"].clone();
        if cursor.is_null() {
            break;
        }
    }
    office.holds(
        format!(
            "{login}: {count} transactions are listed of {}",
            lines.len()
        ),
        count == lines.len(),
    );
    office.holds(
        format!("{login}: listed transactions come to {listed}, the records to {direct}"),
        listed == direct,
    );
    let summed = summed(&totals)?;
    let what = format!("{login}: the totals come to {summed}, the records to {direct}");
    office.holds(what, summed == direct);
    Ok(())
}

/// What the totals of an answer come to.
fn summed(totals: &Value) -> anyhow::Result<i64> {
    let totals = totals.as_array().into_iter().flatten();
    totals.map(|total| cents(&total["amount"])).sum()
}

/// `bank_sync_status` and the running balance, journal by journal.
async fn status(office: &mut Office<'_>, login: &str, odoo: &Odoo) -> anyhow::Result<()> {
    let sums = by_journal(odoo).await?;
    let report = office.ask(login, "bank_sync_status", json!({})).await?;
    for journal in report["journals"].as_array().into_iter().flatten() {
        let id = journal["id"].as_i64().context("a journal has an id")?;
        let none = Sums::default();
        let own = sums.get(&id).unwrap_or(&none);
        let what = format!(
            "{login}: {} {}",
            journal["company"]["name"], journal["name"]
        );
        let same = |name: &str, number: usize| journal[name] == number;
        office.holds(
            format!("{what}: number of transactions"),
            same("transactions", own.count) && same("to_reconcile", own.waiting),
        );
        office.holds(
            format!("{what}: the last transaction"),
            journal["last_transaction"].as_str() == own.newest.as_deref(),
        );
        let books = booked(odoo, id).await?;
        let told = cents(&journal["balance"])?;
        office.holds(
            format!("{what}: the tool says {told}, its account {books}"),
            told == books,
        );
        running(office, login, journal, own).await?;
    }
    Ok(())
}

/// The transactions of each journal.
async fn by_journal(odoo: &Odoo) -> anyhow::Result<BTreeMap<i64, Sums>> {
    let posted = json!([["state", "=", "posted"]]);
    let fields = ["amount", "journal_id", "is_reconciled", "date"];
    let mut sums = BTreeMap::<i64, Sums>::new();
    for line in records(odoo, "account.bank.statement.line", posted, &fields).await? {
        let id = line["journal_id"]
            .as_i64()
            .context("a line has a journal")?;
        let own = sums.entry(id).or_default();
        own.count += 1;
        own.waiting += usize::from(line["is_reconciled"] == false);
        own.amount += cents(&line["amount"])?;
        own.newest = own
            .newest
            .take()
            .max(line["date"].as_str().map(str::to_owned));
    }
    Ok(sums)
}

/// What is on the account of a journal, item by item.
async fn booked(odoo: &Odoo, journal: i64) -> anyhow::Result<i64> {
    let of_journal = json!([["id", "=", journal]]);
    let found = records(odoo, "account.journal", of_journal, &["default_account_id"]).await?;
    let account = found.first().context("the journal is there")?["default_account_id"].clone();
    let items = json!([
        ["account_id", "=", account],
        ["parent_state", "=", "posted"]
    ]);
    let items = records(odoo, "account.move.line", items, &["balance"]).await?;
    items.iter().map(|item| cents(&item["balance"])).sum()
}

/// From transaction to transaction the balance moves by the amount, unless a statement begins in between.
async fn running(
    office: &mut Office<'_>,
    login: &str,
    journal: &Value,
    own: &Sums,
) -> anyhow::Result<()> {
    if own.count == 0 {
        return Ok(());
    }
    let arguments = json!({
        "journal": journal["name"], "company_id": journal["company"]["id"], "limit": 200,
    });
    let page = office.ask(login, "read_transactions", arguments).await?;
    let listed = page["records"].as_array().cloned().unwrap_or_default();
    office.holds(
        format!(
            "{login}: {} of {} are {}",
            listed.len(),
            journal["name"],
            own.count
        ),
        listed.len() == own.count,
    );
    for pair in listed.windows(2) {
        let begins = pair[0]["statement"]["id"] != pair[1]["statement"]["id"];
        let before = cents(&pair[0]["balance_after"])? - cents(&pair[0]["amount"])?;
        office.holds(
            format!("{login}: the balance before transaction {}", pair[0]["id"]),
            begins || before == cents(&pair[1]["balance_after"])?,
        );
    }
    Ok(())
}
