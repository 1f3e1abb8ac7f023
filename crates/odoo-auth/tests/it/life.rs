//! The life of a grant: warm calls, renewal, personal tokens, revocation, keys that Odoo refuses.

use std::{sync::Arc, time::Duration};

use odoo_auth::{
    DeadReason, ErrorCode, GrantFilter, GrantState, IssueError, OdooKey, PersonalGrant, Phase,
    Rejection, RenewError, ResolveError, scope,
};
use secrecy::{ExposeSecret, SecretString};

use crate::world::{ALICE, CLAUDE, CLAUDE_CODE, EMIL, TARA, World, open_sqlite, policy, start};

const DAY: u64 = 24 * 3600;

#[tokio::test]
async fn a_warm_call_asks_no_store_and_another_process_is_heard_within_half_a_minute() {
    let world = World::new();
    let tokens = world.sign_in(ALICE, CLAUDE).await;
    assert!(world.works(&tokens.access).await);
    // The operator's command line is another process with a store of its own.
    let path = world.folder.as_ref().unwrap().file("store.db");
    let operator = World::over(Arc::new(open_sqlite(&path)), policy(), 1);
    let id = tokens.grant.id;
    let revoked = operator
        .provider
        .grants()
        .revoke(&id, DeadReason::RevokedByOperator)
        .await;
    assert!(revoked.unwrap());
    world.pass(29);
    assert!(world.works(&tokens.access).await, "nobody asked the store");
    world.pass(2);
    assert!(!world.works(&tokens.access).await);
}

