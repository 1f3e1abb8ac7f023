//! The days on which allocations end.
//!
//! In its account of them Odoo writes such a day as a text in the format of the user's language, in
//! which 05/12 may be either day. So the day is taken from the allocations, and the text only says
//! which of theirs is meant.

use std::collections::BTreeMap;

use odoo_json2::{Date, Record, Ref, field};

use crate::error::ToolError;
use crate::session::UserSession;
use crate::session::companies::Companies;

/// Approved allocations of one employee; nobody has more that go on.
const ALLOCATIONS: usize = 200;

/// The ends of an employee's allocations by type, the nearest first.
#[derive(Debug, Default)]
pub(in crate::time_off) struct Ends(BTreeMap<i64, Vec<Date>>);

#[derive(Debug, Record)]
#[odoo(model = "hr.leave.allocation")]
struct Allocation {
    holiday_status_id: Ref,
    date_to: Option<Date>,
    /// Of plans that let what was carried over expire.
    #[odoo(optional)]
    carried_over_days_expiration_date: Option<Date>,
}

impl Ends {
    /// Those of all approved allocations, as far as the user may see them.
    pub(super) async fn read(user: &UserSession, employee: i64) -> Result<Self, ToolError> {
        let readable = user.readable::<Allocation>().await?;
        let found = user
            .odoo()
            .search::<Allocation>(field("employee_id").eq(employee) & field("state").eq("validate"))
            .order("date_to, id")
            .limit(ALLOCATIONS)
            .readable(&readable)
            .context(Companies::all(user.profile()).context())
            .await?;
        let mut ends = Self::default();
        for row in found.records {
            let own = ends.0.entry(row.holiday_status_id.id).or_default();
            own.extend(row.date_to);
            own.extend(row.carried_over_days_expiration_date);
            own.sort_unstable();
        }
        Ok(ends)
    }

    /// The end of an allocation of this type that a text means; else, for what expires when a year
    /// of an accrual plan is over, the day that the text means if it can be read in one way only.
    pub(super) fn meant(&self, leave_type: i64, text: &str) -> Option<Date> {
        let numbers = numbers(text);
        let own = self.0.get(&leave_type).into_iter().flatten();
        let known = own.copied().find(|day| is_written(*day, &numbers));
        known.or_else(|| unambiguous(&numbers))
    }
}

/// The numbers of a text, in its order.
fn numbers(text: &str) -> Vec<i16> {
    let parts = text.split(|character: char| !character.is_ascii_digit());
    parts.filter_map(|part| part.parse().ok()).collect()
}

/// Whether the numbers are those of a day; a month may be written as a word.
fn is_written(day: Date, numbers: &[i16]) -> bool {
    let (month, of_month) = (i16::from(day.month()), i16::from(day.day()));
    let mut parts = vec![day.year(), month, of_month];
    let all_are_parts = numbers.iter().all(|number| {
        let place = parts.iter().position(|part| part == number);
        place.map(|place| parts.swap_remove(place)).is_some()
    });
    let is_left = |part: &i16| *part == day.year() || *part == of_month;
    // With the month as a word, one number may be left over: the month's.
    all_are_parts && (parts.is_empty() || (parts.len() == 1 && !parts.iter().any(is_left)))
}

/// The day of numbers that have only one meaning: the year first, or month and day not to be
/// taken for each other.
fn unambiguous(numbers: &[i16]) -> Option<Date> {
    let day = |year: i16, month: i16, day: i16| {
        Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
    };
    match *numbers {
        [year, month, of_month] if year > 99 => day(year, month, of_month),
        [first, second, year] if year > 99 => {
            match (day(year, first, second), day(year, second, first)) {
                (Some(one), Some(other)) if one != other => None,
                (one, other) => one.or(other),
            }
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn meant(ends: &[Date], text: &str) -> Option<Date> {
        Ends(BTreeMap::from([(1, ends.to_vec())])).meant(1, text)
    }

    #[test]
    fn the_day_is_that_of_an_allocation_in_every_format() {
        let ends = [date(2026, 12, 5), date(2027, 3, 31)];
        for text in [
            "12/05/2026",
            "05/12/2026",
            "05.12.2026",
            "2026-12-05",
            "2026/12/05",
            "5 d\u{e9}c. 2026",
        ] {
            assert_eq!(meant(&ends, text), Some(ends[0]), "{text}");
        }
        assert_eq!(meant(&ends, "31/03/2027"), Some(ends[1]));
    }

    #[test]
    fn another_day_is_told_only_where_it_can_be_read_in_one_way() {
        for (text, expected) in [
            ("01/01/2027", Some(date(2027, 1, 1))),
            ("31/12/2026", Some(date(2026, 12, 31))),
            ("12/31/2026", Some(date(2026, 12, 31))),
            ("2027-04-05", Some(date(2027, 4, 5))),
            ("05/12/2026", None),
            ("5 mai", None),
        ] {
            assert_eq!(meant(&[], text), expected, "{text}");
        }
    }
}
