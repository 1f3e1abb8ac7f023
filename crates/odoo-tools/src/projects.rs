//! Projects and their tasks.

use crate::registry::RegistryBuilder;

mod list_tasks;

/// Adds the tools of this folder.
pub(crate) fn register(registry: RegistryBuilder) -> RegistryBuilder {
    registry.tool::<list_tasks::ListTasks>()
}
