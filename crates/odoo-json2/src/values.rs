//! What is written: the values of one record and the commands on its lists.

use serde::{Serialize, Serializer};
use serde_json::{Map, Value, json};

use crate::ToValue;

/// The fields of a record to create or to change.
///
/// ```
/// use odoo_json2::{Command, Values};
///
/// let task = Values::new()
///     .set("name", "Call Larkspur")
///     .set("user_ids", [Command::Link(7)])
///     .set("date_deadline", None::<odoo_json2::DateTime>);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Values(Map<String, Value>);

/// A change to a one2many or many2many field.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Create a record and add it.
    Create(Values),
    /// Change a record that is in the list.
    Update(i64, Values),
    /// Remove a record from the list and from the database.
    Delete(i64),
    /// Remove a record from the list only.
    Unlink(i64),
    /// Add an existing record.
    Link(i64),
    /// Empty the list.
    Clear,
    /// Make the list be exactly these records.
    Set(Vec<i64>),
}

impl Values {
    /// No field at all.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a field. `None` empties it.
    #[must_use]
    pub fn set(mut self, field: impl Into<String>, value: impl ToValue) -> Self {
        self.0.insert(field.into(), value.to_value());
        self
    }

    /// Sets a field when there is a value and leaves it alone otherwise.
    #[must_use]
    pub fn set_some(self, field: impl Into<String>, value: Option<impl ToValue>) -> Self {
        match value {
            Some(value) => self.set(field, value),
            None => self,
        }
    }

    /// Whether no field is set.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The fields and their values as they are sent.
    pub fn as_map(&self) -> &Map<String, Value> {
        &self.0
    }
}

impl From<Map<String, Value>> for Values {
    fn from(map: Map<String, Value>) -> Self {
        Self(map)
    }
}

impl ToValue for Values {
    fn to_value(self) -> Value {
        Value::Object(self.0)
    }
}

impl ToValue for &Values {
    fn to_value(self) -> Value {
        Value::Object(self.0.clone())
    }
}

impl Serialize for Values {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl ToValue for Command {
    /// The triple that Odoo's ORM knows (`odoo/orm/commands.py`).
    fn to_value(self) -> Value {
        match self {
            Self::Create(values) => json!([0, 0, values.to_value()]),
            Self::Update(id, values) => json!([1, id, values.to_value()]),
            Self::Delete(id) => json!([2, id, 0]),
            Self::Unlink(id) => json!([3, id, 0]),
            Self::Link(id) => json!([4, id, 0]),
            Self::Clear => json!([5, 0, 0]),
            Self::Set(ids) => json!([6, 0, ids]),
        }
    }
}

impl ToValue for &Command {
    fn to_value(self) -> Value {
        self.clone().to_value()
    }
}
