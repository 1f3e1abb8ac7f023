//! A person with an MCP client: what tests do, they do as somebody.
//!
//! The client speaks plain HTTP and JSON, so that nothing between a test and the wire is polite.

use reqwest::header::HeaderMap;
use reqwest::redirect::Policy;
use reqwest::{Method, StatusCode};
use rustls::ClientConfig;
use rustls::crypto::ring::default_provider;
use serde_json::{Value, json};

pub(crate) const LEGACY: &str = "2025-11-25";
pub(crate) const MODERN: &str = "2026-07-28";

/// Someone with a bearer token and, after [`connect`](Self::connect), a session.
#[derive(Clone)]
pub(crate) struct Person {
    http: reqwest::Client,
    url: String,
    token: Option<String>,
    session: Option<String>,
}

/// An HTTP answer.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        // An answer that took its time is an event stream, and its last event is the answer.
        let last = match self.header("content-type") {
            "text/event-stream" => {
                let mut lines = self.text.lines().rev();
                let last = lines.find_map(|line| line.strip_prefix("data: "));
                last.expect("an event")
            }
            _ => &self.text,
        };
        serde_json::from_str(last).expect("a JSON body")
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}

impl Person {
    /// Somebody without a token.
    pub(crate) fn stranger(url: &str) -> Self {
        Self {
            http: http(),
            url: url.to_owned(),
            token: None,
            session: None,
        }
    }

    pub(crate) fn with_token(url: &str, token: &str) -> Self {
        Self {
            token: Some(token.to_owned()),
            ..Self::stranger(url)
        }
    }

    /// Opens a session the way clients before revision 2026-07-28 do.
    pub(crate) async fn connect(url: &str, token: &str) -> Self {
        let mut person = Self::with_token(url, token);
        let answer = person.initialize().await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        person.session = Some(answer.header("mcp-session-id").to_owned());
        let ready = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
        assert_eq!(person.post(&ready).await.status, StatusCode::ACCEPTED);
        person
    }

    pub(crate) async fn initialize(&self) -> Reply {
        let client = json!({ "name": "test", "version": "1" });
        let params = json!({ "protocolVersion": LEGACY, "capabilities": {}, "clientInfo": client });
        self.post(&request("initialize", &params)).await
    }

    pub(crate) fn session(&self) -> &str {
        self.session.as_deref().expect("a session")
    }

    /// The same person with somebody else's session id.
    pub(crate) fn with_session(&self, session: &str) -> Self {
        Self {
            session: Some(session.to_owned()),
            ..self.clone()
        }
    }

    pub(crate) async fn list_tools(&self) -> Reply {
        self.post(&request("tools/list", &json!({}))).await
    }

    /// The names of the tools this person sees.
    pub(crate) async fn tools(&self) -> Vec<String> {
        names(&self.list_tools().await.json())
    }

    /// Calls a tool and gives the result, whether it tells of a failure or not.
    pub(crate) async fn call(&self, tool: &str, arguments: Value) -> Value {
        let reply = self.try_call(tool, arguments).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text);
        let mut answer = reply.json();
        assert!(answer.get("error").is_none(), "{answer}");
        answer["result"].take()
    }

    pub(crate) async fn try_call(&self, tool: &str, arguments: Value) -> Reply {
        let params = json!({ "name": tool, "arguments": arguments });
        self.post(&request("tools/call", &params)).await
    }

    /// Calls a tool that is refused for good. An answer that had begun when that was known has the
    /// refusal in its stream, and the next request meets the status.
    pub(crate) async fn refused(&self, tool: &str, arguments: Value) -> Reply {
        let reply = self.try_call(tool, arguments.clone()).await;
        if reply.status != StatusCode::OK {
            return reply;
        }
        assert!(reply.json()["error"].is_object(), "{}", reply.text);
        self.try_call(tool, arguments).await
    }

    /// A request of the revision without sessions.
    pub(crate) async fn modern(&self, method: &str, mut params: Value) -> Reply {
        let name = params["name"].as_str().unwrap_or_default().to_owned();
        params["_meta"] = json!({
            "io.modelcontextprotocol/protocolVersion": MODERN,
            "io.modelcontextprotocol/clientCapabilities": {},
            "io.modelcontextprotocol/clientInfo": { "name": "test", "version": "1" },
        });
        let mut builder = self
            .builder(Method::POST, &self.url)
            .header("mcp-protocol-version", MODERN)
            .header("mcp-method", method);
        if !name.is_empty() {
            builder = builder.header("mcp-name", name);
        }
        send(builder.body(request(method, &params).to_string())).await
    }

    pub(crate) async fn post(&self, message: &Value) -> Reply {
        send(self.message(message)).await
    }

    fn message(&self, message: &Value) -> reqwest::RequestBuilder {
        let mut builder = self.builder(Method::POST, &self.url);
        if let Some(session) = &self.session {
            builder = builder
                .header("mcp-session-id", session)
                .header("mcp-protocol-version", LEGACY);
        }
        builder.body(message.to_string())
    }

    /// Sends a message and gives the answer as soon as its headers are there.
    pub(crate) async fn begin(&self, message: &Value) -> reqwest::Response {
        let sent = self.message(message).send().await;
        sent.expect("an HTTP answer")
    }

    /// Ends the session.
    pub(crate) async fn end(&self) -> Reply {
        let end = self.builder(Method::DELETE, &self.url);
        send(end.header("mcp-session-id", self.session())).await
    }

    /// A plain GET of a path beside `/mcp`.
    pub(crate) async fn get(&self, path: &str) -> Reply {
        let url = self.url.replace("/mcp", path);
        send(self.builder(Method::GET, &url)).await
    }

    fn builder(&self, method: Method, url: &str) -> reqwest::RequestBuilder {
        let mut builder = self
            .http
            .request(method, url)
            .header("content-type", "application/json")
            .header("accept", "application/json, text/event-stream");
        if let Some(token) = &self.token {
            builder = builder.bearer_auth(token);
        }
        builder
    }
}

/// Every request has the same id, as those of many clients do: answers must not be told apart by it.
pub(crate) fn request(method: &str, params: &Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params })
}

pub(crate) fn names(answer: &Value) -> Vec<String> {
    let tools = answer["result"]["tools"]
        .as_array()
        .expect("a list of tools");
    tools
        .iter()
        .filter_map(|tool| tool["name"].as_str().map(ToOwned::to_owned))
        .collect()
}

pub(crate) async fn send(builder: reqwest::RequestBuilder) -> Reply {
    answered(builder).await.expect("an HTTP answer")
}

/// The answer, if the server lived long enough to give it whole.
pub(crate) async fn answered(builder: reqwest::RequestBuilder) -> Option<Reply> {
    let answer = builder.send().await.ok()?;
    let (status, headers) = (answer.status(), answer.headers().clone());
    let text = answer.text().await.ok()?;
    Some(Reply {
        status,
        headers,
        text,
    })
}

/// The tests speak HTTP without TLS, but the client wants to know with which TLS it would.
pub(crate) fn http() -> reqwest::Client {
    let tls = ClientConfig::builder_with_provider(default_provider().into())
        .with_safe_default_protocol_versions()
        .expect("TLS versions")
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls)
        .no_proxy()
        .redirect(Policy::none())
        .build()
        .expect("an HTTP client")
}
