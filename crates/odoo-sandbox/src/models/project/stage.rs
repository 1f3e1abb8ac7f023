//! Stages of tasks and projects, tags, roles and outside collaborators (`project.task.type`, `project.project.stage`,
//! `project.tags`, `project.role`, `project.collaborator`).

use serde_json::json;

use crate::engine::{
    cell::Cell,
    field::Field,
    model::{Model, Rule, own_companies},
    record::Record,
    registry::Registry,
};

use super::{MANAGER, USER};

/// Declares the models.
pub(super) fn register(registry: &mut Registry) {
    registry.add(
        Model::new("project.task.type", "Task Stage")
            .order("sequence, id")
            .archivable()
            .fields(task_stage())
            .access("base.group_portal", "r")
            .access("base.group_user", "rwcd")
            .access(USER, "rwcd")
            .access(MANAGER, "rwcd")
            // A stage with an owner is a column of that person's own board.
            .rule(Rule::global(|env| {
                json!([["user_id", "in", [false, env.uid()]]])
            }))
            .rule(Rule::of(&[MANAGER], |_| json!([])))
            .rule(Rule::of(&[USER], |env| json!([["user_id", "=", env.uid()]])).on("wcd")),
    );
    registry.add(
        Model::new("project.project.stage", "Project Stage")
            .order("sequence, id")
            .archivable()
            .fields(project_stage())
            .access("base.group_user", "r")
            .access(MANAGER, "rwcd")
            .rule(Rule::global(own_companies)),
    );
    labels(registry);
    registry.add(
        Model::new("project.collaborator", "Collaborators in project shared")
            .rec_name("partner_id")
            .fields(collaborator())
            .access(USER, "r")
            .access(MANAGER, "rwcd")
            .access("base.group_portal", "r"),
    );
}

/// Models that are little more than a name.
fn labels(registry: &mut Registry) {
    registry.add(
        Model::new("project.tags", "Project Tags")
            .order("name")
            .fields(fields! { char("name").required(); integer("color"); })
            .access("base.group_portal", "r")
            .access("base.group_user", "rwcd")
            .access(MANAGER, "rwcd"),
    );
    registry.add(
        Model::new("project.role", "Project Role")
            .archivable()
            .fields(fields! { char("name").required(); integer("color"); integer("sequence"); })
            .access(USER, "r")
            .access(MANAGER, "rwcd"),
    );
}

fn collaborator() -> Vec<Field> {
    fields! {
        many2one("project_id", "project.project").label("Project Shared").required().readonly();
        many2one("partner_id", "res.partner").label("Collaborator").required().readonly();
        char("partner_email").label("Email").related("partner_id.email");
        boolean("limited_access").default(false);
    }
}

fn task_stage() -> Vec<Field> {
    fields! {
        char("name").required();
        integer("sequence").default(1);
        boolean("fold").label("Folded");
        many2many("project_ids", "project.project").label("Projects").compute(projects).stored();
        many2one("user_id", "res.users").label("Stage Owner").readonly();
        integer("color");
        boolean("rating_active").label("Send a customer rating request");
        boolean("auto_validation_state").label("Automatic Kanban Status");
    }
}

/// The projects that use the stage; projects hold the list of their stages.
fn projects(stage: &Record<'_>) -> Cell {
    let domain = json!([["type_ids", "in", [stage.id()]]]);
    let env = stage.env().sudo().with("active_test", false);
    env.search("project.project", &domain)
        .unwrap_or_default()
        .into()
}

fn project_stage() -> Vec<Field> {
    fields! {
        char("name").required();
        integer("sequence").default(50);
        boolean("fold").label("Folded");
        many2one("company_id", "res.company");
        integer("color");
    }
}
