//! Published attacks, named after the list that they are on, as far as they meet this level.

use std::collections::HashSet;

use odoo_auth::{
    AuthorizeError, Consent, ConsentError, Entropy, ErrorCode, GrantId, Policy, RevokeRequest,
    same_secret, scope,
};
use serde_json::json;
use url::Url;

use crate::world::{
    ALICE, CHALLENGE, CLAUDE, CLAUDE_CALLBACK, CLAUDE_CODE, EMIL, RESOURCE, VERIFIER,
    WRONG_VERIFIER, World, policy,
};

#[tokio::test]
async fn a1_a_captured_page_gives_no_code_without_a_decision_of_its_own() {
    let world = World::new();
    world.sign_in(ALICE, CLAUDE).await;
    // The attacker opens a page; nothing that the victim did before makes it give a code, and what
    // the attacker holds of it cannot be made to look like the victim's.
    let attackers = world.pending(CLAUDE, CLAUDE_CALLBACK).await;
    let victims = world.pending(CLAUDE, CLAUDE_CALLBACK).await;
    assert_ne!(attackers.grant, victims.grant);
    assert!(!same_secret(&attackers.cookie, &victims.cookie));
    assert!(same_secret(&victims.cookie, &victims.cookie.clone()));
    assert!(
        world
            .store
            .lookup_grant(attackers.grant)
            .await
            .unwrap()
            .is_none()
    );
    // A page that was used is of no use to anybody else.
    world.code(&victims, ALICE, &[scope::READ]).await;
    let replayed = Consent {
        scope: scope::of([scope::READ]),
        account: EMIL.account(),
        key: EMIL.key(),
    };
    let replayed = world.provider.consent(&victims, replayed).await;
    assert!(matches!(replayed, Err(ConsentError::AlreadyUsed)));
}

#[tokio::test]
async fn a2_no_code_without_a_proof_key() {
    let world = World::new();
    let short = &CHALLENGE[..42];
    let padded = format!("{CHALLENGE}=");
    let table: [&[(&str, &str)]; 9] = [
        &[],
        &[("code_challenge", CHALLENGE)],
        &[
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "plain"),
        ],
        &[
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "s256"),
        ],
        &[("code_challenge", CHALLENGE), ("code_challenge_method", "")],
        &[("code_challenge", ""), ("code_challenge_method", "S256")],
        &[("code_challenge", short), ("code_challenge_method", "S256")],
        &[
            ("code_challenge", &padded),
            ("code_challenge_method", "S256"),
        ],
        &[("code_challenge_method", "S256")],
    ];
    for (line, pairs) in table.iter().enumerate() {
        let mut more = vec![("redirect_uri", CLAUDE_CALLBACK), ("response_type", "code")];
        more.extend(*pairs);
        match world.open(CLAUDE, &more).await {
            Err(AuthorizeError::Redirect(redirect)) => {
                assert_eq!(
                    redirect.error.code,
                    ErrorCode::InvalidRequest,
                    "line {line}"
                );
            }
            other => panic!("line {line}: {other:?}"),
        }
    }
}

#[test]
fn a5_ids_and_tokens_do_not_repeat() {
    let entropy = Entropy::system();
    let ids: HashSet<_> = (0..100_000)
        .map(|_| GrantId::fresh(&entropy).unwrap())
        .collect();
    assert_eq!(ids.len(), 100_000);
}

#[test]
fn a13_the_public_address_is_plain_https_from_the_settings() {
    for bad in [
        "http://odoo-mcp.example.com",
        "https://odoo-mcp.example.com/base",
        "https://odoo-mcp.example.com/?x",
        "https://user@odoo-mcp.example.com",
        "ftp://odoo-mcp.example.com",
    ] {
        assert!(Policy::new(&Url::parse(bad).unwrap()).is_err(), "{bad}");
    }
    for good in [
        "https://odoo-mcp.example.com",
        "https://odoo-mcp.example.com:8443/",
        "http://localhost:8720",
        "http://127.0.0.1:8720",
    ] {
        Policy::new(&Url::parse(good).unwrap()).unwrap();
    }
    assert_eq!(policy().resource, RESOURCE);
}

