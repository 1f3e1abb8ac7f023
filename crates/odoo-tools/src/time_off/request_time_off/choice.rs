//! The kind of time off that is meant, among those that this person can ask for.

use odoo_json2::{Date, Record, field};

use crate::answer::{Amount, Named};
use crate::characters::clip;
use crate::error::{FailureKind, ToolError};
use crate::session::UserSession;
use crate::time_off::colleague::Colleague;
use crate::time_off::time_off_balance::account;
use crate::words::{Fit, Words};

/// So much of what was asked for is repeated in a failure.
const ECHOED: usize = 60;

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
    let mut kinds = kinds(user, employee, day).await?;
    let fitting = fitting(&kinds, wanted);
    match fitting.as_slice() {
        [one] => Ok(kinds.swap_remove(*one)),
        [] => {
            kinds.retain(Choice::is_usable);
            Err(ToolError::not_found(
                format!(
                    "there is no time-off type `{}` for you",
                    clip(wanted, ECHOED)
                ),
                format!("Nothing was requested. Pass one of: {}.", list(&kinds)),
            ))
        }
        several => {
            let mut several: Vec<Choice> = several.iter().map(|one| kinds[*one].clone()).collect();
            // Of some there is nothing to ask for, but two that are called alike are both told.
            if !alike(&several) {
                several.retain(Choice::is_usable);
            }
            Err(ToolError::of(
                FailureKind::Ambiguous,
                format!("`{}` fits several time-off types", clip(wanted, ECHOED)),
                format!("Nothing was requested. Pass one of: {}.", list(&several)),
            ))
        }
    }
}

/// Where the kinds stand that fit best: by id or whole name, else by the beginning of a word, else anywhere.
fn fitting(kinds: &[Choice], wanted: &str) -> Vec<usize> {
    let id = wanted.trim_start_matches('#').parse::<i64>().ok();
    let words = Words::of(wanted);
    let places = |enough: Fit| -> Vec<usize> {
        let fits = |kind: &Choice| match enough {
            Fit::Whole if Some(kind.id) == id => true,
            _ => words.fit(&kind.name) >= enough,
        };
        let all = kinds.iter().enumerate();
        let fitting = all.filter(|(_, kind)| fits(kind));
        fitting.map(|(place, _)| place).collect()
    };
    let exact = places(Fit::Whole);
    if !exact.is_empty() || id.is_some() {
        return exact;
    }
    // Who says "paid" does not mean "Unpaid".
    let degrees = [Fit::SameWords, Fit::Beginnings, Fit::Part];
    let mut fitting = degrees.into_iter().map(places);
    fitting.find(|found| !found.is_empty()).unwrap_or_default()
}

/// All kinds that an employee can be given, with what there is of them on a day.
///
/// Odoo's form offers those of the employee's company and those of none. The user's employee is the one of the
/// current company, and with that company alone Odoo's own rule leaves out kinds of other companies and countries.
async fn kinds(user: &UserSession, employee: &Named, day: Date) -> Result<Vec<Choice>, ToolError> {
    let company = user.profile().company.id;
    let context = user
        .companies(Some(company))?
        .context()
        .with("employee_id", employee.id)
        .with("leave_date_from", day.to_string());
    let domain = field("active").eq(true)
        & (field("company_id").eq(company) | field("company_id").is_not_set());
    let search = user.odoo().search::<Choice>(domain);
    let search = search.order("sequence, id").limit(200).context(context);
    Ok(search.await?.records)
}

/// Whether two of them have one name, which then chooses none.
fn alike(kinds: &[Choice]) -> bool {
    kinds.iter().any(|kind| kind.has_namesake(kinds))
}

/// What can be asked for, with ids where names do not tell them apart.
fn list(kinds: &[Choice]) -> String {
    let line = |kind: &Choice| {
        let name = if kind.has_namesake(kinds) {
            format!("{} (id {})", kind.name, kind.id)
        } else {
            kind.name.clone()
        };
        let unit = account::unit(Some(&kind.request_unit));
        if kind.requires_allocation {
            let left = Amount::new(kind.virtual_remaining_leaves).get();
            format!("{name} ({left} {unit} available)")
        } else {
            format!("{name} (without a limit)")
        }
    };
    kinds.iter().map(line).collect::<Vec<_>>().join("; ")
}

impl Choice {
    /// Whether there is something to ask for; of some kinds nothing was ever granted.
    fn is_usable(&self) -> bool {
        !self.requires_allocation || self.max_leaves > 0.0
    }

    fn has_namesake(&self, kinds: &[Self]) -> bool {
        let name = self.name.to_lowercase();
        kinds
            .iter()
            .any(|kind| kind.id != self.id && kind.name.to_lowercase() == name)
    }

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
