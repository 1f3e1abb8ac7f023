//! What one request may cost: the peak memory of the real program while it reads the worst ones.

use std::fs;
use std::time::Duration;

use reqwest::Method;
use serde_json::Value;

use crate::person::{http, send};
use crate::program::{PATIENCE, Serving, binary};

const MIB: usize = 1024 * 1024;

/// The most that a request of so many bytes may cost.
fn allowed(bytes: usize) -> usize {
    8 * bytes + 4 * MIB
}

/// A demo, and the token of somebody in it.
struct Victim {
    serving: Serving,
    token: String,
}

impl Victim {
    async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let tokens = folder.path().join("tokens.json");
        let path = tokens.to_str().expect("a path");
        let arguments = ["demo", "--listen", "127.0.0.1:0", "--tokens-file", path];
        let serving = Serving::start(binary(&arguments)).await;
        let tokens = fs::read_to_string(&tokens).expect("tokens");
        let tokens: Value = serde_json::from_str(&tokens).expect("JSON");
        let token = tokens["emil"].as_str().expect("a token").to_owned();
        let victim = Self { serving, token };
        // What the first call of all costs is no part of the measurement.
        let call = r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"whoami"}}"#;
        assert_eq!(victim.post(call.to_owned()).await.0, 200);
        victim
    }

    /// Status and text of the answer.
    async fn post(&self, body: String) -> (u16, String) {
        let request = http()
            .request(Method::POST, &self.serving.url)
            .timeout(PATIENCE + Duration::from_secs(60))
            .bearer_auth(&self.token)
            .header("content-type", "application/json")
            .header("accept", "application/json, text/event-stream")
            .body(body);
        let reply = send(request).await;
        (reply.status.as_u16(), reply.text)
    }

    /// How much more memory the program needs at most while it answers this.
    async fn cost(&self, body: String) -> usize {
        let process = format!("/proc/{}", self.serving.child.id().expect("running"));
        // Sets the peak back to what is in use now (proc(5), `clear_refs`).
        fs::write(format!("{process}/clear_refs"), "5").expect("Linux 4.0 or later");
        let before = kilobytes(&process, "VmRSS:");
        self.post(body).await;
        (kilobytes(&process, "VmHWM:") - before) * 1_024
    }
}

fn kilobytes(process: &str, name: &str) -> usize {
    let status = fs::read_to_string(format!("{process}/status")).expect("a running process");
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|line| line.split_whitespace().next());
    number.expect("a size").parse().expect("a number")
}

/// A text filled up with a piece, to be `size` bytes long.
fn filled(start: &str, piece: &str, end: &str, size: usize) -> String {
    let count = (size - start.len() - end.len()) / piece.len();
    format!("{start}{}{end}", piece.repeat(count))
}

/// Bodies that look small and are large.
fn bombs(size: usize) -> Vec<(&'static str, String)> {
    const PING: &str = r#"{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":["#;
    let list = |piece: &str| filled(PING, piece, "0]}}", size);
    let nested = format!("{}0{},", r#"{"a":"#.repeat(20), "}".repeat(20));
    let names: String = (0..size / 12)
        .map(|name| format!("\"{name:x}\":0,"))
        .collect();
    let named = r#"{"jsonrpc":"2.0","id":1,"method":"ping","params":{"#;
    let text = r#"{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":""#;
    let batch = r#"{"jsonrpc":"2.0","id":1,"method":"ping"},"#;
    vec![
        ("zeros", list("0,")),
        ("empty lists", list("[],")),
        ("lists of one", list("[0],")),
        ("objects", list(r#"{"a":0},"#)),
        ("nested objects", list(&nested)),
        ("short texts", list(r#""ab","#)),
        ("many names", format!("{named}{names}\"z\":0}}}}")),
        ("a text", filled(text, "a", "\"}}", size)),
        ("an escaped text", filled(text, r"\/", "\"}}", size)),
        ("a batch", filled("[", batch, "0]", size)),
        ("a file", file("a", size)),
        ("an escaped file", file(r"\/", size)),
    ]
}

fn file(piece: &str, size: usize) -> String {
    let start = r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"upload_receipt","arguments":{"expense_id":1,"file_name":"a.pdf","content":""#;
    filled(start, piece, "\"}}}", size)
}

#[tokio::test]
async fn no_request_costs_more_than_eight_times_its_bytes() {
    // As large as a message that parsers see may be, and as small as one with as many values.
    for size in [16 * 1_024, MIB - 1_024] {
        let victim = Victim::start().await;
        for (name, body) in bombs(size) {
            let bytes = body.len();
            let cost = victim.cost(body).await;
            assert!(cost <= allowed(bytes), "{name}, {bytes} bytes: {cost}");
        }
    }
}

#[tokio::test]
async fn the_largest_requests_cost_no_more_either() {
    let victim = Victim::start().await;
    for (name, body) in bombs(32 * MIB - 1_024) {
        let bytes = body.len();
        let cost = victim.cost(body).await;
        assert!(cost <= allowed(bytes), "{name}, {bytes} bytes: {cost}");
    }
}
