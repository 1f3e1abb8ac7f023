//! A21: what is printed and what is stored has no secret in it.

use odoo_auth::{AuthorizeRequest, scope};

use crate::world::{ALICE, CLAUDE, CLAUDE_CALLBACK, Tokens, VERIFIER, World};

/// A world in which all that can be kept was kept, and the secrets that went through it.
async fn lived_in() -> (World, Tokens, Vec<String>) {
    let world = World::new();
    let pending = world.pending(CLAUDE, CLAUDE_CALLBACK).await;
    let code = world.code(&pending, ALICE, &scope::KNOWN).await;
    let tokens = world.exchange(CLAUDE, &code, VERIFIER).await.unwrap();
    let newer = world.refresh(CLAUDE, &tokens.refresh).await.unwrap();
    world.resolve(&newer.access).await.unwrap();
    let (id, key) = (tokens.grant.id, ALICE.key());
    let renewed = world
        .provider
        .grants()
        .renew(&id, &ALICE.account(), key)
        .await;
    renewed.unwrap();
    let first = tokens.clone();
    let (access, refresh) = (tokens.access, tokens.refresh);
    let secrets = vec![
        first.odoo_key(),
        code,
        access,
        refresh,
        newer.access,
        newer.refresh,
    ];
    // Without prefix and checksum: the secret itself.
    let bare = |text: String| match text.strip_prefix("omcp_") {
        Some(rest) => rest[3..40].to_owned(),
        None => text,
    };
    (world, first, secrets.into_iter().map(bare).collect())
}

#[tokio::test]
async fn a21_nothing_that_is_stored_is_a_secret() {
    let (world, _, secrets) = lived_in().await;
    let folder = world.folder.as_ref().unwrap();
    let mut kept = Vec::new();
    for name in ["store.db", "store.db-wal", "store.db-shm"] {
        kept.extend(std::fs::read(folder.file(name)).unwrap());
    }
    let login = b"alice of Larkspur";
    assert!(
        kept.windows(login.len()).any(|window| window == login),
        "we look at the right files"
    );
    for secret in secrets {
        let found = kept
            .windows(secret.len())
            .any(|window| window == secret.as_bytes());
        assert!(!found, "a secret is stored in the clear");
    }
}

#[tokio::test]
async fn a21_nothing_that_is_printed_is_a_secret() {
    let (world, tokens, secrets) = lived_in().await;
    let stored = world.store.lookup_grant(tokens.grant.id).await.unwrap();
    let (provider, key) = (&world.provider, ALICE.key());
    let printed = format!(
        "{provider:?} {:?} {:?}",
        provider.keys(),
        provider.entropy()
    );
    let printed = format!(
        "{printed} {:?} {key:?} {:?}",
        tokens.grant,
        stored.unwrap().terms
    );
    for secret in secrets {
        assert!(!printed.contains(&secret));
    }
    let error = AuthorizeRequest::parse("client_id=secret-a&client_id=secret-b").unwrap_err();
    assert!(!error.to_string().contains("secret-"));
}
