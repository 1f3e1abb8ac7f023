//! Writes of expenses that Odoo breaks off: what was done is told, and is not done again.

use std::sync::atomic::{AtomicBool, Ordering};

use odoo_tools::Registry;
use serde_json::{Map, Value, json};

use crate::actors;
use crate::expenses_write::pdf;
use crate::scripted::{Reply, ScriptedOdoo, odoo_error};

/// An Odoo that does not answer these calls, and others as if all went well.
fn broken(broken: &'static [&'static str]) -> ScriptedOdoo {
    let written = AtomicBool::new(false);
    ScriptedOdoo::new(move |call, _| {
        // Only what comes after the first effect.
        let after = written.load(Ordering::SeqCst);
        if broken.contains(&call) && (after || call != "hr.expense/web_search_read") {
            return Some(odoo_error(
                500,
                "psycopg2.OperationalError",
                "no connection",
            ));
        }
        if call.ends_with("/create") || call.ends_with("/action_submit") {
            written.store(true, Ordering::SeqCst);
        }
        answer(call)
    })
}

fn answer(call: &str) -> Option<Reply> {
    let body = match call {
        "ir.model/get_available_models" => {
            json!([{"model": "hr.expense", "display_name": "Expense"}])
        }
        "product.product/web_search_read" => json!({"length": 1, "records": [{
            "id": 5, "name": "Meals", "default_code": "FOOD", "standard_price": 0.0, "uom_id": false,
        }]}),
        "hr.expense/web_search_read" => json!({"length": 1, "records": [expense()]}),
        "hr.expense/create" | "hr.expense/create_expense_from_attachments" => json!([77]),
        "ir.attachment/create" => json!([88]),
        "hr.expense/has_access" => json!(true),
        _ => return None,
    };
    Some((200, body))
}

fn expense() -> Value {
    let named = |id: i64, name: &str| json!({"id": id, "display_name": name});
    json!({
        "id": 77, "name": "Lunch", "state": "draft", "date": "2026-11-18",
        "employee_id": named(3, "Alice Marchetti"), "product_id": named(5, "Meals"),
        "product_has_cost": false, "total_amount_currency": 5.0, "currency_id": named(2, "USD"),
        "total_amount": 5.0, "company_currency_id": named(2, "USD"), "payment_mode": "own_account",
        "nb_attachment": 0, "manager_id": false, "company_id": named(1, "Larkspur Instruments"),
        "department_id": false, "quantity": 1.0, "product_uom_id": false, "price_unit": 5.0,
        "tax_ids": [], "tax_amount_currency": 0.0, "untaxed_amount_currency": 5.0,
        "vendor_id": false, "description": false, "account_id": false, "approval_date": false,
        "account_move_id": false, "amount_residual": 0.0, "message_main_attachment_id": false,
        "duplicate_expense_ids": [], "same_receipt_expense_ids": [], "is_editable": true,
        "can_approve": false, "can_reset": false, "attachment_ids": [], "message_ids": [],
    })
}

/// What is told of a call whose later calls to Odoo break, and how many calls a repetition makes.
async fn told(odoo: ScriptedOdoo, tool: &str, arguments: Value) -> String {
    let user = odoo.session().await;
    let registry = Registry::standard();
    let arguments: Map<String, Value> = serde_json::from_value(arguments).unwrap();
    let ask = || actors::call(&registry, &user, tool, arguments.clone());
    let first = ask().await.unwrap();
    odoo.take_calls();
    ask().await.unwrap();
    assert!(odoo.take_calls().is_empty(), "{tool} was done again");
    first.text + "\n"
}

fn lunch() -> Value {
    json!({"name": "Lunch", "category": "meals", "amount": 5})
}

#[tokio::test]
async fn a_draft_that_cannot_be_read_is_told_with_its_id() {
    let odoo = broken(&["hr.expense/web_search_read"]);
    insta::assert_snapshot!(told(odoo, "create_expense", lunch()).await, @r"
    error: partly_done
    message: draft 77 was made; then: Odoo cannot be reached at the moment
    next_step: Look at it with read_expenses and its `id`.
    ");
}

#[tokio::test]
async fn handing_in_that_cannot_be_read_is_told() {
    let odoo = broken(&["hr.expense/web_search_read"]);
    insta::assert_snapshot!(told(odoo, "submit_expense", json!({"id": 77})).await, @r"
    error: partly_done
    message: Odoo took expense 77 in; then: Odoo cannot be reached at the moment
    next_step: Look with read_expenses and its `id` where it stands now.
    ");
}

#[tokio::test]
async fn a_receipt_that_is_not_shown_first_is_told_with_its_id() {
    let receipt = json!({"id": 77, "file_name": "a.pdf", "content": pdf()});
    let odoo = broken(&["ir.attachment/register_as_main_attachment"]);
    let mut said = told(odoo, "upload_receipt", receipt.clone()).await;
    let odoo = broken(&["hr.expense/web_search_read"]);
    said += &told(odoo, "upload_receipt", receipt).await;
    insta::assert_snapshot!(said, @r"
    error: partly_done
    message: the file hangs on expense 77 as attachment 88; then: the connection to Odoo broke before its answer came; the change may have been made
    next_step: Only that it is shown beside the expense is not certain; look at it in Odoo.
    error: partly_done
    message: the file was added to expense 77; then: Odoo cannot be reached at the moment
    next_step: Look at it with read_expenses and its `id`.
    ");
}

#[tokio::test]
async fn a_file_that_became_half_a_draft_is_told_with_its_id() {
    let file = json!({"file_name": "a.pdf", "content": pdf()});
    let mut said = String::new();
    for calls in [
        &["hr.expense/write"][..],
        &["hr.expense/web_search_read"],
        &[
            "hr.expense/create_expense_from_attachments",
            "ir.attachment/unlink",
        ],
    ] {
        said += &told(broken(calls), "upload_receipt", file.clone()).await;
    }
    insta::assert_snapshot!(said, @r"
    error: partly_done
    message: draft 77 was made of the file; then: the connection to Odoo broke before its answer came; the change may have been made
    next_step: Fill it in with create_expense and `draft_id` 77, its date included.
    error: partly_done
    message: draft 77 was made; then: Odoo cannot be reached at the moment
    next_step: Look at it with read_expenses and its `id`.
    error: partly_done
    message: the file is in Odoo as attachment 88, and may hang on no expense; then: the connection to Odoo broke before its answer came; the change may have been made
    next_step: Look with read_expenses, employee me, before anything is repeated.
    ");
}
