//! From a password to an API key: sessions, one-time codes, identity checks, limits of keys.

use insta::assert_snapshot;
use odoo_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::actor::{Actor, Reply, sandbox, send};

const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

/// A browser: it keeps the session cookie.
struct Browser {
    url: String,
    session: String,
}

impl Browser {
    fn of(sandbox: &Sandbox) -> Self {
        Self {
            url: sandbox.url().to_owned(),
            session: String::new(),
        }
    }

    async fn request(&mut self, head: &str, kind: &str, body: &str) -> Reply {
        let cookie = format!("other=1; session_id={}", self.session);
        let headers = [("Content-Type", kind), ("Cookie", cookie.as_str())];
        let reply = send(&self.url, head, &headers, body.as_bytes())
            .await
            .expect("an answer");
        if let Some(cookie) = reply.header("set-cookie") {
            let id = cookie
                .split(';')
                .next()
                .and_then(|pair| pair.strip_prefix("session_id="));
            self.session = id.expect("a session id").to_owned();
        }
        reply
    }

    async fn rpc(&mut self, path: &str, params: Value) -> Value {
        let body = json!({"jsonrpc": "2.0", "id": 7, "method": "call", "params": params});
        let reply = self
            .request(
                &format!("POST {path}"),
                "application/json",
                &body.to_string(),
            )
            .await;
        assert_eq!(reply.status, 200);
        reply.json()
    }

    async fn sign_in(&mut self, login: &str, password: &str) -> Value {
        let params = json!({"db": "larkspur", "login": login, "password": password});
        self.rpc("/web/session/authenticate", params).await
    }

    async fn call(&mut self, model: &str, method: &str, args: Value, kwargs: Value) -> Value {
        let path = format!("/web/dataset/call_kw/{model}/{method}");
        let params = json!({"model": model, "method": method, "args": args, "kwargs": kwargs});
        self.rpc(&path, params).await
    }

    /// Makes a key as the dialogs of Odoo do.
    async fn key(&mut self, password: &str) -> Value {
        let wizard = "res.users.apikeys.description";
        let id = self
            .call(
                wizard,
                "create",
                json!([[{"name": "mine", "duration": "90"}]]),
                json!({}),
            )
            .await;
        let asked = self
            .call(wizard, "make_key", json!([id["result"]]), json!({}))
            .await;
        assert_eq!(asked["result"]["res_model"], "res.users.identitycheck");
        let check = json!([[asked["result"]["res_id"]]]);
        let kwargs = json!({"context": {"password": password}});
        self.call("res.users.identitycheck", "run_check", check, kwargs)
            .await
    }
}

