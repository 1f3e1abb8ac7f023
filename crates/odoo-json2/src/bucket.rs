//! A period of time as a group key.

use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{Date, DateTime, DecodeError, FieldValue};

/// A day, week, month, quarter or year that rows were grouped by (`"date:month"`).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Bucket {
    /// The first day of the period. Of a datetime field this is the day in UTC; for the day in the
    /// time zone of the context ask [`start_in`](Self::start_in).
    pub start: Date,
    /// Odoo's name of the period in the language of the context, such as `November 2026`.
    pub label: String,
    /// When the field is a datetime: the moment at which the period begins, since the periods are
    /// cut in the time zone of the context.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moment: Option<DateTime>,
}

impl Bucket {
    /// The first day of the period in an IANA time zone: the one of the context that was sent.
    pub fn start_in(&self, tz: &str) -> Date {
        let local = self.moment.and_then(|moment| moment.in_tz(tz).ok());
        local.map_or(self.start, |local| local.date())
    }
}

impl FieldValue for Bucket {
    fn from_value(value: &Value) -> Result<Self, DecodeError> {
        let wrong = || DecodeError::new("a period ([start, label])", value);
        let Some([start, label]) = value.as_array().map(Vec::as_slice) else {
            return Err(wrong());
        };
        let start = start.as_str().ok_or_else(wrong)?;
        let label = label.as_str().unwrap_or_default().to_owned();
        if start.len() == 10 {
            let start = start.parse().map_err(|_| wrong())?;
            return Ok(Self {
                start,
                label,
                moment: None,
            });
        }
        let moment: DateTime = start.parse().map_err(|_| wrong())?;
        let start = TimeZone::UTC.to_datetime(moment.timestamp()).date();
        Ok(Self {
            start,
            label,
            moment: Some(moment),
        })
    }
}
