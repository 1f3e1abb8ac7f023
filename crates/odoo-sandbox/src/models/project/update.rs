//! Status reports of projects (`project.update`).

use serde_json::{Value as Json, json};

use crate::engine::{
    cell::Cell,
    env::Env,
    error::Result,
    field::Field,
    model::{Model, Rule},
    record::Record,
    registry::Registry,
    write::vals,
};

use super::milestone::of_my_companies;
use super::{MANAGER, STATUS_COLORS, USER};

/// Declares the model.
pub(super) fn register(registry: &mut Registry) {
    registry.add(
        Model::new("project.update", "Project Update")
            .order("id desc")
            .fields(table())
            .access("base.group_user", "r")
            .access(USER, "rwcd")
            .access(MANAGER, "rwcd")
            .rule(Rule::global(of_my_companies))
            .rule(Rule::of(&["base.group_user"], visible))
            .rule(Rule::of(&[MANAGER], |_| json!([])))
            .after_create(after_create),
    );
}

fn table() -> Vec<Field> {
    fields! {
        char("name").label("Title").required();
        many2one("project_id", "project.project").required();
        selection("status", &[
            ("on_track", "On Track"), ("at_risk", "At Risk"), ("off_track", "Off Track"), ("on_hold", "On Hold"), ("done", "Complete"),
        ]).required();
        integer("color").compute(color);
        integer("progress");
        float("progress_percentage").compute(|update| (update.float("progress") / 100.0).into());
        many2one("user_id", "res.users").label("Author").required().default_fn(|env| env.uid().into());
        html("description");
        date("date").default_fn(|env| env.today().into());
        integer("task_count").readonly();
        integer("closed_task_count").readonly();
    }
}

/// Writes the report that a bare change of a project's status stands for.
pub(super) fn note_status(env: &Env, project: &Record<'_>, status: &str) -> Result<()> {
    let day = env.today().strftime("%m/%d/%Y").to_string();
    let update = json!({ "name": format!("Status Update - {day}"), "project_id": project.id(), "status": status });
    env.create("project.update", vals(update)).map(|_| ())
}

/// Reports of projects one may see or leads, and one's own.
fn visible(env: &Env) -> Json {
    let partner = env.user().get("partner_id").as_int();
    json!([
        "|",
        [
            "project_id.privacy_visibility",
            "in",
            ["employees", "portal"]
        ],
        "|",
        ["project_id.message_partner_ids", "in", [partner]],
        "|",
        ["user_id", "=", env.uid()],
        ["project_id.user_id", "=", env.uid()],
    ])
}

fn color(update: &Record<'_>) -> Cell {
    let status = update.text("status");
    STATUS_COLORS
        .iter()
        .find(|(key, _)| *key == status)
        .map(|(_, color)| *color)
        .into()
}

/// The project shows its last report, which keeps the counts of its day.
fn after_create(update: &Record<'_>) -> Result<()> {
    if let Some(project) = update.one("project_id") {
        update.set("task_count", project.int("task_count"));
        update.set("closed_task_count", project.int("closed_task_count"));
        project.set("last_update_id", update.id());
        project.set("last_update_status", update.text("status"));
    }
    Ok(())
}
