//! What happens when a request is entered, changed and removed.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde_json::{Value as Json, json};

use crate::engine::{
    env::Env,
    error::{OdooError, Result},
    model::Vals,
    record::Record,
};

use super::day_off::shown;
use super::duration::Wish;
use super::{MANAGER, OFFICER, approval, balance, leave};
use crate::models::given;

/// Values from which the moments and the duration follow.
const MEASURES: [&str; 9] = [
    "employee_id",
    "holiday_status_id",
    "request_date_from",
    "request_date_to",
    "request_date_from_period",
    "request_date_to_period",
    "request_hour_from",
    "request_hour_to",
    "request_unit_half",
];

/// Works out what a new request comes to.
pub(super) fn before_create(env: &Env, vals: &mut Vals) -> Result<()> {
    let Some(kind) = given::id(vals, "holiday_status_id") else {
        return Err(OdooError::other("builtins.KeyError", "None"));
    };
    let known = env.sudo().with("active_test", false);
    if known
        .search("hr.leave.type", &json!([["id", "=", kind]]))?
        .is_empty()
    {
        return Err(OdooError::missing("hr.leave.type", &[kind], env.uid()));
    }
    let Some(employee) = given::id(vals, "employee_id") else {
        return Err(OdooError::user(
            "There is no employee set on the time off. Please make sure you're logged in the correct company.",
        ));
    };
    let employee = env.record_of("hr.employee", employee);
    for (field, source) in [
        ("company_id", "company_id"),
        ("department_id", "department_id"),
        ("resource_calendar_id", "resource_calendar_id"),
    ] {
        vals.insert(field.into(), json!(employee.get(source).as_id()));
    }
    if let Some(name) = vals.remove("name") {
        vals.insert("private_name".into(), name);
    }
    measure(env, vals, kind, employee.id())
}

fn measure(env: &Env, vals: &mut Vals, kind: i64, employee: i64) -> Result<()> {
    let Some(wish) = wish(vals, kind, employee) else {
        return Ok(());
    };
    if wish.from > wish.to {
        return Err(OdooError::validation(
            "The operation cannot be completed: The request start date must be before or equal to the request end date.",
        ));
    }
    let span = wish.span(env, None);
    if span.from > span.to {
        return Err(OdooError::validation(
            "The operation cannot be completed: The start date must be before or equal to the end date.",
        ));
    }
    let unit = env.record_of("hr.leave.type", kind).text("request_unit");
    for (field, value) in [
        ("date_from", json!(shown(span.from))),
        ("date_to", json!(shown(span.to))),
        ("number_of_days", json!(span.days)),
        ("number_of_hours", json!(span.hours)),
        ("duration_display", json!(span.display)),
        ("request_hour_from", json!(span.bounds.0)),
        ("request_hour_to", json!(span.bounds.1)),
        ("request_unit_half", json!(unit == "half_day")),
        ("request_unit_hours", json!(unit == "hour")),
    ] {
        vals.insert(field.into(), value);
    }
    Ok(())
}

/// What the values of a new request ask for, once they name both days.
pub(super) fn wish(vals: &Vals, kind: i64, employee: i64) -> Option<Wish> {
    let day = |field| given::text(vals, field).and_then(|text| text.parse::<Date>().ok());
    let half = |field, other: &str| given::text(vals, field).unwrap_or(other).to_owned();
    let hour = |field: &str| vals.get(field).and_then(Json::as_f64).unwrap_or_default();
    Some(Wish {
        employee,
        kind,
        from: day("request_date_from")?,
        to: day("request_date_to")?,
        periods: (
            half("request_date_from_period", "am"),
            half("request_date_to_period", "pm"),
        ),
        hours: (hour("request_hour_from"), hour("request_hour_to")),
    })
}

