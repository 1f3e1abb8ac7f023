//! What projects count: tasks, milestones, updates, hours.

use serde_json::{Value as Json, json};

use crate::engine::{cell::Cell, record::Record};

/// States of tasks that are over.
pub(super) const CLOSED: [&str; 2] = ["1_done", "1_canceled"];

pub(super) fn tasks(project: &Record<'_>) -> Cell {
    count(tasks_where(project, &json!([])).len())
}

pub(super) fn open_tasks(project: &Record<'_>) -> Cell {
    count(tasks_where(project, &json!([["state", "not in", CLOSED]])).len())
}

pub(super) fn closed_tasks(project: &Record<'_>) -> Cell {
    count(tasks_where(project, &json!([["state", "in", CLOSED]])).len())
}

/// The part of the tasks that is over, between 0 and 1.
pub(super) fn completion(project: &Record<'_>) -> Cell {
    let (all, open) = (tasks(project).as_float(), open_tasks(project).as_float());
    if all == 0.0 {
        0.0.into()
    } else {
        (1.0 - open / all).into()
    }
}

pub(super) fn collaborators(project: &Record<'_>) -> Cell {
    count(project.ids("collaborator_ids").len())
}

pub(super) fn updates(project: &Record<'_>) -> Cell {
    count(project.ids("update_ids").len())
}

pub(super) fn milestones(project: &Record<'_>) -> Cell {
    count(project.ids("milestone_ids").len())
}

pub(super) fn reached_milestones(project: &Record<'_>) -> Cell {
    count(
        project
            .many("milestone_ids")
            .iter()
            .filter(|milestone| milestone.bool("is_reached"))
            .count(),
    )
}

/// Reached milestones in percent, rounded down.
pub(super) fn milestone_progress(project: &Record<'_>) -> Cell {
    let all = milestones(project).as_int();
    if all == 0 {
        0.into()
    } else {
        (reached_milestones(project).as_int() * 100 / all).into()
    }
}

/// The first milestone that is not reached.
pub(super) fn next_milestone(project: &Record<'_>) -> Cell {
    let domain = json!([
        ["project_id", "=", project.id()],
        ["is_reached", "=", false]
    ]);
    let found = project
        .env()
        .sudo()
        .search("project.milestone", &domain)
        .unwrap_or_default();
    found.first().copied().into()
}

/// Whether a milestone is late.
pub(super) fn milestone_exceeded(project: &Record<'_>) -> Cell {
    project
        .many("milestone_ids")
        .iter()
        .any(|milestone| milestone.bool("is_deadline_exceeded"))
        .into()
}

pub(super) fn hours_spent(project: &Record<'_>) -> Cell {
    let lines = project.many("timesheet_ids");
    super::timesheet::round(lines.iter().map(|line| line.float("unit_amount")).sum()).into()
}

pub(super) fn hours_left(project: &Record<'_>) -> Cell {
    (project.float("allocated_hours") - hours_spent(project).as_float()).into()
}

pub(super) fn overtime(project: &Record<'_>) -> Cell {
    (hours_left(project).as_float() < 0.0).into()
}

/// A number of records as a value.
pub(super) fn count(number: usize) -> Cell {
    i64::try_from(number).unwrap_or_default().into()
}

/// Tasks that are no templates; of an archived project also the archived ones.
fn tasks_where(project: &Record<'_>, extra: &Json) -> Vec<i64> {
    let mut domain = vec![
        json!(["project_id", "=", project.id()]),
        json!(["is_template", "=", false]),
    ];
    domain.extend(extra.as_array().into_iter().flatten().cloned());
    let env = project
        .env()
        .sudo()
        .with("active_test", project.bool("active"));
    env.search("project.task", &Json::Array(domain))
        .unwrap_or_default()
}
