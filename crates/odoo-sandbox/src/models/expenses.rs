//! Expenses (module `hr_expense`): what employees spent, from receipt to reimbursement.

use crate::engine::registry::Registry;

/// Declares the application.
pub(super) fn register(_registry: &mut Registry) {}
