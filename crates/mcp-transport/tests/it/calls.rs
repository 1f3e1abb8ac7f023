//! What becomes of a call: it ends, panics, is left alone, takes too long, tells of its progress.

use std::net::SocketAddr;
use std::sync::atomic::Ordering;
use std::time::Duration;

use http::StatusCode;
use insta::{assert_json_snapshot, assert_snapshot};
use mcp_transport::Limits;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::kit::{TestServer, legacy_body};

/// Calls a tool and hangs up as soon as it has begun.
pub(crate) async fn call_and_leave(server: &TestServer, tool: &str) {
    let socket = begin(server.address, tool).await;
    server.seen.until(|seen| &seen.begun, 1).await;
    drop(socket);
}

/// Calls a tool and waits until the server hangs up.
pub(crate) async fn call_and_hold(address: SocketAddr, tool: &str) {
    let mut socket = begin(address, tool).await;
    let mut answer = Vec::new();
    // Being cut off may look like an end or like an error.
    let _ = socket.read_to_end(&mut answer).await;
}

async fn begin(address: SocketAddr, tool: &str) -> TcpStream {
    let body = legacy_body("tools/call", &json!({ "name": tool })).to_string();
    let mut socket = TcpStream::connect(address).await.expect("a connection");
    let head = format!(
        "POST /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer token-alice\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len(),
    );
    socket.write_all(head.as_bytes()).await.expect("sent");
    socket
}

#[tokio::test]
async fn a_read_ends_when_its_client_goes_away() {
    let server = TestServer::start().await;
    call_and_leave(&server, "wait").await;
    server.seen.until(|seen| &seen.dropped, 1).await;
}

#[tokio::test]
async fn a_write_goes_on_when_its_client_goes_away() {
    let server = TestServer::start().await;
    call_and_leave(&server, "write").await;
    server.seen.release.add_permits(1);
    server.seen.until(|seen| &seen.written, 1).await;
}

#[tokio::test]
async fn r15_a_panic_costs_its_own_call_only() {
    let server = TestServer::start().await;
    let reply = server.alice().call("panic", json!({})).await;
    assert_eq!(reply.status, StatusCode::OK);
    assert_json_snapshot!(reply.json()["result"]["isError"], @"true");
    assert_snapshot!(reply.said(), @"This tool failed because of a defect in the server, so it is not known whether anything was changed. Look at the record before trying again, and tell the administrator.");
    assert_eq!(server.stats.panics(), 1);
    server.assert_well().await;
}

#[tokio::test]
async fn r15_a_panic_outside_of_tools_is_a_500() {
    let server = TestServer::start().await;
    let reply = server.person("panicking").call("whoami", json!({})).await;
    assert_snapshot!(reply.head(), @r#"
    500
    content-type: application/json
    cache-control: no-store
    "#);
    assert!(!reply.text.contains("as told"));
    assert_eq!((server.stats.panics(), server.stats.in_flight()), (1, 0));
    server.assert_well().await;
}

#[tokio::test]
async fn a_call_that_takes_too_long_is_explained() {
    let limits = Limits {
        call: Duration::from_millis(50),
        ..Limits::default()
    };
    let server = TestServer::with_limits(limits).await;
    assert_snapshot!(server.alice().call("wait", json!({})).await.said(), @"This took more than 0 seconds and was stopped. Nothing was changed. Ask for less at once.");
    assert_eq!(server.seen.dropped.load(Ordering::SeqCst), 1);
    assert_snapshot!(server.alice().call("write", json!({})).await.said(), @"This takes more than 0 seconds and goes on in the background. Do not repeat it; look at the record in a while to see whether it was done.");
    server.seen.release.add_permits(1);
    server.seen.until(|seen| &seen.written, 1).await;
}

#[tokio::test]
async fn progress_turns_the_answer_into_a_stream() {
    let server = TestServer::start().await;
    let params = json!({ "name": "count", "arguments": {}, "_meta": { "progressToken": "p" } });
    let reply = server.alice().legacy(None, "tools/call", params).await;
    assert_eq!(reply.header("content-type"), Some("text/event-stream"));
    let events = reply.events();
    let reports: Vec<_> = events[..2].iter().map(|event| &event["params"]).collect();
    assert_json_snapshot!(reports, @r#"
    [
      {
        "progressToken": "p",
        "progress": 1.0,
        "total": 2.0,
        "message": "half"
      },
      {
        "progressToken": "p",
        "progress": 2.0,
        "total": 2.0,
        "message": "done"
      }
    ]
    "#);
    assert_eq!(events[2]["result"]["content"][0]["text"], "counted");
    // Nobody asked, so nothing is reported.
    let quiet = server.alice().call("count", json!({})).await;
    assert_eq!(quiet.header("content-type"), Some("application/json"));
}

#[tokio::test]
async fn what_is_unavailable_is_told_to_the_model() {
    let server = TestServer::start().await;
    let reply = server
        .alice()
        .call("refuse", json!({ "kind": "closed" }))
        .await;
    assert_json_snapshot!(reply.json()["result"], @r#"
    {
      "resultType": "complete",
      "content": [
        {
          "type": "text",
          "text": "The desk is closed until nine."
        }
      ],
      "isError": true,
      "_meta": {
        "io.modelcontextprotocol/serverInfo": {
          "name": "desk",
          "title": "Desk",
          "version": "0.0.1"
        }
      }
    }
    "#);
}

#[tokio::test]
async fn requests_are_numbered_by_the_server() {
    let server = TestServer::start().await;
    let body = legacy_body("ping", &json!({})).to_string();
    let reply = server
        .alice()
        .post(&[("x-request-id", "mine\\nforged")], body)
        .await;
    let number = reply.header("x-request-id").expect("a number");
    assert!(!number.contains("forged") && number.len() < 30, "{number}");
}
