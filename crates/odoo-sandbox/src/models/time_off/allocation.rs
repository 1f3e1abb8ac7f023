//! Allocations (`hr.leave.allocation`): days or hours of a kind of leave that somebody may take.
//!
//! Who approves them is in `grant`.

use serde_json::{Value as Json, json};

use crate::engine::{
    env::Env,
    error::{OdooError, Result},
    field::Field,
    model::{Model, Rule, Vals},
    record::Record,
    registry::Registry,
};

use super::{MANAGER, OFFICER, RESPONSIBLE, balance, grant, kind};
use crate::models::given;

/// `state`.
pub(super) const STATES: &[(&str, &str)] = &[
    ("confirm", "To Approve"),
    ("refuse", "Refused"),
    ("validate1", "Second Approval"),
    ("validate", "Approved"),
];

/// Hours of a day of all calendars here.
const DAY: f64 = 8.0;

/// Declares the model.
pub(super) fn register(registry: &mut Registry) {
    let model = Model::new("hr.leave.allocation", "Time Off Allocation")
        .order("create_date desc")
        .display_name(display_name)
        .fields(given())
        .fields(about())
        .access(MANAGER, "rwcd")
        .access(OFFICER, "rwcd")
        .access("base.group_user", "rwcd")
        .rule(Rule::global(companies))
        .before_create(before_create)
        .after_create(after_create)
        .before_write(before_write)
        .after_write(after_write)
        .before_unlink(before_unlink)
        .action("action_approve", grant::approve)
        .action("action_refuse", grant::refuse);
    registry.add(rules().into_iter().fold(model, Model::rule));
}

fn companies(env: &Env) -> Json {
    let mut own: Vec<Json> = env.companies().into_iter().map(Json::from).collect();
    own.push(json!(false));
    json!([
        ["employee_id.company_id", "in", env.companies()],
        ["holiday_status_id.company_id", "in", own]
    ])
}

fn rules() -> Vec<Rule> {
    const EMPLOYEE: &[&str] = &["base.group_user"];
    vec![
        Rule::of(EMPLOYEE, concerned).on("r"),
        Rule::of(EMPLOYEE, employee_changes).on("wc"),
        // Odoo allows it in a state that there is none of any more.
        Rule::of(EMPLOYEE, |_| json!([["id", "=", 0]])).on("d"),
        Rule::of(&[RESPONSIBLE], responsible_changes).on("wc"),
        Rule::of(&[OFFICER], |_| json!([])).on("r"),
        Rule::of(&[OFFICER], officer_changes),
        Rule::of(&[MANAGER], |_| json!([])),
    ]
}

/// Those of oneself and of people one approves for.
fn concerned(env: &Env) -> Json {
    json!([
        "|",
        ["employee_id.leave_manager_id", "=", env.uid()],
        ["employee_id.user_id", "=", env.uid()],
    ])
}

fn employee_changes(env: &Env) -> Json {
    json!([
        "|",
        "&",
        ["employee_id.user_id", "=", env.uid()],
        ["state", "=", "confirm"],
        "&",
        [
            "validation_type",
            "in",
            ["manager", "both", "no_validation"]
        ],
        ["employee_id.leave_manager_id", "=", env.uid()],
    ])
}

fn responsible_changes(env: &Env) -> Json {
    json!([
        "|",
        "&",
        ["employee_id.user_id", "=", env.uid()],
        ["state", "!=", "validate"],
        ["employee_id.leave_manager_id", "=", env.uid()],
    ])
}

/// Everybody's, but one's own only until it is approved.
fn officer_changes(env: &Env) -> Json {
    json!([
        "|",
        "&",
        ["employee_id.user_id", "=", env.uid()],
        ["state", "!=", "validate"],
        "|",
        ["employee_id.user_id", "!=", env.uid()],
        ["employee_id.user_id", "=", false],
    ])
}

