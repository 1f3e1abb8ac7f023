//! Tasks (`project.task`): declaration, rules and computed fields. What happens to them stands in `task_life`.

use serde_json::{Value as Json, json};

use crate::engine::{
    cell::Cell,
    env::Env,
    field::Field,
    model::{Model, Rule, own_companies},
    record::Record,
    registry::Registry,
};

use super::counters::{CLOSED, count};
use super::{MANAGER, USER, plan, task_life, timesheet};

const STATES: &[(&str, &str)] = &[
    ("01_in_progress", "In Progress"),
    ("02_changes_requested", "Changes Requested"),
    ("03_approved", "Approved"),
    ("1_done", "Done"),
    ("1_canceled", "Cancelled"),
    ("04_waiting_normal", "Waiting"),
];

const PRIORITIES: &[(&str, &str)] = &[
    ("0", "Low priority"),
    ("1", "Medium priority"),
    ("2", "High priority"),
    ("3", "Urgent"),
];

/// Declares the model.
pub(super) fn register(registry: &mut Registry) {
    registry.add(
        Model::new("project.task", "Task")
            .order("priority desc, sequence, date_deadline asc, id desc")
            .archivable()
            .fields(identity())
            .fields(people())
            .fields(structure())
            .fields(details())
            .fields(timesheet::task_fields())
            .access("base.group_portal", "r")
            .access("base.group_user", "rwcd")
            .access(USER, "rwcd")
            .rule(Rule::global(own_companies))
            .rule(Rule::of(&["base.group_user"], visible).on("r"))
            .rule(Rule::of(&["base.group_user"], private))
            .rule(Rule::of(&[USER], visible).on("wcd"))
            .rule(Rule::of(&[USER], open))
            .rule(Rule::of(&[MANAGER], in_projects))
            .action("action_archive", task_life::action_archive)
            .before_create(task_life::complete)
            .after_create(task_life::after_create)
            .before_write(task_life::before_write)
            .after_write(task_life::after_write)
            .before_unlink(task_life::remove_subtasks),
    );
}

fn identity() -> Vec<Field> {
    fields! {
        char("name").label("Title").required();
        html("description");
        integer("sequence").default(10);
        selection("state", STATES).required().default("01_in_progress").no_copy();
        boolean("is_closed").label("Closed state").compute(|task| is_closed(task).into()).searchable();
        selection("priority", PRIORITIES).default("0");
        many2one("stage_id", "project.task.type");
        many2one("project_id", "project.project").followed();
        boolean("display_in_project").compute(display_in_project).stored();
        many2one("company_id", "res.company");
        many2many("tag_ids", "project.tags").label("Tags");
        many2one("milestone_id", "project.milestone").no_copy();
        datetime("date_deadline").label("Deadline");
        datetime("date_assign").label("Assigning Date").readonly().no_copy();
        datetime("date_end").label("Ending Date").no_copy();
        datetime("date_last_stage_update").label("Last Stage Update").readonly().no_copy();
        integer("color").label("Color Index");
    }
}

fn people() -> Vec<Field> {
    fields! {
        many2many("user_ids", "res.users").label("Assignees");
        many2one("partner_id", "res.partner").label("Customer");
        char("partner_phone").label("Contact Number").related("partner_id.phone").stored();
        char("email_from").related("partner_id.email").stored();
        char("email_cc").label("Email cc");
        many2many("role_ids", "project.role").label("Project Roles");
        many2many("message_partner_ids", "res.partner").label("Followers (Partners)").groups(&["base.group_user"]).no_copy();
        char("portal_user_names").compute(assignees).searchable();
        selection("project_privacy_visibility", plan::VISIBILITIES).label("Project Visibility").related("project_id.privacy_visibility");
        boolean("current_user_same_company_partner").compute(|_| false.into());
    }
}

fn structure() -> Vec<Field> {
    fields! {
        many2one("parent_id", "project.task").label("Parent Task");
        one2many("child_ids", "project.task", "parent_id").label("Sub-tasks");
        integer("subtask_count").label("Sub-task Count").compute(|task| count(subtasks(task).len()));
        integer("closed_subtask_count").label("Closed Sub-tasks Count")
            .compute(|task| count(subtasks(task).iter().filter(|task| is_closed(task)).count()));
        float("subtask_completion_percentage").compute(subtask_completion);
        many2many("depend_on_ids", "project.task").label("Blocked By").no_copy();
        many2many("dependent_ids", "project.task").label("Block").compute(dependents).stored().editable();
        integer("depend_on_count").label("Depending on Tasks").compute(|task| count(blockers(task).len()));
        integer("closed_depend_on_count").label("Closed Depending on Tasks")
            .compute(|task| count(blockers(task).iter().filter(|task| is_closed(task)).count()));
        boolean("allow_task_dependencies").label("Task Dependencies").related("project_id.allow_task_dependencies");
        boolean("allow_milestones").label("Milestones").related("project_id.allow_milestones");
        boolean("is_template").no_copy();
        boolean("has_template_ancestor").compute(has_template_ancestor).stored();
        boolean("has_project_template").related("project_id.is_template");
        boolean("recurring_task").label("Recurrent");
    }
}

