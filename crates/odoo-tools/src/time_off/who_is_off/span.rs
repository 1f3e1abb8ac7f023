//! The days that an absence is on, worked out from its two moments.
//!
//! Odoo sets the moments by the working hours and the time zone that the person has when the request
//! is made, and leaves them when the time zone is changed: on the new clock a day of work may lie
//! around midnight. How long it is stays as it was.

use jiff::civil::{Date, DateTime};
use jiff::{SignedDuration, ToSpan as _};

/// Nobody works longer than this on a day; a longer rest comes of an absence from an afternoon to a
/// morning.
const LONGEST_WORK: SignedDuration = SignedDuration::from_hours(12);

/// Days without working hours go from midnight to a second before.
const WHOLE_DAY: SignedDuration = SignedDuration::from_mins(24 * 60 - 1);

/// The first and the last day of an absence between two moments on a clock.
pub(super) fn days(begin: DateTime, end: DateTime) -> (Date, Date) {
    let as_they_stand = (begin.date(), end.date());
    let length = end.duration_since(begin);
    let whole = length.as_hours() / 24;
    let rest = length - SignedDuration::from_hours(whole * 24);
    let is_of_one_day = rest <= LONGEST_WORK || rest >= WHOLE_DAY;
    if end.time() >= begin.time() || !is_of_one_day {
        return as_they_stand;
    }
    // Behind midnight: it is of the day on which most of it lies.
    let first = begin
        .checked_add(rest / 2)
        .map_or(begin, |middle| middle)
        .date();
    match first.checked_add(whole.days()) {
        Ok(last) => (first, last),
        Err(_) => as_they_stand,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(begin: &str, end: &str) -> String {
        let (from, to) = days(begin.parse().unwrap(), end.parse().unwrap());
        format!("{}..{}", from.day(), to.day())
    }

    #[test]
    fn days_stay_as_they_stand() {
        for (begin, end, expected) in [
            ("2026-11-18T08:00", "2026-11-18T17:00", "18..18"),
            ("2026-11-18T08:00", "2026-11-20T17:00", "18..20"),
            // From an afternoon to a morning, and without working hours.
            ("2026-11-18T13:00", "2026-11-19T12:00", "18..19"),
            ("2026-11-18T00:00", "2026-11-18T23:59:59", "18..18"),
        ] {
            assert_eq!(shown(begin, end), expected, "{begin} {end}");
        }
    }

    #[test]
    fn a_day_of_work_around_midnight_is_one_day() {
        for (begin, end, expected) in [
            // Eight hours further east, nine further west, and without working hours.
            ("2026-11-18T16:00", "2026-11-19T01:00", "18..18"),
            ("2026-11-18T16:00", "2026-11-21T01:00", "18..20"),
            ("2026-11-17T23:00", "2026-11-18T08:00", "18..18"),
            ("2026-11-18T06:00", "2026-11-19T05:59:59", "18..18"),
        ] {
            assert_eq!(shown(begin, end), expected, "{begin} {end}");
        }
    }
}