fn given() -> Vec<Field> {
    fields! {
        char("name").label("Description");
        selection("state", STATES).label("Status").default("confirm").readonly().no_copy();
        date("date_from").label("Start Date").required().no_copy().default_fn(|env| env.today().into());
        date("date_to").label("End Date").no_copy();
        many2one("holiday_status_id", "hr.leave.type").label("Time Off Type").required();
        many2one("employee_id", "hr.employee").required().default_fn(|env| env.user().get("employee_id"));
        text("notes").label("Reasons");
        float("number_of_days").label("Number of Days").default(1.0);
        float("number_of_hours_display").label("Duration (hours)").readonly();
        selection("allocation_type", &[("regular", "Regular Allocation"), ("accrual", "Accrual Allocation")])
            .label("Allocation Type").required().readonly().default("regular");
        many2one("accrual_plan_id", "hr.leave.accrual.plan").label("Accrual Plan");
        many2one("department_id", "hr.department");
        many2one("approver_id", "hr.employee").label("First Approval").readonly().no_copy();
        many2one("second_approver_id", "hr.employee").label("Second Approval").readonly().no_copy();
    }
}

fn about() -> Vec<Field> {
    fields! {
        many2one("employee_company_id", "res.company").label("Company").related("employee_id.company_id").stored();
        many2one("manager_id", "hr.employee").related("employee_id.parent_id").stored();
        boolean("active_employee").label("Active Employee").related("employee_id.active");
        selection("validation_type", kind::VALIDATIONS).label("Validation Type").related("holiday_status_id.allocation_validation_type");
        selection("type_request_unit", &[("hour", "Hours"), ("half_day", "Half-Day"), ("day", "Day")])
            .compute(|allocation| allocation.one("holiday_status_id").map(|kind| kind.text("request_unit")).into());
        float("number_of_days_display").label("Duration (days)").compute(|allocation| allocation.get("number_of_days"));
        char("duration_display").label("Allocated (Days/Hours)").compute(|allocation| duration(allocation).into());
        char("name_validity").label("Description with validity").compute(|allocation| validity(allocation).into());
        float("max_leaves").compute(|allocation| standing(allocation).0.into());
        float("leaves_taken").label("Time off Taken").compute(|allocation| standing(allocation).1.into());
        float("virtual_remaining_leaves").label("Available Time Off").compute(|allocation| standing(allocation).2.into());
        boolean("can_approve").label("Can Approve").compute(|allocation| grant::reaches(allocation, "validate1").into());
        boolean("can_validate").label("Can Validate").compute(|allocation| grant::reaches(allocation, "validate").into());
        boolean("can_refuse").label("Can Refuse").compute(|allocation| grant::reaches(allocation, "refuse").into());
        boolean("is_officer").compute(|allocation| allocation.env().in_group(OFFICER).into());
    }
}

/// Allocated, taken and left, once it is approved.
fn standing(allocation: &Record<'_>) -> (f64, f64, f64) {
    let (Some(kind), Some(employee)) = (
        allocation.one("holiday_status_id"),
        allocation.get("employee_id").as_id(),
    ) else {
        return (0.0, 0.0, 0.0);
    };
    if !allocation.is("state", "validate") {
        return (0.0, 0.0, 0.0);
    }
    let pots = balance::pots_of(&kind, employee);
    let found = pots.into_iter().find(|(id, ..)| *id == allocation.id());
    found.map_or((0.0, 0.0, 0.0), |(_, most, taken, left)| {
        (most, taken, left)
    })
}

fn by_hours(allocation: &Record<'_>) -> bool {
    let kind = allocation.one("holiday_status_id");
    kind.is_some_and(|kind| kind.is("request_unit", "hour"))
}

fn duration(allocation: &Record<'_>) -> String {
    let cents = |field| (allocation.float(field) * 100.0).round() / 100.0;
    if by_hours(allocation) {
        format!("{} hours", cents("number_of_hours_display"))
    } else {
        format!("{} days", cents("number_of_days"))
    }
}

fn validity(allocation: &Record<'_>) -> String {
    let day = |field| allocation.date(field).map(balance::american);
    let end = day("date_to").unwrap_or_else(|| "No Limit".to_owned());
    let begin = day("date_from").unwrap_or_default();
    format!("{} (from {begin} to {end})", allocation.text("name"))
}

