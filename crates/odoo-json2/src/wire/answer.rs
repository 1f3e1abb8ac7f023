//! Answers become values or errors.
//!
//! Odoo's errors are JSON with the Python class in `name`, which decides first; the HTTP status
//! decides for what is left. The traceback in `debug` is never even read.

use bytes::Bytes;
use http::{Response, StatusCode, header::CONTENT_TYPE};
use serde::Deserialize;
use serde_json::Value;

use super::{Intent, MethodCall};
use crate::{DecodeError, Error};

/// The longest message kept of an answer, in characters.
const MESSAGE_LIMIT: usize = 2_000;

/// Reads the answer to a call.
///
/// # Errors
/// Everything in [`Error`] that an answer can say.
pub fn decode(
    call: &MethodCall,
    database: &str,
    response: &Response<Bytes>,
) -> Result<Value, Error> {
    let json = is_json(response);
    if response.status().is_success() {
        if !json {
            return Err(not_odoo(response));
        }
        return parse(response.body());
    }
    let error = match OdooError::of(response) {
        Some(error) if json => error.classify(response.status(), call),
        _ => without_body(response, database),
    };
    Err(match error {
        Error::Unavailable { message, .. } => Error::Unavailable {
            message,
            write_may_have_happened: call.intent == Intent::Write,
        },
        other => other,
    })
}

/// Checked for UTF-8 once as a whole, which is quicker than string by string.
fn parse(body: &[u8]) -> Result<Value, Error> {
    let parsed = match std::str::from_utf8(body) {
        Ok(text) => serde_json::from_str(text),
        // It fails; serde says where.
        Err(_) => serde_json::from_slice(body),
    };
    Ok(parsed.map_err(|error| DecodeError::malformed("JSON", &error))?)
}

pub(crate) fn is_json(response: &Response<Bytes>) -> bool {
    let header = response.headers().get(CONTENT_TYPE);
    let kind = header
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    kind.trim_start()
        .get(..16)
        .is_some_and(|kind| kind.eq_ignore_ascii_case("application/json"))
}

/// Odoo's description of an exception, without `debug`.
#[derive(Deserialize)]
pub(crate) struct OdooError {
    name: String,
    #[serde(default)]
    message: String,
    #[serde(default)]
    arguments: Value,
}

impl OdooError {
    /// The error in the body, when it has the form of one: proxies speak JSON too, but do not name
    /// the class of an exception.
    pub(crate) fn of(response: &Response<Bytes>) -> Option<Self> {
        let error: Self = serde_json::from_slice(response.body()).ok()?;
        error.name.contains('.').then_some(error)
    }

    /// The error inside a JSON-RPC envelope, `{"code", "message", "data": {"name", …}}`.
    pub(crate) fn of_rpc(mut error: Value) -> Self {
        let data = error.get_mut("data").map(Value::take).unwrap_or_default();
        let nameless = Self {
            name: String::new(),
            message: String::new(),
            arguments: Value::Null,
        };
        serde_json::from_value(data).unwrap_or(nameless)
    }

    /// Decides by the class of the exception, then by the status.
    pub(crate) fn classify(self, status: StatusCode, call: &MethodCall) -> Error {
        let (module, class) = self.name.rsplit_once('.').unwrap_or(("", &self.name));
        match (module, class) {
            ("odoo.exceptions", _) => self.odoo_exception(status, call),
            ("werkzeug.exceptions", _) => self.http_exception(status, call),
            ("psycopg2.errors" | "psycopg2.extensions" | "psycopg2", _) => self.database_error(),
            ("odoo.sql_db", "PoolError") => unavailable("Odoo has no database connection left"),
            ("builtins", "ValueError" | "TypeError" | "KeyError" | "AttributeError") => {
                self.bad_arguments()
            }
            _ => self.by_status(status),
        }
    }

    fn odoo_exception(self, status: StatusCode, call: &MethodCall) -> Error {
        let message = clean(&self.message);
        match self.name.rsplit('.').next().unwrap_or_default() {
            "AccessError" => access_error(message, call),
            "AccessDenied" => Error::AccessDenied { message },
            "MissingError" => Error::Missing { message },
            "ValidationError" => Error::Validation { message },
            "LockError" | "ConcurrencyError" => Error::Conflict { message },
            "RedirectWarning" => Error::RedirectWarning {
                message: self.first_argument(),
            },
            "UserError" => Error::UserError { message },
            _ => self.by_status(status),
        }
    }

    fn http_exception(self, status: StatusCode, call: &MethodCall) -> Error {
        match status.as_u16() {
            // Odoo saw no `Authorization` header, and one was sent: a proxy took it away.
            401 if self.message.starts_with("User not authenticated") => {
                Error::ProxyRefused { status: 401 }
            }
            401 => Error::InvalidKey,
            404 if self.message.starts_with("the model ") => Error::NotInstalled {
                model: call.model.to_string(),
            },
            404 if self.message.starts_with("The method ") => unknown_method(call),
            404 => Error::NotOdoo {
                status: 404,
                detail: clean(&self.message),
            },
            413 => Error::RequestTooLarge,
            400 | 422 => self.bad_arguments(),
            _ => self.by_status(status),
        }
    }

