//! What one person may take: alice's hundred requests are in bob's way no more than one.

use std::time::Duration;

use http::StatusCode;
use mcp_transport::Limits;
use serde_json::json;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::kit::{TestServer, legacy_body};

const SHORT: Duration = Duration::from_millis(60);

fn two_each() -> Limits {
    Limits {
        max_in_flight: 4,
        max_in_flight_per_caller: 2,
        max_waiting_per_caller: 3,
        ..Limits::default()
    }
}

#[tokio::test]
async fn one_persons_requests_wait_for_each_other_and_for_nobody_else() {
    let server = TestServer::with_limits(two_each()).await;
    let (alice, bob) = (server.alice(), server.bob());
    let others = async {
        server.seen.until(|seen| &seen.begun, 2).await;
        while server.stats.shed() < 1 {
            tokio::task::yield_now().await;
        }
        assert_eq!(bob.call("whoami", json!({})).await.said(), "canary-bob");
        server.seen.release.add_permits(10);
    };
    let ask = || alice.call("wait", json!({}));
    let (a, b, c, d, e, f, ()) = tokio::join!(ask(), ask(), ask(), ask(), ask(), ask(), others);
    let mut refused = Vec::new();
    for reply in [a, b, c, d, e, f] {
        if reply.status == StatusCode::OK {
            assert_eq!(reply.said(), "waited");
        } else {
            refused.push(reply);
        }
    }
    // Two at work, three wait, and the sixth is one too many.
    assert_eq!(refused.len(), 1);
    insta::assert_snapshot!(refused[0].head(), @r"
    429
    content-type: application/json
    cache-control: no-store
    retry-after: 5
    ");
    insta::assert_snapshot!(refused[0].text, @r#"{"jsonrpc":"2.0","error":{"code":-32000,"message":"Too many of your own requests at once. Wait for some of them, then try again."}}"#);
}

#[tokio::test]
async fn the_wait_for_ones_own_requests_has_an_end() {
    let limits = Limits {
        caller_wait: SHORT,
        ..two_each()
    };
    let server = TestServer::with_limits(limits).await;
    let (alice, bob) = (server.alice(), server.bob());
    let third = async {
        server.seen.until(|seen| &seen.begun, 2).await;
        let refused = alice.call("whoami", json!({})).await;
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(bob.call("whoami", json!({})).await.said(), "canary-bob");
        server.seen.release.add_permits(2);
    };
    let ask = || alice.call("wait", json!({}));
    let (a, b, ()) = tokio::join!(ask(), ask(), third);
    assert_eq!((a.said(), b.said()), ("waited".into(), "waited".into()));
    assert_eq!(alice.call("whoami", json!({})).await.said(), "canary-alice");
}

#[tokio::test]
async fn nobody_waits_for_the_slow_bodies_of_a_person() {
    let limits = Limits {
        max_buffered_bytes: 1_024 * 1_024,
        max_buffered_bytes_per_caller: 512 * 1_024,
        ..Limits::default()
    };
    let server = TestServer::with_limits(limits).await;
    let mut slow = JoinSet::new();
    for _ in 0..8 {
        let mut socket = TcpStream::connect(server.address).await.expect("connected");
        let head = "POST /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer token-mallory\r\n\
                    Content-Type: application/json\r\nContent-Length: 400000\r\n\r\n";
        socket.write_all(head.as_bytes()).await.expect("sent");
        slow.spawn(async move {
            // The server does not take all of them, and needs not.
            let _ = socket.write_all(&vec![b' '; 399_000]).await;
            std::future::pending::<()>().await;
        });
    }
    while server.stats.in_flight() < 8 {
        tokio::task::yield_now().await;
    }
    let text = "x".repeat(450_000);
    let params = json!({ "name": "whoami", "arguments": { "text": text } });
    let body = legacy_body("tools/call", &params).to_string();
    for _ in 0..3 {
        let reply = server.alice().post(&[], body.clone()).await;
        assert_eq!(reply.said(), "canary-alice");
    }
}

#[tokio::test]
async fn large_bodies_of_one_person_come_in_one_after_another() {
    let limits = Limits {
        max_buffered_bytes_per_caller: 512 * 1_024,
        ..Limits::default()
    };
    let server = TestServer::with_limits(limits).await;
    let alice = server.alice();
    let text = "x".repeat(400_000);
    let ask = || alice.call("file", json!({ "text": text }));
    let (a, b, c, d) = tokio::join!(ask(), ask(), ask(), ask());
    for reply in [a, b, c, d] {
        assert_eq!(reply.said(), "text=xx..xx (400000)");
    }
}
