//! Projects and tasks with their timesheets (modules `project`, `hr_timesheet`).

use crate::engine::registry::{Group, Module, Registry};

use super::{INTERNAL, group};

mod counters;
mod milestone;
mod plan;
mod stage;
mod task;
mod task_life;
mod timesheet;
mod update;

/// Those who work in projects.
const USER: &str = "project.group_project_user";
/// Those who set projects up.
const MANAGER: &str = "project.group_project_manager";

/// The colours that lists of projects and updates show for a status.
const STATUS_COLORS: [(&str, i64); 6] = [
    ("on_track", 20),
    ("at_risk", 22),
    ("off_track", 23),
    ("on_hold", 21),
    ("to_define", 0),
    ("done", 24),
];

/// Declares the application.
pub(super) fn register(registry: &mut Registry) {
    registry.add_module(Module {
        name: "project",
        label: "Project",
        version: "19.0.1.3",
    });
    registry.add_module(Module {
        name: "hr_timesheet",
        label: "Task Logs",
        version: "19.0.1.0",
    });
    GROUPS
        .into_iter()
        .for_each(|group| registry.add_group(group));
    stage::register(registry);
    milestone::register(registry);
    plan::register(registry);
    task::register(registry);
    update::register(registry);
    timesheet::register(registry);
}

const APPROVER: &str = "hr_timesheet.group_hr_timesheet_approver";
const OWN_TIME: &str = "hr_timesheet.group_hr_timesheet_user";

const GROUPS: [Group; 9] = [
    group(USER, "Project", "User", INTERNAL),
    group(MANAGER, "Project", "Administrator", &[USER, APPROVER]),
    group(
        "project.group_project_stages",
        "",
        "Use Stages on Project",
        &[],
    ),
    group("project.group_project_milestone", "", "Use Milestones", &[]),
    group(
        "project.group_project_task_dependencies",
        "",
        "Use Task Dependencies",
        &[],
    ),
    group(
        "project.group_project_recurring_tasks",
        "",
        "Use Recurring Tasks",
        &[],
    ),
    group(
        OWN_TIME,
        "Timesheets",
        "User: own timesheets only",
        INTERNAL,
    ),
    group(APPROVER, "Timesheets", "User: all timesheets", &[OWN_TIME]),
    group(
        "hr_timesheet.group_timesheet_manager",
        "Timesheets",
        "Administrator",
        &["hr.group_hr_user", APPROVER],
    ),
];
