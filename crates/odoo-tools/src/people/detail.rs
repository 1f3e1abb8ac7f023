//! How much of colleagues a user may see, which Odoo's field rights decide.

use odoo_json2::ReadableFields;
use schemars::JsonSchema;
use serde::Serialize;

/// What an answer on an employee can contain for this user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Detail {
    /// What every colleague sees.
    PublicProfile,
    /// Private data and former positions too.
    HrRecord,
    /// Contracts and wages too.
    HrRecordWithContract,
}

impl Detail {
    /// What somebody in HR sees, by the fields of `model` that they may read.
    pub(super) fn in_hr(readable: &ReadableFields, model: &str) -> Self {
        if readable.has(model, "wage") {
            Self::HrRecordWithContract
        } else {
            Self::HrRecord
        }
    }
}