    /// Messages of the database are excerpts of SQL and stay here.
    fn database_error(self) -> Error {
        match self.name.rsplit('.').next().unwrap_or_default() {
            "SerializationFailure"
            | "LockNotAvailable"
            | "DeadlockDetected"
            | "TransactionRollbackError" => Error::Conflict {
                message: String::new(),
            },
            "OperationalError" | "InterfaceError" | "AdminShutdown" | "TooManyConnections"
            | "CannotConnectNow" => unavailable("Odoo cannot reach its database"),
            "QueryCanceled" | "DiskFull" | "OutOfMemory" => Error::Server { name: self.name },
            _ => {
                let message = "PostgreSQL refused a value or an aggregate".to_owned();
                Error::BadArguments {
                    name: self.name,
                    message,
                }
            }
        }
    }

    fn by_status(self, status: StatusCode) -> Error {
        let message = clean(&self.message);
        match status.as_u16() {
            401 => Error::ProxyRefused { status: 401 },
            403 => Error::AccessDenied { message },
            404 => Error::Missing { message },
            409 => Error::Conflict { message },
            413 => Error::RequestTooLarge,
            422 => Error::UserError { message },
            400 => Error::BadArguments {
                name: self.name,
                message,
            },
            429 => rate_limited(),
            502..=504 => unavailable(&format!("HTTP {}", status.as_u16())),
            _ => Error::Server {
                name: clean(&self.name),
            },
        }
    }

    fn bad_arguments(self) -> Error {
        Error::BadArguments {
            name: self.name,
            message: clean(&self.message),
        }
    }

    /// `message` of a `RedirectWarning` mixes text, action and button; the first argument is the text.
    fn first_argument(&self) -> String {
        let first = self.arguments.get(0).and_then(Value::as_str);
        clean(
            first
                .or_else(|| self.message.lines().next())
                .unwrap_or_default(),
        )
    }
}

fn access_error(message: String, call: &MethodCall) -> Error {
    if message.starts_with("Private methods ") {
        return unknown_method(call);
    }
    match forbidden_field(&message) {
        Some((field, model)) => Error::FieldForbidden {
            model,
            field,
            message,
        },
        None => Error::AccessDenied { message },
    }
}

/// Finds the field in `…access the field "stage_id" on Project (project.project)…`.
///
/// The sentence is translated, but in every language it quotes a technical name and goes on with
/// the model in brackets; refusals of models and records quote nothing of the kind.
fn forbidden_field(message: &str) -> Option<(String, Option<String>)> {
    let opening = |c: char| matches!(c, '"' | '“' | '„' | '«');
    let closing = |c: char| matches!(c, '"' | '”' | '“' | '»');
    let start = message.find(opening)?;
    let rest = message[start..].trim_start_matches(opening);
    let (field, rest) = rest.split_once(closing)?;
    let field = field.trim();
    let technical = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if field.is_empty() || !field.chars().all(technical) {
        return None;
    }
    let in_brackets = rest
        .split_once('(')
        .and_then(|(_, rest)| rest.split_once(')'));
    let named = |c: char| technical(c) || c == '.';
    let model = in_brackets
        .map(|(model, _)| model)
        .filter(|model| model.chars().all(named));
    let english = message[..start].contains("field");
    (model.is_some() || english).then(|| (field.to_owned(), model.map(str::to_owned)))
}

/// An error answer that is not Odoo's: a web page, or something of a proxy.
fn without_body(response: &Response<Bytes>, database: &str) -> Error {
    let status = response.status().as_u16();
    match status {
        401 | 403 | 407 => Error::ProxyRefused { status },
        404 if !is_json(response) => Error::WrongDatabase {
            database: database.to_owned(),
        },
        413 => Error::RequestTooLarge,
        429 => rate_limited(),
        502..=504 => unavailable(&format!("HTTP {status}")),
        500.. => Error::Server {
            name: format!("HTTP {status}"),
        },
        _ => not_odoo(response),
    }
}

fn not_odoo(response: &Response<Bytes>) -> Error {
    let status = response.status();
    let detail = if status.is_redirection() {
        "a redirect".to_owned()
    } else {
        let kind = response
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok());
        clean(kind.unwrap_or("no content type"))
            .chars()
            .take(80)
            .collect()
    };
    Error::NotOdoo {
        status: status.as_u16(),
        detail,
    }
}

fn unknown_method(call: &MethodCall) -> Error {
    Error::UnknownMethod {
        model: call.model.to_string(),
        method: call.method.to_string(),
    }
}

/// Whether a write may have happened follows from the intent, which `decode` fills in.
fn unavailable(message: &str) -> Error {
    Error::Unavailable {
        message: message.to_owned(),
        write_may_have_happened: true,
    }
}

fn rate_limited() -> Error {
    Error::Busy {
        message: "Odoo's proxy limits the rate".to_owned(),
    }
}

/// Keeps readable text of a bounded length: no control characters, no runs of blank lines.
fn clean(message: &str) -> String {
    let mut cleaned = String::with_capacity(message.len().min(MESSAGE_LIMIT));
    let mut breaks = 0;
    for character in message.trim().chars().take(MESSAGE_LIMIT) {
        breaks = if character == '\n' { breaks + 1 } else { 0 };
        let readable = !character.is_control() || (character == '\n' && breaks <= 2);
        match character {
            '\t' => cleaned.push(' '),
            _ if readable => cleaned.push(character),
            _ => {}
        }
    }
    cleaned
}
