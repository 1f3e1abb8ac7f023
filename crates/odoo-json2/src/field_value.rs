//! The Rust types that a field of a record can have.

use serde_json::Value;

use crate::{Date, DateTime, Nested, Record, Ref};

/// A type that a field of a [`Record`] or [`GroupRow`](crate::GroupRow) can have.
///
/// Odoo writes "empty" as `false`, whatever the type of the field; here that is the `None` of an
/// `Option`, and an error without one.
pub trait FieldValue: Sized {
    /// What to ask for below the field.
    fn nested() -> Nested {
        Nested::Nothing
    }

    /// Reads the value.
    ///
    /// # Errors
    /// When it has another type.
    fn from_value(value: &Value) -> Result<Self, DecodeError>;

    /// Whether the value means "empty" for this type.
    fn is_empty(value: &Value) -> bool {
        matches!(value, Value::Null | Value::Bool(false))
    }
}

/// An answer that does not fit the type it is read into.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}expected {expected}, found {found}", place(path))]
pub struct DecodeError {
    path: String,
    expected: String,
    found: String,
}

impl DecodeError {
    /// Says what was expected; of the value only its kind is kept, since it may be confidential.
    pub fn new(expected: impl Into<String>, found: &Value) -> Self {
        Self {
            path: String::new(),
            expected: expected.into(),
            found: kind(found).to_owned(),
        }
    }

    /// The field is not in the answer at all.
    pub fn absent(field: &str) -> Self {
        let found = "nothing (the field was not asked for)".to_owned();
        Self {
            path: field.to_owned(),
            expected: "a value".to_owned(),
            found,
        }
    }

    /// The same error seen from the record or list around it.
    #[must_use]
    pub fn within(mut self, step: &str) -> Self {
        let joint = if self.path.is_empty() || self.path.starts_with('[') {
            ""
        } else {
            "."
        };
        self.path = format!("{step}{joint}{}", self.path);
        self
    }

    pub(crate) fn malformed(expected: &str, error: &serde_json::Error) -> Self {
        let found = match error.classify() {
            serde_json::error::Category::Data => error.to_string(),
            _ => "text that is not JSON".to_owned(),
        };
        Self {
            path: String::new(),
            expected: expected.to_owned(),
            found,
        }
    }
}

fn place(path: &str) -> String {
    if path.is_empty() {
        String::new()
    } else {
        format!("{path}: ")
    }
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(false) => "false, which is Odoo's empty value (make the field an `Option`)",
        Value::Bool(true) => "true",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

impl FieldValue for bool {
    fn from_value(value: &Value) -> Result<Self, DecodeError> {
        value
            .as_bool()
            .ok_or_else(|| DecodeError::new("true or false", value))
    }

    fn is_empty(value: &Value) -> bool {
        value.is_null()
    }
}

impl FieldValue for f64 {
    fn from_value(value: &Value) -> Result<Self, DecodeError> {
        value
            .as_f64()
            .ok_or_else(|| DecodeError::new("a number", value))
    }
}

impl FieldValue for i64 {
    /// Takes floats without a fraction too: Odoo gives parts of dates as such.
    fn from_value(value: &Value) -> Result<Self, DecodeError> {
        let whole = |float: &f64| float.fract() == 0.0 && float.abs() < 9.0e15;
        value
            .as_i64()
            .or_else(|| value.as_f64().filter(whole).map(|float| float as i64))
            .ok_or_else(|| DecodeError::new("an integer", value))
    }
}

macro_rules! smaller_integers {
    ($($type:ty),*) => {$(
        impl FieldValue for $type {
            fn from_value(value: &Value) -> Result<Self, DecodeError> {
                let wide = i64::from_value(value)?;
                wide.try_into().map_err(|_| DecodeError::new(stringify!($type), value))
            }
        }
    )*};
}

smaller_integers!(i32, u32, u64, usize);

impl FieldValue for String {
    fn from_value(value: &Value) -> Result<Self, DecodeError> {
        value
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| DecodeError::new("text", value))
    }
}

impl FieldValue for Date {
    fn from_value(value: &Value) -> Result<Self, DecodeError> {
        let date = value.as_str().and_then(|text| text.parse().ok());
        date.ok_or_else(|| DecodeError::new("a date (YYYY-MM-DD)", value))
    }
}

impl FieldValue for DateTime {
    fn from_value(value: &Value) -> Result<Self, DecodeError> {
        let moment = value.as_str().and_then(|text| text.parse().ok());
        moment.ok_or_else(|| DecodeError::new("a datetime (YYYY-MM-DD HH:MM:SS)", value))
    }
}

impl FieldValue for Value {
    fn from_value(value: &Value) -> Result<Self, DecodeError> {
        Ok(value.clone())
    }
}

impl FieldValue for Ref {
    fn nested() -> Nested {
        Nested::Name
    }

    /// Takes `{"id", "display_name"}` of specifications and `[id, name]` of groups and searches.
    fn from_value(value: &Value) -> Result<Self, DecodeError> {
        let parts = match value {
            Value::Object(record) => (record.get("id"), record.get("display_name")),
            Value::Array(pair) => (pair.first(), pair.get(1)),
            _ => (None, None),
        };
        let id = parts.0.and_then(Value::as_i64);
        let name = parts.1.and_then(Value::as_str).unwrap_or_default();
        id.map(|id| Self {
            id,
            name: name.to_owned(),
        })
        .ok_or_else(|| DecodeError::new("a named record", value))
    }
}

impl<T: FieldValue> FieldValue for Option<T> {
    fn nested() -> Nested {
        T::nested()
    }

    fn from_value(value: &Value) -> Result<Self, DecodeError> {
        if T::is_empty(value) {
            Ok(None)
        } else {
            T::from_value(value).map(Some)
        }
    }
}

impl<T: FieldValue> FieldValue for Vec<T> {
    fn nested() -> Nested {
        T::nested()
    }

    fn from_value(value: &Value) -> Result<Self, DecodeError> {
        let items = value
            .as_array()
            .ok_or_else(|| DecodeError::new("a list", value))?;
        let item = |(index, item)| {
            T::from_value(item).map_err(|error: DecodeError| error.within(&format!("[{index}]")))
        };
        items.iter().enumerate().map(item).collect()
    }

    fn is_empty(value: &Value) -> bool {
        value.is_null()
    }
}

impl<R: Record> FieldValue for R {
    fn nested() -> Nested {
        Nested::Record(R::specification())
    }

    fn from_value(value: &Value) -> Result<Self, DecodeError> {
        R::decode(value)
    }
}
