//! What `expense_analysis` sums up, and what questions about expenses cost.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::actors::{Company, as_person};

#[tokio::test]
async fn spending_is_summed_up_per_company() {
    let alice = as_person("alice").await;
    let question = json!({"by": "department", "date_from": "2025-12-01", "date_to": "2026-11-18"});
    insta::assert_snapshot!(alice.read("expense_analysis", question).await, @r"
    total: 6
    returned: 6

    ## companies 1
    company: Larkspur Instruments (#)
    currency: USD
    from: 2025-12-01
    to: 2026-11-18
    total: 3757.22
    untaxed: 3742.22
    count: 25

    ### groups
    |department|total|untaxed|count|
    |-|-|-|-|
    |Sales (#)|1311.25||4|
    |Workshop (#)|1291.28||14|
    |Direction (#)|640||1|
    |People and Culture (#)|284.4||3|
    |Finance (#)|230.29|215.29|3|

    ## companies 2
    company: Larkspur Nordic (#)
    currency: EUR
    from: 2025-12-01
    to: 2026-11-18
    total: 280.4
    count: 4

    ### groups
    |department|total|count|
    |-|-|-|
    |Turku Office (#)|280.4|4|
    ");
}

#[tokio::test]
async fn spending_of_a_company_is_summed_up_by_month_and_state() {
    let alice = as_person("alice").await;
    let question = json!({"by": ["month", "state"], "company_id": 2});
    insta::assert_snapshot!(alice.read("expense_analysis", question).await, @r"
    total: 4
    returned: 4

    ## companies 1
    company: Larkspur Nordic (#)
    currency: EUR
    from: 2026-01-01
    to: 2026-12-31
    total: 280.4
    count: 4

    ### groups
    |month|state|total|count|
    |-|-|-|-|
    |2026-07|paid|74.9|1|
    |2026-09|posted|36.5|1|
    |2026-10|approved|128|1|
    |2026-11|draft|41|1|
    ");
}

#[tokio::test]
async fn every_grouping_comes_to_the_same_total() {
    let company = Company::shared();
    for login in ["alice", "emil", "tara", "ada"] {
        let actor = company.actor(login).await;
        let mut totals = Vec::new();
        for by in [
            "category",
            "employee",
            "department",
            "month",
            "state",
            "paid_by",
        ] {
            let report = actor
                .ask("expense_analysis", json!({"by": by, "company_id": 1}))
                .await;
            let section = &report["companies"][0];
            let groups = section["groups"].as_array().unwrap();
            let sum: f64 = groups
                .iter()
                .map(|group| group["total"].as_f64().unwrap())
                .sum();
            assert!(
                (sum - section["total"].as_f64().unwrap()).abs() < 0.005,
                "{login} {by}"
            );
            let feature = groups.iter().all(|group| group.get(by).is_some());
            assert!(feature, "{login} {by}: {groups:?}");
            totals.push(section["total"].clone());
        }
        totals.dedup();
        assert_eq!(totals.len(), 1, "{login}");
    }
}

/// More groups than anybody reads, one a month: the total is that of all, whatever is shown.
#[tokio::test]
async fn totals_are_those_of_all_groups() {
    let company = Company::open().await;
    let emil = company.actor("emil").await;
    let odoo = company.client("emil");
    let category = json!([["default_code", "=", "FOOD"]]);
    let category: Vec<i64> = odoo
        .call("product.product", "search")
        .arg("domain", category)
        .read_only()
        .fetch()
        .await
        .unwrap();
    let months: Vec<odoo_json2::Values> = (0..1_400)
        .map(|month| {
            let date = format!("{}-{:02}-15", 1900 + month / 12, month % 12 + 1);
            odoo_json2::Values::new()
                .set("name", "Lunch")
                .set("product_id", category[0])
                .set("date", date)
                .set("total_amount_currency", 2.0)
        })
        .collect();
    odoo.create("hr.expense", months).await.unwrap();
    let question = json!({"by": "month", "date_from": "1900-01-01", "date_to": "2019-12-31"});
    let report = emil.ask("expense_analysis", question).await;
    let section = &report["companies"][0];
    assert_eq!(
        (&section["total"], &section["count"]),
        (&json!(2800), &json!(1400))
    );
    assert_eq!(
        (&report["total"], &report["truncated"]),
        (&json!(1400), &json!(true))
    );
    let shown = section["groups"].as_array().unwrap().len();
    assert_eq!(report["returned"], shown);
    assert!(report["rest"].as_str().unwrap().contains("shorter period"));
}

#[tokio::test]
async fn refused_expenses_are_summed_up_on_request_only() {
    let emil = as_person("emil").await;
    let year = json!({"by": "state", "date_from": "2025-12-01", "date_to": "2026-11-18"});
    let usual = emil.ask("expense_analysis", year).await;
    assert!(!usual.to_string().contains("refused"));
    let refused = emil
        .ask(
            "expense_analysis",
            json!({"by": "state", "state": "refused"}),
        )
        .await;
    assert_eq!(refused["companies"][0]["total"], 65);
}

#[tokio::test]
async fn every_question_is_one_call() {
    let company = Company::open().await;
    let alice = company.actor("alice").await;
    let list = alice.ask("read_expenses", json!({"limit": 1})).await;
    let one = json!({"id": list["records"][0]["id"]});
    let mut made = String::new();
    for (tool, question) in [
        ("read_expenses", json!({"to_approve": true})),
        ("read_expenses", one),
        ("expense_analysis", json!({"by": ["month", "employee"]})),
    ] {
        alice.ask(tool, question.clone()).await;
        company.sandbox.reset_calls();
        alice.ask(tool, question).await;
        for call in company.sandbox.calls() {
            made += &format!("{tool}: {}\n", call.path);
        }
    }
    insta::assert_snapshot!(made, @r"
    read_expenses: /json/2/hr.expense/web_search_read
    read_expenses: /json/2/hr.expense/web_search_read
    expense_analysis: /json/2/hr.expense/formatted_read_grouping_sets
    ");
}

/// Both forms of the answer together, against the bytes of one direct call for the same fields.
#[tokio::test]
async fn twenty_expenses_are_little_more_than_odoo_would_send() {
    let company = Company::open().await;
    let alice = company.actor("alice").await;
    let named = json!({"fields": {"display_name": {}}});
    let specification = json!({
        "name": {}, "state": {}, "date": {}, "employee_id": named, "product_id": named,
        "total_amount_currency": {}, "currency_id": named, "total_amount": {},
        "company_currency_id": named, "payment_mode": {}, "nb_attachment": {}, "manager_id": named,
        "company_id": named,
    });
    let direct: Value = company
        .client("alice")
        .call("hr.expense", "web_search_read")
        .arg("domain", json!([]))
        .arg("specification", specification)
        .arg("limit", 20)
        .context(odoo_json2::Context::new().companies([1, 2]))
        .read_only()
        .fetch()
        .await
        .unwrap();
    let ours = alice.call("read_expenses", json!({})).await;
    // The text travels as a JSON string, with its line breaks escaped.
    let ours = ours.structured.to_string().len() + Value::from(ours.text).to_string().len();
    let direct = direct.to_string().len();
    assert!(ours * 10 <= direct * 12, "{ours} bytes against {direct}");
}

#[tokio::test]
async fn pages_of_expenses_meet() {
    let company = Company::shared();
    for (login, order) in [("alice", "newest"), ("tara", "oldest")] {
        let actor = company.actor(login).await;
        let mut question = json!({"order": order, "limit": 4});
        let (mut ids, mut total) = (Vec::new(), 0);
        for _ in 0..20 {
            let page = actor.ask("read_expenses", question.clone()).await;
            total = page["total"].as_u64().unwrap();
            let records = page["records"].as_array().unwrap();
            ids.extend(records.iter().map(|record| record["id"].as_i64().unwrap()));
            let Some(next) = page.get("next_cursor") else {
                break;
            };
            question["cursor"] = next.clone();
        }
        assert_eq!(ids.len() as u64, total, "{login}");
        assert_eq!(
            ids.iter().collect::<BTreeSet<_>>().len(),
            ids.len(),
            "{login}"
        );
    }
}
