//! The cures of `compat`, each under its name.

use http::{Method, StatusCode};
use insta::assert_snapshot;
use serde_json::json;

use crate::kit::{LEGACY, MODERN, TestServer, legacy_body, modern_body};

#[tokio::test]
async fn narrow_accept_is_read_as_both() {
    let server = TestServer::start().await;
    let body = legacy_body("tools/list", &json!({})).to_string();
    for accept in [
        None,
        Some("*/*"),
        Some("application/json"),
        Some("application/*;q=0.9"),
        Some("text/event-stream, application/json;charset=utf-8"),
    ] {
        let mut headers = vec![("content-type", "application/json")];
        headers.extend(accept.map(|accept| ("accept", accept)));
        let reply = server
            .alice()
            .send(Method::POST, "/mcp", &headers, body.clone())
            .await;
        assert_eq!(reply.status, StatusCode::OK, "{accept:?}");
    }
    for accept in ["text/event-stream", "text/html", "application/json;q=0", ""] {
        let headers = [("content-type", "application/json"), ("accept", accept)];
        let reply = server
            .alice()
            .send(Method::POST, "/mcp", &headers, body.clone())
            .await;
        assert_eq!(reply.status, StatusCode::NOT_ACCEPTABLE, "{accept:?}");
    }
}

#[tokio::test]
async fn narrow_accept_of_json_only_gets_no_stream() {
    let server = TestServer::start().await;
    let params = json!({ "name": "count", "arguments": {}, "_meta": { "progressToken": 1 } });
    let body = legacy_body("tools/call", &params).to_string();
    let headers = [
        ("content-type", "application/json"),
        ("accept", "application/json"),
    ];
    let reply = server
        .alice()
        .send(Method::POST, "/mcp", &headers, body)
        .await;
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert_eq!(reply.said(), "counted");
}

#[tokio::test]
async fn repeated_version_counts_once() {
    let server = TestServer::start().await;
    let body = legacy_body("tools/list", &json!({})).to_string();
    let alice = server.alice();
    for repeated in [
        "2025-11-25, 2025-11-25",
        "2025-11-25,2025-11-25 , 2025-11-25",
    ] {
        let reply = alice
            .post(&[("mcp-protocol-version", repeated)], body.clone())
            .await;
        assert_eq!(reply.status, StatusCode::OK, "{repeated}");
    }
    let twice = [
        ("mcp-protocol-version", LEGACY),
        ("mcp-protocol-version", LEGACY),
    ];
    assert_eq!(
        alice.post(&twice, body.clone()).await.status,
        StatusCode::OK
    );
    for contradictory in ["2025-11-25, 2025-06-18", "2025-11-25,"] {
        let reply = alice
            .post(&[("mcp-protocol-version", contradictory)], body.clone())
            .await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{contradictory}");
    }
}

#[tokio::test]
async fn repeated_version_counts_once_in_the_modern_era_too() {
    let server = TestServer::start().await;
    let body = modern_body("tools/list", json!({})).to_string();
    let headers = [
        ("mcp-protocol-version", "2026-07-28, 2026-07-28"),
        ("mcp-method", "tools/list"),
    ];
    assert_eq!(
        server.alice().post(&headers, body).await.status,
        StatusCode::OK
    );
}

#[tokio::test]
async fn version_on_initialize_is_ignored() {
    let server = TestServer::start().await;
    let client = json!({ "name": "tests", "version": "1" });
    let params = json!({ "protocolVersion": MODERN, "capabilities": {}, "clientInfo": client });
    let body = legacy_body("initialize", &params).to_string();
    for version in [LEGACY, MODERN, "2099-01-01"] {
        let reply = server
            .alice()
            .post(&[("mcp-protocol-version", version)], body.clone())
            .await;
        assert_eq!(
            reply.json()["result"]["protocolVersion"],
            LEGACY,
            "{version}"
        );
    }
}

#[tokio::test]
async fn version_of_session_holds_when_the_header_is_missing() {
    let server = TestServer::start().await;
    let alice = server.alice();
    let (_, id) = alice.initialize("2025-06-18").await;
    let body = legacy_body("tools/call", &json!({ "name": "whoami" })).to_string();
    let reply = alice.post(&[("mcp-session-id", &id)], body.clone()).await;
    assert_eq!(reply.said(), "canary-alice", "{}", reply.text);
    // The tool learns which program calls, though only `initialize` said so.
    let clients = server.seen.clients.lock().expect("unpoisoned");
    let client = clients[0].as_ref().expect("a client");
    assert_eq!(
        (client.name.as_str(), client.protocol.as_str()),
        ("tests", "2025-06-18")
    );
}

