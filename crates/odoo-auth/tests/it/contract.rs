//! The contract of the store, verb by verb. Each back end runs all of it.

use std::time::Duration;

use odoo_auth::{
    CleanupLimits, DeadReason, GrantFilter, GrantId, GrantState, KeyChange, SealedKey, Store,
    StoredToken, Tombstone,
};

use crate::{
    contract_clients, contract_pairs,
    maker::{Bench, Maker, at},
    world::{ALICE, EMIL},
};

pub(crate) async fn holds(store: &dyn Store) {
    store.ping().await.unwrap();
    let bench = Bench(store);
    contract_clients::holds(bench).await;
    what_is_written_is_read(bench).await;
    grants_are_listed_for_their_owner(bench).await;
    codes_are_consumed_once(bench).await;
    contract_pairs::holds(bench).await;
    ended_grants_keep_no_secret(bench).await;
    keys_are_replaced_only_when_unchanged(bench).await;
    access_tokens_move_to_another_key_once(bench).await;
    key_use_is_counted(bench).await;
    the_buried_stay_buried(store).await;
    expired_things_go(bench).await;
}

async fn what_is_written_is_read(bench: Bench<'_>) {
    let maker = Maker::new();
    let grant = maker.grant(ALICE);
    let code = maker.code(grant.id);
    assert!(!bench.has(grant.id).await);
    assert!(bench.add(&grant, code.clone()).await);
    assert!(!bench.add(&grant, maker.code(grant.id)).await, "taken");
    let read = bench.grant(grant.id).await;
    assert_eq!((read.terms, read.state), (grant.terms, GrantState::Pending));
    assert_eq!((read.key, read.renewal), (grant.key, None));
    let digests = vec![maker.digest(), code.token.digest];
    let (found, of) = bench.0.find_code(digests).await.unwrap().unwrap();
    assert_eq!((found, of.id), (code, grant.id));
    let unknown = bench.0.find_code(vec![maker.digest()]).await.unwrap();
    assert!(unknown.is_none());
    let pair = maker.pair(grant.id, 1);
    assert!(bench.consume(pair.clone(), 1).await);
    let refresh = pair.refresh.as_ref().unwrap().digest;
    let (found, of) = bench.by_refresh(refresh).await.unwrap();
    assert_eq!((found, of.id), (pair, grant.id));
    assert!(bench.by_access(refresh).await.is_none(), "kinds do not mix");
}

async fn grants_are_listed_for_their_owner(bench: Bench<'_>) {
    let maker = Maker::new();
    let listed = async |filter: GrantFilter, id: GrantId| {
        let found = bench.0.find_grants(filter).await.unwrap();
        found.into_iter().find(|grant| grant.id == id)
    };
    let hers = || GrantFilter::of(&ALICE.account());
    let pending = maker.grant(ALICE);
    bench.add(&pending, maker.code(pending.id)).await;
    assert!(
        listed(hers(), pending.id).await.is_none(),
        "pending ones are not listed"
    );
    let id = maker.active(bench, ALICE).await.grant;
    let used = bench.0.touch_grants(vec![(id, at(77))]).await;
    used.unwrap();
    let mine = listed(hers(), id).await.unwrap();
    assert_eq!(mine.last_used_at, Some(at(77)));
    assert!(listed(GrantFilter::all(), id).await.is_some());
    assert!(listed(GrantFilter::of(&EMIL.account()), id).await.is_none());
}

async fn codes_are_consumed_once(bench: Bench<'_>) {
    let maker = Maker::new();
    let grant = maker.grant(ALICE);
    let code = maker.code(grant.id);
    let nowhere = maker.pair(GrantId::fresh(&maker.0).unwrap(), 1);
    assert!(!bench.consume(nowhere, 1).await);
    bench.add(&grant, code.clone()).await;
    assert!(bench.consume(maker.pair(grant.id, 1), 1).await);
    assert!(!bench.consume(maker.pair(grant.id, 2), 2).await);
    let found = bench.0.find_code(vec![code.token.digest]).await;
    let (used, grant) = found.unwrap().unwrap();
    let opens = used.token.wrap;
    assert_eq!(
        (used.used_at, opens),
        (Some(at(1)), None),
        "it opens nothing any more"
    );
    assert_eq!(grant.state, GrantState::Active);
}

async fn ended_grants_keep_no_secret(bench: Bench<'_>) {
    let maker = Maker::new();
    let first = maker.active(bench, ALICE).await;
    let id = first.grant;
    let end = async |reason, seconds| bench.0.end_grant(id, reason, at(seconds)).await.unwrap();
    let alive = bench.0.count_active_grants().await.unwrap();
    assert!(end(DeadReason::RevokedByUser, 3).await);
    assert!(!end(DeadReason::KeyRejected, 4).await);
    assert_eq!(bench.0.count_active_grants().await.unwrap(), alive - 1);
    let dead = bench.grant(id).await;
    let state = GrantState::Dead {
        reason: DeadReason::RevokedByUser,
        at: at(3),
    };
    assert_eq!((dead.state, dead.key, dead.renewal), (state, None, None));
    assert_eq!(bench.state(&first).await, None);
    assert!(!bench.confirm(&first, 4).await);
    assert!(!bench.rotate(maker.step(&first)).await);
    assert!(!bench.0.set_renewal(id, vec![1]).await.unwrap());
}

