//! References to other records.

use odoo_json2::Ref;
use schemars::JsonSchema;
use serde::Serialize;

use crate::characters::clip;

/// The longest name that is passed on; Odoo has none that needs more to be recognised.
const LONGEST_NAME: usize = 200;

/// A record by id and name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Named {
    /// Its id in Odoo.
    pub id: i64,
    /// Its display name.
    pub name: String,
}

impl From<Ref> for Named {
    fn from(reference: Ref) -> Self {
        Self {
            id: reference.id,
            name: clip(&reference.name, LONGEST_NAME).into_owned(),
        }
    }
}

impl Named {
    /// The reference of a many2one that may be empty.
    pub(crate) fn of(reference: Option<Ref>) -> Option<Self> {
        reference.map(Self::from)
    }

    /// Only the names, for lists where nobody asks for an id.
    pub(crate) fn names(references: Vec<Ref>) -> Vec<String> {
        references
            .into_iter()
            .map(|reference| Self::from(reference).name)
            .collect()
    }
}
