//! Clients that come back by a scheme of their own, such as editors, and those that register more
//! redirect URIs than are allowed here.

use odoo_auth::{AllowedRedirects, Policy, RedirectError};
use serde_json::{Value, json};

use crate::{
    browser::{Browser, Client, text},
    site::{Site, settings},
    world::policy,
};

const CURSOR: &str = "cursor://anysphere.cursor-mcp/oauth/callback";
const HOSTED: &str = "https://www.cursor.com/agents/mcp/oauth/callback";
const LOOPBACK: &str = "http://localhost:8787/callback";

/// What Cursor registers.
fn cursor() -> Value {
    json!({"client_name": "Cursor", "redirect_uris": [CURSOR, HOSTED, LOOPBACK]})
}

fn allowing(entries: &[&str]) -> Policy {
    let mut policy = policy();
    let also = |allowed: AllowedRedirects, entry: &&str| allowed.also(entry).unwrap();
    policy.redirects = entries.iter().fold(policy.redirects, also);
    policy
}

#[tokio::test]
async fn a_registration_keeps_what_is_allowed_and_says_what_was_left_out() {
    let site = Site::new().await;
    let answer = site.register(&cursor()).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    let answer = answer.json();
    assert_eq!(answer["redirect_uris"], json!([LOOPBACK]));
    insta::assert_json_snapshot!(answer["redirect_uris_left_out"], @r#"
    [
      {
        "redirect_uri": "cursor://anysphere.cursor-mcp/oauth/callback",
        "reason": "the redirect URI is not on this server's list of allowed ones"
      },
      {
        "redirect_uri": "https://www.cursor.com/agents/mcp/oauth/callback",
        "reason": "the redirect URI is not on this server's list of allowed ones"
      }
    ]
    "#);
    let id = text(&answer, "client_id");
    Client::new(&id, LOOPBACK).connect(&site, "alice").await;
    for uri in [CURSOR, HOSTED] {
        let shown = Browser::new()
            .open(&site, &Client::new(&id, uri).link())
            .await;
        assert_eq!((shown.status, shown.header("location")), (400, ""), "{uri}");
    }
    let none = json!({"client_name": "Cursor", "redirect_uris": [CURSOR, HOSTED]});
    let refused = site.register(&none).await;
    assert_eq!(
        (refused.status, refused.error().as_str()),
        (400, "invalid_redirect_uri")
    );
}

#[tokio::test]
async fn vs_code_connects_by_the_port_that_it_happens_to_get() {
    let site = Site::new().await;
    let body = json!({"client_name": "Visual Studio Code", "redirect_uris": [
        "https://insiders.vscode.dev/redirect",
        "https://vscode.dev/redirect",
        "http://127.0.0.1/",
        "http://127.0.0.1:33418/",
    ]});
    let answer = site.register(&body).await.json();
    let id = text(&answer, "client_id");
    let code = Client::new(&id, "http://127.0.0.1:59656/");
    code.connect(&site, "emil").await;
}

#[tokio::test]
async fn a_scheme_that_the_operator_names_is_the_applications() {
    for entry in ["cursor:", "cursor://", CURSOR] {
        let site = Site::with(allowing(&[entry]), settings(), None).await;
        let answer = site.register(&cursor()).await.json();
        assert_eq!(
            answer["redirect_uris"],
            json!([CURSOR, LOOPBACK]),
            "{entry}"
        );
        let app = Client::new(&text(&answer, "client_id"), CURSOR);
        let mut browser = Browser::new();
        let page = browser.open(&site, &app.link()).await;
        let policy = page.header("content-security-policy");
        assert!(policy.contains("form-action 'self' cursor:;"), "{policy}");
        assert!(
            page.body.contains("cursor://anysphere.cursor-mcp<"),
            "{}",
            page.body
        );
        assert!(page.body.contains("a program on your own computer"));
        let sent = browser
            .allow(&site, &crate::browser::Page::of(&page), "alice")
            .await;
        assert!(
            sent.location()
                .starts_with(&format!("{CURSOR}?code=omcp_ac_"))
        );
        app.connect(&site, "alice").await;
    }
    // Another address of the scheme is as good when the scheme is named, and not otherwise.
    let other = "cursor://somebody.else/callback";
    assert_eq!(allowing(&["cursor:"]).redirects.check(other), Ok(()));
    let exact = allowing(&[CURSOR]).redirects.check(other);
    assert_eq!(exact, Err(RedirectError::NotAllowed));
}

#[tokio::test]
async fn the_scheme_alone_is_matched_by_exact_text_once_registered() {
    let site = Site::with(allowing(&["cursor:"]), settings(), None).await;
    let answer = site.register(&cursor()).await.json();
    let id = text(&answer, "client_id");
    for uri in [
        "cursor://anysphere.cursor-mcp/oauth/callback/",
        "cursor://anysphere.cursor-mcp/oauth/other",
        "cursor://evil/oauth/callback",
        "cursor://anysphere.cursor-mcp/oauth/callback?x=1",
        "cursor://anysphere.cursor-mcp/oauth/callback#x",
        "cursor://user@anysphere.cursor-mcp/oauth/callback",
        "CURSOR://anysphere.cursor-mcp/oauth/callback",
        "cursor:anysphere.cursor-mcp/oauth/callback",
    ] {
        let shown = Browser::new()
            .open(&site, &Client::new(&id, uri).link())
            .await;
        assert_eq!((shown.status, shown.header("location")), (400, ""), "{uri}");
    }
}

#[test]
fn schemes_that_run_or_open_things_are_nobodys_own() {
    for entry in [
        "javascript:",
        "data:",
        "vbscript:",
        "file:",
        "http:",
        "https:",
        "https://",
        "ws://",
        "ftp:",
        "blob:",
        "about:",
        "intent:",
        "view-source:",
        "c:",
        ":",
        "://",
        "",
        "Cursor:",
        "cur sor:",
        "javascript:alert(1)",
        "data:text/html,x",
        "cursor:opaque",
    ] {
        let allowed = AllowedRedirects::claude().also(entry);
        assert!(allowed.is_err(), "{entry}");
    }
    for entry in [
        "vscode:",
        "com.example.app:",
        "com.example.app:/callback",
        "x-app+2://",
    ] {
        AllowedRedirects::claude().also(entry).unwrap();
    }
}

#[tokio::test]
async fn a_document_with_one_redirect_too_many_is_admitted_without_it() {
    let host = crate::document_host::DocumentHost::start(
        "apps.example",
        crate::document_host::document(
            &json!({
                "client_id": "https://apps.example/editor",
                "client_name": "Editor",
                "redirect_uris": ["editor://callback", "http://127.0.0.1/"],
            })
            .to_string(),
        ),
    )
    .await;
    let mut policy = policy();
    policy.cimd_hosts.push("apps.example".to_owned());
    let site = Site::with(policy, settings(), Some(host.client.clone())).await;
    let id = "https://apps.example/editor";
    Client::new(id, "http://127.0.0.1:4000/")
        .connect(&site, "alice")
        .await;
    let shown = Browser::new()
        .open(&site, &Client::new(id, "editor://callback").link())
        .await;
    assert_eq!(shown.status, 400);
}
