//! What employees spent for the company, and how it is paid back.

use crate::registry::RegistryBuilder;

mod analysis;
mod category;
mod create_expense;
mod expense;
mod expense_analysis;
mod filter;
mod outcome;
mod own;
mod read_expenses;
mod row;
mod submit_expense;
mod upload_receipt;

/// The model of this domain.
const MODEL: &str = "hr.expense";

/// Adds the tools of this folder.
pub(crate) fn register(registry: RegistryBuilder) -> RegistryBuilder {
    registry
        .tool::<read_expenses::ReadExpenses>()
        .tool::<expense_analysis::ExpenseAnalysis>()
        .tool::<create_expense::CreateExpense>()
        .tool::<upload_receipt::UploadReceipt>()
        .tool::<submit_expense::SubmitExpense>()
}
