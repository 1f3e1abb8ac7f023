//! What became of the form of a visit, so that a second click is told the truth.
//!
//! Not for whose form it is (`transaction.rs`). It is remembered in this process and for minutes.

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use moka::future::Cache;
use secrecy::SecretString;
use tokio::sync::Mutex;

use crate::{Account, GrantId};

/// For how long a form that was sent already is answered as the first time, when the same browser
/// sends it again: browsers show the answer of the last click only. The code itself lives longer.
pub(super) const REPEATABLE: SignedDuration = SignedDuration::from_secs(30);
/// The most visits that are remembered; a visit needs an Odoo account to get here.
const MAX_VISITS: u64 = 10_000;
/// Longer than a sign-in page is open.
const MEMORY: Duration = Duration::from_secs(900);

/// Visits whose form was sent, by the grant that they may make.
pub(super) struct Visits(Cache<GrantId, Visit>);

/// A visit: a second click waits for the first instead of making a second key.
pub(super) type Visit = Arc<Mutex<Option<Sent>>>;

/// A form that made a connection.
pub(super) struct Sent {
    /// Where the browser was sent to, with the code.
    pub(super) location: SecretString,
    pub(super) account: Account,
    pub(super) at: Timestamp,
}

impl Visits {
    /// The visit that may make this grant.
    pub(super) async fn of(&self, grant: GrantId) -> Visit {
        self.0.get_with(grant, async { Visit::default() }).await
    }

    /// Whether the form of a visit made a connection, as far as is remembered.
    pub(super) async fn is_sent(&self, grant: &GrantId) -> bool {
        match self.0.get(grant).await {
            Some(visit) => visit.lock().await.is_some(),
            None => false,
        }
    }
}

impl Default for Visits {
    fn default() -> Self {
        let cache = Cache::builder().max_capacity(MAX_VISITS);
        Self(cache.time_to_live(MEMORY).build())
    }
}
