//! Invoices, bills and what the books say. Everything is in the currency that stands beside it.

use crate::registry::RegistryBuilder;

mod document;
mod list_invoices;
mod pl_summary;
mod read_invoice;

/// Adds the tools of this folder.
pub(crate) fn register(registry: RegistryBuilder) -> RegistryBuilder {
    registry
        .tool::<list_invoices::ListInvoices>()
        .tool::<read_invoice::ReadInvoice>()
        .tool::<pl_summary::PlSummary>()
}
