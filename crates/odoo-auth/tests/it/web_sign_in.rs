//! The sign-in page and the people in front of it: second factors, pasted keys, wrong passwords,
//! people who may not, and an Odoo that does not answer.

use odoo_json2::{Command, Odoo, Values};
use odoo_sandbox::Fault;

use crate::{
    browser::{Browser, Client, Page, as_person, text},
    site::{Answer, Site},
    world::{CLAUDE, CLAUDE_CALLBACK, parameter},
};

fn claude() -> Client {
    Client::new(CLAUDE, CLAUDE_CALLBACK)
}

fn with_key(key: &str) -> [(&str, &str); 2] {
    [("api_key", key), ("decision", "allow")]
}

fn with_code(code: &str) -> [(&str, &str); 2] {
    [("totp", code), ("decision", "allow")]
}

/// One try on a fresh page.
async fn attempt(site: &Site, login: &str, password: &str) -> Answer {
    let mut browser = Browser::new();
    let page = browser.page(site, &claude().link()).await;
    browser
        .submit(site, &page, &as_person(login, password))
        .await
}

/// Makes emil a portal user, as an administrator would.
async fn to_portal(site: &Site) {
    let ada = Odoo::builder(site.odoo.url()).database("larkspur");
    let ada = ada.api_key(site.odoo.mint_key("ada")).build().unwrap();
    let portal = ada.name_search("res.groups", "Portal").await.unwrap()[0].id;
    let people = site.odoo.people().iter();
    let emil = people
        .clone()
        .find(|person| person.login == "emil")
        .unwrap();
    let groups = Values::new().set("group_ids", vec![Command::Set(vec![portal])]);
    ada.write("res.users", &[emil.uid], &groups).await.unwrap();
}

#[tokio::test]
async fn hanna_gives_her_second_factor_on_the_next_page() {
    let site = Site::new().await;
    let mut hanna = Browser::new();
    let page = hanna.page(&site, &claude().link()).await;
    let asked = hanna.allow(&site, &page, "hanna").await;
    assert_eq!(asked.status, 200);
    assert!(asked.body.contains("name=\"totp\"") && !asked.body.contains("name=\"password\""));
    assert!(!asked.body.contains("hanna-demo"));
    let code_page = Page::of(&asked);
    let wrong = hanna.submit(&site, &code_page, &with_code("000000")).await;
    assert_eq!(wrong.status, 403);
    insta::assert_snapshot!(wrong.alert(), @"Odoo does not accept this code. Type the current one.");
    // Odoo is away for a moment; the code is still good afterwards.
    let code = site.odoo.totp_code("hanna").unwrap();
    site.odoo.inject(Fault::Status(502), 1);
    let away = hanna.submit(&site, &code_page, &with_code(&code)).await;
    assert_eq!(away.status, 503);
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    let done = hanna
        .submit(&site, &Page::of(&away), &with_code(&spaced))
        .await;
    let code = parameter(done.location(), "code").unwrap();
    let tokens = claude().exchange(&site, &code).await.json();
    assert_eq!(
        tokens["scope"], "odoo:read odoo:write",
        "ticks survive the second page"
    );
}

#[tokio::test]
async fn a_second_factor_is_of_one_visit_and_ends_with_it() {
    let site = Site::new().await;
    let mut hanna = Browser::new();
    let page = hanna.page(&site, &claude().link()).await;
    hanna.allow(&site, &page, "hanna").await;
    let code = site.odoo.totp_code("hanna").unwrap();
    // Another visit, even hers, has no password behind it.
    let other = hanna.page(&site, &claude().link()).await;
    let refused = hanna.submit(&site, &other, &with_code(&code)).await;
    assert_eq!(refused.status, 400);
    insta::assert_snapshot!(refused.alert(), @"The sign-in took too long. Type your login and password again.");
    // Whoever cancels is forgotten at once.
    let mut kept = hanna.clone();
    hanna
        .submit(&site, &page, &[("decision", "deny")])
        .await
        .location();
    let refused = kept.submit(&site, &page, &with_code(&code)).await;
    assert_eq!(refused.status, 400);
}

#[tokio::test]
async fn a_pasted_key_works_without_a_password() {
    let site = Site::new().await;
    let key = format!("  {}\n", site.odoo.mint_key("hanna"));
    let mut hanna = Browser::new();
    let page = hanna.page(&site, &claude().link()).await;
    let answer = hanna.submit(&site, &page, &with_key(&key)).await;
    let code = parameter(answer.location(), "code").unwrap();
    let tokens = claude().exchange(&site, &code).await.json();
    let live = site
        .provider
        .grants()
        .resolve(&text(&tokens, "access_token"))
        .await
        .unwrap();
    assert_eq!(
        (live.account.login.as_str(), live.key_name.as_str()),
        ("hanna", "sandbox")
    );
    assert!(live.key_expires_at.is_some());
    assert_eq!(site.sign_ins(), 0);
}

