//! Time as a parameter: sessions expire by this clock, so that a test can move it.
//!
//! Not for time-outs of connections and bodies: those are measured by the runtime's monotonic
//! clock, which a change of the wall clock cannot shorten.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::{SignedDuration, Timestamp};

/// A source of the current time. Clones share their source.
#[derive(Clone)]
pub struct Clock(Source);

#[derive(Clone)]
enum Source {
    System,
    Manual(Arc<AtomicI64>),
}

/// Moves the time of the [`Clock`] it was made with.
#[derive(Debug, Clone)]
pub struct ManualClock(Arc<AtomicI64>);

impl Clock {
    /// The system's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still at `start` until its [`ManualClock`] is moved.
    #[must_use]
    pub fn manual(start: Timestamp) -> (Self, ManualClock) {
        let millis = Arc::new(AtomicI64::new(start.as_millisecond()));
        (
            Self(Source::Manual(Arc::clone(&millis))),
            ManualClock(millis),
        )
    }

    /// The current time, in UTC.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            Source::System => system_now(),
            Source::Manual(millis) => {
                Timestamp::from_millisecond(millis.load(Ordering::SeqCst)).unwrap_or(Timestamp::MAX)
            }
        }
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self.0 {
            Source::System => "system",
            Source::Manual(_) => "manual",
        };
        f.debug_tuple("Clock").field(&name).finish()
    }
}

impl ManualClock {
    /// Moves the time on (or, with a negative span, back).
    pub fn advance(&self, by: SignedDuration) {
        let millis = i64::try_from(by.as_millis()).unwrap_or(i64::MAX);
        self.0.fetch_add(millis, Ordering::SeqCst);
    }

    /// Sets the time.
    pub fn set(&self, now: Timestamp) {
        self.0.store(now.as_millisecond(), Ordering::SeqCst);
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where this crate reads the clock"
)]
fn system_now() -> Timestamp {
    Timestamp::now()
}
