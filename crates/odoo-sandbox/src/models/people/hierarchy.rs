//! Who works with whom: managers, reports and the employee behind a user.

use jiff::ToSpan;
use serde_json::json;

use crate::engine::{cell::Cell, env::Env, record::Record};

/// The employee of a user in the current company (`res.users.employee_id`).
pub(super) fn employee_of(user: &Record<'_>) -> Cell {
    let employees = user.many("employee_ids");
    let company = user.env().company();
    let here = employees
        .iter()
        .find(|employee| employee.get("company_id").as_id() == Some(company));
    here.map(Record::id).into()
}

/// Whether a partner is the card of somebody who works here.
pub(super) fn is_employee(partner: &Record<'_>) -> Cell {
    partner
        .many("employee_ids")
        .iter()
        .any(|employee| employee.bool("active"))
        .into()
}

/// The employee of the user who calls.
fn own(env: &Env) -> Option<i64> {
    env.user().get("employee_id").as_id()
}

/// Whether the employee reports to the user who calls, directly or not, or is that user.
pub(super) fn is_manager(employee: &Record<'_>) -> Cell {
    own(employee.env())
        .is_some_and(|own| chain(employee).contains(&own))
        .into()
}

/// Whether the employee is the user who calls.
pub(super) fn is_user(employee: &Record<'_>) -> Cell {
    (own(employee.env()) == Some(employee.id())).into()
}

/// Whether the employee reports to the user who calls, directly or not.
pub(super) fn is_subordinate(employee: &Record<'_>) -> Cell {
    own(employee.env())
        .is_some_and(|own| own != employee.id() && chain(employee).contains(&own))
        .into()
}

/// The employee and everybody above.
fn chain(employee: &Record<'_>) -> Vec<i64> {
    let mut found = vec![employee.id()];
    let mut next = employee.get("parent_id").as_id();
    while let Some(id) = next.filter(|id| !found.contains(id)) {
        found.push(id);
        next = employee
            .env()
            .record_of("hr.employee", id)
            .get("parent_id")
            .as_id();
    }
    found
}

/// How many report to the employee directly.
pub(super) fn child_count(employee: &Record<'_>) -> Cell {
    count(&json!([["parent_id", "=", employee.id()]]), employee.env())
}

/// How many report to the employee, directly or not.
pub(super) fn child_all_count(employee: &Record<'_>) -> Cell {
    let below = json!([
        ["id", "child_of", employee.id()],
        ["id", "!=", employee.id()]
    ]);
    count(&below, employee.env())
}

fn count(domain: &serde_json::Value, env: &Env) -> Cell {
    let found = env.sudo().search("hr.employee", domain).unwrap_or_default();
    i64::try_from(found.len()).unwrap_or_default().into()
}

/// Whether the employee works in the department of the user who calls, or below it.
pub(super) fn member_of_department(employee: &Record<'_>) -> Cell {
    let env = employee.env();
    let Some(mine) = own(env).and_then(|own| {
        env.record_of("hr.employee", own)
            .get("department_id")
            .as_id()
    }) else {
        return is_user(employee);
    };
    let mut department = employee.one("department_id");
    let mut steps = 0;
    while let Some(at) = department {
        if at.id() == mine {
            return true.into();
        }
        steps += 1;
        department = at.one("parent_id").filter(|_| steps < 64);
    }
    false.into()
}

/// Whether the employee was entered within the last 90 days.
pub(super) fn newly_hired(employee: &Record<'_>) -> Cell {
    let since = employee.env().now().saturating_sub(90.days());
    employee
        .datetime("create_date")
        .is_some_and(|created| created > since)
        .into()
}

/// The state the avatar shows. Without presence control it is "off hours" for everybody who is there.
pub(super) fn presence(employee: &Record<'_>) -> Cell {
    if employee.bool("is_absent") {
        "absent".into()
    } else if employee.bool("active") {
        "out_of_working_hour".into()
    } else {
        "archive".into()
    }
}

/// The icon of the presence state.
pub(super) fn presence_icon(employee: &Record<'_>) -> Cell {
    if employee.bool("is_absent") {
        "presence_holiday_absent".into()
    } else if employee.bool("active") {
        "presence_out_of_working_hour".into()
    } else {
        "presence_archive".into()
    }
}
