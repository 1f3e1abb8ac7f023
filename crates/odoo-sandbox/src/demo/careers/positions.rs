//! Who worked as what since when, and for how much.

use jiff::civil::{Date, date};

use super::{Contract, Position};

/// Those who have a career, in the order of the employees.
pub(super) const PEOPLE: [&str; 11] = [
    "ada", "alice", "tara", "hanna", "priya", "emil", "mara", "jonas", "oskar", "ben", "aino",
];

/// Employee, first day, job title, department and gross wage of a month.
type Row = (&'static str, Date, &'static str, &'static str, i64);

const POSITIONS: [Row; 25] = [
    (
        "ada",
        date(2014, 5, 1),
        "Production Manager",
        "workshop",
        2_400,
    ),
    (
        "ada",
        date(2019, 1, 1),
        "Managing Director",
        "direction",
        3_400,
    ),
    ("alice", date(2018, 9, 1), "Accountant", "finance", 1_900),
    (
        "alice",
        date(2021, 1, 1),
        "Senior Accountant",
        "finance",
        2_300,
    ),
    (
        "alice",
        date(2023, 4, 1),
        "Head of Finance",
        "finance",
        2_900,
    ),
    ("tara", date(2017, 2, 1), "Machinist", "workshop", 1_700),
    ("tara", date(2020, 6, 1), "Workshop Lead", "workshop", 2_400),
    ("tara", date(2023, 1, 1), "Workshop Lead", "workshop", 2_700),
    ("hanna", date(2020, 3, 1), "Recruiter", "people", 1_800),
    ("hanna", date(2023, 1, 1), "People Officer", "people", 2_400),
    ("priya", date(2016, 8, 1), "Bookkeeper", "finance", 1_600),
    ("priya", date(2019, 3, 1), "Account Manager", "sales", 2_200),
    ("priya", date(2022, 7, 1), "Head of Sales", "sales", 2_800),
    (
        "emil",
        date(2021, 3, 1),
        "Assembly Technician",
        "workshop",
        1_500,
    ),
    (
        "emil",
        date(2023, 9, 1),
        "Calibration Technician",
        "workshop",
        1_700,
    ),
    (
        "emil",
        date(2024, 10, 1),
        "Calibration Technician",
        "workshop",
        1_900,
    ),
    (
        "mara",
        date(2019, 10, 1),
        "Assembly Technician",
        "workshop",
        1_500,
    ),
    (
        "mara",
        date(2022, 5, 1),
        "Optics Engineer",
        "workshop",
        2_400,
    ),
    ("jonas", date(2022, 9, 1), "Trainee", "workshop", 900),
    (
        "jonas",
        date(2023, 9, 1),
        "Firmware Engineer",
        "workshop",
        2_300,
    ),
    ("oskar", date(2021, 6, 1), "Sales Assistant", "sales", 1_400),
    ("oskar", date(2023, 6, 1), "Bookkeeper", "finance", 1_700),
    ("ben", date(2024, 2, 1), "Account Manager", "sales", 1_500),
    ("aino", date(2020, 1, 1), "Service Engineer", "turku", 3_200),
    ("aino", date(2022, 1, 1), "Country Manager", "turku", 4_200),
];

/// The positions of an employee, oldest first.
pub(super) fn of(employee: &str) -> Vec<Position> {
    let rows = POSITIONS.iter().filter(|row| row.0 == employee);
    let first = rows.clone().map(|row| row.1).next();
    rows.map(|&(employee, since, title, department, wage)| Position {
        since,
        title,
        department,
        wage,
        contract: contract(employee, since, first.unwrap_or(since)),
    })
    .collect()
}

/// One contract for all positions, but for Jonas, who was trained first.
fn contract(employee: &str, since: Date, first: Date) -> Contract {
    match (employee, since == first) {
        ("jonas", true) => Contract {
            start: first,
            end: Some(date(2023, 8, 31)),
        },
        ("jonas", false) => Contract {
            start: since,
            end: None,
        },
        _ => Contract {
            start: first,
            end: None,
        },
    }
}
