//! Connections that take their time, and servers that are full.

use std::time::{Duration, Instant};

use http::{Method, StatusCode};
use mcp_transport::Limits;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::kit::{TestServer, legacy_body};

const SHORT: Duration = Duration::from_millis(60);

fn hasty() -> Limits {
    Limits {
        header_read: SHORT,
        idle: SHORT * 2,
        body_read: SHORT,
        ..Limits::default()
    }
}

/// Sends bytes and tells what comes back until the server hangs up, and after which time.
async fn until_closed(server: &TestServer, bytes: &str) -> (String, Duration) {
    let mut socket = TcpStream::connect(server.address)
        .await
        .expect("a connection");
    let start = Instant::now();
    socket.write_all(bytes.as_bytes()).await.expect("sent");
    let mut answer = Vec::new();
    let closed = tokio::time::timeout(Duration::from_secs(5), socket.read_to_end(&mut answer));
    closed
        .await
        .expect("the server hangs up")
        .expect("no error");
    (
        String::from_utf8_lossy(&answer).into_owned(),
        start.elapsed(),
    )
}

#[tokio::test]
async fn r9_headers_that_never_end_are_cut_off() {
    let server = TestServer::with_limits(hasty()).await;
    for start in [
        "",
        "P",
        "POST /mcp HTTP/1.1\r\nHost: local",
        "PRI * HTTP/2.0\r\n",
    ] {
        let (answer, after) = until_closed(&server, start).await;
        assert_eq!(answer, "", "{start:?}");
        assert!(
            after >= SHORT && after < SHORT * 10,
            "{start:?} after {after:?}"
        );
    }
    server.assert_well().await;
}

#[tokio::test]
async fn an_idle_connection_is_kept_longer_and_then_closed() {
    let server = TestServer::with_limits(hasty()).await;
    let request = "GET /nothing HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let (answer, after) = until_closed(&server, request).await;
    assert!(answer.starts_with("HTTP/1.1 401"), "{answer}");
    assert!(after >= SHORT * 2 && after < SHORT * 12, "after {after:?}");
}

#[tokio::test]
async fn r9_a_body_that_never_ends_is_given_up() {
    let server = TestServer::with_limits(hasty()).await;
    let request = "POST /mcp HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer token-alice\r\n\
                   Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{";
    let (answer, _) = until_closed(&server, request).await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
}

#[tokio::test]
async fn without_a_token_the_body_is_not_waited_for() {
    let server = TestServer::start().await;
    let mut socket = TcpStream::connect(server.address)
        .await
        .expect("a connection");
    let head = "POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
                Content-Length: 30000000\r\nExpect: 100-continue\r\n\r\n";
    socket.write_all(head.as_bytes()).await.expect("sent");
    let mut answer = [0; 12];
    socket.read_exact(&mut answer).await.expect("an answer");
    assert_eq!(&answer, b"HTTP/1.1 401");
}

#[tokio::test]
async fn a_call_in_work_is_not_idle() {
    let server = TestServer::with_limits(hasty()).await;
    let release = async {
        tokio::time::sleep(SHORT * 3).await;
        server.seen.release.add_permits(1);
    };
    let alice = server.alice();
    let (reply, ()) = tokio::join!(alice.call("wait", json!({})), release);
    assert_eq!(reply.said(), "waited");
}

#[tokio::test]
async fn a_full_server_sheds_requests_but_answers_health_checks() {
    let limits = Limits {
        max_in_flight: 1,
        ..Limits::default()
    };
    let server = TestServer::with(|builder| builder.limits(limits).probes(["/healthz"])).await;
    let (alice, bob) = (server.alice(), server.bob());
    let rest = async {
        server.seen.until(|seen| &seen.begun, 1).await;
        let shed = bob.call("whoami", json!({})).await;
        assert_eq!(shed.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(shed.header("retry-after"), Some("1"));
        let probe = server.nobody().send(Method::GET, "/healthz", &[], "").await;
        assert_eq!(probe.status, StatusCode::NOT_FOUND);
        server.seen.release.add_permits(1);
    };
    let (reply, ()) = tokio::join!(alice.call("wait", json!({})), rest);
    assert_eq!(reply.said(), "waited");
    assert_eq!(
        server.bob().call("whoami", json!({})).await.said(),
        "canary-bob"
    );
    assert_eq!(server.stats.shed(), 1);
}

#[tokio::test]
async fn http2_is_spoken_without_being_asked_for() {
    let server = TestServer::start().await;
    let socket = TcpStream::connect(server.address)
        .await
        .expect("a connection");
    let io = hyper_util::rt::TokioIo::new(socket);
    let executor = hyper_util::rt::TokioExecutor::new();
    let (mut sender, connection) = hyper::client::conn::http2::handshake(executor, io)
        .await
        .expect("HTTP/2");
    tokio::spawn(connection);
    let body = legacy_body("tools/call", &json!({ "name": "whoami" })).to_string();
    let request = http::Request::post(format!("http://{}/mcp", server.address))
        .header("authorization", "Bearer token-alice")
        .header("content-type", "application/json")
        .body(http_body_util::Full::new(bytes::Bytes::from(body)))
        .expect("a request");
    let answer = sender.send_request(request).await.expect("an answer");
    assert_eq!(
        (answer.version(), answer.status()),
        (http::Version::HTTP_2, StatusCode::OK)
    );
}
