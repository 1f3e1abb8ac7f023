//! Time off (module `hr_holidays`): requests, allocations, kinds of leave and who is away.

use crate::engine::registry::Registry;

/// Declares the application.
pub(super) fn register(_registry: &mut Registry) {}
