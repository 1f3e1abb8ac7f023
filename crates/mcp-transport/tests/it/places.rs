//! Clients that keep the server waiting: slow bodies, answers nobody takes, idle connections.
//! Whatever they do, other people notice nothing.

use std::time::Duration;

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use http_body_util::Full;
use hyper::client::conn::http2;
use hyper_util::rt::{TokioExecutor, TokioIo};
use mcp_transport::Limits;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout};

use crate::kit::{TestServer, legacy_body};

const SHORT: Duration = Duration::from_millis(60);
/// Time for more answers than there are places, on a machine with other work.
const SEND: Duration = Duration::from_secs(1);
const PATIENCE: Duration = Duration::from_secs(20);

/// A client that lets answers in through so small a window, and never opens it further.
struct Tight {
    sender: http2::SendRequest<Full<Bytes>>,
    connection: JoinHandle<()>,
}

impl Tight {
    async fn connect(server: &TestServer, window: u32) -> Self {
        let socket = TcpStream::connect(server.address).await.expect("connected");
        let (sender, connection) = http2::Builder::new(TokioExecutor::new())
            .initial_stream_window_size(window)
            .handshake(TokioIo::new(socket))
            .await
            .expect("HTTP/2");
        let connection = tokio::spawn(async move {
            // However it ends: what counts is that it does.
            let _ = connection.await;
        });
        Self { sender, connection }
    }

    /// Sends requests whose answers are kept, unread.
    async fn ask(
        &mut self,
        number: usize,
        request: Request<Full<Bytes>>,
    ) -> Vec<http::Response<hyper::body::Incoming>> {
        let mut answers = Vec::new();
        for _ in 0..number {
            match self.sender.send_request(request.clone()).await {
                Ok(answer) => answers.push(answer),
                // Its time was over before all of them were asked.
                Err(_) => break,
            }
        }
        answers
    }

    async fn until_closed(self) {
        let closed = timeout(PATIENCE, self.connection).await;
        closed.expect("the server hangs up").expect("no panic");
    }
}

fn call(server: &TestServer, person: &str) -> Request<Full<Bytes>> {
    let body = legacy_body("tools/call", &json!({ "name": "whoami" })).to_string();
    Request::post(format!("http://{}/mcp", server.address))
        .header("authorization", format!("Bearer token-{person}"))
        .header("content-type", "application/json")
        .body(Full::new(Bytes::from(body)))
        .expect("a request")
}

fn nothing(server: &TestServer) -> Request<Full<Bytes>> {
    Request::get(format!("http://{}/x", server.address))
        .body(Full::default())
        .expect("a request")
}

#[tokio::test]
async fn an_answer_that_nobody_takes_holds_no_place_and_is_given_up() {
    for window in [0, 1] {
        let limits = Limits {
            max_in_flight: 4,
            answer_send: SEND,
            ..Limits::default()
        };
        let server = TestServer::with_limits(limits).await;
        for request in [nothing(&server), call(&server, "mallory")] {
            let mut tight = Tight::connect(&server, window).await;
            let start = Instant::now();
            let unread = tight.ask(20, request).await;
            server.assert_well().await;
            tight.until_closed().await;
            assert!(start.elapsed() >= SEND, "window {window}");
            assert!(unread.len() > 4, "more than there are places");
            drop(unread);
        }
        while server.stats.in_flight() > 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(server.stats.shed(), 0);
    }
}

#[tokio::test]
async fn an_answer_that_is_taken_keeps_its_connection() {
    let limits = Limits {
        answer_send: SHORT,
        idle: SHORT * 20,
        ..Limits::default()
    };
    let server = TestServer::with_limits(limits).await;
    let mut roomy = Tight::connect(&server, 65_535).await;
    let asked = call(&server, "alice");
    drop(roomy.ask(20, asked.clone()).await);
    tokio::time::sleep(SHORT * 4).await;
    let answers = roomy.ask(1, asked).await;
    assert_eq!(answers[0].status(), StatusCode::OK);
}

/// Begins a request and does not finish it.
async fn begin(server: &TestServer, path: &str, headers: &str, length: usize) -> TcpStream {
    let mut socket = TcpStream::connect(server.address).await.expect("connected");
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: localhost\r\n{headers}Content-Length: {length}\r\n\r\n"
    );
    socket.write_all(head.as_bytes()).await.expect("sent");
    socket
}

async fn status(socket: &mut TcpStream) -> String {
    let mut answer = [0; 12];
    let read = timeout(PATIENCE, socket.read_exact(&mut answer)).await;
    read.expect("an answer in time").expect("an answer");
    String::from_utf8_lossy(&answer[9..]).into_owned()
}

