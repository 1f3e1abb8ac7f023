//! Sign-in for people who reach their Odoo through an assistant: an OAuth 2.1 provider whose access
//! tokens stand for one person's own Odoo API key, and the encrypted store that keeps them.
//!
//! * [`Provider`] answers what clients and the sign-in page ask. Its decisions are pure functions of
//!   request, stored state and time; it names no HTTP.
//! * [`Grants`] turns an access token into a [`LiveGrant`]: who, which scopes, which Odoo key.
//! * [`Store`] is what both keep, in [`SqliteStore`] or [`PostgresStore`].
//! * [`AuthRoutes`] puts the provider on HTTP, with the sign-in page; [`SignInThrottle`] and
//!   [`DocumentFetcher`] keep it from being misused.
//! * [`KeyRing`] holds the master keys. `crypto.rs` is the only file that names ring.
//!
//! Not for tools, nor for MCP: this crate knows neither.

mod authorize;
mod cimd;
mod client;
mod clients;
mod clock;
mod consent;
mod crypto;
mod epoch;
mod error;
mod exchange;
mod fetch;
mod files;
mod form;
mod grant;
mod grants;
mod guard;
mod keyring;
mod ledger;
mod metadata;
mod own_key;
mod pair;
mod pkce;
mod policy;
mod probe;
mod provider;
mod realm;
mod redirect;
mod refresh;
mod register;
mod revoke;
pub mod scope;
mod sealed;
mod store;
mod throttle;
mod token;
mod tokens;
mod web;

pub use authorize::{AuthorizeError, AuthorizeRequest, ErrorRedirect, Pending, ShownError};
pub use cimd::{DocumentError, DocumentUrl, LARGEST_DOCUMENT};
pub use client::{Client, ClientKind};
pub use clients::{ClientLookup, ClientSummary};
pub use clock::Clock;
pub use consent::{Consent, ConsentError};
pub use crypto::{CryptoError, Entropy, same_secret};
pub use epoch::EpochError;
pub use error::{ErrorCode, OAuthError};
pub use fetch::{DocumentFetcher, FetchError, is_public};
pub use grant::{
    Account, DeadReason, GrantId, GrantKind, GrantRecord, GrantState, NotAGrantId, OdooKey, Phase,
    SealedKey, Terms,
};
pub use grants::{Grants, ResolveError};
pub use keyring::{KeyRing, KeyRingError, KeySource};
pub use ledger::{GrantSummary, IssueError, PersonalGrant, Rejection, RenewError, RetireError};
pub use pair::{Code, Pair, PairState, StoredToken};
pub use policy::{Lifetimes, Policy, PolicyError, RegistrationLimits};
pub use probe::{KeyProbe, KeyState};
pub use provider::{Provider, SealError};
pub use realm::LiveGrant;
pub use redirect::{AllowedRedirects, RedirectError, matches as redirect_matches};
pub use register::{ClientRecord, LARGEST_REGISTRATION, Registration};
pub use revoke::RevokeRequest;
pub use scope::Scope;
pub use store::{
    Answer, Cleaned, CleanupLimits, Digest, EpochEntry, GrantFilter, KeyChange, KeyMark, KeyUse,
    PostgresStore, Rotation, SqliteOptions, SqliteStore, Store, StoreError, Tombstone,
};
pub use throttle::{Attempt, Held, HeldBy, OdooCooldown, SignInThrottle};
pub use tokens::{Issued, LARGEST_FORM, TokenAnswer, TokenRequest};
pub use web::{AuthRoutes, BadNetwork, PeerAddress, TrustedProxies, WebSettings};
