//! What time off says of an employee: who is away now, until when, and what is left of the allocations.

use serde_json::json;

use crate::engine::{cell::Cell, field::Field, record::Record, registry::Registry};

use super::day_off::{off, shown};
use super::working_hours::Schedule;
use super::{OFFICER, balance};

/// Adds the fields to employees and to their public view.
pub(super) fn register(registry: &mut Registry) {
    registry.extend("hr.employee", |employee| employee.fields(fields()));
    registry.extend("hr.employee.public", |employee| employee.fields(fields()));
}

fn fields() -> Vec<Field> {
    fields! {
        boolean("is_absent").label("Absent Today").compute(|employee| absence(employee).is_some().into()).searchable();
        date("leave_date_to").label("To Date").compute(back);
        boolean("show_leaves").label("Able to see Remaining Time Off").compute(shows);
        char("allocation_display").compute(|employee| totals(employee).0);
        char("allocation_remaining_display").compute(|employee| totals(employee).1);
    }
}

/// The approved leave that an employee is on.
fn absence<'e>(employee: &Record<'e>) -> Option<Record<'e>> {
    let env = employee.env();
    let now = shown(env.now());
    let domain = json!([
        ["employee_id", "=", employee.id()],
        ["date_from", "<=", now],
        ["date_to", ">=", now],
        ["holiday_status_id.time_type", "=", "leave"],
        ["state", "=", "validate"],
    ]);
    let found = env.sudo().search("hr.leave", &domain).ok()?;
    found.first().map(|id| env.record_of("hr.leave", *id))
}

/// The first day of work behind the leave.
fn back(employee: &Record<'_>) -> Cell {
    let Some(until) = absence(employee).and_then(|leave| leave.datetime("date_to")) else {
        return Cell::Empty;
    };
    let employee = employee.env().record_of("hr.employee", employee.id());
    let later = (until, until.saturating_add(jiff::Span::new().days(730)));
    let off = off(&employee, later, None);
    Schedule::of(&employee).next_day(until, &off).into()
}

fn shows(employee: &Record<'_>) -> Cell {
    let env = employee.env();
    (env.in_group(OFFICER) || employee.get("user_id").as_id() == Some(env.uid())).into()
}

/// Allocated days, and those that are left, of the kinds that the dashboard shows.
fn totals(employee: &Record<'_>) -> (Cell, Cell) {
    let env = employee.env().sudo();
    let domain = json!([
        ["requires_allocation", "=", true],
        ["hide_on_dashboard", "=", false]
    ]);
    let kinds = env.search("hr.leave.type", &domain).unwrap_or_default();
    let today = env.now().date();
    let (mut most, mut left) = (0.0, 0.0);
    for kind in env.browse("hr.leave.type", &kinds) {
        let balance = balance::Balance::of(&kind, employee.id(), today, &[]);
        let hours = if kind.is("request_unit", "hour") {
            8.0
        } else {
            1.0
        };
        most += balance.most / hours;
        left += balance.left() / hours;
    }
    let shown = |number: f64| format!("{}", (number * 100.0).round() / 100.0 + 0.0).into();
    (shown(most), shown(left))
}
