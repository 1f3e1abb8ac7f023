//! Where a real browser goes after Allow, when the client's callback sends it on to a program.

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::chromium::Chromium;
use crate::person::{http, send};
use crate::program::{Company, PATIENCE};

/// Built in, with a callback on the person's own computer.
const CLAUDE_CODE: &str = "https://claude.ai/oauth/claude-code-client-metadata";
/// RFC 7636, appendix B.
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

/// A callback that sends the browser on, and tells with which address it was called.
async fn callback() -> (u16, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("its address").port();
    let (tells, told) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        // A browser opens connections ahead of what it will ask, so one may stay silent.
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(send_on(stream, tells.clone()));
        }
    });
    (port, told)
}

async fn send_on(mut stream: TcpStream, tells: mpsc::UnboundedSender<String>) {
    let mut lines = BufReader::new(&mut stream).lines();
    let first = lines.next_line().await.ok().flatten().unwrap_or_default();
    while let Ok(Some(line)) = lines.next_line().await {
        if line.is_empty() {
            break;
        }
    }
    let answer = "HTTP/1.1 302 Found\r\nlocation: claude://claude.ai/connected\r\n\
                  content-length: 0\r\nconnection: close\r\n\r\n";
    // A browser that is gone, or a test that has heard enough.
    let _ = stream.write_all(answer.as_bytes()).await;
    if first.contains("/callback?") {
        let _ = tells.send(first);
    }
}

/// Signs alice in for a client whose callback redirects to `claude://`; what the browser's console
/// says of that. Without a program for the scheme it says nothing when it may go there. Nothing
/// where there is no browser.
async fn console_after_allow(company: &Company, client: &str) -> Option<String> {
    let chromium = Chromium::start().await?;
    let (port, mut told) = callback().await;
    let redirect = format!("http://localhost:{port}/callback");
    let client = match client {
        CLAUDE_CODE => CLAUDE_CODE.to_owned(),
        name => registered(company, name, &redirect).await,
    };
    let server = company.url.trim_end_matches("/mcp");
    let mut url = url::Url::parse(&format!("{server}/authorize")).expect("an address");
    url.query_pairs_mut()
        .append_pair("client_id", &client)
        .append_pair("redirect_uri", &redirect)
        .append_pair("response_type", "code")
        .append_pair("state", "s")
        .append_pair("code_challenge", CHALLENGE)
        .append_pair("code_challenge_method", "S256");
    chromium.console().await;
    chromium.open(url.as_str()).await;
    chromium.types("#login", "alice").await;
    chromium.types("#password", "alice-demo").await;
    chromium.clicks("button[value=allow]").await;
    let called = timeout(PATIENCE, told.recv())
        .await
        .expect("a call in time");
    assert!(called.expect("the callback's address").contains("code="));
    // With the next page the browser is done with the one before.
    chromium.open("about:blank").await;
    let said = chromium.console().await.join("\n");
    chromium.quit().await;
    Some(said)
}

async fn registered(company: &Company, name: &str, redirect: &str) -> String {
    let server = company.url.trim_end_matches("/mcp");
    let about = serde_json::json!({ "client_name": name, "redirect_uris": [redirect],
        "token_endpoint_auth_method": "none" });
    let request = http().post(format!("{server}/register"));
    let request = request.header("content-type", "application/json");
    let reply = send(request.body(about.to_string())).await;
    let id = reply.json()["client_id"].as_str().map(str::to_owned);
    id.expect("an id")
}

#[tokio::test]
async fn chromium_follows_the_callback_of_claude_into_its_app() {
    let company = Company::open().await;
    let Some(claude) = console_after_allow(&company, CLAUDE_CODE).await else {
        return;
    };
    assert!(!claude.contains("Content Security Policy"), "{claude}");
    // Of another program's callback the browser would not go there, and it would say so.
    let other = console_after_allow(&company, "Other").await;
    let other = other.expect("the same browser");
    assert!(other.contains("form-action"), "{other}");
}
