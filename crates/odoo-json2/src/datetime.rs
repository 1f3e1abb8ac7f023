//! Dates and datetimes as Odoo stores them: civil dates, and UTC without a zone.

use std::{fmt, str::FromStr};

use jiff::{Timestamp, Zoned, civil, tz::TimeZone};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value;

use crate::ToValue;

/// A day without a time zone, as in Odoo's `Date` fields.
pub type Date = civil::Date;

/// The form in which Odoo reads and writes datetimes.
const WIRE_FORMAT: &str = "%Y-%m-%d %H:%M:%S";

/// A moment, as in Odoo's `Datetime` fields: always UTC on the wire, to the second.
///
/// Its text and its `serde` form are Odoo's, `YYYY-MM-DD HH:MM:SS`. People want to see their own
/// time zone: [`in_tz`](Self::in_tz).
///
/// ```
/// use odoo_json2::DateTime;
///
/// let sent: DateTime = "2026-12-15 17:00:00".parse()?;
/// assert_eq!(sent.in_tz("Europe/Rome")?.to_string(), "2026-12-15T18:00:00+01:00[Europe/Rome]");
/// # Ok::<(), jiff::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateTime(Timestamp);

impl DateTime {
    /// The moment, cut to the second, since Odoo keeps no more on writing.
    pub fn from_timestamp(timestamp: Timestamp) -> Self {
        let fraction = timestamp.subsec_nanosecond();
        let below = if fraction < 0 {
            fraction + 1_000_000_000
        } else {
            fraction
        };
        let whole = jiff::SignedDuration::from_nanos(i64::from(below));
        Self(timestamp.checked_sub(whole).unwrap_or(timestamp))
    }

    /// What a clock on the wall of that time zone shows, as a moment.
    ///
    /// A time that does not exist (spring) is moved forward by the gap, one that exists twice
    /// (autumn) is taken as the first.
    ///
    /// # Errors
    /// When the zone is not a known IANA name or the moment is out of range.
    pub fn from_local(local: civil::DateTime, tz: &str) -> Result<Self, jiff::Error> {
        let zone = TimeZone::get(tz)?;
        Ok(Self::from_timestamp(local.to_zoned(zone)?.timestamp()))
    }

    /// The moment as `jiff` knows it.
    pub fn timestamp(self) -> Timestamp {
        self.0
    }

    /// The moment on the clock of an IANA time zone such as `Europe/Rome`.
    ///
    /// # Errors
    /// When the zone is not a known IANA name.
    pub fn in_tz(self, tz: &str) -> Result<Zoned, jiff::Error> {
        self.0.in_tz(tz)
    }
}

impl From<Timestamp> for DateTime {
    fn from(timestamp: Timestamp) -> Self {
        Self::from_timestamp(timestamp)
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}",
            TimeZone::UTC.to_datetime(self.0).strftime(WIRE_FORMAT)
        )
    }
}

impl FromStr for DateTime {
    type Err = jiff::Error;

    /// Takes `YYYY-MM-DD HH:MM:SS`, with or without a fraction, and a date alone as its midnight.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let local: civil::DateTime = text.parse()?;
        Ok(Self::from_timestamp(
            local.to_zoned(TimeZone::UTC)?.timestamp(),
        ))
    }
}

impl ToValue for DateTime {
    fn to_value(self) -> Value {
        Value::String(self.to_string())
    }
}

impl Serialize for DateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DateTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}
