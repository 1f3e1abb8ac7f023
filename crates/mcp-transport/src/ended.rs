//! What is remembered of ended sessions beyond this process.
//!
//! Not for living sessions, whose ids say all there is to know. An id outlives the process that
//! minted it, so that a restart ends nobody's session; that one was ended is the only thing that
//! its seal cannot say.

use std::fmt;
use std::pin::Pin;

use jiff::Timestamp;

/// What an [`EndedSessions`] answers, later.
pub type Remembered<'a, T> = Pin<Box<dyn Future<Output = Result<T, NotRemembered>> + Send + 'a>>;

/// Remembers ended sessions where restarts and replicas find them.
///
/// It is asked once for each session of another process that appears here, and told of each one
/// that a client ends. It must remember at least the latest few of every owner until they expire;
/// when it forgets more, an ended session lives again, for its owner alone.
pub trait EndedSessions: fmt::Debug + Send + Sync + 'static {
    /// Remembers that a session was ended, before the client hears of it.
    fn remember(&self, session: EndedSession) -> Remembered<'_, ()>;

    /// Whether this session was ended.
    fn has_ended(&self, id: [u8; 16]) -> Remembered<'_, bool>;
}

/// An ended session. Both names are digests or random, and of no use to anyone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EndedSession {
    /// Names the session.
    pub id: [u8; 16],
    /// Names the principal that it belonged to.
    pub owner: [u8; 16],
    /// When its id would have had its time in any case.
    pub until: Timestamp,
}

/// The memory does not answer: HTTP 503, upon which clients retry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("what is known of ended sessions cannot be read or written at the moment")]
pub struct NotRemembered;
