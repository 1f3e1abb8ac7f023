//! Grants in use: from an access token to who is calling, with which Odoo key.
//!
//! Not for OAuth's requests (`provider.rs`), nor for listing and ending grants (`ledger.rs`).
//!
//! A resolved token is remembered for half a minute, so a warm call asks no store. What is
//! remembered is checked against the clock and against the grants that ended here on each call; a
//! revocation by another process is seen when the memory ends.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use jiff::Timestamp;
use moka::future::Cache;

use crate::{
    clock,
    crypto::{self, KEY_LEN},
    grant::{GrantId, GrantRecord},
    guard::DeathWatch,
    pair::{Pair, PairState},
    realm::{LiveGrant, OpenError, Realm},
    sealed::DataKey,
    store::StoreError,
    token::{Token, TokenKind},
};

/// The most tokens that are remembered.
const MOST_REMEMBERED: u64 = 20_000;

/// How often somebody else may change a pair while it is being opened.
const PATIENCE: usize = 4;

/// Living grants, by access token.
#[derive(Clone)]
pub struct Grants {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) realm: Arc<Realm>,
    remembered: Cache<[u8; KEY_LEN], Resolved>,
    used: Mutex<HashMap<GrantId, Timestamp>>,
    pub(crate) deaths: DeathWatch,
}

#[derive(Clone)]
struct Resolved {
    live: Arc<LiveGrant>,
    ends_at: Timestamp,
    asked_at: Timestamp,
}

/// Why a token is not accepted.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ResolveError {
    /// It is no token, unknown, expired or ended: HTTP 401 `invalid_token` (RFC 6750 section 3.1).
    #[error("the access token is not valid")]
    Invalid,
    /// The store does not answer: HTTP 503. The token may be good.
    #[error("the access token cannot be checked right now")]
    Unavailable(#[source] Arc<StoreError>),
}

impl Grants {
    pub(crate) fn new(realm: Arc<Realm>) -> Self {
        let memory = Duration::try_from(realm.policy.lifetimes.cache).unwrap_or_default();
        let remembered = Cache::builder()
            .max_capacity(MOST_REMEMBERED)
            .time_to_live(memory)
            .build();
        let (used, deaths) = (Mutex::default(), DeathWatch::default());
        Self {
            inner: Arc::new(Inner {
                realm,
                remembered,
                used,
                deaths,
            }),
        }
    }

    /// The grant behind a bearer token.
    ///
    /// # Errors
    ///
    /// When the token is not valid, or the store does not answer.
    pub async fn resolve(&self, bearer: &str) -> Result<Arc<LiveGrant>, ResolveError> {
        let token = Token::parse(TokenKind::Access, bearer).ok_or(ResolveError::Invalid)?;
        let inner = &self.inner;
        let memory_key = crypto::sha256(token.secret().as_slice());
        let now = inner.realm.now();
        if let Some(known) = inner.remembered.get(&memory_key).await {
            if inner.is_fresh(&known, now) {
                return inner.admit(known, now);
            }
            inner.remembered.invalidate(&memory_key).await;
        }
        let loaded = inner
            .remembered
            .try_get_with(memory_key, inner.load(&token))
            .await
            .map_err(|error| (*error).clone())?;
        inner.admit(loaded, now)
    }

    /// Forgets one token, so that it is asked about again.
    pub(crate) async fn forget(&self, token: &Token) {
        self.inner
            .remembered
            .invalidate(&crypto::sha256(token.secret().as_slice()))
            .await;
    }

    /// Writes down when grants were last used.
    pub(crate) async fn note_use(&self) -> Result<(), StoreError> {
        let used = std::mem::take(&mut *self.inner.used());
        if used.is_empty() {
            return Ok(());
        }
        self.inner
            .realm
            .store
            .touch_grants(used.into_iter().collect())
            .await
    }
}

