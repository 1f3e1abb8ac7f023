//! A grant: one person let one client act for her in one Odoo.
//!
//! Not for tokens (`pair.rs`), nor for finding grants (`grants.rs`).

use std::{fmt, str::FromStr};

use jiff::{SignedDuration, Timestamp};
use odoo_json2::Odoo;
use oxide_auth::primitives::scope::Scope;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use crate::{
    crypto::{CryptoError, Entropy, length_prefixed},
    scope,
};

/// From how long before its Odoo key expires a grant counts as expiring.
const EXPIRING: SignedDuration = SignedDuration::from_hours(14 * 24);

/// The id of a grant: 128 random bits, printed as 32 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct GrantId([u8; 16]);

/// Who a grant acts for, and where.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Account {
    /// The Odoo's address, as configured.
    pub base_url: String,
    /// The database.
    pub database: String,
    /// The person's id in `res.users`.
    pub uid: i64,
    /// The login name.
    pub login: String,
    /// The person's name.
    pub name: String,
}

/// An Odoo API key as it was minted or pasted.
#[derive(Clone, Debug)]
pub struct OdooKey {
    /// The key.
    pub secret: SecretString,
    /// Its name in Odoo (`res.users.apikeys.name`).
    pub name: String,
    /// When Odoo stops accepting it; nothing for a persistent key.
    pub expires_at: Option<Timestamp>,
}

/// How a grant came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantKind {
    /// By sign-in and consent in a browser.
    OAuth,
    /// Issued by an operator as one long-lived token.
    Personal,
}

/// What was consented to. None of it ever changes except the key's name and expiry, when a key is
/// renewed; all of it is bound to the sealed key, so that a changed row does not open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// How the grant came to be.
    pub kind: GrantKind,
    /// The client.
    pub client_id: String,
    /// The client's name, as it was shown.
    pub client_name: String,
    /// Who it acts for.
    pub account: Account,
    /// What it may do.
    pub scope: Scope,
    /// The only resource its tokens are for (RFC 8707).
    pub resource: String,
    /// When it was consented to.
    pub created_at: Timestamp,
    /// The name of the Odoo key.
    pub key_name: String,
    /// When the Odoo key expires.
    pub key_expires_at: Option<Timestamp>,
}

/// The Odoo key, sealed, and the id of the master key in whose time that was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedKey {
    /// The master key's id.
    pub kid: String,
    /// AES-256-GCM under the grant's data key.
    pub bytes: Vec<u8>,
}

/// A grant as it is stored.
#[derive(Clone, Debug)]
pub struct GrantRecord {
    /// Its id.
    pub id: GrantId,
    /// What was consented to.
    pub terms: Terms,
    /// Whether it lives.
    pub state: GrantState,
    /// When a token of it was last used; written late and rounded.
    pub last_used_at: Option<Timestamp>,
    /// The sealed Odoo key; nothing once the grant is dead.
    pub key: Option<SealedKey>,
    /// A renewed Odoo key, sealed for the server alone until the next use of a token.
    pub renewal: Option<Vec<u8>>,
}

/// Whether a grant lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GrantState {
    /// Consented to, the code not yet exchanged.
    Pending,
    /// Usable.
    Active,
    /// Ended for good.
    Dead {
        /// Why.
        reason: DeadReason,
        /// When.
        at: Timestamp,
    },
}

/// Why a grant ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeadReason {
    /// Odoo refuses the key: it was removed there, or the user was archived.
    KeyRejected,
    /// The Odoo key expired.
    KeyExpired,
    /// Nobody used it until its last token expired.
    Lapsed,
    /// The authorization code was presented a second time.
    CodeReplayed,
    /// A refresh token was presented after its successor had been used.
    RefreshReused,
    /// The client gave the token back (RFC 7009).
    RevokedByClient,
    /// The person ended it.
    RevokedByUser,
    /// An operator ended it.
    RevokedByOperator,
    /// It came back with an older copy of the store.
    Restored,
}

/// How far a living grant is from its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Nothing to say.
    Active,
    /// The Odoo key expires within 14 days.
    Expiring {
        /// Full days left.
        days: i64,
    },
}

impl GrantId {
    /// A new id.
    ///
    /// # Errors
    ///
    /// When the system gives no randomness.
    pub fn fresh(entropy: &Entropy) -> Result<Self, CryptoError> {
        entropy.bytes().map(Self)
    }

