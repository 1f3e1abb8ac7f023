//! Grouped results.

use odoo_json2::{Bucket, Date, Domain, Error, GroupRow, Record, Ref, field};
use serde_json::json;

use crate::fake::{Answer, FakeOdoo};

#[derive(Debug, Record)]
#[odoo(model = "account.move.line")]
#[expect(dead_code, reason = "it names the model to group")]
struct MoveLine {
    id: i64,
}

#[derive(Debug, PartialEq, GroupRow)]
struct Row {
    account_id: Option<Ref>,
    #[odoo(rename = "account_id.account_type")]
    kind: Option<String>,
    #[odoo(rename = "date:month")]
    month: Option<Bucket>,
    #[odoo(rename = "balance:sum")]
    balance: f64,
    #[odoo(rename = "__count")]
    count: i64,
    #[odoo(rename = "date:max", optional)]
    latest: Option<Date>,
}

fn two_groups() -> Answer {
    Answer::json(json!([
        {
            "account_id": [45, "Bank"], "account_id.account_type": "asset_cash",
            "date:month": ["2026-11-01", "November 2026"], "balance:sum": 5231.86, "__count": 14,
            "__extra_domain": [["a", "=", 1]],
        },
        {
            "account_id": false, "account_id.account_type": false, "date:month": false,
            "balance:sum": 0, "__count": 0,
        },
    ]))
}

#[tokio::test]
async fn a_group_is_read_by_the_names_of_its_columns() {
    let alice = FakeOdoo::answering([two_groups()]).alice();
    let rows = alice
        .group::<MoveLine>(Domain::all())
        .by("account_id")
        .sum("balance");
    let rows = rows.rows::<Row>().await.unwrap();
    assert_eq!(
        rows[0].account_id,
        Some(Ref {
            id: 45,
            name: "Bank".to_owned()
        })
    );
    assert_eq!(rows[0].month.as_ref().unwrap().label, "November 2026");
    let empty = Row {
        account_id: None,
        kind: None,
        month: None,
        balance: 0.0,
        count: 0,
        latest: None,
    };
    assert_eq!(rows[1], empty, "a column that is optional may be absent");
}

#[tokio::test]
async fn a_group_is_asked_for_in_one_call() {
    let fake = FakeOdoo::answering([two_groups()]);
    let group = fake
        .alice()
        .group::<MoveLine>(field("parent_state").eq("posted"));
    let group = group
        .by("account_id")
        .by("account_id.account_type")
        .by("date:month");
    let group = group.sum("balance").count().aggregate("date:max");
    let group = group
        .having(field("balance:sum").gt(0))
        .order("date:month desc");
    group.limit(81).offset(2).rows::<Row>().await.unwrap();
    let asked = json!({
        "context": {"lang": "en_US", "tz": "Europe/Rome", "allowed_company_ids": [1, 2]},
        "domain": [["parent_state", "=", "posted"]],
        "groupby": ["account_id", "account_id.account_type", "date:month"],
        "aggregates": ["balance:sum", "__count", "date:max"],
        "having": [["balance:sum", ">", 0]],
        "order": "date:month desc",
        "limit": 81,
        "offset": 2,
    });
    assert_eq!(fake.only_call()["body"], asked);
}

#[tokio::test]
async fn a_column_that_was_not_asked_for_is_named() {
    let alice = FakeOdoo::answering([Answer::json(json!([{"__count": 3}]))]).alice();
    let rows = alice
        .read_group::<MoveLine>(Domain::all())
        .count()
        .rows::<Row>()
        .await;
    let Err(Error::Decode(error)) = rows else {
        panic!("a column is absent")
    };
    assert_eq!(
        error.to_string(),
        "[0].account_id: expected a value, found nothing (the field was not asked for)"
    );
}
