//! Calls that bring a file, which alone may be large.

use insta::assert_snapshot;
use mcp_transport::Limits;
use serde_json::json;

use crate::kit::{TestServer, legacy_body};

const MIB: usize = 1024 * 1024;

#[tokio::test]
async fn only_a_call_that_brings_a_file_may_be_large() {
    let server = TestServer::start().await;
    let alice = server.alice();
    let large = "a".repeat(2 * MIB);
    let mut errors = Vec::new();
    for (method, params) in [
        (
            "tools/call",
            json!({ "name": "whoami", "arguments": { "text": large } }),
        ),
        (
            "tools/call",
            json!({ "name": "nothing", "arguments": { "text": large } }),
        ),
        (
            "tools/call",
            json!({ "name": "file", "_meta": { "text": large } }),
        ),
        ("tools/list", json!({ "name": "file", "text": large })),
        (
            "prompts/get",
            json!({ "name": "file", "arguments": { "text": large } }),
        ),
        (
            "notifications/message",
            json!({ "name": "file", "text": large }),
        ),
    ] {
        errors.push(alice.legacy(None, method, params).await.error());
    }
    assert_snapshot!(errors.join("\n"), @r"
    413 -32600 The request is larger than 1048576 bytes
    413 -32600 The request is larger than 1048576 bytes
    413 -32600 The request is larger than 1048576 bytes
    413 -32600 The request is larger than 1048576 bytes
    413 -32600 The request is larger than 1048576 bytes
    413 -32600 The request is larger than 1048576 bytes
    ");
}

#[tokio::test]
async fn other_messages_may_have_a_mebibyte() {
    let server = TestServer::start().await;
    let alice = server.alice();
    let small = "a".repeat(MIB - 1_000);
    let params = json!({ "name": "whoami", "arguments": { "text": small } });
    assert_eq!(
        alice.legacy(None, "tools/call", params).await.said(),
        "canary-alice"
    );
}

#[tokio::test]
async fn a_file_arrives_whole_in_both_eras() {
    let server = TestServer::start().await;
    let content = format!("<<{}>>", "é/\"\\\n".repeat(MIB));
    let arguments = json!({ "id": 7, "content": content, "name": "a.pdf", "tags": ["x", { "y": content.len() }] });
    let params = json!({ "name": "file", "arguments": arguments });
    let reply = server.alice().legacy(None, "tools/call", params).await;
    let expected = r#"id=7, content=<<..>> (6291460), name="a.pdf", tags=["x",{"y":6291460}]"#;
    assert_eq!(reply.said(), expected);
    let reply = server.alice().call("file", arguments).await;
    assert_eq!(reply.said(), expected);
}

#[tokio::test]
async fn the_order_of_members_does_not_matter() {
    let server = TestServer::start().await;
    let content = "b".repeat(2 * MIB);
    let body = format!(
        r#"{{"params":{{"arguments":{{"content":"{content}"}},"na\u006de":"file"}},"id":"x","method":"tools/call","jsonrpc":"2.0"}}"#
    );
    let reply = server.alice().post(&[], body).await;
    assert_snapshot!(reply.text, @r#"{"jsonrpc":"2.0","id":"x","result":{"content":[{"type":"text","text":"content=bb..bb (2097152)"}],"structuredContent":{"said":"content=bb..bb (2097152)"},"isError":false}}"#);
}

#[tokio::test]
async fn a_file_call_holds_no_bomb_beside_the_file() {
    let server = TestServer::start().await;
    let zeros = "0,".repeat(MIB);
    let body = format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"file","arguments":{{"content":"x","list":[{zeros}0]}}}}}}"#
    );
    assert_snapshot!(server.alice().post(&[], body).await.error(), @"400 -32600 The message holds more than 5000 values");
    let twice = format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"file","arguments":{{"content":"{0}","content":"{0}"}}}}}}"#,
        "a".repeat(MIB)
    );
    assert_snapshot!(server.alice().post(&[], twice).await.error(), @"400 -32600 The message cannot be understood at line 1, column 1048681: a member is repeated");
}

#[tokio::test]
async fn pages_read_no_json_bombs_either() {
    let limits = Limits {
        max_json_values: 100,
        ..Limits::default()
    };
    let server = TestServer::with(|builder| builder.limits(limits).open_paths(["/register"])).await;
    let json = [("content-type", "application/json")];
    let bomb = format!("[{}0]", "0,".repeat(200));
    let nobody = server.nobody();
    let reply = nobody
        .send(http::Method::POST, "/register", &json, bomb)
        .await;
    assert_snapshot!(reply.text, @r#"{"error":"invalid_request","error_description":"The body holds more than 100 values"}"#);
    let good = legacy_body("x", &json!({})).to_string();
    let reply = nobody
        .send(http::Method::POST, "/register", &json, good)
        .await;
    assert_eq!(reply.status, 404);
}
