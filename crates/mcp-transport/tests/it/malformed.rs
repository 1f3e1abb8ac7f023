//! Requests that no good client sends: each gets a clear error, and the server goes on.

use bytes::Bytes;
use http::{Method, StatusCode};
use insta::assert_snapshot;
use mcp_transport::Limits;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::kit::{TestServer, legacy_body};

/// None of them is a message.
const BODIES: &[&str] = &[
    "",
    " ",
    "null",
    "42",
    "\"tools/list\"",
    "[]",
    "{",
    "{}",
    r#"{"jsonrpc":"2.0"}"#,
    r#"{"jsonrpc":"1.0","id":1,"method":"ping"}"#,
    r#"{"jsonrpc":"2.0","id":1,"Method":"ping"}"#,
    r#"{"jsonrpc":"2.0","id":1,"method":7}"#,
    r#"{"jsonrpc":"2.0","id":{},"method":"ping"}"#,
    r#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#,
    r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#,
    r#"{"jsonrpc":"2.0","id":1,"method":"ping","params":[]}"#,
    r#"{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/list"}"#,
    r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","name":"b"}}"#,
    r#"{"jsonrpc":"2.0","id":1,"method":"ping","result":{}}"#,
    r#"{"jsonrpc":"2.0","id":1,"result":{}}"#,
    r#"{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"no"}}"#,
    r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"whoami","arguments":{"n":1e400}}}"#,
    r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"\ud800"}}"#,
    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"ping\"} x",
];

