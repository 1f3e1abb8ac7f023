//! What can be sent to Odoo: values of fields, of domains, of arguments and of the context.

use serde_json::{Map, Value};

use crate::Date;

/// A value in the form Odoo expects it.
///
/// The difference to `serde::Serialize` is that `None` becomes `false`, which is how Odoo writes
/// "empty" for every type of field. Where a method really wants `null`, pass `Value::Null`.
pub trait ToValue {
    /// The JSON to send.
    fn to_value(self) -> Value;
}

macro_rules! through_from {
    ($($type:ty),*) => {$(
        impl ToValue for $type {
            fn to_value(self) -> Value {
                Value::from(self)
            }
        }
    )*};
}

through_from!(
    bool, i8, i16, i32, i64, u8, u16, u32, u64, usize, isize, f32, f64, &str, String
);

impl ToValue for Value {
    fn to_value(self) -> Value {
        self
    }
}

impl ToValue for &Value {
    fn to_value(self) -> Value {
        self.clone()
    }
}

impl ToValue for &String {
    fn to_value(self) -> Value {
        Value::from(self.as_str())
    }
}

impl ToValue for Map<String, Value> {
    fn to_value(self) -> Value {
        Value::Object(self)
    }
}

impl ToValue for Date {
    /// `YYYY-MM-DD`, the only form that Odoo's date fields accept.
    fn to_value(self) -> Value {
        Value::String(self.to_string())
    }
}

impl<T: ToValue> ToValue for Option<T> {
    fn to_value(self) -> Value {
        self.map_or(Value::Bool(false), ToValue::to_value)
    }
}

impl<T: ToValue> ToValue for Vec<T> {
    fn to_value(self) -> Value {
        self.into_iter().map(ToValue::to_value).collect()
    }
}

impl<T: ToValue, const N: usize> ToValue for [T; N] {
    fn to_value(self) -> Value {
        self.into_iter().map(ToValue::to_value).collect()
    }
}

impl<T: ToValue + Clone> ToValue for &[T] {
    fn to_value(self) -> Value {
        self.iter().cloned().map(ToValue::to_value).collect()
    }
}
