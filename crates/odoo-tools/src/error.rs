//! Failures of a tool, written for the assistant that has to act on them.
//!
//! Each says what happened, why as far as it can be known, and what to do next. Odoo's tracebacks
//! never come this far, and neither do texts that Odoo wrote for its log. Failures that are the
//! connection's and not the call's (a dead key, a missing scope) are [`crate::Refusal`]s.

use odoo_json2::Error;
use schemars::JsonSchema;
use serde::Serialize;

use crate::characters::clip;

/// The longest text of Odoo's that is passed on.
const LONGEST_MESSAGE: usize = 1_000;

/// Why a tool has no answer.
#[derive(Clone, Debug, thiserror::Error)]
pub enum ToolError {
    /// The tool itself found a reason.
    #[error("{}", .0.message)]
    Failed(Failure),
    /// The call to Odoo failed.
    #[error(transparent)]
    Odoo(#[from] Error),
}

/// What the assistant reads instead of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Failure {
    /// The kind of failure, for programs.
    pub error: FailureKind,
    /// What happened, and why.
    pub message: String,
    /// What can be done about it.
    pub next_step: String,
}

/// The kinds of failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FailureKind {
    /// An argument is missing, misspelt or has a value that cannot be.
    InvalidArguments,
    /// There is no such record, or this user does not see it.
    NotFound,
    /// Several records fit and one is needed.
    Ambiguous,
    /// Odoo's access rights stand against it.
    NoAccess,
    /// The app that it needs is not installed in this Odoo.
    NotInstalled,
    /// Odoo's business rules stand against it.
    RefusedByOdoo,
    /// Something was done in Odoo, but not all of it; the message says what is there now.
    PartlyDone,
    /// Somebody else changed the same thing at the same moment.
    Conflict,
    /// Odoo cannot be reached, is busy, or did not answer in time.
    Unavailable,
    /// The answer is larger than what can be passed on.
    TooLarge,
    /// The server or Odoo is set up wrongly, or has a fault.
    Fault,
}

impl ToolError {
    /// An argument that is well-formed but cannot be right.
    #[must_use]
    pub fn argument(message: impl Into<String>, next_step: impl Into<String>) -> Self {
        Self::of(FailureKind::InvalidArguments, message, next_step)
    }

    /// A record that is not there for this user.
    #[must_use]
    pub fn not_found(message: impl Into<String>, next_step: impl Into<String>) -> Self {
        Self::of(FailureKind::NotFound, message, next_step)
    }

    /// A write that did something and then failed. `message` says what is there now, with its id;
    /// the cause is told behind it. The same call is not tried again for ten minutes.
    #[must_use]
    pub fn partly_done(
        message: impl Into<String>,
        cause: Self,
        next_step: impl Into<String>,
    ) -> Self {
        let (message, cause) = (message.into(), cause.explain().message);
        Self::of(
            FailureKind::PartlyDone,
            format!("{message}; then: {cause}"),
            next_step,
        )
    }

    /// Whether something was done, or may have been, although there is no answer.
    pub(crate) fn left_something(&self) -> bool {
        match self {
            Self::Failed(failure) => failure.error == FailureKind::PartlyDone,
            Self::Odoo(error) => error.outcome_unknown(),
        }
    }

    /// Any failure.
    #[must_use]
    pub fn of(
        error: FailureKind,
        message: impl Into<String>,
        next_step: impl Into<String>,
    ) -> Self {
        Self::Failed(Failure {
            error,
            message: message.into(),
            next_step: next_step.into(),
        })
    }

    /// What to tell about it.
    #[must_use]
    pub fn explain(self) -> Failure {
        match self {
            Self::Failed(failure) => failure,
            Self::Odoo(error) => explain(&error),
        }
    }
}

