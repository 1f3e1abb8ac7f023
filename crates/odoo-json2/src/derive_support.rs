//! What the derived code calls. Not for hand-written code: it may change with the derive.

use std::borrow::Cow;

use serde_json::Value;

pub use std::sync::LazyLock;

pub use serde_json;

use crate::{DecodeError, FieldValue};

/// Reads one field of a record or column of a row.
///
/// # Errors
/// When the field is absent or of another type.
pub fn field<T: FieldValue>(record: &Value, name: &str) -> Result<T, DecodeError> {
    match find(record, name)? {
        Some(value) => T::from_value(value).map_err(|error| error.within(name)),
        None => Err(DecodeError::absent(name)),
    }
}

/// A record whose list has no more than was asked for.
///
/// Odoo lists what lies beyond the limit as well, without its fields.
pub fn within<'a>(record: &'a Value, name: &str, limit: usize) -> Cow<'a, Value> {
    match record.get(name) {
        Some(Value::Array(items)) if items.len() > limit => {
            let mut short = serde_json::Map::new();
            short.insert(name.to_owned(), items[..limit].to_vec().into());
            Cow::Owned(Value::Object(short))
        }
        _ => Cow::Borrowed(record),
    }
}

/// Reads a field that may have been left out.
///
/// # Errors
/// When the field is of another type.
pub fn optional_field<T: FieldValue>(record: &Value, name: &str) -> Result<Option<T>, DecodeError> {
    match find(record, name)? {
        Some(value) => Option::<T>::from_value(value).map_err(|error| error.within(name)),
        None => Ok(None),
    }
}

fn find<'a>(record: &'a Value, name: &str) -> Result<Option<&'a Value>, DecodeError> {
    let fields = record
        .as_object()
        .ok_or_else(|| DecodeError::new("a record", record))?;
    Ok(fields.get(name))
}
