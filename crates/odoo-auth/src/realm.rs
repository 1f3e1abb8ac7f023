//! What the provider and the grants work with together: store, keys, policy and clock; and how a
//! stored grant is opened.
//!
//! Not for deciding who may open it: callers come with a token that they judged.

use std::{fmt, sync::Arc, time::Duration};

use jiff::Timestamp;
use moka::future::Cache;
use oxide_auth::primitives::scope::Scope;
use secrecy::SecretString;

use crate::{
    clock::{self, Clock},
    crypto::{CryptoError, Unsealable},
    grant::{
        Account, DeadReason, GrantId, GrantKind, GrantRecord, GrantState, Phase, SealedKey, Terms,
    },
    policy::Policy,
    sealed::{DataKey, Vault},
    store::{KeyChange, Store, StoreError},
};

/// How often somebody else may change a grant while it is being opened.
const PATIENCE: usize = 4;
/// How many ended grants are remembered until nothing can serve them any more.
const MOST_ENDED: u64 = 100_000;

pub(crate) struct Realm {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) vault: Vault,
    pub(crate) policy: Policy,
    pub(crate) clock: Clock,
    /// Grants that ended lately, so that no cache serves them, however a load and an end race.
    pub(crate) ended: Cache<GrantId, ()>,
}

/// A grant in use: who, what for, and the Odoo key.
#[derive(Clone)]
pub struct LiveGrant {
    /// Its id. Every cache of what this person may see starts with it.
    pub id: GrantId,
    /// How it came to be.
    pub kind: GrantKind,
    /// The client.
    pub client_id: String,
    /// Its name, as it was shown.
    pub client_name: String,
    /// Who it acts for.
    pub account: Account,
    /// What it may do.
    pub scope: Scope,
    /// What its tokens are for.
    pub resource: String,
    /// The Odoo API key.
    pub key: SecretString,
    /// The key's name in Odoo.
    pub key_name: String,
    /// When Odoo stops accepting the key.
    pub key_expires_at: Option<Timestamp>,
    /// When the person consented.
    pub created_at: Timestamp,
}

/// Why a stored grant does not open.
#[derive(Debug, thiserror::Error)]
pub(crate) enum OpenError {
    #[error("the grant ended")]
    Ended,
    #[error(transparent)]
    Sealed(#[from] Unsealable),
    #[error(transparent)]
    Crypto(#[from] CryptoError),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Realm {
    pub(crate) fn new(store: Arc<dyn Store>, vault: Vault, policy: Policy, clock: Clock) -> Self {
        // Twice as long as anything is remembered of a living grant.
        let memory = Duration::try_from(policy.lifetimes.cache).unwrap_or_default() * 2;
        let ended = Cache::builder()
            .max_capacity(MOST_ENDED)
            .time_to_live(memory)
            .build();
        Self {
            store,
            vault,
            policy,
            clock,
            ended,
        }
    }

    /// Ends a grant, here and in the store; whether it was alive.
    pub(crate) async fn end(&self, id: GrantId, reason: DeadReason) -> Result<bool, StoreError> {
        let ended = self.store.end_grant(id, reason, self.now()).await?;
        self.ended.insert(id, ()).await;
        if ended {
            tracing::info!(grant = %id, reason = reason.as_str(), "grant ends");
        }
        Ok(ended)
    }

    pub(crate) fn now(&self) -> Timestamp {
        clock::now(&self.clock)
    }

    /// Opens an active grant. A renewed key that waits takes the old one's place now, and a key
    /// sealed in an older master key's time is sealed again.
    pub(crate) async fn open(
        &self,
        mut record: GrantRecord,
        data_key: &DataKey,
    ) -> Result<LiveGrant, OpenError> {
        for _ in 0..PATIENCE {
            let key = record.key.clone().ok_or(OpenError::Ended)?;
            let secret = self
                .vault
                .open_key((&record.id, &record.terms), data_key, &key)?;
            let change = self.change(&record, key, &secret, data_key)?;
            let Some((change, secret, terms)) = change else {
                return self.living(record, secret);
            };
            if self.store.replace_key(change).await? {
                record.terms = terms;
                return self.living(record, secret);
            }
            let found = self.store.lookup_grant(record.id).await?;
            record = found
                .filter(GrantRecord::is_active)
                .ok_or(OpenError::Ended)?;
        }
        Err(OpenError::Ended)
    }

    /// The change that an opened key needs, with the key and the terms after it.
    fn change(
        &self,
        record: &GrantRecord,
        old: SealedKey,
        secret: &SecretString,
        data_key: &DataKey,
    ) -> Result<Option<(KeyChange, SecretString, Terms)>, OpenError> {
        let mut terms = record.terms.clone();
        let mut secret = secret.clone();
        if let Some(renewal) = &record.renewal {
            let renewed = self.vault.open_renewal(&record.id, renewal)?;
            terms.key_name = renewed.name;
            terms.key_expires_at = renewed.expires_at;
            secret = renewed.secret;
        } else if old.kid == self.vault.keys.active() || record.state != GrantState::Active {
            return Ok(None);
        }
        let change = KeyChange {
            grant: record.id,
            new: self
                .vault
                .seal_key((&record.id, &terms), data_key, &secret)?,
            old,
            renewal: record.renewal.clone(),
            key_name: terms.key_name.clone(),
            key_expires_at: terms.key_expires_at,
        };
        Ok(Some((change, secret, terms)))
    }

    fn living(&self, record: GrantRecord, key: SecretString) -> Result<LiveGrant, OpenError> {
        let terms = record.terms;
        if terms.key_expired(self.now()) {
            return Err(OpenError::Ended);
        }
        Ok(LiveGrant {
            id: record.id,
            kind: terms.kind,
            client_id: terms.client_id,
            client_name: terms.client_name,
            account: terms.account,
            scope: terms.scope,
            resource: terms.resource,
            key,
            key_name: terms.key_name,
            key_expires_at: terms.key_expires_at,
            created_at: terms.created_at,
        })
    }
}

impl LiveGrant {
    /// How far from its end it is.
    pub fn phase(&self, now: Timestamp) -> Phase {
        Phase::of(self.key_expires_at, now)
    }
}

impl fmt::Debug for LiveGrant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("LiveGrant")
            .field("id", &self.id)
            .field("client_id", &self.client_id)
            .field("uid", &self.account.uid)
            .finish_non_exhaustive()
    }
}
