//! The contract of the store for pairs: one line of descent, and no second branch.

use odoo_auth::PairState;

use crate::{
    maker::{Bench, Maker, at},
    world::ALICE,
};

pub(crate) async fn holds(bench: Bench<'_>) {
    pairs_follow_one_line(bench).await;
    a_refresh_is_a_use(bench).await;
    unused_heads_are_replaced(bench).await;
    a_replaced_head_is_not_mistaken_for_the_new_one(bench).await;
}

async fn pairs_follow_one_line(bench: Bench<'_>) {
    let maker = Maker::new();
    let first = maker.active(bench, ALICE).await;
    assert!(bench.confirm(&first, 2).await);
    assert!(!bench.confirm(&first, 3).await, "only the first use counts");
    let step = maker.step(&first);
    let second = step.successor.clone();
    assert!(bench.rotate(step.clone()).await);
    let rotated = PairState::Rotated {
        at: at(5),
        salt: step.salt,
    };
    assert_eq!(bench.state(&first).await, Some(rotated));
    let mut again = maker.step(&first);
    again.successor.generation = 7;
    assert!(!bench.rotate(again).await, "no second branch");
    assert!(bench.confirm(&second, 9).await);
    let (spent, _) = bench.by_access(first.access.digest).await.unwrap();
    let salt = Some(step.salt);
    assert_eq!(spent.state, PairState::Spent { at: at(9), salt });
    assert_eq!(spent.refresh.unwrap().wrap, None);
    // What tells the head's tokens stays with its predecessor alone.
    assert!(bench.rotate(maker.step(&second)).await);
    let older = PairState::Spent {
        at: at(9),
        salt: None,
    };
    assert_eq!(bench.state(&first).await, Some(older));
}

async fn a_refresh_is_a_use(bench: Bench<'_>) {
    let maker = Maker::new();
    let first = maker.active(bench, ALICE).await;
    let step = maker.step(&first);
    let second = step.successor.clone();
    assert!(bench.rotate(step).await);
    assert!(bench.rotate(maker.step(&second)).await);
    let (at, salt) = (at(5), None);
    let spent = Some(PairState::Spent { at, salt });
    assert_eq!(bench.state(&first).await, spent);
}

async fn unused_heads_are_replaced(bench: Bench<'_>) {
    let maker = Maker::new();
    let first = maker.active(bench, ALICE).await;
    let step = maker.step(&first);
    let (old_salt, lost) = (step.salt, step.successor.clone());
    assert!(bench.rotate(step).await);
    let step = maker.step(&first);
    assert!(
        !bench.reissue(step.clone(), maker.digest()).await,
        "another salt"
    );
    let kept = step.successor.clone();
    assert!(bench.reissue(step, old_salt).await);
    assert_eq!(bench.state(&lost).await, None);
    assert_eq!(bench.state(&kept).await, Some(PairState::Issued));
    let late = maker.step(&first);
    assert!(!bench.reissue(late, old_salt).await, "replaced already");
}

async fn a_replaced_head_is_not_mistaken_for_the_new_one(bench: Bench<'_>) {
    let maker = Maker::new();
    let first = maker.active(bench, ALICE).await;
    let step = maker.step(&first);
    let (old_salt, lost) = (step.salt, step.successor.clone());
    assert!(bench.rotate(step).await);
    let step = maker.step(&first);
    let kept = step.successor.clone();
    assert!(bench.reissue(step, old_salt).await);
    assert!(!bench.confirm(&lost, 8).await);
    assert!(!bench.rotate(maker.step(&lost)).await);
    assert_eq!(bench.state(&kept).await, Some(PairState::Issued));
    assert!(bench.confirm(&kept, 8).await);
}