impl Inner {
    fn used(&self) -> std::sync::MutexGuard<'_, HashMap<GrantId, Timestamp>> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_fresh(&self, known: &Resolved, now: Timestamp) -> bool {
        // A clock that went backwards also makes us ask again.
        known.asked_at <= now
            && now < clock::after(known.asked_at, self.realm.policy.lifetimes.cache)
    }

    fn admit(&self, known: Resolved, now: Timestamp) -> Result<Arc<LiveGrant>, ResolveError> {
        if known.ends_at <= now || self.realm.ended.contains_key(&known.live.id) {
            return Err(ResolveError::Invalid);
        }
        self.used().insert(known.live.id, now);
        Ok(known.live)
    }

    async fn load(&self, token: &Token) -> Result<Resolved, ResolveError> {
        let realm = &self.realm;
        let digests = realm.vault.keys.digests(token.secret());
        for _ in 0..PATIENCE {
            let found = realm.store.find_by_access(digests.clone()).await?;
            let (pair, record) = found.ok_or(ResolveError::Invalid)?;
            if let Some(resolved) = self.open(token, pair, record).await? {
                return Ok(resolved);
            }
        }
        Err(ResolveError::Invalid)
    }

    /// What a stored pair gives; nothing when the pair has changed meanwhile.
    async fn open(
        &self,
        token: &Token,
        pair: Pair,
        record: GrantRecord,
    ) -> Result<Option<Resolved>, ResolveError> {
        let realm = &self.realm;
        let now = realm.now();
        let ends_at = pair.access_ends_at();
        let for_us = record.terms.resource == realm.policy.resource;
        if !record.is_active() || ends_at <= now || !for_us {
            return Err(ResolveError::Invalid);
        }
        let data_key = realm.vault.unwrap(token, &pair.access, pair.holder());
        let opened = match data_key {
            Ok(data_key) => realm
                .open(record, &data_key)
                .await
                .map(|live| (data_key, live)),
            Err(error) => Err(error.into()),
        };
        let (data_key, live) = opened.map_err(|error| refused(pair.grant, error))?;
        let ends_at = live
            .key_expires_at
            .map_or(ends_at, |key_end| ends_at.min(key_end));
        let settled = self.settle(token, pair, &data_key, now).await?;
        Ok(settled.then(|| Resolved {
            live: Arc::new(live),
            ends_at,
            asked_at: now,
        }))
    }

    /// Notes the first use of a pair, and moves a personal token to the active master key. `false`
    /// when the pair is no longer what it was.
    async fn settle(
        &self,
        token: &Token,
        pair: Pair,
        data_key: &DataKey,
        now: Timestamp,
    ) -> Result<bool, ResolveError> {
        let realm = &self.realm;
        if pair.state == PairState::Issued {
            return Ok(realm
                .store
                .confirm_pair(pair.grant, pair.access.digest, now)
                .await?);
        }
        if pair.refresh.is_none() && pair.access.kid != realm.vault.keys.active() {
            let ends_at = pair.access.expires_at;
            let moved = realm
                .vault
                .store_token(token, ends_at, pair.holder(), data_key);
            if let Ok(access) = moved {
                realm.store.rekey_access(pair, access).await?;
            }
        }
        Ok(true)
    }
}

impl From<StoreError> for ResolveError {
    fn from(error: StoreError) -> Self {
        Self::Unavailable(Arc::new(error))
    }
}

impl fmt::Debug for Grants {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Grants").finish_non_exhaustive()
    }
}

fn refused(grant: GrantId, error: OpenError) -> ResolveError {
    match error {
        OpenError::Store(error) => error.into(),
        OpenError::Ended => ResolveError::Invalid,
        OpenError::Sealed(_) | OpenError::Crypto(_) => {
            // Either somebody changed the row, or the key ring is another one.
            tracing::error!(%grant, %error, "a grant does not open; was the store changed?");
            ResolveError::Invalid
        }
    }
}
