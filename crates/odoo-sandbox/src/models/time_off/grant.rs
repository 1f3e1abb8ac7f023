//! How an allocation is approved and refused, and by whom.

use serde_json::{Value as Json, json};

use crate::engine::{
    env::Env,
    error::{OdooError, Result},
    method::{Args, Target},
    model::Operation,
    record::Record,
    write::vals,
};

use super::{MANAGER, OFFICER};

/// Whether the caller can bring an allocation into this state.
pub(super) fn reaches(allocation: &Record<'_>, state: &str) -> bool {
    hurdle(allocation, state).is_none()
}

/// The same, or what Odoo says instead.
pub(super) fn check(allocation: &Record<'_>, state: &str) -> Result<()> {
    hurdle(allocation, state).map_or(Ok(()), |text| Err(OdooError::user(text)))
}

fn hurdle(allocation: &Record<'_>, state: &str) -> Option<&'static str> {
    let env = allocation.env();
    if env.is_sudo() {
        return None;
    }
    if allocation.is("state", state) {
        return Some("You can't do the same action twice.");
    }
    let own = allocation.get("employee_id") == env.user().get("employee_id");
    if own && !allocation.is("validation_type", "no_validation") && !env.in_group(MANAGER) {
        return Some("Only a time off Administrator can approve/refuse their own requests.");
    }
    if next_states(allocation).contains(&state) {
        return None;
    }
    Some(match (state, is_approver(allocation)) {
        ("confirm", _) => {
            "You can't reset an allocation. Cancel/delete this one and create an other"
        }
        ("validate1", false) => "Only a Time Off Officer/Manager can approve an allocation.",
        ("validate1", true) => "You can't approve a validated allocation.",
        ("validate", false) => "Only a Time Off Officer/Manager can validate an allocation.",
        ("validate", true) if allocation.is("state", "refuse") => {
            "You can't approve this refused allocation."
        }
        ("validate", true) => {
            "You can only validate an allocation with validation by Time Off Manager."
        }
        (_, false) => "Only a Time Off Officer/Manager can refuse an allocation.",
        (_, true) => "You can't refuse an allocation with validation by Time Off Officer.",
    })
}

fn is_approver(allocation: &Record<'_>) -> bool {
    let approver = allocation
        .one("employee_id")
        .and_then(|employee| employee.get("leave_manager_id").as_id());
    approver == Some(allocation.env().uid())
}

fn next_states(allocation: &Record<'_>) -> Vec<&'static str> {
    let (state, validation) = (allocation.text("state"), allocation.text("validation_type"));
    let mut next: Vec<&'static str> = Vec::new();
    if allocation.env().in_group(OFFICER) {
        if validation == "both" && matches!(&*state, "confirm" | "refuse") {
            next.push("validate1");
        }
        next.extend(match &*state {
            "confirm" => &["validate", "refuse"][..],
            "validate1" => &["confirm", "validate", "refuse"],
            "validate" => &["confirm", "refuse"],
            _ => &["confirm", "validate"],
        });
    } else if is_approver(allocation) {
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
    if validation == "no_validation" && state == "confirm" {
        next.push("validate");
    }
    next
}

/// `action_approve`: the first or the only approval.
pub(super) fn approve(env: &Env, target: &Target<'_>, _: &Args) -> Result<Json> {
    env.check_records(env.model(target.model)?, target.ids, Operation::Read)?;
    for allocation in env.browse(target.model, target.ids) {
        if reaches(&allocation, "validate") {
            decide(&allocation, "validate")?;
        } else if reaches(&allocation, "validate1") {
            decide(&allocation, "validate1")?;
        } else {
            return Err(OdooError::user(
                "Allocation must be \"To Approve\" in order to approve it.",
            ));
        }
    }
    Ok(json!(true))
}

/// Brings an allocation into `validate1` or `validate`.
pub(super) fn decide(allocation: &Record<'_>, state: &str) -> Result<()> {
    let env = allocation.env();
    let current = env.user().get("employee_id").as_id();
    let both = allocation.is("validation_type", "both");
    let mut change = json!({ "state": state });
    if state == "validate1" || !both || allocation.get("approver_id").is_empty() {
        change["approver_id"] = json!(current);
    }
    if state == "validate" && both {
        change["second_approver_id"] = json!(current);
    }
    env.write("hr.leave.allocation", &[allocation.id()], vals(change))
}

/// `action_refuse`.
pub(super) fn refuse(env: &Env, target: &Target<'_>, _: &Args) -> Result<Json> {
    env.check_records(env.model(target.model)?, target.ids, Operation::Read)?;
    let allocations = env.browse(target.model, target.ids);
    let refusable = |allocation: &Record<'_>| {
        ["confirm", "validate", "validate1"].contains(&&*allocation.text("state"))
    };
    if !allocations.iter().all(refusable) {
        return Err(OdooError::user(
            "Allocation request must be confirmed, second approval or validated in order to refuse it.",
        ));
    }
    for allocation in allocations {
        check(&allocation, "refuse")?;
        let current = env.user().get("employee_id").as_id();
        let change = json!({ "state": "refuse", "approver_id": current });
        env.write("hr.leave.allocation", &[allocation.id()], vals(change))?;
    }
    Ok(json!(true))
}
