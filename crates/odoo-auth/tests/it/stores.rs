//! Both back ends under the one contract, and what is special to each.

use std::{path::Path, sync::Arc, time::Duration};

use odoo_auth::{PostgresStore, SqliteOptions, SqliteStore, Store, StoreError};

use crate::{
    cluster::Cluster,
    contract, contract_epochs, contract_races,
    folder::{Folder, restrict},
    machine,
    world::{ALICE, CLAUDE, World, open_sqlite, policy},
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sqlite_keeps_the_contract() {
    let folder = Folder::new();
    let store = Arc::new(open_sqlite(&folder.file("store.db")));
    contract::holds(store.as_ref()).await;
    contract_races::holds(store).await;
    let open = || {
        let patient = SqliteOptions::default();
        Arc::new(SqliteStore::open(&folder.file("store.db"), &patient).unwrap())
    };
    two_processes_refresh_at_once(open(), open()).await;
    two_processes_missed_the_refresh(open(), open()).await;
    contract_epochs::holds(open(), open()).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_keeps_the_contract() {
    let Some(cluster) = Cluster::start().await else {
        return;
    };
    contract::holds(cluster.store().await.as_ref()).await;
    contract_races::holds(cluster.store().await).await;
    two_processes_refresh_at_once(cluster.store().await, cluster.store().await).await;
    two_processes_missed_the_refresh(cluster.store().await, cluster.store().await).await;
    let store: Arc<dyn Store> = cluster.store().await;
    machine::runs(&store, 8);
    contract_epochs::holds(cluster.store().await, cluster.store().await).await;
    let lost = PostgresStore::connect("postgres://omcp@127.0.0.1:1/none").await;
    assert!(matches!(lost, Err(StoreError::Failed(_))));
    let tls = PostgresStore::connect(&format!("{}?sslmode=require", cluster.url)).await;
    assert!(matches!(tls, Err(StoreError::Address(_))));
}

/// Two processes, one database: the same refresh token at both ends with one pair.
async fn two_processes_refresh_at_once(one: Arc<dyn Store>, other: Arc<dyn Store>) {
    let one = Arc::new(World::over(one, policy(), 77));
    let other = Arc::new(World::over(other, policy(), 77));
    for _ in 0..20 {
        let first = one.sign_in(ALICE, CLAUDE).await;
        let tasks: Vec<_> = (0..8)
            .map(|number| {
                let world = Arc::clone(if number % 2 == 0 { &one } else { &other });
                let token = first.refresh.clone();
                tokio::spawn(async move { world.refresh(CLAUDE, &token).await })
            })
            .collect();
        let mut pairs = Vec::new();
        for task in tasks {
            pairs.push(task.await.unwrap().unwrap().refresh);
        }
        pairs.dedup();
        assert_eq!(pairs.len(), 1);
    }
}

/// Two servers, one database: a client's processes come with the predecessor at both, while the
/// pair that they share is in use.
async fn two_processes_missed_the_refresh(one: Arc<dyn Store>, other: Arc<dyn Store>) {
    let one = Arc::new(World::over(one, policy(), 78));
    let other = Arc::new(World::over(other, policy(), 78));
    for _ in 0..20 {
        let first = one.sign_in(ALICE, CLAUDE).await;
        let second = one.refresh(CLAUDE, &first.refresh).await.unwrap();
        assert!(other.works(&second.access).await);
        let tasks: Vec<_> = (0..8)
            .map(|number| {
                let world = Arc::clone(if number % 2 == 0 { &one } else { &other });
                let token = first.refresh.clone();
                tokio::spawn(async move { world.refresh(CLAUDE, &token).await })
            })
            .collect();
        for task in tasks {
            let told = task.await.unwrap().unwrap();
            assert_eq!(
                (told.access, told.refresh),
                (second.access.clone(), second.refresh.clone())
            );
        }
    }
}

#[tokio::test]
async fn sqlite_refuses_files_that_others_may_read() {
    let folder = Folder::new();
    let path = folder.file("store.db");
    drop(open_sqlite(&path));
    let refused = |path: &Path| {
        matches!(
            SqliteStore::open(path, &SqliteOptions::default()),
            Err(StoreError::Exposed { .. })
        )
    };
    restrict(&path, 0o640);
    assert!(refused(&path));
    restrict(&path, 0o600);
    restrict(folder.path(), 0o755);
    assert!(refused(&path));
    restrict(folder.path(), 0o700);
    assert!(!refused(&path));
}

#[tokio::test]
async fn sqlite_makes_everything_private() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::new();
    let store = open_sqlite(&folder.file("deep/store.db"));
    contract::holds(&store).await;
    let mode = |name: &str| {
        std::fs::metadata(folder.file(name))
            .unwrap()
            .permissions()
            .mode()
    };
    assert_eq!(mode("deep") & 0o777, 0o700);
    for name in ["deep/store.db", "deep/store.db-wal", "deep/store.db-shm"] {
        assert_eq!(mode(name) & 0o777, 0o600, "{name}");
    }
    store.backup(&folder.file("copy.db")).await.unwrap();
    assert_eq!(mode("copy.db") & 0o777, 0o600);
    assert!(
        store.backup(&folder.file("copy.db")).await.is_err(),
        "nothing is overwritten"
    );
    open_sqlite(&folder.file("copy.db"));
}

#[tokio::test]
async fn sqlite_refuses_a_newer_schema_and_damage() {
    let folder = Folder::new();
    let path = folder.file("store.db");
    drop(open_sqlite(&path));
    let direct = rusqlite::Connection::open(&path).unwrap();
    direct.pragma_update(None, "user_version", 99).unwrap();
    let newer = SqliteStore::open(&path, &SqliteOptions::default());
    assert!(matches!(
        newer,
        Err(StoreError::NewerSchema { found: 99, .. })
    ));
    let garbage = folder.file("garbage.db");
    std::fs::write(&garbage, b"this is no database, whatever it says it is").unwrap();
    restrict(&garbage, 0o600);
    let options = SqliteOptions {
        integrity_check: true,
        busy_timeout: Duration::from_millis(50),
    };
    assert!(SqliteStore::open(&garbage, &options).is_err());
}
