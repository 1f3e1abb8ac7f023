//! Stages, tags, projects and tasks.

use serde_json::{Value as Json, json};

use super::Load;
use crate::demo::{INSTRUMENTS, Project, Task, TaskState};
use crate::engine::{error::Result, write::vals};

/// Loads projects and tasks; parents and blockers stand before those that need them.
pub(super) fn load(load: &Load<'_>) -> Result<()> {
    for stage in &load.demo.stages {
        let values = json!({ "name": stage.name, "sequence": stage.sequence, "fold": stage.fold });
        load.create("stage", stage.key, "project.task.type", values)?;
    }
    for tag in &load.demo.tags {
        load.create(
            "tag",
            tag.name,
            "project.tags",
            json!({ "name": tag.name, "color": tag.color }),
        )?;
    }
    project_stages(load)?;
    for wanted in &load.demo.projects {
        project(load, wanted)?;
    }
    for wanted in &load.demo.tasks {
        task(load, wanted)?;
    }
    for over in load.demo.projects.iter().filter(|project| !project.active) {
        load.env.write(
            "project.project",
            &[load.id("project", over.key)?],
            vals(json!({ "active": false })),
        )?;
    }
    Ok(())
}

/// The stages of projects that Odoo brings along.
fn project_stages(load: &Load<'_>) -> Result<()> {
    for (name, sequence, fold) in [
        ("To Do", 10, false),
        ("In Progress", 15, false),
        ("Done", 20, true),
        ("Cancelled", 25, true),
    ] {
        let values = json!({ "name": name, "sequence": sequence, "fold": fold });
        load.create("project_stage", name, "project.project.stage", values)?;
    }
    Ok(())
}

fn project(load: &Load<'_>, wanted: &Project) -> Result<()> {
    let stages: Vec<&str> = load.demo.stages.iter().map(|stage| stage.key).collect();
    let followers = wanted.followers.iter().map(|login| {
        let user = load.env.record_of("res.users", load.id("user", login)?);
        Ok(user.get("partner_id").as_id())
    });
    let values = json!({
        "name": wanted.name,
        "company_id": load.id("company", INSTRUMENTS)?,
        "user_id": load.id("user", wanted.manager)?,
        "partner_id": load.maybe("partner", wanted.partner)?,
        "privacy_visibility": wanted.privacy.as_str(),
        "message_partner_ids": [[6, 0, followers.collect::<Result<Vec<_>>>()?]],
        "type_ids": [[6, 0, load.ids("stage", &stages)?]],
        "tag_ids": [[6, 0, load.ids("tag", wanted.tags)?]],
        "date_start": wanted.start.map(|day| day.to_string()),
        "date": wanted.end.map(|day| day.to_string()),
        "description": wanted.description,
        "is_template": wanted.is_template,
        "allow_task_dependencies": wanted.dependencies,
    });
    load.create_in(
        &load.within(INSTRUMENTS)?,
        ("project", wanted.key),
        "project.project",
        values,
    )
    .map(drop)
}

/// Private to-dos are entered by their assignee: nobody else may.
fn task(load: &Load<'_>, wanted: &Task) -> Result<()> {
    let env = match (wanted.project, wanted.assignees.first()) {
        (None, Some(login)) => load.env.with_user(load.id("user", login)?).sudo(),
        _ => load.within(INSTRUMENTS)?,
    };
    let mut values = json!({
        "name": wanted.name,
        "priority": wanted.priority.as_str(),
        "user_ids": [[6, 0, load.ids("user", &wanted.assignees)?]],
        "tag_ids": [[6, 0, load.ids("tag", &wanted.tags)?]],
        "depend_on_ids": [[6, 0, load.ids("task", &wanted.blocked_by)?]],
        "description": wanted.description,
        "date_deadline": wanted.deadline.map(|moment| moment.strftime("%Y-%m-%d %H:%M:%S").to_string()),
    });
    let mut link = |field: &str, id: Option<i64>| {
        if let Some(id) = id {
            values[field] = Json::from(id);
        }
    };
    link("project_id", load.maybe("project", wanted.project)?);
    link("stage_id", load.maybe("stage", wanted.stage)?);
    link("parent_id", load.maybe("task", wanted.parent)?);
    if !matches!(wanted.state, TaskState::InProgress | TaskState::Waiting) {
        values["state"] = json!(wanted.state.as_str());
    }
    load.create_in(&env, ("task", wanted.key), "project.task", values)
        .map(drop)
}
