//! Days and moments cut into days, weeks, months, quarters and years, with the labels of American English.

use jiff::{
    Span, ToSpan,
    civil::{Date, DateTime, Time},
};

use super::{
    cell::Cell,
    env::Env,
    moment::{to_local, to_utc},
};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// A length of time that values are cut into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Granularity {
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl Granularity {
    /// The granularity of that name.
    pub(super) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "hour" => Self::Hour,
            "day" => Self::Day,
            "week" => Self::Week,
            "month" => Self::Month,
            "quarter" => Self::Quarter,
            "year" => Self::Year,
            _ => return None,
        })
    }

    /// The beginning of the bucket a value falls into, in local time for moments.
    pub(super) fn floor(self, cell: &Cell, env: &Env) -> Option<DateTime> {
        let at = match cell {
            Cell::Date(day) => day.to_datetime(Time::midnight()),
            Cell::DateTime(moment) => to_local(*moment, &env.zone()),
            _ => return None,
        };
        let day = at.date();
        let start = match self {
            Self::Hour => {
                let hour = at.with().minute(0).second(0).subsec_nanosecond(0).build();
                return hour.ok();
            }
            Self::Day => day,
            Self::Week => {
                let since_sunday = i64::from(day.weekday().to_sunday_zero_offset());
                day.checked_sub(since_sunday.days()).ok()?
            }
            Self::Month => day.first_of_month(),
            Self::Quarter => day
                .with()
                .month((day.month() - 1) / 3 * 3 + 1)
                .day(1)
                .build()
                .ok()?,
            Self::Year => day.first_of_year(),
        };
        Some(start.to_datetime(Time::midnight()))
    }

    /// The first moment after the bucket.
    pub(super) fn end(self, start: DateTime) -> DateTime {
        let span: Span = match self {
            Self::Hour => 1.hour(),
            Self::Day => 1.day(),
            Self::Week => 7.days(),
            Self::Month => 1.month(),
            Self::Quarter => 3.months(),
            Self::Year => 1.year(),
        };
        start.checked_add(span).unwrap_or(start)
    }

    /// The label that Odoo shows: `22 Nov 2026`, `W48 2026`, `November 2026`, `Q4 2026`, `2026`.
    pub(super) fn label(self, start: DateTime) -> String {
        let day = start.date();
        let month = MONTHS[usize::from(day.month().unsigned_abs()) - 1];
        match self {
            Self::Hour => {
                let hour = (start.hour() + 11) % 12 + 1;
                format!("{hour:02}:00 {:02} {}", day.day(), &month[..3])
            }
            Self::Day => format!("{:02} {} {}", day.day(), &month[..3], day.year()),
            Self::Week => {
                let (year, week) = american_week(day);
                format!("W{week} {year:04}")
            }
            Self::Month => format!("{month} {}", day.year()),
            Self::Quarter => format!("Q{} {}", quarter(day), day.year()),
            Self::Year => day.year().to_string(),
        }
    }
}

/// A part of a date as a number, `month_number` and its kin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Year,
    Quarter,
    Month,
    IsoWeek,
    DayOfYear,
    DayOfMonth,
    DayOfWeek,
    Hour,
    Minute,
    Second,
}

impl Part {
    /// The part of that name.
    pub(super) fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "year_number" => Self::Year,
            "quarter_number" => Self::Quarter,
            "month_number" => Self::Month,
            "iso_week_number" => Self::IsoWeek,
            "day_of_year" => Self::DayOfYear,
            "day_of_month" => Self::DayOfMonth,
            "day_of_week" => Self::DayOfWeek,
            "hour_number" => Self::Hour,
            "minute_number" => Self::Minute,
            "second_number" => Self::Second,
            _ => return None,
        })
    }

    /// The number; of a moment, in the zone of the context.
    pub(super) fn of(self, cell: &Cell, env: &Env) -> Option<f64> {
        let at = match cell {
            Cell::Date(day) => day.to_datetime(Time::midnight()),
            Cell::DateTime(moment) => to_local(*moment, &env.zone()),
            _ => return None,
        };
        let day = at.date();
        Some(match self {
            Self::Year => f64::from(day.year()),
            Self::Quarter => f64::from(quarter(day)),
            Self::Month => f64::from(day.month()),
            Self::IsoWeek => f64::from(day.iso_week_date().week()),
            Self::DayOfYear => f64::from(day.day_of_year()),
            Self::DayOfMonth => f64::from(day.day()),
            Self::DayOfWeek => f64::from(day.weekday().to_sunday_zero_offset()),
            Self::Hour => f64::from(at.hour()),
            Self::Minute => f64::from(at.minute()),
            Self::Second => f64::from(at.second()),
        })
    }
}

/// The text of a bucket's border: a day, or a moment in UTC.
pub(super) fn border(at: DateTime, is_day: bool, env: &Env) -> String {
    if is_day {
        return at.date().to_string();
    }
    to_utc(at, &env.zone())
        .strftime("%Y-%m-%d %H:%M:%S")
        .to_string()
}

fn quarter(day: Date) -> i8 {
    (day.month() - 1) / 3 + 1
}

/// Weeks begin on Sunday, and the first is the one with the first of January.
fn american_week(day: Date) -> (i16, i32) {
    let week_end = day.checked_add(6.days()).unwrap_or(day);
    let year = week_end.year();
    let Ok(january) = Date::new(year, 1, 1) else {
        return (year, 1);
    };
    let before = i32::from(january.weekday().to_sunday_zero_offset());
    let days = if day < january {
        0
    } else {
        i32::from(day.day_of_year()) - 1 + before
    };
    (year, days / 7 + 1)
}