#[tokio::test]
async fn a_password_becomes_a_key() {
    let odoo = sandbox().start().await.unwrap();
    let mut browser = Browser::of(&odoo);
    let signed_in = browser.sign_in("emil", "emil-demo").await;
    assert_eq!(signed_in["result"]["uid"], 3);
    assert_eq!(signed_in["result"]["user_context"]["lang"], "en_US");
    let wrong = browser.key("not-it").await;
    assert_eq!(
        wrong["error"]["data"]["message"],
        "Incorrect Password, try again or click on Forgot Password to reset your password."
    );
    let right = browser.key("emil-demo").await;
    let key = right["result"]["context"]["default_key"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(
        (key.len(), &right["result"]["res_model"]),
        (40, &json!("res.users.apikeys.show"))
    );
    let emil = Actor {
        url: odoo.url().to_owned(),
        key,
    };
    assert_eq!(
        emil.call("res.users/context_get", json!({})).await["uid"],
        3
    );
    let body =
        json!({"domain": [["name", "=", "mine"]], "fields": ["name", "scope", "expiration_date"]});
    let keys = emil.call("res.users.apikeys/search_read", body).await;
    assert_eq!(keys[0]["expiration_date"], "2027-02-18 00:00:00");
    browser.rpc("/web/session/destroy", json!({})).await;
    let gone = browser
        .call("res.users", "context_get", json!([]), json!({}))
        .await;
    assert_eq!(gone["error"]["code"], 100);
}

#[tokio::test]
async fn a_key_renews_and_removes_keys_with_the_password() {
    let odoo = sandbox().start().await.unwrap();
    let emil = Actor::of(&odoo, "emil");
    let vals = json!({"vals_list": [{"name": "next", "duration": "30"}]});
    let wizard = emil
        .call("res.users.apikeys.description/create", vals)
        .await;
    let asked = emil
        .call(
            "res.users.apikeys.description/make_key",
            json!({"ids": wizard}),
        )
        .await;
    let check = json!({"ids": [asked["res_id"]], "context": {"password": "emil-demo"}});
    let stranger = Actor::of(&odoo, "alice")
        .refused("res.users.identitycheck/run_check", check.clone())
        .await;
    assert_eq!(stranger[0], 403);
    let made = emil.call("res.users.identitycheck/run_check", check).await;
    let next = Actor {
        url: emil.url.clone(),
        key: made["context"]["default_key"].as_str().unwrap().to_owned(),
    };
    let old = json!({"domain": [["name", "!=", "next"]]});
    let old = next.call("res.users.apikeys/search", old).await;
    let asked = next
        .call("res.users.apikeys/remove", json!({"ids": old}))
        .await;
    let check = json!({"ids": [asked["res_id"]], "context": {"password": "emil-demo"}});
    let removed = next.call("res.users.identitycheck/run_check", check).await;
    assert_eq!(removed, json!({"type": "ir.actions.act_window_close"}));
    assert_eq!(
        emil.refused("res.users/context_get", json!({})).await[0],
        401
    );
}

#[tokio::test]
async fn keys_have_limits_that_administrators_have_not() {
    let odoo = sandbox().start().await.unwrap();
    let (emil, ada) = (Actor::of(&odoo, "emil"), Actor::of(&odoo, "ada"));
    let mut seen = Vec::new();
    for duration in ["180", "0"] {
        let vals = json!({"vals_list": [{"name": "long", "duration": duration}]});
        seen.push(
            emil.refused("res.users.apikeys.description/create", vals.clone())
                .await
                .to_string(),
        );
        ada.call("res.users.apikeys.description/create", vals).await;
    }
    assert_snapshot!(seen.join("\n"), @r#"
    [422,"odoo.exceptions.ValidationError","You cannot exceed 90.0 days."]
    [422,"odoo.exceptions.ValidationError","The API key must have an expiration date"]
    "#);
}

#[tokio::test]
async fn keys_expire_by_the_sandbox_clock() {
    use std::sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    };
    let now = Arc::new(AtomicI64::new(1_795_000_000));
    let clock = Arc::clone(&now);
    let tell = move || jiff::Timestamp::from_second(clock.load(Ordering::Relaxed)).unwrap();
    let odoo = Sandbox::builder().clock(tell).start().await.unwrap();
    let emil = Actor::of(&odoo, "emil");
    now.fetch_add(89 * 86_400, Ordering::Relaxed);
    emil.call("res.users/context_get", json!({})).await;
    now.fetch_add(2 * 86_400, Ordering::Relaxed);
    assert_eq!(
        emil.refused("res.users/context_get", json!({})).await[2],
        "Invalid apikey"
    );
}

const FORM: &str = "application/x-www-form-urlencoded";
const SUBMIT: &str = "POST /web/login/totp";

/// Hanna's browser after her password, and the token of the page that asks for the code.
async fn hanna_owes_a_code(odoo: &Sandbox) -> (Browser, String) {
    let mut browser = Browser::of(odoo);
    let signed_in = browser.sign_in("hanna", "hanna-demo").await;
    assert_eq!(signed_in["result"], json!({"uid": null}));
    let page = browser
        .request("GET /web/login/totp", "text/html", "")
        .await
        .text();
    let token = page
        .split("value=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    (browser, token.expect("a token").to_owned())
}

#[tokio::test]
async fn hanna_is_in_only_after_her_code() {
    let odoo = sandbox().totp("hanna", SECRET).start().await.unwrap();
    let (mut browser, token) = hanna_owes_a_code(&odoo).await;
    let owing = browser.session.clone();
    let denied = browser
        .call("res.users", "context_get", json!([]), json!({}))
        .await;
    assert_eq!(
        denied["error"]["code"], 100,
        "the password alone opens nothing"
    );
    let code = odoo.totp_code("hanna").unwrap();
    let forged = format!("csrf_token=x&totp_token={code}");
    assert_eq!(browser.request(SUBMIT, FORM, &forged).await.status, 400);
    let wrong = format!("csrf_token={token}&totp_token=000000");
    let wrong = browser.request(SUBMIT, FORM, &wrong).await;
    assert_eq!(wrong.status, 200);
    assert!(
        wrong
            .text()
            .contains("Verification failed, please double-check the 6-digit code")
    );
    let right = format!(
        "csrf_token={token}&totp_token={}+{}",
        &code[..3],
        &code[3..]
    );
    let right = browser.request(SUBMIT, FORM, &right).await;
    assert_eq!(
        (right.status, right.header("location")),
        (303, Some("/odoo"))
    );
    assert_ne!(browser.session, owing, "a new session id after signing in");
    let made = browser.key("hanna-demo").await;
    assert!(made["result"]["context"]["default_key"].is_string());
}

#[tokio::test]
async fn a_code_is_taken_once_and_five_are_tried_in_an_hour() {
    let odoo = sandbox().totp("hanna", SECRET).start().await.unwrap();
    let code = odoo.totp_code("hanna").unwrap();
    let mut statuses = Vec::new();
    for _ in 0..2 {
        let (mut browser, token) = hanna_owes_a_code(&odoo).await;
        let body = format!("csrf_token={token}&totp_token={code}");
        statuses.push(browser.request(SUBMIT, FORM, &body).await.status);
    }
    assert_eq!(statuses, [303, 200]);
    let (mut browser, token) = hanna_owes_a_code(&odoo).await;
    let body = format!("csrf_token={token}&totp_token=000000");
    let mut last = String::new();
    for _ in 0..5 {
        last = browser.request(SUBMIT, FORM, &body).await.text();
    }
    assert!(last.contains("You reached the limit of code verifications for your account"));
}

#[tokio::test]
async fn five_wrong_passwords_cool_an_address_down() {
    for (cooldown, expected) in [
        (
            true,
            "Too many login failures, please wait a bit before trying again.",
        ),
        (false, ""),
    ] {
        let odoo = sandbox().login_cooldown(cooldown).start().await.unwrap();
        let mut browser = Browser::of(&odoo);
        for _ in 0..5 {
            let wrong = browser.sign_in("emil", "guess").await;
            assert_eq!(
                wrong["error"]["data"]["name"],
                "odoo.exceptions.AccessDenied"
            );
            assert_eq!(wrong["error"]["data"]["message"], "Access Denied");
        }
        let right = browser.sign_in("emil", "emil-demo").await;
        assert_eq!(
            right["error"]["data"]["message"]
                .as_str()
                .unwrap_or_default(),
            expected
        );
    }
}

#[tokio::test]
async fn another_database_and_unknown_people_are_refused() {
    let odoo = sandbox().start().await.unwrap();
    let mut browser = Browser::of(&odoo);
    let params = json!({"db": "other", "login": "emil", "password": "emil-demo"});
    let refused = browser.rpc("/web/session/authenticate", params).await;
    assert_eq!(refused["error"]["data"]["message"], "Database not found.");
    assert_eq!(
        browser.sign_in("nobody", "x").await["error"]["data"]["message"],
        "Access Denied"
    );
    let stranger = sandbox().totp("nobody", SECRET).start().await;
    assert_eq!(
        stranger.err().unwrap().to_string(),
        "nobody signs in as \"nobody\""
    );
}
