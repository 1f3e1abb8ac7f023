//! The life of a connection through `serve`: signing in, working, renewing, ending.

use insta::assert_json_snapshot;
use odoo_sandbox::Sandbox;
use reqwest::StatusCode;
use serde_json::json;

use crate::installation::Installation;
use crate::person::Person;
use crate::visitor::{Tokens, Visitor};

#[tokio::test]
async fn alice_signs_in_works_and_renews() {
    let company = Installation::new().await;
    let server = company.serve().await;
    let claude = Visitor::discover(&server.url).await;
    let page = claude.open().await;
    assert!(page.text.contains("Journey") && page.text.contains("localhost"));
    assert!(page.text.contains("127.0.0.1"), "which Odoo it is");

    let first = claude.sign_in("alice").await;
    let alice = claude.connect(&first).await;
    let me = alice.call("whoami", json!({})).await;
    assert_eq!(me["structuredContent"]["user"]["name"], "Alice Marchetti");
    let invoices = alice.call("list_invoices", json!({})).await;
    assert_eq!(invoices["isError"], false, "{invoices}");

    let renewed = claude.refresh(&first.refresh).await;
    assert_json_snapshot!(renewed.json(), {
        ".access_token" => "omcp_at_…", ".refresh_token" => "omcp_rt_…",
    }, @r#"
    {
      "access_token": "omcp_at_…",
      "token_type": "Bearer",
      "expires_in": 3600,
      "refresh_token": "omcp_rt_…",
      "scope": "odoo:read odoo:write odoo:delete odoo:approve"
    }
    "#);
    let renewed = Tokens::of(&renewed);
    assert_ne!(renewed.access, first.access);
    // The session is the grant's, not the token's.
    let alice = Person::with_token(&server.url, &renewed.access).with_session(alice.session());
    assert_eq!(alice.call("whoami", json!({})).await["isError"], false);
}

#[tokio::test]
async fn an_archived_person_is_out_at_the_next_call() {
    let company = Installation::new().await;
    let server = company.serve().await;
    let claude = Visitor::discover(&server.url).await;
    let tokens = claude.sign_in("tara").await;
    let tara = claude.connect(&tokens).await;
    assert_eq!(
        tara.call("list_tasks", json!({})).await["isError"],
        false,
        "warm"
    );

    company.sandbox.archive_user("tara");
    let refused = tara.refused("list_tasks", json!({})).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{}", refused.text);
    let challenge = refused.header("www-authenticate");
    assert!(challenge.contains("error=\"invalid_token\""), "{challenge}");
    assert!(!refused.text.contains("structuredContent"), "no Odoo data");
    let again = tara.initialize().await;
    assert_eq!(again.status, StatusCode::UNAUTHORIZED, "for good");
    let refused = claude.refresh(&tokens.refresh).await;
    assert_eq!(refused.status, StatusCode::BAD_REQUEST);
    assert_eq!(refused.json()["error"], "invalid_grant");
}

#[tokio::test]
async fn a_restart_goes_unnoticed() {
    let company = Installation::new().await;
    let server = company.serve().await;
    let claude = Visitor::discover(&server.url).await;
    let tokens = claude.sign_in("hanna").await;
    let hanna = claude.connect(&tokens).await;
    assert!(!hanna.tools().await.is_empty());
    assert_eq!(server.terminate().await.1, Some(0));

    let _server = company.serve().await;
    let me = hanna.call("whoami", json!({})).await;
    assert_eq!(me["structuredContent"]["user"]["name"], "Hanna Okafor");
    assert_eq!(claude.refresh(&tokens.refresh).await.status, StatusCode::OK);
    let late = claude.sign_in("emil").await;
    assert!(!claude.connect(&late).await.tools().await.is_empty());
}

#[tokio::test]
async fn a_key_near_its_end_is_announced_once_a_day() {
    // Odoo's clock runs eighty days behind, so its keys of ninety days have ten left.
    let behind = jiff::SignedDuration::from_hours(80 * 24);
    #[expect(
        clippy::disallowed_methods,
        reason = "the server runs on this clock, too"
    )]
    let sandbox = Sandbox::builder().clock(move || jiff::Timestamp::now() - behind);
    let company = Installation::over(sandbox.start().await.expect("a sandbox")).await;
    let server = company.serve().await;
    let claude = Visitor::discover(&server.url).await;
    let tokens = claude.sign_in("alice").await;
    let alice = claude.connect(&tokens).await;

    let told = alice.call("list_companies", json!({})).await;
    let notice = told["structuredContent"]["notice"]
        .as_str()
        .expect("a notice");
    assert!(
        notice.starts_with("The connection to Odoo expires in ") && notice.contains("/account"),
        "{notice}"
    );
    let text = told["content"][0]["text"].as_str().expect("a text");
    assert!(text.starts_with(notice), "in the text as well: {text}");
    let again = alice.call("list_companies", json!({})).await;
    assert!(again["structuredContent"]["notice"].is_null(), "{again}");
}

#[tokio::test]
async fn a21_no_secret_reaches_the_log_of_a_whole_journey() {
    let company = Installation::new().await;
    let server = company.serve_logging("trace").await;
    let claude = Visitor::discover(&server.url).await;
    let page = claude.open().await;
    let wrong = [
        ("login", "emil"),
        ("password", "hunter2-hunter2"),
        ("decision", "allow"),
    ];
    assert_eq!(claude.submit(&page, &wrong).await.status, 403);
    let first = claude.sign_in("alice").await;
    let alice = claude.connect(&first).await;
    alice.call("whoami", json!({})).await;
    let second = Tokens::of(&claude.refresh(&first.refresh).await);
    company.sandbox.archive_user("alice");
    let ended = claude.connect(&second).await;
    ended.try_call("whoami", json!({})).await;
    assert_eq!(server.terminate().await.1, Some(0));

    let log = std::fs::read_to_string(company.log_file()).expect("the log");
    assert!(log.contains("grant ends"), "the journey is in the log");
    for secret in [
        &first.access,
        &first.refresh,
        &second.access,
        &second.refresh,
    ] {
        let (_, secret) = secret.split_at("omcp_at_".len());
        assert!(!log.contains(secret), "a token");
    }
    for password in ["hunter2", "alice-demo"] {
        assert!(!log.contains(password), "a password");
    }
    let ring = std::fs::read_to_string(company.keys_file()).expect("the key ring");
    let master = ring.split('"').find(|word| word.len() == 44);
    assert!(!log.contains(master.expect("a key")), "a master key");
    // An Odoo key has 40 hexadecimal digits.
    let is_key = |word: &str| word.len() == 40 && word.bytes().all(|b| b.is_ascii_hexdigit());
    let mut words = log.split(|c: char| !c.is_ascii_alphanumeric());
    assert!(!words.any(is_key), "an Odoo key");
}