#[tokio::test]
async fn keys_that_are_none_are_refused_beside_the_key() {
    let site = Site::new().await;
    let mut emil = Browser::new();
    let page = emil.page(&site, &claude().link()).await;
    for key in [
        "0".repeat(40).as_str(),
        "x",
        "clé",
        "a b",
        "a\r\nx: y",
        "\u{202e}",
    ] {
        let answer = emil.submit(&site, &page, &with_key(key)).await;
        assert_eq!(answer.status, 403, "{key:?} {}", answer.alert());
        assert!(
            answer.body.contains("<details open"),
            "the key's part is open"
        );
    }
    let answer = emil.submit(&site, &page, &with_key("x")).await;
    insta::assert_snapshot!(answer.alert(), @"Odoo does not accept this API key. It is mistyped, expired, or of another database.");
}

#[tokio::test]
async fn a_key_that_ends_within_minutes_is_refused() {
    let site = Site::new().await;
    let key = site.odoo.mint_key("emil");
    site.pass(90 * 24 * 3600 - 120);
    let mut emil = Browser::new();
    let page = emil.page(&site, &claude().link()).await;
    let answer = emil.submit(&site, &page, &with_key(&key)).await;
    assert_eq!(answer.status, 400);
    insta::assert_snapshot!(answer.alert(), @"This Odoo API key expires within five minutes. Make one that lasts longer.");
}

#[tokio::test]
async fn unknown_people_archived_people_and_wrong_passwords_read_alike() {
    let site = Site::new().await;
    assert!(site.odoo.archive_user("tara"));
    let wrong = attempt(&site, "emil", "guess").await;
    let unknown = attempt(&site, "nobody", "guess").await;
    let archived = attempt(&site, "tara", "tara-demo").await;
    assert_eq!([wrong.status, unknown.status, archived.status], [403; 3]);
    assert_eq!(
        [wrong.alert(), unknown.alert()],
        [archived.alert(), archived.alert()]
    );
    insta::assert_snapshot!(wrong.alert(), @"Odoo does not accept this login and password. If you sign in to Odoo with Google, Microsoft or a passkey, use an API key instead.");
    assert!(wrong.body.contains("value=\"emil\"") && !wrong.body.contains("guess"));
    let nothing = attempt(&site, "", "").await;
    assert_eq!(nothing.status, 400);
    insta::assert_snapshot!(nothing.alert(), @"Type your Odoo login and password, or use an API key.");
}

#[tokio::test]
async fn portal_users_are_refused_by_password_and_by_key() {
    let site = Site::new().await;
    let key = site.odoo.mint_key("emil");
    to_portal(&site).await;
    let refused = attempt(&site, "emil", "emil-demo").await;
    assert_eq!(refused.status, 403);
    insta::assert_snapshot!(refused.alert(), @"This is a portal account. Only internal users of Odoo can connect.");
    let mut emil = Browser::new();
    let page = emil.page(&site, &claude().link()).await;
    let by_key = emil.submit(&site, &page, &with_key(&key)).await;
    assert_eq!((by_key.status, by_key.alert()), (403, refused.alert()));
    assert!(site.keys_of("emil").await.is_empty());
}

#[tokio::test]
async fn an_odoo_that_does_not_answer_is_said_to_and_counts_against_nobody() {
    let site = Site::new().await;
    for fault in [
        Fault::Down,
        Fault::Html,
        Fault::Status(502),
        Fault::Status(401),
        Fault::WrongDatabase,
        Fault::ResetMidBody,
        Fault::InvalidUtf8,
    ] {
        site.odoo.inject(fault, 2);
        let answer = attempt(&site, "emil", "emil-demo").await;
        assert_eq!(answer.status, 503, "{fault:?}: {}", answer.alert());
        assert!(!answer.body.contains("Traceback") && !answer.body.contains("127.0.0.1"));
        // One that was not reached leaves its fault to the next.
        while attempt(&site, "emil", "emil-demo").await.status == 503 {}
    }
    let mut emil = Browser::new();
    emil.code(&site, &claude(), "emil").await;
}

#[tokio::test]
async fn keys_of_ended_connections_go_from_odoo_at_the_next_sign_in() {
    let site = Site::new().await;
    let first = claude().connect(&site, "emil").await;
    let refresh = text(&first, "refresh_token");
    let pairs = [("token", refresh.as_str()), ("client_id", CLAUDE)];
    site.post("/revoke", &pairs).await;
    assert_eq!(
        site.keys_of("emil").await.len(),
        1,
        "Odoo wants the password for that"
    );
    let before = site.keys_of("emil").await;
    claude().connect(&site, "emil").await;
    let after = site.keys_of("emil").await;
    assert_eq!(after.len(), 1);
    assert_ne!(before, after);
}
