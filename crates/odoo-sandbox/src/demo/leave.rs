//! Time off in the demo company: what everybody was allocated, who was and will be away, and public holidays.
//!
//! Days are counted in weeks from the anchor's, so that leave falls on working days whatever day of the week the
//! anchor is. Two colleagues are always away on the anchor itself.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

use super::ledger::{INSTRUMENTS, NORDIC};
use rows::{Day, ROWS, Row};

mod rows;

/// Weeks between the anchor and the oldest leave, and the newest.
const OLDEST: i32 = 31;
const NEWEST: i32 = 9;

/// The kinds of leave that Odoo brings along (`hr.leave.type`) and the demo company uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LeaveKind {
    /// Whole days of an allocation, approved twice.
    Paid,
    /// Whole days without an allocation, approved by an officer.
    Sick,
    /// Whole days of an allocation, approved by the approver of the employee.
    Compensatory,
    /// Hours without an allocation, approved twice.
    Unpaid,
    /// Half days of an allocation, approved by nobody.
    Extra,
}

impl LeaveKind {
    /// External id of the kind.
    #[must_use]
    pub fn external_id(self) -> &'static str {
        match self {
            Self::Paid => "hr_holidays.leave_type_paid_time_off",
            Self::Sick => "hr_holidays.leave_type_sick_time_off",
            Self::Compensatory => "hr_holidays.leave_type_compensatory_days",
            Self::Unpaid => "hr_holidays.leave_type_unpaid",
            Self::Extra => "hr_holidays.holiday_status_eto",
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Paid => "Paid Time Off",
            Self::Sick => "Sick Time Off",
            Self::Compensatory => "Compensatory Days",
            Self::Unpaid => "Unpaid",
            Self::Extra => "Extra Time Off",
        }
    }
}

/// Days that an employee may take (`hr.leave.allocation`).
#[derive(Clone, Debug, Serialize)]
pub struct Allocation {
    /// Key of its own.
    pub key: String,
    /// Description.
    pub name: String,
    /// Key of the employee.
    pub employee: &'static str,
    /// Kind of leave.
    pub kind: LeaveKind,
    /// How many days.
    pub days: f64,
    /// The first day on which they may be taken.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// Whether it was granted, or is still asked for by the employee.
    pub granted: bool,
}

/// A request for time off (`hr.leave`).
#[derive(Clone, Debug, Serialize)]
pub struct Leave {
    /// Key of its own.
    pub key: String,
    /// Key of the employee.
    pub employee: &'static str,
    /// Kind of leave.
    pub kind: LeaveKind,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
    /// `am` or `pm`, for half a day.
    pub half: Option<&'static str>,
    /// From and to, in hours of the day, for kinds that are taken by hours.
    pub hours: Option<(f64, f64)>,
    /// Reason, which is private.
    pub reason: &'static str,
    /// Who approves it, in order; nobody when it still waits or needs no approval.
    pub approvals: &'static [&'static str],
    /// What happened to it at last.
    pub end: LeaveEnd,
}

/// What happens to a request besides approvals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LeaveEnd {
    /// Nothing.
    Stands,
    /// Refused by the user with this login.
    Refused(&'static str),
    /// Taken back by the employee.
    Cancelled,
}

/// A day on which a company does not work (`resource.calendar.leaves`).
#[derive(Clone, Debug, Serialize)]
pub struct PublicHoliday {
    /// Key of its own.
    pub key: String,
    /// Key of the company.
    pub company: &'static str,
    /// What is celebrated.
    pub name: &'static str,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

/// Public holidays, one in the past and one to come in each company.
pub(super) fn public_holidays(anchor: Date) -> Vec<PublicHoliday> {
    [
        (
            "foundation",
            INSTRUMENTS,
            "Foundation Day",
            (-20, 3),
            (-20, 3),
        ),
        ("winter_us", INSTRUMENTS, "Winter Closing", (5, 3), (5, 4)),
        ("archipelago", NORDIC, "Archipelago Day", (-18, 0), (-18, 0)),
        ("winter_nordic", NORDIC, "Winter Closing", (5, 3), (5, 4)),
    ]
    .map(|(key, company, name, from, to)| PublicHoliday {
        key: key.to_owned(),
        company,
        name,
        from: day(anchor, from),
        to: day(anchor, to),
    })
    .to_vec()
}

/// Employee, kind, days of each year, whether granted.
const SPECIAL: [(&str, LeaveKind, f64, bool); 6] = [
    ("emil", LeaveKind::Extra, 2.0, true),
    ("emil", LeaveKind::Compensatory, 2.0, false),
    ("lucia", LeaveKind::Extra, 2.0, true),
    ("tara", LeaveKind::Extra, 1.0, true),
    ("mara", LeaveKind::Compensatory, 3.0, true),
    ("noor", LeaveKind::Compensatory, 1.0, true),
];

/// Allocations for each calendar year in which there is leave: for everybody, and a few for some.
pub(super) fn allocations(
    anchor: Date,
    everybody: &[(&'static str, &'static str)],
) -> Vec<Allocation> {
    let first = anchor.saturating_sub(OLDEST.weeks()).year();
    let last = anchor.saturating_add(NEWEST.weeks()).year();
    let mut allocations = Vec::new();
    for year in first..=last {
        for (employee, company) in everybody {
            let days = if *company == NORDIC { 25.0 } else { 20.0 };
            allocations.push(allocation(year, employee, LeaveKind::Paid, (days, true)));
        }
    }
    for (employee, kind, days, granted) in SPECIAL {
        allocations.push(allocation(anchor.year(), employee, kind, (days, granted)));
        // Those who took some of it in the year before need cover there too.
        if granted && first < anchor.year() {
            allocations.push(allocation(first, employee, kind, (days, true)));
        }
    }
    // A day off for work at a fair may lie in the year to come.
    if last > anchor.year() {
        allocations.push(allocation(
            last,
            "mara",
            LeaveKind::Compensatory,
            (1.0, true),
        ));
    }
    allocations
}

fn allocation(
    year: i16,
    employee: &'static str,
    kind: LeaveKind,
    (days, granted): (f64, bool),
) -> Allocation {
    let words = kind.name().to_lowercase().replace(' ', "_");
    let state = if granted { "" } else { "_asked" };
    let new_year = Date::new(year, 1, 1).unwrap_or(Date::MIN);
    Allocation {
        key: format!("{employee}_{words}_{year}{state}"),
        name: format!("{} {year}", kind.name()),
        employee,
        kind,
        days,
        from: new_year,
        to: new_year.last_of_year(),
        granted,
    }
}

/// Leave over the year and into the next two months.
pub(super) fn leaves(anchor: Date) -> Vec<Leave> {
    let leave = |(index, row): (usize, &Row)| {
        let (employee, kind, from, to, reason, approvals, end) = *row;
        Leave {
            key: format!("{employee}_{index}"),
            employee,
            kind,
            from: day(anchor, from),
            to: day(anchor, to),
            half: (kind == LeaveKind::Extra).then_some("pm"),
            hours: (kind == LeaveKind::Unpaid).then_some((13.0, 15.5)),
            reason,
            approvals,
            end,
        }
    };
    ROWS.iter().enumerate().map(leave).collect()
}

fn day(anchor: Date, (week, weekday): Day) -> Date {
    let since_monday = i32::from(anchor.weekday().to_monday_zero_offset());
    anchor.saturating_add((week * 7 + weekday - since_monday).days())
}
