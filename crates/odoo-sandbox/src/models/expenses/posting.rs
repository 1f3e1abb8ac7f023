//! Booking approved expenses (`action_post`, `hr.expense.post.wizard`): what the employee paid becomes a receipt that the
//! company owes; what the company paid is booked as the payment it was (`payment`).

use jiff::civil::Date;
use serde_json::{Map, Value as Json, json};

use crate::engine::{
    cell::Cell,
    env::Env,
    error::{OdooError, Result},
    method::{Args, Target},
    model::{Model, Operation},
    record::Record,
    registry::Registry,
    write::vals,
};

use super::{MODEL, opened, payment, receipt};
use crate::models::accounting::INVOICE;

const WIZARD: &str = "hr.expense.post.wizard";

/// Declares the wizard.
pub(super) fn register(registry: &mut Registry) {
    registry.add(
        Model::new(WIZARD, "Expense Posting Wizard")
            .transient()
            .fields(fields! {
                many2one("company_id", "res.company").readonly().default_fn(|env| env.company().into());
                date("accounting_date").default_fn(|env| env.today().into());
                many2one("employee_journal_id", "account.journal").label("Journal").check_company().default_fn(journal);
            })
            .access(INVOICE, "rwcd")
            .action("action_post_entry", action_post_entry),
    );
}

/// The company's journal for expenses, else its first one for purchases.
fn journal(env: &Env) -> Cell {
    let own = env
        .record_of("res.company", env.company())
        .get("expense_journal_id")
        .as_id();
    let domain = json!([
        ["company_id", "=", env.company()],
        ["type", "=", "purchase"]
    ]);
    let first = || {
        let found = env.sudo().search("account.journal", &domain);
        found.unwrap_or_default().first().copied()
    };
    own.or_else(first).into()
}

/// Books what the company paid, and opens the wizard for what employees paid.
pub(super) fn action_post(env: &Env, target: &Target<'_>, _: &Args) -> Result<Json> {
    let expenses = opened(env, target)?;
    if expenses
        .iter()
        .any(|expense| !expense.is("state", "approved"))
    {
        return Err(OdooError::user(
            "You can only generate an accounting entry for approved expense(s).",
        ));
    }
    let (by_company, by_employee): (Vec<_>, Vec<_>) = expenses
        .into_iter()
        .partition(|expense| expense.is("payment_mode", "company_account"));
    let mut companies: Vec<i64> = by_employee
        .iter()
        .map(|expense| expense.int("company_id"))
        .collect();
    companies.dedup();
    if companies.len() > 1 {
        return Err(OdooError::user(
            "You can't post simultaneously employee-paid expenses belonging to different companies",
        ));
    }
    let mut paid = Vec::new();
    for expense in &by_company {
        paid.push(payment::book(env, expense)?);
    }
    if by_employee.is_empty() {
        return Ok(Json::Null);
    }
    open_wizard(env, &by_employee, &paid)
}

