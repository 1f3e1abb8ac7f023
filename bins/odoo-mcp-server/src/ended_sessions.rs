//! Ended MCP sessions, remembered in the store: joins `odoo-auth` and `mcp-transport`, which do not
//! know each other.
//!
//! Not for living sessions; nothing of those is stored.

use std::fmt;
use std::sync::Arc;

use mcp_transport::{EndedSession, EndedSessions, NotRemembered, Remembered};
use odoo_auth::{Store, StoreError, Tombstone};
use tracing::error;

/// How many ended sessions are remembered of a person with one client. A script that begins and
/// ends a session every few minutes fills it within a day, and what is forgotten then are sessions
/// whose program is long gone.
const MAX_REMEMBERED: u32 = 256;

/// The store as the transport's memory.
#[derive(Clone)]
pub struct StoredEnds(Arc<dyn Store>);

impl StoredEnds {
    /// Remembers in this store.
    #[must_use]
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self(store)
    }
}

impl EndedSessions for StoredEnds {
    fn remember(&self, session: EndedSession) -> Remembered<'_, ()> {
        let stone = Tombstone {
            id: session.id,
            owner: session.owner,
            expires_at: session.until,
        };
        Box::pin(async move {
            let buried = self.0.add_tombstone(stone, MAX_REMEMBERED).await;
            buried.map_err(|error| failed(&error))
        })
    }

    fn has_ended(&self, id: [u8; 16]) -> Remembered<'_, bool> {
        Box::pin(async move {
            let buried = self.0.has_tombstone(id).await;
            buried.map_err(|error| failed(&error))
        })
    }
}

fn failed(error: &StoreError) -> NotRemembered {
    error!(%error, "the store does not tell about ended sessions");
    NotRemembered
}

impl fmt::Debug for StoredEnds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StoredEnds").finish_non_exhaustive()
    }
}