/// Checks a new request, and approves it where nobody has to.
pub(super) fn after_create(leave: &Record<'_>) -> Result<()> {
    if let Some(warning) = overlap(leave) {
        return Err(OdooError::validation(warning));
    }
    check_state(leave)?;
    balance::check(leave)?;
    if leave.is("validation_type", "no_validation") {
        let env = leave.env().sudo();
        approval::decide(&env.record_of("hr.leave", leave.id()), "validate")?;
    }
    Ok(())
}

fn check_state(leave: &Record<'_>) -> Result<()> {
    if leave.is("state", "validate") || leave.is("state", "validate1") {
        return Err(OdooError::validation(
            "This modification is not allowed in the current state.",
        ));
    }
    Ok(())
}

/// What Odoo says to leave at the same time, as far as the caller sees it.
pub(super) fn overlap(leave: &Record<'_>) -> Option<String> {
    if leave.is("state", "cancel") || leave.is("state", "refuse") {
        return None;
    }
    let employee = leave.get("employee_id").as_id()?;
    let span = (leave.datetime("date_from")?, leave.datetime("date_to")?);
    warning(leave.env(), employee, span, leave.id())
}

/// The same for a span of an employee that is not entered yet, where `except` is 0.
pub(super) fn warning(
    env: &Env,
    employee: i64,
    (from, to): (DateTime, DateTime),
    except: i64,
) -> Option<String> {
    let domain = json!([
        ["id", "!=", except],
        ["employee_id", "=", employee],
        ["date_from", "<", shown(to)],
        ["date_to", ">", shown(from)],
        ["holiday_status_id.allow_request_on_top", "=", false],
        ["state", "not in", ["cancel", "refuse"]],
    ]);
    let found = env.search("hr.leave", &domain).unwrap_or_default();
    let others = env.browse("hr.leave", &found);
    if others.is_empty() {
        return None;
    }
    let own = others
        .iter()
        .all(|other| other.get("user_id").as_id() == Some(env.uid()));
    let mut text = String::from(if own {
        "You've already booked time off which overlaps with this period:"
    } else {
        "An employee already booked time off which overlaps with this period:"
    });
    for other in &others {
        text += &line(env, other, own);
    }
    Some(text)
}

fn line(env: &Env, leave: &Record<'_>, own: bool) -> String {
    let name = leave
        .one("employee_id")
        .map(|employee| employee.text("name"));
    let name = name.filter(|_| !own).unwrap_or_default();
    let day = |field| {
        let local = |moment: DateTime| {
            let zoned = moment.to_zoned(TimeZone::UTC).ok()?;
            Some(zoned.with_time_zone(env.zone()).date())
        };
        let day = leave.datetime(field).and_then(local);
        day.map(balance::american).unwrap_or_default()
    };
    let state = leave.text("state");
    let label = leave::STATES.iter().find(|(key, _)| *key == state);
    let label = label.map_or("", |(_, label)| *label);
    format!(
        "\n\t{name} from {} to {} - {label}",
        day("date_from"),
        day("date_to")
    )
}

/// Who may change what, and what a change of the state brings with it.
pub(super) fn before_write(env: &Env, ids: &[i64], vals: &mut Vals) -> Result<()> {
    let leaves = env.browse("hr.leave", ids);
    let officer = env.in_group(OFFICER) || env.is_sudo();
    if !officer && !vals.is_empty() {
        check_begun(&leaves)?;
    }
    if let Some(name) = vals.remove("name")
        && leaves.iter().all(leave::may_describe)
    {
        vals.insert("private_name".into(), name);
    }
    let Some(state) = given::text(vals, "state") else {
        return Ok(());
    };
    for leave in &leaves {
        if state != "validate" {
            approval::forget_absence(leave)?;
        }
        approval::check(leave, state)?;
        if leave.is("validation_type", "both") {
            check_second(leave, state)?;
        }
    }
    Ok(())
}

