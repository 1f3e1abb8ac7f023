//! Leave: requests, allocations, balances and who is away.

use crate::registry::RegistryBuilder;

/// Adds the tools of this folder.
pub(crate) fn register(registry: RegistryBuilder) -> RegistryBuilder {
    registry
}
