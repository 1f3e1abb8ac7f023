//! Answers that take longer than a moment begin before they are there.

use std::time::Duration;

use http::{Method, StatusCode};
use http_body_util::BodyExt as _;
use serde_json::json;

use crate::kit::{LEGACY, Reply, TestServer, legacy_body};

#[tokio::test]
async fn a_slow_call_begins_its_answer_before_it_has_one() {
    let server = TestServer::start().await;
    let alice = server.alice();
    let (_, session) = alice.initialize(LEGACY).await;
    // Nothing has released the tool when the headers come.
    let begun = alice.begin_call(&session, "7", "wait").await;
    assert_eq!(begun.status(), StatusCode::OK);
    assert_eq!(begun.headers()["content-type"], "text/event-stream");
    assert_eq!(begun.headers()["x-accel-buffering"], "no");
    assert_eq!(server.stats.in_flight(), 1);
    server.seen.release.add_permits(1);
    let reply = Reply::read(begun).await;
    let events = reply.events();
    assert_eq!((events.len(), &events[0]["id"]), (1, &json!(7)));
    assert_eq!(events[0]["result"]["content"][0]["text"], "waited");
    server.seen.until_idle(&server.stats).await;
}

#[tokio::test]
async fn it_does_so_in_the_modern_era_too() {
    let server = TestServer::start().await;
    let body = crate::kit::modern_body("tools/call", json!({ "name": "wait" })).to_string();
    let headers = [
        ("content-type", "application/json"),
        ("accept", "application/json, text/event-stream"),
        ("mcp-protocol-version", crate::kit::MODERN),
        ("mcp-method", "tools/call"),
        ("mcp-name", "wait"),
    ];
    let begun = server
        .alice()
        .begin(Method::POST, "/mcp", &headers, body)
        .await;
    assert_eq!(begun.headers()["content-type"], "text/event-stream");
    server.seen.release.add_permits(1);
    let last = Reply::read(begun).await.events().pop().expect("an event");
    assert_eq!(last["result"]["resultType"], "complete");
}

#[tokio::test]
async fn a_quick_call_stays_plain() {
    let server = TestServer::start().await;
    let (_, session) = server.alice().initialize(LEGACY).await;
    let begun = server.alice().begin_call(&session, "1", "whoami").await;
    assert_eq!(begun.headers()["content-type"], "application/json");
}

#[tokio::test]
async fn who_names_no_streams_waits() {
    let server = TestServer::start().await;
    let body = legacy_body("tools/call", &json!({ "name": "wait" })).to_string();
    let alice = server.alice();
    for (number, accept) in ["application/json", "*/*"].into_iter().enumerate() {
        let headers = [("content-type", "application/json"), ("accept", accept)];
        let answer = alice.begin(Method::POST, "/mcp", &headers, body.clone());
        let release = async {
            server.seen.until(|seen| &seen.begun, number + 1).await;
            // Longer than any answer waits that may be late.
            tokio::time::sleep(Duration::from_millis(400)).await;
            server.seen.release.add_permits(1);
        };
        let (answer, ()) = tokio::join!(answer, release);
        assert_eq!(answer.headers()["content-type"], "application/json");
    }
}

#[tokio::test]
async fn a_read_whose_answer_has_begun_ends_when_its_client_goes_away() {
    let server = TestServer::start().await;
    let (_, session) = server.alice().initialize(LEGACY).await;
    let begun = server.alice().begin_call(&session, "1", "wait").await;
    drop(begun);
    server.seen.until(|seen| &seen.dropped, 1).await;
}

#[tokio::test]
async fn a_stream_within_a_late_answer_is_passed_on_as_it_is() {
    let server = TestServer::start().await;
    let body = json!({
        "jsonrpc": "2.0", "id": 1, "method": "tools/call",
        "params": {
            "name": "count", "arguments": { "after": "release" }, "_meta": { "progressToken": "p" },
        },
    });
    let headers = [
        ("content-type", "application/json"),
        ("accept", "application/json, text/event-stream"),
    ];
    let alice = server.alice();
    let begun = alice.begin(Method::POST, "/mcp", &headers, body.to_string());
    let begun = begun.await;
    server.seen.release.add_permits(1);
    let events = Reply::read(begun).await.events();
    assert_eq!(events.len(), 3);
    assert_eq!(events[0]["params"]["message"], "half");
    assert_eq!(events[2]["result"]["content"][0]["text"], "counted");
}

#[tokio::test]
async fn a_refusal_that_comes_late_stays_in_the_stream() {
    let server = TestServer::start().await;
    let arguments = json!({ "after": "release", "then": "grant" });
    let body = legacy_body(
        "tools/call",
        &json!({ "name": "count", "arguments": arguments }),
    );
    let headers = [
        ("content-type", "application/json"),
        ("accept", "application/json, text/event-stream"),
    ];
    let alice = server.alice();
    let begun = alice
        .begin(Method::POST, "/mcp", &headers, body.to_string())
        .await;
    assert_eq!(begun.status(), StatusCode::OK);
    server.seen.release.add_permits(1);
    let events = Reply::read(begun).await.events();
    assert_eq!(events[0]["error"]["code"], -32_600);
}

#[tokio::test]
async fn a_connection_is_not_idle_while_its_answer_is_late() {
    let limits = mcp_transport::Limits {
        idle: Duration::from_millis(50),
        header_read: Duration::from_millis(50),
        ..mcp_transport::Limits::default()
    };
    let server = TestServer::with_limits(limits).await;
    let (_, session) = server.alice().initialize(LEGACY).await;
    let mut begun = server.alice().begin_call(&session, "1", "wait").await;
    let first = begun.frame().await.expect("a comment").expect("no break");
    assert_eq!(first.into_data().expect("data"), ":\n\n");
    tokio::time::sleep(Duration::from_millis(200)).await;
    server.seen.release.add_permits(1);
    assert_eq!(Reply::read(begun).await.events().len(), 1);
}
