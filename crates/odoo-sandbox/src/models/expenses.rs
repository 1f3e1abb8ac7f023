//! Expenses (module `hr_expense`): what employees spent, from receipt to reimbursement.
//!
//! The groups of approvers are declared with the people, whose application knows them too.

use crate::engine::{
    env::Env,
    error::Result,
    method::Target,
    model::Operation,
    record::Record,
    registry::{Module, Registry},
};

mod amounts;
mod approval;
mod category;
mod duplicate;
mod expense;
mod payment;
mod posting;
mod receipt;
mod refusal;
mod rights;

/// The model of this application.
const MODEL: &str = "hr.expense";

/// Those who approve for their own people.
const TEAM_APPROVER: &str = "hr_expense.group_hr_expense_team_approver";
/// Those who approve for everybody.
const ALL_APPROVER: &str = "hr_expense.group_hr_expense_user";
/// Those who may do everything here.
const MANAGER: &str = "hr_expense.group_hr_expense_manager";

/// Declares the application.
pub(super) fn register(registry: &mut Registry) {
    registry.add_module(Module {
        name: "hr_expense",
        label: "Expenses",
        version: "19.0.2.1",
    });
    category::register(registry);
    expense::register(registry);
    refusal::register(registry);
    duplicate::register(registry);
    posting::register(registry);
}

/// The expenses that a method is called on, which the caller must be allowed to read.
fn opened<'e>(env: &'e Env, target: &Target<'_>) -> Result<Vec<Record<'e>>> {
    let model = env.model(MODEL)?;
    env.check_access(model, Operation::Read)?;
    env.check_existing(model, target.ids)?;
    env.check_records(model, target.ids, Operation::Read)?;
    Ok(env.browse(MODEL, target.ids))
}