    /// The first eight digits, for names that a person reads.
    pub fn short(&self) -> String {
        self.to_string().chars().take(8).collect()
    }
}

impl fmt::Display for GrantId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl fmt::Debug for GrantId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "GrantId({self})")
    }
}

/// The text is no grant id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a grant id has 32 hexadecimal digits")]
pub struct NotAGrantId;

impl FromStr for GrantId {
    type Err = NotAGrantId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() != 32 || !text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(NotAGrantId);
        }
        let value = u128::from_str_radix(text, 16).map_err(|_| NotAGrantId)?;
        Ok(Self(value.to_be_bytes()))
    }
}

impl TryFrom<String> for GrantId {
    type Error = NotAGrantId;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<GrantId> for String {
    fn from(id: GrantId) -> Self {
        id.to_string()
    }
}

impl GrantRecord {
    /// A grant that begins.
    pub(crate) fn new(id: GrantId, terms: Terms, state: GrantState, key: SealedKey) -> Self {
        Self {
            id,
            terms,
            state,
            last_used_at: None,
            key: Some(key),
            renewal: None,
        }
    }

    /// Whether it is usable.
    pub fn is_active(&self) -> bool {
        self.state == GrantState::Active
    }
}

impl Account {
    /// The account of a person of this Odoo. All accounts are made here, because connections are
    /// found again by the same spelling of the address.
    pub fn of(odoo: &Odoo, uid: i64, login: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            base_url: odoo.base_url().as_str().trim_end_matches('/').to_owned(),
            database: odoo.database().to_owned(),
            uid,
            login: login.into(),
            name: name.into(),
        }
    }

    /// Whether both are the same person in the same database; names may change.
    pub fn is_same_person(&self, other: &Self) -> bool {
        self.base_url == other.base_url && self.database == other.database && self.uid == other.uid
    }
}

impl Terms {
    /// The bytes that a sealed key of this grant is bound to.
    pub(crate) fn binding(&self, id: &GrantId, kid: &str) -> Vec<u8> {
        let key_expires_at = self.key_expires_at.map(Timestamp::as_millisecond);
        let account = &self.account;
        length_prefixed(&[
            b"omcp|1|credential",
            id.to_string().as_bytes(),
            account.base_url.as_bytes(),
            account.database.as_bytes(),
            &account.uid.to_be_bytes(),
            account.login.as_bytes(),
            account.name.as_bytes(),
            self.kind.as_str().as_bytes(),
            self.client_id.as_bytes(),
            self.client_name.as_bytes(),
            scope::canonical(&self.scope).as_bytes(),
            self.resource.as_bytes(),
            &self.created_at.as_millisecond().to_be_bytes(),
            self.key_name.as_bytes(),
            format!("{key_expires_at:?}").as_bytes(),
            kid.as_bytes(),
        ])
    }

    /// Whether the Odoo key is past its end.
    pub(crate) fn key_expired(&self, now: Timestamp) -> bool {
        self.key_expires_at.is_some_and(|end| end <= now)
    }
}

impl Phase {
    /// The phase of a grant whose Odoo key expires then.
    pub(crate) fn of(key_expires_at: Option<Timestamp>, now: Timestamp) -> Self {
        match key_expires_at.map(|end| end.duration_since(now)) {
            Some(left) if left <= EXPIRING => Self::Expiring {
                days: (left.as_hours() / 24).max(0),
            },
            _ => Self::Active,
        }
    }
}

impl GrantKind {
    /// Its name in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OAuth => "oauth",
            Self::Personal => "personal",
        }
    }
}

impl DeadReason {
    /// All reasons.
    pub const ALL: [Self; 9] = [
        Self::KeyRejected,
        Self::KeyExpired,
        Self::Lapsed,
        Self::CodeReplayed,
        Self::RefreshReused,
        Self::RevokedByClient,
        Self::RevokedByUser,
        Self::RevokedByOperator,
        Self::Restored,
    ];

    /// Its name in the store and in logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::KeyRejected => "key_rejected",
            Self::KeyExpired => "key_expired",
            Self::Lapsed => "lapsed",
            Self::CodeReplayed => "code_replayed",
            Self::RefreshReused => "refresh_reused",
            Self::RevokedByClient => "revoked_by_client",
            Self::RevokedByUser => "revoked_by_user",
            Self::RevokedByOperator => "revoked_by_operator",
            Self::Restored => "restored",
        }
    }
}
