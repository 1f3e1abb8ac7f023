//! From login and password to a key, against prepared answers.

use odoo_json2::{Error, Odoo, SecretString, Session, SignIn, SignInError};
use serde_json::{Value, json};

use crate::fake::{Answer, FakeOdoo};

const CODE_PAGE: &str = r#"<form><input type="hidden" name="csrf_token" value="abc123o1"/></form>"#;

fn rpc(result: &Value) -> Answer {
    Answer::json(json!({"jsonrpc": "2.0", "id": null, "result": result}))
}

fn rpc_error(name: &str, message: &str) -> Answer {
    let data = json!({"name": name, "message": message, "arguments": [message], "debug": "Traceback CANARY"});
    Answer::json(json!({"jsonrpc": "2.0", "id": null,
        "error": {"code": 0, "message": "Odoo Server Error", "data": data}}))
}

fn cookie(answer: Answer, id: &str) -> Answer {
    answer.with_header("set-cookie", &format!("session_id={id}; HttpOnly; Path=/"))
}

fn login_page() -> Answer {
    cookie(Answer::html(200, "<html>"), "anonymous")
}

fn hanna() -> Answer {
    cookie(
        rpc(&json!({"uid": 9, "username": "hanna", "name": "Hanna Okafor"})),
        "hannas",
    )
}

fn identity_check() -> Answer {
    rpc(
        &json!({"type": "ir.actions.act_window", "res_model": "res.users.identitycheck", "res_id": 4}),
    )
}

fn shown() -> Answer {
    rpc(&json!({"res_model": "res.users.apikeys.show", "context": {"default_key": "fresh-key"}}))
}

/// A client without any key, in front of these answers.
fn stranger(answers: impl IntoIterator<Item = Answer>) -> (FakeOdoo, Odoo) {
    let fake = FakeOdoo::answering(answers);
    let odoo = Odoo::builder("https://odoo.example.com")
        .database("lark spur")
        .service(fake.clone());
    (fake, odoo.build().unwrap())
}

async fn sign_in(odoo: &Odoo) -> Result<SignIn, SignInError> {
    odoo.sign_in("hanna", SecretString::from("hannas-password"))
        .await
}

async fn signed_in(odoo: &Odoo) -> Session {
    match sign_in(odoo).await.unwrap() {
        SignIn::Complete(session) => session,
        SignIn::Totp(_) => panic!("no second factor here"),
    }
}

