//! Creating, changing and removing records; files and messages.

use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::actor::{Actor, sandbox};

async fn partner(ada: &Actor, vals: Value) -> Value {
    ada.call("res.partner/create", json!({"vals_list": vals}))
        .await[0]
        .clone()
}

async fn read(ada: &Actor, id: &Value, fields: &[&str]) -> Value {
    let body = json!({"ids": [id], "fields": fields, "load": null});
    ada.call("res.partner/read", body).await[0].clone()
}

#[tokio::test]
async fn create_answers_ids_for_one_and_for_many() {
    let odoo = sandbox().start().await.unwrap();
    let ada = Actor::of(&odoo, "ada");
    let one = ada
        .call("res.partner/create", json!({"vals_list": {"name": "One"}}))
        .await;
    let two = ada
        .call(
            "res.partner/create",
            json!({"vals_list": [{"name": "Two"}, {"name": "Three"}]}),
        )
        .await;
    assert_eq!(
        (one.as_array().unwrap().len(), two.as_array().unwrap().len()),
        (1, 2)
    );
    let created = read(
        &ada,
        &one[0],
        &["name", "type", "active", "create_uid", "create_date"],
    )
    .await;
    assert_eq!(
        (&created["type"], &created["active"]),
        (&json!("contact"), &json!(true))
    );
    assert_eq!(created["create_uid"], 6);
    assert!(
        created["create_date"]
            .as_str()
            .unwrap()
            .starts_with("2026-11-20 12:00:")
    );
}

#[tokio::test]
async fn a_failing_call_leaves_nothing_behind() {
    let odoo = sandbox().start().await.unwrap();
    let ada = Actor::of(&odoo, "ada");
    let before = ada
        .call("res.partner/search_count", json!({"domain": []}))
        .await;
    let vals = json!([{"name": "Fine", "child_ids": [[0, 0, {"name": "Child"}]]}, {"name": "Bad", "type": "nokey"}]);
    assert_eq!(
        ada.refused("res.partner/create", json!({"vals_list": vals}))
            .await[0],
        500
    );
    assert_eq!(
        ada.call("res.partner/search_count", json!({"domain": []}))
            .await,
        before
    );
}

#[tokio::test]
async fn commands_change_lists() {
    let odoo = sandbox().start().await.unwrap();
    let ada = Actor::of(&odoo, "ada");
    let id = partner(
        &ada,
        json!({"name": "P", "category_id": [[0, 0, {"name": "a"}], [0, 0, {"name": "b"}]]}),
    )
    .await;
    let tags = async || read(&ada, &id, &["category_id"]).await["category_id"].clone();
    let both = tags().await;
    let (a, b) = (both[0].clone(), both[1].clone());
    let write = async |commands: Value| {
        ada.call(
            "res.partner/write",
            json!({"ids": [id], "vals": {"category_id": commands}}),
        )
        .await;
        tags().await
    };
    assert_eq!(write(json!([[3, a]])).await, json!([b]));
    assert_eq!(write(json!([[4, a], [4, a]])).await, json!([a, b]));
    assert_eq!(write(json!([[5]])).await, json!([]));
    assert_eq!(write(json!([[6, 0, [b]]])).await, json!([b]));
    assert_eq!(write(json!([a])).await, json!([a]));
    assert_eq!(write(json!([[2, a]])).await, json!([]));
    let gone = ada
        .call(
            "res.partner.category/search",
            json!({"domain": [["id", "=", a]]}),
        )
        .await;
    assert_eq!(gone, json!([]));
}

#[tokio::test]
async fn what_points_at_a_removed_record_is_emptied() {
    let odoo = sandbox().start().await.unwrap();
    let ada = Actor::of(&odoo, "ada");
    let parent = partner(&ada, json!({"name": "Parent", "is_company": true})).await;
    let child = partner(&ada, json!({"name": "Child", "parent_id": parent})).await;
    assert_eq!(
        ada.call("res.partner/unlink", json!({"ids": [parent]}))
            .await,
        json!(true)
    );
    assert_eq!(
        read(&ada, &child, &["parent_id"]).await["parent_id"],
        json!(false)
    );
    let refused = ada
        .refused("res.currency/unlink", json!({"ids": [1]}))
        .await;
    assert_eq!(refused[0], 422, "companies need their currency");
}

