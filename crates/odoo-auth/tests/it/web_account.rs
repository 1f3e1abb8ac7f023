//! The account page, and how connections end: by their owner, by Odoo, by time.

use odoo_auth::{GrantState, KeyState, ResolveError};
use odoo_sandbox::Fault;
use secrecy::ExposeSecret;

use crate::{
    browser::{Browser, Client, Page, as_person, text},
    site::{Answer, Site},
    world::{CLAUDE, CLAUDE_CALLBACK, CLAUDE_CODE},
};

const DAY: u64 = 24 * 3600;

fn claude() -> Client {
    Client::new(CLAUDE, CLAUDE_CALLBACK)
}

fn claude_code() -> Client {
    Client::new(CLAUDE_CODE, "http://localhost:1/callback")
}

async fn sign_in(site: &Site, login: &str) -> (Browser, Answer) {
    let mut browser = Browser::new();
    let page = browser.page(site, "/account").await;
    let password = format!("{login}-demo");
    let answer = browser
        .submit(site, &page, &as_person(login, &password))
        .await;
    (browser, answer)
}

async fn works(site: &Site, access: &str) -> bool {
    match site.provider.grants().resolve(access).await {
        Ok(_) => true,
        Err(ResolveError::Invalid) => false,
        Err(error) => panic!("{error:?}"),
    }
}

