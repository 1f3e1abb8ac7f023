//! A running server, and people who talk to it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use jiff::Timestamp;
use mcp_transport::{
    Authenticate, CancellationToken, Challenge, Clock, Limits, ManualClock, Refusal, Server,
    ServerBuilder, SessionKey, Sessions, Stats,
};
use serde_json::{Value, json};
use tokio::task::JoinHandle;

use crate::desk::{Desk, Person, Seen};

/// The newest revision with `initialize`, and the one without.
pub(crate) const LEGACY: &str = "2025-11-25";
pub(crate) const MODERN: &str = "2026-07-28";

/// Every person's token is the name with `token-` before it.
pub(crate) struct Tokens;

impl Authenticate for Tokens {
    type Caller = Person;

    async fn authenticate(&self, bearer: &str) -> Result<Person, Refusal> {
        match bearer.strip_prefix("token-") {
            Some("unknowable") => Err(Refusal::Unavailable {
                retry_after: Duration::from_secs(7),
            }),
            Some("panicking") => panic!("as told"),
            Some(name) => Ok(Person(name.into())),
            None => Err(Refusal::InvalidToken),
        }
    }
}

pub(crate) type Builder = ServerBuilder<Tokens, Desk>;

/// A server that is stopped when the test is over.
pub(crate) struct TestServer {
    pub(crate) address: SocketAddr,
    pub(crate) seen: Arc<Seen>,
    pub(crate) clock: ManualClock,
    pub(crate) sessions: Sessions,
    pub(crate) stats: Stats,
    pub(crate) stop: CancellationToken,
    pub(crate) task: JoinHandle<()>,
    http: Client<HttpConnector, Full<Bytes>>,
}

impl TestServer {
    pub(crate) async fn start() -> Self {
        Self::with(|builder| builder).await
    }

    pub(crate) async fn with_limits(limits: Limits) -> Self {
        Self::with(|builder| builder.limits(limits)).await
    }

    pub(crate) async fn with(set: impl FnOnce(Builder) -> Builder) -> Self {
        let (desk, seen) = Desk::new();
        let start: Timestamp = "2026-11-23T08:00:00Z".parse().expect("a time");
        let (clock, manual) = Clock::manual(start);
        let challenge = Challenge {
            resource_metadata: Some(
                "https://desk.example/.well-known/oauth-protected-resource/mcp".to_owned(),
            ),
            scope: Some("desk:read".to_owned()),
        };
        let key = SessionKey::from_bytes(&[7; 32]).expect("long enough");
        let builder = Server::builder(Tokens, desk)
            .clock(clock)
            .challenge(challenge)
            .session_key(key);
        let bound = set(builder).bind("127.0.0.1:0").await.expect("a free port");
        let (address, sessions, stats) = (bound.local_addr(), bound.sessions(), bound.stats());
        let stop = CancellationToken::new();
        let task = tokio::spawn(bound.serve(stop.clone()));
        let http = Client::builder(TokioExecutor::new()).build_http();
        Self {
            address,
            seen,
            clock: manual,
            sessions,
            stats,
            stop,
            task,
            http,
        }
    }

    /// Whatever happened, good requests are answered.
    pub(crate) async fn assert_well(&self) {
        let reply = self.alice().call("whoami", json!({})).await;
        assert_eq!(reply.said(), "canary-alice");
    }

    pub(crate) fn person(&self, name: &str) -> Actor<'_> {
        Actor {
            server: self,
            token: Some(format!("token-{name}")),
        }
    }

    pub(crate) fn alice(&self) -> Actor<'_> {
        self.person("alice")
    }

    pub(crate) fn bob(&self) -> Actor<'_> {
        self.person("bob")
    }

    pub(crate) fn nobody(&self) -> Actor<'_> {
        Actor {
            server: self,
            token: None,
        }
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        self.stop.cancel();
        self.task.abort();
    }
}

/// Somebody who sends requests.
pub(crate) struct Actor<'a> {
    server: &'a TestServer,
    token: Option<String>,
}

/// A header of a request.
pub(crate) type Header<'a> = (&'a str, &'a str);

