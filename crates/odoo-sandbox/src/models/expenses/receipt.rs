//! Receipts, and what they give away: expenses made of files, and expenses that look alike.

use serde_json::{Value as Json, json};

use crate::engine::{
    env::Env,
    error::{OdooError, Result},
    method::{Args, Target},
    model::Operation,
    record::Record,
    write::vals,
};

use super::{MODEL, opened};

const FILE: &str = "ir.attachment";

/// The files of an expense, newest first.
pub(super) fn of(expense: &Record<'_>) -> Vec<i64> {
    hanging(expense, FILE, "res_model")
}

/// What was said about an expense, newest first.
pub(super) fn messages(expense: &Record<'_>) -> Vec<i64> {
    hanging(expense, "mail.message", "model")
}

fn hanging(expense: &Record<'_>, model: &str, link: &str) -> Vec<i64> {
    let domain = json!([[link, "=", MODEL], ["res_id", "=", expense.id()]]);
    expense
        .env()
        .sudo()
        .search(model, &domain)
        .unwrap_or_default()
}

/// The expenses with the same employee, category, day, amount and currency, itself among them; none if it is alone.
pub(super) fn duplicates(expense: &Record<'_>) -> Vec<i64> {
    if expense.get("product_id").is_empty() || expense.float("total_amount_currency") == 0.0 {
        return Vec::new();
    }
    let id = |field: &str| expense.get(field).as_id();
    let domain = json!([
        ["employee_id", "=", id("employee_id")],
        ["product_id", "=", id("product_id")],
        ["date", "=", expense.date("date").map(|day| day.to_string())],
        [
            "total_amount_currency",
            "=",
            expense.float("total_amount_currency")
        ],
        ["company_id", "=", id("company_id")],
        ["currency_id", "=", id("currency_id")],
    ]);
    let mut alike = expense
        .env()
        .sudo()
        .search(MODEL, &domain)
        .unwrap_or_default();
    alike.sort_unstable();
    if alike.len() > 1 { alike } else { Vec::new() }
}

/// The other expenses that a receipt of this one hangs on too, as far as the caller sees their files.
pub(super) fn with_the_same(expense: &Record<'_>) -> Vec<i64> {
    let env = expense.env();
    let checksums: Vec<String> = env
        .browse(FILE, &of(expense))
        .iter()
        .map(|file| file.text("checksum"))
        .collect();
    if checksums.is_empty() || !expense.get("split_expense_origin_id").is_empty() {
        return Vec::new();
    }
    let domain = json!([
        ["res_model", "=", MODEL],
        ["checksum", "in", checksums],
        ["res_id", "!=", expense.id()]
    ]);
    let files = env.search(FILE, &domain).unwrap_or_default();
    let mut found: Vec<i64> = env
        .browse(FILE, &files)
        .iter()
        .map(|file| file.int("res_id"))
        .collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// What hangs on expenses goes with them.
pub(super) fn remove(env: &Env, expenses: &[i64]) -> Result<()> {
    let env = env.sudo();
    for expense in env.browse(MODEL, expenses) {
        env.unlink(FILE, &of(&expense))?;
        env.unlink("mail.message", &messages(&expense))?;
    }
    Ok(())
}

/// Makes an uploaded file the main document.
pub(super) fn attach_document(env: &Env, target: &Target<'_>, args: &Args) -> Result<Json> {
    let expenses = opened(env, target)?;
    env.check_records(env.model(MODEL)?, target.ids, Operation::Write)?;
    if let Some(file) = args.ids("attachment_ids").last() {
        for expense in expenses {
            expense.set("message_main_attachment_id", *file);
        }
    }
    Ok(Json::Null)
}

/// A draft for each file, to be completed later.
pub(super) fn create_from_attachments(env: &Env, _: &Target<'_>, args: &Args) -> Result<Json> {
    let files = args.ids("attachment_ids");
    if files.is_empty() {
        return Err(OdooError::user("No attachment was provided"));
    }
    env.check_records(env.model(FILE)?, &files, Operation::Read)?;
    let files = env.browse(FILE, &files);
    if files
        .iter()
        .any(|file| file.int("res_id") != 0 || !file.is("res_model", MODEL))
    {
        return Err(OdooError::user("Invalid attachments!"));
    }
    let category = general_category(env)?;
    let mut made = Vec::new();
    for file in files {
        let today = env.today().strftime("%m/%d/%Y");
        let draft = json!({
            "name": format!("Untitled Expense {today}"),
            "price_unit": 0,
            "product_id": category,
        });
        let expense = env.create(MODEL, vals(draft))?;
        let place = json!({ "res_model": MODEL, "res_id": expense });
        env.write(FILE, &[file.id()], vals(place))?;
        env.record_of(MODEL, expense)
            .set("message_main_attachment_id", file.id());
        made.push(expense);
    }
    Ok(json!(made))
}

/// The category for what is not known yet.
fn general_category(env: &Env) -> Result<i64> {
    let categories = env.search("product.product", &json!([["can_be_expensed", "=", true]]))?;
    let general = env
        .browse("product.product", &categories)
        .into_iter()
        .find(|category| category.is("default_code", "EXP_GEN"));
    let category = general
        .map(|found| found.id())
        .or(categories.first().copied());
    category.ok_or_else(|| {
        OdooError::user(
            "You need to have at least one category that can be expensed in your database to proceed!",
        )
    })
}
