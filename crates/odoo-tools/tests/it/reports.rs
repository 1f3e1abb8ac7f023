//! Balance sheet, ledger and aged balances, as those who may see the books and as those who may not.

use jiff::ToSpan as _;
use jiff::civil::{Date, date};
use odoo_json2::{Values, field};
use proptest::strategy::{Strategy as _, ValueTree as _};
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::actors::{Actor, Company, as_person};
use crate::scripted::ScriptedOdoo;

mod ledgers;

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_default()
}

/// The amount of a line of a company's sheet.
fn line(sheet: &Value, name: &str) -> f64 {
    let totals = sheet["totals"].as_array().unwrap();
    let own = totals.iter().find(|total| total["line"] == name);
    own.map_or(0.0, |total| number(&total["amount"]))
}

#[tokio::test]
async fn the_balance_sheet_of_a_company() {
    let alice = as_person("alice").await;
    let question = json!({"company_id": 2, "compare_to": "2025-12-31"});
    insta::assert_snapshot!(alice.read("balance_sheet", question).await, @r"
    ## companies 1
    company: Larkspur Nordic (#)
    currency: EUR
    as_of: 2026-11-18
    compared_to: 2025-12-31
    balanced: yes

    ### totals
    |line|amount|other|
    |-|-|-|
    |bank_and_cash|85954.18|59442.01|
    |receivables|9808.06|999.5|
    |current_assets|-4724.38|57.32|
    |total_assets|91037.86|60498.83|
    |payables|475.92|0|
    |current_liabilities|3122.14|401.93|
    |total_liabilities|3598.06|401.93|
    |equity|60000|60000|
    |previous_years_earnings|96.9|0|
    |current_year_earnings|27342.9|96.9|
    |total_equity|87439.8|60096.9|
    |liabilities_and_equity|91037.86|60498.83|

    ### accounts
    |account|line|amount|other|
    |-|-|-|-|
    |101401 Bank (#)|bank_and_cash|85954.18|59442.01|
    |121000 Account Receivable (#)|receivables|9808.06|999.5|
    |101402 Bank Suspense Account (#)|current_assets|-5412.22|0|
    |131000 Tax Paid (#)|current_assets|687.84|57.32|
    |211000 Account Payable (#)|payables|475.92|0|
    |251000 Tax Received (#)|current_liabilities|3122.14|401.93|
    |301000 Capital (#)|equity|60000|60000|
    ");
}

#[tokio::test]
async fn an_auditor_sees_the_same_books_as_the_accountant() {
    let company = Company::shared();
    let (alice, rosa) = (company.actor("alice").await, company.actor("rosa").await);
    for (tool, question) in [
        ("balance_sheet", json!({})),
        ("pl_summary", json!({"columns": "quarters"})),
        ("ledger_summary", json!({"by": "partners"})),
        (
            "aged_balances",
            json!({"kind": "payable", "as_of": "2026-06-30"}),
        ),
        ("list_invoices", json!({"limit": 200})),
    ] {
        let (accountant, auditor) = (
            alice.ask(tool, question.clone()).await,
            rosa.ask(tool, question).await,
        );
        assert_eq!(accountant, auditor, "{tool}");
    }
}

/// Who sees only some entries is not shown a sheet that looks whole.
#[tokio::test]
async fn who_sees_some_entries_only_is_told_so() {
    let company = Company::shared();
    let tara = company.actor("tara").await;
    let tools = tara.tools();
    assert!(!tools.contains(&"balance_sheet") && !tools.contains(&"aged_balances"));
    insta::assert_snapshot!(tara.read("balance_sheet", json!({})).await, @r"
    error: no_access
    message: balance_sheet needs to read `account.partial.reconcile` in Odoo, and the rights of Tara Lindqvist do not include it
    next_step: If it belongs to this person's work, an Odoo administrator can grant it.
    ");
    for tool in ["pl_summary", "ledger_summary"] {
        let answer = tara.ask(tool, json!({})).await;
        assert!(
            answer["note"].as_str().unwrap().contains("only some"),
            "{answer}"
        );
    }
    let emil = company.actor("emil").await;
    for tool in [
        "balance_sheet",
        "ledger_summary",
        "aged_balances",
        "pl_summary",
    ] {
        assert!(!emil.tools().contains(&tool), "{tool}");
    }
}

#[tokio::test]
async fn before_the_first_entry_there_is_nothing() {
    let alice = as_person("alice").await;
    let question = json!({"as_of": "2024-01-31", "company_id": 1});
    insta::assert_snapshot!(alice.read("balance_sheet", question).await, @r"
    ## companies 1
    company: Larkspur Instruments (#)
    currency: USD
    as_of: 2024-01-31
    balanced: yes
    note: nothing posted until then

    ### totals
    |line|amount|
    |-|-|
    |total_assets|0|
    |total_liabilities|0|
    |total_equity|0|
    |liabilities_and_equity|0|
    ");
    let question = json!({"kind": "receivable", "as_of": "2024-01-31", "company_id": 1});
    insta::assert_snapshot!(alice.read("aged_balances", question).await, @r"
    total: 0
    returned: 0

    ## companies
    |company|currency|as_of|note|total|not_due|1-30|31-60|61-90|91-120|older|
    |-|-|-|-|-|-|-|-|-|-|-|
    |Larkspur Instruments (#)|USD|2024-01-31|nothing is open here|0|0|0|0|0|0|0|
    ");
}

/// Sheets balance on any day, and their receivables and payables are what is aged.
#[tokio::test]
async fn sheets_balance_on_any_day() {
    let alice = as_person("alice").await;
    let mut runner = TestRunner::default();
    for _ in 0..12 {
        let days = (0_i32..500).new_tree(&mut runner).unwrap().current();
        let day = date(2025, 10, 1).checked_add(days.days()).unwrap();
        assert_balanced(&alice, day).await;
    }
}

async fn assert_balanced(alice: &Actor, day: Date) {
    let report = alice.ask("balance_sheet", json!({"as_of": day})).await;
    for (index, sheet) in report["companies"].as_array().unwrap().iter().enumerate() {
        assert_eq!(sheet["balanced"], true, "{day}: {sheet}");
        assert_eq!(
            line(sheet, "total_assets"),
            line(sheet, "liabilities_and_equity"),
            "{day}"
        );
        for (kind, name) in [("receivable", "receivables"), ("payable", "payables")] {
            let asked = json!({"kind": kind, "as_of": day});
            let aged = alice.ask("aged_balances", asked).await;
            let total = number(&aged["companies"][index]["totals"]["total"]);
            assert!(
                (total - line(sheet, name)).abs() < 0.005,
                "{day} {kind}: {total} {sheet}"
            );
        }
    }
}

/// A fiscal year decides what is this year's result and where income and expenses begin.
#[tokio::test]
async fn a_fiscal_year_need_not_end_in_december() {
    let company = Company::open().await;
    let ada = company.client("ada");
    for (month, last, from) in [("6", 30, "2026-07-01"), ("3", 15, "2026-03-16")] {
        let year = Values::new()
            .set("fiscalyear_last_month", month)
            .set("fiscalyear_last_day", last);
        ada.write("res.company", &[1], &year).await.unwrap();
        let alice = company.actor("alice").await;
        let report = alice.ask("balance_sheet", json!({"company_id": 1})).await;
        let sheet = &report["companies"][0];
        assert_eq!(sheet["balanced"], true);
        let days = json!({"date_from": from, "date_to": "2026-11-18", "company_id": 1});
        let result = alice.ask("pl_summary", days).await;
        let profit = line(&result["companies"][0], "net_profit");
        assert!(
            (line(sheet, "current_year_earnings") - profit).abs() < 0.005,
            "{sheet}"
        );
        // What income had on the eve of a month within that year is its opening then.
        let days =
            json!({"date_from": from, "date_to": "2026-09-30", "company_id": 1, "kind": "income"});
        let before = alice.ask("ledger_summary", days).await;
        let days = json!({"date_from": "2026-10-01", "company_id": 1, "kind": "income"});
        let after = alice.ask("ledger_summary", days).await;
        let totals = |report: &Value, name: &str| number(&report["companies"][0]["totals"][name]);
        assert_eq!(totals(&before, "opening"), 0.0);
        assert_eq!(totals(&before, "closing"), totals(&after, "opening"));
        assert!(totals(&after, "opening") < 0.0);
    }
}

#[tokio::test]
async fn a_company_without_entries_has_an_empty_sheet() {
    let company = Company::open().await;
    let ada = company.client("ada");
    let named = Values::new().set("name", "Larkspur South");
    let partner = ada.create("res.partner", [named.clone()]).await.unwrap();
    let euro = ada
        .search_ids("res.currency", field("name").eq("EUR"), "", 1)
        .await
        .unwrap();
    let south = named
        .set("partner_id", partner[0])
        .set("currency_id", euro[0]);
    let made = ada.create("res.company", [south]).await.unwrap();
    let users = ada
        .search_ids("res.users", field("login").eq("alice"), "", 1)
        .await
        .unwrap();
    let both = Values::new().set("company_ids", vec![odoo_json2::Command::Link(made[0])]);
    ada.write("res.users", &users, &both).await.unwrap();
    let alice = company.actor("alice").await;
    let report = alice.ask("balance_sheet", json!({})).await;
    let sheet = &report["companies"][2];
    assert_eq!(
        (&sheet["balanced"], &sheet["note"]),
        (&json!(true), &json!("nothing posted until then"))
    );
    let ledger = alice
        .ask("ledger_summary", json!({"company_id": made[0]}))
        .await;
    assert_eq!(
        (&ledger["total"], &ledger["companies"][0]["note"]),
        (&json!(0), &json!("nothing posted here that you may see"))
    );
}

/// An Odoo of whose only entry some items are hidden.
fn odoo_with_hidden_items() -> ScriptedOdoo {
    ScriptedOdoo::new(|call, _| {
        let models = [
            "account.move.line",
            "account.account",
            "account.partial.reconcile",
        ];
        let company = json!([1, "Larkspur Instruments"]);
        let account = |id: i64, kind: &str, balance: f64| {
            json!({
                "company_id": company, "account_id.account_type": kind, "account_id.placeholder_code": "1",
                "account_id": [id, "Account"], "balance:sum": balance,
            })
        };
        match call {
            "ir.model/get_available_models" => Some((
                200,
                models.map(|model| json!({"model": model})).to_vec().into(),
            )),
            "account.move.line/formatted_read_grouping_sets" => Some((
                200,
                json!([
                    [account(5, "asset_cash", 70.1), account(6, "equity", -50.0)],
                    []
                ]),
            )),
            _ => None,
        }
    })
}

/// A rule that hides items of an entry leaves a sheet that does not balance, and that says so.
#[tokio::test]
async fn a_sheet_that_cannot_be_whole_says_so() {
    let odoo = odoo_with_hidden_items();
    let outcome = odoo_tools::Registry::standard()
        .call(
            &odoo.session().await,
            &odoo_tools::Access::ALL,
            "balance_sheet",
            json!({"detail": "totals"}).as_object().unwrap().clone(),
        )
        .await
        .unwrap();
    insta::assert_snapshot!(outcome.text, @r"
    ## companies 1
    company: Larkspur Instruments (#1)
    currency: USD
    as_of: 2026-11-18
    balanced: no
    difference: amount: 20.1
    note: assets differ from liabilities and equity: record rules hide some items from you, or entries were changed past Odoo; do not rely on this sheet

    ### totals
    |line|amount|
    |-|-|
    |bank_and_cash|70.1|
    |total_assets|70.1|
    |total_liabilities|0|
    |equity|50|
    |total_equity|50|
    |liabilities_and_equity|50|
    ");
}

#[tokio::test]
async fn twenty_four_columns_are_the_most() {
    let alice = as_person("alice").await;
    let asked = |to: &str| json!({"date_from": "2025-01-01", "date_to": to, "columns": "months", "company_id": 1});
    let report = alice.ask("pl_summary", asked("2026-12-31")).await;
    let revenue = report["companies"][0]["totals"][0].as_object().unwrap();
    assert_eq!(
        revenue.keys().filter(|key| key.starts_with("20")).count(),
        24
    );
    let refused = alice.read("pl_summary", asked("2027-01-01")).await;
    assert!(refused.contains("25 columns"), "{refused}");
}
