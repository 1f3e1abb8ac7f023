//! Methods that are not there.

use insta::assert_snapshot;
use serde_json::json;

use crate::kit::{MODERN, TestServer, modern_body};

#[tokio::test]
async fn methods_of_the_other_era_are_unknown() {
    let server = TestServer::start().await;
    let alice = server.alice();
    assert_snapshot!(alice.modern("ping", json!({})).await.error(), @"404 -32601 There is no such method");
    assert_snapshot!(alice.modern("logging/setLevel", json!({ "level": "info" })).await.error(), @"404 -32601 There is no such method");
}

#[tokio::test]
async fn an_unknown_modern_method_is_404_whatever_else_is_missing() {
    let server = TestServer::start().await;
    let alice = server.alice();
    let complete = modern_body("desk/paint", json!({})).to_string();
    let bare = r#"{"jsonrpc":"2.0","id":1,"method":"desk/paint"}"#;
    let bare_ping = r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#;
    let version = ("mcp-protocol-version", MODERN);
    for (headers, body) in [
        (vec![version], complete.as_str()),
        (vec![], complete.as_str()),
        (
            vec![version, ("mcp-method", "tools/list")],
            complete.as_str(),
        ),
        (vec![version], bare),
        (vec![version, ("mcp-method", "ping")], bare_ping),
    ] {
        let reply = alice.post(&headers, body.to_owned()).await;
        assert_eq!(
            reply.error(),
            "404 -32601 There is no such method",
            "{headers:?}"
        );
        assert_eq!(reply.json()["id"], 1);
    }
}
