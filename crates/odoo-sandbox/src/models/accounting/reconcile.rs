//! The records of matches (`account.partial.reconcile`, `account.full.reconcile`).

use crate::engine::{field::Field, model::Model, registry::Registry};

use super::{INVOICE, READONLY};

/// Declares the models.
pub(super) fn register(registry: &mut Registry) {
    registry.add(
        Model::new("account.partial.reconcile", "Partial Reconcile")
            .fields(partial())
            .access(INVOICE, "rwcd")
            .access(READONLY, "r")
            .access("account.group_account_user", "rwcd"),
    );
    registry.add(
        Model::new("account.full.reconcile", "Full Reconcile")
            .fields(fields! {
                one2many("partial_reconcile_ids", "account.partial.reconcile", "full_reconcile_id").label("Reconciliation Parts");
                one2many("reconciled_line_ids", "account.move.line", "full_reconcile_id").label("Matched Journal Items");
            })
            .access(INVOICE, "rwcd")
            .access(READONLY, "r")
            .access("account.group_account_user", "rwcd"),
    );
}

fn partial() -> Vec<Field> {
    fields! {
        many2one("debit_move_id", "account.move.line").label("Debit Move").required();
        many2one("credit_move_id", "account.move.line").label("Credit Move").required();
        many2one("full_reconcile_id", "account.full.reconcile").label("Full Reconcile");
        monetary("amount", "company_currency_id");
        monetary("debit_amount_currency", "debit_currency_id");
        monetary("credit_amount_currency", "credit_currency_id");
        many2one("company_id", "res.company").related("debit_move_id.company_id").stored().editable();
        many2one("company_currency_id", "res.currency").label("Company Currency").related("debit_move_id.company_currency_id");
        many2one("debit_currency_id", "res.currency").label("Currency of the debit journal item.").related("debit_move_id.currency_id").stored();
        many2one("credit_currency_id", "res.currency").label("Currency of the credit journal item.").related("credit_move_id.currency_id").stored();
        date("max_date").label("Max Date of Matched Lines").readonly();
    }
}
