//! Colleagues: who they are and how to reach them.

use crate::registry::RegistryBuilder;

mod search_employees;

/// Adds the tools of this folder.
pub(crate) fn register(registry: RegistryBuilder) -> RegistryBuilder {
    registry.tool::<search_employees::SearchEmployees>()
}
