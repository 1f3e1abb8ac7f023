//! Dates and datetimes in domains: ISO, or relative like `today -1y` and `=monday -1w`.
//!
//! Not for values that are written; those must be exact (see `convert`).

use jiff::{
    Span, ToSpan,
    civil::{Date, DateTime, Time, Weekday},
    tz::{Offset, TimeZone},
};

use super::{
    env::Env,
    error::{OdooError, Result},
    python::repr_text,
};

/// A day or a moment in UTC.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Moment {
    Day(Date),
    Instant(DateTime),
}

impl Moment {
    /// The day it falls on.
    pub(super) fn day(self) -> Date {
        match self {
            Self::Day(day) => day,
            Self::Instant(moment) => moment.date(),
        }
    }

    /// The moment in UTC; a day begins at midnight in the zone of the context.
    pub(super) fn instant(self, env: &Env) -> DateTime {
        match self {
            Self::Instant(moment) => moment,
            Self::Day(day) => to_utc(day.to_datetime(Time::midnight()), &env.zone()),
        }
    }

    /// Reads the text of a domain value.
    pub(super) fn parse(text: &str, env: &Env) -> Result<Self> {
        let digits = text.chars().take_while(char::is_ascii_digit).count();
        if digits > 0 && text[digits..].starts_with('-') {
            return parse_iso(text);
        }
        Relative { env, text }.parse()
    }
}

/// The moment in UTC of a local one; in a gap or fold the one that jiff finds compatible.
pub(super) fn to_utc(local: DateTime, zone: &TimeZone) -> DateTime {
    let utc = zone
        .to_timestamp(local)
        .map(|at| Offset::UTC.to_datetime(at));
    utc.unwrap_or(local)
}

/// The local moment of one in UTC.
pub(super) fn to_local(utc: DateTime, zone: &TimeZone) -> DateTime {
    let local = Offset::UTC.to_timestamp(utc).map(|at| zone.to_datetime(at));
    local.unwrap_or(utc)
}

fn parse_iso(text: &str) -> Result<Moment> {
    if text.len() == 10
        && let Ok(day) = text.parse::<Date>()
    {
        return Ok(Moment::Day(day));
    }
    let zoned =
        text.ends_with(['Z', 'z']) || text.get(10..).is_some_and(|time| time.contains(['+', '-']));
    if zoned {
        let shown = repr_text(text);
        let text = format!("expecting only datetimes with no timezone: {shown}");
        return Err(OdooError::value(text));
    }
    let moment = text.parse::<DateTime>();
    moment
        .map(Moment::Instant)
        .map_err(|_| OdooError::value(complaint(text)))
}

/// What Python says to a date that is none.
fn complaint(text: &str) -> String {
    let part = |from, to| {
        text.get(from..to)
            .and_then(|digits: &str| digits.parse::<u32>().ok())
    };
    match (part(5, 7), part(8, 10)) {
        (Some(month), Some(_)) if !(1..=12).contains(&month) => "month must be in 1..12".to_owned(),
        (Some(_), Some(day)) if day == 0 || day > 28 => "day is out of range for month".to_owned(),
        _ => format!("Invalid isoformat string: {}", repr_text(text)),
    }
}

/// The small language of relative dates: `('today' | 'now')? ([=+-]\d+[dwmyHMS] | [=+-]weekday)*`.
struct Relative<'a> {
    env: &'a Env,
    text: &'a str,
}

impl Relative<'_> {
    fn parse(&self) -> Result<Moment> {
        let mut terms = self.text.split_whitespace().peekable();
        let Some(first) = terms.peek().copied() else {
            return Err(OdooError::value("Empty date value"));
        };
        if matches!(first, "today" | "now") {
            terms.next();
        }
        let days_only = first == "today";
        let zone = self.env.zone();
        let mut at = if days_only {
            self.env.today().to_datetime(Time::midnight())
        } else {
            to_local(self.env.now(), &zone)
        };
        for term in terms {
            at = self.step(term, at)?;
        }
        Ok(if days_only {
            Moment::Day(at.date())
        } else {
            Moment::Instant(to_utc(at, &zone))
        })
    }

    fn step(&self, term: &str, at: DateTime) -> Result<DateTime> {
        let operator = term.chars().next().unwrap_or(' ');
        let rest = &term[operator.len_utf8()..];
        if !matches!(operator, '+' | '-' | '=') || term.len() < 3 {
            return Err(self.invalid(term));
        }
        if let Some(weekday) = weekday(rest) {
            return Ok(to_weekday(operator, weekday, at));
        }
        let (number, unit) =
            rest.split_at(rest.len() - rest.chars().next_back().map_or(0, char::len_utf8));
        let number: i64 = number.parse().map_err(|_| self.invalid(term))?;
        let moved = match operator {
            '=' => set_part(at, unit, number),
            '-' => span(unit, -number).and_then(|span| at.checked_add(span).ok()),
            _ => span(unit, number).and_then(|span| at.checked_add(span).ok()),
        };
        moved.ok_or_else(|| self.invalid(term))
    }

    fn invalid(&self, term: &str) -> OdooError {
        let (term, text) = (repr_text(term), repr_text(self.text));
        OdooError::value(format!("Invalid term {term} in expression date: {text}"))
    }
}

fn span(unit: &str, number: i64) -> Option<Span> {
    let span = Span::new();
    match unit {
        "d" => span.try_days(number),
        "w" => span.try_weeks(number),
        "m" => span.try_months(number),
        "y" => span.try_years(number),
        "H" => span.try_hours(number),
        "M" => span.try_minutes(number),
        "S" => span.try_seconds(number),
        _ => return None,
    }
    .ok()
}

/// Sets one part and resets the lower ones: `=6m` is the first of June at midnight.
fn set_part(at: DateTime, unit: &str, number: i64) -> Option<DateTime> {
    let midnight = at.date().to_datetime(Time::midnight());
    let small = i8::try_from(number).ok();
    match unit {
        "d" => midnight.with().day(small?).build(),
        "m" => midnight.with().month(small?).build(),
        "y" => midnight.with().year(i16::try_from(number).ok()?).build(),
        "H" => midnight.with().hour(small?).build(),
        "M" => at
            .with()
            .minute(small?)
            .second(0)
            .subsec_nanosecond(0)
            .build(),
        "S" => at.with().second(small?).subsec_nanosecond(0).build(),
        _ => return None,
    }
    .ok()
}

/// The weekday of that name. Weeks begin on Sunday in the one language that is installed, American English.
fn weekday(name: &str) -> Option<Weekday> {
    Some(match name {
        "monday" => Weekday::Monday,
        "tuesday" => Weekday::Tuesday,
        "wednesday" => Weekday::Wednesday,
        "thursday" => Weekday::Thursday,
        "friday" => Weekday::Friday,
        "saturday" => Weekday::Saturday,
        "sunday" | "week_start" => Weekday::Sunday,
        _ => return None,
    })
}

fn to_weekday(operator: char, weekday: Weekday, at: DateTime) -> DateTime {
    let here = i64::from(at.date().weekday().to_sunday_zero_offset());
    let mut days = i64::from(weekday.to_sunday_zero_offset()) - here;
    match operator {
        '+' if days < 0 => days += 7,
        '-' if days > 0 => days -= 7,
        _ => {}
    }
    let from = if operator == '=' {
        at.date().to_datetime(Time::midnight())
    } else {
        at
    };
    from.checked_add(days.days()).unwrap_or(from)
}
