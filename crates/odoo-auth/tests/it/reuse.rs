//! A refresh token that comes again after its successor was used: from a process of the same
//! client that missed the refresh, or from a thief.

use std::sync::Arc;

use odoo_auth::ErrorCode;

use crate::world::{ALICE, CLAUDE_CODE, Tokens, World, policy};

const HOUR: u64 = 3600;

fn same(one: &Tokens, other: &Tokens) -> bool {
    (&one.access, &one.refresh) == (&other.access, &other.refresh)
}

/// Alice's Claude Code has refreshed once and used what it got.
async fn refreshed(world: &World) -> (Tokens, Tokens) {
    let first = world.sign_in(ALICE, CLAUDE_CODE).await;
    world.pass(HOUR);
    let second = world.refresh(CLAUDE_CODE, &first.refresh).await.unwrap();
    assert!(world.works(&second.access).await);
    (first, second)
}

#[tokio::test]
async fn a_process_that_missed_the_refresh_goes_on_with_the_pair_of_the_others() {
    let world = World::new();
    let (first, second) = refreshed(&world).await;
    world.pass(30);
    // The other terminal still has what was there an hour ago.
    let told = world.refresh(CLAUDE_CODE, &first.refresh).await.unwrap();
    assert!(same(&told, &second), "one branch");
    assert_eq!(told.expires_in, 3570);
    assert_eq!(told.odoo_key(), "odoo-key-of-alice");
    assert!(world.works(&told.access).await);
    // An hour later it is the quicker one, and the first terminal comes behind.
    world.pass(HOUR);
    let third = world.refresh(CLAUDE_CODE, &told.refresh).await.unwrap();
    assert!(world.works(&third.access).await);
    world.pass(119);
    let told = world.refresh(CLAUDE_CODE, &second.refresh).await.unwrap();
    assert!(same(&told, &third));
    assert!(world.works(&third.access).await);
}

#[tokio::test]
async fn after_the_window_reuse_ends_the_family() {
    let world = World::new();
    let (first, second) = refreshed(&world).await;
    world.pass(121);
    let reused = world.refresh(CLAUDE_CODE, &first.refresh).await;
    assert_eq!(reused.unwrap_err().code, ErrorCode::InvalidGrant);
    assert!(!world.works(&second.access).await);
    let gone = world.refresh(CLAUDE_CODE, &second.refresh).await;
    assert!(gone.is_err());
    let grant = world.store.lookup_grant(first.grant.id).await.unwrap();
    assert_eq!(grant.unwrap().key, None, "the Odoo key is erased");
}

#[tokio::test]
async fn older_tokens_than_the_predecessor_are_worth_nothing() {
    let world = World::new();
    let (first, second) = refreshed(&world).await;
    world.pass(20);
    let third = world.refresh(CLAUDE_CODE, &second.refresh).await.unwrap();
    let refused = world.refresh(CLAUDE_CODE, &first.refresh).await;
    assert_eq!(refused.unwrap_err().code, ErrorCode::InvalidGrant);
    assert!(world.works(&third.access).await, "and do no harm yet");
    assert!(
        world.refresh(CLAUDE_CODE, &first.refresh).await.is_err(),
        "nor do they when the head is used"
    );
    world.pass(121);
    assert!(world.refresh(CLAUDE_CODE, &first.refresh).await.is_err());
    assert!(!world.works(&third.access).await, "but later it is theft");
}

#[tokio::test]
async fn without_a_window_only_the_loser_of_a_race_is_forgiven() {
    let mut policy = policy();
    policy.lifetimes.reuse = jiff::SignedDuration::ZERO;
    let world = World::under(policy);
    let (first, second) = refreshed(&world).await;
    let raced = world.refresh(CLAUDE_CODE, &first.refresh).await;
    assert_eq!(raced.unwrap_err().code, ErrorCode::InvalidGrant);
    assert!(
        world.works(&second.access).await,
        "a race within seconds is no theft"
    );
    world.pass(30);
    assert!(world.refresh(CLAUDE_CODE, &first.refresh).await.is_err());
    assert!(!world.works(&second.access).await);
}

#[tokio::test]
async fn what_tells_the_pair_again_is_erased_after_the_window() {
    let world = World::new();
    let (first, _) = refreshed(&world).await;
    let salt = async || {
        world.provider.maintain().await.unwrap();
        let grants = world.store.find_grants(odoo_auth::GrantFilter::all()).await;
        assert_eq!(grants.unwrap().len(), 1);
        let keys = world.provider.grants().key_use().await.unwrap();
        assert_eq!(keys["k1"].pairs, 2, "the row stays and is recognised");
        let path = world.folder.as_ref().unwrap().file("store.db");
        let store = rusqlite::Connection::open(path).unwrap();
        let sql = "SELECT count(*) FROM pairs WHERE spent_salt IS NOT NULL";
        store
            .query_row(sql, [], |row| row.get::<_, i64>(0))
            .unwrap()
    };
    world.pass(60);
    assert_eq!(salt().await, 1);
    world.pass(70);
    assert_eq!(salt().await, 0);
    drop(first);
}

#[tokio::test]
async fn all_who_missed_it_at_once_get_the_one_pair() {
    let world = Arc::new(World::new());
    let (first, second) = refreshed(&world).await;
    world.pass(30);
    let tasks: Vec<_> = (0..16)
        .map(|_| {
            let (world, token) = (Arc::clone(&world), first.refresh.clone());
            tokio::spawn(async move { world.refresh(CLAUDE_CODE, &token).await.unwrap() })
        })
        .collect();
    for task in tasks {
        assert!(same(&task.await.unwrap(), &second));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn while_the_head_is_refreshed_its_predecessor_opens_no_second_branch() {
    for _ in 0..10 {
        let world = Arc::new(World::new());
        let (first, second) = refreshed(&world).await;
        let tasks: Vec<_> = (0..16)
            .map(|number| {
                let world = Arc::clone(&world);
                let token = if number % 2 == 0 { &first } else { &second }
                    .refresh
                    .clone();
                tokio::spawn(async move { world.refresh(CLAUDE_CODE, &token).await })
            })
            .collect();
        let mut newest = Vec::new();
        for (number, task) in tasks.into_iter().enumerate() {
            match task.await.unwrap() {
                Ok(told) if told.refresh == second.refresh => assert_eq!(number % 2, 0),
                Ok(told) => newest.push(told),
                Err(refused) => assert_eq!(refused.code, ErrorCode::InvalidGrant),
            }
        }
        assert!(newest.iter().all(|one| same(one, &newest[0])), "one branch");
        assert_eq!(newest.len(), 8);
        assert!(
            world.works(&newest[0].access).await,
            "and nothing has ended"
        );
    }
}
