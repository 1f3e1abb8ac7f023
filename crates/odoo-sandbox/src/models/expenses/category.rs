//! Categories of expenses, which are products, and what a company books expenses with.

use crate::engine::registry::Registry;

/// Adds what this application needs of products and companies.
pub(super) fn register(registry: &mut Registry) {
    registry.extend("product.product", |product| {
        product.fields(fields! {
            boolean("can_be_expensed").label("Expenses").help("Specify whether the product can be selected in an expense.");
            many2many("supplier_taxes_id", "account.tax").label("Purchase Taxes");
            many2one("property_account_expense_id", "account.account").label("Expense Account");
        })
    });
    registry.extend("res.company", |company| {
        company.fields(fields! {
            many2one("expense_account_id", "account.account").label("Expense Account");
            many2one("expense_journal_id", "account.journal").label("Default Expense Journal");
        })
    });
}
