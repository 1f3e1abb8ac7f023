//! One local user over a pair of streams.

use std::sync::Arc;

use mcp_transport::stdio;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, DuplexStream, ReadHalf};
use tokio::io::{Lines, WriteHalf, duplex, split};
use tokio::task::JoinHandle;

use crate::desk::{Desk, Person, Seen};
use crate::kit::{legacy_body, modern_body};

fn hello() -> Value {
    json!({
        "protocolVersion": "2025-11-25", "capabilities": {},
        "clientInfo": { "name": "tests", "version": "1" },
    })
}

struct Conversation {
    lines: Lines<BufReader<ReadHalf<DuplexStream>>>,
    input: WriteHalf<DuplexStream>,
    server: JoinHandle<Result<(), stdio::StdioError>>,
    seen: Arc<Seen>,
}

fn begin() -> Conversation {
    let (ours, theirs) = duplex(64 * 1_024);
    let (desk, seen) = Desk::new();
    let server = tokio::spawn(stdio::serve_on(desk, Person("ada".into()), split(theirs)));
    let (output, input) = split(ours);
    Conversation {
        lines: BufReader::new(output).lines(),
        input,
        server,
        seen,
    }
}

impl Conversation {
    async fn say(&mut self, message: &Value) {
        self.input
            .write_all(format!("{message}\n").as_bytes())
            .await
            .expect("sent");
    }

    async fn ask(&mut self, message: &Value) -> Value {
        self.say(message).await;
        self.hear().await
    }

    async fn hear(&mut self) -> Value {
        let line = self
            .lines
            .next_line()
            .await
            .expect("no error")
            .expect("a line");
        serde_json::from_str(&line).expect("JSON")
    }

    async fn end(mut self) {
        self.input.shutdown().await.expect("closed");
        drop((self.input, self.lines));
        self.server.await.expect("no panic").expect("a good end");
    }
}

#[tokio::test]
async fn a_legacy_conversation() {
    let mut conversation = begin();
    let hello = conversation.ask(&legacy_body("initialize", &hello())).await;
    assert_eq!(hello["result"]["instructions"], "Ask who you are first.");
    let initialized = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
    conversation.say(&initialized).await;
    let call = legacy_body("tools/call", &json!({ "name": "whoami" }));
    let answer = conversation.ask(&call).await;
    assert_eq!(answer["result"]["structuredContent"]["said"], "canary-ada");
    let clients = conversation
        .seen
        .clients
        .lock()
        .expect("unpoisoned")
        .clone();
    let client = clients[0].as_ref().expect("a client");
    assert_eq!(
        (client.name.as_str(), client.protocol.as_str()),
        ("tests", "2025-11-25")
    );
    let params = json!({ "name": "refuse", "arguments": { "kind": "grant" } });
    let refused = conversation.ask(&legacy_body("tools/call", &params)).await;
    assert_eq!(refused["error"]["code"], -32_600);
    conversation.end().await;
}

#[tokio::test]
async fn a_modern_conversation() {
    let mut conversation = begin();
    let discovered = conversation
        .ask(&modern_body("server/discover", json!({})))
        .await;
    assert_eq!(
        discovered["result"]["instructions"],
        "Ask who you are first."
    );
    let call = modern_body("tools/call", json!({ "name": "whoami" }));
    assert_eq!(
        conversation.ask(&call).await["result"]["structuredContent"]["said"],
        "canary-ada"
    );
    conversation.end().await;
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_long_hears_that_work_goes_on() {
    let mut conversation = begin();
    conversation.ask(&legacy_body("initialize", &hello())).await;
    let params = json!({ "name": "wait", "_meta": { "progressToken": "p" } });
    let call = legacy_body("tools/call", &params);
    let first = conversation.ask(&call).await;
    assert_eq!(first["method"], "notifications/progress");
    let second = conversation.hear().await;
    let steps = [&first, &second].map(|report| report["params"]["progress"].as_f64());
    assert!(steps[0] > Some(4.9) && steps[1] > Some(9.9), "{steps:?}");
    assert_eq!(second["params"]["progressToken"], "p");
    assert_eq!(second["params"]["message"], "At work for 10 seconds");
    conversation.seen.release.add_permits(1);
    assert_eq!(conversation.hear().await["id"], 1);
    conversation.end().await;
}

#[tokio::test]
async fn a_cancelled_read_stops_and_is_not_answered() {
    let mut conversation = begin();
    conversation.ask(&legacy_body("initialize", &hello())).await;
    let call = legacy_body("tools/call", &json!({ "name": "wait" }));
    conversation.say(&call).await;
    conversation.seen.until(|seen| &seen.begun, 1).await;
    let cancel = json!({
        "jsonrpc": "2.0", "method": "notifications/cancelled", "params": { "requestId": 1 },
    });
    conversation.say(&cancel).await;
    conversation.seen.until(|seen| &seen.dropped, 1).await;
    let mut ping = legacy_body("ping", &json!({}));
    ping["id"] = json!(2);
    assert_eq!(conversation.ask(&ping).await["id"], 2);
    conversation.end().await;
}
