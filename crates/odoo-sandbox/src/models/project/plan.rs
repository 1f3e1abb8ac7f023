//! Projects (`project.project`): who sees them, what they hold.

use serde_json::{Value as Json, json};

use crate::engine::{
    cell::Cell,
    env::Env,
    error::{OdooError, Result},
    field::Field,
    method::{Args, Method, Target},
    model::{Model, Operation, Rule, Vals, own_companies},
    record::Record,
    registry::Registry,
};

use super::{MANAGER, STATUS_COLORS, USER, counters};

/// `privacy_visibility`. The blank before the last label is Odoo's.
pub(super) const VISIBILITIES: &[(&str, &str)] = &[
    ("followers", "Invited internal users"),
    ("invited_users", "Invited internal and portal users"),
    ("employees", "All internal users"),
    ("portal", " All internal users and invited portal users"),
];

/// `last_update_status`.
const STATUSES: &[(&str, &str)] = &[
    ("on_track", "On Track"),
    ("at_risk", "At Risk"),
    ("off_track", "Off Track"),
    ("on_hold", "On Hold"),
    ("to_define", "Set Status"),
    ("done", "Complete"),
];

/// Declares the model.
pub(super) fn register(registry: &mut Registry) {
    let create = Method::model("create", create).required("vals_list");
    registry.add(
        Model::new("project.project", "Project")
            .order("sequence, name, id")
            .archivable()
            .fields(identity())
            .fields(settings())
            .fields(progress())
            .fields(milestones())
            .access("base.group_portal", "r")
            .access("base.group_user", "r")
            .access(USER, "r")
            .access(MANAGER, "rwcd")
            .rule(Rule::global(own_companies))
            .rule(Rule::of(&[MANAGER], |_| json!([])))
            .rule(Rule::of(&["base.group_user"], open_or_followed))
            .method(create)
            .before_create(complete)
            .after_create(after_create)
            .before_write(before_write)
            .after_write(after_write)
            .before_unlink(remove_tasks),
    );
}

fn identity() -> Vec<Field> {
    fields! {
        char("name").required();
        html("description");
        integer("sequence").default(10);
        many2one("user_id", "res.users").label("Project Manager").default_fn(|env| env.uid().into());
        many2one("partner_id", "res.partner").label("Customer");
        many2one("company_id", "res.company");
        many2one("currency_id", "res.currency").compute(currency);
        date("date_start").label("Start Date");
        date("date").label("Expiration Date");
        char("label_tasks").label("Use Tasks as").default("Tasks");
        integer("color").label("Color Index");
        many2many("tag_ids", "project.tags").label("Tags");
        many2one("resource_calendar_id", "resource.calendar").label("Working Time").compute(calendar);
        many2one("account_id", "account.analytic.account").label("Project").no_copy();
        char("access_url").label("Portal Access URL").compute(|project| format!("/my/projects/{}", project.id()).into());
    }
}

fn settings() -> Vec<Field> {
    fields! {
        selection("privacy_visibility", VISIBILITIES).label("Visibility").required().default("portal");
        many2many("message_partner_ids", "res.partner").label("Followers (Partners)").groups(&["base.group_user"]).no_copy();
        one2many("collaborator_ids", "project.collaborator", "project_id").label("Collaborators");
        integer("collaborator_count").label("# Collaborators").compute(counters::collaborators);
        many2many("type_ids", "project.task.type").label("Tasks Stages");
        many2one("stage_id", "project.project.stage").groups(&["project.group_project_stages"]).no_copy();
        boolean("is_template").no_copy();
        many2many("favorite_user_ids", "res.users").label("Members").no_copy();
        boolean("is_favorite").label("Show Project on Dashboard").compute(is_favorite).searchable().editable();
        boolean("allow_milestones").label("Milestones");
        boolean("allow_task_dependencies").label("Task Dependencies");
        boolean("allow_recurring_tasks").label("Recurring Tasks");
        boolean("allow_timesheets").label("Timesheets").default(true);
    }
}

fn progress() -> Vec<Field> {
    fields! {
        one2many("task_ids", "project.task", "project_id").label("Tasks");
        one2many("tasks", "project.task", "project_id").label("Task Activities");
        integer("task_count").compute(counters::tasks);
        integer("open_task_count").compute(counters::open_tasks);
        integer("closed_task_count").compute(counters::closed_tasks);
        float("task_completion_percentage").compute(counters::completion);
        one2many("update_ids", "project.update", "project_id");
        integer("update_count").compute(counters::updates);
        many2one("last_update_id", "project.update").no_copy();
        selection("last_update_status", STATUSES).required().default("to_define").no_copy();
        integer("last_update_color").compute(status_color);
        float("allocated_hours").label("Allocated Time").no_copy();
        float("effective_hours").label("Time Spent").compute(counters::hours_spent);
        float("remaining_hours").label("Time Remaining").compute(counters::hours_left);
        boolean("is_project_overtime").label("Project in Overtime").compute(counters::overtime).searchable();
        boolean("is_internal_project").compute(|_| false.into());
        one2many("timesheet_ids", "account.analytic.line", "project_id").label("Associated Timesheets");
    }
}

