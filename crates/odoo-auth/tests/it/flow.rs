//! Signing in, exchanging, refreshing: what works, for how long, and what a lost answer does.

use odoo_auth::{
    AuthorizeError, AuthorizeRequest, Consent, ConsentError, ErrorCode, OdooKey, scope,
};

use crate::world::{
    ALICE, CHALLENGE, CLAUDE, CLAUDE_CALLBACK, CLAUDE_CODE, RESOURCE, VERIFIER, World, form,
    parameter, start,
};

const HOUR: u64 = 3600;
const DAY: u64 = 24 * HOUR;

#[tokio::test]
async fn alice_connects_claude_and_her_token_stands_for_her_own_key() {
    let world = World::new();
    let pending = world.pending(CLAUDE, CLAUDE_CALLBACK).await;
    assert_eq!(pending.redirect_host(), "claude.ai");
    assert!(pending.key_name().starts_with("Odoo MCP - Claude - "));
    let consent = Consent {
        scope: scope::of([scope::READ]),
        account: ALICE.account(),
        key: ALICE.key(),
    };
    let location = world.provider.consent(&pending, consent).await.unwrap();
    assert!(location.starts_with("https://claude.ai/api/mcp/auth_callback?code=omcp_ac_"));
    assert_eq!(parameter(&location, "state").unwrap(), "st&te");
    assert_eq!(
        parameter(&location, "iss").unwrap(),
        "https://odoo-mcp.example.com"
    );
    let code = parameter(&location, "code").unwrap();
    let tokens = world.exchange(CLAUDE, &code, VERIFIER).await.unwrap();
    assert!(tokens.access.starts_with("omcp_at_") && tokens.refresh.starts_with("omcp_rt_"));
    assert_eq!(tokens.expires_in, 3600);
    let live = world.resolve(&tokens.access).await.unwrap();
    assert_eq!(
        (live.account.login.as_str(), live.account.uid),
        ("alice", 7)
    );
    assert_eq!(tokens.odoo_key(), "odoo-key-of-alice");
    assert_eq!(scope::canonical(&live.scope), "odoo:read");
    assert_eq!(live.resource, RESOURCE);
    assert!(
        !format!("{live:?}").contains("odoo-key"),
        "no key in debug output"
    );
}

#[tokio::test]
async fn codes_and_tokens_end_when_they_should() {
    let world = World::new();
    let pending = world.pending(CLAUDE, CLAUDE_CALLBACK).await;
    let code = world.code(&pending, ALICE, &[scope::READ]).await;
    world.pass(61);
    let refused = world.exchange(CLAUDE, &code, VERIFIER).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::InvalidGrant);

    let first = world.sign_in(ALICE, CLAUDE).await;
    world.pass(HOUR - 1);
    assert!(world.works(&first.access).await);
    world.pass(2);
    assert!(!world.works(&first.access).await);
    world.pass(29 * DAY);
    let second = world.refresh(CLAUDE, &first.refresh).await.unwrap();
    assert!(world.works(&second.access).await);
    world.pass(30 * DAY + 1);
    assert!(world.refresh(CLAUDE, &second.refresh).await.is_err());
}

#[tokio::test]
async fn no_token_outlives_the_odoo_key() {
    let world = World::new();
    let pending = world.pending(CLAUDE, CLAUDE_CALLBACK).await;
    let short = OdooKey {
        expires_at: Some(start() + std::time::Duration::from_secs(1000)),
        ..ALICE.key()
    };
    let consent = Consent {
        scope: scope::of([scope::READ]),
        account: ALICE.account(),
        key: short,
    };
    let location = world.provider.consent(&pending, consent).await.unwrap();
    let code = parameter(&location, "code").unwrap();
    let tokens = world.exchange(CLAUDE, &code, VERIFIER).await.unwrap();
    assert_eq!(tokens.expires_in, 940);
    world.pass(950);
    assert!(!world.works(&tokens.access).await);
    let refused = world.refresh(CLAUDE, &tokens.refresh).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::InvalidGrant);
}

#[tokio::test]
async fn a_lost_answer_is_forgiven_at_once_and_later() {
    let world = World::new();
    let first = world.sign_in(ALICE, CLAUDE).await;
    world.pass(HOUR);
    let lost = world.refresh(CLAUDE, &first.refresh).await.unwrap();
    world.pass(5);
    let again = world.refresh(CLAUDE, &first.refresh).await.unwrap();
    assert_eq!(
        (&lost.access, &lost.refresh),
        (&again.access, &again.refresh),
        "one pair"
    );
    world.pass(20);
    let later = world.refresh(CLAUDE, &first.refresh).await.unwrap();
    assert_ne!(lost.refresh, later.refresh);
    assert!(!world.works(&lost.access).await, "the lost pair is gone");
    assert!(world.refresh(CLAUDE, &lost.refresh).await.is_err());
    assert!(world.works(&later.access).await);
    assert!(world.refresh(CLAUDE, &later.refresh).await.is_ok());
}

#[tokio::test]
async fn calls_under_way_survive_a_refresh_for_a_moment() {
    let world = World::new();
    let first = world.sign_in(ALICE, CLAUDE).await;
    let second = world.refresh(CLAUDE, &first.refresh).await.unwrap();
    assert!(
        world.works(&first.access).await,
        "the successor is not in use yet"
    );
    assert!(world.works(&second.access).await);
    world.pass(29);
    assert!(world.works(&first.access).await);
    world.pass(31);
    assert!(!world.works(&first.access).await);
    assert!(world.works(&second.access).await);
}

