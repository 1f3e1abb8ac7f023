//! What employees spent for the company, and how it is paid back.

use crate::registry::RegistryBuilder;

/// Adds the tools of this folder.
pub(crate) fn register(registry: RegistryBuilder) -> RegistryBuilder {
    registry
}
