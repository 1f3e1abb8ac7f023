//! A pair of tokens and its states: the line of descent of which only one branch ever lives.
//!
//! Not for storing it (`store.rs`), nor for deciding what a request may do with it (`refresh.rs`).
//!
//! ```text
//! Issued --first use--> Live --refresh--> Rotated --successor's first use--> Spent
//!    \----------------refresh----------------^
//! ```
//!
//! A spent pair keeps its salt while its successor is the head: with the refresh token that tells
//! the head's tokens again, to a process of the same client that missed the refresh.
//!
//! A grant has at most one pair that is `Issued` or `Live` (the head) and at most one that is
//! `Rotated` (the head's predecessor, still good while nobody has used the head, in case the answer
//! with the head was lost). Both back ends enforce that with unique indexes.

use jiff::{SignedDuration, Timestamp};

use crate::{clock, crypto::KEY_LEN, grant::GrantId};

/// How long a predecessor's access token is accepted after its successor was first used, for calls
/// that were already under way.
const OVERLAP: SignedDuration = SignedDuration::from_secs(30);

/// One token of a pair, as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredToken {
    /// HMAC-SHA256 of the token's secret under the pepper of the master key `kid`.
    pub digest: [u8; KEY_LEN],
    /// The id of that master key, which also wraps.
    pub kid: String,
    /// When the token ends.
    pub expires_at: Timestamp,
    /// The grant's data key, wrapped by this token and the master key; erased when no longer needed.
    pub wrap: Option<Vec<u8>>,
}

/// A pair of tokens. Its id is its grant and its generation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// The grant.
    pub grant: GrantId,
    /// Its place in the line, from 1.
    pub generation: i64,
    /// Its state.
    pub state: PairState,
    /// The access token.
    pub access: StoredToken,
    /// The refresh token; a personal token has none.
    pub refresh: Option<StoredToken>,
}

/// The state of a pair.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PairState {
    /// Handed out, not yet used.
    Issued,
    /// Used.
    Live,
    /// Refreshed; the successor has not been used.
    Rotated {
        /// When.
        at: Timestamp,
        /// From which, with the refresh token, the successor was derived.
        salt: [u8; KEY_LEN],
    },
    /// Refreshed, and the successor was used.
    Spent {
        /// When the successor was first used.
        at: Timestamp,
        /// From which the successor was derived, while that has not been refreshed itself.
        salt: Option<[u8; KEY_LEN]>,
    },
}

/// An authorization code, as it is stored. Its id is its grant's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// The grant.
    pub grant: GrantId,
    /// The code itself.
    pub token: StoredToken,
    /// Where it was sent.
    pub redirect_uri: String,
    /// The S256 challenge (RFC 7636).
    pub challenge: String,
    /// When it was exchanged.
    pub used_at: Option<Timestamp>,
}

impl Pair {
    /// When the access token ends: at its expiry, or shortly after a successor was first used.
    pub(crate) fn access_ends_at(&self) -> Timestamp {
        match self.state {
            PairState::Spent { at, .. } => self.access.expires_at.min(clock::after(at, OVERLAP)),
            _ => self.access.expires_at,
        }
    }
}

impl PairState {
    /// Its name in the store.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Issued => "issued",
            Self::Live => "live",
            Self::Rotated { .. } => "rotated",
            Self::Spent { .. } => "spent",
        }
    }
}
