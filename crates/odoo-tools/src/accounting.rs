//! Invoices, bills and what the books say. Everything is in the currency that stands beside it.

use crate::registry::RegistryBuilder;

mod aged_balances;
mod balance_sheet;
mod bank_sync_status;
mod books;
mod create_bill_from_file;
mod document;
mod ledger_summary;
mod list_invoices;
mod pl_summary;
mod read_invoice;
mod read_transactions;
mod sections;
mod upload_invoice_attachment;

/// Adds the tools of this folder.
pub(crate) fn register(registry: RegistryBuilder) -> RegistryBuilder {
    registry
        .tool::<list_invoices::ListInvoices>()
        .tool::<read_invoice::ReadInvoice>()
        .tool::<pl_summary::PlSummary>()
        .tool::<balance_sheet::BalanceSheet>()
        .tool::<ledger_summary::LedgerSummary>()
        .tool::<aged_balances::AgedBalances>()
        .tool::<read_transactions::ReadTransactions>()
        .tool::<upload_invoice_attachment::UploadInvoiceAttachment>()
        .tool::<create_bill_from_file::CreateBillFromFile>()
        .tool::<bank_sync_status::BankSyncStatus>()
}
