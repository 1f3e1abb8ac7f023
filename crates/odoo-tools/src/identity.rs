//! Who is asking, and for which companies.

use crate::registry::RegistryBuilder;

mod list_companies;
mod whoami;

/// Adds the tools of this folder.
pub(crate) fn register(registry: RegistryBuilder) -> RegistryBuilder {
    registry
        .tool::<whoami::WhoAmI>()
        .tool::<list_companies::ListCompanies>()
}