fn details() -> Vec<Field> {
    fields! {
        one2many("attachment_ids", "ir.attachment", "res_id").label("Attachments").compute(attachments);
        many2one("displayed_image_id", "ir.attachment").label("Cover Image");
        char("access_url").label("Portal Access URL").compute(|task| format!("/my/tasks/{}", task.id()).into());
        integer("stage_id_color").label("Stage Color").related("stage_id.color");
    }
}

/// Tasks of projects that are open to all or followed, tasks one follows, and one's own.
fn visible(env: &Env) -> Json {
    let partner = env.user().get("partner_id").as_int();
    json!([
        "|",
        "&",
        ["project_id", "!=", false],
        "|",
        [
            "project_id.privacy_visibility",
            "in",
            ["employees", "portal"]
        ],
        ["project_id.message_partner_ids", "in", [partner]],
        "|",
        ["message_partner_ids", "in", [partner]],
        ["user_ids", "in", [env.uid()]],
    ])
}

/// One's own to-dos without a project.
fn private(env: &Env) -> Json {
    json!([
        ["project_id", "=", false],
        ["user_ids", "in", [env.uid()]],
        ["parent_id", "=", false]
    ])
}

/// Tasks of open projects, for those who work in projects.
fn open(env: &Env) -> Json {
    json!([
        [
            "project_id.privacy_visibility",
            "in",
            ["employees", "portal"]
        ],
        "|",
        "|",
        ["project_id", "!=", false],
        ["parent_id", "!=", false],
        ["user_ids", "in", [env.uid()]],
    ])
}

/// Every task of a project, and one's own.
fn in_projects(env: &Env) -> Json {
    json!([
        "|",
        ["project_id", "!=", false],
        ["user_ids", "in", [env.uid()]]
    ])
}

/// A subtask in the project of its parent is shown there, not on its own.
fn display_in_project(task: &Record<'_>) -> Cell {
    let parent = task.one("parent_id").map(|parent| parent.get("project_id"));
    (parent != Some(task.get("project_id"))).into()
}

/// Whether the task is done or cancelled.
pub(super) fn is_closed(task: &Record<'_>) -> bool {
    CLOSED.contains(&task.text("state").as_str())
}

/// The subtasks that are not archived.
pub(super) fn subtasks<'e>(task: &Record<'e>) -> Vec<Record<'e>> {
    let mut found = task.many("child_ids");
    found.retain(|task| task.bool("active"));
    found
}

/// The tasks that must be done first, where the project lets tasks block each other.
pub(super) fn blockers<'e>(task: &Record<'e>) -> Vec<Record<'e>> {
    if task.bool("allow_task_dependencies") {
        task.many("depend_on_ids")
    } else {
        Vec::new()
    }
}

fn subtask_completion(task: &Record<'_>) -> Cell {
    let all = count(subtasks(task).len()).as_float();
    let closed = count(subtasks(task).iter().filter(|task| is_closed(task)).count()).as_float();
    if all == 0.0 {
        0.0.into()
    } else {
        (closed / all).into()
    }
}

fn dependents(task: &Record<'_>) -> Cell {
    let domain = json!([["depend_on_ids", "in", [task.id()]]]);
    task.env()
        .sudo()
        .search("project.task", &domain)
        .unwrap_or_default()
        .into()
}

/// Whether the task or one above it is a template.
fn has_template_ancestor(task: &Record<'_>) -> Cell {
    let mut at = Some(*task);
    let mut steps = 0;
    while let Some(here) = at {
        if here.bool("is_template") {
            return true.into();
        }
        steps += 1;
        at = here.one("parent_id").filter(|_| steps < 64);
    }
    false.into()
}

fn assignees(task: &Record<'_>) -> Cell {
    let mut names: Vec<String> = task
        .many("user_ids")
        .iter()
        .map(|user| user.text("name"))
        .collect();
    names.sort_unstable();
    match names.as_slice() {
        [] => "".into(),
        [one] => one.clone().into(),
        [one, other] => format!("{one} and {other}").into(),
        [most @ .., last] => format!("{}, and {last}", most.join(", ")).into(),
    }
}

fn attachments(task: &Record<'_>) -> Cell {
    let domain = json!([
        ["res_model", "=", "project.task"],
        ["res_id", "=", task.id()]
    ]);
    task.env()
        .sudo()
        .search("ir.attachment", &domain)
        .unwrap_or_default()
        .into()
}
