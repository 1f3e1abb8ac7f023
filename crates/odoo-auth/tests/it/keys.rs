//! The key ring: what is refused, and how a master key is rotated and retired while people work.

use std::sync::Arc;

use odoo_auth::{
    Entropy, KeyRing, KeyRingError, KeySource, KeyUse, PersonalGrant, Provider, RetireError, scope,
};
use odoo_json2::Clock;
use secrecy::{ExposeSecret, SecretString};

use crate::{
    folder::{Folder, restrict},
    world::{ALICE, CLAUDE, TARA, World, policy, start},
};

fn read(json: &str) -> Result<KeyRing, KeyRingError> {
    KeyRing::load(&KeySource::Value(SecretString::from(json)))
}

#[test]
fn rings_that_protect_nothing_are_refused() {
    let ring = |key: &str| format!(r#"{{"active": "k1", "keys": {{"k1": "{key}"}}}}"#);
    let weak = [
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
        "cGFzc3dvcmRwYXNzd29yZHBhc3N3b3JkcGFzc3dvcmQ=",
        "Q29ycmVjdCBob3JzZSBiYXR0ZXJ5IHN0YXBsZSB5ZXM=",
        "AQIDBAECAwQBAgMEAQIDBAECAwQBAgMEAQIDBAECAwQ=",
        "c2hvcnQ=",
        "not base64!",
        "",
    ];
    for key in weak {
        assert!(
            matches!(read(&ring(key)), Err(KeyRingError::Weak(_))),
            "{key}"
        );
    }
    for malformed in [
        "",
        "{}",
        "[]",
        r#"{"active": "k1"}"#,
        r#"{"active": "k1", "keys": {}, "x": 1}"#,
    ] {
        assert!(
            matches!(read(malformed), Err(KeyRingError::Malformed)),
            "{malformed}"
        );
    }
    assert!(matches!(
        read(r#"{"active": "k1", "keys": {}}"#),
        Err(KeyRingError::Unknown(_))
    ));
    let good = KeyRing::generate(&Entropy::system()).unwrap().to_json();
    let bad_id = good.expose_secret().replace("k1", "K 1");
    assert!(matches!(read(&bad_id), Err(KeyRingError::BadId)));
    assert!(read(good.expose_secret()).is_ok());
}

#[test]
fn a_ring_that_others_may_read_is_refused() {
    let folder = Folder::new();
    let path = folder.file("keys.json");
    let source = KeySource::File(path.clone());
    assert!(matches!(
        KeyRing::load(&source),
        Err(KeyRingError::Unreadable { .. })
    ));
    let ring = KeyRing::generate(&Entropy::system()).unwrap();
    std::fs::write(&path, ring.to_json().expose_secret()).unwrap();
    for mode in [0o644, 0o640, 0o604, 0o660, 0o610] {
        restrict(&path, mode);
        let refused = KeyRing::load(&source).unwrap_err();
        assert!(refused.to_string().contains("chmod 600"), "{refused}");
    }
    for mode in [0o600, 0o400] {
        restrict(&path, mode);
        assert_eq!(KeyRing::load(&source).unwrap().active(), "k1");
    }
}

#[test]
fn keys_of_other_purposes_differ_and_come_active_first() {
    let old = KeyRing::generate(&Entropy::predictable(4)).unwrap();
    let new = old.with_new_key(&Entropy::predictable(5)).unwrap();
    assert_eq!(new.ids().collect::<Vec<_>>(), ["k2", "k1"]);
    let sessions = new.for_purpose("session").unwrap();
    assert_eq!(sessions.len(), 2);
    assert_eq!(sessions[1], old.for_purpose("session").unwrap()[0]);
    assert_ne!(sessions[0], new.for_purpose("audit").unwrap()[0]);
    let third = new
        .without("k1")
        .unwrap()
        .with_new_key(&Entropy::predictable(6))
        .unwrap();
    assert_eq!(
        third.active(),
        "k3",
        "the id of a retired key does not come back"
    );
}

/// The same store, later, with another ring.
fn restarted(world: &World, keys: &KeyRing) -> World {
    let (clock, hands) = Clock::manual(world.provider.clock().now());
    let store = Arc::clone(&world.store);
    let entropy = Entropy::predictable(1000);
    let provider = Provider::new(Arc::clone(&store), keys.clone(), policy(), clock, entropy);
    World {
        provider,
        hands,
        store,
        folder: None,
    }
}

async fn personal_token(world: &World) -> SecretString {
    let wanted = PersonalGrant {
        name: "report".to_owned(),
        account: TARA.account(),
        scope: scope::all(),
        key: TARA.key(),
        expires_at: None,
    };
    world.provider.grants().issue(wanted).await.unwrap()
}

#[tokio::test]
async fn r13_a_key_is_rotated_and_retired_and_nobody_notices() {
    let world = World::new();
    let tokens = world.sign_in(ALICE, CLAUDE).await;
    let personal = personal_token(&world).await;
    let personal = personal.expose_secret();
    let both = world
        .provider
        .keys()
        .with_new_key(&Entropy::predictable(9))
        .unwrap();

    let second = restarted(&world, &both);
    assert!(second.works(&tokens.access).await && second.works(personal).await);
    let mut newer = second.refresh(CLAUDE, &tokens.refresh).await.unwrap();
    let again = second.refresh(CLAUDE, &tokens.refresh).await.unwrap();
    assert_eq!(newer.refresh, again.refresh, "across the rotation, too");
    refuses_to_retire(&second).await;
    // The old pair's row stays until its refresh token would have expired, so that a reuse is seen.
    for _ in 0..5 {
        assert!(second.works(&newer.access).await);
        second.pass(7 * 24 * 3600);
        newer = second.refresh(CLAUDE, &newer.refresh).await.unwrap();
        second.provider.maintain().await.unwrap();
    }
    let uses = second.provider.grants().key_use().await.unwrap();
    assert_eq!(uses["k1"], KeyUse::default(), "{uses:?}");
    let only_new = second.provider.grants().retire("k1").await.unwrap();

    let third = restarted(&second, &only_new);
    assert!(third.works(&newer.access).await && third.works(personal).await);
    assert!(third.refresh(CLAUDE, &newer.refresh).await.is_ok());
}

async fn refuses_to_retire(world: &World) {
    let grants = world.provider.grants();
    let refused = grants.retire("k1").await.unwrap_err();
    assert!(
        matches!(refused, RetireError::InUse { uses, .. } if uses.pairs == 1),
        "{refused}"
    );
    assert!(
        matches!(grants.retire("k2").await, Err(RetireError::Ring(_))),
        "active"
    );
    assert!(
        matches!(grants.retire("k9").await, Err(RetireError::Ring(_))),
        "unknown"
    );
}

#[tokio::test]
async fn r13_another_ring_opens_nothing() {
    let world = World::new();
    let tokens = world.sign_in(ALICE, CLAUDE).await;
    let other = KeyRing::generate(&Entropy::system()).unwrap();
    let stranger = restarted(&world, &other);
    assert!(!stranger.works(&tokens.access).await);
    assert!(stranger.refresh(CLAUDE, &tokens.refresh).await.is_err());
    assert!(
        world.works(&tokens.access).await,
        "and nothing was lost by trying"
    );
    assert_eq!(start(), world.provider.clock().now());
}
