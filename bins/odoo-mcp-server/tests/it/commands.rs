//! The small commands: `tools`, `healthcheck`, and what a wrong command line is told.

use insta::assert_snapshot;
use serde_json::Value;

use crate::program::{binary, finished};

#[tokio::test]
async fn tools_lists_the_catalogue() {
    let plain = finished(binary(&["tools"])).await;
    assert!(plain.status.success());
    let plain = String::from_utf8(plain.stdout).expect("text");
    let first: Vec<&str> = plain
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();

    let json = finished(binary(&["tools", "--json"])).await;
    assert!(json.status.success());
    let tools: Vec<Value> = serde_json::from_slice(&json.stdout).expect("JSON");
    let names: Vec<&str> = tools
        .iter()
        .filter_map(|tool| tool["name"].as_str())
        .collect();
    assert_eq!(first, names);
    for tool in &tools {
        assert_eq!(tool["inputSchema"]["type"], "object", "{tool}");
        assert!(
            tool["scope"]
                .as_str()
                .is_some_and(|scope| scope.starts_with("odoo:")),
            "{tool}"
        );
    }
}

#[tokio::test]
async fn healthcheck_says_what_is_wrong() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let free = taken.local_addr().expect("its address");
    drop(taken);
    let url = format!("http://{free}/healthz");
    let output = finished(binary(&["healthcheck", "--url", &url])).await;
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr).replace(&free.to_string(), "ADDRESS");
    assert_snapshot!(said, @"error: nobody listens at ADDRESS: is the server running?: Connection refused (os error 111)");

    let output = finished(binary(&["healthcheck", "--url", "https://example.com/"])).await;
    assert_eq!(output.status.code(), Some(1));
    assert_snapshot!(String::from_utf8_lossy(&output.stderr), @"error: https://example.com/ is no http:// address: ask the server itself, not its proxy");
}

#[tokio::test]
async fn a_wrong_command_line_ends_with_two() {
    for arguments in [
        &["serves"][..],
        &["demo", "--listen", "here"],
        &["healthcheck", "--url", "x"],
    ] {
        assert_eq!(
            finished(binary(arguments)).await.status.code(),
            Some(2),
            "{arguments:?}"
        );
    }
}
