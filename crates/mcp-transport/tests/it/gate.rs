//! A7: DNS rebinding, and what browsers may do.

use http::{Method, StatusCode};
use insta::assert_snapshot;
use serde_json::json;

use crate::kit::{TestServer, legacy_body};

async fn public() -> TestServer {
    TestServer::with(|builder| {
        builder
            .public_url("https://desk.example/mcp")
            .allowed_hosts(["inner.example:8443"])
            .allowed_origins(["https://claude.ai", "http://localhost:*"])
            .probes(["/healthz"])
    })
    .await
}

async fn status(server: &TestServer, header: (&str, &str)) -> StatusCode {
    let body = legacy_body("ping", &json!({})).to_string();
    server.alice().post(&[header], body).await.status
}

/// Hosts that are ours.
const OUR_HOSTS: &[&str] = &[
    "desk.example",
    "desk.example:443",
    "DESK.example:8080",
    "localhost",
    "localhost:1",
    "127.0.0.1:8720",
    "[::1]:8720",
    "inner.example:8443",
];

/// Hosts that are not.
const OTHER_HOSTS: &[&str] = &[
    "evil.example",
    "desk.example.evil.example",
    "evil.desk.example",
    "desk.example.",
    "inner.example",
    "inner.example:80",
    "desk.example@evil.example",
    "evil@desk.example",
    "127.0.0.2",
    "127.1",
    "0.0.0.0",
    "2130706433",
    "[::]",
    "desk.example:99999",
    "localhost:",
    "",
    " ",
    "desk.example, evil.example",
    "desk.example/evil",
];

#[tokio::test]
async fn a7_only_our_own_hosts_are_answered() {
    let server = public().await;
    for host in OUR_HOSTS {
        assert_eq!(
            status(&server, ("host", host)).await,
            StatusCode::OK,
            "{host}"
        );
    }
    for host in OTHER_HOSTS {
        let status = status(&server, ("host", host)).await;
        // hyper turns down what is no host at all.
        assert!(matches!(status.as_u16(), 400 | 403), "{host:?}: {status}");
    }
}

#[tokio::test]
async fn a7_two_hosts_are_none() {
    let server = public().await;
    let body = legacy_body("ping", &json!({})).to_string();
    let headers = [("host", "desk.example"), ("host", "evil.example")];
    assert_eq!(
        server.alice().post(&headers, body).await.status,
        StatusCode::FORBIDDEN
    );
}

/// Origins that are let in.
const KNOWN_PAGES: &[&str] = &[
    "https://desk.example",
    "https://claude.ai",
    "https://claude.ai:443",
    "http://localhost:6274",
    "http://localhost",
    "HTTPS://CLAUDE.AI",
];

/// Origins that are not.
const OTHER_PAGES: &[&str] = &[
    "null",
    "https://evil.example",
    "http://claude.ai",
    "https://claude.ai.evil.example",
    "https://claude.ai@evil.example",
    "https://evil.example#https://claude.ai",
    "claude.ai",
    "https://claude.ai:8443",
    "https://sub.claude.ai",
    "file://",
    "",
    "https://",
    "https://claude.ai, https://evil.example",
    "https://localhost:6274",
    "https://claude.ai/",
    "chrome-extension://abc",
    "https://claude.ai\u{a0}",
];

#[tokio::test]
async fn a7_only_known_pages_are_answered() {
    let server = public().await;
    for origin in KNOWN_PAGES {
        assert_eq!(
            status(&server, ("origin", origin)).await,
            StatusCode::OK,
            "{origin}"
        );
    }
    for origin in OTHER_PAGES {
        assert_eq!(
            status(&server, ("origin", origin)).await,
            StatusCode::FORBIDDEN,
            "{origin:?}"
        );
    }
}