fn milestones() -> Vec<Field> {
    const GROUP: &[&str] = &["project.group_project_milestone"];
    fields! {
        one2many("milestone_ids", "project.milestone", "project_id");
        integer("milestone_count").groups(GROUP).compute(counters::milestones);
        integer("milestone_count_reached").groups(GROUP).compute(counters::reached_milestones);
        integer("milestone_progress").label("Milestones Reached").groups(GROUP).compute(counters::milestone_progress);
        many2one("next_milestone_id", "project.milestone").groups(GROUP).compute(counters::next_milestone);
        boolean("is_milestone_exceeded").compute(counters::milestone_exceeded).searchable();
    }
}

/// The rule on projects for employees: open to all, or followed.
fn open_or_followed(env: &Env) -> Json {
    let partner = env.user().get("partner_id").as_int();
    json!([
        "|",
        ["privacy_visibility", "in", ["employees", "portal"]],
        ["message_partner_ids", "in", [partner]]
    ])
}

fn currency(project: &Record<'_>) -> Cell {
    let company = project
        .get("company_id")
        .as_id()
        .unwrap_or_else(|| project.env().company());
    project
        .env()
        .record_of("res.company", company)
        .get("currency_id")
}

fn calendar(project: &Record<'_>) -> Cell {
    let company = project
        .get("company_id")
        .as_id()
        .unwrap_or_else(|| project.env().company());
    project
        .env()
        .record_of("res.company", company)
        .get("resource_calendar_id")
}

fn is_favorite(project: &Record<'_>) -> Cell {
    project
        .ids("favorite_user_ids")
        .contains(&project.env().uid())
        .into()
}

fn status_color(project: &Record<'_>) -> Cell {
    let status = project.text("last_update_status");
    STATUS_COLORS
        .iter()
        .find(|(key, _)| *key == status)
        .map(|(_, color)| *color)
        .into()
}

/// Odoo makes the analytic account first, and so refuses that to those who may not create projects.
fn create(env: &Env, target: &Target<'_>, args: &Args) -> Result<Json> {
    env.check_access(env.model("account.analytic.account")?, Operation::Create)?;
    let standard = env.registry().standard("create");
    let standard =
        standard.ok_or_else(|| OdooError::not_found("The method 'create' does not exist"))?;
    (standard.body)(env, target, args)
}

/// A new project stands in the first stage of projects, and belongs to its maker's favourites if so wished.
fn complete(env: &Env, vals: &mut Vals) -> Result<()> {
    if vals
        .get("stage_id")
        .is_none_or(|stage| stage.as_i64().is_none())
    {
        let stages = env.sudo().search(
            "project.project.stage",
            &json!([["company_id", "=", false]]),
        )?;
        // Without the group nobody can set the stage, yet each project has one.
        if env.is_sudo() || env.in_group("project.group_project_stages") {
            vals.insert("stage_id".into(), json!(stages.first()));
        }
    }
    favorite(env, vals, &[]);
    Ok(())
}

/// The manager follows the project, and hours on it have an analytic account to go to.
fn after_create(project: &Record<'_>) -> Result<()> {
    if project.bool("allow_timesheets")
        && !project.bool("is_template")
        && project.get("account_id").is_empty()
    {
        project.set("account_id", super::timesheet::account_for(project)?);
    }
    if let Some(partner) = project
        .one("user_id")
        .and_then(|user| user.get("partner_id").as_id())
    {
        let mut followers = project.ids("message_partner_ids");
        if !followers.contains(&partner) {
            followers.push(partner);
            project.set("message_partner_ids", followers);
        }
    }
    Ok(())
}

fn before_write(env: &Env, ids: &[i64], vals: &mut Vals) -> Result<()> {
    favorite(env, vals, ids);
    if let Some(status) = vals
        .get("last_update_status")
        .and_then(Json::as_str)
        .filter(|key| *key != "to_define")
    {
        for project in env.browse("project.project", ids) {
            if !project.is("last_update_status", status) {
                super::update::note_status(env, &project, status)?;
            }
        }
    }
    Ok(())
}

/// The tasks of a project are archived and brought back with it.
fn after_write(env: &Env, ids: &[i64], vals: &Vals) -> Result<()> {
    if let Some(active) = vals.get("active") {
        let env = env.sudo().with("active_test", false);
        let tasks = env.search("project.task", &json!([["project_id", "in", ids]]))?;
        let active = Vals::from_iter([("active".to_owned(), active.clone())]);
        env.write("project.task", &tasks, active)?;
    }
    Ok(())
}

/// `is_favorite` is a mark of the user who calls, kept among the members.
fn favorite(env: &Env, vals: &mut Vals, ids: &[i64]) {
    let Some(wanted) = vals.remove("is_favorite").and_then(|value| value.as_bool()) else {
        return;
    };
    if ids.is_empty() && wanted {
        vals.insert("favorite_user_ids".into(), json!([[6, 0, [env.uid()]]]));
    }
    for project in env.browse("project.project", ids) {
        let mut members = project.ids("favorite_user_ids");
        members.retain(|id| *id != env.uid());
        if wanted {
            members.push(env.uid());
        }
        project.set("favorite_user_ids", members);
    }
}

/// With a project go its tasks, as in Odoo.
fn remove_tasks(env: &Env, ids: &[i64]) -> Result<()> {
    let env = env.sudo().with("active_test", false);
    for model in [
        "project.task",
        "project.milestone",
        "project.update",
        "project.collaborator",
    ] {
        let found = env.search(model, &json!([["project_id", "in", ids]]))?;
        env.unlink(model, &found)?;
    }
    Ok(())
}
