//! Registration, and the answers in the words of the RFCs.

use odoo_auth::ErrorCode;
use serde_json::json;

use crate::world::{CLAUDE, EMIL, World, start};

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

#[tokio::test]
async fn registering_again_gives_the_same_client_and_the_table_stays_small() {
    let mut policy = crate::world::policy();
    policy.registration.clients = 5;
    let world = World::under(policy);
    let named =
        |name: &str| json!({"client_name": name, "redirect_uris": ["http://127.0.0.1:4321/cb"]});
    let first = world.register(&named("Inspector")).await.unwrap();
    assert_eq!(world.register(&named("Inspector")).await.unwrap(), first);
    let other_port =
        json!({"client_name": "Inspector", "redirect_uris": ["http://127.0.0.1:99/cb"]});
    assert_eq!(
        world.register(&other_port).await.unwrap(),
        first,
        "ports do not count"
    );
    let tokens = world.sign_in(EMIL, &first).await;
    for number in 0..50 {
        world.pass(1);
        world
            .register(&named(&format!("flood {number}")))
            .await
            .unwrap();
    }
    assert!(
        world.refresh(&first, &tokens.refresh).await.is_ok(),
        "a used client is not pushed out"
    );
    world.pass(25 * HOUR);
    assert_eq!(world.provider.maintain().await.unwrap().clients, 4);
    world.pass(91 * DAY);
    assert_eq!(world.provider.maintain().await.unwrap().clients, 1);
    let gone = world.refresh(&first, &tokens.refresh).await.unwrap_err();
    assert_eq!((gone.code, gone.status()), (ErrorCode::InvalidClient, 401));
}

#[tokio::test]
async fn a_registration_is_answered_in_the_words_of_rfc_7591() {
    let world = World::new();
    let body = json!({
        "client_name": "  Inspector\u{202e}\u{200b}\n<b>",
        "redirect_uris": ["http://localhost:6274/oauth/callback"],
        "token_endpoint_auth_method": "client_secret_basic",
        "application_type": "native",
    });
    let answer = world
        .provider
        .register(body.to_string().as_bytes())
        .await
        .unwrap();
    assert!(
        answer["client_id"]
            .as_str()
            .unwrap()
            .starts_with("omcp_cl_")
    );
    let expected = json!({
        "client_id": answer["client_id"],
        "client_id_issued_at": start().as_second(),
        "client_name": "Inspector<b>",
        "redirect_uris": ["http://localhost:6274/oauth/callback"],
        "grant_types": ["authorization_code", "refresh_token"],
        "response_types": ["code"],
        "token_endpoint_auth_method": "none",
        "scope": "odoo:read odoo:write odoo:delete odoo:approve",
    });
    assert_eq!(answer, expected);
}

const KNOWN: (&str, &str) = ("client_id", CLAUDE);
const REFRESH: (&str, &str) = ("grant_type", "refresh_token");
const GARBAGE: (&str, &str) = ("refresh_token", "y");

#[tokio::test]
async fn token_errors_have_the_words_of_rfc_6749() {
    let world = World::new();
    let password = ("grant_type", "password");
    let stranger = ("client_id", "x");
    let table: [(&[(&str, &str)], &str); 7] = [
        (&[KNOWN, password], "unsupported_grant_type"),
        (&[KNOWN], "invalid_request"),
        (&[KNOWN, REFRESH], "invalid_request"),
        (&[KNOWN, REFRESH, GARBAGE, GARBAGE], "invalid_request"),
        (&[KNOWN, REFRESH, GARBAGE], "invalid_grant"),
        (&[stranger, REFRESH, GARBAGE], "invalid_client"),
        (&[REFRESH, GARBAGE], "invalid_client"),
    ];
    for (pairs, expected) in table {
        let error = world.token(pairs).await.unwrap_err();
        assert_eq!(error.to_json()["error"], expected, "{pairs:?}");
        let status = if expected == "invalid_client" {
            401
        } else {
            400
        };
        assert_eq!(error.status(), status);
    }
}

#[tokio::test]
async fn a_refresh_cannot_ask_for_more() {
    let world = World::new();
    let tokens = world.sign_in(EMIL, CLAUDE).await;
    let token = ("refresh_token", tokens.refresh.as_str());
    let more = world
        .token(&[KNOWN, REFRESH, token, ("scope", "odoo:all")])
        .await;
    assert_eq!(more.unwrap_err().code, ErrorCode::InvalidScope);
    let less = world
        .token(&[KNOWN, REFRESH, token, ("scope", "odoo:read")])
        .await;
    assert!(less.is_ok());
}
