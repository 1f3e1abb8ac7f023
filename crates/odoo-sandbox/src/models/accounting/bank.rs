//! Bank accounts of partners and bank statements (`res.partner.bank`, `account.bank.statement`,
//! `account.bank.statement.line`). Statement lines post no entries here.

use serde_json::json;

use crate::engine::{
    field::Field,
    model::{Model, Rule, own_companies},
    registry::Registry,
};

use super::journal::of_my_companies;
use super::{INVOICE, READONLY};

/// Declares the models.
pub(super) fn register(registry: &mut Registry) {
    registry.add(
        Model::new("res.partner.bank", "Bank Accounts")
            .order("sequence, id")
            .archivable()
            .rec_name("acc_number")
            .fields(fields! {
                char("acc_number").label("Account Number").required();
                char("acc_holder_name").label("Account Holder Name");
                many2one("partner_id", "res.partner").label("Account Holder").required();
                boolean("allow_out_payment").label("Send Money");
                integer("sequence").default(10);
                many2one("currency_id", "res.currency");
                many2one("company_id", "res.company");
            })
            .access("base.group_user", "r")
            .access("base.group_partner_manager", "rwcd")
            .multi_company()
            // The accounts of employees are for HR and for those who pay.
            .rule(Rule::of(&["base.group_user"], |_| {
                json!([["partner_id.employee", "=", false]])
            }))
            .rule(Rule::of(&[INVOICE], |_| json!([])))
            .rule(Rule::of(&["hr.group_hr_user"], |_| json!([]))),
    );
    registry.add(
        books(Model::new("account.bank.statement", "Bank Statement"))
            .order("date desc, id desc")
            .fields(statement())
            .rule(Rule::global(own_companies)),
    );
    registry.add(
        books(Model::new(
            "account.bank.statement.line",
            "Bank Statement Line",
        ))
        .order("date desc, id desc")
        .rec_name("payment_ref")
        .fields(statement_line())
        .rule(Rule::global(of_my_companies)),
    );
}

fn books(model: Model) -> Model {
    model
        .access(INVOICE, "r")
        .access(READONLY, "r")
        .access("account.group_account_basic", "rwcd")
}

fn statement() -> Vec<Field> {
    fields! {
        char("name").label("Reference");
        char("reference").label("External Reference");
        date("date");
        monetary("balance_start", "currency_id").label("Starting Balance");
        monetary("balance_end", "currency_id").label("Computed Balance");
        monetary("balance_end_real", "currency_id").label("Ending Balance");
        many2one("company_id", "res.company").related("journal_id.company_id").stored();
        many2one("currency_id", "res.currency").related("company_id.currency_id");
        many2one("journal_id", "account.journal");
        one2many("line_ids", "account.bank.statement.line", "statement_id").label("Statement lines");
        boolean("is_complete");
        boolean("is_valid").default(true);
    }
}

fn statement_line() -> Vec<Field> {
    fields! {
        many2one("move_id", "account.move").label("Journal Entry");
        many2one("journal_id", "account.journal").required();
        many2one("company_id", "res.company").related("journal_id.company_id").stored();
        many2one("statement_id", "account.bank.statement");
        integer("sequence").default(1);
        date("date").required().default_fn(|env| env.today().into());
        many2one("partner_id", "res.partner");
        char("partner_name");
        char("account_number").label("Bank Account Number");
        char("transaction_type");
        char("payment_ref").label("Label");
        many2one("currency_id", "res.currency").label("Journal Currency").related("company_id.currency_id");
        monetary("amount", "currency_id");
        monetary("running_balance", "currency_id").label("Running Balance").readonly();
        many2one("foreign_currency_id", "res.currency").label("Foreign Currency");
        monetary("amount_currency", "foreign_currency_id").label("Amount in Currency");
        float("amount_residual").label("Residual Amount").readonly();
        boolean("is_reconciled").label("Is Reconciled").readonly();
        selection("state", super::selections::STATES).label("Status").default("posted");
    }
}
