//! Milestones of projects (`project.milestone`).

use serde_json::{Value as Json, json};

use crate::engine::{
    cell::Cell,
    env::Env,
    error::Result,
    field::Field,
    model::{Model, Rule, Vals},
    record::Record,
    registry::Registry,
};

use super::{MANAGER, USER};

/// Declares the model.
pub(super) fn register(registry: &mut Registry) {
    registry.add(
        Model::new("project.milestone", "Project Milestone")
            .order("sequence, deadline, is_reached desc, name")
            .fields(table())
            .access("base.group_portal", "r")
            .access("base.group_user", "r")
            .access(USER, "rwcd")
            .access(MANAGER, "rwcd")
            .rule(Rule::global(of_my_companies))
            .rule(Rule::of(&["base.group_user"], of_visible_projects))
            .rule(Rule::of(&[MANAGER], |_| json!([])))
            .before_write(reach),
    );
}

fn table() -> Vec<Field> {
    fields! {
        char("name").required();
        integer("sequence").default(10);
        many2one("project_id", "project.project").required();
        date("deadline").no_copy();
        boolean("is_reached").label("Reached").no_copy();
        date("reached_date").readonly();
        one2many("task_ids", "project.task", "milestone_id").label("Tasks");
        boolean("is_deadline_exceeded").compute(|milestone| overdue(milestone).into());
        boolean("is_deadline_future").compute(|milestone| future(milestone).into());
        boolean("can_be_marked_as_done").compute(can_be_reached);
        boolean("project_allow_milestones").related("project_id.allow_milestones");
        integer("task_count").label("# of Tasks").groups(&["project.group_project_milestone"])
            .compute(|milestone| count(milestone.ids("task_ids").len()));
        integer("done_task_count").label("# of Done Tasks").groups(&["project.group_project_milestone"])
            .compute(|milestone| count(milestone.many("task_ids").iter().filter(|task| task.bool("is_closed")).count()));
    }
}

/// Records of projects in one's companies and of projects without one.
pub(super) fn of_my_companies(env: &Env) -> Json {
    json!([
        "|",
        ["project_id.company_id", "in", env.companies()],
        ["project_id.company_id", "=", false]
    ])
}

/// Records of projects that are open to all employees, that one follows or that one leads.
fn of_visible_projects(env: &Env) -> Json {
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
        ["project_id.user_id", "=", env.uid()],
    ])
}

/// The day on which it was reached follows the mark.
fn reach(env: &Env, _: &[i64], vals: &mut Vals) -> Result<()> {
    if let Some(reached) = vals.get("is_reached").and_then(Json::as_bool) {
        let day = if reached {
            json!(env.today().to_string())
        } else {
            json!(false)
        };
        vals.insert("reached_date".into(), day);
    }
    Ok(())
}

fn overdue(milestone: &Record<'_>) -> bool {
    let today = milestone.env().today();
    !milestone.bool("is_reached") && milestone.date("deadline").is_some_and(|day| day < today)
}

fn future(milestone: &Record<'_>) -> bool {
    milestone
        .date("deadline")
        .is_some_and(|day| day > milestone.env().today())
}

fn can_be_reached(milestone: &Record<'_>) -> Cell {
    let tasks = milestone.many("task_ids");
    let ready = !tasks.is_empty() && tasks.iter().all(|task| task.bool("is_closed"));
    (ready && !milestone.bool("is_reached")).into()
}

fn count(number: usize) -> Cell {
    i64::try_from(number).unwrap_or_default().into()
}
