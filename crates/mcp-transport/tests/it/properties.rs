//! Whatever is sent: an answer comes, it is not of the 5xx kind, and the server goes on.

use std::sync::OnceLock;

use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::runtime::Runtime;

use crate::kit::{MODERN, TestServer};

/// Proptest is synchronous; the server lives on a runtime beside it.
fn world() -> &'static (Runtime, TestServer) {
    static WORLD: OnceLock<(Runtime, TestServer)> = OnceLock::new();
    WORLD.get_or_init(|| {
        let runtime = Runtime::new().expect("a runtime");
        let server = runtime.block_on(TestServer::start());
        (runtime, server)
    })
}

fn check<S: Strategy>(cases: u32, strategy: S, test: impl Fn(S::Value)) {
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    let run = TestRunner::new(config).run(&strategy, |value| {
        test(value);
        Ok(())
    });
    run.unwrap_or_else(|error| panic!("{error}"));
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        proptest::strategy::Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[a-z/_\\-]{0,12}".prop_map(Value::from),
        ".{0,8}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 5, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            proptest::collection::vec((member(), inner), 0..5)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Names that mean something somewhere, and others.
fn member() -> impl Strategy<Value = String> {
    let known = [
        "name",
        "arguments",
        "uri",
        "_meta",
        "cursor",
        "ref",
        "argument",
        "protocolVersion",
        "clientInfo",
        "capabilities",
        "progressToken",
        "io.modelcontextprotocol/protocolVersion",
        "io.modelcontextprotocol/clientCapabilities",
        "inputResponses",
        "requestState",
    ];
    prop_oneof![
        proptest::sample::select(known.to_vec()).prop_map(str::to_owned),
        "[a-z]{0,6}"
    ]
}

fn method() -> impl Strategy<Value = String> {
    let known = [
        "initialize",
        "ping",
        "server/discover",
        "tools/list",
        "tools/call",
        "resources/list",
        "resources/read",
        "prompts/get",
        "completion/complete",
        "notifications/cancelled",
        "subscriptions/listen",
        "logging/setLevel",
        "tasks/get",
        "resources/subscribe",
    ];
    prop_oneof![
        proptest::sample::select(known.to_vec()).prop_map(str::to_owned),
        ".{0,12}"
    ]
}

#[test]
fn any_bytes_as_a_body() {
    let (runtime, server) = world();
    check(
        300,
        proptest::collection::vec(any::<u8>(), 0..300),
        |bytes| {
            let reply = runtime.block_on(server.alice().post(&[], bytes));
            assert!(reply.status.is_client_error(), "{}", reply.status);
        },
    );
    runtime.block_on(server.assert_well());
}

#[test]
fn any_message_under_any_version() {
    let (runtime, server) = world();
    let versions = ["2025-03-26", "2025-11-25", MODERN, "2099-01-01", "", "x, x"];
    let strategy = (
        method(),
        value(),
        value(),
        proptest::sample::select(versions.to_vec()),
    );
    check(500, strategy, |(method, id, params, version)| {
        let body = json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params });
        let plain = method.bytes().all(|byte| byte.is_ascii_graphic()) && !method.is_empty();
        let mut headers = vec![("mcp-protocol-version", version)];
        headers.extend(plain.then_some(("mcp-method", method.as_str())));
        let reply = runtime.block_on(server.alice().post(&headers, body.to_string()));
        assert!(
            !reply.status.is_server_error(),
            "{} {}",
            reply.status,
            reply.text
        );
        if reply.status.is_client_error() {
            assert!(reply.json()["error"].is_object(), "{}", reply.text);
        }
    });
    runtime.block_on(server.assert_well());
}

#[test]
fn any_bytes_on_a_connection() {
    let (runtime, server) = world();
    let starts = [
        "",
        "POST /mcp HTTP/1.1\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "GET http://",
    ];
    let bytes = proptest::collection::vec(any::<u8>(), 0..200);
    check(
        100,
        (proptest::sample::select(starts.to_vec()), bytes),
        |(start, bytes)| {
            runtime.block_on(async {
                let mut socket = TcpStream::connect(server.address)
                    .await
                    .expect("a connection");
                // The server may hang up at any byte.
                let _ = socket.write_all(start.as_bytes()).await;
                let _ = socket.write_all(&bytes).await;
                let _ = socket.shutdown().await;
                let mut answer = Vec::new();
                let _ = socket.read_to_end(&mut answer).await;
                assert!(
                    !answer.starts_with(b"HTTP/1.1 5"),
                    "{}",
                    String::from_utf8_lossy(&answer)
                );
            });
        },
    );
    runtime.block_on(server.assert_well());
}
