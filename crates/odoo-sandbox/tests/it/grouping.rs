//! Grouping records.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::actor::{Actor, sandbox, shared};

fn lines(rows: &Value) -> String {
    let rows = rows.as_array().unwrap().iter();
    rows.map(Value::to_string).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn groups_come_with_names_and_a_domain_to_go_on() {
    let emil = shared("emil");
    let body = json!({
        "domain": [], "groupby": ["currency_id"], "aggregates": ["__count", "phone_code:max"],
        "order": "__count desc, currency_id", "limit": 2,
    });
    assert_snapshot!(lines(&emil.call("res.country/formatted_read_group", body).await), @r#"
    {"currency_id":[2,"EUR"],"__extra_domain":[["currency_id","=",2]],"__count":9,"phone_code:max":358}
    {"currency_id":[1,"USD"],"__extra_domain":[["currency_id","=",1]],"__count":2,"phone_code:max":1}
    "#);
    let body = json!({
        "domain": [["code", "in", ["GB", "US"]]], "groupby": ["currency_id.symbol", "code"], "aggregates": [],
    });
    assert_snapshot!(lines(&emil.call("res.country/formatted_read_group", body).await), @r#"
    {"currency_id.symbol":"$","code":"US","__extra_domain":["&",["currency_id","any",[["symbol","=","$"]]],["code","=","US"]]}
    {"currency_id.symbol":"£","code":"GB","__extra_domain":["&",["currency_id","any",[["symbol","=","£"]]],["code","=","GB"]]}
    "#);
    let none = json!({"domain": [["id", "=", 0]], "aggregates": ["__count", "phone_code:sum", "id:array_agg"]});
    assert_snapshot!(lines(&emil.call("res.country/formatted_read_group", none).await), @r#"{"__extra_domain":[[1,"=",1]],"__count":0,"phone_code:sum":false,"id:array_agg":[]}"#);
}

#[tokio::test]
async fn time_is_cut_where_the_user_is() {
    let odoo = sandbox().start().await.unwrap();
    let ada = Actor::of(&odoo, "ada");
    let vals = json!({"subject": "g", "body": "x", "date": "2026-11-22 22:30:00"});
    ada.call("mail.message/create", json!({"vals_list": vals}))
        .await;
    let mut seen = Vec::new();
    for part in [
        "hour",
        "day",
        "week",
        "month",
        "quarter",
        "year",
        "iso_week_number",
        "day_of_week",
    ] {
        let spec = format!("date:{part}");
        let body = json!({
            "domain": [["subject", "=", "g"]], "groupby": [spec], "context": {"tz": "Asia/Tokyo"},
        });
        let groups = ada.call("mail.message/formatted_read_group", body).await;
        seen.push(groups[0].to_string());
    }
    assert_snapshot!(seen.join("\n"), @r#"
    {"date:hour":["2026-11-22 22:00:00","07:00 23 Nov"],"__extra_domain":["&",["date",">=","2026-11-22 22:00:00"],["date","<","2026-11-22 23:00:00"]]}
    {"date:day":["2026-11-22 15:00:00","23 Nov 2026"],"__extra_domain":["&",["date",">=","2026-11-22 15:00:00"],["date","<","2026-11-23 15:00:00"]]}
    {"date:week":["2026-11-21 15:00:00","W48 2026"],"__extra_domain":["&",["date",">=","2026-11-21 15:00:00"],["date","<","2026-11-28 15:00:00"]]}
    {"date:month":["2026-10-31 15:00:00","November 2026"],"__extra_domain":["&",["date",">=","2026-10-31 15:00:00"],["date","<","2026-11-30 15:00:00"]]}
    {"date:quarter":["2026-09-30 15:00:00","Q4 2026"],"__extra_domain":["&",["date",">=","2026-09-30 15:00:00"],["date","<","2026-12-31 15:00:00"]]}
    {"date:year":["2025-12-31 15:00:00","2026"],"__extra_domain":["&",["date",">=","2025-12-31 15:00:00"],["date","<","2026-12-31 15:00:00"]]}
    {"date:iso_week_number":48.0,"__extra_domain":[["date.iso_week_number","=",48.0]]}
    {"date:day_of_week":1.0,"__extra_domain":[["date.day_of_week","=",1.0]]}
    "#);
}

#[tokio::test]
async fn the_domain_of_a_group_finds_its_records_again() {
    let emil = shared("emil");
    for group_by in [
        "currency_id",
        "code",
        "currency_id.symbol",
        "create_date:month",
        "create_date:year_number",
    ] {
        let body = json!({"domain": [], "groupby": [group_by], "aggregates": ["__count"]});
        let groups = emil.call("res.country/formatted_read_group", body).await;
        assert!(!groups.as_array().unwrap().is_empty());
        for group in groups.as_array().unwrap() {
            let body = json!({"domain": group["__extra_domain"]});
            assert_eq!(
                emil.call("res.country/search_count", body).await,
                group["__count"],
                "{group}"
            );
        }
    }
}

#[tokio::test]
async fn groups_can_be_filtered_counted_and_asked_for_together() {
    let emil = shared("emil");
    let body = json!({
        "domain": [], "groupby": ["currency_id"], "aggregates": ["__count"], "having": [["__count", ">", 1]],
    });
    let groups = emil.call("res.country/formatted_read_group", body).await;
    assert_eq!(groups.as_array().unwrap().len(), 2);
    let body =
        json!({"domain": [], "groupby": ["currency_id"], "aggregates": ["__count"], "limit": 1});
    let web = emil.call("res.country/web_read_group", body).await;
    assert_eq!(
        (web["groups"].as_array().unwrap().len(), &web["length"]),
        (1, &json!(3))
    );
    let body =
        json!({"domain": [], "grouping_sets": [["currency_id"], []], "aggregates": ["__count"]});
    let sets = emil
        .call("res.country/formatted_read_grouping_sets", body)
        .await;
    assert_eq!(
        sets[1],
        json!([{"__extra_domain": [[1, "=", 1]], "__count": 12}])
    );
    let body = json!({"domain": [["code", "=", "DK"]], "fields": ["phone_code"], "groupby": ["currency_id"]});
    assert_snapshot!(lines(&emil.call("res.country/read_group", body).await), @r#"{"currency_id":[2,"EUR"],"currency_id_count":1,"phone_code":45,"__domain":["&",["currency_id","=",2],["code","=","DK"]]}"#);
}

#[tokio::test]
async fn bad_groups_are_refused_as_odoo_does() {
    let emil = shared("emil");
    let mut seen = Vec::new();
    for body in [
        json!({"groupby": ["nofield"]}),
        json!({"groupby": ["name:month"]}),
        json!({"groupby": ["create_date"]}),
        json!({"groupby": ["create_date:foo"]}),
        json!({"groupby": ["name.x"]}),
        json!({"aggregates": ["nofield:sum"]}),
        json!({"aggregates": ["name"]}),
        json!({"aggregates": ["name:foo"]}),
        json!({"aggregates": ["name:sum"]}),
        json!({"groupby": ["name"], "order": "foo"}),
        json!({"having": [["__count", "like", 1]]}),
    ] {
        let mut body = body;
        body["domain"] = json!([]);
        seen.push(emil.refused("res.country/formatted_read_group", body).await);
    }
    assert_snapshot!(lines(&seen.into()), @r#"
    [500,"builtins.ValueError","Invalid field 'nofield' on model 'res.country'"]
    [500,"builtins.ValueError","Granularity set on a no-datetime field or property: 'name:month'"]
    [500,"builtins.ValueError","Granularity not set on a date(time) field: 'create_date'"]
    [500,"builtins.ValueError","Granularity specification isn't correct: 'foo'"]
    [500,"builtins.ValueError","Only many2one path is accepted for the 'name.x' groupby spec"]
    [500,"builtins.ValueError","Invalid field 'nofield' on model 'res.country' for 'nofield:sum'."]
    [500,"builtins.ValueError","Aggregate method is mandatory for 'name'"]
    [500,"builtins.ValueError","Invalid aggregate method 'foo' for 'name:foo'."]
    [500,"psycopg2.errors.UndefinedFunction","function sum(character varying) does not exist\n"]
    [500,"builtins.ValueError","Order term 'foo' is not a valid aggregate nor valid groupby"]
    [500,"builtins.ValueError","Invalid having clause ['__count', 'like', 1]: supported comparators are ('in', 'not in', '<', '>', '<=', '>=', '=', '!=')"]
    "#);
}
