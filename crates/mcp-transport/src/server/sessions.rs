//! The settings of a server's sessions.
//!
//! Not for the sessions themselves, which are in `session`.

use std::sync::Arc;

use super::{BindError, ServerBuilder};
use crate::crypto::SessionKey;
use crate::ended::EndedSessions;
use crate::limits::SessionLimits;
use crate::session::Sessions;

impl<A, T> ServerBuilder<A, T> {
    /// Bounds of sessions.
    pub fn sessions(mut self, limits: SessionLimits) -> Self {
        self.session_limits = limits;
        self
    }

    /// The key that session ids are sealed with. Without one a random key is made, and a
    /// restart ends all sessions (clients then begin new ones by themselves).
    pub fn session_key(mut self, key: SessionKey) -> Self {
        self.session_key = Some(key);
        self
    }

    /// Where it is remembered that a client ended a session. Without it, such a session lives
    /// again (for its owner) when a server with the same key meets its id for the first time.
    pub fn ended_sessions(mut self, memory: Arc<dyn EndedSessions>) -> Self {
        self.ended_sessions = Some(memory);
        self
    }

    pub(super) fn open_sessions(&self) -> Result<Sessions, BindError> {
        let key = match &self.session_key {
            Some(key) => key.clone(),
            None => SessionKey::random(&self.entropy)?,
        };
        let (clock, entropy) = (self.clock.clone(), self.entropy.clone());
        let (limits, memory) = (self.session_limits.clone(), self.ended_sessions.clone());
        let sessions = Sessions::new(limits, key, clock, entropy, memory)?;
        self.stats.attach(&sessions);
        Ok(sessions)
    }
}
