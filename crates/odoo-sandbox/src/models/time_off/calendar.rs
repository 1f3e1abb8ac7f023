//! Who is away (`hr.leave.report.calendar`): everybody's requests, without saying why.

use serde_json::json;

use crate::engine::{
    cell::Cell,
    field::Field,
    model::{Model, Rule, own_companies},
    record::Record,
    registry::Registry,
};

use super::OFFICER;
use crate::models::time_zones::TIME_ZONES;

/// `state`, in the order of this model.
const STATES: &[(&str, &str)] = &[
    ("cancel", "Cancelled"),
    ("confirm", "To Approve"),
    ("refuse", "Refused"),
    ("validate1", "Second Approval"),
    ("validate", "Approved"),
];

/// Declares the model, a view of the requests that were not cancelled.
pub(super) fn register(registry: &mut Registry) {
    registry.add(
        Model::new("hr.leave.report.calendar", "Time Off Calendar")
            .view_of("hr.leave")
            .order("start_datetime desc, employee_id")
            .fields(about())
            .fields(who())
            .access("base.group_user", "r")
            .rule(Rule::global(own_companies))
            .rule(Rule::global(|_| json!([["state", "!=", "cancel"]]))),
    );
}

fn about() -> Vec<Field> {
    fields! {
        char("name").readonly().compute(name);
        datetime("start_datetime").label("From").compute(|row| of(row).get("date_from")).stored();
        datetime("stop_datetime").label("To").compute(|row| of(row).get("date_to")).stored();
        char("duration_display").label("Requested").compute(|row| of(row).get("duration_display")).searchable();
        float("duration").compute(|row| of(row).get("number_of_days")).stored();
        selection("tz", TIME_ZONES).label("Timezone").compute(zone).stored();
        selection("state", STATES).readonly();
        char("description").groups(&[OFFICER]).compute(|row| of(row).get("private_name")).stored();
        many2one("holiday_status_id", "hr.leave.type").label("Time Off Type").groups(&[OFFICER]).readonly();
        many2one("leave_id", "hr.leave").groups(&[OFFICER]).compute(|row| row.id().into()).stored();
        boolean("is_hatched").label("Hatched").compute(|row| of(row).get("is_hatched")).stored();
        boolean("is_striked").label("Striked").compute(|row| of(row).get("is_striked")).stored();
    }
}

fn who() -> Vec<Field> {
    fields! {
        many2one("employee_id", "hr.employee").readonly();
        many2one("user_id", "res.users").compute(|row| of(row).get("user_id")).stored();
        many2one("department_id", "hr.department").readonly();
        many2one("job_id", "hr.job").related("employee_id.job_id").stored();
        many2one("company_id", "res.company").readonly();
        boolean("is_absent").label("Absent Today").related("employee_id.is_absent");
        boolean("member_of_department").label("Member of department").related("employee_id.member_of_department");
        many2one("leave_manager_id", "res.users").label("Time Off Approver").related("employee_id.leave_manager_id");
        boolean("is_manager").label("Manager").compute(is_manager);
    }
}

/// The request behind a row.
fn of<'e>(row: &Record<'e>) -> Record<'e> {
    row.env().record_of("hr.leave", row.id())
}

/// "Emil Novak: 3 days"; officers also read the kind.
fn name(row: &Record<'_>) -> Cell {
    let leave = of(row);
    let text = |field: &str| {
        leave
            .one(field)
            .map(|record| record.text("name"))
            .unwrap_or_default()
    };
    let mut name = text("employee_id");
    if row.env().in_group(OFFICER) {
        name = format!("{name} {}", text("holiday_status_id"));
    }
    format!("{name}: {}", leave.text("duration_display")).into()
}

fn zone(row: &Record<'_>) -> Cell {
    let employee = row.one("employee_id");
    employee.map_or_else(|| "UTC".into(), |employee| employee.get("tz"))
}

fn is_manager(row: &Record<'_>) -> Cell {
    let env = row.env();
    let approver = row.get("leave_manager_id").as_id();
    (env.in_group(OFFICER) || approver == Some(env.uid())).into()
}