/// Each request as `METHOD path?query cookie`.
fn way(fake: &FakeOdoo) -> String {
    let requests = fake.requests();
    let line = |request: &http::Request<bytes::Bytes>| {
        let header = |name: &str| {
            request
                .headers()
                .get(name)
                .and_then(|value| value.to_str().ok())
        };
        assert!(header("authorization").is_none() && header("x-odoo-database").is_none());
        let (method, uri) = (request.method(), request.uri());
        format!(
            "{method} {} {}",
            uri.path_and_query().unwrap(),
            header("cookie").unwrap_or("-")
        )
    };
    requests.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn a_password_becomes_a_key() {
    let (fake, odoo) = stranger([
        login_page(),
        hanna(),
        rpc(&json!([31])),
        identity_check(),
        rpc(&json!([{"id": 4, "auth_method": "password"}])),
        shown(),
        rpc(&json!(null)),
    ]);
    let session = signed_in(&odoo).await;
    assert_eq!(
        (session.uid(), session.login(), session.name()),
        (9, "hanna", "Hanna Okafor")
    );
    let minted = session.mint_key("Odoo MCP", 90).await.unwrap();
    assert!(
        !format!("{session:?} {minted:?}").contains("fresh"),
        "{session:?} {minted:?}"
    );
    session.close().await;
    assert_eq!(minted.days, 90);
    insta::assert_snapshot!(way(&fake), @r"
    GET /web/login?db=lark+spur -
    POST /web/session/authenticate session_id=anonymous
    POST /web/dataset/call_kw/res.users.apikeys.description/create session_id=hannas
    POST /web/dataset/call_kw/res.users.apikeys.description/make_key session_id=hannas
    POST /web/dataset/call_kw/res.users.identitycheck/read session_id=hannas
    POST /web/dataset/call_kw/res.users.identitycheck/run_check session_id=hannas
    POST /web/session/destroy session_id=hannas
    ");
    let check: Value = serde_json::from_slice(fake.requests()[5].body()).unwrap();
    assert_eq!(check["params"]["args"], json!([[4]]));
    assert_eq!(
        check["params"]["kwargs"]["context"],
        json!({"password": "hannas-password"})
    );
}

#[tokio::test]
async fn a_duration_that_is_too_long_is_shortened() {
    let (fake, odoo) = stranger([
        login_page(),
        hanna(),
        rpc_error(
            "builtins.ValueError",
            "Wrong value for res.users.apikeys.description.duration: '180'",
        ),
        rpc_error(
            "odoo.exceptions.ValidationError",
            "You cannot exceed 30.0 days.",
        ),
        rpc(&json!(31)),
        shown(),
        rpc(&json!(null)),
    ]);
    let session = signed_in(&odoo).await;
    assert_eq!(session.mint_key("Odoo MCP", 200).await.unwrap().days, 30);
    let tried: Vec<Value> = fake.requests()[2..5]
        .iter()
        .map(|request| {
            let body: Value = serde_json::from_slice(request.body()).unwrap();
            body["params"]["args"][0][0]["duration"].clone()
        })
        .collect();
    assert_eq!(tried, ["180", "90", "30"]);
}

#[tokio::test]
async fn refusals_of_the_password_are_told_apart() {
    let refusal = |name, message| stranger([login_page(), rpc_error(name, message)]).1;
    let denied = refusal("odoo.exceptions.AccessDenied", "Access Denied");
    assert_eq!(
        sign_in(&denied).await.unwrap_err(),
        SignInError::WrongCredentials
    );
    let cooldown = "Too many login failures, please wait a bit before trying again.";
    let cooldown = refusal("odoo.exceptions.AccessDenied", cooldown);
    assert_eq!(sign_in(&cooldown).await.unwrap_err(), SignInError::Cooldown);
    let database = refusal("odoo.exceptions.AccessError", "Database not found.");
    let wrong = Error::WrongDatabase {
        database: "lark spur".to_owned(),
    };
    assert_eq!(
        sign_in(&database).await.unwrap_err(),
        SignInError::Odoo(wrong)
    );
    let (_, down) = stranger([Answer::html(502, "")]);
    let error = sign_in(&down).await.unwrap_err();
    assert!(
        matches!(&error, SignInError::Odoo(Error::Unavailable { .. })),
        "{error:?}"
    );
    assert!(!error.is_refusal());
}

#[tokio::test]
async fn a_second_factor_is_asked_for_until_it_is_right() {
    let wrong = r#"<input name="csrf_token" value="abc124o1"/><p class="alert alert-danger" role="alert">
        Verification failed, please double-check the 6-digit code</p>"#;
    let (fake, odoo) = stranger([
        login_page(),
        cookie(rpc(&json!({"uid": null})), "half"),
        Answer::html(200, CODE_PAGE),
        Answer::html(200, wrong),
        cookie(Answer::html(303, ""), "whole"),
        hanna(),
        rpc(&json!(null)),
    ]);
    let Ok(SignIn::Totp(mut challenge)) = sign_in(&odoo).await else {
        panic!("a second factor")
    };
    let nonsense = challenge.verify("12a456").await.unwrap_err();
    assert!(matches!(nonsense, SignInError::WrongCode { .. }));
    assert_eq!(fake.count(), 3, "an attempt in Odoo is not wasted on it");
    let error = challenge.verify("000000").await.unwrap_err();
    assert!(error.to_string().contains("double-check"), "{error}");
    let session = challenge.verify(" 123 456 ").await.unwrap();
    assert_eq!(session.uid(), 9);
    session.close().await;
    let forms: Vec<_> = fake.requests()[3..5]
        .iter()
        .map(|request| String::from_utf8(request.body().to_vec()).unwrap())
        .collect();
    assert_eq!(forms[0], "csrf_token=abc123o1&totp_token=000000");
    assert_eq!(
        forms[1], "csrf_token=abc124o1&totp_token=123456",
        "never `remember`"
    );
    assert!(way(&fake).ends_with("POST /web/session/destroy session_id=hannas"));
}

#[tokio::test]
async fn codes_run_out_and_challenges_end() {
    let limit = r#"<p class="alert alert-danger">You reached the limit of code verifications</p>"#;
    let start = || {
        [
            login_page(),
            rpc(&json!({"uid": null})),
            Answer::html(200, CODE_PAGE),
        ]
    };
    let (_, odoo) = stranger(start().into_iter().chain([Answer::html(200, limit)]));
    let Ok(SignIn::Totp(mut challenge)) = sign_in(&odoo).await else {
        panic!("a second factor")
    };
    assert_eq!(
        challenge.verify("123456").await.unwrap_err(),
        SignInError::TooManyCodes
    );
    let (_, odoo) = stranger([
        login_page(),
        rpc(&json!({"uid": null})),
        Answer::html(303, ""),
    ]);
    assert_eq!(sign_in(&odoo).await.unwrap_err(), SignInError::Expired);
}

#[tokio::test]
async fn portal_users_and_passkeys_are_named() {
    let portal = rpc_error(
        "odoo.exceptions.AccessError",
        "Only internal users can create API keys",
    );
    let (_, odoo) = stranger([
        login_page(),
        hanna(),
        rpc(&json!([31])),
        identity_check(),
        rpc(&json!([])),
        portal,
        rpc(&json!(null)),
    ]);
    let refused = signed_in(&odoo).await.mint_key("Odoo MCP", 90).await;
    assert_eq!(refused.unwrap_err(), SignInError::NotInternal);

    let refused = rpc_error("odoo.exceptions.UserError", "Incorrect Password, try again");
    let passkey = rpc(&json!([{"id": 4, "auth_method": "webauthn"}]));
    let (fake, odoo) = stranger([
        login_page(),
        hanna(),
        rpc(&json!([31])),
        identity_check(),
        passkey,
        rpc(&json!({})),
        refused,
        rpc(&json!(null)),
    ]);
    let refused = signed_in(&odoo).await.mint_key("Odoo MCP", 90).await;
    assert_eq!(refused.unwrap_err(), SignInError::PasskeyOnly);
    assert!(way(&fake).contains("res.users.identitycheck/action_use_password"));
}

#[tokio::test]
async fn a_forgotten_session_is_ended_all_the_same() {
    let (fake, odoo) = stranger([login_page(), hanna(), rpc(&json!(null))]);
    drop(signed_in(&odoo).await);
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
    assert!(way(&fake).ends_with("POST /web/session/destroy session_id=hannas"));
}

#[tokio::test]
async fn a_key_renews_itself_with_the_password_only() {
    let plain = |value| Answer::json(value);
    let check = plain(json!({"res_model": "res.users.identitycheck", "res_id": 4}));
    let show =
        plain(json!({"res_model": "res.users.apikeys.show", "context": {"default_key": "fresh"}}));
    let fake = FakeOdoo::answering([plain(json!([31])), check.clone(), plain(json!([])), show]);
    let password = SecretString::from("alices-password");
    let minted = fake
        .alice()
        .renew_key("again", 30, &password)
        .await
        .unwrap();
    assert_eq!(minted.days, 30);
    let last = String::from_utf8(fake.requests()[3].body().to_vec()).unwrap();
    assert_eq!(
        last,
        r#"{"ids":[4],"context":{"password":"alices-password"}}"#
    );

    let wrong = Answer::exception(
        422,
        "odoo.exceptions.UserError",
        "Incorrect Password, try again",
    );
    let fake = FakeOdoo::answering([check, plain(json!([])), wrong]);
    let refused = fake.alice().remove_key(8, &password).await;
    assert_eq!(refused, Err(SignInError::WrongCredentials));
    assert_eq!(
        fake.requests()[0].uri().path(),
        "/json/2/res.users.apikeys/remove"
    );
}

#[tokio::test]
async fn keys_are_listed_newest_first() {
    let keys = json!([
        {"id": 8, "name": "old", "scope": false, "create_date": "2026-10-01 00:00:00", "expiration_date": false},
        {"id": 9, "name": "new", "scope": "rpc", "create_date": "2026-11-01 00:00:00", "expiration_date": "2027-02-20 00:00:00"},
    ]);
    let fake = FakeOdoo::answering([
        Answer::json(json!({"uid": 5, "lang": false, "tz": false})),
        Answer::json(keys),
    ]);
    let keys = fake.alice().own_keys().await.unwrap();
    assert_eq!(
        keys.iter().map(|key| key.name.as_str()).collect::<Vec<_>>(),
        ["new", "old"]
    );
    assert_eq!(
        keys[0].expiration_date.unwrap().to_string(),
        "2027-02-20 00:00:00"
    );
    assert_eq!(keys[1].expiration_date, None);
    let body: Value = serde_json::from_slice(fake.requests()[1].body()).unwrap();
    assert_eq!(
        body["domain"],
        json!([["user_id", "=", 5]]),
        "an administrator sees everybody's"
    );
}
