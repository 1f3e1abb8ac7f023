//! The credential store: what it promises. Two back ends keep the promise, SQLite for one node and
//! PostgreSQL for several, and one contract test suite runs on both.
//!
//! Four rules. Every verb can fail, with [`StoreError`]. What is not there is `Ok(None)` or
//! `Ok(false)`, not an error. Time comes in as a parameter. And whatever changes a grant or its
//! tokens is one transaction that first takes hold of the grant's row, so that of two who want the
//! same transition one gets `true` and the other `false`.
//!
//! Not for secrets in the clear: tokens come as digests, keys come sealed.

mod codec;
mod connection;
mod postgres;
mod schema;
mod sqlite;
mod verbs;

use std::{collections::BTreeMap, path::PathBuf, pin::Pin};

use jiff::Timestamp;

use crate::{
    crypto::KEY_LEN,
    grant::{Account, DeadReason, GrantId, GrantRecord, SealedKey},
    pair::{Code, Pair, StoredToken},
    register::ClientRecord,
};

pub use postgres::PostgresStore;
pub use sqlite::{SqliteOptions, SqliteStore};

/// What a verb answers, later.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// The digest of a token.
pub type Digest = [u8; KEY_LEN];

/// Keeps clients, grants, codes and token pairs.
pub trait Store: Send + Sync + 'static {
    /// Whether the store answers and can be written to.
    fn ping(&self) -> Answer<'_, ()>;

    /// A registered client.
    fn lookup_client(&self, id: &str) -> Answer<'_, Option<ClientRecord>>;
    /// Adds a client unless it is there, and gives what is there. Beyond `most` clients the oldest
    /// one that was never used makes room, else the longest unused one without a grant that lives;
    /// nothing when there is none.
    fn add_client(&self, client: ClientRecord, most: u32) -> Answer<'_, Option<ClientRecord>>;
    /// Notes that a client was used.
    fn touch_client(&self, id: &str, at: Timestamp) -> Answer<'_, ()>;
    /// All clients with the number of their active grants, newest first.
    fn list_clients(&self) -> Answer<'_, Vec<(ClientRecord, u64)>>;
    /// Removes a client and ends its grants, which it gives; nothing when it is not there.
    fn remove_client(&self, id: &str, at: Timestamp) -> Answer<'_, Option<Vec<GrantId>>>;
    /// Whether there is a grant of this client, registered or not, in whatever state.
    fn has_grants(&self, client_id: &str) -> Answer<'_, bool>;

    /// A grant, living or dead.
    fn lookup_grant(&self, id: GrantId) -> Answer<'_, Option<GrantRecord>>;
    /// Grants that were at least once active, newest first.
    fn find_grants(&self, filter: GrantFilter) -> Answer<'_, Vec<GrantRecord>>;
    /// How many grants are active.
    fn count_active_grants(&self) -> Answer<'_, u64>;
    /// Adds a pending grant with its code; `false` when the id is taken, so that one sign-in page
    /// makes one grant.
    fn add_grant(&self, grant: GrantRecord, code: Code) -> Answer<'_, bool>;
    /// Adds an active grant with its only token.
    fn add_personal_grant(&self, grant: GrantRecord, pair: Pair) -> Answer<'_, bool>;
    /// Ends a grant: erases its key, deletes its codes and tokens. `false` when it was not alive.
    fn end_grant(&self, id: GrantId, reason: DeadReason, at: Timestamp) -> Answer<'_, bool>;
    /// Puts a renewed key, sealed for the server, beside the old one; `false` when not active.
    fn set_renewal(&self, id: GrantId, renewal: Vec<u8>) -> Answer<'_, bool>;
    /// Puts a key in the place of the one that is there, with its name and expiry, and takes away
    /// the renewal it came from. `false` when the key or the renewal is no longer that one.
    fn replace_key(&self, change: KeyChange) -> Answer<'_, bool>;
    /// Notes when grants were last used.
    fn touch_grants(&self, used: Vec<(GrantId, Timestamp)>) -> Answer<'_, ()>;

    /// A code, by any of these digests, with its grant.
    fn find_code(&self, digests: Vec<Digest>) -> Answer<'_, Option<(Code, GrantRecord)>>;
    /// Consumes a code once, activates its grant and adds the first pair. `false` when the code was
    /// used already or the grant is not pending.
    fn consume_code(&self, first: Pair, at: Timestamp) -> Answer<'_, bool>;

    /// A pair, by any of these digests of its access token, with its grant.
    fn find_by_access(&self, digests: Vec<Digest>) -> Answer<'_, Option<(Pair, GrantRecord)>>;
    /// A pair, by any of these digests of its refresh token, with its grant.
    fn find_by_refresh(&self, digests: Vec<Digest>) -> Answer<'_, Option<(Pair, GrantRecord)>>;
    /// Notes the first use of the pair with this access token: `Issued` becomes `Live`, its
    /// predecessor `Spent`. `false` when it was not `Issued`, or has been replaced.
    fn confirm_pair(&self, id: GrantId, access: Digest, at: Timestamp) -> Answer<'_, bool>;
    /// Replaces the head of a grant by its successor: the head becomes `Rotated`, its predecessor
    /// `Spent`. `false` when `rotation.from` no longer belongs to the head.
    fn rotate_pair(&self, rotation: Rotation) -> Answer<'_, bool>;
    /// Replaces a head that nobody has used by another one with the same predecessor. `false` when
    /// somebody has used it by now, or replaced it.
    fn reissue_pair(&self, rotation: Rotation, replaced_salt: Digest) -> Answer<'_, bool>;
    /// Stores an access token under another master key; for personal tokens, which live long.
    fn rekey_access(&self, pair: Pair, access: StoredToken) -> Answer<'_, bool>;

    /// The epoch in which the store was used last.
    fn epoch(&self) -> Answer<'_, i64>;
    /// Brings the store into an epoch. One that is older ends all its grants first, in the same
    /// transaction, and gives them; one that is newer is left as it is and refuses.
    fn enter_epoch(&self, epoch: i64, at: Timestamp) -> Answer<'_, EpochEntry>;

    /// Remembers that something was ended, until it would have ended in any case; of each owner
    /// the latest `most`.
    fn add_tombstone(&self, stone: Tombstone, most: u32) -> Answer<'_, ()>;
    /// Whether that was ended.
    fn has_tombstone(&self, id: [u8; 16]) -> Answer<'_, bool>;

    /// Compares master keys with those that the store was used with: the ids of `needed` that meant
    /// another key. When there is none, these are the ones it is used with from now on.
    fn compare_keys(&self, marks: Vec<KeyMark>, needed: Vec<String>) -> Answer<'_, Vec<String>>;

    /// How many rows need which master key.
    fn count_key_use(&self) -> Answer<'_, BTreeMap<String, KeyUse>>;
    /// Deletes what has expired.
    fn cleanup(&self, limits: CleanupLimits) -> Answer<'_, Cleaned>;
}

