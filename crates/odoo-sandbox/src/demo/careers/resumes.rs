//! What people did before they came, and learned since.

use jiff::civil::{Date, date};

use super::{ResumeKind, ResumeLine};

/// Employee, kind, what and where, first and last day.
type Row = (&'static str, ResumeKind, &'static str, Date, Option<Date>);

use ResumeKind::{Education, Experience, Training};

const LINES: [Row; 16] = [
    (
        "ada",
        Education,
        "Mechanical Engineering, Rochester",
        date(2002, 9, 1),
        Some(date(2007, 6, 30)),
    ),
    (
        "ada",
        Experience,
        "Plant Manager, Brightwell Gauges",
        date(2008, 1, 1),
        Some(date(2014, 4, 30)),
    ),
    (
        "alice",
        Education,
        "Accounting and Finance, Bologna",
        date(2010, 9, 1),
        Some(date(2014, 7, 31)),
    ),
    (
        "alice",
        Experience,
        "Auditor, Ferraro e Figli",
        date(2014, 10, 1),
        Some(date(2018, 8, 31)),
    ),
    (
        "tara",
        Education,
        "Precision Mechanics, Uppsala",
        date(2009, 8, 15),
        Some(date(2012, 6, 15)),
    ),
    (
        "tara",
        Training,
        "Leading Small Teams",
        date(2020, 9, 1),
        Some(date(2020, 11, 30)),
    ),
    (
        "hanna",
        Education,
        "Psychology, Ibadan",
        date(2011, 9, 1),
        Some(date(2015, 7, 31)),
    ),
    (
        "hanna",
        Training,
        "Employment Law for Officers",
        date(2022, 2, 1),
        Some(date(2022, 3, 31)),
    ),
    (
        "priya",
        Experience,
        "Shop Manager, Northfield Optics",
        date(2012, 3, 1),
        Some(date(2016, 7, 31)),
    ),
    (
        "emil",
        Education,
        "Technical School of Metrology, Brno",
        date(2010, 9, 1),
        Some(date(2014, 6, 30)),
    ),
    (
        "emil",
        Experience,
        "Technician, Vltava Scales",
        date(2014, 8, 1),
        Some(date(2021, 2, 28)),
    ),
    (
        "emil",
        Training,
        "Calibration of Pressure Sensors",
        date(2024, 4, 8),
        Some(date(2024, 4, 19)),
    ),
    (
        "mara",
        Education,
        "Physics, Groningen",
        date(2006, 9, 1),
        Some(date(2011, 8, 31)),
    ),
    (
        "mara",
        Training,
        "Thin-Film Coatings",
        date(2025, 3, 3),
        None,
    ),
    (
        "jonas",
        Education,
        "Computer Engineering, Graz",
        date(2018, 10, 1),
        Some(date(2022, 7, 31)),
    ),
    (
        "aino",
        Experience,
        "Field Engineer, Sisu Controls",
        date(2013, 5, 1),
        Some(date(2019, 12, 31)),
    ),
];

/// The lines of an employee, as they were entered.
pub(super) fn of(employee: &str) -> Vec<ResumeLine> {
    LINES
        .iter()
        .filter(|row| row.0 == employee)
        .map(|&(_, kind, name, start, end)| ResumeLine {
            kind,
            name,
            start,
            end,
            description: (name == "Technician, Vltava Scales")
                .then_some("<p>Adjusted <b>laboratory scales</b> on site.</p>"),
        })
        .collect()
}
