//! From draft to decision: submitting, approving, refusing and taking back.

use serde_json::{Value as Json, json};

use crate::engine::{
    cell::Cell,
    env::Env,
    error::{OdooError, Result},
    method::{Args, Target},
    record::Record,
    write::vals,
};

use super::{MODEL, opened, rights};

/// Hands drafts in. Without anybody to approve, they are approved at once, if the caller may approve.
pub(super) fn action_submit(env: &Env, target: &Target<'_>, _: &Args) -> Result<Json> {
    let expenses = opened(env, target)?;
    for expense in &expenses {
        let own = env.user().get("employee_id") == expense.get("employee_id");
        if !own && rights::why_not_approve(expense).is_some() {
            return Err(OdooError::user(
                "You do not have the required permission to submit this expense.",
            ));
        }
        if expense.get("product_id").is_empty() {
            return Err(OdooError::user(
                "You can not submit an expense without a category.",
            ));
        }
        if expense.get("manager_id").is_empty() {
            expense.set("manager_id", rights::responsible(expense));
        }
    }
    let (unattended, attended): (Vec<_>, Vec<_>) = expenses
        .into_iter()
        .partition(|expense| needs_nobody(expense));
    let ids: Vec<i64> = attended.iter().map(Record::id).collect();
    env.write(MODEL, &ids, vals(json!({ "approval_state": "submitted" })))?;
    approve(env, &unattended)?;
    Ok(Json::Null)
}

/// Approves, or asks first where the same was handed in twice.
pub(super) fn action_approve(env: &Env, target: &Target<'_>, _: &Args) -> Result<Json> {
    let expenses = opened(env, target)?;
    rights::check_approval(&expenses)?;
    let mut alike: Vec<i64> = expenses
        .iter()
        .flat_map(|expense| expense.many("duplicate_expense_ids"))
        .filter(|other| !matches!(other.text("state").as_str(), "draft" | "refused"))
        .map(|other| other.id())
        .collect();
    alike.sort_unstable();
    alike.dedup();
    if alike.is_empty() {
        approve(env, &expenses)?;
        return Ok(Json::Null);
    }
    let context = json!({ "default_expense_ids": alike });
    let names = ("Validate Duplicate Expenses", "approve_duplicate");
    Ok(wizard(names, "hr.expense.approve.duplicate", &context))
}

/// Asks for the reason; nothing is refused yet.
pub(super) fn action_refuse(env: &Env, target: &Target<'_>, _: &Args) -> Result<Json> {
    rights::check_refusal(&opened(env, target)?)?;
    let names = ("Refuse Expense", "refuse_wizard");
    let context = json!("{'dialog_size': 'medium'}");
    Ok(wizard(names, "hr.expense.refuse.wizard", &context))
}

/// Makes drafts of them again.
pub(super) fn action_reset(env: &Env, target: &Target<'_>, _: &Args) -> Result<Json> {
    let expenses = opened(env, target)?;
    if !expenses.iter().all(rights::may_reset) {
        return Err(OdooError::user(
            "Only HR Officers, accountants, or the concerned employee can reset to draft.",
        ));
    }
    let entries: Vec<Record<'_>> = expenses
        .iter()
        .filter_map(|expense| expense.one("account_move_id"))
        .collect();
    if entries.iter().any(|entry| !entry.is("state", "draft")) {
        return Err(OdooError::user(
            "You cannot reset to draft an expense linked to a posted journal entry.",
        ));
    }
    for expense in &expenses {
        for field in ["approval_state", "approval_date", "account_move_id"] {
            expense.set(field, Cell::Empty);
        }
    }
    let entries: Vec<i64> = entries.iter().map(Record::id).collect();
    env.sudo().unlink("account.move", &entries)?;
    Ok(Json::Null)
}

/// Approves those that wait for it or are drafts, in the caller's name.
pub(super) fn approve(env: &Env, expenses: &[Record<'_>]) -> Result<()> {
    for expense in expenses {
        if !matches!(expense.text("state").as_str(), "submitted" | "draft") {
            continue;
        }
        let decided = json!({
            "approval_state": "approved",
            "manager_id": env.uid(),
            "approval_date": env.now().strftime("%Y-%m-%d %H:%M:%S").to_string(),
        });
        env.write(MODEL, &[expense.id()], vals(decided))?;
    }
    Ok(())
}

/// Whether there is nobody to approve it, or only the employee.
fn needs_nobody(expense: &Record<'_>) -> bool {
    let named = expense.get("manager_id").as_id();
    let Some(employee) = expense.one("employee_id") else {
        return false;
    };
    match named {
        None => employee.get("expense_manager_id").is_empty(),
        Some(manager) => employee.get("user_id").as_id() == Some(manager),
    }
}

/// The action that opens a wizard, in the long form in which Odoo keeps its actions.
fn wizard((name, action): (&str, &str), model: &str, context: &Json) -> Json {
    json!({
        "id": 0, "display_name": name, "name": name, "type": "ir.actions.act_window",
        "xml_id": format!("hr_expense.hr_expense_{action}_action"),
        "path": false, "help": false, "binding_model_id": false, "binding_type": "action",
        "binding_view_types": "list,form", "view_id": false, "domain": false, "context": context,
        "res_id": 0, "res_model": model, "target": "new", "view_mode": "form",
        "mobile_view_mode": "kanban", "views": [[false, "form"]], "limit": 80, "group_ids": [],
        "search_view_id": false, "embedded_action_ids": [], "filter": false, "cache": true,
    })
}
