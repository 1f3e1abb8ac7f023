//! The clock that tests can move.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp, civil::date};
use odoo_json2::Clock;

#[test]
fn a_manual_clock_moves_only_when_told() {
    let start: Timestamp = "2026-11-22T23:30:00Z".parse().unwrap();
    let (clock, hands) = Clock::manual(start);
    let seen_elsewhere = clock.clone();
    assert_eq!(clock.now(), start);
    hands.advance(Duration::from_secs(3_600));
    assert_eq!(seen_elsewhere.now().to_string(), "2026-11-23T00:30:00Z");
    hands.advance(SignedDuration::from_hours(-2));
    assert_eq!(clock.now().to_string(), "2026-11-22T22:30:00Z");
    hands.set(start);
    assert_eq!(clock.now(), start);
}

#[test]
fn today_depends_on_where() {
    let clock = Clock::fixed("2026-11-22T23:30:00Z".parse().unwrap());
    assert_eq!(clock.today_in("Europe/Rome"), date(2026, 11, 23));
    assert_eq!(clock.today_in("America/New_York"), date(2026, 11, 22));
    assert_eq!(clock.today_in(""), date(2026, 11, 22));
    assert_eq!(clock.today_in("Not/AZone"), date(2026, 11, 22));
}

#[test]
fn the_system_clock_goes_forward() {
    let clock = Clock::system();
    assert!(clock.now() <= clock.now());
    assert!(clock.now().as_second() > 1_700_000_000);
}
