//! Hours spent on tasks (`account.analytic.line`), and the analytic accounts they and projects belong to
//! (`account.analytic.account`, `account.analytic.plan`).

use serde_json::{Value as Json, json};

use crate::engine::{
    cell::Cell,
    env::Env,
    error::Result,
    field::Field,
    model::{Model, Rule, Vals, own_companies},
    record::Record,
    registry::Registry,
    write::vals,
};

use super::{MANAGER, USER};
use crate::models::accounting::{INVOICE, READONLY, of_my_companies};
use crate::models::money;

const OWN_TIME: &str = "hr_timesheet.group_hr_timesheet_user";
const ANALYTIC: &str = "analytic.group_analytic_accounting";

/// Declares the models.
pub(super) fn register(registry: &mut Registry) {
    registry.add(
        Model::new("account.analytic.plan", "Analytic Plans")
            .order("sequence asc, id")
            .fields(fields! { char("name").required(); integer("sequence").default(10); integer("color"); })
            .access(ANALYTIC, "rwcd")
            .access("account.group_account_user", "rwcd"),
    );
    registry.add(
        Model::new("account.analytic.account", "Analytic Account")
            .order("plan_id, name asc")
            .archivable()
            .search_names(&["code"])
            .display_name(account_name)
            .fields(account())
            .access("base.group_user", "r")
            .access(USER, "r")
            .access(OWN_TIME, "rw")
            .access(MANAGER, "rwcd")
            .access(ANALYTIC, "rwcd")
            .access("account.group_account_user", "rwcd")
            .rule(Rule::global(own_companies)),
    );
    registry.add(lines());
}

fn lines() -> Model {
    Model::new("account.analytic.line", "Analytic Line")
        .order("date desc, id desc")
        .fields(line())
        .access(OWN_TIME, "rwcd")
        .access(MANAGER, "rwcd")
        .access(ANALYTIC, "rwcd")
        .access(INVOICE, "rwcd")
        .access(READONLY, "r")
        .access("account.group_account_manager", "r")
        .access("hr_expense.group_hr_expense_team_approver", "rwcd")
        .rule(Rule::global(of_my_companies))
        .rule(Rule::of(&[INVOICE], |_| json!([])))
        .rule(Rule::of(&[READONLY], |_| json!([])).on("r"))
        .rule(Rule::of(&[OWN_TIME], |env| {
            json!([["user_id", "=", env.uid()], ["project_id", "!=", false]])
        }))
        .rule(Rule::of(
            &["hr_timesheet.group_hr_timesheet_approver", MANAGER],
            |_| json!([["project_id", "!=", false]]),
        ))
        .before_create(complete)
        .after_create(|line| {
            line.one("task_id").as_ref().inspect(|task| refresh(task));
            Ok(())
        })
        .after_write(after_write)
}

fn account() -> Vec<Field> {
    fields! {
        char("name").label("Analytic Account").required();
        char("code").label("Reference");
        many2one("company_id", "res.company").default_fn(|env| env.company().into());
        many2one("partner_id", "res.partner").label("Customer");
        many2one("plan_id", "account.analytic.plan");
        many2one("currency_id", "res.currency").related("company_id.currency_id");
    }
}

fn line() -> Vec<Field> {
    fields! {
        char("name").label("Description").required();
        date("date").required().default_fn(|env| env.today().into());
        monetary("amount", "currency_id").required().default(0.0);
        float("unit_amount").label("Quantity");
        many2one("account_id", "account.analytic.account").label("Project");
        many2one("company_id", "res.company").readonly().default_fn(|env| env.company().into());
        many2one("currency_id", "res.currency").related("company_id.currency_id").stored();
        many2one("user_id", "res.users").default_fn(|env| env.uid().into());
        many2one("employee_id", "hr.employee");
        many2one("partner_id", "res.partner");
        many2one("project_id", "project.project");
        many2one("task_id", "project.task");
    }
}

/// "[CODE] Spring Fair - Meridian": code, name and customer, as far as there are any.
fn account_name(account: &Record<'_>) -> String {
    let mut name = account.text("name");
    if let Some(code) = account.get("code").as_text() {
        name = format!("[{code}] {name}");
    }
    match account
        .one("partner_id")
        .and_then(|partner| partner.one("commercial_partner_id"))
    {
        Some(partner) => format!("{name} - {}", partner.text("name")),
        None => name,
    }
}

