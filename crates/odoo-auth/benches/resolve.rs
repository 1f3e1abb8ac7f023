//! What the check of an access token costs when it is warm: no store, no Odoo.
#![expect(
    clippy::unwrap_used,
    reason = "a benchmark that cannot be set up has nothing to measure"
)]

use std::{hint::black_box, sync::Arc, time::Duration};

use criterion::{Criterion, criterion_group, criterion_main};
use odoo_auth::{
    Account, Clock, Entropy, KeyRing, OdooKey, PersonalGrant, Policy, Provider, SqliteOptions,
    SqliteStore, scope,
};
use secrecy::{ExposeSecret, SecretString};
use tokio::runtime::Runtime;
use url::Url;

fn provider(folder: &std::path::Path) -> Provider {
    let store = SqliteStore::open(&folder.join("store.db"), &SqliteOptions::default()).unwrap();
    let entropy = Entropy::system();
    let keys = KeyRing::generate(&entropy).unwrap();
    let policy = Policy::new(&Url::parse("https://odoo-mcp.example.com").unwrap()).unwrap();
    Provider::new(Arc::new(store), keys, policy, Clock::system(), entropy)
}

async fn token(provider: &Provider) -> SecretString {
    let account = Account {
        base_url: "https://odoo.example.com".to_owned(),
        database: "larkspur".to_owned(),
        uid: 7,
        login: "alice".to_owned(),
        name: "Alice Marchetti".to_owned(),
    };
    let key = OdooKey {
        secret: SecretString::from("0".repeat(40)),
        name: "laptop".to_owned(),
        expires_at: None,
    };
    let grant = PersonalGrant {
        name: "laptop".to_owned(),
        account,
        scope: scope::all(),
        key,
        expires_at: None,
    };
    provider.grants().issue(grant).await.unwrap()
}

fn resolve(criterion: &mut Criterion) {
    let folder = tempfile::Builder::new()
        .permissions(permissions())
        .tempdir()
        .unwrap();
    let provider = provider(folder.path());
    let runtime = Runtime::new().unwrap();
    let token = runtime.block_on(token(&provider));
    let grants = provider.grants();
    criterion.bench_function("resolve a known access token", |bencher| {
        bencher.to_async(&runtime).iter(|| async {
            black_box(grants.resolve(token.expose_secret()).await.unwrap());
        });
    });
}

fn permissions() -> std::fs::Permissions {
    use std::os::unix::fs::PermissionsExt;
    std::fs::Permissions::from_mode(0o700)
}

fn short() -> Criterion {
    Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
}

criterion_group! { name = benches; config = short(); targets = resolve }
criterion_main!(benches);
