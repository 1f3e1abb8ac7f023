//! Accounting: journals, accounts, taxes, entries, payments and how they are matched (modules `account`, `analytic`).
//!
//! Journal items are computed from what a person enters, in the way Odoo does it; see `document`. Bank feeds, reports and
//! electronic invoicing are not part of it.

use crate::engine::registry::{Group, Module, Registry};

use super::{INTERNAL, group};

mod account;
mod bank;
mod currency;
mod document;
mod journal;

mod journal_entry;
mod journal_item;
mod matching;
pub(crate) mod numbering;
mod partner;
mod payment;
mod payment_register;
mod posting;
mod reconcile;
mod selections;
mod settlement;
mod statement;
mod statement_entry;
mod statement_line;
mod tax;
mod tax_totals;
mod upload;

pub(super) use journal::of_my_companies;

/// Those who may read the books.
pub(super) const READONLY: &str = "account.group_account_readonly";
/// Those who enter invoices and payments.
pub(super) const INVOICE: &str = "account.group_account_invoice";
/// Those who may configure accounts, journals and taxes.
pub(super) const MANAGER: &str = "account.group_account_manager";
/// Approvers of expenses see the entries made of expenses, and nothing else of the books.
pub(super) const EXPENSE_APPROVER: &str = "hr_expense.group_hr_expense_team_approver";

/// Declares the application.
pub(super) fn register(registry: &mut Registry) {
    registry.add_module(Module {
        name: "account",
        label: "Invoicing",
        version: "19.0.1.4",
    });
    registry.add_module(Module {
        name: "analytic",
        label: "Analytic Accounting",
        version: "19.0.1.2",
    });
    GROUPS
        .into_iter()
        .for_each(|group| registry.add_group(group));
    currency::register(registry);
    account::register(registry);
    journal::register(registry);
    tax::register(registry);
    partner::register(registry);
    bank::register(registry);
    journal_entry::register(registry);
    journal_item::register(registry);
    reconcile::register(registry);
    payment::register(registry);
    payment_register::register(registry);
}

const GROUPS: [Group; 7] = [
    group(INVOICE, "Accounting", "Invoicing", INTERNAL),
    group(MANAGER, "Accounting", "Administrator", &[INVOICE]),
    group(
        READONLY,
        "",
        "Show Accounting Features - Readonly",
        INTERNAL,
    ),
    group("account.group_account_basic", "", "Basic", &[INVOICE]),
    group(
        "account.group_account_user",
        "",
        "Show Full Accounting Features",
        &["account.group_account_basic", READONLY],
    ),
    group(
        "account.group_validate_bank_account",
        "Bank",
        "Validate bank account",
        &[],
    ),
    group(
        "analytic.group_analytic_accounting",
        "",
        "Analytic Accounting",
        &[],
    ),
];