#[tokio::test]
async fn copies_are_named_so_and_html_is_cleaned() {
    let odoo = sandbox().start().await.unwrap();
    let ada = Actor::of(&odoo, "ada");
    let tag = ada
        .call(
            "res.partner.category/create",
            json!({"vals_list": {"name": "gold"}}),
        )
        .await;
    let copy = ada
        .call("res.partner.category/copy", json!({"ids": tag}))
        .await;
    let named = ada
        .call(
            "res.partner.category/read",
            json!({"ids": copy, "fields": ["name"]}),
        )
        .await;
    assert_eq!(named[0]["name"], "gold (copy)");
    let mut seen = Vec::new();
    for html in [
        "plain",
        "plain <b>x</b>",
        "<p onclick=\"x\">a</p><script>x</script>",
        "<p style=\"color:red\">b</p>",
    ] {
        let id = partner(&ada, json!({"name": "H", "comment": html})).await;
        seen.push(read(&ada, &id, &["comment"]).await["comment"].to_string());
    }
    assert_snapshot!(seen.join("\n"), @r#"
    "<p>plain</p>"
    "<p>plain <b>x</b></p>"
    "<p>a</p>"
    "<p style=\"color:red\">b</p>"
    "#);
}

#[tokio::test]
async fn people_change_their_own_preferences_only() {
    let odoo = sandbox().start().await.unwrap();
    let emil = Actor::of(&odoo, "emil");
    let write = |id: i64, vals: Value| json!({"ids": [id], "vals": vals});
    emil.call("res.users/write", write(3, json!({"tz": "Asia/Tokyo"})))
        .await;
    assert_eq!(
        emil.call("res.users/context_get", json!({})).await["tz"],
        "Asia/Tokyo"
    );
    assert_eq!(
        emil.refused("res.users/write", write(2, json!({"tz": "UTC"})))
            .await[0],
        403
    );
    assert_eq!(
        emil.refused("res.users/write", write(3, json!({"login": "boss"})))
            .await[0],
        403
    );
    assert_eq!(
        emil.refused("res.users/write", write(3, json!({"company_id": 2})))
            .await[0],
        422
    );
}

#[tokio::test]
async fn files_follow_the_record_they_hang_on() {
    let odoo = sandbox().start().await.unwrap();
    let (ada, emil) = (Actor::of(&odoo, "ada"), Actor::of(&odoo, "emil"));
    let id = partner(&ada, json!({"name": "P"})).await;
    let file =
        json!({"name": "a.txt", "datas": "aGVsbG8=", "res_model": "res.partner", "res_id": id});
    let file = json!({"vals_list": file});
    let refused = emil.refused("ir.attachment/create", file.clone()).await;
    assert_eq!(
        refused[2],
        "Sorry, you are not allowed to access this document."
    );
    let file = ada.call("ir.attachment/create", file).await;
    let fields = json!(["mimetype", "file_size", "checksum", "res_name", "datas"]);
    let read = emil
        .call("ir.attachment/read", json!({"ids": file, "fields": fields}))
        .await;
    let mut read = read[0].clone();
    read["id"].take();
    assert_snapshot!(read.to_string(), @r#"{"id":null,"mimetype":"text/plain","file_size":5,"checksum":"aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d","res_name":"P","datas":"aGVsbG8="}"#);
    assert_eq!(
        emil.refused("ir.attachment/unlink", json!({"ids": file}))
            .await[0],
        403
    );
}

#[tokio::test]
async fn loose_files_are_their_owners_and_raw_bytes_are_no_json() {
    let odoo = sandbox().start().await.unwrap();
    let (alice, emil) = (Actor::of(&odoo, "alice"), Actor::of(&odoo, "emil"));
    let loose = json!({"vals_list": {"name": "mine.pdf", "datas": "JVBERg=="}});
    let loose = emil.call("ir.attachment/create", loose).await;
    let found = json!({"domain": [["id", "in", loose]]});
    assert_eq!(
        emil.call("ir.attachment/search", found.clone()).await,
        loose
    );
    assert_eq!(alice.call("ir.attachment/search", found).await, json!([]));
    let raw = emil
        .post(
            "ir.attachment/read",
            &json!({"ids": loose, "fields": ["raw"]}),
        )
        .await;
    assert_eq!(raw.status, 500);
    assert_eq!(raw.header("content-type"), Some("text/html; charset=utf-8"));
}

#[tokio::test]
async fn messages_are_escaped_unless_said_to_be_html() {
    let odoo = sandbox().start().await.unwrap();
    let emil = Actor::of(&odoo, "emil");
    for (html, expected) in [
        (false, "<p>&lt;b&gt;hi&lt;/b&gt;</p>"),
        (true, "<p><b>hi</b></p>"),
    ] {
        let body = json!({"ids": [1], "body": "<b>hi</b>", "body_is_html": html});
        let id = emil.call("res.partner/message_post", body).await;
        let read = emil
            .call(
                "mail.message/read",
                json!({"ids": id, "fields": ["body", "author_id", "record_name"]}),
            )
            .await;
        assert_eq!(read[0]["body"], expected);
        assert_eq!(read[0]["author_id"][1], "Emil Novak");
        assert_eq!(read[0]["record_name"], "Larkspur Instruments");
    }
}