#[tokio::test]
async fn a16_bodies_that_are_no_message() {
    let server = TestServer::start().await;
    let mut errors = Vec::new();
    let deep = format!(
        r#"{{"jsonrpc":"2.0","id":1,"method":"x","params":{}"#,
        "[".repeat(100_000)
    );
    for body in BODIES.iter().chain([&deep.as_str()]) {
        let reply = server.alice().post(&[], (*body).to_owned()).await;
        let shown: String = body.chars().take(60).collect();
        errors.push(format!("{shown:60} {}", reply.error()));
    }
    assert_snapshot!(errors.join("\n"), @r#"
                                                                 400 -32700 The body is not a JSON object
                                                                 400 -32700 The body is not a JSON object
    null                                                         400 -32700 The body is not a JSON object
    42                                                           400 -32700 The body is not a JSON object
    "tools/list"                                                 400 -32700 The body is not a JSON object
    []                                                           400 -32600 A batch has 1 to 16 messages
    {                                                            400 -32700 The body is not valid JSON at line 1, column 1
    {}                                                           400 -32600 `jsonrpc` must be "2.0"
    {"jsonrpc":"2.0"}                                            400 -32600 The message has no `method`
    {"jsonrpc":"1.0","id":1,"method":"ping"}                     400 -32600 `jsonrpc` must be "2.0"
    {"jsonrpc":"2.0","id":1,"Method":"ping"}                     400 -32600 The message has no `method`
    {"jsonrpc":"2.0","id":1,"method":7}                          400 -32600 The message has no `method`
    {"jsonrpc":"2.0","id":{},"method":"ping"}                    400 -32600 The id must be a string or an integer of at most 1024 bytes
    {"jsonrpc":"2.0","id":1.5,"method":"ping"}                   400 -32600 The id must be a string or an integer of at most 1024 bytes
    {"jsonrpc":"2.0","id":null,"method":"ping"}                  400 -32600 The body is not a valid JSON-RPC message
    {"jsonrpc":"2.0","id":1,"method":"ping","params":[]}         400 -32600 `params` must be an object
    {"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/list 400 -32600 The message cannot be understood at line 1, column 48: a member is repeated
    {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"nam 400 -32600 The message cannot be understood at line 1, column 73: a member is repeated
    {"jsonrpc":"2.0","id":1,"method":"ping","result":{}}         400 -32600 A message has either a `method` or a `result` or `error`
    {"jsonrpc":"2.0","id":1,"result":{}}                         400 -32600 stateless server does not accept JSON-RPC responses
    {"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"no"}}   400 -32600 stateless server does not accept JSON-RPC responses
    {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"nam 400 -32700 The body is not valid JSON at line 1, column 94
    {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"nam 400 -32700 The body is not valid JSON at line 1, column 71
    {"jsonrpc":"2.0","id":1,"method":"ping"} x                   400 -32700 The body is not valid JSON at line 1, column 42
    {"jsonrpc":"2.0","id":1,"method":"x","params":[[[[[[[[[[[[[[ 400 -32600 The message is nested more than 64 levels deep
    "#);
    server.assert_well().await;
}

#[tokio::test]
async fn a16_bytes_that_are_no_text() {
    let server = TestServer::start().await;
    let body = Bytes::from_static(b"{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"\xff\xfe\"}");
    assert_snapshot!(server.alice().post(&[], body).await.error(), @"400 -32700 The body is not valid JSON at line 1, column 35");
}

#[tokio::test]
async fn nesting_counts_brackets_but_not_those_in_texts() {
    let server = TestServer::start().await;
    let nested = |depth: usize| {
        let value = format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        format!(
            r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"whoami","arguments":{{"a":{value}}}}}}}"#
        )
    };
    assert_eq!(
        server.alice().post(&[], nested(61)).await.status,
        StatusCode::OK
    );
    assert_snapshot!(server.alice().post(&[], nested(62)).await.error(), @"400 -32600 The message is nested more than 64 levels deep");
    let brackets = json!({ "name": "whoami", "arguments": { "a": "\\\"[{".repeat(500) } });
    let reply = server.alice().legacy(None, "tools/call", brackets).await;
    assert_eq!(reply.status, StatusCode::OK);
}

#[tokio::test]
async fn members_are_named_once_however_deep() {
    let server = TestServer::start().await;
    let call = |arguments: &str| {
        format!(
            r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{{"name":"file","arguments":{arguments}}}}}"#
        )
    };
    let mut said = Vec::new();
    for arguments in [
        r#"{"a":1,"a":2}"#,
        r#"{"a":{"b":1,"b":1}}"#,
        r#"{"a":[{},{"b":[{"c":1,"\u0063":2}]}]}"#,
        r#"{"a":{"b":1},"c":{"b":1,"a":2}}"#,
    ] {
        let reply = server.alice().post(&[], call(arguments)).await;
        let status = reply.status;
        said.push(if status.is_success() {
            reply.said()
        } else {
            reply.error()
        });
    }
    assert_snapshot!(said.join("\n"), @r#"
    400 -32600 The message cannot be understood at line 1, column 92: a member is repeated
    400 -32600 The message cannot be understood at line 1, column 97: a member is repeated
    400 -32600 The message cannot be understood at line 1, column 112: a member is repeated
    a={"b":1}, c={"b":1,"a":2}
    "#);
}

#[tokio::test]
async fn values_are_counted_before_they_are_read() {
    let server = TestServer::start().await;
    let with = |value: &str, count: usize| {
        let values = vec![value; count].join(",");
        format!(r#"{{"jsonrpc":"2.0","id":1,"method":"ping","params":{{"x":[{values}]}}}}"#)
    };
    for (value, few, many) in [
        ("0", 4_900, 5_100),
        ("[]", 2_450, 2_550),
        (r#""a,b:c[""#, 4_900, 5_100),
        (r#"{"a":0}"#, 1_650, 1_700),
    ] {
        let reply = server.alice().post(&[], with(value, few)).await;
        assert_eq!(reply.status, StatusCode::OK, "{value}: {}", reply.text);
        let reply = server.alice().post(&[], with(value, many)).await;
        assert_eq!(
            reply.error(),
            "400 -32600 The message holds more than 5000 values",
            "{value}"
        );
    }
}

#[tokio::test]
async fn other_media_types_are_refused() {
    let server = TestServer::start().await;
    let body = legacy_body("ping", &json!({})).to_string();
    for media_type in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/jsonx",
        "",
    ] {
        let headers = [("content-type", media_type)];
        let reply = server
            .alice()
            .send(Method::POST, "/mcp", &headers, body.clone())
            .await;
        assert_eq!(
            reply.status,
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "{media_type}"
        );
    }
    let reply = server
        .alice()
        .send(Method::POST, "/mcp", &[], body.clone())
        .await;
    assert_snapshot!(reply.error(), @"415 -32600 Content-Type must be application/json");
    let headers = [("content-type", "Application/JSON; charset=UTF-8")];
    let reply = server
        .alice()
        .send(Method::POST, "/mcp", &headers, body)
        .await;
    assert_eq!(reply.status, StatusCode::OK);
}

#[tokio::test]
async fn a_body_of_100_megabytes_is_too_large() {
    let server = TestServer::start().await;
    let reply = server.alice().post(&[], vec![b' '; 100_000_000]).await;
    assert_snapshot!(reply.error(), @"413 -32600 The request is larger than 33554432 bytes");
    server.assert_well().await;
}

#[tokio::test]
async fn a_body_without_length_is_measured_as_it_comes() {
    let limits = Limits {
        max_body_bytes: 10_000,
        ..Limits::default()
    };
    let server = TestServer::with_limits(limits).await;
    let mut socket = TcpStream::connect(server.address)
        .await
        .expect("a connection");
    let head = "POST /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer token-alice\r\n\
                Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n";
    socket.write_all(head.as_bytes()).await.expect("sent");
    for _ in 0..20 {
        let chunk = format!("3e8\r\n{}\r\n", " ".repeat(1_000));
        socket.write_all(chunk.as_bytes()).await.expect("sent");
    }
    socket.write_all(b"0\r\n\r\n").await.expect("sent");
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
}

#[tokio::test]
async fn bodies_share_a_bounded_memory() {
    let limits = Limits {
        max_buffered_bytes: 64 * 1_024,
        ..Limits::default()
    };
    let server = TestServer::with_limits(limits).await;
    let padding = " ".repeat(80 * 1_024);
    let body = format!("{}{padding}", legacy_body("ping", &json!({})));
    let reply = server.alice().post(&[], body).await;
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(reply.header("retry-after"), Some("1"));
    let body = format!(
        "{}{}",
        legacy_body("ping", &json!({})),
        &padding[..32 * 1_024]
    );
    assert_eq!(server.alice().post(&[], body).await.status, StatusCode::OK);
}

#[tokio::test]
async fn headers_that_are_too_large_are_refused() {
    let server = TestServer::start().await;
    let large = "x".repeat(20_000);
    let reply = server.alice().post(&[("x-large", &large)], "{}").await;
    assert_eq!(reply.status, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
}
