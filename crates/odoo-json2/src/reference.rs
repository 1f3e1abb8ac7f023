//! A many2one as people read it: an id and a name.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::ToValue;

/// A record of another model, named.
///
/// In a [`Record`](crate::Record) it asks Odoo for `{"fields": {"display_name": {}}}`. Odoo
/// computes these names with full rights, so that a person sees the name of a record that they may not open.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Ref {
    /// The id of the record in its model.
    pub id: i64,
    /// Its `display_name`, in the language of the context.
    pub name: String,
}

impl ToValue for Ref {
    fn to_value(self) -> Value {
        Value::from(self.id)
    }
}

impl ToValue for &Ref {
    fn to_value(self) -> Value {
        Value::from(self.id)
    }
}