async fn keys_are_replaced_only_when_unchanged(bench: Bench<'_>) {
    let maker = Maker::new();
    let id = maker.active(bench, ALICE).await.grant;
    let old = bench.grant(id).await.key.unwrap();
    let new = SealedKey {
        kid: "k2".to_owned(),
        bytes: vec![8; 40],
    };
    let renewal = vec![2, b'k', b'1', 7];
    let change = |renewal: Option<&Vec<u8>>| KeyChange {
        grant: id,
        old: old.clone(),
        renewal: renewal.cloned(),
        new: new.clone(),
        key_name: "renewed".to_owned(),
        key_expires_at: None,
    };
    assert!(bench.0.set_renewal(id, renewal.clone()).await.unwrap());
    assert!(!bench.replace(change(None)).await, "a renewal came between");
    assert!(bench.replace(change(Some(&renewal))).await);
    assert!(!bench.replace(change(Some(&renewal))).await);
    let grant = bench.grant(id).await;
    assert_eq!((grant.key, grant.renewal), (Some(new), None));
    assert_eq!(grant.terms.key_name, "renewed");
    assert_eq!(grant.terms.key_expires_at, None);
}

async fn access_tokens_move_to_another_key_once(bench: Bench<'_>) {
    let maker = Maker::new();
    let first = maker.active(bench, ALICE).await;
    let moved = StoredToken {
        kid: "k2".to_owned(),
        ..maker.stored(60)
    };
    assert!(bench.rekey(&first, &moved).await);
    assert!(!bench.rekey(&first, &moved).await);
    let (pair, _) = bench.by_access(moved.digest).await.unwrap();
    assert_eq!(pair.access, moved);
    assert_eq!(bench.state(&first).await, None, "the old digest is gone");
}

async fn key_use_is_counted(bench: Bench<'_>) {
    let maker = Maker::new();
    let mut grant = maker.grant(ALICE);
    let kid = format!("key-{}", grant.id.short());
    grant.key = Some(SealedKey {
        kid: kid.clone(),
        bytes: vec![1],
    });
    let mut code = maker.code(grant.id);
    code.token.kid = kid.clone();
    let mut pair = maker.pair(grant.id, 1);
    pair.access.kid = kid.clone();
    bench.add(&grant, code).await;
    bench.consume(pair, 1).await;
    let uses = bench.0.count_key_use().await.unwrap()[&kid];
    assert_eq!((uses.grants, uses.pairs, uses.codes), (1, 1, 1));
}

fn limits(seconds: u64) -> CleanupLimits {
    let day = Duration::from_secs(86_400);
    CleanupLimits {
        now: at(seconds),
        unused_clients_before: at(seconds) - day,
        idle_clients_before: at(seconds) - day * 90,
        pending_before: at(seconds) - Duration::from_secs(600),
        salts_before: at(seconds) - Duration::from_secs(120),
        codes_before: at(seconds) - day,
        dead_before: at(seconds) - day * 90,
    }
}

async fn expired_things_go(bench: Bench<'_>) {
    let maker = Maker::new();
    let first = maker.active(bench, ALICE).await;
    let pending = maker.grant(ALICE);
    bench.add(&pending, maker.code(pending.id)).await;
    let cleanup = async |seconds: u64| bench.0.cleanup(limits(seconds)).await.unwrap();
    cleanup(60).await;
    assert!(bench.has(pending.id).await);
    let cleaned = cleanup(2 * 3600).await;
    assert!(cleaned.codes >= 1 && cleaned.ended.is_empty());
    assert!(!bench.has(pending.id).await);
    let (pair, _) = bench.by_access(first.access.digest).await.unwrap();
    assert_eq!(pair.access.wrap, None, "an expired token opens nothing");
    let cleaned = cleanup(31 * 86_400).await;
    assert!(cleaned.ended.contains(&first.grant));
    let reason = DeadReason::Lapsed;
    let state = bench.grant(first.grant).await.state;
    assert_eq!(
        state,
        GrantState::Dead {
            reason,
            at: at(31 * 86_400)
        }
    );
    cleanup(200 * 86_400).await;
    assert!(!bench.has(first.grant).await);
}

async fn the_buried_stay_buried(store: &dyn Store) {
    let bury = async |id: u8, owner: u8, seconds: u64| {
        let stone = Tombstone {
            id: [id; 16],
            owner: [owner; 16],
            expires_at: at(seconds),
        };
        store.add_tombstone(stone, 2).await.unwrap();
    };
    let lie = async |ids: [u8; 4]| {
        let mut lie = Vec::new();
        for id in ids {
            lie.push(store.has_tombstone([id; 16]).await.unwrap());
        }
        lie
    };
    bury(1, 7, 1_000).await;
    bury(1, 7, 1_000).await;
    bury(2, 7, 2_000).await;
    bury(3, 8, 500).await;
    assert_eq!(lie([1, 2, 3, 4]).await, [true, true, true, false]);
    bury(4, 7, 3_000).await;
    let left = lie([1, 2, 3, 4]).await;
    assert_eq!(left, [false, true, true, true], "the oldest of that owner");
}
