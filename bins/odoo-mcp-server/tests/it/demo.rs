//! `demo` as a newcomer meets it: the real binary from its first line to SIGTERM.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use insta::assert_snapshot;
use reqwest::StatusCode;
use serde_json::json;
use tempfile::TempDir;

use crate::person::Person;
use crate::program::{Serving, binary, finished};

/// The demo on a free port, its tokens in a file of their own.
async fn demo(folder: &TempDir) -> (Serving, BTreeMap<String, String>) {
    let file = tokens_file(folder);
    let path = file.to_str().expect("a plain path");
    let arguments = ["demo", "--listen", "127.0.0.1:0", "--tokens-file", path];
    let demo = Serving::start(binary(&arguments)).await;
    (demo, read_tokens(&file))
}

fn tokens_file(folder: &TempDir) -> PathBuf {
    folder.path().join("tokens.json")
}

fn read_tokens(file: &Path) -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(file).expect("the tokens file");
    serde_json::from_str(&text).expect("JSON")
}

#[tokio::test]
async fn the_demo_introduces_its_people_and_serves_them() {
    let folder = tempfile::tempdir().expect("a folder");
    let (demo, tokens) = demo(&folder).await;
    assert_snapshot!(demo.printed.join("\n"), @r"
    alice / alice-demo  accountant
    emil / emil-demo  plain employee
    tara / tara-demo  team lead who approves expenses and time off
    hanna / hanna-demo  HR and time-off officer
    ada / ada-demo  administrator
    rosa / rosa-demo  external auditor who may only read the books
    ");

    let logins: Vec<&str> = tokens.keys().map(String::as_str).collect();
    assert_eq!(logins, ["ada", "alice", "emil", "hanna", "rosa", "tara"]);
    for token in tokens.values() {
        assert!(
            token.starts_with("omcp_at_") && token.len() == 57,
            "{token}"
        );
    }
    assert_private(&tokens_file(&folder));

    let alice = Person::connect(&demo.url, &tokens["alice"]).await;
    let me = alice.call("whoami", json!({})).await;
    assert_eq!(
        me["structuredContent"]["user"]["name"], "Alice Marchetti",
        "{me}"
    );
}

#[tokio::test]
async fn the_demo_is_well_until_sigterm_and_leaves_in_good_order() {
    let folder = tempfile::tempdir().expect("a folder");
    let (demo, _) = demo(&folder).await;
    let health = demo.url.replace("/mcp", "/healthz");
    let check = || finished(binary(&["healthcheck", "--url", &health]));
    assert!(check().await.status.success());

    let url = demo.url.clone();
    let (advice, code) = demo.terminate().await;
    assert_eq!(code, Some(0));
    let advice = advice.join("\n").replace(&url, "URL");
    assert_snapshot!(advice, @r"

    Connect Claude Code and sign in as one of them:
      claude mcp add --transport http odoo-demo URL
    ");
    assert_eq!(check().await.status.code(), Some(1));
}

#[tokio::test]
async fn a_new_start_replaces_the_tokens() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(tokens_file(&folder), "open to all").expect("an old file");
    let (first, old) = demo(&folder).await;
    drop(first);
    let (second, new) = demo(&folder).await;
    assert_private(&tokens_file(&folder));
    assert!(
        old.values()
            .all(|token| !new.values().any(|other| other == token))
    );
    let late = Person::with_token(&second.url, &old["alice"])
        .initialize()
        .await;
    assert_eq!(late.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_demo_refuses_to_listen_beyond_this_machine() {
    for address in ["0.0.0.0:0", "[::]:0", "192.0.2.1:8720"] {
        let output = finished(binary(&["demo", "--listen", address])).await;
        assert_eq!(output.status.code(), Some(1));
        assert!(output.stdout.is_empty());
        let said = String::from_utf8_lossy(&output.stderr).replace(address, "ADDRESS");
        insta::allow_duplicates! {
            assert_snapshot!(said, @"error: the demo does not listen on ADDRESS: its passwords are public, so it serves this machine only. Use an address like 127.0.0.1:8720");
        }
    }
}

#[tokio::test]
async fn a_port_that_is_taken_is_said_so() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("its address").to_string();
    let output = finished(binary(&["demo", "--listen", &address])).await;
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).replace(&address, "ADDRESS");
    assert!(
        said.contains("listening on ADDRESS: is another server running there?"),
        "{said}"
    );
}

#[tokio::test]
async fn a_tokens_file_that_cannot_be_written_ends_the_demo_before_it_is_ready() {
    let arguments = [
        "demo",
        "--listen",
        "127.0.0.1:0",
        "--tokens-file",
        "/nowhere/tokens.json",
    ];
    let output = finished(binary(&arguments)).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        said.contains("writing the tokens file /nowhere/tokens.json"),
        "{said}"
    );
}

#[tokio::test]
async fn the_log_holds_no_token_and_no_password() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = tokens_file(&folder);
    let path = file.to_str().expect("a plain path");
    let mut command = binary(&["demo", "--listen", "127.0.0.1:0", "--tokens-file", path]);
    let log = folder.path().join("log");
    command.stderr(std::fs::File::create(&log).expect("a log file"));
    command
        .env("ODOO_MCP_LOG", "trace")
        .env("ODOO_MCP_LOG_FORMAT", "json");
    let demo = Serving::start(command).await;

    let tokens = read_tokens(&file);
    let alice = Person::connect(&demo.url, &tokens["alice"]).await;
    alice.call("whoami", json!({})).await;
    let intruder = Person::with_token(&demo.url, "omcp_at_never-issued");
    assert_eq!(intruder.initialize().await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(demo.terminate().await.1, Some(0));

    let log = std::fs::read_to_string(&log).expect("the log");
    assert!(log.lines().count() > 1, "logs at all: {log}");
    for line in log.lines() {
        let event: serde_json::Value = serde_json::from_str(line).expect("a JSON line");
        assert!(event["level"].is_string(), "{line}");
    }
    for token in tokens.values() {
        assert!(!log.contains(token.as_str()));
    }
    assert!(
        !log.contains("never-issued"),
        "a wrong token is a secret too"
    );
    assert!(!log.contains("-demo\""), "a password");
    // An Odoo key has 40 hexadecimal digits.
    let is_key = |word: &str| word.len() == 40 && word.bytes().all(|b| b.is_ascii_hexdigit());
    assert!(
        !log.split(|c: char| !c.is_ascii_alphanumeric()).any(is_key),
        "an Odoo key"
    );
}

#[cfg(unix)]
fn assert_private(file: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::metadata(file)
        .expect("its metadata")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[cfg(not(unix))]
fn assert_private(_: &Path) {}
