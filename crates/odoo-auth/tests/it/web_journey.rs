//! Whole journeys over HTTP: from a client that knows nothing to a call as a person, and back.

use odoo_auth::ResolveError;
use odoo_json2::Odoo;
use serde_json::json;

use crate::{
    browser::{Browser, Client, Page, as_person, text},
    site::Site,
    world::{CLAUDE, CLAUDE_CALLBACK, CLAUDE_CODE, parameter},
};

const INSPECTOR: &str = "http://localhost:6274/oauth/callback";

/// Who asks, where the answer goes, and which Odoo it is about.
fn shows(page: &str) {
    for word in [
        "MCP Inspector",
        "localhost:6274",
        "your own computer",
        "Larkspur",
    ] {
        assert!(page.contains(word), "{word}");
    }
}

#[tokio::test]
async fn a_client_that_registers_connects_refreshes_and_is_revoked() {
    let site = Site::new().await;
    let inspector = Client::registered(&site, "MCP Inspector", INSPECTOR).await;
    let mut alice = Browser::new();
    let shown = alice.open(&site, &inspector.link()).await;
    shows(&shown.body);
    let answer = alice.allow(&site, &Page::of(&shown), "alice").await;
    let location = answer.location();
    assert!(location.starts_with(INSPECTOR));
    assert_eq!(parameter(location, "state").unwrap(), "st&te");
    assert!(answer.header("set-cookie").contains("; Max-Age=60;"));

    let code = parameter(location, "code").unwrap();
    let first = inspector.exchange(&site, &code).await.json();
    assert_eq!(
        (&first["token_type"], &first["expires_in"]),
        (&json!("Bearer"), &json!(3600))
    );
    // What is not ticked at first was not granted.
    assert_eq!(first["scope"], json!("odoo:read odoo:write"));
    let live = site
        .provider
        .grants()
        .resolve(&text(&first, "access_token"))
        .await
        .unwrap();
    assert_eq!(
        (live.account.login.as_str(), live.account.database.as_str()),
        ("alice", "larkspur")
    );
    let odoo = Odoo::builder(site.odoo.url())
        .database("larkspur")
        .api_key(live.key.clone());
    let profile = odoo.build().unwrap().profile().await.unwrap();
    assert_eq!(profile.name, "Alice Marchetti");
    assert_eq!(
        site.keys_of("alice").await,
        std::slice::from_ref(&live.key_name)
    );
}

#[tokio::test]
async fn a_connection_is_refreshed_until_its_client_gives_it_back() {
    let site = Site::new().await;
    let inspector = Client::registered(&site, "MCP Inspector", INSPECTOR).await;
    let first = inspector.connect(&site, "alice").await;
    site.pass(3700);
    let second = inspector
        .refresh(&site, &text(&first, "refresh_token"))
        .await
        .json();
    assert_eq!(second["scope"], first["scope"]);
    let access = text(&second, "access_token");
    site.provider.grants().resolve(&access).await.unwrap();
    let refresh = text(&second, "refresh_token");
    let pairs = [("token", refresh.as_str()), ("client_id", &inspector.id)];
    let revoked = site.post("/revoke", &pairs).await;
    assert_eq!((revoked.status, revoked.body.as_str()), (200, "{}"));
    let refused = site.provider.grants().resolve(&access).await;
    assert!(matches!(refused, Err(ResolveError::Invalid)));
    assert_eq!(
        inspector.refresh(&site, &refresh).await.error(),
        "invalid_grant"
    );
}

#[tokio::test]
async fn claude_and_claude_code_connect_without_registering() {
    let site = Site::new().await;
    for (client, name) in [
        (Client::new(CLAUDE, CLAUDE_CALLBACK), "Claude"),
        (
            Client::new(CLAUDE_CODE, "http://localhost:54545/callback"),
            "Claude Code",
        ),
    ] {
        let mut emil = Browser::new();
        let shown = emil.open(&site, &client.link()).await;
        assert!(shown.body.contains(&format!("Connect <em>{name}</em>")));
        let answer = emil.allow(&site, &Page::of(&shown), "emil").await;
        let code = parameter(answer.location(), "code").unwrap();
        let tokens = client.exchange(&site, &code).await.json();
        let again = client.refresh(&site, &text(&tokens, "refresh_token")).await;
        assert_eq!(again.status, 200);
    }
    // Two connections, two keys, each with the name of its client.
    let keys = site.keys_of("emil").await;
    assert!(keys[0].starts_with("Odoo MCP - Claude Code - "), "{keys:?}");
    assert!(keys[1].starts_with("Odoo MCP - Claude - "), "{keys:?}");
}

