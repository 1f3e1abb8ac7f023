//! Published attacks against the HTTP door; each test begins with the number of its row.

use http::Method;
use odoo_auth::ResolveError;
use serde_json::json;

use crate::{
    browser::{Browser, Client, Page, as_person, text},
    redirects::corpus,
    site::{OFFICE, Site, request},
    world::{
        CHALLENGE, CLAUDE, CLAUDE_CALLBACK, CLAUDE_CODE, ISSUER, RESOURCE, VERIFIER, parameter,
    },
};

fn claude() -> Client {
    Client::new(CLAUDE, CLAUDE_CALLBACK)
}

#[tokio::test]
async fn a1_a_browser_that_signed_in_before_gives_no_code_by_itself() {
    let site = Site::new().await;
    let mut victim = Browser::new();
    victim.code(&site, &claude(), "alice").await;
    // The attacker's own link, and the page that the attacker was shown for it.
    let evil = Client::registered(&site, "Claude", "http://localhost:1/evil").await;
    let shown = victim.open(&site, &evil.link()).await;
    assert_eq!(shown.status, 200, "a page, not a redirect");
    let mut attacker = Browser::at("198.51.100.66");
    let captured = attacker.page(&site, &evil.link()).await;
    let stolen = victim.clone().allow(&site, &captured, "alice").await;
    assert_eq!(stolen.status, 403);
    insta::assert_snapshot!(stolen.alert(), @"This form does not belong to a sign-in that this browser has opened, or your browser does not accept cookies. Nothing was sent this time. Connect again from the application.");
    assert_eq!(
        Browser::new().allow(&site, &captured, "alice").await.status,
        403,
        "no cookie"
    );
    // Consent without credentials.
    let page = Page::of(&shown);
    assert_eq!(
        victim
            .submit(&site, &page, &[("decision", "allow")])
            .await
            .status,
        400
    );
    assert_eq!(site.sign_ins(), 1);
}

