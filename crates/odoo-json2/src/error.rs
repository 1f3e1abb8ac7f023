//! What can go wrong in a call, told by whose fault it is.
//!
//! Odoo answers an error with its Python class, a message and a complete traceback. The class and
//! the HTTP status decide the variant (see [`wire`](crate::wire)); the message is kept only where
//! Odoo wrote it for people; the traceback (`debug`) is dropped before anything else looks at it.

use crate::DecodeError;

/// The failure of one call.
///
/// The text of each variant says what happened and what to do next, and holds neither the key nor
/// a traceback.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The client was built without an API key.
    #[error("this client has no API key; give it one with `api_key` or `with_key`")]
    NoKey,
    /// Odoo itself refused the key: wrong, expired, revoked, or its user is archived. Odoo does
    /// not tell these apart.
    #[error(
        "Odoo does not accept the API key (wrong, expired, revoked, or the user is archived); create a new key"
    )]
    InvalidKey,
    /// Something in front of Odoo refused the call (401, 403 or 407 without Odoo's error body). The
    /// key may be perfectly valid.
    #[error(
        "a proxy in front of Odoo refused the call with HTTP {status}; the API key was not judged"
    )]
    ProxyRefused {
        /// The HTTP status of the refusal.
        status: u16,
    },
    /// Odoo's access rights or record rules refuse this user (`AccessError`, `AccessDenied`).
    #[error("Odoo denies access: {message}")]
    AccessDenied {
        /// Odoo's explanation, in the language of the context.
        message: String,
    },
    /// A field among those asked for is restricted to groups the user is not in. Odoo refuses the
    /// whole call; mark the field `#[odoo(optional)]` or leave it out.
    #[error("this user may not access the field `{field}`{}", of_model(model.as_deref()))]
    FieldForbidden {
        /// The model of the field, when Odoo named it.
        model: Option<String>,
        /// The technical name of the field.
        field: String,
        /// Odoo's explanation, in the language of the context.
        message: String,
    },
    /// The model does not exist: the app that brings it is not installed.
    #[error(
        "the model `{model}` does not exist in this Odoo; the app that provides it is not installed"
    )]
    NotInstalled {
        /// The technical name of the model.
        model: String,
    },
    /// The method does not exist, or is private and cannot be called from outside.
    #[error("`{model}` has no public method `{method}` in this version of Odoo")]
    UnknownMethod {
        /// The technical name of the model.
        model: String,
        /// The method that was called.
        method: String,
    },
    /// A record does not exist or was deleted (`MissingError`).
    #[error("the record does not exist or was deleted: {message}")]
    Missing {
        /// Odoo's explanation, naming the record.
        message: String,
    },
    /// Odoo's business logic refuses, with a text written for the user (`UserError`).
    #[error("Odoo refuses: {message}")]
    UserError {
        /// Odoo's text for the user.
        message: String,
    },
    /// A constraint of the model or of the database is violated (`ValidationError`).
    #[error("Odoo finds the values invalid: {message}")]
    Validation {
        /// Odoo's text for the user.
        message: String,
    },
    /// Odoo refuses and points at a settings page that has to be completed first.
    #[error("Odoo needs its settings completed first: {message}")]
    RedirectWarning {
        /// Odoo's text for the user, without the action behind its button.
        message: String,
    },
    /// The call itself was wrong: an unknown field, operator or argument, or a value of a wrong
    /// type. This is a mistake of the program, not an outage.
    #[error("the call was malformed ({name}): {message}")]
    BadArguments {
        /// The Python class of the error, such as `builtins.ValueError`.
        name: String,
        /// What Odoo said; without detail where it would be an excerpt of SQL.
        message: String,
    },
    /// Other transactions were faster (a lock, a serialization failure). Nothing was written.
    #[error("other changes in Odoo got in the way, nothing was written; try again")]
    Conflict {
        /// Odoo's explanation, or nothing where it would be an excerpt of SQL.
        message: String,
    },
    /// Odoo does not serve the database under this address.
    #[error(
        "Odoo serves no database `{database}` at this address; check its name, dbfilter and the address"
    )]
    WrongDatabase {
        /// The database that was asked for.
        database: String,
    },
    /// Odoo cannot be reached, or its proxy says so (502, 503, 504).
    #[error("Odoo cannot be reached: {message}")]
    Unavailable {
        /// What failed, without addresses or secrets.
        message: String,
        /// Whether a write may have been carried out although no answer came.
        write_may_have_happened: bool,
    },
    /// Too many calls at once: this client's own limit, or a rate limit in front of Odoo (429).
    /// The call was not carried out.
    #[error("too many calls at once: {message}; try again shortly")]
    Busy {
        /// Whose limit it is.
        message: String,
    },
    /// The calls of this client's flow already hold the places that one flow gets
    /// ([`Limits::max_in_flight_per_flow`](crate::Limits::max_in_flight_per_flow)), and none came
    /// free in time. The call was not carried out.
    #[error(
        "too many of your own calls at once: {limit} are in flight; try again when they are answered"
    )]
    TooManyAtOnce {
        /// How many calls of one flow may be in flight.
        limit: usize,
    },
    /// No answer in time.
    #[error("Odoo did not answer in time{}", unknown_outcome(*write_may_have_happened))]
    Timeout {
        /// Whether a write may have been carried out although no answer came.
        write_may_have_happened: bool,
    },
    /// What answered is not Odoo's JSON-2 API: a web page or a redirect.
    #[error(
        "the address does not answer like Odoo 19 (HTTP {status}, {detail}); check the base URL"
    )]
    NotOdoo {
        /// The HTTP status of the answer.
        status: u16,
        /// What came instead.
        detail: String,
    },
    /// The answer is larger than this client accepts; ask for fewer records or fields.
    #[error("the answer is larger than {limit} bytes; ask for fewer records or fields")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// The request is larger than Odoo or its proxy accepts (413).
    #[error("Odoo or its proxy refuses a request of this size; send a smaller file")]
    RequestTooLarge,
    /// The answer does not fit the type that was asked for.
    #[error("Odoo's answer does not have the expected form: {0}")]
    Decode(#[from] DecodeError),
    /// Odoo failed in a way that is not the caller's fault.
    #[error("Odoo failed internally ({name}); its log tells more")]
    Server {
        /// The Python class of the error, or the HTTP status.
        name: String,
    },
}

