//! Several companies at work: what belongs to one of them is what a call for that one shows.

use odoo_json2::Context;
use serde_json::{Value, json};

use crate::actors::Company;
use crate::records::{create, found, write};

const NORDIC: i64 = 2;

/// Odoo shows Ada herself and those she leads in every company, and refuses what their contracts say.
#[tokio::test]
async fn people_of_one_company_are_those_of_that_company() {
    let company = Company::shared();
    for login in ["ada", "alice"] {
        let actor = company.actor(login).await;
        let page = actor
            .ask("search_employees", json!({"company_id": NORDIC}))
            .await;
        let records = page["records"].as_array().unwrap();
        let names: Vec<&Value> = records.iter().map(|record| &record["name"]).collect();
        assert_eq!(names, ["Aino Salmi", "Mikko Lehto"], "{login}");
    }
}

/// A manager in HR has somebody in a company that is not hers: the others are listed all the same.
#[tokio::test]
async fn one_person_elsewhere_does_not_refuse_the_list() {
    let company = Company::open().await;
    let ada = company.client("ada");
    let hanna = company.actor("hanna").await;
    let before = hanna.ask("search_employees", json!({})).await;
    let own = hanna.user.profile().employee.as_ref().unwrap().id;
    let mikko = found(&ada, "hr.employee", json!([["name", "=", "Mikko Lehto"]])).await;
    write(&ada, "hr.employee", &mikko, json!({"parent_id": own})).await;
    let after = hanna.ask("search_employees", json!({})).await;
    assert_eq!(after["records"], before["records"]);
    for (tool, question) in [
        ("read_employee", json!({"name": "kk"})),
        ("read_employee_history", json!({"name": "kk"})),
    ] {
        let outcome = hanna.call(tool, question).await;
        assert_eq!(outcome.structured["error"], "not_found", "{}", outcome.text);
    }
}

/// A branch keeps its books in the accounts and journals of its parent.
#[tokio::test]
async fn a_branch_has_no_bank_accounts_of_its_parent() {
    let company = Company::open().await;
    let ada = company.client("ada");
    let branch =
        json!({"name": "Larkspur Rochester", "parent_id": 1, "currency_id": 1, "partner_id": 1});
    let branch = create(&ada, "res.company", branch).await;
    let alice = found(&ada, "res.users", json!([["login", "=", "alice"]])).await;
    let joined = json!({"company_ids": [[4, branch]]});
    write(&ada, "res.users", &alice, joined).await;

    let alice = company.actor("alice").await;
    let status = alice
        .ask("bank_sync_status", json!({"company_id": branch}))
        .await;
    assert_eq!(status["journals"], json!([]), "{status}");
    assert!(
        status["note"].as_str().unwrap().contains("parent"),
        "{status}"
    );
    let all = alice.ask("bank_sync_status", json!({})).await;
    for journal in all["journals"].as_array().unwrap() {
        assert_ne!(journal["currency"], "", "{journal}");
    }
}

/// Shares product sales of the first company with the second, where they have a code of their own, and books the
/// second company's there. The id of the account.
async fn share_sales(company: &Company) -> i64 {
    let ada = company.client("ada");
    let first = Context::new().companies([1, NORDIC]);
    let second = Context::new().companies([NORDIC, 1]);
    let sales = found(
        &ada.clone().with_context(first.clone()),
        "account.account",
        json!([["name", "=", "Product Sales"], ["company_ids", "in", [1]]]),
    )
    .await;
    let own = found(
        &ada.clone().with_context(second.clone()),
        "account.account",
        json!([
            ["name", "=", "Product Sales"],
            ["company_ids", "in", [NORDIC]]
        ]),
    )
    .await;
    let shared = json!({"company_ids": [[4, NORDIC]]});
    let admin = ada.clone().with_context(first);
    write(&admin, "account.account", &sales, shared).await;
    let ada = ada.with_context(second);
    write(&ada, "account.account", &sales, json!({"code": "7010"})).await;
    let items = json!([["account_id", "in", own], ["parent_state", "=", "posted"]]);
    let items = found(&ada, "account.move.line", items).await;
    let moved = json!({"account_id": sales[0]});
    write(&ada, "account.move.line", &items, moved).await;
    sales[0]
}

#[tokio::test]
async fn a_shared_account_has_the_code_of_the_company_that_is_reported() {
    let company = Company::open().await;
    let sales = share_sales(&company).await;
    let alice = company.actor("alice").await;
    for (tool, list, question) in [
        ("ledger_summary", "rows", json!({})),
        ("pl_summary", "accounts", json!({})),
    ] {
        let report = alice.ask(tool, question).await;
        for (section, expected) in [(0, "400000 Product Sales"), (1, "7010 Product Sales")] {
            let rows = report["companies"][section][list].as_array().unwrap();
            let row = rows.iter().find(|row| row["account"]["id"] == sales);
            assert_eq!(row.unwrap()["account"]["name"], expected, "{tool}");
        }
    }
    let found_by = async |code: &str| {
        let question = json!({"account": code, "period": "this_year", "kind": "income"});
        let ledger = alice.ask("ledger_summary", question).await;
        let sections = ledger["companies"].as_array().unwrap().iter();
        let rows = |section: &Value| section["rows"].as_array().map_or(0, Vec::len);
        sections.map(rows).collect::<Vec<_>>()
    };
    assert_eq!(found_by("7010").await, [0, 1]);
    assert_eq!(found_by("400000").await, [1, 0]);
    let question = json!({"account": "7010", "limit": 3});
    let items = alice.ask("read_transactions", question).await;
    for item in items["records"].as_array().unwrap() {
        assert_eq!(item["account"]["name"], "7010 Product Sales", "{item}");
        assert_eq!(item["company"]["id"], NORDIC);
    }
    assert_ne!(items["total"], 0);
}
