//! The one employee that a call is about: by id, by name, or the user's own.

use odoo_json2::{Domain, field};

use crate::characters::clip;
use crate::error::{FailureKind, ToolError};
use crate::session::UserSession;
use crate::words::Words;

/// So many people of one name are listed for a choice; one more is asked for, to know of others.
const CHOICES: usize = 10;

/// Whom a call is about.
#[derive(Clone, Debug)]
pub(super) enum Whom {
    /// An id.
    Id(i64),
    /// Part of a name.
    Name(String),
}

/// What is needed of a record to choose it among several.
pub(super) trait Candidate {
    /// Its id.
    fn id(&self) -> i64;
    /// The person's name.
    fn name(&self) -> &str;
    /// Whether the person still works here.
    fn is_active(&self) -> bool;
    /// Job and department, to tell people of one name apart.
    fn place(&self) -> String;
}

impl Whom {
    /// Reads the arguments of a tool; without any it is the user.
    pub(super) fn new(
        user: &UserSession,
        id: Option<i64>,
        name: Option<&str>,
    ) -> Result<Self, ToolError> {
        match (id, name) {
            (Some(_), Some(_)) => Err(ToolError::argument(
                "`id` and `name` are both given, and one is enough",
                "Keep the `id`.",
            )),
            (Some(id), None) => Ok(Self::Id(id)),
            (None, Some(name)) if !name.eq_ignore_ascii_case("me") => {
                Ok(Self::Name(name.to_owned()))
            }
            (None, _) => own(user).map(Self::Id),
        }
    }

    /// The id, where no search is needed to know it.
    pub(super) const fn id(&self) -> Option<i64> {
        match self {
            Self::Id(id) => Some(*id),
            Self::Name(_) => None,
        }
    }

    /// What finds the employee, also one who has left.
    ///
    /// In HR only in the user's own companies: of others Odoo shows managers their people, and then
    /// refuses what it says of them, with everybody else that was found.
    pub(super) fn domain(&self, user: &UserSession) -> Result<Domain, ToolError> {
        let own = if super::is_in_hr(user) {
            user.companies(None)?.own("company_id")
        } else {
            Domain::all()
        };
        let them = match self {
            Self::Id(id) => field("id").eq(*id),
            Self::Name(name) => Words::of(name).within("name"),
        };
        // Naming the field switches Odoo's own filter on it off.
        Ok(them & field("active").in_([true, false]) & own)
    }

    /// The most records that need to be read.
    pub(super) const fn limit(&self) -> usize {
        match self {
            Self::Id(_) => 1,
            Self::Name(_) => CHOICES + 1,
        }
    }

    /// The one of those found who is meant.
    pub(super) fn choose<T: Candidate>(&self, mut found: Vec<T>) -> Result<T, ToolError> {
        if let Self::Name(name) = self {
            Words::of(name).keep_whole(&mut found, T::name);
            keep_better(&mut found, Candidate::is_active);
        }
        match found.len() {
            0 => Err(self.not_found()),
            1 => Ok(found.swap_remove(0)),
            _ => Err(ambiguous(&found)),
        }
    }

    fn not_found(&self) -> ToolError {
        let what = match self {
            Self::Id(id) => format!("with the id {id}"),
            Self::Name(name) => format!("called {}", clip(name, 60)),
        };
        ToolError::not_found(
            format!("there is no employee {what} among those you may see"),
            "Look for the person with search_employees; `archived` includes those who left.",
        )
    }
}

/// Keeps those for whom something holds, if there are any.
fn keep_better<T>(found: &mut Vec<T>, better: impl Fn(&T) -> bool) {
    if found.iter().any(&better) {
        found.retain(better);
    }
}

fn ambiguous<T: Candidate>(found: &[T]) -> ToolError {
    let choice = |one: &T| format!("id {} ({}{})", one.id(), one.name(), one.place());
    let mut choices: Vec<String> = found.iter().take(CHOICES).map(choice).collect();
    if found.len() > CHOICES {
        choices.push("and more".to_owned());
    }
    ToolError::of(
        FailureKind::Ambiguous,
        format!("several employees fit: {}", choices.join("; ")),
        "Call again with the `id` of the one who is meant.",
    )
}

/// The user's own employee record.
pub(super) fn own(user: &UserSession) -> Result<i64, ToolError> {
    let employee = user.profile().employee.as_ref();
    employee.map(|employee| employee.id).ok_or_else(|| {
        ToolError::argument(
            "your Odoo user is not linked to an employee, so nobody is meant by `me`",
            "Name somebody, or have HR link the user in the employee's record.",
        )
    })
}
