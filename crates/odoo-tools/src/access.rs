//! What a tool does to Odoo, and what follows from it: scope and annotations.
//!
//! This is not Odoo's own access control, which always applies beneath.

use serde::{Deserialize, Serialize};

/// What a tool does, and so which scope a connection needs to call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Access {
    /// Looks, and changes nothing.
    Read,
    /// Creates or changes records.
    Write,
    /// Removes or archives records.
    Delete,
    /// Approves, refuses, validates: speaks in the user's name towards others.
    Approve,
}

impl Access {
    /// Every access, weakest first.
    pub const ALL: [Self; 4] = [Self::Read, Self::Write, Self::Delete, Self::Approve];

    /// The OAuth scope that grants it.
    #[must_use]
    pub const fn scope(self) -> &'static str {
        match self {
            Self::Read => "odoo:read",
            Self::Write => "odoo:write",
            Self::Delete => "odoo:delete",
            Self::Approve => "odoo:approve",
        }
    }

    /// The access that an OAuth scope grants, if it is one of ours.
    #[must_use]
    pub fn from_scope(scope: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|access| access.scope() == scope)
    }

    /// Whether a call leaves everything as it was (MCP `readOnlyHint`).
    #[must_use]
    pub const fn is_read_only(self) -> bool {
        matches!(self, Self::Read)
    }

    /// Whether a call may end something that cannot be taken back (MCP `destructiveHint`).
    #[must_use]
    pub const fn is_destructive(self) -> bool {
        matches!(self, Self::Delete | Self::Approve)
    }

    /// Whether the same call twice has the effect of one (MCP `idempotentHint`).
    ///
    /// Creating twice makes two, hence not for writes; approving or removing what is already
    /// approved or gone changes nothing more.
    #[must_use]
    pub const fn is_idempotent(self) -> bool {
        !matches!(self, Self::Write)
    }
}