impl Actor<'_> {
    /// Sends anything anywhere.
    pub(crate) async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[Header<'_>],
        body: impl Into<Bytes>,
    ) -> Reply {
        let answer = self.begin(method, path, headers, body);
        let answer = tokio::time::timeout(Duration::from_secs(20), answer).await;
        Reply::read(answer.expect("no hang")).await
    }

    /// Sends anything anywhere, and gives the answer as soon as its headers are there.
    pub(crate) async fn begin(
        &self,
        method: Method,
        path: &str,
        headers: &[Header<'_>],
        body: impl Into<Bytes>,
    ) -> Response<Incoming> {
        let uri = format!("http://{}{path}", self.server.address);
        let mut request = Request::builder().method(method).uri(uri);
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = request.body(Full::new(body.into())).expect("a request");
        self.server.http.request(request).await.expect("an answer")
    }

    /// Calls a tool in a session and gives the answer as soon as its headers are there.
    pub(crate) async fn begin_call(
        &self,
        session: &str,
        id: &str,
        tool: &str,
    ) -> Response<Incoming> {
        let headers = [
            ("content-type", "application/json"),
            ("accept", "application/json, text/event-stream"),
            ("mcp-protocol-version", LEGACY),
            ("mcp-session-id", session),
        ];
        let body = format!(
            r#"{{"jsonrpc":"2.0","id":{id},"method":"tools/call","params":{{"name":"{tool}"}}}}"#
        );
        self.begin(Method::POST, "/mcp", &headers, body).await
    }

    /// Cancels a request of a session.
    pub(crate) async fn cancel(&self, session: &str, id: &str) -> Reply {
        let headers = [
            ("mcp-session-id", session),
            ("mcp-protocol-version", LEGACY),
        ];
        let body = format!(
            r#"{{"jsonrpc":"2.0","method":"notifications/cancelled","params":{{"requestId":{id},"reason":"enough"}}}}"#
        );
        self.post(&headers, body).await
    }

    /// POSTs to `/mcp` with the usual headers before those given.
    pub(crate) async fn post(&self, headers: &[Header<'_>], body: impl Into<Bytes>) -> Reply {
        let mut all = vec![
            ("content-type", "application/json"),
            ("accept", "application/json, text/event-stream"),
        ];
        all.extend(headers);
        self.send(Method::POST, "/mcp", &all, body).await
    }

    /// A request in the revision 2026-07-28.
    pub(crate) async fn modern(&self, method: &str, params: Value) -> Reply {
        let body = modern_body(method, params);
        let name = body["params"]["name"]
            .as_str()
            .or(body["params"]["uri"].as_str());
        let mut headers = vec![("mcp-protocol-version", MODERN), ("mcp-method", method)];
        headers.extend(name.map(|name| ("mcp-name", name)));
        self.post(&headers, body.to_string()).await
    }

    /// A request in a revision with `initialize`, in a session or without.
    pub(crate) async fn legacy(&self, session: Option<&str>, method: &str, params: Value) -> Reply {
        let mut headers = vec![("mcp-protocol-version", LEGACY)];
        headers.extend(session.map(|id| ("mcp-session-id", id)));
        self.post(&headers, legacy_body(method, &params).to_string())
            .await
    }

    /// Begins a session and gives its id.
    pub(crate) async fn initialize(&self, version: &str) -> (Reply, String) {
        let client = json!({ "name": "tests", "version": "1.2" });
        let params =
            json!({ "protocolVersion": version, "capabilities": {}, "clientInfo": client });
        let reply = self
            .post(&[], legacy_body("initialize", &params).to_string())
            .await;
        let id = reply
            .header("mcp-session-id")
            .expect("a session id")
            .to_owned();
        (reply, id)
    }

    /// Calls a tool in the revision 2026-07-28.
    pub(crate) async fn call(&self, tool: &str, arguments: Value) -> Reply {
        self.modern(
            "tools/call",
            json!({ "name": tool, "arguments": arguments }),
        )
        .await
    }

    /// Ends a session.
    pub(crate) async fn end(&self, session: &str) -> Reply {
        self.send(Method::DELETE, "/mcp", &[("mcp-session-id", session)], "")
            .await
    }
}

pub(crate) fn legacy_body(method: &str, params: &Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params })
}

pub(crate) fn modern_body(method: &str, mut params: Value) -> Value {
    params["_meta"]["io.modelcontextprotocol/protocolVersion"] = json!(MODERN);
    params["_meta"]["io.modelcontextprotocol/clientCapabilities"] = json!({});
    params["_meta"]["io.modelcontextprotocol/clientInfo"] =
        json!({ "name": "tests", "version": "1.2" });
    legacy_body(method, &params)
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    pub(crate) async fn read(answer: Response<Incoming>) -> Self {
        let (parts, body) = answer.into_parts();
        let body = body.collect().await.expect("a whole answer").to_bytes();
        let text = String::from_utf8(body.to_vec()).expect("UTF-8");
        Self {
            status: parts.status,
            headers: parts.headers,
            text,
        }
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .get(name)
            .map(|value| value.to_str().expect("text"))
    }

    pub(crate) fn json(&self) -> Value {
        // On a busy machine any call may take so long that its answer is a stream.
        if self.header("content-type") == Some("text/event-stream") {
            return self.events().pop().expect("an event");
        }
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    /// The messages of an event stream.
    pub(crate) fn events(&self) -> Vec<Value> {
        let data = self
            .text
            .lines()
            .filter_map(|line| line.strip_prefix("data:"));
        data.filter_map(|data| serde_json::from_str(data.trim()).ok())
            .collect()
    }

    /// The text of a tool's answer.
    pub(crate) fn said(&self) -> String {
        self.json()["result"]["content"][0]["text"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// Status and JSON-RPC error, on one line.
    pub(crate) fn error(&self) -> String {
        let error = &self.json()["error"];
        let text = error["message"]
            .as_str()
            .or(error.as_str())
            .unwrap_or_default();
        format!("{} {} {text}", self.status.as_u16(), error["code"])
    }

    /// Status and the headers that vary with who asks, for snapshots.
    pub(crate) fn head(&self) -> String {
        let skip = [
            "x-request-id",
            "date",
            "content-length",
            "x-content-type-options",
        ];
        let headers = self
            .headers
            .iter()
            .filter(|(name, _)| !skip.contains(&name.as_str()));
        let lines = headers.map(|(name, value)| format!("\n{name}: {}", value.to_str().unwrap()));
        format!("{}{}", self.status.as_u16(), lines.collect::<String>())
    }
}
