//! Reading records: pairs, nested specifications, names, descriptions.

use insta::{assert_json_snapshot, assert_snapshot};
use serde_json::json;

use crate::actor::{Actor, sandbox, shared};

#[tokio::test]
async fn read_gives_pairs_and_false_for_what_is_empty() {
    let emil = shared("emil");
    let body = json!({"ids": [1], "fields": ["name", "country_id", "vat", "category_id", "color", "active"]});
    assert_snapshot!(emil.call("res.partner/read", body).await.to_string(), @r#"[{"id":1,"name":"Larkspur Instruments","country_id":[12,"United States"],"vat":false,"category_id":[],"color":0,"active":true}]"#);
    let body = json!({"ids": [1], "fields": ["country_id"], "load": null});
    assert_eq!(
        emil.call("res.partner/read", body).await,
        json!([{"id": 1, "country_id": 12}])
    );
    assert_eq!(
        emil.call(
            "res.partner/read",
            json!({"ids": [999_999], "fields": ["name"]})
        )
        .await,
        json!([])
    );
    assert_eq!(
        emil.call("res.partner/read", json!({"ids": 1, "fields": ["id"]}))
            .await,
        json!([{"id": 1}])
    );
}

#[tokio::test]
async fn a_specification_reaches_through_the_records() {
    let emil = shared("emil");
    let specification = json!({
        "login": {},
        "company_id": {"fields": {"display_name": {}, "currency_id": {"fields": {"name": {}}}}},
        "company_ids": {"fields": {"display_name": {}}},
        "partner_id": {},
    });
    let body = json!({"domain": [["login", "=", "alice"]], "specification": specification});
    assert_json_snapshot!(emil.call("res.users/web_search_read", body).await, @r#"
    {
      "length": 1,
      "records": [
        {
          "id": 2,
          "login": "alice",
          "company_id": {
            "id": 1,
            "currency_id": {
              "id": 1,
              "name": "USD"
            },
            "display_name": "Larkspur Instruments"
          },
          "company_ids": [
            {
              "id": 1,
              "display_name": "Larkspur Instruments"
            }
          ],
          "partner_id": 4
        }
      ]
    }
    "#);
}

#[tokio::test]
async fn lines_beyond_the_limit_come_with_their_id_alone() {
    let odoo = sandbox().start().await.unwrap();
    let ada = Actor::of(&odoo, "ada");
    let children = json!([[0, 0, {"name": "C"}], [0, 0, {"name": "A"}], [0, 0, {"name": "B"}]]);
    let vals = json!({"name": "Parent", "is_company": true, "child_ids": children});
    let id = ada
        .call("res.partner/create", json!({"vals_list": vals}))
        .await;
    let children = json!({"fields": {"name": {}}, "limit": 2, "order": "name"});
    let body = json!({"ids": id, "specification": {"child_ids": children}});
    let read = ada.call("res.partner/web_read", body).await;
    let children = read[0]["child_ids"].as_array().unwrap();
    let names: Vec<_> = children
        .iter()
        .map(|child| child["name"].as_str())
        .collect();
    assert_eq!(names, [Some("A"), Some("B"), None]);
    let missing =
        json!({"ids": [id[0], 999_999], "specification": {"child_ids": {"fields": {"name": {}}}}});
    assert_eq!(ada.refused("res.partner/web_read", missing).await[0], 404);
}

#[tokio::test]
async fn the_length_is_counted_up_to_its_limit() {
    let emil = shared("emil");
    let length = async |offset: u64, limit: u64, count_limit: Option<u64>| {
        let body = json!({
            "domain": [], "specification": {}, "offset": offset, "limit": limit, "count_limit": count_limit,
        });
        emil.call("res.country/web_search_read", body).await["length"].clone()
    };
    let all = emil
        .call("res.country/search_count", json!({"domain": []}))
        .await;
    assert_eq!(length(0, 2, None).await, all);
    assert_eq!(length(0, 0, None).await, all);
    assert_eq!(length(0, 2, Some(5)).await, 5);
    assert_eq!(length(100, 2, None).await, 0);
    assert_eq!(
        emil.call(
            "res.country/search_count",
            json!({"domain": [], "limit": 3})
        )
        .await,
        3
    );
}

#[tokio::test]
async fn names_are_found_and_described() {
    let emil = shared("emil");
    let found = emil
        .call("res.country/name_search", json!({"name": "den"}))
        .await;
    assert_eq!(found.to_string(), r#"[[4,"Denmark"],[10,"Sweden"]]"#);
    let by_code = emil
        .call("res.country/name_search", json!({"name": "DK", "limit": 1}))
        .await;
    assert_eq!(by_code[0][1], "Denmark");
    let body = json!({"allfields": ["name", "currency_id", "nope"], "attributes": ["type", "string", "relation"]});
    assert_snapshot!(emil.call("res.country/fields_get", body).await.to_string(), @r#"{"name":{"string":"Country Name","type":"char"},"currency_id":{"string":"Currency","type":"many2one","relation":"res.currency"}}"#);
    let hidden = json!({"allfields": ["password_digest"]});
    assert_eq!(emil.call("res.users/fields_get", hidden).await, json!({}));
}

#[tokio::test]
async fn everybody_learns_who_he_is_and_what_is_there() {
    let emil = shared("emil");
    let models = emil.call("ir.model/get_available_models", json!({})).await;
    let models: Vec<_> = models
        .as_array()
        .unwrap()
        .iter()
        .map(|model| model["model"].as_str().unwrap())
        .collect();
    assert!(models.contains(&"res.partner") && !models.contains(&"ir.model"));
    assert!(
        !models.contains(&"res.users.identitycheck"),
        "wizards are not listed"
    );
    let access = async |operation: &str| {
        emil.call("res.partner/has_access", json!({"operation": operation}))
            .await
    };
    assert_eq!(
        (access("read").await, access("write").await),
        (json!(true), json!(false))
    );
    let group = json!({"ids": [3], "group_ext_id": "base.group_user"});
    assert_eq!(emil.call("res.users/has_group", group).await, json!(true));
    assert_eq!(
        emil.call("res.lang/get_installed", json!({})).await,
        json!([["en_US", "English (US)"]])
    );
    let domain = json!([
        ["state", "=", "installed"],
        ["name", "in", ["base", "mail"]]
    ]);
    let body = json!({"domain": domain, "fields": ["name", "installed_version"], "order": "name"});
    let modules = emil.call("ir.module.module/search_read", body).await;
    assert_eq!(modules[0]["installed_version"], "19.0.1.3");
}

#[tokio::test]
async fn orders_follow_many2one_into_their_own_order() {
    let emil = shared("emil");
    let body = json!({"domain": [["phone_code", "<", 45]], "order": "currency_id desc, name"});
    let ids = emil.call("res.country/search", body).await;
    let rows = emil
        .call(
            "res.country/read",
            json!({"ids": ids, "fields": ["name", "currency_id"]}),
        )
        .await;
    let rows = rows.as_array().unwrap().iter();
    let seen: Vec<_> = rows
        .map(|row| format!("{} {}", row["currency_id"][1], row["name"]))
        .collect();
    assert_snapshot!(seen.join("\n"), @r#"
    "GBP" "United Kingdom"
    "USD" "Canada"
    "USD" "United States"
    "EUR" "France"
    "EUR" "Italy"
    "EUR" "Netherlands"
    "EUR" "Switzerland"
    "#);
}
