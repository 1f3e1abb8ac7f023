//! Categories and expenses: entered by employees, decided on by their approvers, booked and paid by the accountant.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Map, Value as Json, json};

use super::Load;
use crate::demo::{Expense, ExpenseStage, Spent};
use crate::engine::{env::Env, error::Result, write::vals};

/// Who books and pays.
const ACCOUNTANT: &str = "alice";

/// The account that expenses are booked on where a category has none of its own.
const GENERAL_ACCOUNT: &str = "600000";

/// Code, name, note, price of a unit and unit of the categories that Odoo brings along.
const CATEGORIES: [(&str, &str, &str, f64, &str); 6] = [
    (
        "FOOD",
        "Meals",
        "Restaurants, business lunches, etc.",
        0.0,
        "Units",
    ),
    (
        "TRANS & ACC",
        "Travel & Accommodation",
        "Hotel, plane ticket, taxi, etc.",
        0.0,
        "Units",
    ),
    ("MIL", "Mileage", "", 1.0, "km"),
    (
        "GIFT",
        "Gifts",
        "Gifts to customers or vendors",
        0.0,
        "Units",
    ),
    (
        "COMM",
        "Communication",
        "Phone bills, postage, etc.",
        0.0,
        "Units",
    ),
    ("EXP_GEN", "Expenses", "", 0.0, "Units"),
];

/// Loads them.
pub(super) fn load(load: &Load<'_>) -> Result<()> {
    for company in &load.demo.companies {
        let account = load.id_in("account", company.key, GENERAL_ACCOUNT)?;
        load.env.write(
            "res.company",
            &[load.id("company", company.key)?],
            vals(json!({ "expense_account_id": account })),
        )?;
    }
    categories(load)?;
    for expense in &load.demo.expenses {
        enter(load, expense)?;
    }
    Ok(())
}

fn categories(load: &Load<'_>) -> Result<()> {
    for (name, factor) in [("Units", 1.0), ("km", 1000.0)] {
        let values = json!({ "name": name, "relative_factor": factor, "factor": factor });
        load.create("unit", name, "uom.uom", values)?;
    }
    for (code, name, note, price, unit) in CATEGORIES {
        let values = json!({
            "name": name,
            "default_code": code,
            "description": if note.is_empty() { json!(false) } else { json!(format!("<p>{note}</p>")) },
            "standard_price": price,
            "type": "service",
            "uom_id": load.id("unit", unit)?,
            "can_be_expensed": true,
            // The one for the rest is the only one that may be sold.
            "sale_ok": code == "EXP_GEN",
        });
        load.create("category", code, "product.product", values)?;
    }
    Ok(())
}

/// Somebody at work in one company, past access checks: this is what happened, not a call.
fn acting(load: &Load<'_>, login: &str, company: &str) -> Result<Env> {
    let company = json!([load.id("company", company)?]);
    let user = load.env.with_user(load.id("user", login)?);
    Ok(user.sudo().with("allowed_company_ids", company))
}

/// One expense, as far as it has come.
fn enter(load: &Load<'_>, wanted: &Expense) -> Result<()> {
    let env = acting(load, wanted.entered_by, wanted.company)?;
    let id = load.create_in(
        &env,
        ("expense", wanted.key),
        "hr.expense",
        values(load, wanted)?,
    )?;
    attach(&env, id, wanted)?;
    let call = |env: &Env, method: &str| env.call("hr.expense", method, &[id], Map::new());
    if wanted.stage == ExpenseStage::Draft {
        return Ok(());
    }
    call(&env, "action_submit")?;
    let decider = acting(load, wanted.decided_by, wanted.company)?;
    let waits = decider.record_of("hr.expense", id).is("state", "submitted");
    match wanted.stage {
        ExpenseStage::Draft | ExpenseStage::Submitted => return Ok(()),
        ExpenseStage::Refused(reason) => return refuse(&decider, id, reason),
        _ if waits => call(&decider, "action_approve")?,
        _ => Json::Null,
    };
    if wanted.stage == ExpenseStage::Approved {
        return Ok(());
    }
    let accountant = acting(load, ACCOUNTANT, wanted.company)?;
    book(&accountant, id, wanted)?;
    if wanted.stage == ExpenseStage::Paid && !wanted.paid_by_company {
        pay(load, &accountant, id, wanted)?;
    }
    Ok(())
}

