//! People: employees with their versions, departments, jobs and working hours (modules `hr`, `resource`).
//!
//! Time off, payroll and expenses are applications of their own on top of it.

use crate::engine::registry::{Group, Module, Registry};

use super::{INTERNAL, group};

mod department;
mod directory;
mod employee;
mod hierarchy;
mod personal;
mod resource;
mod resume;
mod skills;
mod version;

/// Officers, who manage all employees.
const OFFICER: &str = "hr.group_hr_user";
/// Administrators, who also see contracts and wages.
const MANAGER: &str = "hr.group_hr_manager";

/// Declares the application.
pub(super) fn register(registry: &mut Registry) {
    registry.add_module(Module {
        name: "hr",
        label: "Employees",
        version: "19.0.1.1",
    });
    registry.add_module(Module {
        name: "resource",
        label: "Resource",
        version: "19.0.1.1",
    });
    registry.add_module(Module {
        name: "hr_skills",
        label: "Skills Management",
        version: "19.0.1.0",
    });
    GROUPS
        .into_iter()
        .for_each(|group| registry.add_group(group));
    resource::register(registry);
    department::register(registry);
    version::register(registry);
    employee::register(registry);
    directory::register(registry);
    skills::register(registry);
    resume::register(registry);
    registry.extend("res.users", |user| {
        user.fields(fields! {
            one2many("employee_ids", "hr.employee", "user_id").label("Related employee");
            many2one("employee_id", "hr.employee").label("Company employee").compute(hierarchy::employee_of).searchable();
        })
    });
    registry.extend("res.partner", |partner| {
        partner.fields(fields! {
            boolean("employee").compute(hierarchy::is_employee).stored();
            one2many("employee_ids", "hr.employee", "work_contact_id").label("Employees").groups(&[OFFICER]);
        })
    });
}

/// The groups of the application, and those of its neighbours that roles of people name.
const GROUPS: [Group; 8] = [
    group(
        OFFICER,
        "Employees",
        "Officer: Manage all employees",
        INTERNAL,
    ),
    group(MANAGER, "Employees", "Administrator", &[OFFICER]),
    group(
        "hr_expense.group_hr_expense_team_approver",
        "Expenses",
        "Team Approver",
        INTERNAL,
    ),
    group(
        "hr_expense.group_hr_expense_user",
        "Expenses",
        "All Approver",
        &["hr_expense.group_hr_expense_team_approver"],
    ),
    group(
        "hr_expense.group_hr_expense_manager",
        "Expenses",
        "Administrator",
        &["hr_expense.group_hr_expense_user"],
    ),
    group(
        "hr_holidays.group_hr_holidays_responsible",
        "",
        "Time Off Responsible",
        INTERNAL,
    ),
    group(
        "hr_holidays.group_hr_holidays_user",
        "Time Off",
        "Officer: Manage all requests",
        &[OFFICER, "hr_holidays.group_hr_holidays_responsible"],
    ),
    group(
        "hr_holidays.group_hr_holidays_manager",
        "Time Off",
        "Administrator",
        &["hr_holidays.group_hr_holidays_user"],
    ),
];
