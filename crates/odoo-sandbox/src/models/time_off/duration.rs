//! What a request comes to: its moments, days and hours, by the working hours of the employee.

use jiff::civil::{Date, DateTime};

use crate::engine::{env::Env, record::Record};

use super::day_off::off;
use super::working_hours::{Schedule, total};

/// What is asked for, before anything is worked out.
#[derive(Clone, Debug)]
pub(super) struct Wish {
    /// The employee.
    pub(super) employee: i64,
    /// The kind of leave.
    pub(super) kind: i64,
    /// The first day where the employee is.
    pub(super) from: Date,
    /// The last day.
    pub(super) to: Date,
    /// `am` or `pm` of the first and the last day, for kinds that are taken by half days.
    pub(super) periods: (String, String),
    /// Hours of the first and the last day, for kinds that are taken by hours; 0 for none.
    pub(super) hours: (f64, f64),
}

/// What it comes to.
#[derive(Clone, Debug)]
pub(super) struct Span {
    /// The beginning in UTC.
    pub(super) from: DateTime,
    /// The end in UTC.
    pub(super) to: DateTime,
    /// Working days.
    pub(super) days: f64,
    /// Working hours.
    pub(super) hours: f64,
    /// Hours of the first and the last day.
    pub(super) bounds: (f64, f64),
    /// "3 days", "2:30 hours".
    pub(super) display: String,
}

impl Wish {
    /// The wish that a request stands for.
    pub(super) fn of(leave: &Record<'_>) -> Option<Self> {
        Some(Self {
            employee: leave.get("employee_id").as_id()?,
            kind: leave.get("holiday_status_id").as_id()?,
            from: leave.date("request_date_from")?,
            to: leave.date("request_date_to")?,
            periods: (
                leave.text("request_date_from_period"),
                leave.text("request_date_to_period"),
            ),
            hours: (
                leave.float("request_hour_from"),
                leave.float("request_hour_to"),
            ),
        })
    }

    /// Works it out; absences by the leave `except` do not count as time off.
    pub(super) fn span(&self, env: &Env, except: Option<i64>) -> Span {
        let employee = env.record_of("hr.employee", self.employee);
        let kind = env.record_of("hr.leave.type", self.kind);
        let unit = kind.text("request_unit");
        let schedule = Schedule::of(&employee);
        let whole = (
            schedule.hours(self.from, None).0,
            schedule.hours(self.to, None).1,
        );
        let (first, last) = match unit.as_str() {
            "hour" => (or(self.hours.0, whole.0), or(self.hours.1, whole.1)),
            "half_day" => self.half_days(&schedule, whole),
            _ => whole,
        };
        let (from, to) = (schedule.utc(self.from, first), schedule.utc(self.to, last));
        let off = if kind.bool("include_public_holidays_in_duration") {
            Vec::new()
        } else {
            off(&employee, (from, to), except)
        };
        let work = schedule.work((from, to), &off);
        let (mut days, hours) = total(&work);
        if unit == "day" {
            let mut worked: Vec<Date> = work.iter().map(|span| span.day).collect();
            worked.dedup();
            days = f64::from(u32::try_from(worked.len()).unwrap_or_default());
        }
        Span {
            from,
            to,
            days,
            hours,
            bounds: if unit == "hour" { self.hours } else { whole },
            display: display(&unit, days, hours),
        }
    }

    fn half_days(&self, schedule: &Schedule, whole: (f64, f64)) -> (f64, f64) {
        let period = |half: &str| match half {
            "am" => Some("morning"),
            "pm" => Some("afternoon"),
            _ => None,
        };
        let (first, last) = (period(&self.periods.0), period(&self.periods.1));
        if self.from != self.to {
            return (
                schedule.hours(self.from, first).0,
                schedule.hours(self.to, last).1,
            );
        }
        if first == last {
            schedule.hours(self.from, first)
        } else {
            whole
        }
    }
}

/// "3 days", or "2:30 hours" of what is taken by hours.
fn display(unit: &str, days: f64, hours: f64) -> String {
    if unit != "hour" {
        return format!("{} days", (days * 100.0).round() / 100.0);
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "minutes of a leave are far below 2^53"
    )]
    let minutes = (hours.abs() * 60.0).round() as i64;
    format!("{}:{:02} hours", minutes / 60, minutes % 60)
}

fn or(hour: f64, other: f64) -> f64 {
    if hour == 0.0 { other } else { hour }
}
