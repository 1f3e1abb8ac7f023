//! Python's `int()` and `float()` over values that came as JSON, with their errors.

use serde_json::Value as Json;

use super::{
    error::{OdooError, Result},
    python,
};

/// What PostgreSQL says to a text where it wants an integer.
pub(super) fn bad_integer_sql(text: &str) -> OdooError {
    let text = format!("invalid input syntax for type integer: \"{text}\"\n");
    OdooError::other("psycopg2.errors.InvalidTextRepresentation", text)
}

/// Python's `int()`.
pub(super) fn integer(value: &Json) -> Result<i64> {
    match value {
        Json::Bool(value) => Ok(i64::from(*value)),
        #[expect(
            clippy::cast_possible_truncation,
            reason = "Python's int() cuts off as well"
        )]
        Json::Number(number) => Ok(number
            .as_i64()
            .unwrap_or_else(|| number.as_f64().unwrap_or_default() as i64)),
        Json::String(text) => text.trim().parse().map_err(|_| {
            let shown = python::repr_text(text);
            OdooError::value(format!("invalid literal for int() with base 10: {shown}"))
        }),
        other => {
            let text = "int() argument must be a string, a bytes-like object or a real number";
            Err(OdooError::kind(format!(
                "{text}, not '{}'",
                python::class(other)
            )))
        }
    }
}

/// Python's `float()`.
pub(super) fn float(value: &Json) -> Result<f64> {
    match value {
        Json::Bool(value) => Ok(f64::from(u8::from(*value))),
        Json::Number(number) => Ok(number.as_f64().unwrap_or_default()),
        Json::String(text) => text.trim().parse().map_err(|_| {
            OdooError::value(format!(
                "could not convert string to float: {}",
                python::repr_text(text)
            ))
        }),
        other => {
            let text = "float() argument must be a string or a real number";
            Err(OdooError::kind(format!(
                "{text}, not '{}'",
                python::class(other)
            )))
        }
    }
}
