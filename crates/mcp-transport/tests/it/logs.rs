//! A21: what the logs say, and what they must not.

use std::cell::RefCell;
use std::io::Write;
use std::sync::Once;

use http::Method;
use mcp_transport::LOG_FILTER;
use serde_json::json;
use tracing_subscriber::EnvFilter;

use crate::kit::{LEGACY, TestServer};

thread_local! {
    /// What was logged on this thread: a test and its server share one, and the tests beside it
    /// have others.
    static LOG: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

struct ThreadLog;

impl Write for ThreadLog {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        LOG.with_borrow_mut(|log| log.extend(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Logs as much as can be logged, with the filter that programs are told to use.
fn begin() {
    static BEGUN: Once = Once::new();
    BEGUN.call_once(|| {
        tracing_subscriber::fmt()
            .with_env_filter(EnvFilter::new(format!("trace,{LOG_FILTER}")))
            .with_writer(|| ThreadLog)
            .with_ansi(false)
            .init();
    });
    LOG.take();
}

/// Good and bad requests, full of what must not be written down. Gives the session.
async fn say_secrets(server: &TestServer) -> String {
    let person = server.person("secret-canary");
    let (_, id) = person.initialize(LEGACY).await;
    let params = json!({ "name": "whoami", "arguments": { "password": "argument-canary" } });
    person.legacy(Some(&id), "tools/call", params).await;
    person
        .call("panic", json!({ "password": "argument-canary" }))
        .await;
    person.post(&[], "argument-canary").await;
    person
        .post(&[("origin", "https://evil.example")], "{}")
        .await;
    person
        .send(Method::GET, "/page?code=query-canary", &[], "")
        .await;
    server.bob().legacy(Some(&id), "ping", json!({})).await;
    server
        .nobody()
        .post(&[("authorization", "Bearer wrong-canary")], "{}")
        .await;
    id
}

#[tokio::test]
async fn a21_neither_tokens_nor_sessions_nor_arguments_are_logged() {
    begin();
    let server = TestServer::start().await;
    let id = say_secrets(&server).await;
    let log = String::from_utf8(LOG.take()).expect("text");
    for secret in ["canary", id.as_str(), "evil.example"] {
        let line = log.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "{secret}");
    }
    let answered = log
        .lines()
        .find(|line| line.contains("answered"))
        .expect("a line");
    for part in [
        "method=POST",
        "path=\"/mcp\"",
        "status=200",
        "milliseconds=",
        "id=",
    ] {
        assert!(answered.contains(part), "{part}: {answered}");
    }
    assert!(
        log.contains("a tool panicked") && log.contains("stopped at the gate"),
        "{log}"
    );
}