#[tokio::test]
async fn a18_nobody_ends_or_refreshes_another_clients_grant() {
    let world = World::new();
    let body = json!({"client_name": "Inspector", "redirect_uris": ["http://localhost:6274/cb"]});
    let inspector = world.register(&body).await.unwrap();
    let clients = [CLAUDE, CLAUDE_CODE, inspector.as_str()];
    for owner in clients {
        let tokens = world.sign_in(ALICE, owner).await;
        for thief in clients.into_iter().filter(|thief| *thief != owner) {
            world.give_back(&tokens.access, thief).await;
            world.give_back(&tokens.refresh, thief).await;
            let error = world.refresh(thief, &tokens.refresh).await.unwrap_err();
            assert_eq!(error.code, ErrorCode::InvalidGrant);
        }
        assert!(world.works(&tokens.access).await);
        let second = world.refresh(owner, &tokens.refresh).await.unwrap();
        assert!(world.works(&second.access).await);
        world.give_back(&tokens.access, owner).await;
        assert!(
            !world.works(&tokens.access).await,
            "an older access token ends alone"
        );
        assert!(world.works(&second.access).await);
        world.give_back(&second.refresh, owner).await;
        assert!(!world.works(&second.access).await);
        assert!(!world.is_alive(tokens.grant.id).await);
        world.give_back(&second.refresh, owner).await;
    }
    assert!(RevokeRequest::parse(b"token_type_hint=access_token").is_err());
}

/// Claude's exchange of a code, with one thing changed or left out.
async fn exchange_with(world: &World, code: &str, name: &str, value: &str) -> ErrorCode {
    let mut pairs = vec![
        ("grant_type", "authorization_code"),
        ("client_id", CLAUDE),
        ("code", code),
        ("code_verifier", VERIFIER),
    ];
    pairs.retain(|(known, _)| *known != name);
    pairs.push((name, value));
    world.token(&pairs).await.unwrap_err().code
}

#[tokio::test]
async fn a2_a_code_is_worth_nothing_without_its_verifier_and_its_client() {
    let world = World::new();
    let pending = world.pending(CLAUDE, CLAUDE_CALLBACK).await;
    let code = world.code(&pending, ALICE, &[scope::READ]).await;
    for (name, value) in [
        ("code_verifier", ""),
        ("code_verifier", WRONG_VERIFIER),
        ("code_verifier", CHALLENGE),
        ("code_verifier", &VERIFIER[..42]),
        ("client_id", CLAUDE_CODE),
        ("redirect_uri", "https://claude.com/api/mcp/auth_callback"),
    ] {
        let refused = exchange_with(&world, &code, name, value).await;
        assert_eq!(refused, ErrorCode::InvalidGrant, "{name}={value}");
    }
    assert!(
        world.exchange(CLAUDE, &code, VERIFIER).await.is_ok(),
        "none of it had an effect"
    );
}

#[tokio::test]
async fn a2_a_replayed_code_ends_the_grant_but_only_for_its_own_client() {
    let world = World::new();
    let pending = world.pending(CLAUDE, CLAUDE_CALLBACK).await;
    let code = world.code(&pending, ALICE, &[scope::READ]).await;
    let tokens = world.exchange(CLAUDE, &code, VERIFIER).await.unwrap();
    assert!(world.exchange(CLAUDE_CODE, &code, VERIFIER).await.is_err());
    assert!(world.exchange(CLAUDE, &code, WRONG_VERIFIER).await.is_err());
    assert!(world.works(&tokens.access).await);
    world.pass(120);
    assert!(world.exchange(CLAUDE, &code, VERIFIER).await.is_err());
    assert!(!world.works(&tokens.access).await);
    assert!(!world.is_alive(tokens.grant.id).await);
}
