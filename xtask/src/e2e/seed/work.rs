//! Stages, tags, projects and tasks.

use anyhow::Context as _;
use odoo_json2::{Domain, Odoo, Values, field};
use odoo_sandbox::demo::{INSTRUMENTS, Project, Task, TaskState};
use serde_json::json;

use super::{Seeder, quiet, search};

/// Seeds the projects, and puts away the projects and to-dos that Odoo makes on its own.
pub(super) async fn seed(seeder: &mut Seeder<'_>) -> anyhow::Result<()> {
    let demo = seeder.demo;
    for stage in &demo.stages {
        let values = Values::new()
            .set("name", stage.name)
            .set("sequence", stage.sequence)
            .set("fold", stage.fold)
            .set("user_id", false);
        seeder
            .ensure(("stage", stage.key), "project.task.type", quiet(), values)
            .await?;
    }
    for tag in &demo.tags {
        let values = Values::new().set("name", tag.name).set("color", tag.color);
        seeder
            .ensure(("tag", tag.name), "project.tags", quiet(), values)
            .await?;
    }
    for wanted in &demo.projects {
        project(seeder, wanted).await?;
    }
    for wanted in &demo.tasks {
        task(seeder, wanted).await?;
    }
    archive_projects(seeder).await?;
    remove_welcomes(seeder).await
}

async fn project(seeder: &mut Seeder<'_>, wanted: &Project) -> anyhow::Result<()> {
    let mut stages = Vec::new();
    for stage in &seeder.demo.stages {
        stages.push(seeder.id("stage", stage.key)?);
    }
    let partner = wanted
        .partner
        .map(|key| seeder.id("partner", key))
        .transpose()?;
    let values = Values::new()
        .set("name", wanted.name)
        .set("company_id", seeder.id("company", INSTRUMENTS)?)
        .set("user_id", seeder.id("user", wanted.manager)?)
        .set("partner_id", partner)
        .set("privacy_visibility", wanted.privacy.as_str())
        .set("type_ids", json!([[6, 0, stages]]))
        .set("tag_ids", json!([[6, 0, ids(seeder, "tag", wanted.tags)?]]))
        .set("date_start", wanted.start)
        .set("date", wanted.end)
        .set("description", wanted.description)
        .set("is_template", wanted.is_template)
        .set("allow_task_dependencies", wanted.dependencies);
    let context = seeder.within(INSTRUMENTS)?;
    let id = seeder
        .ensure(("project", wanted.key), "project.project", context, values)
        .await?;
    let mut followers = Vec::new();
    for login in wanted.followers {
        followers.push(partner_of(seeder, login).await?);
    }
    let subscribe = seeder
        .odoo
        .call("project.project", "message_subscribe")
        .ids(&[id]);
    subscribe.arg("partner_ids", followers).value().await?;
    Ok(())
}

async fn partner_of(seeder: &Seeder<'_>, login: &str) -> anyhow::Result<i64> {
    let user = seeder.id("user", login)?;
    let partner = seeder
        .find("res.partner", field("user_ids").eq(user), quiet())
        .await?;
    partner.with_context(|| format!("{login} has no partner"))
}

/// Private to-dos are entered by their assignee: nobody else may.
async fn task(seeder: &mut Seeder<'_>, wanted: &Task) -> anyhow::Result<()> {
    if seeder.known("task", wanted.key).is_some() {
        return Ok(());
    }
    let odoo = match (wanted.project, wanted.assignees.first()) {
        (None, Some(login)) => seeder.acting_as(login)?,
        _ => seeder.odoo.clone(),
    };
    let odoo = odoo.with_context(seeder.within(INSTRUMENTS)?);
    let created = odoo
        .create("project.task", [task_values(seeder, wanted)?])
        .await?;
    let id = *created.first().context("Odoo created no task")?;
    if !wanted.blocked_by.is_empty() {
        // Only a change makes Odoo see that the task now waits.
        let blockers = ids(seeder, "task", &wanted.blocked_by)?;
        let values = Values::new().set("depend_on_ids", json!([[6, 0, blockers]]));
        odoo.write("project.task", &[id], &values).await?;
    }
    seeder.adopt(("task", wanted.key), "project.task", id).await
}

fn task_values(seeder: &Seeder<'_>, wanted: &Task) -> anyhow::Result<Values> {
    let id = |kind: &str, key: Option<&str>| key.map(|key| seeder.id(kind, key)).transpose();
    let mut values = Values::new()
        .set("name", wanted.name)
        .set("priority", wanted.priority.as_str())
        .set(
            "user_ids",
            json!([[6, 0, ids(seeder, "user", &wanted.assignees)?]]),
        )
        .set(
            "tag_ids",
            json!([[6, 0, ids(seeder, "tag", &wanted.tags)?]]),
        )
        .set_some("project_id", id("project", wanted.project)?)
        .set_some("stage_id", id("stage", wanted.stage)?)
        .set_some("parent_id", id("task", wanted.parent)?)
        .set_some("description", wanted.description);
    if let Some(deadline) = wanted.deadline {
        values = values.set(
            "date_deadline",
            deadline.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        );
    }
    if !matches!(wanted.state, TaskState::InProgress | TaskState::Waiting) {
        values = values.set("state", wanted.state.as_str());
    }
    Ok(values)
}

fn ids(seeder: &Seeder<'_>, kind: &str, keys: &[&str]) -> anyhow::Result<Vec<i64>> {
    keys.iter().map(|key| seeder.id(kind, key)).collect()
}

/// Archives our project that is over, and those that Odoo made, such as "Internal" for timesheets.
async fn archive_projects(seeder: &Seeder<'_>) -> anyhow::Result<()> {
    let mut kept = Vec::new();
    for project in seeder.demo.projects.iter().filter(|project| project.active) {
        kept.push(seeder.id("project", project.key)?);
    }
    let odoo = seeder.odoo.with_context(quiet());
    let others = search(&odoo, "project.project", field("id").not_in(kept)).await?;
    odoo.write(
        "project.project",
        &others,
        &Values::new().set("active", false),
    )
    .await?;
    Ok(())
}

/// Removes the to-do "Welcome …!" that Odoo gives to each new user.
async fn remove_welcomes(seeder: &Seeder<'_>) -> anyhow::Result<()> {
    for person in &seeder.demo.people {
        let odoo: Odoo = seeder.acting_as(person.login)?;
        let domain: Domain = field("project_id").is_not_set() & field("name").like("Welcome ");
        let welcomes = search(&odoo, "project.task", domain).await?;
        odoo.unlink("project.task", &welcomes).await?;
    }
    Ok(())
}
