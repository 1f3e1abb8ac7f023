//! Who may change, approve and take back an expense, and whom it goes to.

use crate::engine::{
    error::{OdooError, Result},
    record::Record,
};

use super::{ALL_APPROVER, MANAGER, TEAM_APPROVER};

/// Sets department and approver as the employee's record says; a new expense keeps the approver it was given.
pub(super) fn assign(expense: &Record<'_>, anew: bool) {
    let employee = expense.one("employee_id");
    let department = employee.and_then(|employee| employee.get("department_id").as_id());
    expense.set("department_id", department);
    if anew || expense.get("manager_id").is_empty() {
        expense.set("manager_id", responsible(expense));
    }
}

/// The approver: the employee's own, else who leads the department and approves, else the employee's manager.
pub(super) fn responsible(expense: &Record<'_>) -> Option<i64> {
    let employee = expense.one("employee_id")?;
    let own = employee.get("user_id").as_id();
    let another = |user: Option<i64>| user.filter(|user| Some(*user) != own);
    another(employee.get("expense_manager_id").as_id())
        .or_else(|| {
            let head = department_head(&employee);
            another(head).filter(|user| approves(expense, *user))
        })
        .or_else(|| employee.one("parent_id")?.get("user_id").as_id())
}

/// Whether the caller may change it.
pub(super) fn may_edit(expense: &Record<'_>) -> bool {
    let env = expense.env();
    let state = expense.text("state");
    if !matches!(state.as_str(), "draft" | "submitted" | "approved") && !env.is_sudo() {
        return false;
    }
    if env.is_sudo() || env.in_group(MANAGER) {
        return true;
    }
    let Some(employee) = expense.one("employee_id") else {
        return false;
    };
    if is_own(&employee) {
        return state == "draft";
    }
    env.in_group(ALL_APPROVER) || is_below(&employee) || is_named(expense, &employee)
}

/// Whether the caller may make it a draft again.
pub(super) fn may_reset(expense: &Record<'_>) -> bool {
    let env = expense.env();
    let Some(employee) = expense.one("employee_id") else {
        return false;
    };
    let early = matches!(expense.text("state").as_str(), "draft" | "submitted");
    env.companies().contains(&expense.int("company_id"))
        && (env.is_sudo()
            || env.in_group(ALL_APPROVER)
            || is_below(&employee)
            || employee.get("expense_manager_id").as_id() == Some(env.uid())
            || (early && is_own(&employee)))
}

/// Why the caller may not approve it, if so.
pub(super) fn why_not_approve(expense: &Record<'_>) -> Option<String> {
    let env = expense.env();
    if env.is_sudo() {
        return None;
    }
    let employee = expense.one("employee_id")?;
    let name = expense.text("name");
    if !env.companies().contains(&expense.int("company_id")) {
        return Some(format!(
            "{name}: Your are neither a Manager nor a HR Officer of this expense's company"
        ));
    }
    let named = employee.get("expense_manager_id").as_id() == Some(env.uid());
    if !env.in_group(TEAM_APPROVER) && !named {
        return Some(format!(
            "{name}: You are neither a Manager nor a HR Officer"
        ));
    }
    if env.in_group(MANAGER) {
        return None;
    }
    if is_own(&employee) {
        return Some(format!("{name}: It is your own expense"));
    }
    let responsible = is_named(expense, &employee) || is_below(&employee);
    (!responsible && !env.in_group(ALL_APPROVER))
        .then(|| format!("{name}: It is not from your department"))
}

/// Refuses unless the caller may approve all of them.
pub(super) fn check_approval(expenses: &[Record<'_>]) -> Result<()> {
    check(expenses, "approve")
}

/// Refuses unless the caller may refuse all of them.
pub(super) fn check_refusal(expenses: &[Record<'_>]) -> Result<()> {
    check(expenses, "refuse")
}

fn check(expenses: &[Record<'_>], verb: &str) -> Result<()> {
    let reasons: Vec<String> = expenses.iter().filter_map(why_not_approve).collect();
    if reasons.is_empty() {
        return Ok(());
    }
    let reasons = reasons.join("\n");
    Err(OdooError::user(format!("You cannot {verb}:\n {reasons}")))
}

fn is_own(employee: &Record<'_>) -> bool {
    employee.get("user_id").as_id() == Some(employee.env().uid())
}

/// Whether the caller is named as approver, of the employee or of the expense, or leads the department.
fn is_named(expense: &Record<'_>, employee: &Record<'_>) -> bool {
    let caller = Some(expense.env().uid());
    expense.get("manager_id").as_id() == caller
        || employee.get("expense_manager_id").as_id() == caller
        || department_head(employee) == caller
}

/// Whether the caller approves and stands above the employee, at any distance.
fn is_below(employee: &Record<'_>) -> bool {
    let env = employee.env();
    if !env.in_group(TEAM_APPROVER) || is_own(employee) {
        return false;
    }
    let mut above = employee.one("parent_id");
    // Odoo refuses a circle of managers; this many steps are more than any company has.
    for _ in 0..100 {
        let Some(manager) = above else {
            return false;
        };
        if is_own(&manager) {
            return true;
        }
        above = manager.one("parent_id");
    }
    false
}

fn department_head(employee: &Record<'_>) -> Option<i64> {
    let manager = employee.one("department_id")?.one("manager_id")?;
    manager.get("user_id").as_id()
}

fn approves(expense: &Record<'_>, user: i64) -> bool {
    expense.env().with_user(user).in_group(TEAM_APPROVER)
}
