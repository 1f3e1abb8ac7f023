//! When somebody works: the attendances of a working calendar (`resource.calendar.attendance`) in the employee's time
//! zone, less what `resource.calendar.leaves` takes away.
//!
//! Not for flexible calendars and those of alternating weeks.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, ToSpan};
use serde_json::json;

use crate::engine::{
    error::Result, field::Field, model::Model, record::Record, registry::Registry, write::vals,
};

/// `dayofweek`.
const DAYS: &[(&str, &str)] = &[
    ("0", "Monday"),
    ("1", "Tuesday"),
    ("2", "Wednesday"),
    ("3", "Thursday"),
    ("4", "Friday"),
    ("5", "Saturday"),
    ("6", "Sunday"),
];

/// `day_period`.
const PERIODS: &[(&str, &str)] = &[
    ("morning", "Morning"),
    ("lunch", "Break"),
    ("afternoon", "Afternoon"),
    ("full_day", "Full Day"),
];

/// The spans of a standard day, with the share of a day that each counts as.
const STANDARD_DAY: [(&str, &str, f64, f64, f64); 3] = [
    ("Morning", "morning", 8.0, 12.0, 0.5),
    ("Lunch", "lunch", 12.0, 13.0, 0.0),
    ("Afternoon", "afternoon", 13.0, 17.0, 0.5),
];

/// Declares the attendances, which every new calendar gets for a week of 40 hours.
pub(super) fn register(registry: &mut Registry) {
    registry.add(
        Model::new("resource.calendar.attendance", "Work Detail")
            .order("sequence, week_type, dayofweek, hour_from")
            .fields(fields())
            .access("base.group_user", "r")
            .access("base.group_system", "rwcd"),
    );
    registry.extend("resource.calendar", |calendar| {
        calendar
            .fields(fields! {
                one2many("attendance_ids", "resource.calendar.attendance", "calendar_id").label("Working Time");
            })
            .after_create(standard_week)
    });
}

fn fields() -> Vec<Field> {
    fields! {
        char("name").required();
        selection("dayofweek", DAYS).label("Day of Week").required().default("0");
        float("hour_from").label("Work from").required();
        float("hour_to").label("Work to").required();
        float("duration_days").label("Duration (days)");
        many2one("calendar_id", "resource.calendar").label("Resource's Calendar").required().cascade();
        selection("day_period", PERIODS).label("Day Period").required().default("morning");
        selection("week_type", &[("1", "Second"), ("0", "First")]).label("Week Number");
        integer("sequence").default(10);
    }
}

fn standard_week(calendar: &Record<'_>) -> Result<()> {
    for (key, day) in &DAYS[..5] {
        for (name, period, from, to, days) in STANDARD_DAY {
            let values = json!({
                "name": format!("{day} {name}"), "dayofweek": key, "day_period": period, "hour_from": from,
                "hour_to": to, "duration_days": days, "calendar_id": calendar.id(),
            });
            let env = calendar.env().sudo();
            env.create("resource.calendar.attendance", vals(values))?;
        }
    }
    Ok(())
}

/// The working hours of one employee.
pub(super) struct Schedule {
    zone: TimeZone,
    attendances: Vec<Attendance>,
}

/// A span of one day of the week.
struct Attendance {
    /// 0 is Monday.
    weekday: i8,
    period: String,
    from: f64,
    to: f64,
    days: f64,
}

/// Work within one span.
#[derive(Clone, Copy, Debug)]
pub(super) struct Work {
    /// The day where the employee is.
    pub(super) day: Date,
    /// In hours.
    pub(super) hours: f64,
    /// As a share of a day.
    pub(super) days: f64,
}

/// A span of time in UTC.
pub(super) type Interval = (DateTime, DateTime);

