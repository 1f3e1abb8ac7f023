//! Kinds of leave, public holidays, allocations and requests.

use serde_json::{Value as Json, json};

use super::Load;
use crate::demo::{Allocation, Leave, LeaveEnd, LeaveKind};
use crate::engine::{env::Env, error::Result, write::vals};

/// What Odoo brings along: external id, name, and what differs from the defaults.
fn kinds() -> [(&'static str, &'static str, Json); 6] {
    let icon = |name: &str| format!("/hr_holidays/static/src/img/icons/{name}_Time_Off.svg");
    [
        (
            LeaveKind::Paid.external_id(),
            LeaveKind::Paid.name(),
            json!({ "sequence": 1, "leave_validation_type": "both", "color": 2, "icon_path": icon("Paid") }),
        ),
        (
            LeaveKind::Sick.external_id(),
            LeaveKind::Sick.name(),
            json!({ "sequence": 2, "requires_allocation": false, "support_document": true, "hide_on_dashboard": true,
                    "color": 3, "icon_path": icon("Sick") }),
        ),
        (
            LeaveKind::Compensatory.external_id(),
            LeaveKind::Compensatory.name(),
            json!({ "sequence": 4, "employee_requests": true, "leave_validation_type": "manager", "color": 4,
                    "icon_path": icon("Compensatory") }),
        ),
        (
            LeaveKind::Unpaid.external_id(),
            LeaveKind::Unpaid.name(),
            json!({ "sequence": 3, "requires_allocation": false, "leave_validation_type": "both", "unpaid": true,
                    "request_unit": "hour", "hide_on_dashboard": true, "color": 5, "icon_path": icon("Unpaid") }),
        ),
        (
            LeaveKind::Extra.external_id(),
            LeaveKind::Extra.name(),
            json!({ "sequence": 4, "leave_validation_type": "no_validation", "request_unit": "half_day",
                    "hide_on_dashboard": true }),
        ),
        (
            "hr_holidays.holiday_status_extra_hours",
            "Extra Hours",
            json!({ "sequence": 5, "requires_allocation": false, "leave_validation_type": "manager",
                    "request_unit": "hour", "hide_on_dashboard": true, "icon_path": icon("Compensatory") }),
        ),
    ]
}

/// Loads what time off there is; employees are there already.
pub(super) fn load(load: &Load<'_>) -> Result<()> {
    for (name, label, mut values) in kinds() {
        values["name"] = json!(label);
        let id = load.env.create("hr.leave.type", vals(values))?;
        load.env.set_xml_id(name, "hr.leave.type", id);
    }
    responsibles(load)?;
    for day in &load.demo.public_holidays {
        let values = json!({
            "name": day.name,
            "company_id": load.id("company", day.company)?,
            "date_from": format!("{} 00:00:00", day.from),
            "date_to": format!("{} 23:59:59", day.to),
        });
        let env = load.within(day.company)?;
        load.create_in(
            &env,
            ("public_holiday", &day.key),
            "resource.calendar.leaves",
            values,
        )?;
    }
    for wanted in &load.demo.allocations {
        allocation(load, wanted)?;
    }
    for wanted in &load.demo.leaves {
        leave(load, wanted)?;
    }
    Ok(())
}

/// Odoo makes everybody who approves somebody's leave a member of a group.
fn responsibles(load: &Load<'_>) -> Result<()> {
    let Some(group) = load.env.xml_id("hr_holidays.group_hr_holidays_responsible") else {
        return Ok(());
    };
    let mut approvers: Vec<&str> = load
        .demo
        .employees
        .iter()
        .filter_map(|employee| employee.approver)
        .collect();
    approvers.sort_unstable();
    approvers.dedup();
    for login in approvers {
        let member = vals(json!({ "group_ids": [[4, group]] }));
        load.env
            .write("res.users", &[load.id("user", login)?], member)?;
    }
    Ok(())
}

/// Somebody at work in the company of an employee, with that person's rights.
fn acting(load: &Load<'_>, login: &str, employee: &str) -> Result<Env> {
    let company = load
        .env
        .record_of("hr.employee", load.id("employee", employee)?)
        .get("company_id")
        .as_id();
    let env = load.env.with_user(load.id("user", login)?);
    Ok(env.with("allowed_company_ids", json!([company])))
}

/// The user of an employee; the administrator for those who have none.
fn user_of(load: &Load<'_>, employee: &str) -> &'static str {
    let found = load
        .demo
        .employees
        .iter()
        .find(|known| known.key == employee);
    found.and_then(|employee| employee.user).unwrap_or("ada")
}

fn kind(load: &Load<'_>, kind: LeaveKind) -> Option<i64> {
    load.env.xml_id(kind.external_id())
}

fn allocation(load: &Load<'_>, wanted: &Allocation) -> Result<()> {
    let login = if wanted.granted {
        "ada"
    } else {
        user_of(load, wanted.employee)
    };
    let env = acting(load, login, wanted.employee)?;
    let values = json!({
        "name": wanted.name,
        "employee_id": load.id("employee", wanted.employee)?,
        "holiday_status_id": kind(load, wanted.kind),
        "number_of_days": wanted.days,
        "date_from": wanted.from.to_string(),
        "date_to": wanted.to.to_string(),
    });
    let id = load.create_in(
        &env,
        ("allocation", &wanted.key),
        "hr.leave.allocation",
        values,
    )?;
    if wanted.granted {
        env.call(
            "hr.leave.allocation",
            "action_approve",
            &[id],
            serde_json::Map::new(),
        )?;
    }
    Ok(())
}

fn leave(load: &Load<'_>, wanted: &Leave) -> Result<()> {
    let own = acting(load, user_of(load, wanted.employee), wanted.employee)?;
    let mut values = json!({
        "name": wanted.reason,
        "employee_id": load.id("employee", wanted.employee)?,
        "holiday_status_id": kind(load, wanted.kind),
        "request_date_from": wanted.from.to_string(),
        "request_date_to": wanted.to.to_string(),
    });
    if let Some(half) = wanted.half {
        values["request_date_from_period"] = json!(half);
        values["request_date_to_period"] = json!(half);
    }
    if let Some((from, to)) = wanted.hours {
        values["request_hour_from"] = json!(from);
        values["request_hour_to"] = json!(to);
    }
    let id = load.create_in(&own, ("leave", &wanted.key), "hr.leave", values)?;
    for login in wanted.approvals {
        let env = acting(load, login, wanted.employee)?;
        env.call("hr.leave", "action_approve", &[id], serde_json::Map::new())?;
    }
    match wanted.end {
        LeaveEnd::Stands => {}
        LeaveEnd::Refused(login) => {
            let env = acting(load, login, wanted.employee)?;
            env.call("hr.leave", "action_refuse", &[id], serde_json::Map::new())?;
        }
        LeaveEnd::Cancelled => {
            let wizard = json!({ "leave_id": id, "reason": "Plans have changed" });
            let wizard = own.create("hr.holidays.cancel.leave", vals(wizard))?;
            own.call(
                "hr.holidays.cancel.leave",
                "action_cancel_leave",
                &[wizard],
                serde_json::Map::new(),
            )?;
        }
    }
    Ok(())
}
