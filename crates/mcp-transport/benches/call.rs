//! What a call of a trivial tool costs over loopback, client included, and what a list of forty
//! tools costs.
//!
//! The client is hyper's and lives on the same two threads, so the server's own share is about
//! half of each figure.

#![expect(
    clippy::expect_used,
    reason = "a measurement that cannot run should say why"
)]

use std::sync::Arc;

use bytes::Bytes;
use criterion::{Criterion, criterion_group, criterion_main};
use http::Request;
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use mcp_transport::{
    Annotations, Authenticate, CallRefusal, Caller, CancellationToken, Refusal, Server,
    ServerIdentity, ToolCall, ToolDescriptor, ToolOutcome, ToolSet,
};
use serde_json::{Value, json};
use tokio::runtime::Runtime;

#[derive(Clone)]
struct Alice;

impl Caller for Alice {
    fn principal(&self) -> &'static str {
        "alice"
    }
}

struct Everybody;

impl Authenticate for Everybody {
    type Caller = Alice;

    async fn authenticate(&self, _: &str) -> Result<Alice, Refusal> {
        Ok(Alice)
    }
}

struct Echo {
    identity: ServerIdentity,
    tools: Arc<[ToolDescriptor]>,
}

impl ToolSet for Echo {
    type Caller = Alice;

    fn identity(&self) -> &ServerIdentity {
        &self.identity
    }

    async fn tools(&self, _: &Alice) -> Result<Arc<[ToolDescriptor]>, CallRefusal> {
        Ok(Arc::clone(&self.tools))
    }

    async fn call(&self, _: &Alice, call: ToolCall) -> Result<ToolOutcome, CallRefusal> {
        let text = call
            .arguments
            .get("text")
            .and_then(Value::as_str)
            .unwrap_or_default();
        Ok(ToolOutcome {
            structured: None,
            text: text.to_owned(),
            is_error: false,
        })
    }

    fn descriptor(&self, name: &str) -> Option<ToolDescriptor> {
        self.tools.iter().find(|tool| tool.name == name).cloned()
    }
}

fn echo() -> Echo {
    let properties: serde_json::Map<String, Value> = (0..6)
        .map(|number| {
            let name = format!("argument_{number}");
            (
                name,
                json!({ "type": "string", "description": "What it is for, in a sentence." }),
            )
        })
        .collect();
    let schema = json!({ "type": "object", "properties": properties });
    let schema = Arc::new(schema.as_object().cloned().unwrap_or_default());
    let tool = |number: usize| ToolDescriptor {
        name: format!("echo_{number}").into(),
        title: "Say it again".into(),
        description: "Says the text again, which is what this sentence is about.".into(),
        input_schema: Arc::clone(&schema),
        output_schema: Some(Arc::clone(&schema)),
        annotations: Annotations {
            read_only: true,
            destructive: false,
            idempotent: true,
            open_world: false,
        },
        takes_file: false,
    };
    let identity = ServerIdentity {
        name: "echo".to_owned(),
        title: "Echo".to_owned(),
        version: "1.0.0".to_owned(),
        instructions: "x".repeat(2_000),
        website: None,
    };
    Echo {
        identity,
        tools: (0..40).map(tool).collect(),
    }
}

type Http = Client<HttpConnector, Full<Bytes>>;

async fn send(http: &Http, request: &Request<Full<Bytes>>) {
    let answer = http.request(request.clone()).await.expect("an answer");
    assert!(answer.status().is_success(), "{}", answer.status());
    answer.into_body().collect().await.expect("a whole answer");
}

fn request(uri: &str, method: &str, modern: bool) -> Request<Full<Bytes>> {
    let mut params = json!({});
    if method == "tools/call" {
        params = json!({ "name": "echo_7", "arguments": { "text": "hello" } });
    }
    let mut request = Request::post(uri)
        .header("authorization", "Bearer alice")
        .header("content-type", "application/json")
        .header("accept", "application/json, text/event-stream")
        .header(
            "mcp-protocol-version",
            if modern { "2026-07-28" } else { "2025-11-25" },
        );
    if modern {
        params["_meta"] = json!({
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
            "io.modelcontextprotocol/clientInfo": { "name": "bench", "version": "1" },
        });
        request = request.header("mcp-method", method);
        if method == "tools/call" {
            request = request.header("mcp-name", "echo_7");
        }
    }
    let body = json!({ "jsonrpc": "2.0", "id": 1, "method": method, "params": params });
    request
        .body(Full::new(Bytes::from(body.to_string())))
        .expect("a request")
}

fn calls(criterion: &mut Criterion) {
    let runtime = Runtime::new().expect("a runtime");
    let bound = Server::builder(Everybody, echo()).bind("127.0.0.1:0");
    let bound = runtime.block_on(bound).expect("a free port");
    let uri = format!("http://{}/mcp", bound.local_addr());
    runtime.spawn(bound.serve(CancellationToken::new()));
    let http: Http = Client::builder(TokioExecutor::new()).build_http();
    for (name, method, modern) in [
        ("call, 2025-11-25", "tools/call", false),
        ("call, 2026-07-28", "tools/call", true),
        ("list of 40 tools, 2026-07-28", "tools/list", true),
    ] {
        let request = request(&uri, method, modern);
        criterion.bench_function(name, |bencher| {
            bencher.to_async(&runtime).iter(|| send(&http, &request));
        });
        criterion.bench_function(&format!("{name}, 16 at once"), |bencher| {
            bencher.to_async(&runtime).iter(async || {
                let mut all = tokio::task::JoinSet::new();
                for _ in 0..16 {
                    let (http, request) = (http.clone(), request.clone());
                    all.spawn(async move { send(&http, &request).await });
                }
                all.join_all().await;
            });
        });
    }
}

criterion_group!(benches, calls);
criterion_main!(benches);
