//! Who is refused, and with which words.

use http::{Method, StatusCode};
use insta::assert_snapshot;
use mcp_transport::Challenge;
use serde_json::json;

use crate::kit::{LEGACY, TestServer, legacy_body};

#[tokio::test]
async fn without_a_token_the_challenge_names_no_error() {
    let server = TestServer::start().await;
    let reply = server.nobody().post(&[], "{}").await;
    assert_snapshot!(reply.head(), @r#"
    401
    content-type: application/json
    cache-control: no-store
    www-authenticate: Bearer resource_metadata="https://desk.example/.well-known/oauth-protected-resource/mcp", scope="desk:read"
    "#);
    assert_snapshot!(reply.text, @r#"{"error":"missing_token","error_description":"Send an access token in the Authorization header."}"#);
}

#[tokio::test]
async fn a_bad_token_is_called_invalid() {
    let server = TestServer::start().await;
    let bad = [("authorization", "Bearer wrong")];
    assert_snapshot!(server.nobody().post(&bad, "{}").await.head(), @r#"
    401
    content-type: application/json
    cache-control: no-store
    www-authenticate: Bearer error="invalid_token", error_description="The token is unknown or expired", resource_metadata="https://desk.example/.well-known/oauth-protected-resource/mcp", scope="desk:read"
    "#);
}

#[tokio::test]
async fn only_the_bearer_header_counts() {
    let server = TestServer::start().await;
    let nobody = server.nobody();
    let long = format!("Bearer token-{}", "a".repeat(5_000));
    let body = legacy_body("tools/list", &json!({})).to_string();
    for headers in [
        vec![("authorization", "Basic dG9rZW4tYWxpY2U6")],
        vec![("authorization", "token-alice")],
        vec![("authorization", "Bearer ")],
        vec![("authorization", "Bearer token-alice token-bob")],
        vec![("authorization", "Bearer token-al\tice")],
        vec![
            ("authorization", "Bearer token-alice"),
            ("authorization", "Bearer token-bob"),
        ],
        vec![("authorization", long.as_str())],
        vec![("cookie", "access_token=token-alice")],
    ] {
        let reply = nobody.post(&headers, body.clone()).await;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{headers:?}");
    }
    for path in ["/mcp?access_token=token-alice", "/mcp?token=token-alice#"] {
        let headers = [("content-type", "application/json")];
        let reply = nobody
            .send(Method::POST, path, &headers, body.clone())
            .await;
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{path}");
    }
    // The scheme's case does not matter (RFC 9110 section 11.1).
    let reply = nobody
        .post(&[("authorization", "bEARER token-alice")], body)
        .await;
    assert_eq!(reply.status, StatusCode::OK);
}

#[tokio::test]
async fn tokens_that_cannot_be_checked_are_a_matter_of_time() {
    let server = TestServer::start().await;
    let reply = server.person("unknowable").call("whoami", json!({})).await;
    assert_snapshot!(reply.head(), @r#"
    503
    content-type: application/json
    cache-control: no-store
    retry-after: 7
    "#);
}

#[tokio::test]
async fn a_missing_scope_is_asked_for_together_with_those_held_and_no_other() {
    let everything = Challenge {
        resource_metadata: None,
        scope: Some("desk:read desk:write desk:burn".to_owned()),
    };
    let server = TestServer::with(|builder| builder.challenge(everything)).await;
    let reply = server
        .alice()
        .call("refuse", json!({ "kind": "scope" }))
        .await;
    assert_snapshot!(reply.head(), @r#"
    403
    content-type: application/json
    cache-control: no-store
    www-authenticate: Bearer error="insufficient_scope", scope="desk:read desk:write"
    "#);
    assert_snapshot!(reply.text, @r#"{"error":"insufficient_scope","error_description":"This needs the permission desk:write. Sign in again and grant it."}"#);
}

#[tokio::test]
async fn a_grant_that_ended_is_a_401_in_both_eras() {
    let server = TestServer::start().await;
    let alice = server.alice();
    let modern = alice.call("refuse", json!({ "kind": "grant" })).await;
    assert_snapshot!(modern.head(), @r#"
    401
    content-type: application/json
    cache-control: no-store
    www-authenticate: Bearer error="invalid_token", error_description="The token is unknown or expired", resource_metadata="https://desk.example/.well-known/oauth-protected-resource/mcp", scope="desk:read"
    "#);
    let (_, id) = alice.initialize(LEGACY).await;
    let params = json!({ "name": "refuse", "arguments": { "kind": "grant" } });
    let legacy = alice.legacy(Some(&id), "tools/call", params).await;
    assert_eq!(
        (legacy.status, legacy.head()),
        (modern.status, modern.head())
    );
    let listed = server
        .person("gone")
        .legacy(None, "tools/list", json!({}))
        .await;
    assert_eq!(listed.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_refusal_after_progress_stays_in_the_stream() {
    let server = TestServer::start().await;
    let params = json!({
        "name": "count", "arguments": { "then": "grant" }, "_meta": { "progressToken": "p" },
    });
    let reply = server.alice().legacy(None, "tools/call", params).await;
    assert_eq!(reply.status, StatusCode::OK);
    let last = reply.events().pop().expect("events");
    assert_eq!(last["error"]["code"], -32_600);
}