impl Schedule {
    /// The schedule of an employee: the calendar in the zone of the employee's resource.
    pub(super) fn of(employee: &Record<'_>) -> Self {
        let zone = TimeZone::get(&employee.text("tz")).unwrap_or(TimeZone::UTC);
        let calendar = employee.one("resource_calendar_id");
        let spans = calendar.map_or_else(Vec::new, |calendar| calendar.many("attendance_ids"));
        let attendance = |span: &Record<'_>| Attendance {
            weekday: span.text("dayofweek").parse().unwrap_or_default(),
            period: span.text("day_period"),
            from: span.float("hour_from"),
            to: span.float("hour_to"),
            days: span.float("duration_days"),
        };
        let working = spans.iter().filter(|span| !span.is("day_period", "lunch"));
        Self {
            zone,
            attendances: working.map(attendance).collect(),
        }
    }

    /// From when to when somebody works on a day, or in one half of it; on days off, the bounds of any day.
    pub(super) fn hours(&self, day: Date, period: Option<&str>) -> (f64, f64) {
        let weekday = day.weekday().to_monday_zero_offset();
        let fits = |span: &&Attendance| period.is_none_or(|period| span.period == period);
        let bounds = |spans: Vec<&Attendance>| {
            let first = spans.iter().map(|span| span.from).reduce(f64::min)?;
            Some((first, spans.iter().map(|span| span.to).reduce(f64::max)?))
        };
        let today = self.attendances.iter().filter(fits);
        bounds(today.filter(|span| span.weekday == weekday).collect())
            .or_else(|| bounds(self.attendances.iter().filter(fits).collect()))
            .unwrap_or((0.0, 0.0))
    }

    /// An hour of a day where the employee is, in UTC.
    pub(super) fn utc(&self, day: Date, hour: f64) -> DateTime {
        let moment = if hour < 24.0 {
            day.at(0, 0, 0, 0).saturating_add(seconds(hour))
        } else {
            day.at(23, 59, 59, 0)
        };
        let zoned = moment.to_zoned(self.zone.clone());
        zoned.map_or(moment, |zoned| {
            zoned.with_time_zone(TimeZone::UTC).datetime()
        })
    }

    /// The day of a moment where the employee is.
    pub(super) fn day(&self, moment: DateTime) -> Date {
        let zoned = moment.to_zoned(TimeZone::UTC);
        zoned.map_or(moment.date(), |zoned| {
            zoned.with_time_zone(self.zone.clone()).date()
        })
    }

    /// The work between two moments, less the intervals that are off; days in order, spans without work left out.
    pub(super) fn work(&self, (from, to): Interval, off: &[Interval]) -> Vec<Work> {
        let mut work = Vec::new();
        let mut day = self.day(from);
        let last = self.day(to);
        while day <= last {
            let weekday = day.weekday().to_monday_zero_offset();
            for span in self
                .attendances
                .iter()
                .filter(|span| span.weekday == weekday)
            {
                let (begin, end) = (self.utc(day, span.from), self.utc(day, span.to));
                let hours = left_over((begin.max(from), end.min(to)), off);
                if hours > 0.0 {
                    let days = span.days * hours / (span.to - span.from);
                    work.push(Work { day, hours, days });
                }
            }
            let Ok(next) = day.tomorrow() else { break };
            day = next;
        }
        work
    }

    /// The first day after a moment on which there is work, looked for within two years.
    pub(super) fn next_day(&self, after: DateTime, off: &[Interval]) -> Option<Date> {
        let until = after.saturating_add(730.days());
        self.work((after, until), off).first().map(|work| work.day)
    }
}

/// Days (to a thousandth) and hours of spans of work.
pub(super) fn total(work: &[Work]) -> (f64, f64) {
    let days: f64 = work.iter().map(|span| span.days).sum();
    let hours: f64 = work.iter().map(|span| span.hours).sum();
    // Adding zero turns -0.0, which an empty sum is, into 0.0.
    ((days * 1000.0).round() / 1000.0 + 0.0, hours + 0.0)
}

/// The hours of a span that none of the intervals covers.
fn left_over((from, to): Interval, off: &[Interval]) -> f64 {
    if to <= from {
        return 0.0;
    }
    let Some((begin, end)) = off.iter().find(|(begin, end)| *begin < to && *end > from) else {
        return hours_between(from, to);
    };
    left_over((from, *begin), off) + left_over((*end, to), off)
}

fn hours_between(from: DateTime, to: DateTime) -> f64 {
    from.duration_until(to).as_secs_f64() / 3600.0
}

fn seconds(hours: f64) -> Span {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "an hour of a day is a small number of seconds"
    )]
    let seconds = (hours.max(0.0) * 3600.0).round() as i64;
    seconds.seconds()
}