#[tokio::test]
async fn revoking_here_is_felt_by_the_next_call() {
    let world = World::new();
    let tokens = world.sign_in(ALICE, CLAUDE).await;
    let other = world.sign_in(ALICE, CLAUDE_CODE).await;
    assert!(world.works(&tokens.access).await && world.works(&other.access).await);
    let grants = world.provider.grants();
    assert!(
        grants
            .revoke(&tokens.grant.id, DeadReason::RevokedByUser)
            .await
            .unwrap()
    );
    assert!(!world.works(&tokens.access).await);
    assert!(
        world.works(&other.access).await,
        "her other connection goes on"
    );
    assert!(
        !grants
            .revoke(&tokens.grant.id, DeadReason::RevokedByUser)
            .await
            .unwrap()
    );
    let list = grants
        .list(GrantFilter::of(&ALICE.account()))
        .await
        .unwrap();
    let states: Vec<_> = list
        .iter()
        .map(|grant| grant.state == GrantState::Active)
        .collect();
    assert_eq!(states.iter().filter(|alive| **alive).count(), 1);
    assert!(
        grants
            .list(GrantFilter::of(&EMIL.account()))
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(grants.list(GrantFilter::all()).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_renewed_key_takes_over_without_the_client_noticing() {
    let world = World::new();
    let tokens = world.sign_in(ALICE, CLAUDE).await;
    assert_eq!(tokens.grant.phase(start()), Phase::Active);
    let mut tokens = tokens;
    for _ in 0..3 {
        world.pass(26 * DAY);
        tokens = world.refresh(CLAUDE, &tokens.refresh).await.unwrap();
        assert!(world.works(&tokens.access).await);
    }
    let now = world.provider.clock().now();
    assert_eq!(tokens.grant.phase(now), Phase::Expiring { days: 12 });
    let grants = world.provider.grants();
    let id = tokens.grant.id;
    let key = |name: &str| OdooKey {
        secret: SecretString::from("a-newer-key-of-alice"),
        name: name.to_owned(),
        expires_at: Some(start() + Duration::from_secs(160 * DAY)),
    };
    let stolen = grants.renew(&id, &EMIL.account(), key("not hers")).await;
    assert!(matches!(stolen, Err(RenewError::OtherPerson)));
    grants
        .renew(&id, &ALICE.account(), key("newer"))
        .await
        .unwrap();
    world.pass(60);
    let live = world.resolve(&tokens.access).await.unwrap();
    assert_eq!(live.key.expose_secret(), "a-newer-key-of-alice");
    assert_eq!(live.phase(now), Phase::Active);
    // Tokens from before the renewal end with the old key; the next ones do not.
    let tokens = world.refresh(CLAUDE, &tokens.refresh).await.unwrap();
    world.pass(20 * DAY);
    let tokens = world.refresh(CLAUDE, &tokens.refresh).await.unwrap();
    assert_eq!(tokens.odoo_key(), "a-newer-key-of-alice");
    assert_eq!(tokens.grant.key_name, "newer");
}

#[tokio::test]
async fn a_renewal_that_waits_is_taken_over_by_a_refresh_too() {
    let world = World::new();
    let tokens = world.sign_in(ALICE, CLAUDE).await;
    let key = OdooKey {
        secret: SecretString::from("newest"),
        ..ALICE.key()
    };
    world
        .provider
        .grants()
        .renew(&tokens.grant.id, &ALICE.account(), key)
        .await
        .unwrap();
    let second = world.refresh(CLAUDE, &tokens.refresh).await.unwrap();
    assert_eq!(second.odoo_key(), "newest");
    let stored = world
        .store
        .lookup_grant(tokens.grant.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(stored.renewal, None, "what waited is erased");
}

#[tokio::test]
async fn a_key_that_odoo_refuses_ends_its_grant_and_no_other() {
    let world = World::new();
    let (alice, emil) = (
        world.sign_in(ALICE, CLAUDE).await,
        world.sign_in(EMIL, CLAUDE).await,
    );
    assert!(world.works(&alice.access).await && world.works(&emil.access).await);
    let verdict = world
        .provider
        .grants()
        .key_rejected(&alice.grant.id)
        .await
        .unwrap();
    assert_eq!(verdict, Rejection::Ended);
    assert!(!world.works(&alice.access).await);
    let refused = world.refresh(CLAUDE, &alice.refresh).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::InvalidGrant);
    assert!(world.works(&emil.access).await);
}

#[tokio::test]
async fn when_odoo_refuses_everybody_nobody_is_logged_out() {
    let world = World::new();
    let mut people = Vec::new();
    for _ in 0..12 {
        people.push(world.sign_in(TARA, CLAUDE).await);
    }
    let mut held = 0;
    for tokens in &people {
        let verdict = world
            .provider
            .grants()
            .key_rejected(&tokens.grant.id)
            .await
            .unwrap();
        held += usize::from(verdict == Rejection::Held);
        world.pass(1);
    }
    assert_eq!(held, 10);
    let mut working = 0;
    for tokens in &people {
        working += usize::from(world.works(&tokens.access).await);
    }
    assert_eq!(working, 10);
}

#[tokio::test]
async fn a_personal_token_works_until_its_end_and_offers_no_refresh() {
    let world = World::new();
    let wanted = |words: &[&str], days: u64| PersonalGrant {
        name: "nightly report".to_owned(),
        account: TARA.account(),
        scope: scope::of(words.iter().copied()),
        key: TARA.key(),
        expires_at: Some(start() + Duration::from_secs(days * DAY)),
    };
    let grants = world.provider.grants();
    assert!(matches!(
        grants.issue(wanted(&[], 3)).await,
        Err(IssueError::NoScope)
    ));
    let token = grants.issue(wanted(&[scope::READ], 30)).await.unwrap();
    let token = token.expose_secret();
    world.pass(29 * DAY);
    let live = world.resolve(token).await.unwrap();
    assert_eq!(
        (live.account.uid, live.client_name.as_str()),
        (9, "nightly report")
    );
    assert!(world.refresh(&live.client_id, token).await.is_err());
    world.pass(DAY + 1);
    assert!(!world.works(token).await);
    assert!(matches!(
        grants.issue(wanted(&[scope::READ], 1)).await,
        Err(IssueError::Expired)
    ));
}

#[tokio::test]
async fn housekeeping_ends_what_nobody_can_use_any_more() {
    let world = World::new();
    let lapsed = world.sign_in(ALICE, CLAUDE).await;
    assert!(world.works(&lapsed.access).await);
    world.provider.maintain().await.unwrap();
    let seen = world
        .store
        .lookup_grant(lapsed.grant.id)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(seen.last_used_at, Some(start()));
    world.pass(31 * DAY);
    let cleaned = world.provider.maintain().await.unwrap();
    assert_eq!(cleaned.ended, [lapsed.grant.id]);
    let dead = world
        .store
        .lookup_grant(lapsed.grant.id)
        .await
        .unwrap()
        .unwrap();
    assert!(matches!(
        dead.state,
        GrantState::Dead {
            reason: DeadReason::Lapsed,
            ..
        }
    ));
    assert_eq!(dead.key, None);
}

#[tokio::test]
async fn a_store_that_cannot_be_written_says_so_and_warm_calls_go_on() {
    let world = World::new();
    let tokens = world.sign_in(ALICE, CLAUDE).await;
    assert!(world.works(&tokens.access).await);
    let path = world.folder.as_ref().unwrap().file("store.db");
    let other = rusqlite::Connection::open(path).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let refused = world.refresh(CLAUDE, &tokens.refresh).await.unwrap_err();
    assert_eq!(
        (refused.code, refused.status()),
        (ErrorCode::TemporarilyUnavailable, 503)
    );
    assert!(world.works(&tokens.access).await);
    other.execute_batch("ROLLBACK").unwrap();
    let second = world.refresh(CLAUDE, &tokens.refresh).await.unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let cold = world.resolve(&second.access).await;
    assert!(
        matches!(cold, Err(ResolveError::Unavailable(_))),
        "not 401: the token may be good"
    );
    other.execute_batch("ROLLBACK").unwrap();
    assert!(world.works(&second.access).await);
}

#[tokio::test]
async fn a_token_by_hand_for_a_key_that_never_expires_never_expires() {
    let world = World::new();
    let mut key = ALICE.key();
    key.expires_at = None;
    let wanted = PersonalGrant {
        name: "laptop".to_owned(),
        account: ALICE.account(),
        scope: scope::all(),
        key,
        expires_at: None,
    };
    let token = world.provider.grants().issue(wanted).await.unwrap();
    world.pass(10 * 365 * 24 * 3600);
    assert!(world.works(token.expose_secret()).await);
}
