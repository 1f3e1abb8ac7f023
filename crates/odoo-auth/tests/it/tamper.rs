//! Somebody who can write to the database, but has no key: every change is refused or harmless, and
//! only for the grant that was changed.

use rusqlite::{Connection, params};

use crate::world::{ALICE, CLAUDE, EMIL, Tokens, World};

fn direct(world: &World) -> Connection {
    Connection::open(world.folder.as_ref().unwrap().file("store.db")).unwrap()
}

/// What a grant gives after a change: by its refresh token and by a cold access token.
async fn opens(world: &World, tokens: &Tokens) -> bool {
    world.pass(31);
    let works = world.works(&tokens.access).await;
    let refreshed = world.refresh(CLAUDE, &tokens.refresh).await.is_ok();
    works || refreshed
}

#[tokio::test]
async fn r13_a_flipped_bit_in_any_sealed_column_is_refused() {
    for (table, column) in [
        ("grants", "key_sealed"),
        ("pairs", "access_wrap"),
        ("pairs", "refresh_wrap"),
        ("pairs", "access_digest"),
        ("pairs", "refresh_digest"),
    ] {
        let world = World::new();
        let database = direct(&world);
        let id = if table == "grants" { "id" } else { "grant_id" };
        let tokens = world.sign_in(ALICE, CLAUDE).await;
        let untouched = world.sign_in(EMIL, CLAUDE).await;
        let grant = tokens.grant.id.to_string();
        let select = format!("SELECT {column} FROM {table} WHERE {id} = ?1");
        let update = format!("UPDATE {table} SET {column} = ?2 WHERE {id} = ?1");
        let good: Vec<u8> = database
            .query_row(&select, [&grant], |row| row.get(0))
            .unwrap();
        for bit in (0..good.len() * 8).step_by(5) {
            let mut bad = good.clone();
            bad[bit / 8] ^= 1 << (bit % 8);
            database.execute(&update, params![grant, bad]).unwrap();
            // The other token of the pair is not asked: its own wrap may be whole.
            world.pass(31);
            let refused = if column.starts_with("refresh") {
                world.refresh(CLAUDE, &tokens.refresh).await.is_err()
            } else {
                !world.works(&tokens.access).await
            };
            assert!(refused, "{table}.{column} bit {bit}");
            if world.provider.clock().now().as_second() % 5 == 0 {
                assert!(world.works(&untouched.access).await);
            }
            if bit > 500 {
                break;
            }
        }
    }
}

#[tokio::test]
async fn r13_changed_terms_do_not_open() {
    for (column, value) in [
        ("kind", "personal"),
        (
            "client_id",
            "https://claude.ai/oauth/claude-code-client-metadata",
        ),
        ("client_name", "Somebody else"),
        ("base_url", "https://evil.example"),
        ("database_name", "other"),
        ("login", "ada"),
        ("person", "Ada Brandt"),
        ("scope", "odoo:read"),
        ("resource", "https://odoo-mcp.example.com/other"),
        ("key_name", "another"),
        ("key_kid", "k2"),
        ("state", "pending"),
    ] {
        let world = World::new();
        let tokens = world.sign_in(ALICE, CLAUDE).await;
        let update = format!("UPDATE grants SET {column} = ?1");
        direct(&world).execute(&update, [value]).unwrap();
        assert!(!opens(&world, &tokens).await, "grants.{column}");
    }
    for (column, table) in [
        ("uid", "grants"),
        ("created_at", "grants"),
        ("key_expires_at", "grants"),
    ] {
        let world = World::new();
        let tokens = world.sign_in(ALICE, CLAUDE).await;
        let update = format!("UPDATE {table} SET {column} = {column} + 1000");
        direct(&world).execute(&update, []).unwrap();
        assert!(!opens(&world, &tokens).await, "{table}.{column}");
    }
}

#[tokio::test]
async fn r13_tokens_cannot_be_made_to_live_longer_or_again() {
    let year = 365_i64 * 24 * 3600 * 1000;
    let world = World::new();
    let tokens = world.sign_in(ALICE, CLAUDE).await;
    let update = "UPDATE pairs SET access_expires_at = access_expires_at + ?1, \
                  refresh_expires_at = refresh_expires_at + ?1";
    direct(&world).execute(update, [year]).unwrap();
    assert!(!opens(&world, &tokens).await, "expiry is bound");

    let world = World::new();
    let first = world.sign_in(ALICE, CLAUDE).await;
    let second = world.refresh(CLAUDE, &first.refresh).await.unwrap();
    assert!(world.works(&second.access).await);
    let database = direct(&world);
    database
        .execute("DELETE FROM pairs WHERE generation = 2", [])
        .unwrap();
    database
        .execute("UPDATE pairs SET state = 'live' WHERE generation = 1", [])
        .unwrap();
    world.pass(60);
    let revived = world.refresh(CLAUDE, &first.refresh).await;
    assert!(
        revived.is_err(),
        "a spent refresh token opens nothing, whatever its row says"
    );

    let world = World::new();
    let tokens = world.sign_in(ALICE, CLAUDE).await;
    world.give_back(&tokens.refresh, CLAUDE).await;
    direct(&world)
        .execute("UPDATE grants SET state = 'active', dead_reason = NULL", [])
        .unwrap();
    assert!(!opens(&world, &tokens).await, "nothing is left to revive");
}

/// Exchanges one column of two grants.
fn swap(world: &World, (table, id): (&str, &str), column: &str, pair: [&Tokens; 2]) {
    let database = direct(world);
    let [one, other] = pair.map(|tokens| tokens.grant.id.to_string());
    let select = format!("SELECT {column} FROM {table} WHERE {id} = ?1");
    let update = format!("UPDATE {table} SET {column} = ?2 WHERE {id} = ?1");
    let read = |grant: &str| -> Vec<u8> {
        database
            .query_row(&select, [grant], |row| row.get(0))
            .unwrap()
    };
    let write = |grant: &str, value: &[u8]| {
        database.execute(&update, params![grant, value]).unwrap();
    };
    let (first, second) = (read(&one), read(&other));
    // Digests are unique, so they go through a value that is nobody's.
    write(&one, b"between");
    write(&other, &first);
    write(&one, &second);
}

#[tokio::test]
async fn r13_swapped_rows_do_not_open() {
    for (table, column) in [
        (("grants", "id"), "key_sealed"),
        (("pairs", "grant_id"), "access_wrap"),
        (("pairs", "grant_id"), "access_digest"),
    ] {
        let world = World::new();
        let (alice, emil) = (
            world.sign_in(ALICE, CLAUDE).await,
            world.sign_in(EMIL, CLAUDE).await,
        );
        swap(&world, table, column, [&alice, &emil]);
        for tokens in [&alice, &emil] {
            world.pass(31);
            let who = world
                .resolve(&tokens.access)
                .await
                .map(|live| live.account.login.clone());
            assert!(
                who.is_err(),
                "{column}: {} got {who:?}",
                tokens.grant.account.login
            );
        }
    }
    let world = World::new();
    let (alice, emil) = (
        world.sign_in(ALICE, CLAUDE).await,
        world.sign_in(EMIL, CLAUDE).await,
    );
    swap(
        &world,
        ("pairs", "grant_id"),
        "refresh_wrap",
        [&alice, &emil],
    );
    for tokens in [&alice, &emil] {
        assert!(world.refresh(CLAUDE, &tokens.refresh).await.is_err());
    }
}
