//! Approving or refusing what looks as if it were handed in twice (`hr.expense.approve.duplicate`).

use serde_json::{Value as Json, json};

use crate::engine::{
    env::Env,
    error::Result,
    method::{Args, Target},
    model::Model,
    record::Record,
    registry::Registry,
};

use super::{TEAM_APPROVER, approval, refusal, rights};

/// Declares the wizard.
pub(super) fn register(registry: &mut Registry) {
    registry.add(
        Model::new("hr.expense.approve.duplicate", "Expense Approve Duplicate")
            .transient()
            .fields(fields! {
                many2many("expense_ids", "hr.expense").readonly();
            })
            .access(TEAM_APPROVER, "rwc")
            .action("action_approve", action_approve)
            .action("action_refuse", action_refuse),
    );
}

fn action_approve(env: &Env, target: &Target<'_>, _: &Args) -> Result<Json> {
    for wizard in env.browse(target.model, target.ids) {
        let waiting = waiting(&wizard);
        rights::check_approval(&waiting)?;
        approval::approve(env, &waiting)?;
    }
    Ok(json!({ "type": "ir.actions.act_window_close" }))
}

fn action_refuse(env: &Env, target: &Target<'_>, _: &Args) -> Result<Json> {
    for wizard in env.browse(target.model, target.ids) {
        refusal::refuse(env, &waiting(&wizard), "Duplicate Expense")?;
    }
    Ok(json!({ "type": "ir.actions.act_window_close" }))
}

fn waiting<'e>(wizard: &Record<'e>) -> Vec<Record<'e>> {
    let mut expenses = wizard.many("expense_ids");
    expenses.retain(|expense| expense.is("state", "submitted"));
    expenses
}
