//! Odoo's UTC without a zone, and people's own clocks.

use jiff::{Timestamp, civil::date};
use odoo_json2::{Bucket, DateTime, FieldValue, ToValue};
use proptest::prelude::{ProptestConfig, any, proptest};
use serde_json::json;

#[test]
fn a_datetime_reads_and_writes_as_odoo_does() {
    let moment: DateTime = "2026-12-15 17:00:00".parse().unwrap();
    assert_eq!(moment.to_string(), "2026-12-15 17:00:00");
    assert_eq!(moment.to_value(), json!("2026-12-15 17:00:00"));
    assert_eq!(
        serde_json::to_value(moment).unwrap(),
        json!("2026-12-15 17:00:00")
    );
    assert_eq!(
        serde_json::from_value::<DateTime>(json!("2026-12-15 17:00:00")).unwrap(),
        moment
    );
    assert_eq!(
        "2026-12-15 17:00:00.987654".parse::<DateTime>().unwrap(),
        moment
    );
    assert_eq!(
        "2026-12-15".parse::<DateTime>().unwrap().to_string(),
        "2026-12-15 00:00:00"
    );
    assert!("31/12/2026".parse::<DateTime>().is_err());
}

#[test]
fn local_times_that_do_not_exist_or_exist_twice_have_a_meaning() {
    let utc = |local, tz| DateTime::from_local(local, tz).unwrap().to_string();
    assert_eq!(
        utc(date(2026, 7, 1).at(9, 0, 0, 0), "Europe/Rome"),
        "2026-07-01 07:00:00"
    );
    assert_eq!(
        utc(date(2026, 3, 29).at(2, 30, 0, 0), "Europe/Rome"),
        "2026-03-29 01:30:00"
    );
    assert_eq!(
        utc(date(2026, 10, 25).at(2, 30, 0, 0), "Europe/Rome"),
        "2026-10-25 00:30:00"
    );
    assert!(DateTime::from_local(date(2026, 7, 1).at(9, 0, 0, 0), "Rome").is_err());
}

#[test]
fn a_period_of_a_datetime_begins_in_the_zone_of_the_context() {
    let month = Bucket::from_value(&json!(["2026-10-31 23:00:00", "November 2026"])).unwrap();
    assert_eq!(month.start_in("Europe/Rome"), date(2026, 11, 1));
    assert_eq!(month.start, date(2026, 10, 31));
    let month = Bucket::from_value(&json!(["2026-11-01", "November 2026"])).unwrap();
    assert_eq!((month.start, month.moment), (date(2026, 11, 1), None));
    assert_eq!(month.start_in("Europe/Rome"), date(2026, 11, 1));
    for wrong in [
        json!(false),
        json!(["2026-11-01"]),
        json!(["soon", "x"]),
        json!([1, 2]),
    ] {
        assert!(Bucket::from_value(&wrong).is_err(), "{wrong}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn every_second_survives_the_wire(second in -62_000_000_000_i64..250_000_000_000, nanos in 0..1_000_000_000_i32) {
        let timestamp = Timestamp::new(second, nanos).unwrap();
        let sent = DateTime::from_timestamp(timestamp);
        assert_eq!(sent.timestamp().as_second(), second, "cut, not rounded");
        assert_eq!(sent.timestamp().subsec_nanosecond(), 0);
        assert_eq!(sent.to_string().parse::<DateTime>().unwrap(), sent);
    }

    #[test]
    fn a_local_clock_leads_back_to_the_moment(second in 0_i64..4_000_000_000, zone in 0..4_usize) {
        let zone = ["UTC", "Asia/Kathmandu", "Pacific/Kiritimati", "America/Phoenix"][zone];
        let moment = DateTime::from_timestamp(Timestamp::from_second(second).unwrap());
        let local = moment.in_tz(zone).unwrap().datetime();
        let back = DateTime::from_local(local, zone).unwrap();
        let apart = (back.timestamp().as_second() - second).abs();
        assert!(apart == 0 || apart <= 7_200, "only where a clock is put back: {local} {zone}");
    }

    #[test]
    fn no_text_makes_it_panic(text in any::<String>()) {
        let _ = text.parse::<DateTime>();
    }
}
