//! Records for the store's contract, and a store under test whose verbs must not fail.

use std::time::Duration;

use jiff::Timestamp;
use odoo_auth::{
    Code, Digest, Entropy, GrantId, GrantKind, GrantRecord, GrantState, KeyChange, Pair, PairState,
    Rotation, SealedKey, Store, StoredToken, Terms, scope,
};

use crate::world::{Person, RESOURCE, start};

/// Makes records that differ.
pub(crate) struct Maker(pub(crate) Entropy);

impl Maker {
    pub(crate) fn new() -> Self {
        Self(Entropy::system())
    }

    pub(crate) fn digest(&self) -> [u8; 32] {
        self.0.bytes().unwrap()
    }

    pub(crate) fn stored(&self, minutes: u64) -> StoredToken {
        let expires_at = at(minutes * 60);
        StoredToken {
            digest: self.digest(),
            kid: "k1".to_owned(),
            expires_at,
            wrap: Some(vec![1, 2]),
        }
    }

    pub(crate) fn grant(&self, person: Person) -> GrantRecord {
        let terms = Terms {
            kind: GrantKind::OAuth,
            client_id: "client".to_owned(),
            client_name: "Client".to_owned(),
            account: person.account(),
            scope: scope::of([scope::READ, scope::APPROVE]),
            resource: RESOURCE.to_owned(),
            created_at: start(),
            key_name: "Odoo MCP".to_owned(),
            key_expires_at: Some(at(90 * 24 * 3600)),
        };
        GrantRecord {
            id: GrantId::fresh(&self.0).unwrap(),
            terms,
            state: GrantState::Pending,
            last_used_at: None,
            key: Some(SealedKey {
                kid: "k1".to_owned(),
                bytes: vec![9; 40],
            }),
            renewal: None,
        }
    }

    pub(crate) fn code(&self, grant: GrantId) -> Code {
        let (redirect_uri, challenge) = ("https://claude.ai/cb".to_owned(), "xS".to_owned());
        Code {
            grant,
            token: self.stored(1),
            redirect_uri,
            challenge,
            used_at: None,
        }
    }

    pub(crate) fn pair(&self, grant: GrantId, generation: i64) -> Pair {
        let refresh = Some(self.stored(30 * 24 * 60));
        let state = PairState::Issued;
        Pair {
            grant,
            generation,
            state,
            access: self.stored(60),
            refresh,
        }
    }

    pub(crate) fn step(&self, from: &Pair) -> Rotation {
        let successor = self.pair(from.grant, from.generation + 1);
        Rotation {
            from: from.refresh.as_ref().unwrap().digest,
            salt: self.digest(),
            successor,
            at: at(5),
        }
    }

    /// A grant that was signed in to, with its first pair.
    pub(crate) async fn active(&self, bench: Bench<'_>, person: Person) -> Pair {
        let grant = self.grant(person);
        let pair = self.pair(grant.id, 1);
        assert!(bench.add(&grant, self.code(grant.id)).await);
        assert!(bench.consume(pair.clone(), 1).await);
        pair
    }
}

pub(crate) fn at(seconds: u64) -> Timestamp {
    start() + Duration::from_secs(seconds)
}

/// A store whose verbs must not fail.
#[derive(Clone, Copy)]
pub(crate) struct Bench<'a>(pub(crate) &'a dyn Store);

impl Bench<'_> {
    pub(crate) async fn grant(self, id: GrantId) -> GrantRecord {
        self.0
            .lookup_grant(id)
            .await
            .unwrap()
            .expect("the grant is there")
    }

    pub(crate) async fn has(self, id: GrantId) -> bool {
        self.0.lookup_grant(id).await.unwrap().is_some()
    }

    pub(crate) async fn by_access(self, digest: Digest) -> Option<(Pair, GrantRecord)> {
        self.0.find_by_access(vec![digest]).await.unwrap()
    }

    pub(crate) async fn by_refresh(self, digest: Digest) -> Option<(Pair, GrantRecord)> {
        self.0.find_by_refresh(vec![digest]).await.unwrap()
    }

    pub(crate) async fn state(self, pair: &Pair) -> Option<PairState> {
        self.by_access(pair.access.digest)
            .await
            .map(|(pair, _)| pair.state)
    }

    pub(crate) async fn add(self, grant: &GrantRecord, code: Code) -> bool {
        self.0.add_grant(grant.clone(), code).await.unwrap()
    }

    pub(crate) async fn consume(self, first: Pair, seconds: u64) -> bool {
        self.0.consume_code(first, at(seconds)).await.unwrap()
    }

    pub(crate) async fn confirm(self, pair: &Pair, seconds: u64) -> bool {
        let access = pair.access.digest;
        self.0
            .confirm_pair(pair.grant, access, at(seconds))
            .await
            .unwrap()
    }

    pub(crate) async fn rotate(self, step: Rotation) -> bool {
        self.0.rotate_pair(step).await.unwrap()
    }

    pub(crate) async fn reissue(self, step: Rotation, salt: Digest) -> bool {
        self.0.reissue_pair(step, salt).await.unwrap()
    }

    pub(crate) async fn replace(self, change: KeyChange) -> bool {
        self.0.replace_key(change).await.unwrap()
    }

    pub(crate) async fn rekey(self, pair: &Pair, access: &StoredToken) -> bool {
        self.0
            .rekey_access(pair.clone(), access.clone())
            .await
            .unwrap()
    }
}
