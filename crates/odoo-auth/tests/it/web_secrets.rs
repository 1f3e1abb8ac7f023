//! A21: a whole journey with every log line kept, and no secret in any of them, nor in an answer
//! that it does not belong in.

use std::{cell::RefCell, io::Write, sync::Once};

use odoo_auth::{Entropy, KeyRing, KeySource, PersonalGrant, SqliteOptions, TokenRequest, scope};
use secrecy::ExposeSecret;
use tracing_subscriber::{
    Layer, filter::dynamic_filter_fn, layer::SubscriberExt, util::SubscriberInitExt,
};

use crate::{
    browser::{Browser, Client, Page, as_person, text},
    site::{Answer, HANNAS_SECRET, Site, settings},
    world::{ALICE, CLAUDE, CLAUDE_CALLBACK, VERIFIER, form, parameter},
};

thread_local! {
    /// What was logged on this thread, once somebody listens.
    static LOG: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

/// Writes to the log of the thread.
struct Log;

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOG.with_borrow_mut(|log| log.get_or_insert_default().extend_from_slice(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Listens on this thread, where the whole journey runs, the sandbox's tasks included.
fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let here = dynamic_filter_fn(|_, _| LOG.with_borrow(Option::is_some));
        let layer = tracing_subscriber::fmt::layer()
            .with_writer(|| Log)
            .with_ansi(false)
            .with_filter(here);
        tracing_subscriber::registry().with(layer).init();
    });
    LOG.set(Some(Vec::new()));
}

/// Everything that a journey said, and what it must not have said.
#[derive(Default)]
struct Told {
    answers: Vec<String>,
    secrets: Vec<String>,
}

impl Told {
    fn hears(&mut self, answer: &Answer) {
        self.answers
            .push(format!("{:?} {}", answer.headers, answer.body));
    }
}

async fn journey(site: &Site) -> Told {
    let (claude, mut told) = (Client::new(CLAUDE, CLAUDE_CALLBACK), Told::default());
    let mut hanna = Browser::new();
    let page = hanna.page(site, &claude.link()).await;
    let wrong = as_person("hanna", "canary-wrong-password");
    told.hears(&hanna.submit(site, &page, &wrong).await);
    let wrong = [("api_key", "canary-wrong-key"), ("decision", "allow")];
    told.hears(&hanna.submit(site, &page, &wrong).await);
    let asked = hanna.allow(site, &page, "hanna").await;
    told.hears(&asked);
    let typed = [
        "canary-wrong-password",
        "canary-wrong-key",
        "hanna-demo",
        "emil-demo",
        "918273",
        HANNAS_SECRET,
    ];
    told.secrets.extend(typed.map(str::to_owned));
    life(site, hanna, &asked, &mut told).await;
    told
}

/// From the second factor to a key that Odoo no longer knows.
async fn life(site: &Site, mut hanna: Browser, asked: &Answer, told: &mut Told) {
    let claude = Client::new(CLAUDE, CLAUDE_CALLBACK);
    let totp = site.odoo.totp_code("hanna").unwrap();
    let wrong = [("totp", "918273"), ("decision", "allow")];
    told.hears(&hanna.submit(site, &Page::of(asked), &wrong).await);
    let typed = [("totp", totp.as_str()), ("decision", "allow")];
    let done = hanna.submit(site, &Page::of(asked), &typed).await;
    let code = parameter(done.location(), "code").unwrap();
    let first = claude.exchange(site, &code).await.json();
    told.hears(&claude.exchange(site, "omcp_ac_canary").await);
    let live = site
        .provider
        .grants()
        .resolve(&text(&first, "access_token"))
        .await
        .unwrap();
    told.answers.push(format!("{live:?}"));
    site.pass(60);
    let second = claude
        .refresh(site, &text(&first, "refresh_token"))
        .await
        .json();
    let mut account = Browser::new();
    let page = account.page(site, "/account").await;
    told.hears(&account.allow(site, &page, "emil").await);
    site.odoo.revoke_key(live.key.expose_secret());
    site.pass(3700);
    told.hears(&claude.refresh(site, &text(&second, "refresh_token")).await);
    told.secrets
        .extend([totp, code, live.key.expose_secret().to_owned()]);
    for tokens in [first, second] {
        told.secrets
            .extend(["access_token", "refresh_token"].map(|name| text(&tokens, name)));
    }
}

#[tokio::test]
async fn a21_no_secret_is_logged_or_answered_where_it_does_not_belong() {
    listen();
    let site = Site::new().await;
    let told = journey(&site).await;
    let log = String::from_utf8(LOG.take().unwrap()).unwrap();
    assert!(
        log.contains("connected") && log.lines().count() > 20,
        "we look at the right log"
    );
    assert_eq!(told.secrets.len(), 13);
    for secret in &told.secrets {
        let at = log
            .find(secret.as_str())
            .map(|at| &log[at.saturating_sub(200)..at]);
        assert_eq!(at, None, "logged");
        assert!(
            told.answers.iter().all(|answer| !answer.contains(secret)),
            "answered"
        );
    }
}

/// The lines about sign-ins, from their message on.
fn lines_about_sign_ins(log: &str) -> Vec<String> {
    let lines = log.lines().filter_map(|line| {
        let at = line.find("sign-in failed").or(line.find("sign-in held"))?;
        Some(line[at..].to_owned())
    });
    lines.collect()
}

