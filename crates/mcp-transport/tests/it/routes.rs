//! A14: every path, with every method, without a token.

use std::convert::Infallible;

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use tower::service_fn;

use crate::desk::Person;
use crate::kit::TestServer;

async fn page(request: Request<Bytes>) -> Result<Response<Bytes>, Infallible> {
    let name = request
        .extensions()
        .get::<Person>()
        .map_or("nobody", |person| &person.0);
    let text = format!("{} {} {name}", request.uri().path(), request.body().len());
    Ok(Response::new(Bytes::from(text)))
}

async fn with_pages() -> TestServer {
    TestServer::with(|builder| {
        builder
            .routes(service_fn(page))
            .open_paths(["/token", "/.well-known/*"])
            .probes(["/healthz"])
    })
    .await
}

#[tokio::test]
async fn a14_only_listed_paths_answer_without_a_token() {
    let server = with_pages().await;
    let methods = [
        "GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW",
    ];
    for path in [
        "/mcp",
        "/",
        "/mcp/",
        "/mcp//",
        "/MCP",
        "//mcp",
        "/mcp/x",
        "/admin",
        "/metrics",
        "/token/x",
        "/.well-known",
        "/healthz/",
        "/healthz2",
        "/%6dcp",
    ] {
        for method in methods {
            let method: Method = method.parse().expect("a method");
            let reply = server.nobody().send(method.clone(), path, &[], "").await;
            assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{method} {path}");
            let bad = [("authorization", "Bearer wrong")];
            let reply = server.nobody().send(method.clone(), path, &bad, "").await;
            assert_eq!(reply.status, StatusCode::UNAUTHORIZED, "{method} {path}");
        }
    }
    for path in [
        "/token",
        "/.well-known/oauth-protected-resource/mcp",
        "/healthz",
    ] {
        let reply = server.nobody().send(Method::POST, path, &[], "abc").await;
        assert_eq!(reply.text, format!("{path} 3 nobody"));
    }
}

#[tokio::test]
async fn other_paths_answer_those_with_a_token_and_know_who_it_is() {
    let server = with_pages().await;
    let reply = server
        .alice()
        .send(Method::GET, "/metrics?x=1", &[], "")
        .await;
    assert_eq!(reply.text, "/metrics 0 alice");
}

#[tokio::test]
async fn bodies_of_pages_are_small() {
    let server = with_pages().await;
    let reply = server
        .nobody()
        .send(Method::POST, "/token", &[], vec![b'x'; 70_000])
        .await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn without_pages_there_is_nothing() {
    let server = TestServer::start().await;
    let reply = server.alice().send(Method::GET, "/", &[], "").await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
    assert_eq!(reply.json()["error"], "not_found");
}

#[tokio::test]
async fn a_slash_at_the_end_and_a_query_are_mcp_too() {
    let server = with_pages().await;
    let body = crate::kit::legacy_body("ping", &serde_json::json!({})).to_string();
    let headers = [("content-type", "application/json")];
    for path in ["/mcp", "/mcp/", "/mcp?x=1", "/mcp/?x=1"] {
        let (alice, nobody) = (server.alice(), server.nobody());
        let served = alice.send(Method::POST, path, &headers, body.clone());
        assert_eq!(served.await.status, StatusCode::OK, "{path}");
        let challenged = nobody.send(Method::POST, path, &headers, body.clone());
        let challenged = challenged.await;
        assert_eq!(challenged.status, StatusCode::UNAUTHORIZED, "{path}");
        let challenge = challenged.header("www-authenticate").expect("a challenge");
        assert!(
            challenge.contains("/oauth-protected-resource/mcp\""),
            "{path}"
        );
    }
    let twice = server
        .alice()
        .send(Method::POST, "/mcp//", &headers, body)
        .await;
    assert_ne!(twice.header("content-type"), Some("application/json"));
}
