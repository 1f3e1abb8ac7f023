//! The frame of a call: keys, bodies, databases, addresses.

use insta::assert_snapshot;
use serde_json::json;

use crate::actor::{Actor, sandbox, send, shared};

const PATH: &str = "POST /json/2/res.users/context_get";

fn headers(key: &str) -> Vec<(&'static str, String)> {
    vec![
        ("Authorization", key.to_owned()),
        ("Content-Type", "application/json".to_owned()),
    ]
}

async fn post(
    actor: &Actor,
    headers: &[(&'static str, String)],
    body: &[u8],
) -> crate::actor::Reply {
    let headers: Vec<(&str, &str)> = headers
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    send(&actor.url, PATH, &headers, body)
        .await
        .expect("an answer")
}

#[tokio::test]
async fn alice_is_known_by_her_key_in_any_case_of_bearer() {
    let alice = shared("alice");
    for scheme in ["bearer", "Bearer", "BEARER  "] {
        let reply = post(&alice, &headers(&format!("{scheme} {}", alice.key)), b"{}").await;
        assert_eq!(reply.status, 200);
        assert_eq!(
            reply.header("content-type"),
            Some("application/json; charset=utf-8")
        );
        assert_eq!(
            reply.text(),
            "{\"lang\": \"en_US\", \"tz\": \"Europe/Rome\", \"uid\": 2}"
        );
    }
}

#[tokio::test]
async fn without_a_key_or_with_a_wrong_one_nobody_gets_in() {
    let alice = shared("alice");
    let mut texts = Vec::new();
    for key in [
        "",
        "Basic eDp5",
        "bearer",
        "bearer 0123456789012345678901234567890123456789",
    ] {
        let reply = post(&alice, &headers(key), b"{}").await;
        assert_eq!(
            (reply.status, reply.header("www-authenticate")),
            (401, Some("Bearer "))
        );
        texts.push(reply.json()["message"].to_string());
    }
    assert_snapshot!(texts.join("\n"), @r#"
    "User not authenticated, use an API Key with a Bearer Authorization header."
    "User not authenticated, use an API Key with a Bearer Authorization header."
    "User not authenticated, use an API Key with a Bearer Authorization header."
    "Invalid apikey"
    "#);
}

#[tokio::test]
async fn bodies_that_are_no_json_are_refused() {
    let alice = shared("alice");
    let key = format!("bearer {}", alice.key);
    let broken = post(&alice, &headers(&key), b"{").await;
    assert_eq!(broken.status, 400);
    assert!(
        broken.json()["message"]
            .as_str()
            .unwrap()
            .starts_with("could not parse the body as json: ")
    );
    let mut plain = headers(&key);
    plain[1].1 = "text/plain".to_owned();
    let plain = post(&alice, &plain, b"{}").await;
    assert_eq!(
        (plain.status, plain.header("content-type")),
        (415, Some("text/html; charset=utf-8"))
    );
    // What is JSON but no object counts as no arguments, and an empty body needs no type.
    for body in [&b"[1]"[..], b"null", b"\"x\"", b""] {
        assert_eq!(post(&alice, &headers(&key), body).await.status, 200);
    }
}

#[tokio::test]
async fn a_chunked_body_counts_as_empty() {
    let alice = shared("alice");
    let key = format!("bearer {}", alice.key);
    let mut chunked = headers(&key);
    chunked.push(("Transfer-Encoding", "chunked".to_owned()));
    let all: Vec<(&str, &str)> = chunked
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    let head = "POST /json/2/res.partner/search";
    let reply = send(&alice.url, head, &all, b"d\r\n{\"domain\":[]}\r\n0\r\n\r\n")
        .await
        .unwrap();
    assert_eq!(reply.status, 422);
    assert_snapshot!(reply.json()["message"].to_string(), @r#""missing a required argument: 'domain'""#);
}

#[tokio::test]
async fn a_wrong_database_is_a_page_and_the_right_one_may_be_left_out() {
    let odoo = sandbox().several_databases(true).start().await.unwrap();
    let alice = Actor::of(&odoo, "alice");
    let key = format!("bearer {}", alice.key);
    for (database, status) in [
        (Some("nope"), 404),
        (None, 404),
        (Some(odoo.database()), 200),
    ] {
        let mut headers = headers(&key);
        headers.extend(database.map(|name| ("X-Odoo-Database", name.to_owned())));
        let reply = post(&alice, &headers, b"{}").await;
        assert_eq!(reply.status, status);
        let html = reply.header("content-type") == Some("text/html; charset=utf-8");
        assert_eq!(html, status == 404);
    }
    let one = shared("alice");
    assert_eq!(
        post(&one, &headers(&format!("bearer {}", one.key)), b"{}")
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn other_addresses_and_methods_lead_nowhere() {
    let alice = shared("alice");
    let mut seen = Vec::new();
    for head in [
        "GET /json/2/res.users/context_get",
        "POST /json/2/res.users",
        "GET /web/version",
        "GET /json/version",
        "GET /web/health",
        "GET /",
        "GET /nope",
    ] {
        let reply = send(&alice.url, head, &[], b"").await.unwrap();
        let kind = reply.header("content-type").unwrap_or_default().to_owned();
        seen.push(format!(
            "{head}: {} {kind} {}",
            reply.status,
            reply.header("location").unwrap_or_default()
        ));
    }
    assert_snapshot!(seen.join("\n"), @"
    GET /json/2/res.users/context_get: 404 application/json; charset=utf-8 
    POST /json/2/res.users: 404 application/json; charset=utf-8 
    GET /web/version: 200 application/json; charset=utf-8 
    GET /json/version: 200 application/json; charset=utf-8 
    GET /web/health: 200 application/json; charset=utf-8 
    GET /: 303 text/html; charset=utf-8 /odoo
    GET /nope: 404 text/html;charset=utf-8
    ");
}

#[tokio::test]
async fn a_sandbox_remembers_its_calls() {
    let odoo = sandbox().start().await.unwrap();
    let emil = Actor::of(&odoo, "emil");
    let uid = odoo
        .people()
        .iter()
        .find(|person| person.login == "emil")
        .unwrap()
        .uid;
    emil.call("res.users/context_get", json!({})).await;
    let calls: Vec<_> = odoo
        .calls()
        .into_iter()
        .map(|call| (call.uid, call.path))
        .collect();
    assert_eq!(
        calls,
        [(Some(uid), "/json/2/res.users/context_get".to_owned())]
    );
    odoo.reset_calls();
    assert!(odoo.calls().is_empty());
}

#[tokio::test]
async fn archived_users_and_revoked_keys_end_at_once() {
    let odoo = sandbox().start().await.unwrap();
    let (emil, tara) = (Actor::of(&odoo, "emil"), Actor::of(&odoo, "tara"));
    assert!(odoo.archive_user("emil") && odoo.revoke_key(&tara.key));
    assert!(!odoo.archive_user("nobody") && !odoo.revoke_key(&tara.key));
    for actor in [emil, tara] {
        assert_eq!(
            actor.refused("res.users/context_get", json!({})).await[2],
            "Invalid apikey"
        );
    }
}