fn display_name(allocation: &Record<'_>) -> String {
    let text = |field: &str| {
        allocation
            .one(field)
            .map(|record| record.text("name"))
            .unwrap_or_default()
    };
    let (amount, unit) = if by_hours(allocation) {
        (allocation.float("number_of_hours_display"), "hours")
    } else {
        (allocation.float("number_of_days"), "days")
    };
    format!(
        "Allocation of {}: {amount:.2} {unit} to {}",
        text("holiday_status_id"),
        text("employee_id")
    )
}

fn before_create(env: &Env, vals: &mut Vals) -> Result<()> {
    if given::text(vals, "state").is_some_and(|state| state != "confirm") {
        return Err(OdooError::user("Incorrect state for new allocation"));
    }
    let employee = given::id(vals, "employee_id").or_else(|| env.user().get("employee_id").as_id());
    if let Some(employee) = employee {
        let department = env
            .record_of("hr.employee", employee)
            .get("department_id")
            .as_id();
        given::choose(vals, "department_id", department);
    }
    let kind = given::id(vals, "holiday_status_id").map(|id| env.record_of("hr.leave.type", id));
    let hours = vals.get("number_of_hours_display").and_then(Json::as_f64);
    let days = vals.get("number_of_days").and_then(Json::as_f64);
    let days = days.or(hours.map(|hours| hours / DAY)).unwrap_or(1.0);
    if days <= 0.0 && given::text(vals, "allocation_type") != Some("accrual") {
        return Err(OdooError::validation(
            "The operation cannot be completed: The duration must be greater than 0.",
        ));
    }
    vals.insert("number_of_days".into(), json!(days));
    vals.insert("number_of_hours_display".into(), json!(days * DAY));
    if let Some(kind) = kind {
        let title = if kind.is("request_unit", "hour") {
            format!("{} ({:?} hour(s))", kind.text("name"), days * DAY)
        } else {
            format!("{} ({days:?} day(s))", kind.text("name"))
        };
        given::propose(vals, "name", json!(title));
    }
    Ok(())
}

fn after_create(allocation: &Record<'_>) -> Result<()> {
    check_days(allocation)?;
    if allocation.is("validation_type", "no_validation") {
        grant::decide(allocation, "validate")?;
    }
    Ok(())
}

fn check_days(allocation: &Record<'_>) -> Result<()> {
    if allocation
        .date("date_to")
        .is_some_and(|end| allocation.date("date_from") > Some(end))
    {
        return Err(OdooError::user(
            "The Start Date of the Validity Period must be anterior to the End Date.",
        ));
    }
    Ok(())
}

fn before_write(env: &Env, ids: &[i64], vals: &mut Vals) -> Result<()> {
    if let Some(state) = given::text(vals, "state") {
        for allocation in env.browse("hr.leave.allocation", ids) {
            grant::check(&allocation, state)?;
        }
    }
    if let Some(days) = vals.get("number_of_days").and_then(Json::as_f64) {
        vals.insert("number_of_hours_display".into(), json!(days * DAY));
    }
    Ok(())
}

/// What was taken already must stay covered.
fn after_write(env: &Env, ids: &[i64], vals: &Vals) -> Result<()> {
    for allocation in env.browse("hr.leave.allocation", ids) {
        check_days(&allocation)?;
        let (Some(kind), Some(employee)) = (
            allocation.one("holiday_status_id"),
            allocation.get("employee_id").as_id(),
        ) else {
            continue;
        };
        let lowered = given::text(vals, "state").is_some_and(|state| state != "validate");
        if lowered && balance::uncovered(&kind, employee) > 0.0 {
            return Err(OdooError::validation(
                "You cannot reduce the duration below the duration of leaves already taken by the employee.",
            ));
        }
    }
    Ok(())
}

fn before_unlink(env: &Env, ids: &[i64]) -> Result<()> {
    for allocation in env.browse("hr.leave.allocation", ids) {
        let state = allocation.text("state");
        if !["confirm", "refuse"].contains(&&*state) {
            let label = STATES.iter().find(|(key, _)| *key == state);
            return Err(OdooError::user(format!(
                "You cannot delete an allocation request which is in {} state.",
                label.map_or("", |(_, label)| *label)
            )));
        }
    }
    Ok(())
}
