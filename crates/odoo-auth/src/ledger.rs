//! Grants as operators and their owners see them: listed, ended, renewed, issued by hand; and the
//! master keys they need.
//!
//! Not for resolving tokens (`grants.rs`).

use std::collections::BTreeMap;

use jiff::Timestamp;
use oxide_auth::primitives::scope::Scope;
use secrecy::SecretString;

use crate::{
    consent::to_millis,
    crypto::CryptoError,
    grant::{
        Account, DeadReason, GrantId, GrantKind, GrantRecord, GrantState, OdooKey, Phase, Terms,
    },
    grants::Grants,
    keyring::{KeyRing, KeyRingError},
    pair::{Pair, PairState},
    policy::Policy,
    scope,
    sealed::Holder,
    store::{GrantFilter, KeyUse, StoreError},
    token::{Token, TokenKind},
};

/// A grant as it is listed, without any secret.
#[derive(Clone, Debug)]
pub struct GrantSummary {
    /// Its id.
    pub id: GrantId,
    /// How it came to be.
    pub kind: GrantKind,
    /// The client.
    pub client_id: String,
    /// Its name.
    pub client_name: String,
    /// Who it acts for.
    pub account: Account,
    /// What it may do.
    pub scope: Scope,
    /// When the person consented.
    pub created_at: Timestamp,
    /// When it was last used, to the minute or so.
    pub last_used_at: Option<Timestamp>,
    /// The Odoo key's name.
    pub key_name: String,
    /// When the Odoo key expires.
    pub key_expires_at: Option<Timestamp>,
    /// Whether it lives.
    pub state: GrantState,
}

/// A token to be issued by hand.
#[derive(Clone, Debug)]
pub struct PersonalGrant {
    /// What it is for, as shown in lists.
    pub name: String,
    /// Who it acts for.
    pub account: Account,
    /// What it may do.
    pub scope: Scope,
    /// The Odoo key.
    pub key: OdooKey,
    /// When the token ends; at the key's end at the latest.
    pub expires_at: Option<Timestamp>,
}

/// What became of a grant whose key Odoo refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rejection {
    /// It ended; the next call gets HTTP 401 `invalid_token`.
    Ended,
    /// It was kept: too many were refused within a minute for all of them to be real.
    Held,
}

/// Why a key is not renewed.
#[derive(Debug, thiserror::Error)]
pub enum RenewError {
    /// The new key is another person's.
    #[error("the new key belongs to another person than the connection")]
    OtherPerson,
    /// There is nothing to renew.
    #[error("the connection has ended")]
    Ended,
    /// The system gave no randomness.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why no token is issued.
#[derive(Debug, thiserror::Error)]
pub enum IssueError {
    /// It would allow nothing.
    #[error("a token needs at least one scope that this server offers")]
    NoScope,
    /// It would have ended already.
    #[error("the token, or the Odoo key it stands for, would have expired already")]
    Expired,
    /// The system gave no randomness.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Why a master key is not retired.
#[derive(Debug, thiserror::Error)]
pub enum RetireError {
    /// Rows need it.
    #[error(
        "the key {id:?} is still needed by {} grants, {} token pairs, {} codes; they move to the \
         active key as they are used, within 30 days, or end them with `grants revoke`",
        uses.grants, uses.pairs, uses.codes
    )]
    InUse {
        /// The key.
        id: String,
        /// By what.
        uses: KeyUse,
    },
    /// It is unknown or the active one.
    #[error(transparent)]
    Ring(#[from] KeyRingError),
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Grants {
    /// Grants that match, newest first, dead ones among them.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    pub async fn list(&self, filter: GrantFilter) -> Result<Vec<GrantSummary>, StoreError> {
        let found = self.inner.realm.store.find_grants(filter).await?;
        Ok(found.into_iter().map(GrantSummary::from).collect())
    }

    /// Ends a grant: its key is erased, its tokens deleted. `false` when it was not alive.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    pub async fn revoke(&self, id: &GrantId, reason: DeadReason) -> Result<bool, StoreError> {
        self.inner.realm.end(*id, reason).await
    }

