//! Words for the states of requests and allocations, and who decides on them.

use odoo_json2::{Domain, field};

use crate::session::UserSession;

/// A model that only time-off officers read: whether it is readable tells who is one, without a call.
const OFFICERS_MODEL: &str = "hr.leave.accrual.plan";

/// Whether the user manages all requests and may see everybody's.
pub(super) fn is_officer(user: &UserSession) -> bool {
    user.reads(OFFICERS_MODEL)
}

/// A state in the words of answers: Odoo's own are those of buttons that no longer exist.
pub(super) fn state(state: String) -> String {
    match state.as_str() {
        "confirm" => "to_approve".to_owned(),
        "validate1" => "second_approval".to_owned(),
        "validate" => "approved".to_owned(),
        "refuse" => "refused".to_owned(),
        "cancel" => "cancelled".to_owned(),
        _ => state,
    }
}

/// What waits for this user's decision, where `validation` is the field that says who decides.
///
/// Officers decide on everything; those who approve for somebody on the first step of what is theirs to approve.
pub(super) fn waiting(user: &UserSession, validation: &str) -> Domain {
    if is_officer(user) {
        return field("state").in_(["confirm", "validate1"]);
    }
    field("state").eq("confirm")
        & field(validation).in_(["manager", "both"])
        & field("employee_id.leave_manager_id").eq(user.profile().uid)
}