#[tokio::test]
async fn a21_failed_sign_ins_leave_a_line_and_what_may_be_a_password_is_not_in_it() {
    listen();
    let site = Site::new().await;
    let claude = Client::new(CLAUDE, CLAUDE_CALLBACK);
    let tries = async |login: &str, password: &str| {
        let mut browser = Browser::at("2001:db8:1:2::99");
        let page = browser.page(&site, &claude.link()).await;
        let typed = as_person(login, password);
        browser.submit(&site, &page, &typed).await.status
    };
    assert_eq!(tries("alice", "alice-demo").await, 303);
    for status in [403, 403, 429] {
        assert_eq!(tries("Alice", "guess").await, status);
    }
    site.pass(30);
    assert_eq!(tries("canary\n\u{1b}[31m WARN login=bob", "x").await, 403);
    let mut browser = Browser::at("198.51.100.4");
    let page = browser.page(&site, &claude.link()).await;
    let wrong = [("api_key", "canary-wrong-key"), ("decision", "allow")];
    browser.submit(&site, &page, &wrong).await;
    let log = String::from_utf8(LOG.take().unwrap()).unwrap();
    insta::assert_snapshot!(lines_about_sign_ins(&log).join("\n"), @r#"
    sign-in failed login="Alice" network=2001:db8:1:2::/64 reason="wrong login or password" wait=0
    sign-in failed login="Alice" network=2001:db8:1:2::/64 reason="wrong login or password" wait=30
    sign-in held back login="Alice" network=2001:db8:1:2::/64 reason="this login failed too often from this network" wait=30 untold=0
    sign-in failed login="ca... (27 characters)" network=2001:db8:1:2::/64 reason="wrong login or password" wait=0
    sign-in failed login="" network=198.51.100.4 reason="wrong API key" wait=0
    "#);
    assert!(!log.contains("canary") && !log.contains("guess"));
}

#[tokio::test]
async fn a21_odoos_cooldown_leaves_a_line() {
    listen();
    let site = Site::new().await;
    let claude = Client::new(CLAUDE, CLAUDE_CALLBACK);
    for place in 1..=5 {
        let mut browser = Browser::at(&format!("198.51.100.{place}"));
        let page = browser.page(&site, &claude.link()).await;
        let typed = as_person("nobody", "x");
        assert_eq!(browser.submit(&site, &page, &typed).await.status, 403);
    }
    let mut browser = Browser::at("198.51.100.9");
    let page = browser.page(&site, &claude.link()).await;
    assert_eq!(browser.allow(&site, &page, "tara").await.status, 429);
    let log = String::from_utf8(LOG.take().unwrap()).unwrap();
    let lines = lines_about_sign_ins(&log);
    insta::assert_snapshot!(lines.last().unwrap(), @r#"sign-in held back login="t... (4 characters)" network=198.51.100.9 reason="cooldown: Odoo refuses passwords from everybody" wait=80 untold=0"#);
}

#[tokio::test]
async fn a21_a_token_in_the_address_is_no_token() {
    let site = Site::new().await;
    let tokens = Client::new(CLAUDE, CLAUDE_CALLBACK)
        .connect(&site, "emil")
        .await;
    let refresh = text(&tokens, "refresh_token");
    let query = form(&[
        ("grant_type", "refresh_token"),
        ("client_id", CLAUDE),
        ("refresh_token", &refresh),
    ]);
    let answer = site.post(&format!("/token?{query}"), &[]).await;
    assert_eq!(
        (answer.status, answer.error().as_str()),
        (400, "invalid_request")
    );
}

#[tokio::test]
async fn a21_nothing_that_can_be_printed_prints_a_secret() {
    let site = Site::new().await;
    let pairs = [
        ("grant_type", "authorization_code"),
        ("client_id", CLAUDE),
        ("code", "canary-code"),
        ("code_verifier", VERIFIER),
    ];
    let request = TokenRequest::parse(form(&pairs).as_bytes()).unwrap();
    let revoke = odoo_auth::RevokeRequest::parse(b"token=canary-token&client_id=x").unwrap();
    let keys = KeyRing::generate(&Entropy::predictable(3)).unwrap();
    let material = keys.to_json();
    let source = KeySource::Value(material.clone());
    let personal = PersonalGrant {
        name: "laptop".to_owned(),
        account: ALICE.account(),
        scope: scope::all(),
        key: ALICE.key(),
        expires_at: None,
    };
    let printed = format!(
        "{request:?} {revoke:?} {keys:?} {source:?} {personal:?} {:?} {:?} {:?} {:?} {} {}",
        settings(),
        site.routes.probe(),
        SqliteOptions::default(),
        site.provider,
        request.limit_key(),
        site.folder.path().display(),
    );
    let material: serde_json::Value = serde_json::from_str(material.expose_secret()).unwrap();
    let mut secrets = vec!["canary-code", "canary-token", VERIFIER, "odoo-key-of-alice"];
    let flat = material.to_string();
    secrets.extend(flat.split('"').filter(|part| part.len() >= 32));
    assert!(secrets.len() > 4, "the ring's key among them");
    for secret in secrets {
        assert!(!printed.contains(secret), "{secret}");
    }
}