#[tokio::test]
async fn alice_sees_her_connections_and_nobody_elses() {
    let site = Site::new().await;
    let tokens = claude().connect(&site, "alice").await;
    let other = claude_code().connect(&site, "alice").await;
    claude().connect(&site, "emil").await;
    let access = text(&tokens, "access_token");
    assert!(works(&site, &access).await && works(&site, &text(&other, "access_token")).await);
    site.provider.maintain().await.unwrap();
    let (alice, list) = sign_in(&site, "alice").await;
    assert_eq!(list.status, 200);
    assert!(list.body.contains("Alice Marchetti") && alice.cookies().is_empty());
    assert_eq!(
        list.body.matches("<section>").count(),
        2,
        "hers and nobody else's"
    );
    let lines: Vec<&str> = list
        .body
        .lines()
        .filter(|line| line.starts_with("<div><dt>"))
        .collect();
    insta::assert_snapshot!(lines[4..].join("\n"), @r#"
    <div><dt>Since</dt><dd>2026-03-02</dd></div>
    <div><dt>Last used</dt><dd>2026-03-02</dd></div>
    <div><dt>Odoo key expires</dt><dd>2026-05-31</dd></div>
    <div><dt>May</dt><dd>Read; Create and change</dd></div>
    "#);
}

#[tokio::test]
async fn alice_ends_one_connection_and_keeps_the_other() {
    let site = Site::new().await;
    let tokens = claude().connect(&site, "alice").await;
    let other = claude_code().connect(&site, "alice").await;
    let access = text(&tokens, "access_token");
    let (mut alice, list) = sign_in(&site, "alice").await;
    let page = Page::of(&list);
    let own = site.grants().await;
    let of_claude = own
        .iter()
        .find(|grant| grant.client_id == CLAUDE && grant.account.login == "alice");
    let id = of_claude.unwrap().id.to_string();
    let ended = alice
        .submit(&site, &page.without("grant"), &[("grant", &id)])
        .await;
    insta::assert_snapshot!(ended.alert(), @"The connection has ended and its key is destroyed here. You can also delete the key in Odoo: My Preferences, Security.");
    assert_eq!(ended.body.matches("<section>").count(), 1);
    assert!(!works(&site, &access).await && works(&site, &text(&other, "access_token")).await);
    let refused = claude()
        .refresh(&site, &text(&tokens, "refresh_token"))
        .await;
    assert_eq!(refused.error(), "invalid_grant");
    let again = alice
        .submit(&site, &page.without("grant"), &[("grant", &id)])
        .await;
    assert_eq!(again.status, 200, "what has ended stays ended");
}

#[tokio::test]
async fn nobody_ends_the_connection_of_another_person() {
    let site = Site::new().await;
    let tokens = claude().connect(&site, "emil").await;
    claude().connect(&site, "alice").await;
    let emils = site.grants().await;
    let emils = emils
        .iter()
        .find(|grant| grant.account.login == "emil")
        .unwrap();
    let (mut alice, list) = sign_in(&site, "alice").await;
    let page = Page::of(&list).without("grant");
    for id in [
        emils.id.to_string(),
        String::new(),
        "0".repeat(32),
        "../x".to_owned(),
    ] {
        let refused = alice.submit(&site, &page, &[("grant", &id)]).await;
        assert_eq!(refused.status, 400, "{id}");
    }
    // What is sealed for one form opens no other, and not when it is changed.
    let consent = alice.page(&site, &claude().link()).await;
    let mut crossed = page.clone();
    crossed.fields = consent.fields;
    assert!(
        alice
            .submit(&site, &crossed, &[("grant", &emils.id.to_string())])
            .await
            .status
            >= 400
    );
    site.pass(601);
    let late = alice.submit(&site, &page, &[("grant", "x")]).await;
    assert_eq!(late.location(), "/account");
    site.pass(60);
    assert!(works(&site, &text(&tokens, "access_token")).await);
}

#[tokio::test]
async fn hanna_signs_in_to_her_account_with_her_second_factor_and_emil_with_his_key() {
    let site = Site::new().await;
    let (mut hanna, asked) = sign_in(&site, "hanna").await;
    let code = site.odoo.totp_code("hanna").unwrap();
    let list = hanna
        .submit(&site, &Page::of(&asked), &[("totp", &code)])
        .await;
    assert!(
        list.body.contains("Hanna Okafor") && list.body.contains("No application is connected")
    );
    let mut emil = Browser::new();
    let page = emil.page(&site, "/account").await;
    let key = site.odoo.mint_key("emil");
    let list = emil.submit(&site, &page, &[("api_key", &key)]).await;
    assert!(list.body.contains("Emil Novak"));
    let wrong = emil.submit(&site, &page, &as_person("emil", "x")).await;
    assert_eq!(wrong.status, 403);
}

#[tokio::test]
async fn an_archived_person_is_signed_out_at_the_next_refresh() {
    let site = Site::new().await;
    let tokens = claude().connect(&site, "emil").await;
    let refresh = text(&tokens, "refresh_token");
    site.odoo.archive_user("emil");
    let refused = claude().refresh(&site, &refresh).await;
    assert_eq!(
        (refused.status, refused.error().as_str()),
        (400, "invalid_grant")
    );
    assert!(!works(&site, &text(&tokens, "access_token")).await);
    let grants = site.grants().await;
    assert!(matches!(grants[0].state, GrantState::Dead { .. }));
}

#[tokio::test]
async fn an_odoo_that_does_not_answer_ends_no_connection() {
    let site = Site::new().await;
    let tokens = claude().connect(&site, "emil").await;
    site.odoo.inject(Fault::Status(401), 10);
    let kept = claude()
        .refresh(&site, &text(&tokens, "refresh_token"))
        .await;
    assert_eq!(kept.status, 200, "a proxy's 401 is not Odoo's");
}

#[tokio::test]
async fn when_everybodys_key_dies_at_once_nobody_is_signed_out() {
    let site = Site::new().await;
    let mut all = Vec::new();
    for login in ["alice", "emil", "tara", "ada"] {
        all.push((login, claude().connect(&site, login).await));
    }
    for (login, tokens) in &all {
        site.odoo.archive_user(login);
        let grants = site.provider.grants();
        let live = grants.resolve(&text(tokens, "access_token")).await.unwrap();
        site.odoo.revoke_key(live.key.expose_secret());
    }
    let mut ends = Vec::new();
    for (_, tokens) in &all {
        ends.push(
            claude()
                .refresh(&site, &text(tokens, "refresh_token"))
                .await
                .status,
        );
    }
    assert_eq!(ends, [400, 400, 200, 200], "the first two may be real");
}

#[tokio::test]
async fn a_probe_is_made_once_an_hour_unless_a_call_was_refused() {
    let site = Site::new().await;
    let tokens = claude().connect(&site, "emil").await;
    let live = site
        .provider
        .grants()
        .resolve(&text(&tokens, "access_token"))
        .await
        .unwrap();
    let probe = site.routes.probe();
    site.odoo.reset_calls();
    for _ in 0..5 {
        assert_eq!(probe.when_due(&live).await, KeyState::Good);
    }
    assert_eq!(site.odoo.calls().len(), 1);
    site.pass(3601);
    probe.when_due(&live).await;
    assert_eq!(site.odoo.calls().len(), 2);
    site.odoo.archive_user("emil");
    assert_eq!(probe.now(&live).await, KeyState::Ended);
}

#[tokio::test]
async fn no_token_outlives_the_key_and_a_sign_in_to_the_account_renews_it() {
    let site = Site::new().await;
    let mut tokens = claude().connect(&site, "emil").await;
    for _ in 0..3 {
        site.pass(25 * DAY);
        tokens = claude()
            .refresh(&site, &text(&tokens, "refresh_token"))
            .await
            .json();
    }
    // 75 days later the key has less than a fortnight left or more: within two weeks it is renewed.
    site.pass(14 * DAY);
    let tokens = claude()
        .refresh(&site, &text(&tokens, "refresh_token"))
        .await
        .json();
    let grants = site.grants().await;
    let end = grants[0].key_expires_at.unwrap();
    let left = end.duration_since(site.provider.clock().now()).as_secs();
    assert!(
        tokens["expires_in"].as_i64().unwrap() < left && left < 15 * 86_400,
        "{left}"
    );
    let (_, list) = sign_in(&site, "emil").await;
    insta::assert_snapshot!(list.alert(), @"Keys that were about to expire have been renewed. A connection takes its new key over when it is used next.");
    let tokens = claude()
        .refresh(&site, &text(&tokens, "refresh_token"))
        .await
        .json();
    site.pass(1);
    assert!(works(&site, &text(&tokens, "access_token")).await);
    let renewed = site.grants().await[0].key_expires_at.unwrap();
    assert!(renewed > end, "{renewed}");
}

#[tokio::test]
async fn the_account_page_is_over_after_ten_minutes_whatever_is_done_on_it() {
    let site = Site::new().await;
    claude().connect(&site, "alice").await;
    let (mut alice, mut list) = sign_in(&site, "alice").await;
    for _ in 0..9 {
        site.pass(60);
        let page = Page::of(&list).without("grant");
        list = alice.submit(&site, &page, &[("grant", "none")]).await;
        assert_eq!(list.status, 400, "it answers, and it is not renewed");
    }
    site.pass(61);
    let page = Page::of(&list).without("grant");
    let over = alice.submit(&site, &page, &[("grant", "none")]).await;
    assert_eq!(over.location(), "/account");
}

#[tokio::test]
async fn a_damaged_form_is_the_visitors_trouble_and_not_the_servers() {
    let site = Site::new().await;
    let mut alice = Browser::new();
    let page = alice.page(&site, "/account").await;
    for seal in ["", "x", &"A".repeat(400)] {
        let mut damaged = page.without("request");
        damaged.fields.push(("request".to_owned(), seal.to_owned()));
        let typed = as_person("alice", "alice-demo");
        let refused = alice.submit(&site, &damaged, &typed).await;
        assert_eq!(refused.status, 400, "{}", refused.alert());
    }
    assert_eq!(site.sign_ins(), 0);
}