#[tokio::test]
async fn version_of_session_cures_no_header_that_names_another() {
    let server = TestServer::start().await;
    let alice = server.alice();
    let (_, id) = alice.initialize("2025-06-18").await;
    let body = legacy_body("tools/call", &json!({ "name": "whoami" })).to_string();
    let mut errors = Vec::new();
    for version in ["1999-01-01", "2024-11-05", "", "2099-01-01", MODERN] {
        let headers = [
            ("mcp-session-id", id.as_str()),
            ("mcp-protocol-version", version),
        ];
        let reply = alice.post(&headers, body.clone()).await;
        errors.push(reply.error());
    }
    assert_snapshot!(errors.join("\n"), @r"
    400 -32600 MCP-Protocol-Version `1999-01-01` is not supported; use 2025-03-26, 2025-06-18, 2025-11-25 or 2026-07-28
    400 -32600 MCP-Protocol-Version `2024-11-05` is not supported; use 2025-03-26, 2025-06-18, 2025-11-25 or 2026-07-28
    400 -32600 MCP-Protocol-Version `` is not supported; use 2025-03-26, 2025-06-18, 2025-11-25 or 2026-07-28
    400 -32600 MCP-Protocol-Version `2099-01-01` is not supported; use 2025-03-26, 2025-06-18, 2025-11-25 or 2026-07-28
    400 -32020 missing required Mcp-Method header
    ");
}

#[tokio::test]
async fn version_of_session_cures_nobody_without_one() {
    let server = TestServer::start().await;
    let body = legacy_body("tools/list", &json!({})).to_string();
    for version in [MODERN, "2099-01-01", "2024-11-05", "soon"] {
        let reply = server
            .alice()
            .post(&[("mcp-protocol-version", version)], body.clone())
            .await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{version}");
    }
}

#[tokio::test]
async fn header_behind_meta_obeys_the_body() {
    let server = TestServer::start().await;
    let behind = ("mcp-protocol-version", LEGACY);
    for (method, params) in [
        ("tools/call", json!({ "name": "whoami" })),
        ("tools/list", json!({})),
        ("resources/read", json!({ "uri": "desk://rules" })),
        (
            "prompts/get",
            json!({ "name": "tidy", "arguments": { "which": "Zoë" } }),
        ),
        ("server/discover", json!({})),
    ] {
        let body = modern_body(method, params).to_string();
        let reply = server.alice().post(&[behind], body).await;
        assert_eq!(reply.status, StatusCode::OK, "{method}: {}", reply.text);
        assert_eq!(reply.json()["result"]["resultType"], "complete", "{method}");
    }
}

#[tokio::test]
async fn header_behind_meta_does_not_hide_other_contradictions() {
    let server = TestServer::start().await;
    let body = modern_body("tools/call", json!({ "name": "whoami" })).to_string();
    for headers in [
        vec![
            ("mcp-protocol-version", LEGACY),
            ("mcp-method", "tools/list"),
        ],
        vec![("mcp-protocol-version", LEGACY), ("mcp-name", "write")],
        vec![("mcp-protocol-version", "2025-06-18")],
    ] {
        let reply = server.alice().post(&headers, body.clone()).await;
        assert_eq!(reply.status, StatusCode::BAD_REQUEST, "{headers:?}");
        assert_eq!(reply.json()["error"]["code"], -32_020, "{headers:?}");
    }
}

#[tokio::test]
async fn header_behind_meta_can_be_refused_by_the_letter() {
    let server = TestServer::with(|builder| builder.strict_headers(true)).await;
    let body = modern_body("tools/list", json!({})).to_string();
    let reply = server
        .alice()
        .post(&[("mcp-protocol-version", LEGACY)], body)
        .await;
    assert_eq!(reply.json()["error"]["code"], -32_020);
}

#[tokio::test]
async fn an_early_get_is_answered_405() {
    let server = TestServer::start().await;
    let headers = [("accept", "text/event-stream")];
    for method in [
        Method::GET,
        Method::HEAD,
        Method::PUT,
        Method::PATCH,
        Method::OPTIONS,
    ] {
        let reply = server
            .alice()
            .send(method.clone(), "/mcp", &headers, "")
            .await;
        assert_eq!(reply.status, StatusCode::METHOD_NOT_ALLOWED, "{method}");
        assert_eq!(reply.header("allow"), Some("POST, DELETE"));
    }
}
