//! The people of the demo company: users with their roles, and their departments. All invented.

use serde::Serialize;

use super::ledger::{INSTRUMENTS, NORDIC};

/// What a user is allowed to do, as Odoo's groups say it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Invoicing with the full accounting features.
    Accountant,
    /// An internal user without any application role.
    Employee,
    /// Approves expenses and time off of the own team, and works in projects.
    TeamLead,
    /// HR officer and time-off officer.
    HrOfficer,
    /// Settings and the administrator of every application.
    Administrator,
    /// Reads the books and changes nothing; comes from outside, so without an employee record.
    Auditor,
}

impl Role {
    /// External ids of the groups (`res.groups`) that make the role; the groups they imply come with them.
    #[must_use]
    pub fn groups(self) -> &'static [&'static str] {
        match self {
            Self::Accountant => &["base.group_user", "account.group_account_user"],
            Self::Employee => &["base.group_user"],
            Self::TeamLead => &[
                "base.group_user",
                "hr_expense.group_hr_expense_team_approver",
                "project.group_project_user",
            ],
            Self::HrOfficer => &[
                "base.group_user",
                "hr.group_hr_user",
                "hr_holidays.group_hr_holidays_user",
            ],
            Self::Administrator => &[
                "base.group_user",
                "base.group_system",
                "account.group_account_user",
                "account.group_account_manager",
                "hr.group_hr_manager",
                "hr_expense.group_hr_expense_manager",
                "hr_holidays.group_hr_holidays_manager",
                "project.group_project_manager",
            ],
            Self::Auditor => &["base.group_user", "account.group_account_readonly"],
        }
    }

    /// One line for people who try the demo.
    #[must_use]
    pub fn summary(self) -> &'static str {
        match self {
            Self::Accountant => "accountant",
            Self::Employee => "plain employee",
            Self::TeamLead => "team lead who approves expenses and time off",
            Self::HrOfficer => "HR and time-off officer",
            Self::Administrator => "administrator",
            Self::Auditor => "external auditor who may only read the books",
        }
    }
}

/// A user (`res.users`). The login is the key.
#[derive(Clone, Debug, Serialize)]
pub struct Person {
    /// Login, and key.
    pub login: &'static str,
    /// Password; public, since the company is invented.
    pub password: String,
    /// Full name, also of the employee.
    pub name: &'static str,
    /// Mail address, also of the employee.
    pub email: String,
    /// Time zone.
    pub tz: &'static str,
    /// What the user may do.
    pub role: Role,
    /// Keys of the companies the user may work in; the first is the default one.
    pub companies: &'static [&'static str],
}

/// A department (`hr.department`).
#[derive(Clone, Debug, Serialize)]
pub struct Department {
    /// What employees call it.
    pub key: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Key of its company.
    pub company: &'static str,
    /// Key of the employee who leads it.
    pub manager: &'static str,
}

/// Login, full name, time zone and role of the six users.
const PEOPLE: [(&str, &str, &str, Role); 6] = [
    ("alice", "Alice Marchetti", "Europe/Rome", Role::Accountant),
    ("emil", "Emil Novak", "Europe/Prague", Role::Employee),
    ("tara", "Tara Lindqvist", "Europe/Stockholm", Role::TeamLead),
    ("hanna", "Hanna Okafor", "Africa/Lagos", Role::HrOfficer),
    ("ada", "Ada Brandt", "America/New_York", Role::Administrator),
    ("rosa", "Rosa Whitfield", "Europe/London", Role::Auditor),
];

/// The six users.
pub(super) fn people() -> Vec<Person> {
    let person = |&(login, name, tz, role): &(&'static str, _, _, Role)| Person {
        login,
        password: format!("{login}-demo"),
        name,
        email: format!("{login}@larkspur.example"),
        tz,
        role,
        companies: match role {
            Role::Accountant | Role::Administrator | Role::Auditor => &[INSTRUMENTS, NORDIC],
            Role::Employee | Role::TeamLead | Role::HrOfficer => &[INSTRUMENTS],
        },
    };
    PEOPLE.iter().map(person).collect()
}

/// Departments: five of the first company, one of the second.
pub(super) fn departments() -> Vec<Department> {
    let department = |key, name, company, manager| Department {
        key,
        name,
        company,
        manager,
    };
    vec![
        department("direction", "Direction", INSTRUMENTS, "ada"),
        department("finance", "Finance", INSTRUMENTS, "alice"),
        department("workshop", "Workshop", INSTRUMENTS, "tara"),
        department("sales", "Sales", INSTRUMENTS, "priya"),
        department("people", "People and Culture", INSTRUMENTS, "hanna"),
        department("turku", "Turku Office", NORDIC, "aino"),
    ]
}
