//! R21: a store that comes back from a backup revives nothing.

use std::sync::Arc;

use odoo_auth::{
    DeadReason, EpochError, GrantFilter, GrantState, KeyRing, OdooKey, PersonalGrant, Provider,
    scope,
};
use odoo_json2::Clock;
use secrecy::ExposeSecret;

use crate::{
    folder::Folder,
    world::{ALICE, CLAUDE, CLAUDE_CALLBACK, EMIL, Tokens, VERIFIER, World, open_sqlite, policy},
};

/// What a client holds at the time of the backup.
struct Held {
    used_up: Tokens,
    personal: String,
    code: String,
}

/// A company, a backup of its store, and what happened after it: a refresh, a revocation.
async fn backed_up() -> (World, Folder, Held) {
    let world = World::new();
    let held = connected(&world).await;
    let folder = Folder::new();
    let store = open_sqlite(&world.folder.as_ref().unwrap().file("store.db"));
    store.backup(&folder.file("store.db")).await.unwrap();

    let second = world.refresh(CLAUDE, &held.used_up.refresh).await.unwrap();
    assert!(world.works(&second.access).await);
    let grants = world.provider.grants();
    let emils = grants.list(GrantFilter::of(&EMIL.account())).await;
    for grant in emils.unwrap() {
        let revoked = grants.revoke(&grant.id, DeadReason::RevokedByUser).await;
        assert!(revoked.unwrap());
    }
    (world, folder, held)
}

/// Everything that can be alive: a pair, with a renewed key that waits; a personal token; a code.
async fn connected(world: &World) -> Held {
    let used_up = world.sign_in(ALICE, CLAUDE).await;
    assert!(world.works(&used_up.access).await);
    let wanted = PersonalGrant {
        name: "laptop".to_owned(),
        account: EMIL.account(),
        scope: scope::all(),
        key: EMIL.key(),
        expires_at: None,
    };
    let personal = world.provider.grants().issue(wanted).await.unwrap();
    let pending = world.pending(CLAUDE, CLAUDE_CALLBACK).await;
    let code = world.code(&pending, ALICE, &[scope::READ]).await;
    let renewed = OdooKey {
        name: "newer".to_owned(),
        ..ALICE.key()
    };
    let grants = world.provider.grants();
    grants
        .renew(&used_up.grant.id, &ALICE.account(), renewed)
        .await
        .unwrap();
    Held {
        used_up,
        personal: personal.expose_secret().to_owned(),
        code,
    }
}

/// The server over the copy, with this key ring.
fn over_the_copy(world: &World, folder: &Folder, keys: &KeyRing) -> World {
    let (clock, hands) = Clock::manual(world.provider.clock().now());
    let store: Arc<dyn odoo_auth::Store> = Arc::new(open_sqlite(&folder.file("store.db")));
    let entropy = odoo_auth::Entropy::system();
    let provider = Provider::new(Arc::clone(&store), keys.clone(), policy(), clock, entropy);
    World {
        provider,
        hands,
        store,
        folder: None,
    }
}

/// Nothing of what was held works any more, and all the keys are gone.
async fn all_is_dead(world: &World, held: &Held) {
    assert!(!world.works(&held.used_up.access).await);
    let refused = world.refresh(CLAUDE, &held.used_up.refresh).await;
    assert!(refused.is_err(), "a refresh token that was used up");
    assert!(!world.works(&held.personal).await, "a revoked token");
    let code = world.exchange(CLAUDE, &held.code, VERIFIER).await;
    assert!(code.is_err(), "a code");
    for grant in world.store.find_grants(GrantFilter::all()).await.unwrap() {
        assert!((&grant.key, &grant.renewal) == (&None, &None));
        let restored = matches!(
            grant.state,
            GrantState::Dead {
                reason: DeadReason::Restored,
                ..
            }
        );
        assert!(restored, "{:?}", grant.state);
    }
}

#[tokio::test]
async fn after_the_operators_word_a_restored_store_has_nothing_alive() {
    let (world, folder, held) = backed_up().await;
    let restored = over_the_copy(&world, &folder, world.provider.keys());
    let ring = restored.provider.next_epoch().await.unwrap();
    assert_eq!((restored.provider.keys().epoch(), ring.epoch()), (0, 1));
    assert_eq!(restored.provider.begin_epoch(&ring).await.unwrap(), 2);
    all_is_dead(&restored, &held).await;

    // The ring from before is not served any more; the one that was printed is, as its text says.
    let old = over_the_copy(&world, &folder, world.provider.keys());
    let refused = old.provider.enter_epoch().await.unwrap_err();
    assert!(matches!(
        refused,
        EpochError::OlderRing { ring: 0, store: 1 }
    ));
    let ring = KeyRing::from_json(&ring.to_json()).unwrap();
    let served = over_the_copy(&world, &folder, &ring);
    assert_eq!(served.provider.enter_epoch().await.unwrap(), 0);
    let tokens = served.sign_in(ALICE, CLAUDE).await;
    assert!(served.works(&tokens.access).await);
    assert_eq!(served.provider.enter_epoch().await.unwrap(), 0);
    assert!(served.works(&tokens.access).await, "and stays");
}

#[tokio::test]
async fn any_older_copy_is_known_by_the_ring_alone() {
    let (world, folder, held) = backed_up().await;
    // The store moved on to another epoch once, long ago; then somebody puts the old copy back.
    let ring = world.provider.next_epoch().await.unwrap();
    world.provider.begin_epoch(&ring).await.unwrap();
    let restored = over_the_copy(&world, &folder, &ring);
    assert_eq!(restored.provider.enter_epoch().await.unwrap(), 2);
    all_is_dead(&restored, &held).await;
    // A key ring that grows or shrinks stays in its epoch.
    let entropy = odoo_auth::Entropy::system();
    let grown = ring.with_new_key(&entropy).unwrap();
    assert_eq!(
        (grown.epoch(), grown.without("k1").unwrap().epoch()),
        (1, 1)
    );
}

#[tokio::test]
async fn a_database_that_is_put_back_under_a_running_server_is_noticed() {
    let (world, folder, held) = backed_up().await;
    let ring = world.provider.next_epoch().await.unwrap();
    let running = over_the_copy(&world, &folder, &ring);
    assert!(running.works(&held.personal).await, "before it is noticed");
    running.provider.maintain().await.unwrap();
    all_is_dead(&running, &held).await;
    // Later housekeeping ends nobody.
    let tokens = running.sign_in(ALICE, CLAUDE).await;
    running.provider.maintain().await.unwrap();
    assert!(running.works(&tokens.access).await);
}

#[test]
fn the_first_epoch_leaves_a_key_ring_as_it_always_was() {
    let entropy = odoo_auth::Entropy::predictable(1);
    let ring = KeyRing::generate(&entropy).unwrap();
    let json = |ring: &KeyRing| -> serde_json::Value {
        serde_json::from_str(ring.to_json().expose_secret()).unwrap()
    };
    assert!(json(&ring).get("epoch").is_none());
    assert_eq!(json(&ring.clone().in_epoch(2))["epoch"], 2);
}