#[tokio::test]
async fn parallel_refreshes_end_with_one_pair() {
    let world = std::sync::Arc::new(World::new());
    let first = world.sign_in(ALICE, CLAUDE).await;
    let tasks: Vec<_> = (0..16)
        .map(|_| {
            let (world, token) = (std::sync::Arc::clone(&world), first.refresh.clone());
            tokio::spawn(async move { world.refresh(CLAUDE, &token).await.unwrap().refresh })
        })
        .collect();
    let mut answers = Vec::new();
    for task in tasks {
        answers.push(task.await.unwrap());
    }
    answers.dedup();
    assert_eq!(answers.len(), 1);
}

#[tokio::test]
async fn a_page_is_used_once_and_grants_no_more_than_it_showed() {
    let world = World::new();
    let more = [
        ("redirect_uri", CLAUDE_CALLBACK),
        ("response_type", "code"),
        ("scope", "odoo:read odoo:write offline_access"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let pending = world.open(CLAUDE, &more).await.unwrap();
    assert_eq!(scope::canonical(&pending.scope), "odoo:read odoo:write");
    let decide = |words: &[&str]| Consent {
        scope: scope::of(words.iter().copied()),
        account: ALICE.account(),
        key: ALICE.key(),
    };
    let provider = &world.provider;
    let more = provider.consent(&pending, decide(&[scope::APPROVE])).await;
    assert!(matches!(more, Err(ConsentError::ScopeNotRequested)));
    let none = provider.consent(&pending, decide(&[])).await;
    assert!(matches!(none, Err(ConsentError::NoScope)));
    provider
        .consent(&pending, decide(&[scope::READ]))
        .await
        .unwrap();
    let twice = provider.consent(&pending, decide(&[scope::READ])).await;
    assert!(matches!(twice, Err(ConsentError::AlreadyUsed)));
    world.pass(601);
    let late = provider.consent(&pending, decide(&[scope::READ])).await;
    assert!(matches!(late, Err(ConsentError::Expired)));
}

#[tokio::test]
async fn claude_code_comes_back_on_any_port_and_a_denial_reaches_it() {
    let world = World::new();
    let pending = world
        .pending(CLAUDE_CODE, "http://localhost:51234/callback")
        .await;
    assert!(pending.loopback_only && pending.redirects_locally());
    assert_eq!(pending.redirect_host(), "localhost:51234");
    let location = world.provider.deny(&pending);
    insta::assert_snapshot!(location, @"http://localhost:51234/callback?error=access_denied&error_description=the+user+did+not+allow+it&state=st%26te&iss=https%3A%2F%2Fodoo-mcp.example.com");
}

#[tokio::test]
async fn the_page_survives_the_journey_through_the_browser() {
    let world = World::new();
    let pending = world.pending(CLAUDE, CLAUDE_CALLBACK).await;
    let provider = &world.provider;
    let sealed = provider
        .seal("pending", pending.expires_at, &pending)
        .unwrap();
    let back: odoo_auth::Pending = provider.unseal("pending", &sealed).unwrap();
    assert_eq!((back.grant, &back.cookie), (pending.grant, &pending.cookie));
    assert!(
        provider
            .unseal::<odoo_auth::Pending>("second-factor", &sealed)
            .is_err()
    );
    for index in 0..sealed.len() {
        let mut damaged = sealed.clone().into_bytes();
        damaged[index] = if damaged[index] == b'A' { b'B' } else { b'A' };
        let damaged = String::from_utf8(damaged).unwrap();
        assert!(
            provider
                .unseal::<odoo_auth::Pending>("pending", &damaged)
                .is_err(),
            "{index}"
        );
    }
    world.pass(600);
    assert!(
        provider
            .unseal::<odoo_auth::Pending>("pending", &sealed)
            .is_err()
    );
}

#[tokio::test]
async fn errors_go_to_the_client_only_when_its_address_is_known() {
    let world = World::new();
    let good = [
        ("redirect_uri", CLAUDE_CALLBACK),
        ("response_type", "code"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    for (name, value, expected) in [
        ("state", "fine", "accepted"),
        ("redirect_uri", "", "shown"),
        ("redirect_uri", "https://evil.example", "shown"),
        ("response_type", "", "invalid_request"),
        ("response_type", "token", "unsupported_response_type"),
        ("scope", "odoo:all", "invalid_scope"),
        ("scope", "odoo\\read", "invalid_scope"),
        ("resource", "https://other.example/mcp", "invalid_target"),
    ] {
        let mut more = good.to_vec();
        more.retain(|(known, _)| *known != name);
        more.push((name, value));
        let found = match world.open(CLAUDE, &more).await {
            Err(AuthorizeError::Redirect(redirect)) => redirect.error.code.as_str(),
            Err(AuthorizeError::Shown(_)) => "shown",
            Ok(_) => "accepted",
        };
        assert_eq!(found, expected, "{name}={value}");
    }
    let twice = form(&[("client_id", CLAUDE), ("state", "a"), ("state", "b")]);
    assert!(AuthorizeRequest::parse(&twice).is_err());
}
