//! The contract of the store when many want the same transition at once.

use std::sync::Arc;

use odoo_auth::{DeadReason, PairState, Store, StoreError};

use crate::{
    maker::{Bench, Maker, at},
    world::ALICE,
};

pub(crate) async fn holds(store: Arc<dyn Store>) {
    one_consumes_a_code(&store).await;
    one_rotates_a_pair(&store).await;
    confirming_and_reissuing_exclude_each_other(&store).await;
    nothing_lives_after_the_end(&store).await;
}

/// Runs `count` tasks at once, and counts how many got `true`.
async fn winners<F>(count: usize, task: impl Fn(usize) -> F) -> usize
where
    F: Future<Output = Result<bool, StoreError>> + Send + 'static,
{
    let tasks: Vec<_> = (0..count)
        .map(|number| tokio::spawn(task(number)))
        .collect();
    let mut winners = 0;
    for task in tasks {
        winners += usize::from(task.await.unwrap().unwrap());
    }
    winners
}

async fn one_consumes_a_code(store: &Arc<dyn Store>) {
    let maker = Maker::new();
    let grant = maker.grant(ALICE);
    store
        .add_grant(grant.clone(), maker.code(grant.id))
        .await
        .unwrap();
    let count = winners(20, |_| {
        let (store, pair) = (Arc::clone(store), maker.pair(grant.id, 1));
        async move { store.consume_code(pair, at(1)).await }
    });
    assert_eq!(count.await, 1);
}

async fn one_rotates_a_pair(store: &Arc<dyn Store>) {
    let maker = Maker::new();
    let first = maker.active(Bench(store.as_ref()), ALICE).await;
    let count = winners(20, |_| {
        let (store, step) = (Arc::clone(store), maker.step(&first));
        async move { store.rotate_pair(step).await }
    });
    assert_eq!(count.await, 1);
}

async fn confirming_and_reissuing_exclude_each_other(store: &Arc<dyn Store>) {
    let maker = Maker::new();
    for _ in 0..20 {
        let first = maker.active(Bench(store.as_ref()), ALICE).await;
        let step = maker.step(&first);
        let (salt, second) = (step.salt, step.successor.clone());
        assert!(store.rotate_pair(step).await.unwrap());
        let count = winners(2, |number| {
            let (store, step, id) = (Arc::clone(store), maker.step(&first), first.grant);
            let access = second.access.digest;
            async move {
                match number {
                    0 => store.confirm_pair(id, access, at(9)).await,
                    _ => store.reissue_pair(step, salt).await,
                }
            }
        });
        assert_eq!(count.await, 1, "either it was used, or it was replaced");
        let kept = Bench(store.as_ref()).state(&second).await;
        assert!(matches!(kept, None | Some(PairState::Live)));
    }
}

async fn nothing_lives_after_the_end(store: &Arc<dyn Store>) {
    let maker = Maker::new();
    for _ in 0..20 {
        let first = maker.active(Bench(store.as_ref()), ALICE).await;
        let step = maker.step(&first);
        let second = step.successor.clone();
        winners(2, |number| {
            let (store, step, id) = (Arc::clone(store), step.clone(), first.grant);
            async move {
                match number {
                    0 => store.end_grant(id, DeadReason::RevokedByUser, at(3)).await,
                    _ => store.rotate_pair(step).await,
                }
            }
        })
        .await;
        assert_eq!(Bench(store.as_ref()).state(&first).await, None);
        assert_eq!(Bench(store.as_ref()).state(&second).await, None);
    }
}