    /// Odoo refused this grant's key, twice, in its own words: ends it, unless this happens to too
    /// many at once.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    pub async fn key_rejected(&self, id: &GrantId) -> Result<Rejection, StoreError> {
        let realm = &self.inner.realm;
        let active = realm.store.count_active_grants().await?;
        if !self.inner.deaths.admits(*id, active, realm.now()) {
            tracing::error!(grant = %id, "Odoo refuses many keys at once; grants are kept, look at Odoo");
            return Ok(Rejection::Held);
        }
        realm.end(*id, DeadReason::KeyRejected).await?;
        Ok(Rejection::Ended)
    }

    /// Gives a grant a new Odoo key of the same person. The client notices nothing; the key is
    /// taken over at the next use of a token.
    ///
    /// # Errors
    ///
    /// When it is another person's key, the grant has ended, or the store does not answer.
    pub async fn renew(
        &self,
        id: &GrantId,
        account: &Account,
        mut key: OdooKey,
    ) -> Result<(), RenewError> {
        let realm = &self.inner.realm;
        let grant = realm.store.lookup_grant(*id).await?;
        let grant = grant
            .filter(GrantRecord::is_active)
            .ok_or(RenewError::Ended)?;
        if !grant.terms.account.is_same_person(account) {
            return Err(RenewError::OtherPerson);
        }
        key.expires_at = key.expires_at.map(to_millis);
        let sealed = realm.vault.seal_renewal(id, &key)?;
        realm
            .store
            .set_renewal(*id, sealed)
            .await?
            .then_some(())
            .ok_or(RenewError::Ended)
    }

    /// Issues a token by hand, for clients that cannot open a browser. It is not refreshed.
    ///
    /// # Errors
    ///
    /// When it would allow nothing or has ended, or the store does not answer.
    pub async fn issue(&self, wanted: PersonalGrant) -> Result<SecretString, IssueError> {
        let realm = &self.inner.realm;
        let now = realm.now();
        let ends = [wanted.expires_at, wanted.key.expires_at]
            .into_iter()
            .flatten()
            .min();
        let ends_at = to_millis(ends.unwrap_or(Timestamp::MAX));
        if ends_at <= now {
            return Err(IssueError::Expired);
        }
        let (vault, secret) = (&realm.vault, wanted.key.secret.clone());
        let (id, data_key) = (GrantId::fresh(&vault.entropy)?, vault.entropy.key()?);
        let terms = wanted.terms(id, &realm.policy, now)?;
        let key = vault.seal_key((&id, &terms), &data_key, &secret)?;
        let token = Token::fresh(TokenKind::Access, &vault.entropy)?;
        let holder = Holder {
            grant: &id,
            generation: 1,
            facts: &[],
        };
        let access = vault.store_token(&token, ends_at, holder, &data_key)?;
        let pair = Pair {
            grant: id,
            generation: 1,
            state: PairState::Live,
            access,
            refresh: None,
        };
        let grant = GrantRecord::new(id, terms, GrantState::Active, key);
        realm.store.add_personal_grant(grant, pair).await?;
        Ok(token.reveal())
    }

    /// How many rows need which master key.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    pub async fn key_use(&self) -> Result<BTreeMap<String, KeyUse>, StoreError> {
        let mut uses = self.inner.realm.store.count_key_use().await?;
        for id in self.inner.realm.vault.keys.ids() {
            uses.entry(id.to_owned()).or_default();
        }
        Ok(uses)
    }

    /// The keys that what is in the store needs and the key ring does not have, by their ids: all of
    /// them when it has none, and those under whose ids it has other keys. Empty for a ring that
    /// fits. With one that does not, everybody would have to sign in again.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    pub async fn foreign_keys(&self) -> Result<Vec<String>, StoreError> {
        let realm = &self.inner.realm;
        let used = realm.store.count_key_use().await?.into_iter();
        let used = used.filter(|(_, uses)| *uses != KeyUse::default());
        let used: Vec<String> = used.map(|(id, _)| id).collect();
        let keys = &realm.vault.keys;
        if !used.is_empty() && !used.iter().any(|id| keys.get(id).is_some()) {
            return Ok(used);
        }
        realm.store.compare_keys(keys.marks(), used).await
    }

    /// The key ring without one key, for the caller to put in the old one's place.
    ///
    /// # Errors
    ///
    /// When a row needs the key, when it is unknown or active, or the store does not answer.
    pub async fn retire(&self, key_id: &str) -> Result<KeyRing, RetireError> {
        let without = self.inner.realm.vault.keys.without(key_id)?;
        let uses = self.key_use().await?.remove(key_id).unwrap_or_default();
        if uses != KeyUse::default() {
            return Err(RetireError::InUse {
                id: key_id.to_owned(),
                uses,
            });
        }
        Ok(without)
    }
}

impl PersonalGrant {
    fn terms(self, id: GrantId, policy: &Policy, now: Timestamp) -> Result<Terms, IssueError> {
        let scope = scope::intersect(&self.scope, &policy.offered);
        if scope::is_empty(&scope) {
            return Err(IssueError::NoScope);
        }
        Ok(Terms {
            kind: GrantKind::Personal,
            client_id: format!("personal:{}", id.short()),
            client_name: self.name,
            account: self.account,
            scope,
            resource: policy.resource.clone(),
            created_at: now,
            key_name: self.key.name,
            key_expires_at: self.key.expires_at.map(to_millis),
        })
    }
}

impl GrantSummary {
    /// How far from its end it is, while it lives.
    pub fn phase(&self, now: Timestamp) -> Option<Phase> {
        (self.state == GrantState::Active).then(|| Phase::of(self.key_expires_at, now))
    }
}

impl From<GrantRecord> for GrantSummary {
    fn from(grant: GrantRecord) -> Self {
        let terms = grant.terms;
        Self {
            id: grant.id,
            kind: terms.kind,
            client_id: terms.client_id,
            client_name: terms.client_name,
            account: terms.account,
            scope: terms.scope,
            created_at: terms.created_at,
            last_used_at: grant.last_used_at,
            key_name: terms.key_name,
            key_expires_at: terms.key_expires_at,
            state: grant.state,
        }
    }
}
