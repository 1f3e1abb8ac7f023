//! What answers without a token, and what the challenge of everything else says.

use insta::assert_snapshot;
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::person::{Person, http, send};
use crate::program::Company;

/// Every path that exists, and some that clients and attackers try.
const PATHS: [&str; 26] = [
    "/",
    "/healthz",
    "/.well-known/oauth-protected-resource",
    "/.well-known/oauth-protected-resource/mcp",
    "/.well-known/oauth-authorization-server",
    "/.well-known/oauth-authorization-server/mcp",
    "/.well-known/openid-configuration",
    "/.well-known/unknown",
    "/authorize",
    "/authorize/style.css",
    "/token",
    "/register",
    "/revoke",
    "/account",
    "/mcp",
    "/mcp/",
    "/mcp/sse",
    "/MCP",
    "//mcp",
    "/authorize/",
    "/authorize/../mcp",
    "/.well-known/../mcp",
    "/%2e%2e/mcp",
    "/metrics",
    "/admin",
    "/json/2/res.users/context_get",
];

#[tokio::test]
async fn a14_only_the_sign_in_answers_without_a_token() {
    let company = Company::open().await;
    let mut answers = Vec::new();
    for path in PATHS {
        let url = company.url.replace("/mcp", path);
        let mut seen = Vec::new();
        for method in [Method::GET, Method::POST, Method::DELETE, Method::OPTIONS] {
            let answer = send(http().request(method, &url)).await;
            seen.push(answer.status.as_u16().to_string());
        }
        answers.push(format!("{} {path}", seen.join(" ")));
    }
    assert_snapshot!(answers.join("\n"), @"
    200 405 405 405 /
    200 405 405 405 /healthz
    200 405 405 405 /.well-known/oauth-protected-resource
    200 405 405 405 /.well-known/oauth-protected-resource/mcp
    200 405 405 405 /.well-known/oauth-authorization-server
    200 405 405 405 /.well-known/oauth-authorization-server/mcp
    200 405 405 405 /.well-known/openid-configuration
    404 405 405 405 /.well-known/unknown
    400 400 405 405 /authorize
    200 405 405 405 /authorize/style.css
    405 400 405 405 /token
    405 400 405 405 /register
    405 400 405 405 /revoke
    200 403 405 405 /account
    401 401 401 401 /mcp
    401 401 401 401 /mcp/
    401 401 401 401 /mcp/sse
    401 401 401 401 /MCP
    401 401 401 401 //mcp
    401 401 401 401 /authorize/
    401 401 401 401 /authorize/../mcp
    401 401 401 401 /.well-known/../mcp
    401 401 401 401 /%2e%2e/mcp
    401 401 401 401 /metrics
    401 401 401 401 /admin
    401 401 401 401 /json/2/res.users/context_get
    ");
    assert_eq!(company.sandbox.calls().len(), 0, "Odoo was not even asked");
}

#[tokio::test]
async fn the_challenge_leads_to_the_sign_in() {
    let company = Company::open().await;
    let origin = company.url.trim_end_matches("/mcp");
    let refused = Person::stranger(&company.url).initialize().await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    let challenge = refused.header("www-authenticate").replace(origin, "ORIGIN");
    assert_snapshot!(challenge, @r#"Bearer resource_metadata="ORIGIN/.well-known/oauth-protected-resource/mcp", scope="odoo:read odoo:write odoo:delete odoo:approve""#);

    let stranger = Person::stranger(&company.url);
    for place in ["", "/mcp"] {
        let path = format!("/.well-known/oauth-protected-resource{place}");
        let metadata = stranger.get(&path).await.json();
        assert_eq!(metadata["resource"], company.url);
        assert_eq!(metadata["authorization_servers"], json!([origin]));
    }
    let path = "/.well-known/oauth-authorization-server";
    assert_eq!(stranger.get(path).await.json()["issuer"], origin);
}
