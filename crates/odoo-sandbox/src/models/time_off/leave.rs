//! Requests for time off (`hr.leave`): declaration. What happens to them is in `request` and `approval`.

use serde_json::{Value as Json, json};

use crate::engine::{
    cell::Cell,
    env::Env,
    field::Field,
    method::Method,
    model::{Model, Rule},
    record::Record,
    registry::Registry,
};

use super::{MANAGER, OFFICER, RESPONSIBLE, approval, balance, preview, request};
use crate::models::time_zones::TIME_ZONES;

/// `state`.
pub(super) const STATES: &[(&str, &str)] = &[
    ("confirm", "To Approve"),
    ("refuse", "Refused"),
    ("validate1", "Second Approval"),
    ("validate", "Approved"),
    ("cancel", "Cancelled"),
];

const HALVES: &[(&str, &str)] = &[("am", "Morning"), ("pm", "Afternoon")];

/// Declares the model.
pub(super) fn register(registry: &mut Registry) {
    let model = Model::new("hr.leave", "Time Off")
        .order("date_from desc")
        .display_name(display_name)
        .fields(asked())
        .fields(worked_out())
        .fields(about())
        .access(MANAGER, "rwcd")
        .access(OFFICER, "rwcd")
        .access("base.group_user", "rwcd")
        .rule(Rule::global(|env| {
            json!([["company_id", "in", env.companies()]])
        }))
        .before_create(request::before_create)
        .after_create(request::after_create)
        .before_write(request::before_write)
        .after_write(request::after_write)
        .before_unlink(request::before_unlink)
        .method(Method::record("action_approve", approval::approve).optional("check_state"))
        .action("action_refuse", approval::refuse)
        .action("action_back_to_approval", approval::back)
        .action("action_cancel", approval::cancel)
        .method(preview::method());
    registry.add(rules().into_iter().fold(model, Model::rule));
}

fn rules() -> Vec<Rule> {
    vec![
        Rule::of(&["base.group_user"], |env| {
            json!([["employee_id.user_id", "=", env.uid()]])
        })
        .on("r"),
        Rule::of(&["base.group_user"], employee_changes).on("wc"),
        Rule::of(&["base.group_user"], |env| {
            json!([
                ["employee_id.user_id", "=", env.uid()],
                ["state", "in", ["confirm", "validate1"]]
            ])
        })
        .on("d"),
        Rule::of(&[RESPONSIBLE], |env| {
            json!([["employee_id.leave_manager_id", "=", env.uid()]])
        })
        .on("r"),
        Rule::of(&[RESPONSIBLE], responsible_changes).on("wc"),
        Rule::of(&[OFFICER], |_| json!([])),
        Rule::of(&[MANAGER], |_| json!([])),
    ]
}

