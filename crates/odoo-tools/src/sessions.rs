//! The sessions of all users: kept while they are used, opened once per grant, ended on request.
//!
//! Every key is a grant, so nothing of one grant can be reached from another. A session is opened
//! anew after its lifetime even when it is busy, because rights in Odoo change.

use std::sync::Arc;
use std::time::Duration;

use moka::future::Cache;

use crate::session::{OpenError, UserSession};

/// How many sessions are kept, and for how long.
#[derive(Clone, Copy, Debug)]
pub struct SessionLimits {
    /// Without a call for this long, a session is dropped.
    pub idle: Duration,
    /// After this long, what is known of the user is asked again.
    pub lifetime: Duration,
    /// The most sessions at a time; beyond it those used least give way.
    pub max: u64,
}

impl Default for SessionLimits {
    fn default() -> Self {
        let quarter = Duration::from_secs(15 * 60);
        Self {
            idle: quarter,
            lifetime: quarter,
            max: 10_000,
        }
    }
}

/// The open sessions, by grant.
#[derive(Clone, Debug)]
pub struct UserSessions {
    open: Cache<Arc<str>, UserSession>,
}

impl UserSessions {
    /// None yet.
    #[must_use]
    pub fn new(limits: SessionLimits) -> Self {
        let open = Cache::builder()
            .max_capacity(limits.max)
            .time_to_idle(limits.idle)
            .time_to_live(limits.lifetime)
            .build();
        Self { open }
    }

    /// The session of a grant. Calls that come while it is being opened wait for the same opening;
    /// a failure is told to all of them and not remembered.
    pub async fn get(
        &self,
        grant: &str,
        open: impl Future<Output = Result<UserSession, OpenError>>,
    ) -> Result<UserSession, Arc<OpenError>> {
        self.open.try_get_with(Arc::from(grant), open).await
    }

    /// Ends a session: the grant was revoked, or its key died.
    pub async fn evict(&self, grant: &str) {
        self.open.invalidate(grant).await;
    }

    /// How many are open, after dropping those whose time is over.
    pub async fn count(&self) -> u64 {
        self.open.run_pending_tasks().await;
        self.open.entry_count()
    }
}
