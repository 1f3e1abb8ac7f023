//! A8, as far as it meets this level: which client metadata documents are fetched at all, and which
//! are believed.

use odoo_auth::{ClientLookup, DocumentError, DocumentUrl};
use serde_json::{Value, json};

use crate::world::{CLAUDE, CLAUDE_CALLBACK, World};

const OTHER: &str = "https://claude.ai/oauth/other-client";

/// Addresses that never leave the house.
const NEVER: &[&str] = &[
    "http://claude.ai/client",
    "https://claude.ai",
    "https://claude.ai/",
    "https://claude.ai:8443/client",
    "https://claude.ai:443/client",
    "https://user@claude.ai/client",
    "https://claude.ai/client#x",
    "https://claude.ai/a/../client",
    "https://claude.ai/a/./client",
    "https://claude.ai/%2e%2e/client",
    "https://claude.ai\\client",
    "https://CLAUDE.ai/client",
    "https://claude.ai.evil.example/client",
    "https://evil.example/client",
    "https://localhost/client",
    "https://127.0.0.1/client",
    "https://[::1]/client",
    "https://2130706433/client",
    "https://169.254.169.254/latest",
    "https://claude.ai/ client",
    "https://claude.ai/clïent",
    "file:///etc/passwd",
    "omcp_cl_unknown",
    "",
];

async fn address(world: &World) -> DocumentUrl {
    match world.provider.find_client(OTHER).await.unwrap() {
        ClientLookup::Fetch(address) => address,
        other => panic!("a document on a trusted host is fetched, not {other:?}"),
    }
}

fn good() -> Value {
    json!({"client_id": OTHER, "client_name": "Other", "redirect_uris": [CLAUDE_CALLBACK]})
}

#[tokio::test]
async fn a8_only_plain_addresses_on_trusted_hosts_are_ever_fetched() {
    let world = World::new();
    for id in NEVER {
        let found = world.provider.find_client(id).await.unwrap();
        assert!(matches!(found, ClientLookup::Unknown), "{id}");
    }
    let address = address(&world).await;
    assert_eq!((address.host(), address.as_str()), ("claude.ai", OTHER));
}

#[tokio::test]
async fn a8_a_document_speaks_for_its_own_address_and_keeps_no_secret() {
    let world = World::new();
    let address = address(&world).await;
    let admit = |document: &Value| {
        world
            .provider
            .admit_document(&address, document.to_string().as_bytes())
    };
    assert_eq!(admit(&good()).unwrap().name, "Other");
    let with = |field: &str, value: Value| {
        let mut document = good();
        document[field] = value;
        admit(&document).unwrap_err()
    };
    assert_eq!(with("client_id", json!(CLAUDE)), DocumentError::OtherClient);
    assert_eq!(with("client_secret", json!("x")), DocumentError::Secret);
    let basic = json!("client_secret_basic");
    assert_eq!(
        with("token_endpoint_auth_method", basic),
        DocumentError::Secret
    );
    let private = json!({"keys": [{"kty": "EC", "d": "x"}]});
    assert_eq!(with("jwks", private), DocumentError::Secret);
    let evil = json!(["https://evil.example/"]);
    assert_eq!(with("redirect_uris", evil), DocumentError::Redirect);
    assert_eq!(
        with("filler", json!("x".repeat(6000))),
        DocumentError::TooLarge
    );
    assert!(matches!(
        with("redirect_uris", json!([])),
        DocumentError::Malformed(_)
    ));
    assert!(matches!(
        with("client_uri", json!("javascript:x")),
        DocumentError::Malformed(_)
    ));
    assert!(world.provider.admit_document(&address, b"<html>").is_err());
}
