//! Ids come back as the text that they came in as.

use insta::assert_snapshot;
use serde_json::json;

use crate::kit::{LEGACY, MODERN, TestServer};

/// Ids that a program may write: an integer in any of JSON's spellings, or a string.
const IDS: &[&str] = &[
    "1",
    "-7",
    "0",
    "1.0",
    "-0",
    "1e2",
    "9007199254740993",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551616",
    r#""1""#,
    r#""""#,
    r#""{\"jsonrpc\":\"2.0\",\"id\":0,""#,
];

fn ping(id: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"ping"}}"#)
}

#[tokio::test]
async fn an_id_is_answered_as_the_text_it_is() {
    let server = TestServer::start().await;
    for id in IDS {
        let reply = server.alice().post(&[], ping(id)).await;
        assert_eq!(
            reply.text,
            format!(r#"{{"jsonrpc":"2.0","id":{id},"result":{{}}}}"#)
        );
    }
}

#[tokio::test]
async fn errors_name_the_id_as_the_text_it_is() {
    let server = TestServer::start().await;
    let alice = server.alice();
    for id in IDS {
        let there_is_none = format!(r#"{{"jsonrpc":"2.0","id":{id},"method":"desk/paint"}}"#);
        let of_rmcp = alice.post(&[], there_is_none).await;
        let headers = [("mcp-session-id", "unknown")];
        let ours = alice.post(&headers, ping(id)).await;
        for reply in [of_rmcp, ours] {
            let named = format!(r#""id":{id}"#);
            assert!(reply.text.contains(&named), "{id}: {}", reply.text);
        }
    }
}

#[tokio::test]
async fn a_stream_ends_with_the_id_as_the_text_it_is() {
    let server = TestServer::start().await;
    let text = r#"{"jsonrpc":"2.0","id":1.0,"method":"tools/call","params":{"name":"count","arguments":{},"_meta":{"progressToken":1}}}"#;
    let reply = server.alice().post(&[], text).await;
    assert_eq!(reply.events().len(), 3);
    assert!(
        reply
            .text
            .contains(r#"{"jsonrpc":"2.0","id":1.0,"result":"#)
    );
}

#[tokio::test]
async fn a_modern_id_is_taken_as_it_is_too() {
    let server = TestServer::start().await;
    let mut body = crate::kit::modern_body("tools/list", json!({}));
    body["id"] = json!(u64::MAX);
    let headers = [
        ("mcp-protocol-version", MODERN),
        ("mcp-method", "tools/list"),
    ];
    let reply = server.alice().post(&headers, body.to_string()).await;
    assert_eq!(reply.json()["id"], json!(u64::MAX));
}

#[tokio::test]
async fn an_id_is_a_string_or_an_integer_of_some_length() {
    let server = TestServer::start().await;
    let long = format!("\"{}\"", "x".repeat(2_000));
    let mut errors = Vec::new();
    for id in ["1.5", "true", "{}", "[1]", "1e999", &long] {
        errors.push(server.alice().post(&[], ping(id)).await.error());
    }
    errors.dedup();
    assert_snapshot!(errors.join("\n"), @"400 -32600 The id must be a string or an integer of at most 1024 bytes");
    let (_, session) = server.alice().initialize(LEGACY).await;
    assert!(!session.is_empty());
}
