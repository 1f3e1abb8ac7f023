//! The employees of the demo company: five of the users and twelve colleagues. All invented.

use jiff::civil::{Date, date};
use serde::Serialize;

use super::ledger::{INSTRUMENTS, NORDIC};
use super::staff::people;

/// An employee (`hr.employee`).
#[derive(Clone, Debug, Serialize)]
pub struct Employee {
    /// What other records call the employee.
    pub key: &'static str,
    /// Full name.
    pub name: &'static str,
    /// Job title.
    pub job_title: &'static str,
    /// Key of the department.
    pub department: &'static str,
    /// Key of the company.
    pub company: &'static str,
    /// Work mail address.
    pub email: String,
    /// Work phone.
    pub phone: &'static str,
    /// Key of the employee this one reports to.
    pub manager: Option<&'static str>,
    /// Login of the linked user.
    pub user: Option<&'static str>,
    /// Login of the user who approves time off and expenses.
    pub approver: Option<&'static str>,
    /// Birthday: private, for HR only.
    pub birthday: Option<Date>,
    /// False for somebody who has left.
    pub active: bool,
}

/// Employees: five of the users and twelve more. One of them has left.
pub(super) fn employees() -> Vec<Employee> {
    let mut employees: Vec<Employee> = ROSTER.iter().map(employee).collect();
    if let Some(emil) = employees.iter_mut().find(|employee| employee.key == "emil") {
        emil.birthday = Some(date(1994, 3, 17));
    }
    if let Some(mara) = employees.iter_mut().find(|employee| employee.key == "mara") {
        mara.birthday = Some(date(1988, 11, 2));
    }
    employees
}

/// Keys of those who work here now, with the keys of their companies.
pub(super) fn active() -> Vec<(&'static str, &'static str)> {
    let employees = employees().into_iter().filter(|employee| employee.active);
    employees
        .map(|employee| (employee.key, employee.company))
        .collect()
}

/// Key, name, job title, department, work phone and manager.
type Row = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    Option<&'static str>,
);

const ROSTER: [Row; 17] = [
    (
        "ada",
        "Ada Brandt",
        "Managing Director",
        "direction",
        "+1 585 555 0100",
        None,
    ),
    (
        "alice",
        "Alice Marchetti",
        "Head of Finance",
        "finance",
        "+1 585 555 0110",
        Some("ada"),
    ),
    (
        "tara",
        "Tara Lindqvist",
        "Workshop Lead",
        "workshop",
        "+1 585 555 0120",
        Some("ada"),
    ),
    (
        "hanna",
        "Hanna Okafor",
        "People Officer",
        "people",
        "+1 585 555 0130",
        Some("ada"),
    ),
    (
        "priya",
        "Priya Raman",
        "Head of Sales",
        "sales",
        "+1 585 555 0140",
        Some("ada"),
    ),
    (
        "emil",
        "Emil Novak",
        "Calibration Technician",
        "workshop",
        "+1 585 555 0121",
        Some("tara"),
    ),
    (
        "mara",
        "Mara Quist",
        "Optics Engineer",
        "workshop",
        "+1 585 555 0122",
        Some("tara"),
    ),
    (
        "jonas",
        "Jonas Weidel",
        "Firmware Engineer",
        "workshop",
        "+1 585 555 0123",
        Some("tara"),
    ),
    (
        "lucia",
        "Lucia Ferro",
        "Assembly Technician",
        "workshop",
        "+1 585 555 0124",
        Some("tara"),
    ),
    (
        "oskar",
        "Oskar Blom",
        "Bookkeeper",
        "finance",
        "+1 585 555 0111",
        Some("alice"),
    ),
    (
        "yuki",
        "Yuki Tanabe",
        "Payroll Clerk",
        "finance",
        "+1 585 555 0112",
        Some("alice"),
    ),
    (
        "ben",
        "Ben Abara",
        "Account Manager",
        "sales",
        "+1 585 555 0141",
        Some("priya"),
    ),
    (
        "clara",
        "Clara Dupin",
        "Sales Engineer",
        "sales",
        "+1 585 555 0142",
        Some("priya"),
    ),
    (
        "noor",
        "Noor Haddad",
        "Recruiter",
        "people",
        "+1 585 555 0131",
        Some("hanna"),
    ),
    (
        "viktor",
        "Viktor Saar",
        "Machinist",
        "workshop",
        "+1 585 555 0125",
        Some("tara"),
    ),
    (
        "aino",
        "Aino Salmi",
        "Country Manager",
        "turku",
        "+358 2 555 0150",
        None,
    ),
    (
        "mikko",
        "Mikko Lehto",
        "Service Engineer",
        "turku",
        "+358 2 555 0151",
        Some("aino"),
    ),
];

fn employee(row: &Row) -> Employee {
    let (key, name, job_title, department, phone, manager) = *row;
    Employee {
        key,
        name,
        job_title,
        department,
        company: if department == "turku" {
            NORDIC
        } else {
            INSTRUMENTS
        },
        email: format!("{key}@larkspur.example"),
        phone,
        manager,
        user: people()
            .iter()
            .map(|person| person.login)
            .find(|login| *login == key),
        approver: match department {
            "workshop" if key != "tara" => Some("tara"),
            "turku" => None,
            _ => Some("ada"),
        },
        birthday: None,
        active: key != "viktor",
    }
}