#[tokio::test]
async fn what_is_not_ticked_is_not_granted_and_nothing_ticked_is_no_connection() {
    let site = Site::new().await;
    let claude = Client::new(CLAUDE, CLAUDE_CALLBACK);
    let mut tara = Browser::new();
    let page = tara.page(&site, &claude.link()).await;
    let empty = page.without("scope");
    let answer = tara.allow(&site, &empty, "tara").await;
    assert_eq!((answer.status, site.sign_ins()), (400, 0));
    insta::assert_snapshot!(answer.alert(), @"Tick at least one thing that the application may do.");
    // A box that was never on the page.
    let asked = claude.link_with(&[("scope", "odoo:read")]);
    let narrow = tara.page(&site, &asked).await;
    let more = [
        ("login", "tara"),
        ("password", "tara-demo"),
        ("scope", "odoo:approve"),
        ("decision", "allow"),
    ];
    let answer = tara.submit(&site, &narrow, &more).await;
    assert_eq!((answer.status, site.sign_ins()), (400, 0));
    insta::assert_snapshot!(answer.alert(), @"The application did not ask for one of these permissions.");

    let only = [
        ("login", "tara"),
        ("password", "tara-demo"),
        ("scope", "odoo:approve"),
        ("decision", "allow"),
    ];
    let answer = tara.submit(&site, &empty, &only).await;
    let code = parameter(answer.location(), "code").unwrap();
    let tokens = claude.exchange(&site, &code).await.json();
    assert_eq!(tokens["scope"], json!("odoo:approve"));
}

#[tokio::test]
async fn who_says_no_is_sent_back_with_that_and_nothing_is_made() {
    let site = Site::new().await;
    let claude = Client::new(CLAUDE, CLAUDE_CALLBACK);
    let mut alice = Browser::new();
    let page = alice.page(&site, &claude.link()).await;
    let answer = alice.submit(&site, &page, &[("decision", "deny")]).await;
    insta::assert_snapshot!(answer.location(), @"https://claude.ai/api/mcp/auth_callback?error=access_denied&error_description=the+user+did+not+allow+it&state=st%26te&iss=https%3A%2F%2Fodoo-mcp.example.com");
    assert!(site.grants().await.is_empty() && site.odoo.calls().is_empty());
    let undecided = alice.page(&site, &claude.link()).await;
    assert_eq!(alice.submit(&site, &undecided, &[]).await.status, 400);
}

#[tokio::test]
async fn two_tabs_do_not_disturb_each_other() {
    let site = Site::new().await;
    let claude = Client::new(CLAUDE, CLAUDE_CALLBACK);
    let code_client = Client::new(CLAUDE_CODE, "http://localhost:9/callback");
    let mut alice = Browser::new();
    let first = alice.page(&site, &claude.link()).await;
    let second = alice.page(&site, &code_client.link()).await;
    assert_eq!(alice.cookies().len(), 2);
    let to_claude = alice.allow(&site, &first, "alice").await;
    assert!(to_claude.location().starts_with(CLAUDE_CALLBACK));
    let to_code = alice.allow(&site, &second, "alice").await;
    assert!(to_code.location().starts_with("http://localhost:9/"));
}

#[tokio::test]
async fn a_page_works_once_and_not_for_ever_and_leaves_no_key_behind() {
    let site = Site::new().await;
    let claude = Client::new(CLAUDE, CLAUDE_CALLBACK);
    let mut alice = Browser::new();
    let page = alice.page(&site, &claude.link()).await;
    let mut before = alice.clone();
    let sent = alice.allow(&site, &page, "alice").await;
    let code = parameter(sent.location(), "code").unwrap();
    // The back button a while later, in a browser that kept the cookie.
    site.pass(31);
    let again = before.allow(&site, &page, "alice").await;
    assert_eq!(again.status, 400);
    insta::assert_snapshot!(again.alert(), @"This sign-in page was used already. If the application is not connected, connect again from there.");
    assert_eq!((site.sign_ins(), site.keys_of("alice").await.len()), (1, 1));
    assert_eq!(claude.exchange(&site, &code).await.status, 200);

    let page = alice.page(&site, &claude.link()).await;
    site.pass(601);
    let late = alice
        .submit(&site, &page, &as_person("alice", "alice-demo"))
        .await;
    assert_eq!(late.status, 400);
    insta::assert_snapshot!(late.alert(), @"This page was open for too long. Connect again from the application.");
}