#[tokio::test]
async fn a1_forms_from_other_sites_and_changed_forms_are_refused() {
    let site = Site::new().await;
    let mut alice = Browser::new();
    let page = alice.page(&site, &claude().link()).await;
    let typed = as_person("alice", "alice-demo");
    for (name, value) in [
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("origin", "http://odoo-mcp.example.com"),
        ("origin", "https://odoo-mcp.example.com.evil.example"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
    ] {
        let mut sent = alice.filled(&page, &typed);
        sent.headers_mut().insert(name, value.parse().unwrap());
        assert_eq!(site.send(sent, OFFICE).await.status, 403, "{name}: {value}");
    }
    let sealed = page.field("request").unwrap().to_owned();
    for at in [0, sealed.len() / 2, sealed.len() - 1] {
        let mut bytes = sealed.clone().into_bytes();
        bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
        let mut changed = page.without("request");
        let bytes = String::from_utf8(bytes).unwrap();
        changed.fields.push(("request".to_owned(), bytes));
        assert_eq!(alice.submit(&site, &changed, &typed).await.status, 403);
    }
    let json = request(Method::POST, "/authorize", Some("application/json"), "{}");
    assert_eq!(site.send(json, OFFICE).await.status, 400);
    assert_eq!(site.sign_ins(), 0);
}

#[tokio::test]
async fn a1_pages_cannot_be_framed_stored_or_scripted_and_the_cookie_is_the_hosts_own() {
    let site = Site::new().await;
    let shown = site.get(&claude().link()).await;
    let mut headers: Vec<String> = shown
        .headers
        .iter()
        .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
        .collect();
    headers.sort();
    let all = headers.join("\n");
    let (name, value) = all
        .split_once("__Host-omcp_txn_")
        .unwrap()
        .1
        .split_once(';')
        .unwrap()
        .0
        .split_once('=')
        .unwrap();
    assert_eq!((name.len(), value.len()), (8, 64));
    let all = all.replace(name, "[visit]").replace(value, "[secret]");
    insta::assert_snapshot!(all, @r#"
    cache-control: no-store
    content-security-policy: default-src 'none'; style-src 'self'; form-action 'self' https://claude.ai https://claude.com claude:; frame-ancestors 'none'; base-uri 'none'
    content-type: text/html; charset=utf-8
    referrer-policy: same-origin
    set-cookie: __Host-omcp_txn_[visit]=[secret]; Path=/; HttpOnly; SameSite=Lax; Max-Age=600; Secure
    strict-transport-security: max-age=31536000
    x-content-type-options: nosniff
    x-frame-options: DENY
    "#);
    assert!(!shown.body.contains("<script") && !shown.body.contains("style="));
}

#[tokio::test]
async fn a1_a_form_may_lead_to_its_client_and_nowhere_else() {
    let site = Site::new().await;
    let loopback = Client::registered(&site, "x", "http://[::1]:4000/cb").await;
    let policy = site.get(&loopback.link()).await;
    assert!(
        policy
            .header("content-security-policy")
            .contains("form-action 'self' http:;")
    );
    // Claude's own programs on this computer are called back by their scheme, others' are not.
    for (client, scheme) in [
        (
            Client::new(CLAUDE_CODE, "http://localhost:4000/callback"),
            " claude:;",
        ),
        (
            Client::registered(&site, "y", "http://localhost:4000/cb").await,
            ";",
        ),
    ] {
        let policy = site.get(&client.link()).await;
        let policy = policy.header("content-security-policy");
        let wanted = format!("form-action 'self' http://localhost:4000{scheme}");
        assert!(policy.contains(&wanted), "{policy}");
    }
    let style = site.get("/authorize/style.css").await;
    assert_eq!(
        (style.status, style.header("content-type")),
        (200, "text/css; charset=utf-8")
    );
}

#[tokio::test]
async fn a2_no_unlisted_target_is_redirected_to_at_either_endpoint() {
    let site = Site::new().await;
    let code = Browser::new().code(&site, &claude(), "emil").await;
    for uri in corpus() {
        for id in [CLAUDE, CLAUDE_CODE] {
            let answer = site.get(&Client::new(id, &uri).link()).await;
            // Without any redirect URI the client's only one is meant; these have several.
            assert_eq!(
                (answer.status, answer.header("location")),
                (400, ""),
                "{uri}"
            );
            assert!(answer.headers.get("set-cookie").is_none());
        }
    }
    for uri in corpus().iter().filter(|uri| !uri.is_empty()).step_by(10) {
        let answer = Client::new(CLAUDE, uri).exchange(&site, &code).await;
        assert!(
            ["invalid_grant", "invalid_request"].contains(&answer.error().as_str()),
            "{uri}"
        );
        site.pass(1);
    }
}

#[tokio::test]
async fn a2_no_code_without_a_challenge_and_no_token_without_its_verifier() {
    let site = Site::new().await;
    for changed in [
        [("code_challenge", ""), ("code_challenge_method", "")],
        [("code_challenge", ""), ("code_challenge_method", "S256")],
        [("code_challenge", CHALLENGE), ("code_challenge_method", "")],
        [
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "plain"),
        ],
        [
            ("code_challenge", "short"),
            ("code_challenge_method", "S256"),
        ],
    ] {
        let answer = site.get(&claude().link_with(&changed)).await;
        let location = answer.location();
        assert!(location.starts_with(CLAUDE_CALLBACK), "{changed:?}");
        assert_eq!(parameter(location, "error").unwrap(), "invalid_request");
    }
    for verifier in [
        "",
        "short",
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ] {
        let code = Browser::new().code(&site, &claude(), "emil").await;
        let pairs = [
            ("grant_type", "authorization_code"),
            ("client_id", CLAUDE),
            ("code", &code),
            ("code_verifier", verifier),
        ];
        let answer = site.post("/token", &pairs).await;
        assert_eq!(
            (answer.status, answer.error().as_str()),
            (400, "invalid_grant")
        );
    }
}

#[tokio::test]
async fn a3_phishing_clients_are_refused_in_the_words_of_rfc_7591() {
    let site = Site::new().await;
    let harmless = |uri: &str| odoo_auth::AllowedRedirects::claude().check(uri).is_ok();
    for (count, uri) in corpus().iter().filter(|uri| !harmless(uri)).enumerate() {
        let metadata = json!({"client_name": "Claude", "redirect_uris": [uri]});
        let answer = site.register(&metadata).await;
        if uri.len() < 5000 {
            assert_eq!(
                (answer.status, answer.error().as_str()),
                (400, "invalid_redirect_uri"),
                "{uri}"
            );
        }
        assert!(count < 1000);
        site.pass(2);
    }
    let script = json!({"redirect_uris": [CLAUDE_CALLBACK], "client_uri": "javascript:alert(1)"});
    assert_eq!(
        site.register(&script).await.error(),
        "invalid_client_metadata"
    );
    let not_json = request(Method::POST, "/register", Some("text/plain"), "{}");
    assert_eq!(
        site.send(not_json, OFFICE).await.error(),
        "invalid_client_metadata"
    );
    let name = "<script>alert(1)</script>\u{202e}\"'><img src=x>";
    let client = Client::registered(&site, name, "http://localhost:1/cb").await;
    let shown = site.get(&client.link()).await;
    assert_eq!(shown.status, 200);
    assert!(
        !shown.body.contains("<script")
            && !shown.body.contains("<img")
            && !shown.body.contains('\u{202e}')
    );
}

#[tokio::test]
async fn a4_tokens_are_for_this_server_and_odoo_keys_are_no_tokens() {
    let site = Site::new().await;
    for resource in [
        "https://other.example/mcp",
        "https://odoo-mcp.example.com/mcp-other",
        ISSUER,
    ] {
        let answer = site
            .get(&claude().link_with(&[("resource", resource)]))
            .await;
        assert_eq!(
            parameter(answer.location(), "error").unwrap(),
            "invalid_target",
            "{resource}"
        );
        let code = Browser::new().code(&site, &claude(), "emil").await;
        let pairs = [
            ("grant_type", "authorization_code"),
            ("client_id", CLAUDE),
            ("code", &code),
            ("code_verifier", VERIFIER),
            ("resource", resource),
        ];
        assert_eq!(site.post("/token", &pairs).await.error(), "invalid_target");
    }
    let key = site.odoo.mint_key("emil");
    let refused = site.provider.grants().resolve(&key).await;
    assert!(matches!(refused, Err(ResolveError::Invalid)));
    let code = Browser::new().code(&site, &claude(), "emil").await;
    let slash = format!("{RESOURCE}/");
    let pairs = [
        ("grant_type", "authorization_code"),
        ("client_id", CLAUDE),
        ("code", &code),
        ("code_verifier", VERIFIER),
        ("resource", &slash),
    ];
    assert_eq!(site.post("/token", &pairs).await.status, 200);
}

#[tokio::test]
async fn a12_the_issuer_is_named_once_in_every_redirect() {
    let site = Site::new().await;
    let mut alice = Browser::new();
    let page = alice.page(&site, &claude().link()).await;
    let mut locations = vec![
        alice
            .allow(&site, &page, "alice")
            .await
            .location()
            .to_owned(),
    ];
    let page = alice.page(&site, &claude().link()).await;
    let denied = alice.submit(&site, &page, &[("decision", "deny")]).await;
    locations.push(denied.location().to_owned());
    for changed in [
        ("response_type", "token"),
        ("scope", "other"),
        ("resource", "https://x.example"),
    ] {
        let answer = site.get(&claude().link_with(&[changed])).await;
        locations.push(answer.location().to_owned());
    }
    for location in locations {
        assert_eq!(location.matches("iss=").count(), 1, "{location}");
        assert_eq!(parameter(&location, "iss").unwrap(), ISSUER);
        assert_eq!(parameter(&location, "state").unwrap(), "st&te");
    }
}

#[tokio::test]
async fn a18_no_client_ends_or_refreshes_the_connection_of_another() {
    let site = Site::new().await;
    let other = Client::registered(&site, "Other", "http://localhost:1/cb").await;
    let tokens = claude().connect(&site, "emil").await;
    let (access, refresh) = (
        text(&tokens, "access_token"),
        text(&tokens, "refresh_token"),
    );
    for id in [other.id.as_str(), CLAUDE_CODE] {
        let answer = Client::new(id, "").refresh(&site, &refresh).await;
        assert_eq!(
            (answer.status, answer.error().as_str()),
            (400, "invalid_grant")
        );
        for token in [&access, &refresh] {
            let answer = site
                .post("/revoke", &[("token", token), ("client_id", id)])
                .await;
            assert_eq!(answer.status, 200, "RFC 7009 tells nothing");
        }
    }
    let unknown = Client::new("omcp_cl_0000000000000000000000", "")
        .refresh(&site, &refresh)
        .await;
    assert_eq!(
        (unknown.status, unknown.error().as_str()),
        (401, "invalid_client")
    );
    site.provider.grants().resolve(&access).await.unwrap();
    assert_eq!(claude().refresh(&site, &refresh).await.status, 200);
}
