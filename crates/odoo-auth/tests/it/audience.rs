//! A4, A12: tokens for one resource, from one issuer.

use odoo_auth::{AuthorizeError, Consent, ErrorCode, Policy, scope};
use serde_json::json;
use url::Url;

use crate::world::{ALICE, CHALLENGE, CLAUDE, CLAUDE_CALLBACK, ISSUER, RESOURCE, World, parameter};

#[tokio::test]
async fn a4_a_token_for_another_resource_is_not_issued() {
    let world = World::new();
    let tokens = world.sign_in(ALICE, CLAUDE).await;
    for resource in [
        "https://odoo-mcp.example.com/mcp-other",
        "https://odoo-mcp.example.com/mcp/other",
        "https://odoo-mcp.example.com/mc",
        "https://odoo-mcp.example.com/mcp//",
        "https://odoo-mcp.example.com",
        "http://odoo-mcp.example.com/mcp",
        "https://odoo-mcp.example.com.evil.example/mcp",
        "https://evil@odoo-mcp.example.com/mcp",
        "https://odoo-mcp.example.com/mcp-other?x=1",
        "https://odoo-mcp.example.com/?x=/mcp",
        "https://odoo-mcp.example.com/mcp#x",
        "https://odoo-mcp.example.com/mcp?x#x",
        "mcp",
    ] {
        let pairs = [
            ("grant_type", "refresh_token"),
            ("client_id", CLAUDE),
            ("refresh_token", tokens.refresh.as_str()),
            ("resource", resource),
        ];
        let error = world.token(&pairs).await.unwrap_err();
        assert_eq!(error.code, ErrorCode::InvalidTarget, "{resource}");
    }
}

#[tokio::test]
async fn a4_spellings_of_our_resource_mean_our_resource() {
    let world = World::new();
    for resource in [
        RESOURCE,
        "https://ODOO-MCP.example.com/mcp/",
        "https://odoo-mcp.example.com:443/mcp",
        // A second connector on the same server.
        "https://odoo-mcp.example.com/mcp?x=1",
        "https://odoo-mcp.example.com/mcp/?",
    ] {
        let more = [
            ("redirect_uri", CLAUDE_CALLBACK),
            ("response_type", "code"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
            ("resource", resource),
        ];
        assert_eq!(world.open(CLAUDE, &more).await.unwrap().resource, RESOURCE);
    }
}

#[tokio::test]
async fn a4_nothing_else_is_a_token_and_ours_is_none_elsewhere() {
    let world = World::new();
    let tokens = world.sign_in(ALICE, CLAUDE).await;
    let key = tokens.odoo_key();
    for bearer in [
        key.as_str(),
        tokens.refresh.as_str(),
        "",
        "omcp_at_",
        "Bearer x",
    ] {
        assert!(!world.works(bearer).await, "{bearer}");
    }
    // The same store and keys behind another address: its tokens are another resource's.
    let elsewhere = Policy::new(&Url::parse("https://elsewhere.example.com").unwrap()).unwrap();
    let elsewhere = World::over(world.store.clone(), elsewhere, 1);
    assert!(!elsewhere.works(&tokens.access).await);
    assert!(world.works(&tokens.access).await);
}

#[tokio::test]
async fn a12_the_issuer_is_on_every_redirect_once() {
    let world = World::new();
    let pending = world.pending(CLAUDE, CLAUDE_CALLBACK).await;
    let scope = scope::of([scope::READ]);
    let consent = Consent {
        scope,
        account: ALICE.account(),
        key: ALICE.key(),
    };
    let granted = world.provider.consent(&pending, consent).await.unwrap();
    let denied = world.provider.deny(&pending);
    let more = [("redirect_uri", CLAUDE_CALLBACK), ("state", "s")];
    let Err(AuthorizeError::Redirect(refused)) = world.open(CLAUDE, &more).await else {
        panic!("a request without response_type is refused");
    };
    for location in [granted, denied, refused.location()] {
        let url = Url::parse(&location).unwrap();
        let count = url.query_pairs().filter(|(name, _)| name == "iss").count();
        assert_eq!(count, 1, "{location}");
        assert_eq!(parameter(&location, "iss").as_deref(), Some(ISSUER));
    }
}

#[test]
fn a12_the_metadata_says_the_same() {
    let policy = crate::world::policy();
    let server = policy.authorization_server_metadata();
    assert_eq!(server["issuer"], ISSUER);
    assert_eq!(
        server["authorization_response_iss_parameter_supported"],
        true
    );
    assert_eq!(server["code_challenge_methods_supported"], json!(["S256"]));
    let resource = policy.protected_resource_metadata();
    assert_eq!(resource["resource"], RESOURCE);
    assert_eq!(resource["authorization_servers"], json!([ISSUER]));
}

#[test]
fn on_somebodys_own_computer_its_names_are_one() {
    let at = |url: &str| Policy::new(&Url::parse(url).unwrap()).unwrap();
    let (demo, public) = (at("http://127.0.0.1:8720"), at(ISSUER));
    let named = |policy: &Policy, host: &str| {
        policy.protected_resource_metadata_under(host)["resource"].clone()
    };
    for host in ["localhost:8720", "127.0.0.1:8720", "[::1]:8720"] {
        assert_eq!(named(&demo, host), format!("http://{host}/mcp"));
        assert_eq!(named(&public, host), RESOURCE);
    }
    for host in [
        "localhost",
        "localhost:8721",
        "127.0.0.2:8720",
        "evil.example:8720",
        "",
    ] {
        assert_eq!(named(&demo, host), "http://127.0.0.1:8720/mcp", "{host}");
    }
    let odd = ["localhost:8720/x?", "u@localhost:8720", "localhost:8720#"];
    for host in odd {
        assert_eq!(named(&demo, host), "http://127.0.0.1:8720/mcp", "{host}");
    }
}