fn values(load: &Load<'_>, wanted: &Expense) -> Result<Json> {
    let mut values = json!({
        "name": wanted.name,
        "employee_id": load.id("employee", wanted.employee)?,
        "product_id": load.id("category", wanted.category)?,
        "date": wanted.date.to_string(),
        "payment_mode": if wanted.paid_by_company { "company_account" } else { "own_account" },
    });
    match wanted.spent {
        Spent::Own(cents) => values["total_amount_currency"] = json!(amount(cents)),
        Spent::Foreign(cents, code) => {
            values["total_amount_currency"] = json!(amount(cents));
            values["currency_id"] = json!(load.currency(code)?);
        }
        Spent::Units(count) => values["quantity"] = json!(count),
    }
    if let Some(tax) = wanted.tax {
        values["tax_ids"] = json!([[6, 0, [load.id_in("tax", wanted.company, tax)?]]]);
    }
    Ok(values)
}

fn attach(env: &Env, expense: i64, wanted: &Expense) -> Result<()> {
    let Some(receipt) = &wanted.receipt else {
        return Ok(());
    };
    let file = json!({
        "name": receipt.name,
        "mimetype": receipt.mimetype,
        "datas": STANDARD.encode(&receipt.bytes),
        "res_model": "hr.expense",
        "res_id": expense,
    });
    let file = env.create("ir.attachment", vals(file))?;
    let arguments = vals(json!({ "attachment_ids": [file] }));
    env.call("hr.expense", "attach_document", &[expense], arguments)
        .map(drop)
}

fn refuse(env: &Env, expense: i64, reason: &str) -> Result<()> {
    let wizard = json!({ "reason": reason, "expense_ids": [[6, 0, [expense]]] });
    let wizard = env.create("hr.expense.refuse.wizard", vals(wizard))?;
    let wizards = [wizard];
    env.call(
        "hr.expense.refuse.wizard",
        "action_refuse",
        &wizards,
        Map::new(),
    )
    .map(drop)
}

/// Books it on its own day: what an employee paid goes through the wizard.
fn book(env: &Env, expense: i64, wanted: &Expense) -> Result<()> {
    let opened = env.call("hr.expense", "action_post", &[expense], Map::new())?;
    let Some(wizard) = opened["res_id"].as_i64() else {
        return Ok(());
    };
    let day = json!({ "accounting_date": wanted.date.to_string() });
    env.write("hr.expense.post.wizard", &[wizard], vals(day))?;
    env.with("active_ids", json!([expense]))
        .with("company_paid_move_ids", json!([]))
        .call(
            "hr.expense.post.wizard",
            "action_post_entry",
            &[wizard],
            Map::new(),
        )?;
    // Without a term of payment it is due on the day on which it is booked.
    let entry = env.record_of("hr.expense", expense).get("account_move_id");
    let due = json!({ "invoice_date_due": wanted.due().to_string() });
    env.write("account.move", &[entry.as_int()], vals(due))
}

/// Pays it back from the bank, on the day it was booked.
fn pay(load: &Load<'_>, env: &Env, expense: i64, wanted: &Expense) -> Result<()> {
    let entry = env.record_of("hr.expense", expense).get("account_move_id");
    let env = env
        .with("active_model", "account.move")
        .with("active_ids", json!([entry.as_int()]));
    let values = json!({
        "payment_date": wanted.date.to_string(),
        "journal_id": load.id_in("journal", wanted.company, "BNK1")?,
    });
    let wizard = env.create("account.payment.register", vals(values))?;
    let wizards = [wizard];
    env.call(
        "account.payment.register",
        "action_create_payments",
        &wizards,
        Map::new(),
    )
    .map(drop)
}

/// Hundredths as Odoo writes money; the demo company's amounts are far below where this loses a cent.
#[expect(
    clippy::cast_precision_loss,
    reason = "amounts stay below 2^53 hundredths"
)]
fn amount(cents: i64) -> f64 {
    cents as f64 / 100.0
}
