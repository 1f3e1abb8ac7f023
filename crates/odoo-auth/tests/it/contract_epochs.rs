//! The contract of the store for epochs and for the key ring that it is used with. Last, because
//! everything ends.

use std::sync::Arc;

use odoo_auth::{DeadReason, EpochEntry, GrantFilter, GrantState, KeyMark, Store};

use crate::{
    maker::{Bench, Maker, at},
    world::ALICE,
};

pub(crate) async fn holds(one: Arc<dyn Store>, other: Arc<dyn Store>) {
    keys_are_known_by_more_than_their_ids(one.as_ref()).await;
    a_later_epoch_ends_everything_once(one.as_ref()).await;
    a_later_epoch_takes_any_ring(one.as_ref()).await;
    of_many_who_enter_one_does_the_work(&one, &other).await;
}

/// What the store says to a ring whose `k1` has this mark while something in it needs a key.
async fn compared(store: &dyn Store, mark: u8, needed: &[&str]) -> Vec<String> {
    let needed = needed.iter().map(ToString::to_string).collect();
    let kid = "k1".to_owned();
    let marks = vec![KeyMark {
        kid,
        mark: [mark; 32],
    }];
    store.compare_keys(marks, needed).await.unwrap()
}

async fn keys_are_known_by_more_than_their_ids(store: &dyn Store) {
    assert!(
        compared(store, 1, &["k1"]).await.is_empty(),
        "the first ring"
    );
    assert!(compared(store, 1, &["k1"]).await.is_empty());
    assert_eq!(compared(store, 2, &["k0", "k1"]).await, ["k1"]);
    assert!(
        compared(store, 1, &["k1"]).await.is_empty(),
        "still its own"
    );
    assert!(
        compared(store, 2, &[]).await.is_empty(),
        "nothing needs one"
    );
    assert_eq!(compared(store, 1, &["k1"]).await, ["k1"]);
}

async fn a_later_epoch_takes_any_ring(store: &dyn Store) {
    assert!(compared(store, 3, &["k1"]).await.is_empty());
    assert_eq!(compared(store, 2, &["k1"]).await, ["k1"]);
}

async fn a_later_epoch_ends_everything_once(store: &dyn Store) {
    let (bench, maker) = (Bench(store), Maker::new());
    let first = maker.active(bench, ALICE).await;
    let renewal = store.set_renewal(first.grant, vec![2, b'k', b'1', 7]).await;
    assert!(renewal.unwrap());
    let pending = maker.grant(ALICE);
    let code = maker.code(pending.id);
    assert!(bench.add(&pending, code.clone()).await);
    let enter = async |epoch| store.enter_epoch(epoch, at(60)).await.unwrap();

    assert_eq!(store.epoch().await.unwrap(), 0);
    assert_eq!(enter(0).await, EpochEntry::Same);
    assert!(bench.grant(first.grant).await.is_active());
    let EpochEntry::Entered(ended) = enter(3).await else {
        panic!("it was older");
    };
    assert!(ended.contains(&first.grant) && !ended.contains(&pending.id));
    let dead = bench.grant(first.grant).await;
    let reason = DeadReason::Restored;
    assert_eq!(dead.state, GrantState::Dead { reason, at: at(60) });
    assert_eq!((dead.key, dead.renewal), (None, None), "nothing opens it");
    assert_eq!(bench.state(&first).await, None);
    assert!(!bench.has(pending.id).await, "nobody was told of it");
    let code = store.find_code(vec![code.token.digest]).await.unwrap();
    assert!(code.is_none());
    assert_eq!(store.count_active_grants().await.unwrap(), 0);

    let later = maker.active(bench, ALICE).await;
    assert_eq!(enter(3).await, EpochEntry::Same);
    assert_eq!(enter(2).await, EpochEntry::Newer(3));
    assert_eq!(store.epoch().await.unwrap(), 3);
    assert!(bench.grant(later.grant).await.is_active());
    assert!(
        !store
            .find_grants(GrantFilter::all())
            .await
            .unwrap()
            .is_empty()
    );
}

async fn of_many_who_enter_one_does_the_work(one: &Arc<dyn Store>, other: &Arc<dyn Store>) {
    let tasks: Vec<_> = (0..8)
        .map(|number| {
            let store = Arc::clone(if number % 2 == 0 { one } else { other });
            tokio::spawn(async move { store.enter_epoch(4, at(90)).await.unwrap() })
        })
        .collect();
    let mut entered = 0;
    for task in tasks {
        entered += usize::from(task.await.unwrap() != EpochEntry::Same);
    }
    assert_eq!(entered, 1);
}
