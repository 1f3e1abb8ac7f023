//! `stdio` as an MCP client starts it: a child that speaks line by line.

use std::process::Stdio;

use insta::assert_snapshot;
use odoo_sandbox::{Fault, Sandbox};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};
use tokio::time::timeout;

use crate::person::{LEGACY, names, request};
use crate::program::{PATIENCE, binary, finished};

struct Client {
    child: Child,
    to: ChildStdin,
    from: Lines<BufReader<ChildStdout>>,
}

impl Client {
    fn start(mut command: Command) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .spawn()
            .expect("a running binary");
        let to = child.stdin.take().expect("its standard input");
        let from = BufReader::new(child.stdout.take().expect("its standard output")).lines();
        Self { child, to, from }
    }

    async fn tell(&mut self, message: &Value) {
        let line = format!("{message}\n");
        self.to
            .write_all(line.as_bytes())
            .await
            .expect("a listening child");
    }

    async fn ask(&mut self, message: &Value) -> Value {
        self.tell(message).await;
        let line = timeout(PATIENCE, self.from.next_line())
            .await
            .expect("an answer in time");
        let line = line
            .expect("readable output")
            .expect("an answer before the end");
        serde_json::from_str(&line).expect("nothing but JSON on standard output")
    }

    async fn initialize(&mut self) {
        let client = json!({ "name": "test", "version": "1" });
        let params = json!({ "protocolVersion": LEGACY, "capabilities": {}, "clientInfo": client });
        let answer = self.ask(&request("initialize", &params)).await;
        assert_eq!(
            answer["result"]["serverInfo"]["name"], "odoo-mcp-server",
            "{answer}"
        );
        self.tell(&json!({ "jsonrpc": "2.0", "method": "notifications/initialized" }))
            .await;
    }

    async fn call(&mut self, tool: &str, arguments: Value) -> Value {
        let params = json!({ "name": tool, "arguments": arguments });
        self.ask(&request("tools/call", &params)).await
    }

    /// Closes standard input and gives the exit code.
    async fn hang_up(mut self) -> Option<i32> {
        drop(self.to);
        let status = timeout(PATIENCE, self.child.wait())
            .await
            .expect("an end in time");
        status.expect("an exit status").code()
    }
}

fn stdio(url: &str, database: &str, key: &str) -> Command {
    let mut command = binary(&["stdio"]);
    command
        .env("ODOO_MCP_ODOO_URL", url)
        .env("ODOO_MCP_DATABASE", database)
        .env("ODOO_MCP_API_KEY", key);
    command
}

#[tokio::test]
async fn alice_works_with_her_own_key() {
    let sandbox = Sandbox::builder().start().await.expect("a sandbox");
    let key = sandbox.mint_key("alice");
    let mut client = Client::start(stdio(sandbox.url(), sandbox.database(), &key));
    client.initialize().await;
    let listed = client.ask(&request("tools/list", &json!({}))).await;
    assert!(
        names(&listed).iter().any(|name| name == "list_invoices"),
        "{listed}"
    );
    let me = client.call("whoami", json!({})).await;
    assert!(
        me["result"]["structuredContent"]
            .to_string()
            .contains("Alice Marchetti"),
        "{me}"
    );
    let invoices = client.call("list_invoices", json!({})).await;
    assert_eq!(invoices["result"]["isError"], false, "{invoices}");
    assert_eq!(client.hang_up().await, Some(0));
}

#[tokio::test]
async fn a_key_that_odoo_refuses_ends_the_program_with_advice() {
    let sandbox = Sandbox::builder().start().await.expect("a sandbox");
    let wrong = "0".repeat(40);
    let output = finished(stdio(sandbox.url(), sandbox.database(), &wrong)).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty(), "standard output is for MCP");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        said.contains("Odoo does not accept the key in ODOO_MCP_API_KEY"),
        "{said}"
    );
    assert!(!said.contains(&wrong), "{said}");
}

#[tokio::test]
async fn an_odoo_that_is_down_is_explained_and_may_come_back() {
    let sandbox = Sandbox::builder().start().await.expect("a sandbox");
    let key = sandbox.mint_key("alice");
    let mut client = Client::start(stdio("http://127.0.0.1:9", sandbox.database(), &key));
    client.initialize().await;
    let answer = client.call("whoami", json!({})).await;
    assert_eq!(answer["result"]["isError"], true, "{answer}");
    let text = &answer["result"]["content"][0]["text"];
    assert_snapshot!(text, @r#""Odoo cannot be reached at the moment. Try again in a minute; if it lasts, tell the person who operates Odoo.""#);
    assert_eq!(client.hang_up().await, Some(0));

    sandbox.inject(Fault::Down, 4);
    let mut client = Client::start(stdio(sandbox.url(), sandbox.database(), &key));
    client.initialize().await;
    let answer = client.call("whoami", json!({})).await;
    assert_eq!(answer["result"]["isError"], false, "{answer}");
    assert_eq!(client.hang_up().await, Some(0));
}

#[tokio::test]
async fn mistakes_of_the_configuration_are_reported_together() {
    let mut command = binary(&["stdio"]);
    command
        .env("ODOO_MCP_ODOO_URL", "odoo.example.com")
        .env("ODOO_MCP_API_KY", "abc");
    let output = finished(command).await;
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty(), "standard output is for MCP");
    assert_snapshot!(String::from_utf8_lossy(&output.stderr), @"
    error: the configuration has 4 mistakes:
      - ODOO_MCP_API_KY is no setting: correct or remove it. There are ODOO_MCP_ODOO_URL, ODOO_MCP_ODOO_WEB_URL, ODOO_MCP_DATABASE, ODOO_MCP_MAX_CALLS, ODOO_MCP_MAX_CALLS_PER_PERSON, ODOO_MCP_API_KEY, ODOO_MCP_PUBLIC_URL, ODOO_MCP_LISTEN, ODOO_MCP_TRUSTED_PROXIES, ODOO_MCP_ORIGINS, ODOO_MCP_STORE, ODOO_MCP_STORE_URL, ODOO_MCP_KEYS_FILE, ODOO_MCP_KEYS, ODOO_MCP_MODE, ODOO_MCP_UNTICKED, ODOO_MCP_REDIRECTS, ODOO_MCP_CLIENT_HOSTS, ODOO_MCP_REGISTRATION, ODOO_MCP_REFRESH_REUSE_SECONDS, ODOO_MCP_LOG_FORMAT, ODOO_MCP_LOG
      - ODOO_MCP_ODOO_URL is no address (relative URL without a base): write for example https://odoo.example.com
      - ODOO_MCP_DATABASE is missing: the name of the database, as Odoo's administrator calls it
      - ODOO_MCP_API_KEY is missing: your Odoo API key, made in Odoo under My Preferences, Security, Add API Key
    All settings are described in docs/operators.md.
    ");
}

#[tokio::test]
async fn a_settings_file_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("odoo-mcp.toml");
    std::fs::write(
        &file,
        "[odoo]\nurl = \"http://127.0.0.1:9\"\ndatabase = \"larkspur\"\n",
    )
    .expect("a settings file");
    let mut command = binary(&["stdio", "--config", file.to_str().expect("a plain path")]);
    command.env("ODOO_MCP_API_KEY", "0".repeat(40));
    let mut client = Client::start(command);
    client.initialize().await;
    assert_eq!(client.hang_up().await, Some(0));

    let absent = finished(binary(&["stdio", "--config", "/nowhere.toml"])).await;
    assert_eq!(absent.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&absent.stderr).contains("/nowhere.toml cannot be read"));
}
