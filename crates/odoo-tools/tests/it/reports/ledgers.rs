//! Ledgers and aged balances: rows by company, and paging through them.

use odoo_json2::field;
use serde_json::{Value, json};

use crate::actors::{Company, as_person};
use crate::records::create;

#[tokio::test]
async fn the_ledger_of_accounts_by_code() {
    let alice = as_person("alice").await;
    let question = json!({"account": "40", "date_from": "2026-10-01", "date_to": "2026-10-31"});
    insta::assert_snapshot!(alice.read("ledger_summary", question).await, @r"
    total: 4
    returned: 4

    ## companies 1
    company: Larkspur Instruments (#)
    currency: USD
    from: 2026-10-01
    to: 2026-10-31
    totals: opening: -603356.37, debit: 0, credit: 110013.55, closing: -713369.92

    ### rows
    |account|type|opening|debit|credit|closing|
    |-|-|-|-|-|-|
    |400000 Product Sales (#)|income|-510168.98|0|109033.55|-619202.53|
    |401000 Calibration Services (#)|income|-93187.39|0|980|-94167.39|

    ## companies 2
    company: Larkspur Nordic (#)
    currency: EUR
    from: 2026-10-01
    to: 2026-10-31
    totals: opening: -51102, debit: 0, credit: 7677, closing: -58779

    ### rows
    |account|type|opening|debit|credit|closing|
    |-|-|-|-|-|-|
    |400000 Product Sales (#)|income|-35982|0|5997|-41979|
    |401000 Calibration Services (#)|income|-15120|0|1680|-16800|
    ");
}

#[tokio::test]
async fn an_account_is_found_as_answers_write_it() {
    let alice = as_person("alice").await;
    for text in ["101401 Bank", "101401", " 1014  bank ", "Bank"] {
        let question = json!({"account": text, "company_id": 1, "kind": "bank_and_cash"});
        let ledger = alice.ask("ledger_summary", question).await;
        let account = &ledger["companies"][0]["rows"][0]["account"];
        assert_eq!(account["name"], "101401 Bank", "{text}: {ledger}");
        let question = json!({"account": text, "company_id": 1, "limit": 200});
        let items = alice.ask("read_transactions", question).await;
        let items = items["records"].as_array().unwrap();
        assert!(
            items.iter().any(|item| item["account"] == *account),
            "{text}"
        );
    }
    let none = json!({"account": "101401 Savings"});
    let none = alice.ask("ledger_summary", none).await;
    assert_eq!(none["total"], 0, "{none}");
}

#[tokio::test]
async fn partners_are_found_by_their_names_only() {
    let alice = as_person("alice").await;
    for (tool, by_address, by_name) in [
        (
            "ledger_summary",
            json!({"by": "partners", "partner": "@"}),
            json!({"by": "partners", "partner": "calloway"}),
        ),
        (
            "aged_balances",
            json!({"kind": "receivable", "partner": "@"}),
            json!({"kind": "receivable", "partner": "calloway"}),
        ),
        (
            "aged_balances",
            json!({"kind": "receivable", "partner": "@", "as_of": "2026-08-15"}),
            json!({"kind": "receivable", "partner": "calloway", "as_of": "2026-08-15"}),
        ),
        (
            "read_transactions",
            json!({"source": "journal_items", "partner": "@"}),
            json!({"source": "journal_items", "partner": "calloway"}),
        ),
    ] {
        assert_eq!(alice.ask(tool, by_address).await["total"], 0, "{tool}");
        assert_ne!(alice.ask(tool, by_name).await["total"], 0, "{tool}");
    }
}

#[tokio::test]
async fn the_ledger_of_accounts_of_a_type() {
    let alice = as_person("alice").await;
    let question =
        json!({"account": "bank", "kind": "expenses", "company_id": 1, "period": "last_month"});
    insta::assert_snapshot!(alice.read("ledger_summary", question).await, @r"
    total: 1
    returned: 1

    ## companies 1
    company: Larkspur Instruments (#)
    currency: USD
    from: 2026-10-01
    to: 2026-10-31
    totals: opening: 346.5, debit: 38.5, credit: 0, closing: 385

    ### rows
    |account|type|opening|debit|credit|closing|
    |-|-|-|-|-|-|
    |620000 Bank Fees (#)|expense|346.5|38.5|0|385|
    ");
}

#[tokio::test]
async fn the_ledger_of_partners() {
    let alice = as_person("alice").await;
    let question = json!({"by": "partners", "partner": "sandvik", "period": "last_quarter"});
    insta::assert_snapshot!(alice.read("ledger_summary", question).await, @r"
    total: 2
    returned: 2

    ## companies 1
    company: Larkspur Instruments (#)
    currency: USD
    from: 2026-07-01
    to: 2026-09-30
    totals: opening: 19293.25, debit: 9025.09, credit: 2993.03, closing: 25325.31

    ### rows
    |partner|type|opening|debit|credit|closing|
    |-|-|-|-|-|-|
    |Optik Sandvik (#)|asset_receivable|19293.25|9025.09|2993.03|25325.31|

    ## companies 2
    company: Larkspur Nordic (#)
    currency: EUR
    from: 2026-07-01
    to: 2026-09-30
    totals: opening: 3798.1, debit: 7796.1, credit: 4597.7, closing: 6996.5

    ### rows
    |partner|type|opening|debit|credit|closing|
    |-|-|-|-|-|-|
    |Optik Sandvik (#)|asset_receivable|3798.1|7796.1|4597.7|6996.5|
    ");
    let question = json!({"by": "partners", "kind": "income"});
    insta::assert_snapshot!(alice.read("ledger_summary", question).await, @r"
    error: invalid_arguments
    message: only receivables and payables are kept by partner
    next_step: Take `kind` receivable or payable, or `by` accounts with a `partner`.
    ");
}

#[tokio::test]
async fn debts_of_vendors_by_age() {
    let alice = as_person("alice").await;
    let question = json!({"kind": "payable", "as_of": "2026-08-15", "order": "oldest"});
    insta::assert_snapshot!(alice.read("aged_balances", question).await, @r"
    total: 4
    returned: 4

    ## companies 1
    company: Larkspur Instruments (#)
    currency: USD
    as_of: 2026-08-15
    totals: total: 9809.17, not_due: 3554.05, 1-30: 3207.76, 31-60: 0, 61-90: -426.42, 91-120: 3473.78, older: 0

    ### rows
    |partner|oldest_due|total|not_due|1-30|31-60|61-90|91-120|older|
    |-|-|-|-|-|-|-|-|-|
    |Copperline Circuits (#)|2026-05-06|6681.54|0|3207.76|0|0|3473.78|0|
    |Precision Tooling (#)|2026-09-05|3554.05|3554.05|0|0|0|0|0|
    |Northglass Optics (#)||-426.42|0|0|0|-426.42|0|0|

    ## companies 2
    company: Larkspur Nordic (#)
    currency: EUR
    as_of: 2026-08-15
    totals: total: 439.42, not_due: 439.42, 1-30: 0, 31-60: 0, 61-90: 0, 91-120: 0, older: 0

    ### rows
    |partner|oldest_due|total|not_due|1-30|31-60|61-90|91-120|older|
    |-|-|-|-|-|-|-|-|-|
    |Saaristo Logistics (#)|2026-08-24|439.42|439.42|0|0|0|0|0|
    ");
}

/// Nobody posts a closing of a year in Odoo, so that what earlier years earned is on no account.
#[tokio::test]
async fn the_ledger_closes_from_the_second_year_on() {
    let alice = as_person("alice").await;
    let question = json!({"company_id": 2, "kind": "equity"});
    insta::assert_snapshot!(alice.read("ledger_summary", question).await, @r"
    total: 2
    returned: 2

    ## companies 1
    company: Larkspur Nordic (#)
    currency: EUR
    from: 2026-01-01
    to: 2026-12-31
    totals: opening: -60096.9, debit: 0, credit: 0, closing: -60096.9

    ### rows
    |computed|account|type|opening|debit|credit|closing|
    |-|-|-|-|-|-|-|
    ||301000 Capital (#)|equity|-60000|0|0|-60000|
    |undistributed earnings of earlier fiscal years||equity_unaffected|-96.9|0|0|-96.9|
    ");
    let whole = alice.ask("ledger_summary", json!({})).await;
    for section in whole["companies"].as_array().unwrap() {
        assert_eq!(section["totals"]["opening"], 0, "{section}");
        assert_eq!(section["totals"]["closing"], 0, "{section}");
    }
    // What is asked about one account or one partner is told of those alone.
    for question in [
        json!({"account": "301000"}),
        json!({"partner": "sandvik"}),
        json!({"by": "partners"}),
        json!({"kind": "income"}),
    ] {
        let ledger = alice.ask("ledger_summary", question.clone()).await;
        assert!(!ledger.to_string().contains("undistributed"), "{question}");
    }
}

/// Opening entries and what a bank paid without an invoice have no due date.
#[tokio::test]
async fn debts_without_a_due_date_grow_old_from_the_day_they_were_booked() {
    let company = Company::open().await;
    let client = company.client("alice");
    let account = async |kind: &str| {
        let wanted = field("account_type").eq(kind) & field("company_ids").in_([1]);
        let found = client.search_ids("account.account", wanted, "id", 1).await;
        found.unwrap()[0]
    };
    let (debts, equity) = (account("asset_receivable").await, account("equity").await);
    let journal = field("type").eq("general") & field("company_id").eq(1);
    let journal = client.search_ids("account.journal", journal, "id", 1).await;
    let partner = field("name").eq("Optik Sandvik");
    let partner = client.search_ids("res.partner", partner, "id", 1).await;
    let partner = partner.unwrap()[0];
    let entry = json!({"move_type": "entry", "date": "2026-06-01", "journal_id": journal.unwrap()[0],
    "line_ids": [
        [0, 0, {"name": "Opening", "account_id": debts, "partner_id": partner, "debit": 500.0}],
        [0, 0, {"name": "Opening", "account_id": equity, "credit": 500.0}],
    ]});
    let alice = company.actor("alice").await;
    let question = json!({"kind": "receivable", "partner": "sandvik", "company_id": 1});
    let before = alice.ask("aged_balances", question.clone()).await;
    let entry = create(&client, "account.move", entry).await;
    let post = client.call("account.move", "action_post").ids(&[entry]);
    post.fetch::<Value>().await.unwrap();
    for (day, bucket) in [
        ("2026-06-01", "not_due"),
        ("2026-06-30", "1-30"),
        ("2026-11-18", "older"),
    ] {
        let mut question = question.clone();
        question["as_of"] = json!(day);
        let after = alice.ask("aged_balances", question).await;
        let row = &after["companies"][0]["rows"][0];
        let sum = row[bucket].as_f64().unwrap();
        assert!(sum >= 500.0, "{day}: {row}");
    }
    let after = alice.ask("aged_balances", question).await;
    let not_due = |answer: &Value| answer["companies"][0]["totals"]["not_due"].clone();
    assert_eq!(not_due(&after), not_due(&before));
}

/// A page begins where the last one ended, also in the middle of a company, whatever the order.
#[tokio::test]
async fn reports_are_paged_through() {
    let alice = as_person("alice").await;
    for (tool, question) in [
        ("ledger_summary", json!({})),
        ("ledger_summary", json!({"by": "partners"})),
        ("aged_balances", json!({"kind": "receivable"})),
        (
            "aged_balances",
            json!({"kind": "receivable", "order": "oldest"}),
        ),
    ] {
        let whole = alice.ask(tool, question.clone()).await;
        let mut pages = Vec::new();
        let mut asked = question.clone();
        asked["limit"] = json!(4);
        loop {
            let page = alice.ask(tool, asked.clone()).await;
            assert!(page["returned"].as_u64().unwrap() <= 4 && page["total"] == whole["total"]);
            pages.extend(rows(&page));
            let Some(cursor) = page.get("next_cursor") else {
                break;
            };
            asked["cursor"] = cursor.clone();
        }
        assert!(pages.len() > 8, "{tool}");
        assert_eq!(pages, rows(&whole), "{tool} {question}");
    }
}

/// All rows, each with its company.
fn rows(report: &Value) -> Vec<(Value, Value)> {
    let sections = report["companies"].as_array().unwrap().iter();
    let rows = sections.flat_map(|section| {
        let rows = section.get("rows").and_then(Value::as_array);
        let company = &section["company"];
        rows.into_iter()
            .flatten()
            .map(move |row| (company.clone(), row.clone()))
    });
    rows.collect()
}
