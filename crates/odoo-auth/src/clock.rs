//! The time of day as a parameter, and how it is written down.
//!
//! Not for durations of the network or of throttling: those follow the monotonic clock.

use jiff::{SignedDuration, Timestamp};

pub use odoo_json2::Clock;

/// Now, cut to the milliseconds that the store keeps, so that what is read back is what was bound.
pub(crate) fn now(clock: &Clock) -> Timestamp {
    from_millis(clock.now().as_millisecond())
}

/// A point in time of the store. Values outside jiff's range, which only a damaged row holds, fall
/// to the distant past and so count as expired.
pub(crate) fn from_millis(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(millis).unwrap_or(Timestamp::MIN)
}

/// `time + by`, or the end of time.
pub(crate) fn after(time: Timestamp, by: SignedDuration) -> Timestamp {
    time.checked_add(by).unwrap_or(Timestamp::MAX)
}

/// `time - by`, or the beginning of time.
pub(crate) fn before(time: Timestamp, by: SignedDuration) -> Timestamp {
    time.checked_sub(by).unwrap_or(Timestamp::MIN)
}
