//! What domains find.

use serde_json::{Value, json};

use crate::actor::{Actor, sandbox, shared};

async fn names(actor: &Actor, model: &str, domain: Value) -> Vec<String> {
    let body = json!({"domain": domain, "fields": ["display_name"], "order": "id"});
    let rows = actor.call(&format!("{model}/search_read"), body).await;
    let rows = rows.as_array().unwrap().iter();
    rows.map(|row| row["display_name"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn texts_are_found_by_pattern() {
    let emil = shared("emil");
    for (domain, expected) in [
        (
            json!([["name", "ilike", "united"]]),
            vec!["United Kingdom", "United States"],
        ),
        (json!([["name", "like", "united"]]), vec![]),
        (
            json!([["name", "=like", "United%"]]),
            vec!["United Kingdom", "United States"],
        ),
        (json!([["name", "=ilike", "f%an__"]]), vec!["France"]),
        (json!([["name", "ilike", "\\%"]]), vec![]),
        (json!(["!", ["name", "not ilike", "ger"]]), vec!["Germany"]),
    ] {
        assert_eq!(
            names(&emil, "res.country", domain.clone()).await,
            expected,
            "{domain}"
        );
    }
}

#[tokio::test]
async fn values_are_found_by_comparison() {
    let emil = shared("emil");
    for (domain, expected) in [
        (json!([["code", "=", "DK"]]), vec!["Denmark"]),
        (
            json!([["code", "in", ["DK", "SE", "XX"]]]),
            vec!["Denmark", "Sweden"],
        ),
        (
            json!(["|", ["code", "=", "IT"], ["code", "=", "NL"]]),
            vec!["Italy", "Netherlands"],
        ),
        (json!([["phone_code", ">", 300]]), vec!["Finland"]),
        (
            json!([["phone_code", "<=", 1]]),
            vec!["Canada", "United States"],
        ),
        (
            json!([["code", "=?", false], ["code", "=?", "DE"]]),
            vec!["Germany"],
        ),
        (json!([[1, "=", 1], ["id", "in", []]]), vec![]),
    ] {
        assert_eq!(
            names(&emil, "res.country", domain.clone()).await,
            expected,
            "{domain}"
        );
    }
}

#[tokio::test]
async fn linked_records_are_found_by_what_they_are() {
    let emil = shared("emil");
    for (domain, expected) in [
        (
            json!([["currency_id.name", "=", "GBP"]]),
            vec!["United Kingdom"],
        ),
        (json!([["currency_id", "=", "GBP"]]), vec!["United Kingdom"]),
        (
            json!([["currency_id", "ilike", "gb"]]),
            vec!["United Kingdom"],
        ),
        (
            json!([["currency_id", "any", [["name", "=", "GBP"]]]]),
            vec!["United Kingdom"],
        ),
        (
            json!([["currency_id", "not any", [["name", "!=", "GBP"]]]]),
            vec!["United Kingdom"],
        ),
        (json!([["currency_id", "=", false]]), vec![]),
    ] {
        assert_eq!(
            names(&emil, "res.country", domain.clone()).await,
            expected,
            "{domain}"
        );
    }
}

#[tokio::test]
async fn trees_are_followed_down_and_up() {
    let odoo = sandbox().start().await.unwrap();
    let ada = Actor::of(&odoo, "ada");
    let mut parent = json!(false);
    let mut ids = Vec::new();
    for name in ["Root", "Branch", "Leaf"] {
        let vals = json!({"name": name, "is_company": true, "parent_id": parent});
        parent = ada
            .call("res.partner/create", json!({"vals_list": vals}))
            .await[0]
            .clone();
        ids.push(parent.clone());
    }
    let below = json!([["id", "child_of", ids[1]]]);
    assert_eq!(names(&ada, "res.partner", below).await, ["Branch", "Leaf"]);
    let above = json!([["id", "parent_of", ids[1]]]);
    assert_eq!(names(&ada, "res.partner", above).await, ["Root", "Branch"]);
    let named = json!([["parent_id", "child_of", "Root"]]);
    assert_eq!(
        names(&ada, "res.partner", named).await,
        ["Root", "Branch", "Leaf"]
    );
}

#[tokio::test]
async fn archived_records_are_hidden_until_asked_for() {
    let odoo = sandbox().start().await.unwrap();
    let ada = Actor::of(&odoo, "ada");
    let id = ada
        .call(
            "res.partner/create",
            json!({"vals_list": {"name": "Gone Ltd"}}),
        )
        .await;
    ada.call("res.partner/action_archive", json!({"ids": id}))
        .await;
    let domain = json!([["name", "=", "Gone Ltd"]]);
    let search = |body| ada.call("res.partner/search", body);
    assert_eq!(search(json!({"domain": domain})).await, json!([]));
    assert_eq!(
        search(json!({"domain": domain, "context": {"active_test": false}})).await,
        id
    );
    let asked = json!([["name", "=", "Gone Ltd"], ["active", "=", false]]);
    assert_eq!(search(json!({"domain": asked})).await, id);
    let read = ada
        .call("res.partner/read", json!({"ids": id, "fields": ["active"]}))
        .await;
    assert_eq!(read, json!([{"id": id[0], "active": false}]));
}

#[tokio::test]
async fn dates_may_be_relative_and_days_begin_where_the_user_is() {
    let odoo = sandbox().start().await.unwrap();
    let ada = Actor::of(&odoo, "ada");
    // The clock of the tests stands at noon UTC of Friday, 20 November 2026.
    ada.call(
        "mail.message/create",
        json!({"vals_list": {"subject": "now", "body": "x"}}),
    )
    .await;
    let found = async |operator: &str, value: &str, tz: &str| {
        let domain = json!([["subject", "=", "now"], ["date", operator, value]]);
        let body = json!({"domain": domain, "context": {"tz": tz}});
        ada.call("mail.message/search_count", body).await == 1
    };
    assert!(found(">=", "today", "UTC").await);
    assert!(!found(">", "today", "UTC").await);
    assert!(found("<=", "today", "UTC").await);
    assert!(found("<", "today +1d", "UTC").await);
    assert!(found(">", "-1H", "UTC").await && !found(">", "+1H", "UTC").await);
    assert!(found(">=", "=monday", "UTC").await && !found("<", "=monday", "UTC").await);
    assert!(found(">=", "=monday -1w", "UTC").await);
    assert!(found(">=", "today -1y", "UTC").await && !found(">=", "today +1m", "UTC").await);
    // Noon UTC is already the 21st in Kiritimati, fourteen hours ahead.
    assert!(found(">=", "2026-11-21", "Pacific/Kiritimati").await);
    assert!(!found(">=", "2026-11-21", "UTC").await);
    assert!(found(">=", "2026-11-20T11:00:00", "UTC").await);
}

#[tokio::test]
async fn the_company_rule_hides_what_belongs_elsewhere() {
    let odoo = sandbox().start().await.unwrap();
    let (ada, emil) = (Actor::of(&odoo, "ada"), Actor::of(&odoo, "emil"));
    let vals = json!({"name": "Nordic only", "company_id": 2});
    let id = ada
        .call("res.partner/create", json!({"vals_list": vals}))
        .await;
    let domain = json!([["name", "=", "Nordic only"]]);
    assert_eq!(
        emil.call("res.partner/search", json!({"domain": domain}))
            .await,
        json!([])
    );
    assert_eq!(
        emil.refused("res.partner/read", json!({"ids": id, "fields": ["name"]}))
            .await[0],
        403
    );
    assert_eq!(
        ada.call("res.partner/search", json!({"domain": domain}))
            .await,
        id
    );
    let one = json!({"domain": domain, "context": {"allowed_company_ids": [1]}});
    assert_eq!(ada.call("res.partner/search", one).await, json!([]));
    let companies = emil.call("res.company/search", json!({"domain": []})).await;
    assert_eq!(companies, json!([1]));
}
