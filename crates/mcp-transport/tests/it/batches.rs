//! Batches, which the 2025-03-26 revision has and no other.

use http::StatusCode;
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::kit::{LEGACY, TestServer};

const FIRST: &str = "2025-03-26";

fn ping(id: u32) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "method": "ping" })
}

fn call(id: &str, tool: &str) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "method": "tools/call", "params": { "name": tool } })
}

#[tokio::test]
async fn the_first_revision_has_its_batches() {
    let server = TestServer::start().await;
    let alice = server.alice();
    let (_, session) = alice.initialize(FIRST).await;
    let batch = json!([
        call("a", "whoami"),
        { "jsonrpc": "2.0", "method": "notifications/initialized" },
        { "jsonrpc": "2.0", "id": 2, "method": "desk/paint" },
        { "jsonrpc": "1.0", "id": 3, "method": "ping" },
        ping(4),
    ]);
    let reply = alice
        .post(&[("mcp-session-id", &session)], batch.to_string())
        .await;
    assert_eq!(reply.status, StatusCode::OK);
    let answers = reply.json();
    let answers = answers.as_array().expect("an array").iter();
    let answers: Vec<_> = answers.map(ToString::to_string).collect();
    assert_snapshot!(answers.join("\n"), @r#"
    {"jsonrpc":"2.0","id":"a","result":{"content":[{"type":"text","text":"canary-alice"}],"structuredContent":{"said":"canary-alice"},"isError":false}}
    {"jsonrpc":"2.0","id":2,"error":{"code":-32601,"message":"There is no such method"}}
    {"jsonrpc":"2.0","error":{"code":-32600,"message":"`jsonrpc` must be \"2.0\""},"id":3}
    {"jsonrpc":"2.0","id":4,"result":{}}
    "#);
}

#[tokio::test]
async fn a_batch_of_notifications_is_only_accepted() {
    let server = TestServer::start().await;
    let noted = json!([{ "jsonrpc": "2.0", "method": "notifications/initialized" }]);
    let reply = server.alice().post(&[], noted.to_string()).await;
    assert_eq!(
        (reply.status, reply.text.as_str()),
        (StatusCode::ACCEPTED, "")
    );
}

#[tokio::test]
async fn other_revisions_have_none() {
    let server = TestServer::start().await;
    let alice = server.alice();
    let body = json!([ping(1)]).to_string();
    let mut errors = Vec::new();
    for version in [LEGACY, "2025-06-18", crate::kit::MODERN, "1999-01-01"] {
        let headers = [("mcp-protocol-version", version)];
        errors.push(alice.post(&headers, body.clone()).await.error());
    }
    let (_, session) = alice.initialize(LEGACY).await;
    let headers = [("mcp-session-id", session.as_str())];
    errors.push(alice.post(&headers, body).await.error());
    errors.dedup();
    assert_snapshot!(errors.join("\n"), @"400 -32600 Batches are not supported in this revision; send one message a request");
}

#[tokio::test]
async fn a_batch_is_bounded_and_begins_no_session() {
    let server = TestServer::start().await;
    let alice = server.alice();
    let many: Value = (0..17).map(ping).collect();
    let hello = json!([{
        "jsonrpc": "2.0", "id": 1, "method": "initialize",
        "params": { "protocolVersion": FIRST, "capabilities": {}, "clientInfo": { "name": "t", "version": "1" } },
    }]);
    let mut errors = Vec::new();
    for body in [many.to_string(), "[]".to_owned(), "[1,".to_owned()] {
        errors.push(alice.post(&[], body).await.error());
    }
    let reply = alice.post(&[], hello.to_string()).await;
    errors.push(reply.json()[0]["error"]["message"].to_string());
    assert_eq!(
        (server.sessions.len(), reply.header("mcp-session-id")),
        (0, None)
    );
    assert_snapshot!(errors.join("\n"), @r#"
    400 -32600 A batch has 1 to 16 messages
    400 -32600 A batch has 1 to 16 messages
    400 -32700 The body is not valid JSON at line 1, column 3
    "initialize stands alone and in no batch"
    "#);
}

#[tokio::test]
async fn what_concerns_the_whole_batch_is_its_status() {
    let server = TestServer::start().await;
    let refused = json!({
        "jsonrpc": "2.0", "id": 2, "method": "tools/call",
        "params": { "name": "refuse", "arguments": { "kind": "grant" } },
    });
    let batch = json!([ping(1), refused, ping(3)]).to_string();
    let reply = server.alice().post(&[], batch.clone()).await;
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
    let headers = [("mcp-session-id", "of another")];
    let reply = server.alice().post(&headers, batch).await;
    assert_eq!(reply.status, StatusCode::NOT_FOUND);
}