fn check_begun(leaves: &[Record<'_>]) -> Result<()> {
    for leave in leaves {
        let env = leave.env();
        let approver = leave
            .one("employee_id")
            .and_then(|employee| employee.get("leave_manager_id").as_id());
        let begun = leave
            .date("date_from")
            .is_some_and(|day| day < env.now().date());
        if begun && approver != Some(env.uid()) && !leave.is("state", "confirm") {
            return Err(OdooError::user(
                "You must have manager rights to modify/validate a time off that already begun",
            ));
        }
        if leave.is("state", "cancel") {
            return Err(OdooError::user(
                "Only a manager can modify a canceled leave.",
            ));
        }
    }
    Ok(())
}

/// Kinds with two approvals: the first by the approver of the employee, the second by an officer.
fn check_second(leave: &Record<'_>, state: &str) -> Result<()> {
    let env = leave.env();
    if env.in_group(MANAGER) || env.in_group(OFFICER) || env.is_sudo() {
        return Ok(());
    }
    let employee = leave.one("employee_id");
    let approver = employee
        .as_ref()
        .and_then(|employee| employee.get("leave_manager_id").as_id());
    match state {
        "validate1" if approver != Some(env.uid()) => Err(OdooError::access(format!(
            "You cannot first approve a time off for {}, because you are not his time off manager",
            employee
                .map(|employee| employee.text("name"))
                .unwrap_or_default()
        ))),
        "validate" => Err(OdooError::access(
            "You don't have the rights to apply second approval on a time off request",
        )),
        _ => Ok(()),
    }
}

/// Measures anew what was moved, and checks it again.
pub(super) fn after_write(env: &Env, ids: &[i64], vals: &Vals) -> Result<()> {
    let moved = MEASURES.iter().any(|field| vals.contains_key(*field));
    let state = given::text(vals, "state");
    for leave in env.browse("hr.leave", ids) {
        if moved {
            remeasure(&leave)?;
            if let Some(warning) = overlap(&leave) {
                return Err(OdooError::validation(warning));
            }
            check_state(&leave)?;
        }
        if (moved || state.is_some()) && !matches!(state, Some("refuse" | "cancel")) {
            balance::check(&leave)?;
        }
    }
    Ok(())
}

fn remeasure(leave: &Record<'_>) -> Result<()> {
    let Some(wish) = Wish::of(leave) else {
        return Ok(());
    };
    if wish.from > wish.to {
        return Err(OdooError::validation(
            "The operation cannot be completed: The request start date must be before or equal to the request end date.",
        ));
    }
    let span = wish.span(leave.env(), Some(leave.id()));
    leave.set("date_from", span.from);
    leave.set("date_to", span.to);
    leave.set("number_of_days", span.days);
    leave.set("number_of_hours", span.hours);
    leave.set("duration_display", span.display);
    leave.set("request_hour_from", span.bounds.0);
    leave.set("request_hour_to", span.bounds.1);
    Ok(())
}

/// Who may remove which requests.
pub(super) fn before_unlink(env: &Env, ids: &[i64]) -> Result<()> {
    for leave in env.browse("hr.leave", ids) {
        let state = leave.text("state");
        let label = leave::STATES.iter().find(|(key, _)| *key == state);
        let refused = || {
            OdooError::user(format!(
                "Oops! {} Time-Off requests can only be deleted by Administrators.",
                label.map_or("", |(_, label)| *label)
            ))
        };
        if env.is_sudo() || env.in_group(MANAGER) {
        } else if env.in_group(OFFICER) {
            if !["cancel", "confirm"].contains(&&*state) {
                return Err(refused());
            }
        } else if !["confirm", "validate1", "cancel"].contains(&&*state) {
            return Err(refused());
        } else if leave
            .date("date_from")
            .is_some_and(|day| day < env.now().date())
        {
            return Err(OdooError::user(
                "You can't delete a time off request that is in the past.",
            ));
        }
        approval::forget_absence(&leave)?;
    }
    Ok(())
}