/// The action that opens the wizard; its context names the expenses.
fn open_wizard(env: &Env, expenses: &[Record<'_>], paid: &[i64]) -> Result<Json> {
    let wizard = env.create(WIZARD, Map::new())?;
    let mut context = env.context().clone();
    let ids: Vec<i64> = expenses.iter().map(Record::id).collect();
    let name = if paid.is_empty() {
        "Post expenses"
    } else {
        "Post expenses paid by the employee"
    };
    context.insert("company_paid_move_ids".into(), json!(paid));
    context.insert("active_ids".into(), json!(ids));
    Ok(json!({
        "type": "ir.actions.act_window", "name": name, "view_mode": "form", "views": [[false, "form"]],
        "res_model": WIZARD, "res_id": wizard, "target": "new", "context": context,
    }))
}

/// Makes and posts a receipt for each employee.
fn action_post_entry(env: &Env, target: &Target<'_>, _: &Args) -> Result<Json> {
    if !env.may(env.model("account.move")?, Operation::Create) {
        return Err(OdooError::user(
            "You don't have the rights to create accounting entries.",
        ));
    }
    let ids = listed(env, "active_ids");
    let mut made = Vec::new();
    for wizard in env.browse(target.model, target.ids) {
        made.extend(post(env, &wizard, &ids)?);
    }
    if !env.context().contains_key("company_paid_move_ids") {
        // Odoo's default for it is a tuple, which Python does not add to a list.
        return Err(OdooError::kind(
            "can only concatenate list (not \"tuple\") to list",
        ));
    }
    let reference = made
        .first()
        .map(|entry| env.record_of("account.move", *entry).text("ref"));
    made.extend(listed(env, "company_paid_move_ids"));
    let mut action = json!({ "type": "ir.actions.act_window", "res_model": "account.move" });
    if let [one] = made.as_slice() {
        action["name"] = json!(reference);
        action["view_mode"] = json!("form");
        action["res_id"] = json!(one);
    } else {
        action["name"] = json!("New expense entries");
        action["view_mode"] = json!("list,form");
        action["views"] = json!([[false, "list"], [false, "form"]]);
        action["domain"] = json!([["id", "in", made]]);
    }
    Ok(action)
}

fn listed(env: &Env, key: &str) -> Vec<i64> {
    let ids = env.key(key).and_then(Json::as_array).into_iter().flatten();
    ids.filter_map(Json::as_i64).collect()
}

fn post(env: &Env, wizard: &Record<'_>, expenses: &[i64]) -> Result<Vec<i64>> {
    let expenses = env.browse(MODEL, expenses);
    let mut employees: Vec<i64> = Vec::new();
    for expense in &expenses {
        let employee = expense.int("employee_id");
        if !employees.contains(&employee) {
            employees.push(employee);
        }
    }
    let journal = wizard.get("employee_journal_id").as_id();
    let mut made = Vec::new();
    for employee in employees {
        let of_employee: Vec<Record<'_>> = expenses
            .iter()
            .filter(|expense| expense.int("employee_id") == employee)
            .copied()
            .collect();
        let entry = receipt_values(env, &of_employee, &of_employee[0])?;
        let mut entry = vals(entry);
        entry.insert("journal_id".into(), json!(journal));
        let today = env.today();
        let day = wizard.date("accounting_date").unwrap_or(today);
        entry.insert("invoice_date".into(), json!(day.to_string()));
        let accounting = accounting_date(day, today).to_string();
        entry.insert("date".into(), json!(accounting));
        // There is no term of payment to compute another day from.
        entry.insert("invoice_date_due".into(), json!(today.to_string()));
        let entry = env.sudo().create("account.move", entry)?;
        link(env, &of_employee, entry)?;
        made.push(entry);
    }
    for entry in &made {
        env.sudo()
            .call("account.move", "action_post", &[*entry], Map::new())?;
    }
    if let Some(company) = wizard.one("company_id")
        && company.get("expense_journal_id").is_empty()
    {
        company.set("expense_journal_id", journal);
    }
    Ok(made)
}

/// The day on which something of `day` is booked: of an earlier month its last day, so that numbers follow each other.
fn accounting_date(day: Date, today: Date) -> Date {
    if (today.year(), today.month()) > (day.year(), day.month()) {
        day.last_of_month()
    } else {
        day.max(today)
    }
}

/// The receipt of one employee, of which `first` is the first expense.
fn receipt_values(env: &Env, expenses: &[Record<'_>], first: &Record<'_>) -> Result<Json> {
    let employee = first.one("employee_id");
    let name = employee.map_or_else(String::new, |employee| employee.text("name"));
    let card = employee.and_then(|employee| employee.get("work_contact_id").as_id());
    if card.is_none() {
        return Err(OdooError::user(format!(
            "No work contact found for the employee {name}, please configure one."
        )));
    }
    let reference = match expenses {
        [one] => one.text("name"),
        _ => format!("Expenses of {name}"),
    };
    let lines: Vec<Json> = expenses.iter().map(|expense| line(env, expense)).collect();
    Ok(json!({
        "ref": reference,
        "move_type": "in_receipt",
        "partner_id": card,
        "company_id": first.get("company_id").as_id(),
        "currency_id": first.get("company_currency_id").as_id(),
        "line_ids": lines,
    }))
}

fn line(_: &Env, expense: &Record<'_>) -> Json {
    let id = |field: &str| expense.get(field).as_id();
    json!([0, 0, {
        "name": label(expense),
        "account_id": id("account_id"),
        "quantity": expense.float("quantity"),
        "price_unit": expense.float("price_unit"),
        "product_id": id("product_id"),
        "product_uom_id": id("product_uom_id"),
        "expense_id": expense.id(),
        "tax_ids": [[6, 0, expense.ids("tax_ids")]],
    }])
}

/// "Emil Novak: Taxi to the airport".
pub(super) fn label(expense: &Record<'_>) -> String {
    let employee = expense.one("employee_id");
    let employee = employee.map_or_else(String::new, |employee| employee.text("name"));
    let name: String = expense
        .text("name")
        .lines()
        .next()
        .unwrap_or_default()
        .chars()
        .take(64)
        .collect();
    format!("{employee}: {name}")
}

/// Notes the entry on the expenses and copies their receipts to it.
pub(super) fn link(env: &Env, expenses: &[Record<'_>], entry: i64) -> Result<()> {
    let env = env.sudo();
    let mut last = None;
    for expense in expenses {
        expense.set("account_move_id", entry);
        let mut files = env.browse("ir.attachment", &receipt::of(expense));
        files.reverse();
        for file in files {
            let copy = json!({
                "name": file.text("name"), "datas": file.text("datas"), "mimetype": file.text("mimetype"),
                "res_model": "account.move", "res_id": entry,
            });
            last = Some(env.create("ir.attachment", vals(copy))?);
        }
    }
    if last.is_some() {
        env.record_of("account.move", entry)
            .set("message_main_attachment_id", last);
    }
    Ok(())
}
