//! A13 and A14: what the routes answer, to whom, and that no header of a request changes it.

use http::Method;
use odoo_auth::AuthRoutes;
use serde_json::json;

use crate::{
    browser::Client,
    site::{OFFICE, Site, request},
    world::{CLAUDE_CALLBACK, policy},
};

const SERVER: [&str; 4] = [
    "/.well-known/oauth-authorization-server",
    "/.well-known/oauth-authorization-server/mcp",
    "/.well-known/openid-configuration",
    "/.well-known/openid-configuration/mcp",
];
const RESOURCE: [&str; 3] = [
    "/.well-known/oauth-protected-resource",
    "/.well-known/oauth-protected-resource/mcp",
    "/.well-known/oauth-protected-resource/mcp/",
];

#[tokio::test]
async fn the_metadata_of_the_authorization_server() {
    let site = Site::new().await;
    insta::assert_json_snapshot!(site.get(SERVER[0]).await.json(), @r#"
    {
      "issuer": "https://odoo-mcp.example.com",
      "authorization_endpoint": "https://odoo-mcp.example.com/authorize",
      "token_endpoint": "https://odoo-mcp.example.com/token",
      "revocation_endpoint": "https://odoo-mcp.example.com/revoke",
      "response_types_supported": [
        "code"
      ],
      "response_modes_supported": [
        "query"
      ],
      "grant_types_supported": [
        "authorization_code",
        "refresh_token"
      ],
      "code_challenge_methods_supported": [
        "S256"
      ],
      "token_endpoint_auth_methods_supported": [
        "none"
      ],
      "revocation_endpoint_auth_methods_supported": [
        "none"
      ],
      "scopes_supported": [
        "odoo:read",
        "odoo:write",
        "odoo:delete",
        "odoo:approve"
      ],
      "authorization_response_iss_parameter_supported": true,
      "client_id_metadata_document_supported": true,
      "registration_endpoint": "https://odoo-mcp.example.com/register"
    }
    "#);
}

#[tokio::test]
async fn the_metadata_of_the_resource() {
    let site = Site::new().await;
    insta::assert_json_snapshot!(site.get(RESOURCE[0]).await.json(), @r#"
    {
      "resource": "https://odoo-mcp.example.com/mcp",
      "authorization_servers": [
        "https://odoo-mcp.example.com"
      ],
      "scopes_supported": [
        "odoo:read",
        "odoo:write",
        "odoo:delete",
        "odoo:approve"
      ],
      "bearer_methods_supported": [
        "header"
      ],
      "resource_name": "Odoo"
    }
    "#);
}

#[tokio::test]
async fn metadata_is_the_same_wherever_clients_look_for_it() {
    let site = Site::new().await;
    for (paths, first) in [(&SERVER[..], SERVER[0]), (&RESOURCE[..], RESOURCE[0])] {
        let first = site.get(first).await;
        for path in paths {
            let same = site.get(path).await;
            assert_eq!((same.status, &same.body), (200, &first.body), "{path}");
            assert_eq!(same.header("access-control-allow-origin"), "*");
        }
    }
}

const A13_HOSTS: [&str; 10] = [
    "evil.example",
    "odoo-mcp.example.com@evil.example",
    "odoo-mcp.example.com:1",
    "localhost",
    "$(calc)",
    "a\"b",
    "file:",
    "javascript:alert(1)",
    "`id`",
    "'; touch x; '",
];

const A13_NAMES: [&str; 5] = [
    "host",
    "x-forwarded-host",
    "x-forwarded-proto",
    "forwarded",
    "x-original-host",
];

#[tokio::test]
async fn a13_no_header_changes_a_published_address() {
    let site = Site::new().await;
    let mut sent = 0;
    let expected = site.get(SERVER[0]).await.body + &site.get(RESOURCE[1]).await.body;
    for (name, host) in A13_NAMES
        .iter()
        .flat_map(|name| A13_HOSTS.map(|host| (*name, host)))
    {
        let mut got = String::new();
        for path in [SERVER[0], RESOURCE[1]] {
            let mut asked = request(Method::GET, path, None, "");
            asked.headers_mut().insert(name, host.parse().unwrap());
            got += &site.send(asked, OFFICE).await.body;
        }
        assert_eq!(got, expected, "{name}: {host}");
        sent += 1;
    }
    assert_eq!(sent, 50);
    let absolute = request(
        Method::GET,
        "https://evil.example/.well-known/openid-configuration",
        None,
        "",
    );
    assert!(!site.send(absolute, OFFICE).await.body.contains("evil"));
}

#[tokio::test]
async fn a14_unknown_paths_and_methods_are_refused_in_json() {
    let site = Site::new().await;
    for path in [
        "/",
        "/mcp",
        "/authorize/",
        "/Authorize",
        "/token/x",
        "//token",
        "/admin",
    ] {
        assert!(!AuthRoutes::serves(path), "{path}");
        assert_eq!(site.get(path).await.status, 404);
    }
    for path in [
        "/.well-known/",
        "/.well-known/jwks.json",
        "/.well-known/oauth-protected-resource/mcp-other",
    ] {
        assert!(AuthRoutes::serves(path));
        let answer = site.get(path).await;
        assert_eq!((answer.status, answer.error().as_str()), (404, "not_found"));
    }
}

#[tokio::test]
async fn a14_every_path_says_which_methods_it_knows() {
    let site = Site::new().await;
    let (pages, clients) = ("GET, POST", "POST");
    for (path, allowed) in [
        ("/authorize", pages),
        ("/account", pages),
        ("/token", clients),
        ("/revoke", clients),
        ("/register", clients),
        ("/authorize/style.css", "GET"),
        ("/.well-known/openid-configuration", "GET, HEAD"),
    ] {
        for method in ["GET", "POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"] {
            if allowed.contains(method) {
                continue;
            }
            let method = Method::from_bytes(method.as_bytes()).unwrap();
            let answer = site.send(request(method, path, None, ""), OFFICE).await;
            assert_eq!(
                (answer.status, answer.header("allow")),
                (405, allowed),
                "{path}"
            );
        }
    }
}

/// Forms that no client should send.
const WRONG: [(&str, &str); 8] = [
    ("/token", ""),
    ("/token", "grant_type=password&client_id=x"),
    ("/token", "grant_type=refresh_token&client_id=x"),
    ("/token", "grant_type=refresh_token&refresh_token=x"),
    (
        "/token",
        "grant_type=refresh_token&refresh_token=x&client_id=x",
    ),
    (
        "/token",
        "grant_type=refresh_token&refresh_token=x&refresh_token=y&client_id=x",
    ),
    (
        "/token",
        "grant_type=authorization_code&client_id=x&code=%00",
    ),
    ("/revoke", ""),
];

#[tokio::test]
async fn errors_have_the_words_of_the_rfcs() {
    let site = Site::new().await;
    let mut said = Vec::new();
    for (path, body) in WRONG {
        let kind = Some("application/x-www-form-urlencoded");
        let answer = site
            .send(request(Method::POST, path, kind, body), OFFICE)
            .await;
        assert_eq!(answer.header("cache-control"), "no-store");
        said.push(format!("{} {}", answer.status, answer.body));
    }
    let unlabelled = request(Method::POST, "/token", None, "grant_type=refresh_token");
    said.push(site.send(unlabelled, OFFICE).await.body);
    let kind = Some("application/json");
    let large = request(Method::POST, "/register", kind, &"x".repeat(17_000));
    let large = site.send(large, OFFICE).await;
    said.push(format!("{} {}", large.status, large.body));
    insta::assert_snapshot!(said.join("\n"), @r#"
    400 {"error":"invalid_request","error_description":"grant_type is missing"}
    400 {"error":"unsupported_grant_type","error_description":"grant_type must be authorization_code or refresh_token"}
    400 {"error":"invalid_request","error_description":"refresh_token is missing"}
    401 {"error":"invalid_client","error_description":"client_id is missing"}
    401 {"error":"invalid_client","error_description":"the client is unknown; register again"}
    400 {"error":"invalid_request","error_description":"the parameter refresh_token is given twice"}
    400 {"error":"invalid_request","error_description":"a parameter has control characters or is not UTF-8"}
    400 {"error":"invalid_request","error_description":"token is missing"}
    {"error":"invalid_request","error_description":"send the parameters as application/x-www-form-urlencoded"}
    413 {"error":"invalid_request","error_description":"the body is larger than 16384 bytes"}
    "#);
}

#[tokio::test]
async fn pages_say_what_is_wrong_with_a_link_and_redirect_nowhere() {
    let site = Site::new().await;
    let mut said = Vec::new();
    for link in [
        "/authorize",
        "/authorize?client_id=x",
        "/authorize?client_id=x&client_id=y",
        "/authorize?client_id=https://evil.example/client",
        "/authorize?client_id=https://claude.ai/oauth/mcp-oauth-client-metadata&redirect_uri=https://evil.example/",
    ] {
        let answer = site.get(link).await;
        assert_eq!((answer.status, answer.header("location")), (400, ""));
        said.push(answer.alert());
    }
    insta::assert_snapshot!(said.join("\n"), @r#"
    This sign-in link does not say which application it is for. Connect again from the application.
    This server does not know the application that sent you here. Remove the connection in the application and add it again.
    This sign-in link is damaged: the parameter client_id is given twice. Go back to the application and connect again.
    This server does not know the application that sent you here. Remove the connection in the application and add it again.
    The application wants the answer sent to an address that is not registered for it. Nothing was sent.
    "#);
}

#[tokio::test]
async fn a_flood_of_registrations_or_of_one_token_is_slowed_down_and_nothing_else_is() {
    let site = Site::new().await;
    let mut last = 201;
    for number in 0..61 {
        let metadata =
            json!({"client_name": format!("c{number}"), "redirect_uris": [CLAUDE_CALLBACK]});
        last = site.register(&metadata).await.status;
    }
    assert_eq!(last, 429);
    let claude = Client::new(crate::world::CLAUDE, CLAUDE_CALLBACK);
    let mut answers = Vec::new();
    for _ in 0..21 {
        answers.push(claude.refresh(&site, "guess").await);
    }
    assert_eq!((answers[19].status, answers[20].status), (400, 429));
    assert_eq!(answers[20].header("retry-after"), "4");
    assert_eq!(claude.refresh(&site, "another").await.status, 400);
    claude.connect(&site, "emil").await;
}

#[tokio::test]
async fn registration_can_be_switched_off() {
    let mut policy = policy();
    policy.registration.enabled = false;
    let site = Site::with(policy, crate::site::settings(), None).await;
    let answer = site
        .register(&json!({"redirect_uris": [CLAUDE_CALLBACK]}))
        .await;
    assert_eq!(answer.status, 400);
    assert!(
        site.get(SERVER[0])
            .await
            .json()
            .get("registration_endpoint")
            .is_none()
    );
}

#[tokio::test]
async fn a_client_that_is_refused_by_name_and_secret_is_told_the_scheme() {
    let site = Site::new().await;
    let kind = Some("application/x-www-form-urlencoded");
    for (authorization, body, challenge) in [
        (
            Some("Basic c3RyYW5nZXI6c2VjcmV0"),
            "grant_type=refresh_token&refresh_token=x&client_id=stranger",
            "Basic realm=\"token\", charset=\"UTF-8\"",
        ),
        (
            Some("bASIC c3RyYW5nZXI6c2VjcmV0"),
            "grant_type=authorization_code&code=x",
            "Basic realm=\"token\", charset=\"UTF-8\"",
        ),
        (
            Some("Bearer x"),
            "grant_type=refresh_token&refresh_token=x&client_id=stranger",
            "",
        ),
        (
            None,
            "grant_type=refresh_token&refresh_token=x&client_id=stranger",
            "",
        ),
    ] {
        let mut asked = request(Method::POST, "/token", kind, body);
        if let Some(authorization) = authorization {
            let authorization = http::HeaderValue::from_static(authorization);
            asked.headers_mut().insert("authorization", authorization);
        }
        let answer = site.send(asked, OFFICE).await;
        let told = answer.header("www-authenticate");
        assert_eq!((answer.status, told), (401, challenge), "{authorization:?}");
    }
}