/// Who can do something about an [`Error`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// The program that made the call.
    Caller,
    /// The person in whose name it was made: other input, or other rights.
    User,
    /// The API key has to be replaced.
    Key,
    /// Odoo or its configuration.
    Odoo,
    /// What lies between: the network, a proxy, load. It may pass by itself.
    Network,
}

impl Error {
    /// Who can do something about it.
    pub fn fault(&self) -> Fault {
        match self {
            Self::NoKey | Self::InvalidKey => Fault::Key,
            Self::AccessDenied { .. }
            | Self::FieldForbidden { .. }
            | Self::Missing { .. }
            | Self::UserError { .. }
            | Self::Validation { .. } => Fault::User,
            Self::UnknownMethod { .. }
            | Self::BadArguments { .. }
            | Self::TooLarge { .. }
            | Self::RequestTooLarge
            | Self::Decode(_) => Fault::Caller,
            Self::NotInstalled { .. }
            | Self::RedirectWarning { .. }
            | Self::WrongDatabase { .. }
            | Self::NotOdoo { .. }
            | Self::Server { .. } => Fault::Odoo,
            Self::ProxyRefused { .. }
            | Self::Conflict { .. }
            | Self::Unavailable { .. }
            | Self::Busy { .. }
            | Self::TooManyAtOnce { .. }
            | Self::Timeout { .. } => Fault::Network,
        }
    }

    /// Odoo itself refused the key. A refusal by a proxy is not one.
    pub fn is_invalid_key(&self) -> bool {
        matches!(self, Self::InvalidKey)
    }

    /// The user lacks rights, on the records or on a field.
    pub fn is_access(&self) -> bool {
        matches!(
            self,
            Self::AccessDenied { .. } | Self::FieldForbidden { .. }
        )
    }

    /// A company in the context is not one of the user's.
    pub fn company_refused(&self) -> bool {
        matches!(self, Self::AccessDenied { message } if message.contains("invalid companies"))
    }

    /// The record does not exist.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Missing { .. })
    }

    /// The app that brings the model is not installed.
    pub fn is_not_installed(&self) -> bool {
        matches!(self, Self::NotInstalled { .. })
    }

    /// Odoo's business logic refused, with a text written for the user.
    pub fn is_user_error(&self) -> bool {
        matches!(
            self,
            Self::UserError { .. } | Self::Validation { .. } | Self::RedirectWarning { .. }
        )
    }

    /// Odoo could not be reached or asked, or did not answer in time.
    pub fn is_unavailable(&self) -> bool {
        matches!(
            self,
            Self::Unavailable { .. }
                | Self::Timeout { .. }
                | Self::Busy { .. }
                | Self::TooManyAtOnce { .. }
        )
    }

    /// The same call can be sent again without harm, and may succeed then.
    pub fn retry_safe(&self) -> bool {
        match self {
            Self::Conflict { .. } | Self::Busy { .. } | Self::TooManyAtOnce { .. } => true,
            Self::Unavailable {
                write_may_have_happened,
                ..
            }
            | Self::Timeout {
                write_may_have_happened,
            } => !write_may_have_happened,
            _ => false,
        }
    }

    /// A write may have been carried out although no answer came. Read the record before writing again.
    pub fn outcome_unknown(&self) -> bool {
        matches!(
            self,
            Self::Unavailable {
                write_may_have_happened: true,
                ..
            } | Self::Timeout {
                write_may_have_happened: true
            }
        )
    }
}

fn of_model(model: Option<&str>) -> String {
    model
        .map(|model| format!(" of `{model}`"))
        .unwrap_or_default()
}

fn unknown_outcome(write: bool) -> &'static str {
    if write {
        "; the change may have been made all the same, read the record first"
    } else {
        ""
    }
}
