//! What a call can fail with: the Python class, the HTTP status and the text that a real Odoo answers.
//!
//! Not for transport failures; those are made in `http`.

use serde_json::{Value as Json, json};

/// The outcome of everything that the engine does.
pub(crate) type Result<T> = std::result::Result<T, OdooError>;

/// One exception of Odoo, werkzeug, Python or psycopg2.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct OdooError {
    /// The full Python class path, `odoo.exceptions.UserError`.
    pub(crate) name: &'static str,
    /// The HTTP status that JSON-2 gives it.
    pub(crate) status: u16,
    /// The text of the exception.
    pub(crate) message: String,
    /// The exception's `context`, if it has one: hints for a client, such as the company to switch to.
    pub(crate) context: Option<Box<Json>>,
}

impl OdooError {
    /// A mistake that the user can mend (HTTP 422).
    pub(crate) fn user(message: impl Into<String>) -> Self {
        Self::new("odoo.exceptions.UserError", 422, message)
    }

    /// A constraint is broken (HTTP 422).
    pub(crate) fn validation(message: impl Into<String>) -> Self {
        Self::new("odoo.exceptions.ValidationError", 422, message)
    }

    /// The user may not do this (HTTP 403).
    pub(crate) fn access(message: impl Into<String>) -> Self {
        Self::new("odoo.exceptions.AccessError", 403, message)
    }

    /// Sign-in or identity check refused (HTTP 403).
    pub(crate) fn denied(message: impl Into<String>) -> Self {
        Self::new("odoo.exceptions.AccessDenied", 403, message)
    }

    /// A record that is not there (HTTP 404): `Record does not exist or has been deleted.`
    pub(crate) fn missing(model: &str, ids: &[i64], uid: i64) -> Self {
        let list = python_tuple(ids);
        Self::new(
            "odoo.exceptions.MissingError",
            404,
            format!(
                "Record does not exist or has been deleted.\n(Record: {model}{list}, User: {uid})"
            ),
        )
    }

    /// Python's `ValueError`: bad arguments (HTTP 500).
    pub(crate) fn value(message: impl Into<String>) -> Self {
        Self::new("builtins.ValueError", 500, message)
    }

    /// Python's `TypeError`: bad arguments (HTTP 500).
    pub(crate) fn kind(message: impl Into<String>) -> Self {
        Self::new("builtins.TypeError", 500, message)
    }

    /// Any other Python exception by its class path (HTTP 500).
    pub(crate) fn other(name: &'static str, message: impl Into<String>) -> Self {
        Self::new(name, 500, message)
    }

    /// No such model, method or address (HTTP 404).
    pub(crate) fn not_found(message: impl Into<String>) -> Self {
        Self::new("werkzeug.exceptions.NotFound", 404, message)
    }

    /// Arguments that do not fit the method (HTTP 422).
    pub(crate) fn unprocessable(message: impl Into<String>) -> Self {
        Self::new("werkzeug.exceptions.UnprocessableEntity", 422, message)
    }

    /// No key, or a key that is none (HTTP 401).
    pub(crate) fn unauthorized(message: impl Into<String>) -> Self {
        Self::new("werkzeug.exceptions.Unauthorized", 401, message)
    }

    /// A body that cannot be read (HTTP 400).
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new("werkzeug.exceptions.BadRequest", 400, message)
    }

    /// A body beyond the limit (HTTP 413).
    pub(crate) fn too_large() -> Self {
        Self::new(
            "werkzeug.exceptions.RequestEntityTooLarge",
            413,
            "The data value transmitted exceeds the capacity limit.",
        )
    }

    /// A result that is no JSON: Odoo answers with an HTML page (HTTP 500) and not with its usual body.
    pub(crate) fn unserialisable() -> Self {
        Self::new("", 500, "Internal Server Error")
    }

    /// The exception's `args`: the text, beside which werkzeug's exceptions carry the status.
    pub(crate) fn arguments(&self) -> Json {
        if self.name.starts_with("werkzeug.") {
            json!([self.message, self.status])
        } else {
            json!([self.message])
        }
    }

    fn new(name: &'static str, status: u16, message: impl Into<String>) -> Self {
        Self {
            name,
            status,
            message: message.into(),
            context: None,
        }
    }
}

/// `(7,)` or `(7, 8)`: how Python prints the ids of a recordset.
pub(crate) fn python_tuple(ids: &[i64]) -> String {
    match ids {
        [one] => format!("({one},)"),
        _ => format!(
            "({})",
            ids.iter()
                .map(i64::to_string)
                .collect::<Vec<_>>()
                .join(", ")
        ),
    }
}
