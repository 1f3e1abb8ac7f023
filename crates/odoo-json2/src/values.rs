//! What is written: the values of one record and the commands on its lists.

use base64::{display::Base64Display, engine::general_purpose::STANDARD};
use bytes::Bytes;
use serde::{Serialize, Serializer, ser::SerializeMap};
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
pub struct Values {
    fields: Map<String, Value>,
    /// Kept as they are until the request is written: as text they are a third larger.
    binaries: Vec<(String, Bytes)>,
}

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
        self.fields.insert(field.into(), value.to_value());
        self
    }

    /// Sets a binary field, such as `datas` of an attachment. Odoo takes it as Base64, which is
    /// made while the request is written, so that a large file is in memory once and not thrice.
    #[must_use]
    pub fn set_binary(mut self, field: impl Into<String>, bytes: Bytes) -> Self {
        self.binaries.push((field.into(), bytes));
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
        self.fields.is_empty() && self.binaries.is_empty()
    }

    /// The fields and their values as they are sent, without binary ones.
    pub fn as_map(&self) -> &Map<String, Value> {
        &self.fields
    }

    /// How many bytes the binary fields have in a request.
    pub(crate) fn binary_length(&self) -> usize {
        let length = |bytes: &Bytes| bytes.len().div_ceil(3) * 4;
        self.binaries.iter().map(|(_, bytes)| length(bytes)).sum()
    }
}

impl From<Map<String, Value>> for Values {
    fn from(map: Map<String, Value>) -> Self {
        Self {
            fields: map,
            binaries: Vec::new(),
        }
    }
}

impl ToValue for Values {
    fn to_value(self) -> Value {
        let mut fields = self.fields;
        for (field, bytes) in self.binaries {
            let text = Base64Display::new(&bytes, &STANDARD).to_string();
            fields.insert(field, Value::String(text));
        }
        Value::Object(fields)
    }
}

impl ToValue for &Values {
    fn to_value(self) -> Value {
        self.clone().to_value()
    }
}

impl Serialize for Values {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (field, value) in &self.fields {
            map.serialize_entry(field, value)?;
        }
        for (field, bytes) in &self.binaries {
            map.serialize_entry(
                field,
                &format_args!("{}", Base64Display::new(bytes, &STANDARD)),
            )?;
        }
        map.end()
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
