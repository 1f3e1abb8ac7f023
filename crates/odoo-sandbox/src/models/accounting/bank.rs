//! Bank accounts of partners (`res.partner.bank`), and who may read and keep bank statements.

use serde_json::json;

use crate::engine::{
    model::{Model, Rule},
    registry::Registry,
};

use super::{INVOICE, READONLY, statement, statement_line};

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
    registry.add(statement::model(books(Model::new(
        statement::STATEMENT,
        "Bank Statement",
    ))));
    registry.add(statement_line::model(books(Model::new(
        statement_line::LINE,
        "Bank Statement Line",
    ))));
}

fn books(model: Model) -> Model {
    model
        .access(INVOICE, "r")
        .access(READONLY, "r")
        .access("account.group_account_basic", "rwcd")
}
