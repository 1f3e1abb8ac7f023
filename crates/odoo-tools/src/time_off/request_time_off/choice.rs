//! The kind of time off that is meant, among those that this person can ask for.

use odoo_json2::{Date, Record, field};

use crate::answer::{Amount, Named};
use crate::error::{FailureKind, ToolError};
use crate::session::UserSession;
use crate::session::companies::Companies;
use crate::time_off::colleague::Colleague;

/// A kind of time off, with what the person has of it.
#[derive(Clone, Debug, Record)]
#[odoo(model = "hr.leave.type")]
pub(super) struct Choice {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) request_unit: String,
    pub(super) requires_allocation: bool,
    pub(super) leave_validation_type: Option<String>,
    pub(super) support_document: bool,
    pub(super) max_leaves: f64,
    pub(super) virtual_remaining_leaves: f64,
}

/// The one kind of this name or id, for an employee who asks for leave from a day on.
pub(super) async fn find(
    user: &UserSession,
    (wanted, employee, day): (&str, &Named, Date),
) -> Result<Choice, ToolError> {
    let kinds = kinds(user, employee, day).await?;
    let wanted = wanted.trim();
    let id = wanted.trim_start_matches('#').parse::<i64>().ok();
    let low = wanted.to_lowercase();
    let exact = |kind: &&Choice| Some(kind.id) == id || kind.name.to_lowercase() == low;
    if let Some(kind) = kinds.iter().find(exact) {
        return Ok(kind.clone());
    }
    let named = |fits: &dyn Fn(&str) -> bool| -> Vec<&Choice> {
        let fitting = kinds.iter().filter(|kind| fits(&kind.name.to_lowercase()));
        fitting.filter(|_| id.is_none()).collect()
    };
    // Who says "paid" does not mean "Unpaid".
    let mut fitting = named(&|name| name.starts_with(&low) || name.contains(&format!(" {low}")));
    if fitting.is_empty() {
        fitting = named(&|name| name.contains(&low));
    }
    match fitting.as_slice() {
        [one] => Ok((*one).clone()),
        [] => Err(ToolError::not_found(
            format!("there is no time-off type `{wanted}` for you"),
            format!(
                "Nothing was requested. Pass one of: {}.",
                list(kinds.iter())
            ),
        )),
        several => Err(ToolError::of(
            FailureKind::Ambiguous,
            format!("`{wanted}` fits several time-off types"),
            format!(
                "Nothing was requested. Pass one of: {}.",
                list(several.iter().copied())
            ),
        )),
    }
}

/// All kinds there are for the user, with what the employee has of them on a day.
async fn kinds(user: &UserSession, employee: &Named, day: Date) -> Result<Vec<Choice>, ToolError> {
    let context = Companies::all(user.profile())
        .context()
        .with("employee_id", employee.id)
        .with("leave_date_from", day.to_string());
    let search = user.odoo().search::<Choice>(field("active").eq(true));
    let search = search.order("sequence, id").limit(200).context(context);
    Ok(search.await?.records)
}

/// What can be asked for; kinds of which nothing was ever granted are left out.
fn list<'a>(kinds: impl Iterator<Item = &'a Choice>) -> String {
    let usable = kinds.filter(|kind| !kind.requires_allocation || kind.max_leaves > 0.0);
    let line = |kind: &Choice| {
        let unit = if kind.request_unit == "hour" {
            "hours"
        } else {
            "days"
        };
        if kind.requires_allocation {
            let left = Amount::new(kind.virtual_remaining_leaves).get();
            format!("{} ({left} {unit} available)", kind.name)
        } else {
            format!("{} (without a limit)", kind.name)
        }
    };
    usable.map(line).collect::<Vec<_>>().join("; ")
}

impl Choice {
    /// Whether the approver of the employee decides, alone or first.
    pub(super) fn asks_approver(&self) -> bool {
        matches!(
            self.leave_validation_type.as_deref(),
            Some("manager" | "both")
        )
    }

    /// Who decides on a request that waits.
    pub(super) fn approval(&self, state: &str, employee: Option<&Colleague>) -> String {
        let officer = "a time-off officer";
        let approver = employee.and_then(|employee| employee.leave_manager_id.as_ref());
        match (self.leave_validation_type.as_deref(), approver) {
            (Some("manager"), Some(approver)) => approver.name.clone(),
            (Some("both"), Some(approver)) if state == "confirm" => {
                format!("{}, then {officer}", approver.name)
            }
            _ => officer.to_owned(),
        }
    }

    /// What is still wanted of the person who asked.
    pub(super) fn wants_document(&self, state: &str) -> Option<String> {
        (self.support_document && state == "confirm").then(|| {
            format!(
                "{} asks for a supporting document: attach it to the request in Odoo.",
                self.name
            )
        })
    }
}