#[tokio::test]
async fn slow_bodies_of_strangers_are_in_nobodys_way() {
    let limits = Limits {
        max_in_flight: 2,
        max_open_in_flight: 2,
        max_open_reading: 8,
        ..Limits::default()
    };
    let server = TestServer::with(|builder| builder.limits(limits).open_paths(["/token"])).await;
    let mut slow = Vec::new();
    for begun in 1..=20 {
        slow.push(begin(&server, "/token", "", 1_000).await);
        // The ninth and those after it each end the oldest.
        while server.stats.in_flight() < begun.min(8) {
            tokio::task::yield_now().await;
        }
    }
    server.assert_well().await;
    let honest = server
        .nobody()
        .send(Method::POST, "/token", &[], "code=x")
        .await;
    assert_eq!(honest.status, StatusCode::NOT_FOUND);
    assert_eq!(status(&mut slow[0]).await, "408");
    assert_eq!(server.stats.shed(), 0);
}

#[tokio::test]
async fn a_body_has_its_time_in_all() {
    let limits = Limits {
        body_read: Duration::from_secs(20),
        body_total: SHORT,
        ..Limits::default()
    };
    let server = TestServer::with_limits(limits).await;
    let headers = "Authorization: Bearer token-alice\r\nContent-Type: application/json\r\n";
    let mut socket = begin(&server, "/mcp", headers, 1_000_000).await;
    let (mut reading, mut writing) = socket.split();
    let drip = async {
        while writing.write_all(&[b' '; 100]).await.is_ok() {
            tokio::time::sleep(SHORT / 10).await;
        }
    };
    let mut answer = [0; 12];
    let read = timeout(PATIENCE, async {
        tokio::select! {
            read = reading.read_exact(&mut answer) => read,
            () = drip => panic!("the answer comes first"),
        }
    });
    read.await.expect("an answer in time").expect("an answer");
    assert_eq!(&answer, b"HTTP/1.1 408");
}

#[tokio::test]
async fn idle_connections_make_room() {
    let limits = Limits {
        max_connections: 32,
        reserved_connections: 2,
        ..Limits::default()
    };
    let server = TestServer::with(|builder| builder.limits(limits).probes(["/healthz"])).await;
    let mut idle = Vec::new();
    for number in 0..100 {
        let mut socket = TcpStream::connect(server.address).await.expect("connected");
        // Some have not said anything yet, some have had an answer.
        if number % 2 == 0 {
            let request = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n";
            socket.write_all(request).await.expect("sent");
            assert_eq!(status(&mut socket).await, "401");
        }
        idle.push(socket);
    }
    server.assert_well().await;
    let probe = server.nobody().send(Method::GET, "/healthz", &[], "").await;
    assert_eq!(probe.status, StatusCode::NOT_FOUND);
    assert!(server.stats.connections() <= 34);
    // It is the oldest that went.
    let mut end = Vec::new();
    let closed = timeout(PATIENCE, idle[1].read_to_end(&mut end)).await;
    closed.expect("closed").ok();
    assert!(
        timeout(SHORT, idle[99].read_u8()).await.is_err(),
        "the newest stays"
    );
}

#[tokio::test]
async fn when_all_connections_are_at_work_health_checks_are_answered() {
    let limits = Limits {
        max_connections: 4,
        reserved_connections: 1,
        ..Limits::default()
    };
    let server = TestServer::with(|builder| builder.limits(limits).probes(["/healthz"])).await;
    let mut work = Vec::new();
    let body = legacy_body("tools/call", &json!({ "name": "wait" })).to_string();
    for number in 0..4 {
        let headers = "Authorization: Bearer token-alice\r\nContent-Type: application/json\r\n";
        let mut socket = begin(&server, "/mcp", headers, body.len()).await;
        socket.write_all(body.as_bytes()).await.expect("sent");
        server.seen.until(|seen| &seen.begun, number + 1).await;
        work.push(socket);
    }
    let probe = server.nobody().send(Method::GET, "/healthz", &[], "").await;
    assert_eq!(probe.status, StatusCode::NOT_FOUND);
    // The same connection, and any other there is.
    let shed = server.bob().call("whoami", json!({})).await;
    assert_eq!(shed.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(shed.header("connection"), Some("close"));
    server.seen.release.add_permits(4);
    for socket in &mut work {
        assert_eq!(status(socket).await, "200");
    }
    server.assert_well().await;
}
