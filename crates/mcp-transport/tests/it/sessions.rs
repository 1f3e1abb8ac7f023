//! Sessions belong to one principal and end when they should.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use http::StatusCode;
use insta::assert_snapshot;
use jiff::SignedDuration;
use mcp_transport::{
    EndedSession, EndedSessions, NotRemembered, Remembered, SessionKey, SessionLimits,
};
use serde_json::json;

use crate::kit::{LEGACY, TestServer};

/// The session as `alice` sees it: whether a request in it is answered.
async fn lives(server: &TestServer, id: &str) -> bool {
    let reply = server.alice().legacy(Some(id), "ping", json!({})).await;
    match reply.status {
        StatusCode::OK => true,
        StatusCode::NOT_FOUND => false,
        other => panic!("{other}: {}", reply.text),
    }
}

#[tokio::test]
async fn a5_another_persons_session_is_unknown_and_unharmed() {
    let server = TestServer::start().await;
    let (_, id) = server.alice().initialize(LEGACY).await;
    let stolen = server
        .bob()
        .legacy(Some(&id), "tools/list", json!({}))
        .await;
    assert_snapshot!(stolen.error(), @"404 -32600 There is no such session; begin a new one with initialize");
    assert_eq!(server.bob().end(&id).await.status, StatusCode::NOT_FOUND);
    assert!(lives(&server, &id).await);
    assert_eq!(server.alice().end(&id).await.status, StatusCode::NO_CONTENT);
    assert!(!lives(&server, &id).await);
    assert_eq!(server.alice().end(&id).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a5_forged_ids_are_unknown() {
    let server = TestServer::start().await;
    let (_, id) = server.alice().initialize(LEGACY).await;
    for position in (0..id.len()).step_by(7) {
        let mut forged = id.clone().into_bytes();
        forged[position] = if forged[position] == b'A' { b'B' } else { b'A' };
        let forged = String::from_utf8(forged).expect("text");
        assert!(!lives(&server, &forged).await, "flipped at {position}");
    }
    for forged in [
        "",
        "x",
        "../../etc",
        "1868a90c-0a54-4b6a-8f5c-0a1b2c3d4e5f",
        &"A".repeat(5_000),
    ] {
        assert!(!lives(&server, forged).await, "{forged}");
    }
    assert!(lives(&server, &id).await);
}

#[tokio::test]
async fn a5_ids_do_not_repeat_and_do_not_tell_who() {
    let server = TestServer::start().await;
    let mut ids = std::collections::HashSet::new();
    for _ in 0..50 {
        let (_, id) = server.alice().initialize(LEGACY).await;
        assert!(!id.contains("alice"));
        assert!(ids.insert(id));
    }
}

#[tokio::test]
async fn an_idle_session_ends_and_its_memory_returns() {
    let limits = SessionLimits {
        idle: std::time::Duration::from_secs(600),
        ..Default::default()
    };
    let server = TestServer::with(|builder| builder.sessions(limits)).await;
    let (_, used) = server.alice().initialize(LEGACY).await;
    let (_, idle) = server.alice().initialize(LEGACY).await;
    let (_, _) = server.bob().initialize(LEGACY).await;
    server.clock.advance(SignedDuration::from_secs(599));
    assert!(lives(&server, &used).await);
    server.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(server.sessions.len(), 1);
    assert!(lives(&server, &used).await);
    assert!(!lives(&server, &idle).await);
    assert_eq!(server.sessions.held(), 3);
    server.sessions.sweep().await;
    assert_eq!(server.sessions.held(), 1);
    assert!(!lives(&server, &idle).await);
    server.clock.advance(SignedDuration::from_secs(600));
    server.sessions.sweep().await;
    assert_eq!((server.sessions.held(), server.stats.sessions()), (0, 0));
}

#[tokio::test]
async fn a_session_in_use_ends_with_its_lifetime() {
    let limits = SessionLimits {
        idle: std::time::Duration::from_secs(600),
        lifetime: std::time::Duration::from_secs(1_000),
        ..Default::default()
    };
    let server = TestServer::with(|builder| builder.sessions(limits)).await;
    let (_, id) = server.alice().initialize(LEGACY).await;
    server.clock.advance(SignedDuration::from_secs(500));
    assert!(lives(&server, &id).await);
    server.clock.advance(SignedDuration::from_secs(499));
    assert!(lives(&server, &id).await);
    server.clock.advance(SignedDuration::from_secs(1));
    assert!(!lives(&server, &id).await);
}

#[tokio::test]
async fn a_clock_that_steps_back_revives_no_ended_session() {
    let server = TestServer::start().await;
    let (_, id) = server.alice().initialize(LEGACY).await;
    server.alice().end(&id).await;
    server.clock.advance(SignedDuration::from_secs(-3_600));
    assert!(!lives(&server, &id).await);
}

#[tokio::test]
async fn a_restart_loses_nobody_who_has_the_same_key() {
    let before = TestServer::start().await;
    let (_, id) = before.alice().initialize(LEGACY).await;
    let after = TestServer::start().await;
    assert!(lives(&after, &id).await);
    assert_eq!(after.sessions.len(), 1);
    // Still only for its owner, and still to be ended.
    let stolen = after.bob().legacy(Some(&id), "ping", json!({})).await;
    assert_eq!(stolen.status, StatusCode::NOT_FOUND);
    assert_eq!(after.alice().end(&id).await.status, StatusCode::NO_CONTENT);
    assert!(!lives(&after, &id).await);
    let key = SessionKey::from_bytes(&[8; 32]).expect("long enough");
    let elsewhere = TestServer::with(|builder| builder.session_key(key)).await;
    assert!(!lives(&elsewhere, &id).await);
}

#[tokio::test]
async fn an_old_id_from_before_a_restart_has_had_its_time() {
    let limits = SessionLimits {
        lifetime: std::time::Duration::from_secs(1_000),
        ..Default::default()
    };
    let before = TestServer::with(|builder| builder.sessions(limits.clone())).await;
    let (_, id) = before.alice().initialize(LEGACY).await;
    let after = TestServer::with(|builder| builder.sessions(limits)).await;
    after.clock.advance(SignedDuration::from_secs(1_000));
    assert!(!lives(&after, &id).await);
}

#[tokio::test]
async fn requests_without_a_session_are_served_too() {
    let server = TestServer::start().await;
    let reply = server.alice().legacy(None, "tools/list", json!({})).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_eq!(server.sessions.len(), 0);
}

#[tokio::test]
async fn the_modern_era_knows_no_sessions() {
    let server = TestServer::start().await;
    let alice = server.alice();
    let body = crate::kit::modern_body("tools/list", json!({})).to_string();
    let headers = [
        ("mcp-protocol-version", crate::kit::MODERN),
        ("mcp-method", "tools/list"),
        ("mcp-session-id", "of-another-time"),
    ];
    assert_eq!(alice.post(&headers, body).await.status, StatusCode::OK);
    let (_, id) = alice.initialize(LEGACY).await;
    let headers = [
        ("mcp-protocol-version", crate::kit::MODERN),
        ("mcp-session-id", &id),
    ];
    let ended = alice.send(http::Method::DELETE, "/mcp", &headers, "").await;
    assert_eq!(ended.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(lives(&server, &id).await);
}

#[tokio::test]
async fn a_failed_initialize_opens_nothing() {
    let server = TestServer::start().await;
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": "initialize", "params": { "a": 1 } });
    let reply = server.alice().post(&[], body.to_string()).await;
    assert_snapshot!(reply.error(), @"200 -32602 The parameters of initialize have wrong types");
    assert_eq!(reply.header("mcp-session-id"), None);
    assert_eq!(server.sessions.len(), 0);
}

/// Remembers as a store does, beyond one server.
#[derive(Debug, Default)]
struct Notebook {
    ended: Mutex<Vec<EndedSession>>,
    asked: AtomicUsize,
    closed: AtomicBool,
}

impl Notebook {
    fn open<T: Send + 'static>(&self, value: T) -> Remembered<'_, T> {
        let answer = match self.closed.load(Ordering::SeqCst) {
            true => Err(NotRemembered),
            false => Ok(value),
        };
        Box::pin(std::future::ready(answer))
    }
}

impl EndedSessions for Notebook {
    fn remember(&self, session: EndedSession) -> Remembered<'_, ()> {
        self.ended.lock().expect("unpoisoned").push(session);
        self.open(())
    }

    fn has_ended(&self, id: [u8; 16]) -> Remembered<'_, bool> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let ended = self.ended.lock().expect("unpoisoned");
        self.open(ended.iter().any(|session| session.id == id))
    }
}

async fn with(notebook: &Arc<Notebook>) -> TestServer {
    let memory = Arc::clone(notebook);
    TestServer::with(|builder| builder.ended_sessions(memory)).await
}

#[tokio::test]
async fn a_restart_revives_no_session_that_its_client_ended() {
    let notebook = Arc::new(Notebook::default());
    let before = with(&notebook).await;
    let (_, ended) = before.alice().initialize(LEGACY).await;
    let (_, living) = before.alice().initialize(LEGACY).await;
    let end = before.alice().end(&ended).await;
    assert_eq!(end.status, StatusCode::NO_CONTENT);
    let until = notebook.ended.lock().expect("unpoisoned")[0].until;
    assert_eq!(until.to_string(), "2026-12-23T08:00:00Z");

    let after = with(&notebook).await;
    assert!(!lives(&after, &ended).await);
    assert_eq!(
        after.alice().end(&ended).await.status,
        StatusCode::NOT_FOUND
    );
    assert!(lives(&after, &living).await);
    // Each is asked about once.
    assert!(!lives(&after, &ended).await);
    assert!(lives(&after, &living).await);
    assert_eq!(notebook.asked.load(Ordering::SeqCst), 2);
    // One that the new server took over and ended is ended for the next one, too.
    assert_eq!(
        after.alice().end(&living).await.status,
        StatusCode::NO_CONTENT
    );
    let last = with(&notebook).await;
    assert!(!lives(&last, &living).await);
}

#[tokio::test]
async fn a_session_is_not_ended_while_that_cannot_be_remembered() {
    let notebook = Arc::new(Notebook::default());
    let before = with(&notebook).await;
    let (_, id) = before.alice().initialize(LEGACY).await;
    notebook.closed.store(true, Ordering::SeqCst);
    let end = before.alice().end(&id).await;
    assert_eq!(end.status, StatusCode::SERVICE_UNAVAILABLE);
    assert!(lives(&before, &id).await);
    let after = with(&notebook).await;
    let reply = after.alice().legacy(Some(&id), "ping", json!({})).await;
    assert_eq!(reply.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(reply.header("retry-after"), Some("5"));
}