#[tokio::test]
async fn a7_the_gate_stands_before_every_path_and_tells_nothing() {
    let server = public().await;
    let evil = [("host", "evil.example")];
    for path in [
        "/mcp",
        "/",
        "/authorize",
        "/.well-known/oauth-authorization-server",
    ] {
        for method in [Method::GET, Method::POST, Method::DELETE, Method::OPTIONS] {
            let reply = server.alice().send(method, path, &evil, "").await;
            assert_eq!(reply.status, StatusCode::FORBIDDEN, "{path}");
            assert_eq!(reply.header("www-authenticate"), None);
        }
    }
    // Health checks come by address, but not from pages.
    let probe = server
        .nobody()
        .send(Method::GET, "/healthz", &evil, "")
        .await;
    assert_eq!(probe.status, StatusCode::NOT_FOUND);
    let page = [("origin", "https://evil.example")];
    let probe = server
        .nobody()
        .send(Method::GET, "/healthz", &page, "")
        .await;
    assert_eq!(probe.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_known_page_may_ask_before_it_posts() {
    let server = public().await;
    let ask = [
        ("origin", "https://claude.ai"),
        ("access-control-request-method", "POST"),
    ];
    let reply = server
        .nobody()
        .send(Method::OPTIONS, "/mcp", &ask, "")
        .await;
    assert_snapshot!(reply.head(), @r#"
    204
    access-control-allow-methods: GET, POST, DELETE
    access-control-allow-headers: Authorization, *
    access-control-max-age: 600
    access-control-allow-origin: https://claude.ai
    vary: Origin
    access-control-expose-headers: Mcp-Session-Id, MCP-Protocol-Version, WWW-Authenticate, Retry-After, X-Request-Id
    "#);
    let ask = [
        ("origin", "https://evil.example"),
        ("access-control-request-method", "POST"),
    ];
    let reply = server
        .nobody()
        .send(Method::OPTIONS, "/mcp", &ask, "")
        .await;
    assert_snapshot!(reply.head(), @r#"
    403
    content-type: application/json
    cache-control: no-store
    "#);
}

#[tokio::test]
async fn a_known_page_may_read_the_challenge() {
    let server = public().await;
    let reply = server
        .nobody()
        .post(&[("origin", "https://claude.ai")], "{}")
        .await;
    assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
    assert_eq!(
        reply.header("access-control-allow-origin"),
        Some("https://claude.ai")
    );
    assert_eq!(reply.header("access-control-allow-credentials"), None);
    let reply = server.nobody().post(&[], "{}").await;
    assert_eq!(reply.header("access-control-allow-origin"), None);
}

#[tokio::test]
async fn a_local_server_lets_local_pages_in() {
    let server = TestServer::start().await;
    assert_eq!(
        status(&server, ("origin", "http://localhost:6274")).await,
        StatusCode::OK
    );
    assert_eq!(
        status(&server, ("origin", "https://desk.example")).await,
        StatusCode::FORBIDDEN
    );
}

#[tokio::test]
async fn settings_that_mean_nothing_are_refused_at_the_start() {
    use crate::desk::Desk;
    use crate::kit::Tokens;
    use mcp_transport::Server;

    let builder = || Server::builder(Tokens, Desk::new().0);
    let mut errors = Vec::new();
    for builder in [
        builder().public_url("desk.example/mcp"),
        builder().public_url("ftp://desk.example"),
        builder().allowed_hosts(["https://desk.example"]),
        builder().allowed_origins(["claude.ai"]),
        builder().allowed_origins(["null"]),
    ] {
        let error = builder.bind("127.0.0.1:0").await.err().expect("refused");
        errors.push(error.to_string());
    }
    assert_snapshot!(errors.join("\n"), @r#"
    the public URL `desk.example/mcp` is not understood; write it as https://mcp.example.com/mcp
    the public URL `ftp://desk.example` is not understood; write it as https://mcp.example.com/mcp
    `https://desk.example` is not understood; write hosts as `mcp.example.com` or `mcp.example.com:8443` and origins as `https://claude.ai` or `http://localhost:*`
    `claude.ai` is not understood; write hosts as `mcp.example.com` or `mcp.example.com:8443` and origins as `https://claude.ai` or `http://localhost:*`
    `null` is not understood; write hosts as `mcp.example.com` or `mcp.example.com:8443` and origins as `https://claude.ai` or `http://localhost:*`
    "#);
}
