//! The requests themselves, one a row.

use super::{LeaveEnd, LeaveKind};

/// Week from the anchor's and day of the week, 0 for Monday.
pub(super) type Day = (i32, i32);

/// Employee, kind, first and last day, reason, approvals and end.
pub(super) type Row = (
    &'static str,
    LeaveKind,
    Day,
    Day,
    &'static str,
    &'static [&'static str],
    LeaveEnd,
);

const TWICE: &[&str] = &["tara", "hanna"];
const OFFICER: &[&str] = &["hanna"];
const DIRECTOR: &[&str] = &["ada"];

/// All requests, in the order in which they were entered.
pub(super) const ROWS: [Row; 27] = {
    use LeaveEnd::{Cancelled, Refused, Stands};
    use LeaveKind::{Compensatory, Extra, Paid, Sick, Unpaid};
    [
        (
            "emil",
            Paid,
            (-30, 0),
            (-30, 4),
            "Hiking in the Tatras",
            TWICE,
            Stands,
        ),
        (
            "emil",
            Paid,
            (-12, 3),
            (-12, 4),
            "Moving house",
            TWICE,
            Stands,
        ),
        ("emil", Sick, (-8, 1), (-8, 2), "Flu", OFFICER, Stands),
        ("emil", Extra, (-4, 4), (-4, 4), "School play", &[], Stands),
        ("emil", Paid, (3, 0), (3, 2), "Visiting family", &[], Stands),
        ("emil", Paid, (7, 0), (7, 1), "Long weekend", TWICE, Stands),
        (
            "mara",
            Paid,
            (-25, 0),
            (-25, 4),
            "Summer house",
            TWICE,
            Stands,
        ),
        ("mara", Sick, (-15, 0), (-15, 0), "Dentist", OFFICER, Stands),
        (
            "mara",
            Compensatory,
            (2, 4),
            (2, 4),
            "Worked at the fair",
            &[],
            Stands,
        ),
        (
            "jonas",
            Paid,
            (-20, 0),
            (-20, 4),
            "Cycling tour",
            TWICE,
            Stands,
        ),
        (
            "jonas",
            Paid,
            (4, 0),
            (4, 4),
            "Skiing",
            &[],
            Refused("tara"),
        ),
        (
            "lucia",
            Unpaid,
            (-3, 1),
            (-3, 1),
            "Appointment",
            TWICE,
            Stands,
        ),
        (
            "lucia",
            Paid,
            (2, 0),
            (2, 1),
            "Wedding of a friend",
            &["tara"],
            Stands,
        ),
        (
            "tara",
            Paid,
            (-18, 0),
            (-18, 4),
            "Sailing",
            DIRECTOR,
            Stands,
        ),
        (
            "tara",
            Paid,
            (1, 3),
            (1, 4),
            "Concert in Malmö",
            OFFICER,
            Stands,
        ),
        ("hanna", Paid, (-28, 0), (-28, 4), "Lagos", DIRECTOR, Stands),
        (
            "hanna",
            Sick,
            (-2, 0),
            (-2, 0),
            "Migraine",
            DIRECTOR,
            Stands,
        ),
        (
            "alice",
            Paid,
            (-22, 0),
            (-22, 4),
            "At the sea",
            OFFICER,
            Stands,
        ),
        ("alice", Paid, (2, 2), (2, 2), "Notary", &[], Stands),
        (
            "alice",
            Paid,
            (4, 3),
            (4, 4),
            "Christmas market",
            DIRECTOR,
            Cancelled,
        ),
        ("ada", Paid, (-26, 0), (-26, 2), "Family", OFFICER, Stands),
        ("clara", Paid, (0, 0), (1, 4), "Honeymoon", OFFICER, Stands),
        (
            "mikko",
            Paid,
            (-1, 2),
            (1, 2),
            "Moose hunting",
            DIRECTOR,
            Stands,
        ),
        (
            "aino",
            Paid,
            (-18, 0),
            (-18, 4),
            "Archipelago",
            DIRECTOR,
            Stands,
        ),
        (
            "yuki",
            Paid,
            (5, 0),
            (5, 4),
            "New Year in Kyoto",
            OFFICER,
            Stands,
        ),
        ("ben", Sick, (-5, 2), (-5, 3), "Cold", OFFICER, Stands),
        (
            "noor",
            Compensatory,
            (-6, 0),
            (-6, 0),
            "Job fair",
            OFFICER,
            Stands,
        ),
    ]
};
