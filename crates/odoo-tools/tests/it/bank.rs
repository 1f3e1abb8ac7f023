//! Bank transactions, journal items and the state of bank accounts, as the people of the demo company.

use odoo_tools::{Outcome, Registry, UserSession};
use serde_json::{Map, Value, json};

use crate::actors::{self, Company, as_person};
use crate::scripted::ScriptedOdoo;

mod shared;

/// The status of the bank, as a user of an Odoo that a test wrote.
async fn status(user: &UserSession) -> Outcome {
    let registry = Registry::standard();
    actors::call(&registry, user, "bank_sync_status", Map::new())
        .await
        .unwrap()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

#[tokio::test]
async fn the_accountant_sees_what_the_bank_reported_last() {
    let alice = as_person("alice").await;
    let question = json!({"company_id": 1, "limit": 4, "totals": true});
    insta::assert_snapshot!(alice.read("read_transactions", question).await, @r"
    total: 48
    returned: 4
    truncated: yes
    next_cursor: …
    link: https://odoo.example/odoo/account.bank.statement.line/{id}

    ## totals
    |currency|count|amount|
    |-|-|-|
    |USD|48|75117.53|

    ## records
    |id|date|label|amount|currency|foreign_amount|foreign_currency|partner|account_number|counterparty|kind|reconciled|balance_after|journal|entry|
    |-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|
    |…|2026-11-17|Cloud drafting suite, 3 seats|-129|USD|||||Planwright Software|DEBIT|no|256768.3|Bank (#)|BNK1/2026/00044 (#)|
    |…|2026-11-15|State sales tax, instalment|-1850|USD|||||Department of Revenue|TRANSFER|yes|256897.3|Bank (#)|BNK1/2026/00043 (#)|
    |…|2026-11-13|Optik Sandvik, advance on service|1110|USD|1021.2|EUR|Optik Sandvik (#)|SE45 5000 0000 0583 9825 7466||SWIFT|no|258747.3|Bank (#)|BNK1/2026/00042 (#)|
    |…|2026-11-12|Interest on deposits|31.27|USD||||||INTEREST|no|257637.3|Bank (#)|BNK1/2026/00041 (#)|
    ");
}

#[tokio::test]
async fn a_transaction_in_another_currency_shows_both_amounts() {
    let alice = as_person("alice").await;
    let question = json!({"partner": "sandvik", "limit": 1, "company_id": 1});
    insta::assert_snapshot!(alice.read("read_transactions", question).await, @r"
    total: 4
    returned: 1
    truncated: yes
    next_cursor: …
    link: https://odoo.example/odoo/account.bank.statement.line/{id}

    ## records
    |id|date|label|amount|currency|foreign_amount|foreign_currency|partner|account_number|kind|reconciled|balance_after|journal|entry|
    |-|-|-|-|-|-|-|-|-|-|-|-|-|-|
    |…|2026-11-13|Optik Sandvik, advance on service|1110|USD|1021.2|EUR|Optik Sandvik (#)|SE45 5000 0000 0583 9825 7466|SWIFT|no|258747.3|Bank (#)|BNK1/2026/00042 (#)|
    ");
}

#[tokio::test]
async fn the_auditor_reads_journal_items_of_an_account_in_both_companies() {
    let rosa = as_person("rosa").await;
    let question = json!({"account": "101701", "limit": 3, "totals": true});
    insta::assert_snapshot!(rosa.read("read_transactions", question).await, @r"
    total: 8
    returned: 3
    truncated: yes
    next_cursor: …
    link: https://odoo.example/odoo/account.move.line/{id}

    ## totals
    |company|currency|count|amount|debit|credit|
    |-|-|-|-|-|-|
    |Larkspur Instruments (#)|USD|8|0|800|800|

    ## records
    |id|date|entry|account|label|debit|credit|balance|currency|reconciled|open|journal|company|
    |-|-|-|-|-|-|-|-|-|-|-|-|-|
    |…|2026-11-05|CSH1/2026/00004 (#)|101701 Liquidity Transfer (#)|From the bank||200|-200|USD|no|-200|Cash (#)|Larkspur Instruments (#)|
    |…|2026-11-05|BNK1/2026/00039 (#)|101701 Liquidity Transfer (#)|Transfer to cash box|200||200|USD|no|200|Bank (#)|Larkspur Instruments (#)|
    |…|2026-10-05|CSH1/2026/00003 (#)|101701 Liquidity Transfer (#)|From the bank||200|-200|USD|no|-200|Cash (#)|Larkspur Instruments (#)|
    ");
}

#[tokio::test]
async fn filters_of_transactions_narrow_and_never_add() {
    let alice = as_person("alice").await;
    let total = async |question: Value| {
        let page = alice.ask("read_transactions", question).await;
        page["total"].as_u64().unwrap()
    };
    let all = total(json!({})).await;
    let both = async |one: Value, other: Value| total(one).await + total(other).await;
    assert_eq!(
        both(json!({"reconciled": true}), json!({"reconciled": false})).await,
        all
    );
    assert_eq!(
        both(json!({"direction": "in"}), json!({"direction": "out"})).await,
        all
    );
    assert_eq!(
        both(json!({"company_id": 1}), json!({"company_id": 2})).await,
        all
    );
    let amounts = both(json!({"amount_min": 100.01}), json!({"amount_max": 100})).await;
    assert_eq!(amounts, all);
    let large = total(json!({"amount_min": 500, "direction": "out"})).await;
    assert!(large > 0 && large < total(json!({"direction": "out"})).await);
    assert_eq!(total(json!({"text": "%"})).await, 0);
    let named = total(json!({"partner": "okafor"})).await;
    assert!(named > 0 && named < all);
}

#[tokio::test]
async fn sums_are_those_of_all_pages() {
    let alice = as_person("alice").await;
    for question in [
        json!({"totals": true, "limit": 7}),
        json!({"totals": true, "limit": 50, "account": "101401"}),
    ] {
        let (mut question, mut sums) = (question, Vec::<(String, f64, u64)>::new());
        let first = alice.ask("read_transactions", question.clone()).await;
        let mut page = first.clone();
        loop {
            for record in page["records"].as_array().unwrap() {
                let currency = record["currency"].as_str().unwrap();
                let amount = number(record.get("amount").unwrap_or(&record["balance"]));
                match sums.iter_mut().find(|sum| sum.0 == currency) {
                    Some(sum) => (sum.1, sum.2) = (sum.1 + amount, sum.2 + 1),
                    None => sums.push((currency.to_owned(), amount, 1)),
                }
            }
            match page.get("next_cursor") {
                Some(cursor) => question["cursor"] = cursor.clone(),
                None => break,
            }
            page = alice.ask("read_transactions", question.clone()).await;
        }
        let totals = first["totals"].as_array().unwrap();
        assert_eq!(totals.len(), sums.len());
        for total in totals {
            let sum = sums
                .iter()
                .find(|sum| total["currency"] == sum.0.as_str())
                .unwrap();
            assert!(
                (number(&total["amount"]) - sum.1).abs() < 0.005,
                "{total} {sum:?}"
            );
            assert_eq!(total["count"], sum.2);
        }
    }
}

#[tokio::test]
async fn the_balance_runs_from_transaction_to_transaction() {
    let alice = as_person("alice").await;
    let question = json!({"company_id": 1, "journal": "BNK1", "limit": 100});
    let page = alice.ask("read_transactions", question).await;
    let records = page["records"].as_array().unwrap();
    for pair in records.windows(2) {
        let before = number(&pair[0]["balance_after"]) - number(&pair[0]["amount"]);
        assert!(
            (before - number(&pair[1]["balance_after"])).abs() < 0.005,
            "{pair:?}"
        );
    }
}

#[tokio::test]
async fn bank_transactions_have_no_account() {
    let alice = as_person("alice").await;
    let question = json!({"source": "bank", "account": "101401"});
    insta::assert_snapshot!(alice.read("read_transactions", question).await, @r"
    error: invalid_arguments
    message: bank transactions have no account; only journal items do
    next_step: Leave `account` out and name the bank's `journal`, or leave `source` out.
    ");
}

/// The Base64 of a small whole one.
const PDF: &str = "JVBERi0xLjQKMSAwIG9iajw8Pj5lbmRvYmoKdHJhaWxlcjw8Pj4KJSVFT0YK";

#[tokio::test]
async fn people_outside_accounting_are_not_shown_the_bank() {
    for login in ["emil", "tara", "hanna"] {
        let person = as_person(login).await;
        for tool in [
            "read_transactions",
            "bank_sync_status",
            "create_bill_from_file",
        ] {
            // The approver reads entries of expenses and journals, so some of these tools might work.
            let shown = person.tools().contains(&tool);
            assert!(
                !shown || (login, tool) == ("tara", "create_bill_from_file"),
                "{login} {tool}"
            );
            let outcome = person
                .call(tool, json!({"file_name": "a", "content": PDF}))
                .await;
            assert!(outcome.is_error);
            assert_eq!(outcome.structured["error"], "no_access", "{}", outcome.text);
        }
    }
}

#[tokio::test]
async fn the_accountant_sees_how_current_the_bank_is() {
    let alice = as_person("alice").await;
    insta::assert_snapshot!(alice.read("bank_sync_status", json!({})).await, @r"
    as_of: 2026-11-18
    synchronisation: Odoo's bank synchronisation
    link: https://odoo.example/odoo/account.journal/{id}

    ## journals
    |id|name|kind|company|currency|balance|last_transaction|transactions|to_reconcile|to_reconcile_amount|last_statement|has_wrong_statements|feed|
    |-|-|-|-|-|-|-|-|-|-|-|-|-|
    |…|Bank|bank|Larkspur Instruments (#)|USD|674989.97|2026-11-17|44|35|85157.53|id: 3, name: Statement 2026/10, date: 2026-10-20, balance: 257439.05||online_sync|
    |…|Cash|cash|Larkspur Instruments (#)|USD|2371.52|2026-11-05|4|0|||||
    |…|Bank|bank|Larkspur Nordic (#)|EUR|85954.18|2026-11-18|30|26|5412.22|id: 5, name: Statement 2026/09, date: 2026-09-28, balance: 44613.56, problem: its transactions do not lead to its ending balance|yes|online_sync|
    |…|Cash|cash|Larkspur Nordic (#)|EUR|0||0|0|||||

    ## connections
    |id|name|state|last_refresh|next_refresh|consent_ends|journals|company|what_to_do|
    |-|-|-|-|-|-|-|-|-|
    |…|Seneca Lake Bank|connected|2026-11-18 05:12|2026-11-19 05:10|2026-11-27|Bank|Larkspur Instruments (#)|The bank's consent ends on 2026-11-27: extend it on the card of the journal, on Odoo's accounting dashboard.|
    |…|Saaristopankki|error|2026-11-12 04:40||2027-01-18|Bank|Larkspur Nordic (#)|The bank or the service reported an error: use Reconnect or Fetch on the card of the journal, on Odoo's accounting dashboard; if it stays, report the message in the connection's history to Odoo's support.|
    ");
}

#[tokio::test]
async fn the_administrator_and_the_auditor_see_the_same_bank() {
    let ada = as_person("ada")
        .await
        .ask("bank_sync_status", json!({"company_id": 1}))
        .await;
    let rosa = as_person("rosa")
        .await
        .ask("bank_sync_status", json!({"company_id": 1}))
        .await;
    assert_eq!(ada["journals"], rosa["journals"]);
    assert_eq!(ada["connections"].as_array().unwrap().len(), 1);
}

/// Books without the Enterprise app, asked what feeds them.
fn community(installed: usize) -> ScriptedOdoo {
    ScriptedOdoo::new(move |call, _| match call {
        "ir.model/get_available_models" => Some((
            200,
            [
                "account.journal",
                "account.move.line",
                "account.bank.statement.line",
            ]
            .iter()
            .map(|model| json!({"model": model, "display_name": model}))
            .collect(),
        )),
        "ir.module.module/search_count" => Some((200, json!(installed))),
        _ => None,
    })
}

#[tokio::test]
async fn without_a_synchronisation_app_the_status_says_so() {
    let mut told = Vec::new();
    for installed in [0, 1] {
        let odoo = community(installed);
        let user = odoo.session().await;
        let outcome = status(&user).await;
        told.push(outcome.structured["synchronisation"].clone());
    }
    insta::assert_debug_snapshot!(told, @r#"
    [
        String("no bank synchronisation app is installed: transactions are entered or imported by hand"),
        String("a bank synchronisation app is installed, but your rights in Odoo do not show its connections"),
    ]
    "#);
}

/// The OCA's app, with one provider that works and one that is switched off.
fn with_providers() -> ScriptedOdoo {
    const MODEL: &str = "online.bank.statement.provider";
    ScriptedOdoo::new(|call, body| match call {
        "ir.model/get_available_models" => Some((
            200,
            [
                "account.journal",
                "account.move.line",
                "account.bank.statement.line",
                MODEL,
            ]
            .iter()
            .map(|model| json!({"model": model, "display_name": model}))
            .collect(),
        )),
        "online.bank.statement.provider/fields_get" => Some((
            200,
            json!({
                "service": {"type": "selection"}, "active": {"type": "boolean"},
                "journal_id": {"type": "many2one"}, "last_successful_run": {"type": "datetime"},
                "next_run": {"type": "datetime"}, "password": {"type": "char"},
            }),
        )),
        "online.bank.statement.provider/web_search_read" => {
            assert!(!body.to_string().contains("password"));
            let journal = json!({"id": 4, "display_name": "Bank"});
            Some((
                200,
                json!({"length": 2, "records": [
                    {"id": 1, "service": "ponto", "active": true, "journal_id": journal,
                     "last_successful_run": "2026-11-12 05:00:00", "next_run": "2026-11-18 18:00:00"},
                    {"id": 2, "service": "dummy", "active": false, "journal_id": false,
                     "last_successful_run": false, "next_run": false},
                ]}),
            ))
        }
        _ => None,
    })
}

#[tokio::test]
async fn providers_of_the_oca_are_connections_too() {
    let odoo = with_providers();
    let user = odoo.session().await;
    let outcome = status(&user).await;
    insta::assert_snapshot!(outcome.text, @r"
    as_of: 2026-11-18
    journals: 
    note: no bank, cash or card journals of these companies; a branch may use its parent's: ask for that company
    synchronisation: online bank statements (OCA)
    link: http://odoo.test/odoo/account.journal/{id}

    ## connections
    |id|name|state|last_refresh|next_refresh|journals|what_to_do|
    |-|-|-|-|-|-|-|
    |1|ponto|connected|2026-11-12 06:00|2026-11-18 19:00|Bank|Nothing came since 2026-11-12: open the provider of the journal in Odoo and pull the statements; its log says what the bank answered.|
    |2|dummy|paused||||It is switched off; activate it on the journal in Odoo.|
    ");
}

/// Calls to Odoo of the second run of a read tool.
#[tokio::test]
async fn reading_the_bank_costs_few_calls() {
    let company = Company::open().await;
    let rosa = company.actor("rosa").await;
    let mut made = String::new();
    for (tool, question) in [
        ("read_transactions", json!({})),
        ("read_transactions", json!({"account": "1014"})),
        ("read_transactions", json!({"totals": true})),
        ("bank_sync_status", json!({})),
    ] {
        rosa.ask(tool, question.clone()).await;
        company.sandbox.reset_calls();
        rosa.ask(tool, question.clone()).await;
        let mut calls: Vec<String> = company
            .sandbox
            .calls()
            .into_iter()
            .map(|call| call.path)
            .collect();
        calls.sort();
        made += &format!("{tool} {question}: {}\n", calls.join(" "));
    }
    insta::assert_snapshot!(made, @r#"
    read_transactions {}: /json/2/account.bank.statement.line/web_search_read
    read_transactions {"account":"1014"}: /json/2/account.account/search /json/2/account.move.line/web_search_read
    read_transactions {"totals":true}: /json/2/account.bank.statement.line/formatted_read_group /json/2/account.bank.statement.line/web_search_read
    bank_sync_status {}: /json/2/account.journal/web_search_read /json/2/account.move.line/formatted_read_group /json/2/account.online.link/web_search_read
    "#);
}