/// What an employee may enter and change: own requests until they are approved, and those of people one approves for.
fn employee_changes(env: &Env) -> Json {
    json!([
        "|",
        "&",
        ["employee_id.user_id", "=", env.uid()],
        ["state", "not in", ["validate", "validate1"]],
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

fn asked() -> Vec<Field> {
    fields! {
        char("name").label("Description").compute(description).searchable().editable();
        char("private_name").label("Time Off Description").groups(&[RESPONSIBLE]);
        selection("state", STATES).label("Status").default("confirm").no_copy();
        many2one("holiday_status_id", "hr.leave.type").label("Time Off Type").required();
        many2one("employee_id", "hr.employee").required();
        text("notes").label("Reasons");
        date("request_date_from").label("Request Start Date");
        date("request_date_to").label("Request End Date");
        selection("request_date_from_period", HALVES).label("Date Period Start").default("am");
        selection("request_date_to_period", HALVES).label("Date Period End").default("pm");
        float("request_hour_from").label("Hour from");
        float("request_hour_to").label("Hour to");
    }
}

fn worked_out() -> Vec<Field> {
    fields! {
        many2one("company_id", "res.company").readonly();
        many2one("department_id", "hr.department");
        many2one("resource_calendar_id", "resource.calendar").no_copy();
        datetime("date_from").label("Start Date").readonly();
        datetime("date_to").label("End Date").readonly();
        float("number_of_days").label("Duration (Days)").readonly();
        float("number_of_hours").label("Duration (Hours)").readonly();
        char("duration_display").label("Requested").readonly();
        boolean("request_unit_half").label("Half-Day").readonly();
        boolean("request_unit_hours").label("Specific Time").readonly();
        many2one("first_approver_id", "hr.employee").label("First Approval").readonly().no_copy();
        many2one("second_approver_id", "hr.employee").label("Second Approval").readonly().no_copy();
    }
}

fn about() -> Vec<Field> {
    fields! {
        many2one("user_id", "res.users").related("employee_id.user_id").stored();
        many2one("employee_company_id", "res.company").label("Employee Company").related("employee_id.company_id").stored();
        boolean("active_employee").label("Employee Active").related("employee_id.active");
        selection("validation_type", super::kind::VALIDATIONS).label("Validation Type")
            .related("holiday_status_id.leave_validation_type").editable();
        boolean("holiday_status_requires_allocation").label("Requires allocation")
            .related("holiday_status_id.requires_allocation");
        selection("leave_type_request_unit", super::kind::UNITS).label("Duration Type").related("holiday_status_id.request_unit");
        boolean("leave_type_support_document").label("Supporting Document").related("holiday_status_id.support_document");
        integer("color").related("holiday_status_id.color");
        selection("tz", TIME_ZONES).compute(zone);
        boolean("last_several_days").label("All day").compute(|leave| (leave.float("number_of_days") > 1.0).into());
        boolean("is_hatched").label("Hatched").compute(|leave| (!leave.is("state", "refuse") && !leave.is("state", "validate")).into());
        boolean("is_striked").label("Striked").compute(|leave| leave.is("state", "refuse").into());
        boolean("has_mandatory_day").compute(|_| false.into());
        boolean("can_approve").compute(|leave| approval::reaches(leave, "validate1").into());
        boolean("can_validate").compute(|leave| approval::reaches(leave, "validate").into());
        boolean("can_refuse").compute(|leave| approval::reaches(leave, "refuse").into());
        boolean("can_cancel").compute(|leave| approval::reaches(leave, "cancel").into());
        boolean("can_back_to_approve").compute(|leave| {
            (leave.is("state", "validate") && approval::reaches(leave, "confirm")).into()
        });
        float("max_leaves").compute(|leave| balance::of_leave(leave).0.into()).without_aggregator();
        float("virtual_remaining_leaves").label("Available Time Off").compute(|leave| balance::of_leave(leave).1.into()).without_aggregator();
        char("dashboard_warning_message").compute(|leave| request::overlap(leave).into());
    }
}

/// The description, which only the employee, the approver and officers may read.
fn description(leave: &Record<'_>) -> Cell {
    if may_describe(leave) {
        leave.get("private_name")
    } else {
        "*****".into()
    }
}

/// Whether the caller may read and change the description.
pub(super) fn may_describe(leave: &Record<'_>) -> bool {
    let env = leave.env();
    let approver = leave
        .one("employee_id")
        .and_then(|employee| employee.get("leave_manager_id").as_id());
    env.in_group(OFFICER)
        || leave.get("user_id").as_id() == Some(env.uid())
        || approver == Some(env.uid())
}

fn zone(leave: &Record<'_>) -> Cell {
    let calendar = leave.one("resource_calendar_id");
    calendar.map_or_else(|| "UTC".into(), |calendar| calendar.get("tz"))
}

/// "Emil Novak on Paid Time Off: 3 days (12/04/2026 to 12/08/2026)".
fn display_name(leave: &Record<'_>) -> String {
    let day = |field| {
        leave
            .datetime(field)
            .map(|moment| balance::american(moment.date()))
            .unwrap_or_default()
    };
    let mut days = day("date_from");
    if leave.float("number_of_days") > 1.0 {
        days = format!("{days} to {}", day("date_to"));
    }
    let name = |field: &str| {
        leave
            .one(field)
            .map(|record| record.text("name"))
            .unwrap_or_default()
    };
    format!(
        "{} on {}: {} ({days})",
        name("employee_id"),
        name("holiday_status_id"),
        leave.text("duration_display")
    )
}