/// What became of a store that was brought into an epoch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EpochEntry {
    /// It is of this epoch.
    Same,
    /// It was older; these grants ended.
    Entered(Vec<GrantId>),
    /// It is of this newer epoch.
    Newer(i64),
}

/// Tells a master key from another of the same id, and opens nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyMark {
    /// The id.
    pub kid: String,
    /// Derived from the key.
    pub mark: Digest,
}

/// Which grants are wanted.
#[derive(Clone, Debug, Default)]
pub struct GrantFilter {
    person: Option<(String, String, i64)>,
}

/// The name of something that was ended and must not come back. What it names is the program's
/// matter; the store knows that a name is random, or a digest, and tells nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tombstone {
    /// The name.
    pub id: [u8; 16],
    /// Names whose it was.
    pub owner: [u8; 16],
    /// When it would have ended in any case.
    pub expires_at: Timestamp,
}

/// A new key for a grant.
#[derive(Clone, Debug)]
pub struct KeyChange {
    /// The grant.
    pub grant: GrantId,
    /// The sealed key that is replaced.
    pub old: SealedKey,
    /// The renewal it comes from; nothing when the same key was only sealed again.
    pub renewal: Option<Vec<u8>>,
    /// The sealed key.
    pub new: SealedKey,
    /// Its name in Odoo.
    pub key_name: String,
    /// Its end.
    pub key_expires_at: Option<Timestamp>,
}

/// A step of a line of pairs.
#[derive(Clone, Debug)]
pub struct Rotation {
    /// The digest of the refresh token that was presented; of two pairs that were the same step of
    /// the line, it tells which one is meant.
    pub from: Digest,
    /// What the successor was derived with.
    pub salt: Digest,
    /// The successor; its grant is the one that is meant.
    pub successor: Pair,
    /// When.
    pub at: Timestamp,
}

/// How many rows need a master key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyUse {
    /// Grants whose key or renewal was sealed in its time.
    pub grants: u64,
    /// Pairs one of whose tokens is stored under it.
    pub pairs: u64,
    /// Codes stored under it.
    pub codes: u64,
}

/// What counts as expired.
#[derive(Clone, Copy, Debug)]
pub struct CleanupLimits {
    /// Now.
    pub now: Timestamp,
    /// Clients registered before this and never used go.
    pub unused_clients_before: Timestamp,
    /// Clients not used since go.
    pub idle_clients_before: Timestamp,
    /// Pending grants from before this go, with their codes.
    pub pending_before: Timestamp,
    /// What tells the head's tokens to the holder of its predecessor goes when the head was first
    /// used before this.
    pub salts_before: Timestamp,
    /// Codes from before this go; until then a replay is recognised.
    pub codes_before: Timestamp,
    /// Dead grants from before this go.
    pub dead_before: Timestamp,
}

/// What was deleted or ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cleaned {
    /// Clients.
    pub clients: u64,
    /// Pairs.
    pub pairs: u64,
    /// Codes and pending grants.
    pub codes: u64,
    /// Grants that ended because their key or their last token expired.
    pub ended: Vec<GrantId>,
}

/// Why the store does not answer.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database refused or is out of reach.
    #[error("the credential store failed: {0}")]
    Failed(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// A row does not read as what it should be.
    #[error("the credential store holds a damaged row: {0}")]
    Damaged(&'static str),
    /// A newer version of this program has written to it.
    #[error(
        "the credential store has schema {found}, this program knows {known}; use the newer program, or a backup from before the upgrade"
    )]
    NewerSchema {
        /// What the store has.
        found: i64,
        /// What we know.
        known: i64,
    },
    /// Others may read the file or its folder.
    #[error(
        "{path} has mode {mode:03o}; nobody but its owner may have access: chmod 700 the folder, chmod 600 the file"
    )]
    Exposed {
        /// The file or folder.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The database's address cannot be used.
    #[error("the database address cannot be used: {0}")]
    Address(String),
    /// The store was closed.
    #[error("the credential store was closed")]
    Closed,
}

impl GrantFilter {
    /// All grants.
    pub fn all() -> Self {
        Self::default()
    }

    /// The grants of one person.
    pub fn of(account: &Account) -> Self {
        let person = (
            account.base_url.clone(),
            account.database.clone(),
            account.uid,
        );
        Self {
            person: Some(person),
        }
    }
}

impl StoreError {
    pub(crate) fn failed(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Failed(Box::new(error))
    }
}
