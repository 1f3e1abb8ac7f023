//! How a request is approved, refused and taken back, and by whom.

use serde_json::{Value as Json, json};

use crate::engine::{
    env::Env,
    error::{OdooError, Result},
    method::{Args, Target},
    model::Operation,
    record::Record,
    write::vals,
};

use super::OFFICER;
use super::day_off::shown;

/// What stands between a request and a state.
enum Hurdle {
    /// A rule of the business, with what Odoo says.
    Rule(&'static str),
    /// The caller may not change the record.
    Access(OdooError),
}

/// Whether the caller can bring a request into this state.
pub(super) fn reaches(leave: &Record<'_>, state: &str) -> bool {
    hurdle(leave, state).is_none()
}

/// The same, or what Odoo says instead.
pub(super) fn check(leave: &Record<'_>, state: &str) -> Result<()> {
    match hurdle(leave, state) {
        None => Ok(()),
        Some(Hurdle::Rule(text)) => Err(OdooError::user(text)),
        Some(Hurdle::Access(error)) => Err(OdooError::user(error.message)),
    }
}

fn hurdle(leave: &Record<'_>, state: &str) -> Option<Hurdle> {
    let env = leave.env();
    if env.is_sudo() {
        return None;
    }
    if leave.is("state", state) {
        return Some(Hurdle::Rule("You can't do the same action twice."));
    }
    if state == "validate1" && !leave.is("validation_type", "both") {
        return Some(Hurdle::Rule(
            "Not possible state. State Approve is only used for leave needed 2 approvals",
        ));
    }
    if leave.is("state", "cancel") {
        return Some(Hurdle::Rule("A cancelled leave cannot be modified."));
    }
    if !next_states(leave).contains(&state) {
        return Some(Hurdle::Rule(reason(leave, state)));
    }
    if state == "cancel" {
        return None;
    }
    env.check_records(leave.model(), &[leave.id()], Operation::Write)
        .err()
        .map(Hurdle::Access)
}

fn is_approver(leave: &Record<'_>) -> bool {
    let approver = leave
        .one("employee_id")
        .and_then(|employee| employee.get("leave_manager_id").as_id());
    approver == Some(leave.env().uid())
}

/// The states that the caller can bring a request into from where it is.
fn next_states(leave: &Record<'_>) -> Vec<&'static str> {
    let env = leave.env();
    let (state, validation) = (leave.text("state"), leave.text("validation_type"));
    let officer = env.in_group(OFFICER);
    let own = leave.get("user_id").as_id() == Some(env.uid());
    let past = leave
        .date("date_from")
        .is_some_and(|day| day < env.now().date());
    let mut next = Vec::new();
    if own && (!past || officer) && matches!(&*state, "validate1" | "validate" | "refuse") {
        next.push("cancel");
    }
    let both = validation == "both";
    if officer {
        if both && matches!(&*state, "confirm" | "refuse" | "cancel") {
            next.push("validate1");
        }
        next.extend(match &*state {
            "confirm" => &["validate", "refuse"][..],
            "validate1" | "cancel" => &["confirm", "validate", "refuse"],
            "validate" => &["confirm", "refuse"],
            _ => &["confirm", "validate"],
        });
    } else if is_approver(leave) {
        next.extend(match (&*state, &*validation) {
            ("confirm", "both") => &["refuse", "validate1"][..],
            ("confirm", "manager") => &["refuse", "validate"],
            ("confirm" | "validate", "no_validation")
            | ("validate", "manager" | "both")
            | ("validate1", "both") => &["refuse"],
            ("refuse", "manager") => &["validate"],
            _ => &[],
        });
    }
    next
}

/// Why a state is out of reach.
fn reason(leave: &Record<'_>, state: &str) -> &'static str {
    match (state, is_approver(leave)) {
        ("cancel", _) => {
            "You can only cancel your own leave. You can cancel a leave only if this leave is approved, validated or refused."
        }
        ("confirm", _) => "You can't reset a leave. Cancel/delete this one and create an other",
        ("validate1", false) => "Only a Time Off Officer/Manager can approve a leave.",
        ("validate1", true) => "You can't approve a validated leave.",
        ("validate", false) => "Only a Time Off Officer/Manager can validate a leave.",
        ("validate", true) if leave.is("state", "refuse") => {
            "You can't approve this refused leave."
        }
        ("validate", true) => "You can only validate a leave with validation by Time Off Manager.",
        (_, false) => "Only a Time Off Officer/Manager can refuse a leave.",
        (_, true) => "You can't refuse a leave with validation by Time Off Officer.",
    }
}

/// `action_approve`: the first or the only approval.
pub(super) fn approve(env: &Env, target: &Target<'_>, _: &Args) -> Result<Json> {
    let model = env.model(target.model)?;
    env.check_records(model, target.ids, Operation::Read)?;
    for leave in env.browse(target.model, target.ids) {
        if reaches(&leave, "validate") {
            decide(&leave, "validate")?;
        } else if reaches(&leave, "validate1") {
            decide(&leave, "validate1")?;
        } else {
            return Err(OdooError::user("You cannot approve this leave."));
        }
    }
    Ok(json!(true))
}

/// Brings a request into `validate1` or `validate`; an approved one takes the time out of the calendar.
pub(super) fn decide(leave: &Record<'_>, state: &str) -> Result<()> {
    let env = leave.env();
    if state == "validate" && leave.float("number_of_days") == 0.0 {
        let name = leave
            .one("employee_id")
            .map(|employee| employee.text("name"));
        return Err(OdooError::validation(format!(
            "The following employees are not supposed to work during that period:\n {}",
            name.unwrap_or_default()
        )));
    }
    let second = state == "validate" && leave.is("validation_type", "both");
    let approver = if second {
        "second_approver_id"
    } else {
        "first_approver_id"
    };
    let change = json!({ "state": state, approver: env.user().get("employee_id").as_id() });
    env.write("hr.leave", &[leave.id()], vals(change))?;
    if state == "validate" {
        absence(leave)?;
    }
    Ok(())
}

/// The time that an approved request takes out of the working calendar.
fn absence(leave: &Record<'_>) -> Result<()> {
    let employee = leave.one("employee_id");
    let name = employee
        .as_ref()
        .map(|employee| employee.text("name"))
        .unwrap_or_default();
    let resource = employee.and_then(|employee| employee.get("resource_id").as_id());
    let moment = |field| leave.datetime(field).map(shown);
    let values = json!({
        "name": format!("{name}: Time Off"),
        "date_from": moment("date_from"),
        "date_to": moment("date_to"),
        "holiday_id": leave.id(),
        "resource_id": resource,
        "calendar_id": leave.get("resource_calendar_id").as_id(),
        "time_type": leave.one("holiday_status_id").map(|kind| kind.text("time_type")),
    });
    let env = leave.env().sudo();
    env.create("resource.calendar.leaves", vals(values))
        .map(drop)
}

/// Gives the time of a request back to the working calendar.
pub(super) fn forget_absence(leave: &Record<'_>) -> Result<()> {
    let env = leave.env().sudo();
    let found = env.search(
        "resource.calendar.leaves",
        &json!([["holiday_id", "=", leave.id()]]),
    )?;
    env.unlink("resource.calendar.leaves", &found)
}

/// `action_refuse`.
pub(super) fn refuse(env: &Env, target: &Target<'_>, _: &Args) -> Result<Json> {
    let model = env.model(target.model)?;
    env.check_records(model, target.ids, Operation::Read)?;
    let leaves = env.browse(target.model, target.ids);
    let refusable =
        |leave: &Record<'_>| ["confirm", "validate", "validate1"].contains(&&*leave.text("state"));
    if !leaves.iter().all(refusable) {
        return Err(OdooError::user(
            "Time off request must be confirmed or validated in order to refuse it.",
        ));
    }
    for leave in leaves {
        check(&leave, "refuse")?;
        let first = leave.is("state", "validate1");
        let approver = if first {
            "first_approver_id"
        } else {
            "second_approver_id"
        };
        let change = json!({ "state": "refuse", approver: env.user().get("employee_id").as_id() });
        env.write("hr.leave", &[leave.id()], vals(change))?;
    }
    Ok(json!(true))
}

/// `action_back_to_approval`.
pub(super) fn back(env: &Env, target: &Target<'_>, _: &Args) -> Result<Json> {
    let leaves = env.browse(target.model, target.ids);
    for leave in leaves
        .iter()
        .filter(|leave| leave.bool("can_back_to_approve"))
    {
        env.write(
            "hr.leave",
            &[leave.id()],
            vals(json!({ "state": "confirm" })),
        )?;
    }
    Ok(json!(true))
}

/// `action_cancel`: the wizard that asks for a reason.
pub(super) fn cancel(_: &Env, target: &Target<'_>, _: &Args) -> Result<Json> {
    let [id] = target.ids else {
        let ids = target.ids;
        return Err(OdooError::value(format!(
            "Expected singleton: hr.leave{ids:?}"
        )));
    };
    Ok(json!({
        "name": "Cancel Time Off",
        "type": "ir.actions.act_window",
        "target": "new",
        "res_model": "hr.holidays.cancel.leave",
        "view_mode": "form",
        "views": [[false, "form"]],
        "context": { "default_leave_id": id, "dialog_size": "medium" },
    }))
}
