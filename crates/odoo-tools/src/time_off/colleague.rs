//! The employee that a question is about, found by name, id or as "me".

use odoo_json2::{Domain, Record, Ref, field};

use super::standing;
use crate::answer::Named;
use crate::characters::clip;
use crate::error::{FailureKind, ToolError};
use crate::session::UserSession;
use crate::words::Words;

/// How many employees of one name are told apart in a failure.
const LISTED: usize = 8;

/// So much of what was asked for is repeated in a failure.
const ECHOED: usize = 60;

/// Whom an argument means.
#[derive(Clone, Copy, Debug)]
pub(super) enum Whom<'a> {
    /// The user, called `me`.
    Me,
    /// An id, in digits.
    Id(i64),
    /// A name, or a part of one.
    Name(&'a str),
}

/// Somebody who works here.
#[derive(Clone, Debug, Record)]
#[odoo(model = "hr.employee.public")]
pub(super) struct Colleague {
    pub(super) id: i64,
    pub(super) name: String,
    pub(super) job_title: Option<String>,
    pub(super) user_id: Option<Ref>,
    pub(super) leave_manager_id: Option<Ref>,
}

impl Colleague {
    /// Who it is.
    pub(super) fn named(&self) -> Named {
        Named {
            id: self.id,
            name: self.name.clone(),
        }
    }

    /// Whether the user may see the time off of this colleague: Odoo answers an empty list to others, which must
    /// not be taken for an empty balance.
    pub(super) fn is_open_to(&self, user: &UserSession) -> bool {
        let uid = user.profile().uid;
        let is = |reference: &Option<Ref>| reference.as_ref().is_some_and(|user| user.id == uid);
        is(&self.user_id) || is(&self.leave_manager_id) || standing::is_officer(user)
    }
}

impl<'a> Whom<'a> {
    /// Reads an `employee` argument.
    pub(super) fn parse(text: &'a str) -> Self {
        match text.trim_start_matches('#').parse::<i64>() {
            Ok(id) => Self::Id(id),
            Err(_) if text.eq_ignore_ascii_case("me") => Self::Me,
            Err(_) => Self::Name(text),
        }
    }

    /// The records that belong to this employee through `employee_id`.
    pub(super) fn owns(self, user: &UserSession) -> Result<Domain, ToolError> {
        Ok(match self {
            Self::Me => field("employee_id").eq(own(user)?.id),
            Self::Id(id) => field("employee_id").eq(id),
            Self::Name(name) => Words::of(name).within("employee_id.name"),
        })
    }
}

/// The user's own employee, as a reference.
pub(super) fn own(user: &UserSession) -> Result<Named, ToolError> {
    let employee = user.profile().employee.clone().ok_or_else(|| {
        ToolError::of(
            FailureKind::NotFound,
            format!(
                "the Odoo user of {} is not linked to an employee, so there is no time off of their own",
                user.profile().name
            ),
            "HR can link the user in the employee's record (field Related User). Questions about \
             others still work.",
        )
    })?;
    Ok(Named::from(employee))
}

/// The one colleague who is meant.
pub(super) async fn find(user: &UserSession, wanted: Whom<'_>) -> Result<Colleague, ToolError> {
    let (domain, wanted) = match wanted {
        Whom::Me => (field("id").eq(own(user)?.id), "me".to_owned()),
        Whom::Id(id) => (field("id").eq(id), id.to_string()),
        Whom::Name(name) => (Words::of(name).within("name"), name.to_owned()),
    };
    let mut found = user
        .odoo()
        .search::<Colleague>(domain)
        .order("name, id")
        .limit(LISTED)
        .await?
        .records;
    Words::of(&wanted).keep_whole(&mut found, |colleague| &colleague.name);
    match found.as_slice() {
        [] => Err(ToolError::not_found(
            format!(
                "no employee that you see is called `{}`",
                clip(&wanted, ECHOED)
            ),
            "Call search_employees to find the name.",
        )),
        [one] => Ok(one.clone()),
        several => Err(ToolError::of(
            FailureKind::Ambiguous,
            format!(
                "`{}` fits several employees: {}",
                clip(&wanted, ECHOED),
                list(several)
            ),
            "Pass the full name or the id as `employee`.",
        )),
    }
}

fn list(colleagues: &[Colleague]) -> String {
    let names = colleagues
        .iter()
        .map(|colleague| match &colleague.job_title {
            Some(job) => format!("{} ({job}, id {})", colleague.name, colleague.id),
            None => format!("{} (id {})", colleague.name, colleague.id),
        });
    names.collect::<Vec<_>>().join("; ")
}
