//! The time of day as a parameter, so that tests can move it.
//!
//! The client itself needs no clock; programs built on it do (what is overdue, when a key expires),
//! and they all meet Odoo's dates here.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use jiff::{SignedDuration, Timestamp, tz::TimeZone};

use crate::Date;

/// Tells the time.
#[derive(Clone)]
pub struct Clock {
    source: Source,
}

#[derive(Clone)]
enum Source {
    System,
    Manual(Arc<Mutex<Timestamp>>),
}

/// The hands of a clock made by [`Clock::manual`].
#[derive(Clone, Debug)]
pub struct ManualClock {
    time: Arc<Mutex<Timestamp>>,
}

impl Clock {
    /// The clock of the operating system.
    pub fn system() -> Self {
        Self {
            source: Source::System,
        }
    }

    /// A clock that stands still.
    pub fn fixed(time: Timestamp) -> Self {
        Self {
            source: Source::Manual(Arc::new(Mutex::new(time))),
        }
    }

    /// A clock that moves only when it is told to.
    pub fn manual(start: Timestamp) -> (Self, ManualClock) {
        let time = Arc::new(Mutex::new(start));
        (
            Self {
                source: Source::Manual(time.clone()),
            },
            ManualClock { time },
        )
    }

    /// Now.
    pub fn now(&self) -> Timestamp {
        match &self.source {
            Source::System => system_now(),
            Source::Manual(time) => *time.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// The day it is in an IANA time zone; in UTC when the name is empty or unknown, as Odoo does.
    pub fn today_in(&self, tz: &str) -> Date {
        let zone = TimeZone::get(tz).unwrap_or(TimeZone::UTC);
        zone.to_datetime(self.now()).date()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            Source::System => formatter.write_str("Clock::system"),
            Source::Manual(_) => write!(formatter, "Clock at {}", self.now()),
        }
    }
}

impl ManualClock {
    /// Moves the clock, backwards when negative.
    pub fn advance(&self, by: impl Into<ClockStep>) {
        let mut time = self.time.lock().unwrap_or_else(PoisonError::into_inner);
        if let Ok(moved) = time.checked_add(by.into().0) {
            *time = moved;
        }
    }

    /// Sets the clock.
    pub fn set(&self, to: Timestamp) {
        *self.time.lock().unwrap_or_else(PoisonError::into_inner) = to;
    }
}

/// How far a [`ManualClock`] moves: a `std::time::Duration`, or a `jiff::SignedDuration` for
/// both directions.
#[derive(Clone, Copy, Debug)]
pub struct ClockStep(SignedDuration);

impl From<SignedDuration> for ClockStep {
    fn from(step: SignedDuration) -> Self {
        Self(step)
    }
}

impl From<std::time::Duration> for ClockStep {
    fn from(step: std::time::Duration) -> Self {
        Self(SignedDuration::try_from(step).unwrap_or(SignedDuration::MAX))
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the system clock is read"
)]
fn system_now() -> Timestamp {
    Timestamp::now()
}