/// The fields that timesheets add to tasks. Sums are columns, kept up to date by `refresh`.
pub(super) fn task_fields() -> Vec<Field> {
    fields! {
        boolean("allow_timesheets").label("Allow timesheets").related("project_id.allow_timesheets");
        one2many("timesheet_ids", "account.analytic.line", "task_id").label("Timesheets");
        float("allocated_hours").label("Allocated Time");
        float("effective_hours").label("Time Spent").readonly().no_copy();
        float("subtask_effective_hours").label("Time Spent on Sub-tasks").readonly().no_copy();
        float("subtask_allocated_hours").label("Sub-tasks Allocated Time").compute(|task| {
            money::sum(task.many("child_ids").iter().map(|child| child.float("allocated_hours"))).into()
        });
        float("total_hours_spent").label("Total Time Spent").readonly().no_copy();
        float("remaining_hours").label("Time Remaining").readonly().no_copy();
        float("remaining_hours_percentage").compute(remaining_share).searchable();
        float("progress").readonly().aggregator("avg").no_copy();
        float("overtime").readonly().no_copy();
    }
}

/// Creates the analytic account of a project.
pub(super) fn account_for(project: &Record<'_>) -> Result<i64> {
    let env = project.env().sudo();
    let plan = match env.search("account.analytic.plan", &json!([]))?.first() {
        Some(plan) => *plan,
        None => env.create("account.analytic.plan", vals(json!({ "name": "Project" })))?,
    };
    let account = json!({
        "name": project.text("name"), "plan_id": plan, "company_id": project.get("company_id").as_id(),
        "partner_id": project.get("partner_id").as_id(),
    });
    env.create("account.analytic.account", vals(account))
}

/// Sums the hours of a task up, then of those above it.
pub(super) fn refresh(task: &Record<'_>) {
    let mut at = Some(*task);
    let mut steps = 0;
    while let Some(task) = at {
        sum_up(&task);
        steps += 1;
        at = task.one("parent_id").filter(|_| steps < 64);
    }
}

/// Rounds hours to hundredths.
pub(super) fn round(hours: f64) -> f64 {
    money::round(hours)
}

fn sum_up(task: &Record<'_>) {
    let (lines, children) = (task.many("timesheet_ids"), task.many("child_ids"));
    let spent = money::sum(lines.iter().map(|line| line.float("unit_amount")));
    let below = money::sum(
        children
            .iter()
            .map(|child| child.float("total_hours_spent")),
    );
    let allocated = task.float("allocated_hours");
    let total = spent + below;
    let planned = allocated > 0.0;
    task.set("effective_hours", spent);
    task.set("subtask_effective_hours", below);
    task.set("total_hours_spent", total);
    task.set(
        "remaining_hours",
        if planned { allocated - total } else { 0.0 },
    );
    task.set(
        "progress",
        if planned {
            round(total / allocated)
        } else {
            0.0
        },
    );
    task.set(
        "overtime",
        if planned {
            (total - allocated).max(0.0)
        } else {
            0.0
        },
    );
}

fn remaining_share(task: &Record<'_>) -> Cell {
    let allocated = task.float("allocated_hours");
    if allocated > 0.0 {
        (task.float("remaining_hours") / allocated).into()
    } else {
        0.0.into()
    }
}

/// Hours on a task belong to its project and to the employee of the user.
fn complete(env: &Env, vals: &mut Vals) -> Result<()> {
    if let Some(task) = vals.get("task_id").and_then(Json::as_i64) {
        let project = env
            .record_of("project.task", task)
            .get("project_id")
            .as_id();
        vals.entry("project_id").or_insert(json!(project));
    }
    if vals.get("project_id").and_then(Json::as_i64).is_some() {
        let user = vals
            .get("user_id")
            .and_then(Json::as_i64)
            .unwrap_or_else(|| env.uid());
        let employee = env.record_of("res.users", user).get("employee_id").as_id();
        vals.entry("employee_id").or_insert(json!(employee));
        vals.entry("name").or_insert(json!("/"));
    }
    Ok(())
}

fn after_write(env: &Env, ids: &[i64], _: &Vals) -> Result<()> {
    for line in env.browse("account.analytic.line", ids) {
        if let Some(task) = line.one("task_id") {
            refresh(&task);
        }
    }
    Ok(())
}