/// What to tell about a failed call to Odoo.
pub(crate) fn explain(error: &Error) -> Failure {
    let (error, message, next_step) = match error {
        Error::AccessDenied { .. } | Error::FieldForbidden { .. } | Error::NotInstalled { .. } => {
            rights(error)
        }
        Error::Missing { .. }
        | Error::UserError { .. }
        | Error::Validation { .. }
        | Error::RedirectWarning { .. }
        | Error::Conflict { .. } => business(error),
        Error::Unavailable { .. }
        | Error::Busy { .. }
        | Error::TooManyAtOnce { .. }
        | Error::Timeout { .. }
        | Error::InvalidKey
        | Error::NoKey => outage(error),
        Error::TooLarge { .. } | Error::RequestTooLarge => (
            FailureKind::TooLarge,
            "this is more data than can be passed on at once".to_owned(),
            "Ask for less: a lower limit, a shorter period, a smaller file.",
        ),
        Error::ProxyRefused { .. } | Error::WrongDatabase { .. } | Error::NotOdoo { .. } => (
            FailureKind::Fault,
            format!("the way to Odoo is set up wrongly: {error}"),
            "The person who operates this server has to correct it; trying again does not help.",
        ),
        // Bad arguments, answers of an unexpected form, Odoo's own failures: nothing that the
        // text of the error would help with, and it may hold pieces of SQL.
        _ => (
            FailureKind::Fault,
            "this server and Odoo did not understand each other, or Odoo failed internally"
                .to_owned(),
            "Try once with simpler arguments; if it happens again, report it to the person who \
             operates this server, whose log names the cause.",
        ),
    };
    Failure {
        error,
        message,
        next_step: next_step.to_owned(),
    }
}

fn rights(error: &Error) -> (FailureKind, String, &'static str) {
    match error {
        Error::NotInstalled { model } => (
            FailureKind::NotInstalled,
            format!("the app that brings `{model}` is not installed in this Odoo"),
            "An Odoo administrator can install it under Apps.",
        ),
        Error::FieldForbidden { field, .. } => (
            FailureKind::NoAccess,
            format!("your rights in Odoo do not include the field `{field}`"),
            "Try again, since rights may just have changed; else ask an Odoo administrator.",
        ),
        _ if error.company_refused() => (
            FailureKind::NoAccess,
            "your Odoo user no longer belongs to one of the companies asked for".to_owned(),
            "Call list_companies, and name one of them as `company_id`.",
        ),
        _ => (
            FailureKind::NoAccess,
            "your rights in Odoo do not allow this, or not for these records".to_owned(),
            "Nothing was changed. If it belongs to your work, ask an Odoo administrator for the right.",
        ),
    }
}

fn business(error: &Error) -> (FailureKind, String, &'static str) {
    match error {
        Error::Missing { .. } => (
            FailureKind::NotFound,
            "the record does not exist or was deleted meanwhile".to_owned(),
            "Search for it again.",
        ),
        Error::Conflict { .. } => (
            FailureKind::Conflict,
            "somebody else is changing the same thing in Odoo; nothing was changed".to_owned(),
            "Try again in a moment.",
        ),
        Error::UserError { message }
        | Error::Validation { message }
        | Error::RedirectWarning { message } => (
            FailureKind::RefusedByOdoo,
            format!("Odoo refuses: {}", clip(message.trim(), LONGEST_MESSAGE)),
            "Correct what Odoo names, in the arguments here or in Odoo itself.",
        ),
        other => (FailureKind::Fault, other.to_string(), ""),
    }
}

fn outage(error: &Error) -> (FailureKind, String, &'static str) {
    if error.outcome_unknown() {
        return (
            FailureKind::Unavailable,
            "the connection to Odoo broke before its answer came; the change may have been made"
                .to_owned(),
            "Read the record again before anything is repeated.",
        );
    }
    match error {
        Error::Timeout { .. } => (
            FailureKind::Unavailable,
            "Odoo did not answer in time".to_owned(),
            "Try again, with a shorter period or a lower limit.",
        ),
        Error::Busy { .. } => (
            FailureKind::Unavailable,
            "too many calls reach Odoo at once".to_owned(),
            "Try again in a few seconds, one call at a time.",
        ),
        Error::TooManyAtOnce { .. } => (
            FailureKind::Unavailable,
            "too many of your own calls at once; this one waited for the others and was not made"
                .to_owned(),
            "Wait for the answers that are still to come, then ask again, a few calls at a time.",
        ),
        Error::InvalidKey => (
            FailureKind::Unavailable,
            "Odoo refused the connection's key once and accepted it right after".to_owned(),
            "Try again; if it happens again, reconnect.",
        ),
        _ => (
            FailureKind::Unavailable,
            "Odoo cannot be reached at the moment".to_owned(),
            "Try again in a minute; if it lasts, tell the person who operates Odoo.",
        ),
    }
}
