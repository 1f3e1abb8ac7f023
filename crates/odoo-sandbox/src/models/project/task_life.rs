//! What happens to a task when it is entered, changed, archived and removed.

use serde_json::{Value as Json, json};

use crate::engine::{
    env::Env,
    error::Result,
    method::{Args, Target},
    model::Vals,
    record::Record,
};

use super::task::{blockers, is_closed, subtasks};
use super::timesheet;
use crate::models::given;

/// Project, company and first stage of a new task; a to-do without a project belongs to its maker.
pub(super) fn complete(env: &Env, vals: &mut Vals) -> Result<()> {
    let default = env.key("default_project_id").and_then(Json::as_i64);
    let parent = given::id(vals, "parent_id").map(|id| env.record_of("project.task", id));
    let of_parent = parent
        .as_ref()
        .and_then(|parent| parent.get("project_id").as_id());
    let project = given::id(vals, "project_id").or(default).or(of_parent);
    let now = json!(env.now().strftime("%Y-%m-%d %H:%M:%S").to_string());
    if let Some(id) = project {
        vals.insert("project_id".into(), json!(id));
        let project = env.record_of("project.project", id);
        if given::id(vals, "stage_id").is_none() {
            vals.insert("stage_id".into(), json!(first_stage(env, id)?));
        }
        vals.entry("company_id")
            .or_insert(json!(project.get("company_id").as_id()));
        vals.entry("partner_id")
            .or_insert(json!(project.get("partner_id").as_id()));
        vals.entry("date_last_stage_update").or_insert(now.clone());
        let stage = given::id(vals, "stage_id").map(|id| env.record_of("project.task.type", id));
        if stage.is_some_and(|stage| stage.bool("fold")) {
            vals.entry("date_end").or_insert(now.clone());
        }
    } else if parent.is_none() && !vals.contains_key("user_ids") && !env.is_sudo() {
        vals.insert("user_ids".into(), json!([[4, env.uid()]]));
    }
    if vals.contains_key("user_ids") {
        vals.entry("date_assign").or_insert(now);
    }
    Ok(())
}

fn first_stage(env: &Env, project: i64) -> Result<Option<i64>> {
    let domain = json!([["project_ids", "=", project], ["fold", "=", false]]);
    Ok(env
        .sudo()
        .search("project.task.type", &domain)?
        .first()
        .copied())
}

/// Assignees and the followers of the project follow the task, as does who entered it.
pub(super) fn after_create(task: &Record<'_>) -> Result<()> {
    let mut followers = task
        .one("project_id")
        .map(|project| project.ids("message_partner_ids"))
        .unwrap_or_default();
    let mut people = task.many("user_ids");
    people.push(task.env().user());
    for partner in people
        .iter()
        .filter_map(|user| user.get("partner_id").as_id())
    {
        if !followers.contains(&partner) {
            followers.push(partner);
        }
    }
    task.set("message_partner_ids", followers);
    wait(task);
    Ok(())
}

/// Moments of assignment, of the end and of the last change of stage follow what is written.
pub(super) fn before_write(env: &Env, ids: &[i64], vals: &mut Vals) -> Result<()> {
    let now = json!(env.now().strftime("%Y-%m-%d %H:%M:%S").to_string());
    if let Some(stage) = vals.get("stage_id").and_then(Json::as_i64) {
        let over = env.record_of("project.task.type", stage).bool("fold");
        vals.insert("date_last_stage_update".into(), now.clone());
        vals.insert(
            "date_end".into(),
            if over { now.clone() } else { json!(false) },
        );
    }
    if vals.contains_key("user_ids") && !vals.contains_key("date_assign") {
        let unassigned = env
            .browse("project.task", ids)
            .iter()
            .all(|task| task.ids("user_ids").is_empty());
        if unassigned {
            vals.insert("date_assign".into(), now);
        }
    }
    Ok(())
}

/// What waits for a task, and the hours of those above it, follow its changes.
pub(super) fn after_write(env: &Env, ids: &[i64], vals: &Vals) -> Result<()> {
    for task in env.browse("project.task", ids) {
        if vals.contains_key("depend_on_ids") {
            wait(&task);
        }
        if vals.contains_key("state") {
            for dependent in task.many("dependent_ids") {
                wait(&dependent);
            }
        }
        if vals.contains_key("allocated_hours") {
            timesheet::refresh(&task);
        }
    }
    Ok(())
}

/// A task waits as long as one that blocks it is open (`project.task._compute_state`).
fn wait(task: &Record<'_>) {
    if is_closed(task) {
        return;
    }
    if blockers(task).iter().any(|blocker| !is_closed(blocker)) {
        task.set("state", "04_waiting_normal");
    } else if task.is("state", "04_waiting_normal") {
        task.set("state", "01_in_progress");
    }
}

/// A task is archived with those of its subtasks that are not shown on their own.
pub(super) fn action_archive(env: &Env, target: &Target<'_>, _: &Args) -> Result<Json> {
    let mut ids = target.ids.to_vec();
    let mut next = 0;
    while let Some(id) = ids.get(next).copied() {
        for below in subtasks(&env.record_of("project.task", id)) {
            if !below.bool("display_in_project") && !ids.contains(&below.id()) {
                ids.push(below.id());
            }
        }
        next += 1;
    }
    let archived = Vals::from_iter([("active".to_owned(), json!(false))]);
    env.write("project.task", &ids, archived)?;
    Ok(Json::Null)
}

/// With a task go its subtasks, unless they are archived.
pub(super) fn remove_subtasks(env: &Env, ids: &[i64]) -> Result<()> {
    let below = env
        .sudo()
        .search("project.task", &json!([["parent_id", "in", ids]]))?;
    if below.is_empty() {
        Ok(())
    } else {
        env.sudo().unlink("project.task", &below)
    }
}
