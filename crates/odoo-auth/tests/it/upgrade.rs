//! A store of the first schema goes on under this program: nobody signs in again.

use std::{path::Path, sync::Arc};

use odoo_auth::{Entropy, PersonalGrant, PostgresStore, Provider, Store, scope};
use odoo_json2::Clock;
use secrecy::ExposeSecret;
use serde_json::json;

use crate::{
    cluster::Cluster,
    folder::{Folder, restrict},
    world::{ALICE, EMIL, Tokens, World, open_sqlite, policy},
};

/// The tables as the first version of the program made them. Never changed.
const FIRST: &str = include_str!("schema_1.sql");
/// Each with its columns.
const TABLES: [(&str, &str); 4] = [
    ("clients", "id, metadata, created_at, last_used_at"),
    (
        "grants",
        "id, kind, client_id, client_name, base_url, database_name, uid, login, person, scope, \
         resource, created_at, key_name, key_expires_at, state, dead_reason, changed_at, \
         last_used_at, key_kid, key_sealed, renewal",
    ),
    (
        "codes",
        "grant_id, digest, kid, expires_at, wrap, redirect_uri, challenge, used_at",
    ),
    (
        "pairs",
        "grant_id, generation, state, changed_at, salt, access_digest, access_kid, \
         access_expires_at, access_wrap, refresh_digest, refresh_kid, refresh_expires_at, \
         refresh_wrap",
    ),
];

/// Who was connected before the upgrade.
struct Before {
    app: String,
    idle: String,
    first: Tokens,
    second: Tokens,
    personal: String,
}

async fn people_connect(world: &World) -> Before {
    let about = |name: &str| json!({"client_name": name, "redirect_uris": ["http://localhost/cb"]});
    let app = world.register(&about("Inspector")).await.unwrap();
    let idle = world.register(&about("Nobody's")).await.unwrap();
    // An earlier version took a made-up code for a use.
    let now = world.provider.clock().now();
    world.store.touch_client(&idle, now).await.unwrap();
    let first = world.sign_in(ALICE, &app).await;
    let second = world.refresh(&app, &first.refresh).await.unwrap();
    assert!(world.works(&second.access).await);
    let wanted = PersonalGrant {
        name: "laptop".to_owned(),
        account: EMIL.account(),
        scope: scope::all(),
        key: EMIL.key(),
        expires_at: None,
    };
    let personal = world.provider.grants().issue(wanted).await.unwrap();
    Before {
        app,
        idle,
        first,
        second,
        personal: personal.expose_secret().to_owned(),
    }
}

/// The new program over the old store.
fn upgraded(world: &World, store: Arc<dyn Store>) -> World {
    let (clock, hands) = Clock::manual(world.provider.clock().now());
    let keys = world.provider.keys().clone();
    let provider = Provider::new(Arc::clone(&store), keys, policy(), clock, Entropy::system());
    World {
        provider,
        hands,
        store,
        folder: None,
    }
}

async fn they_go_on(world: &World, before: &Before) {
    assert_eq!(world.provider.enter_epoch().await.unwrap(), 0);
    assert!(world.works(&before.second.access).await);
    assert!(world.works(&before.personal).await);
    // It was spent before there was anything to tell it again, and does no harm within the window.
    let spent = world.refresh(&before.app, &before.first.refresh).await;
    assert!(spent.is_err());
    let third = world.refresh(&before.app, &before.second.refresh).await;
    let third = third.unwrap();
    assert!(world.works(&third.access).await);
    let told = world.refresh(&before.app, &before.second.refresh).await;
    assert_eq!(told.unwrap().refresh, third.refresh);
    let idle = world.store.lookup_client(&before.idle).await.unwrap();
    assert_eq!(idle.unwrap().last_used_at, None, "nobody ever used it");
    let app = world.store.lookup_client(&before.app).await.unwrap();
    assert!(app.unwrap().last_used_at.is_some());
    world.provider.maintain().await.unwrap();
    assert!(world.works(&third.access).await);
}

#[tokio::test]
async fn sqlite_of_the_first_schema_goes_on() {
    let world = World::new();
    let before = people_connect(&world).await;
    let now = world.folder.as_ref().unwrap().file("store.db");
    let folder = Folder::new();
    let old = folder.file("old.db");
    make_old_file(&old, &now);
    let upgraded = upgraded(&world, Arc::new(open_sqlite(&old)));
    they_go_on(&upgraded, &before).await;
    // Opened again, nothing is left to do.
    drop(open_sqlite(&old));
}

/// A file as the first version left it, with the rows of another.
fn make_old_file(old: &Path, now: &Path) {
    let direct = rusqlite::Connection::open(old).unwrap();
    let first = FIRST
        .replace("{int}", "INTEGER")
        .replace("{bytes}", "BLOB")
        .replace("{table}", " STRICT");
    direct.execute_batch(&first).unwrap();
    direct.pragma_update(None, "user_version", 1).unwrap();
    let now = now.display().to_string();
    direct.execute("ATTACH ?1 AS now", [now]).unwrap();
    for (table, columns) in TABLES {
        let copy =
            format!("INSERT INTO main.{table} ({columns}) SELECT {columns} FROM now.{table}");
        direct.execute(&copy, []).unwrap();
    }
    restrict(old, 0o600);
}

#[tokio::test]
async fn postgres_of_the_first_schema_goes_on() {
    let Some(cluster) = Cluster::start().await else {
        return;
    };
    let world = World::over(cluster.store().await, policy(), 55);
    let before = people_connect(&world).await;
    make_old_database(&cluster.url).await;
    let store = PostgresStore::connect(&cluster.url).await.unwrap();
    let upgraded = upgraded(&world, Arc::new(store));
    they_go_on(&upgraded, &before).await;
    cluster.store().await;
}

/// Puts the rows into the tables of the first version, and those in the place of today's.
async fn make_old_database(url: &str) {
    let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls)
        .await
        .unwrap();
    let connection = tokio::spawn(connection);
    let first = FIRST
        .replace("{int}", "BIGINT")
        .replace("{bytes}", "BYTEA")
        .replace("{table}", "");
    let later = ["epochs", "tombstones", "key_marks"];
    let mut script = "CREATE SCHEMA now;".to_owned();
    for table in TABLES.iter().map(|(table, _)| *table).chain(later) {
        script += &format!("ALTER TABLE {table} SET SCHEMA now;");
    }
    script += &first;
    for (table, columns) in TABLES {
        script +=
            &format!("INSERT INTO public.{table} ({columns}) SELECT {columns} FROM now.{table};");
    }
    script += "DROP SCHEMA now CASCADE; DELETE FROM odoo_mcp_schema; \
               INSERT INTO odoo_mcp_schema (version) VALUES (1);";
    client.batch_execute(&script).await.unwrap();
    drop(client);
    connection.await.unwrap().unwrap();
}
