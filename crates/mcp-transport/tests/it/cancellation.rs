//! `notifications/cancelled` in the revisions with `initialize`.

use std::sync::atomic::Ordering;

use http::{Method, StatusCode};
use insta::assert_snapshot;
use serde_json::json;

use crate::kit::{LEGACY, Reply, TestServer, legacy_body};

#[tokio::test]
async fn a_cancelled_read_stops_and_is_not_answered() {
    let server = TestServer::start().await;
    let alice = server.alice();
    let (_, session) = alice.initialize(LEGACY).await;
    for (number, id) in ["1", "1.0", r#""seven""#].into_iter().enumerate() {
        let begun = alice.begin_call(&session, id, "wait").await;
        let noted = alice.cancel(&session, id).await;
        assert_eq!(noted.status, StatusCode::ACCEPTED);
        let reply = Reply::read(begun).await;
        assert_eq!(reply.events(), [] as [serde_json::Value; 0], "{id}");
        server.seen.until(|seen| &seen.dropped, number + 1).await;
    }
}

#[tokio::test]
async fn a_read_that_is_cancelled_before_its_answer_begins_is_not_answered_either() {
    let server = TestServer::start().await;
    let alice = server.alice();
    let (_, session) = alice.initialize(LEGACY).await;
    // Who reads no streams gets no headers before the end, so that there is none to begin.
    let headers = [
        ("content-type", "application/json"),
        ("accept", "application/json"),
        ("mcp-session-id", session.as_str()),
    ];
    let body = legacy_body("tools/call", &json!({ "name": "wait" })).to_string();
    let call = alice.send(Method::POST, "/mcp", &headers, body);
    let cancel = async {
        server.seen.until(|seen| &seen.begun, 1).await;
        alice.cancel(&session, "1").await
    };
    let (reply, _) = tokio::join!(call, cancel);
    assert_snapshot!(reply.head(), @"202");
    assert_eq!(reply.text, "");
    server.seen.until(|seen| &seen.dropped, 1).await;
}

#[tokio::test]
async fn a_read_that_has_told_of_its_progress_can_be_cancelled_still() {
    let server = TestServer::start().await;
    let alice = server.alice();
    let (_, session) = alice.initialize(LEGACY).await;
    let headers = [
        ("content-type", "application/json"),
        ("accept", "application/json, text/event-stream"),
        ("mcp-session-id", session.as_str()),
    ];
    let body = json!({
        "jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": {
            "name": "count", "arguments": { "between": "release" }, "_meta": { "progressToken": 1 },
        },
    });
    let begun = alice.begin(Method::POST, "/mcp", &headers, body.to_string());
    let begun = begun.await;
    server.seen.until(|seen| &seen.begun, 1).await;
    alice.cancel(&session, "1").await;
    let events = Reply::read(begun).await.events();
    assert!(events.iter().all(|event| event.get("id").is_none()));
    server.seen.until(|seen| &seen.dropped, 1).await;
}

#[tokio::test]
async fn a_cancelled_write_comes_to_its_end() {
    let server = TestServer::start().await;
    let alice = server.alice();
    let (_, session) = alice.initialize(LEGACY).await;
    let begun = alice.begin_call(&session, "1", "write").await;
    alice.cancel(&session, "1").await;
    assert_eq!(Reply::read(begun).await.events().len(), 0);
    assert_eq!(server.seen.written.load(Ordering::SeqCst), 0);
    server.seen.release.add_permits(1);
    server.seen.until(|seen| &seen.written, 1).await;
}

#[tokio::test]
async fn a_cancellation_reaches_nobody_elses_request_and_no_other() {
    let server = TestServer::start().await;
    let (alice, bob) = (server.alice(), server.bob());
    let (_, session) = alice.initialize(LEGACY).await;
    let (_, another) = alice.initialize(LEGACY).await;
    let (_, of_bob) = bob.initialize(LEGACY).await;
    let begun = alice.begin_call(&session, "1", "wait").await;
    let stolen = bob.cancel(&session, "1").await;
    assert_eq!(stolen.status, StatusCode::NOT_FOUND);
    bob.cancel(&of_bob, "1").await;
    alice.cancel(&another, "1").await;
    for other in ["2", r#""1""#, "10", "null", "{}"] {
        let noted = alice.cancel(&session, other).await;
        assert_eq!(noted.status, StatusCode::ACCEPTED, "{other}");
    }
    // Without a session nothing tells one program of a person from another.
    let body = json!({
        "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": 1 },
    });
    alice.post(&[], body.to_string()).await;
    server.seen.release.add_permits(1);
    let events = Reply::read(begun).await.events();
    assert_eq!(events[0]["result"]["content"][0]["text"], "waited");
    assert_eq!(server.seen.dropped.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_cancellation_after_the_answer_is_ignored() {
    let server = TestServer::start().await;
    let alice = server.alice();
    let (_, session) = alice.initialize(LEGACY).await;
    for _ in 0..2 {
        let reply = Reply::read(alice.begin_call(&session, "1", "whoami").await).await;
        assert_eq!(reply.said(), "canary-alice");
        let late = alice.cancel(&session, "1").await;
        assert_eq!(late.status, StatusCode::ACCEPTED);
    }
}
