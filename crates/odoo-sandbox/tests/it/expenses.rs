//! Expenses in the hands of employees, approvers and the accountant.

use odoo_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::actor::{Actor, sandbox, shared};

/// A sandbox of its own with its people: an employee, the approver and the accountant.
async fn office() -> (Sandbox, Actor, Actor, Actor) {
    let running = sandbox().start().await.expect("a sandbox");
    let [emil, tara, alice] = ["emil", "tara", "alice"].map(|login| Actor::of(&running, login));
    (running, emil, tara, alice)
}

async fn category(actor: &Actor, code: &str) -> Value {
    let domain = json!([["default_code", "=", code]]);
    let found = actor
        .call("product.product/search", json!({ "domain": domain }))
        .await;
    found[0].clone()
}

/// A new expense on travel of this much.
async fn draft(actor: &Actor, amount: f64, more: Value) -> Value {
    let mut values = json!({
        "name": "Taxi", "product_id": category(actor, "TRANS & ACC").await,
        "total_amount_currency": amount,
    });
    for (field, value) in more.as_object().expect("fields") {
        values[field] = value.clone();
    }
    let made = actor
        .call("hr.expense/create", json!({ "vals_list": [values] }))
        .await;
    made[0].clone()
}

async fn read(actor: &Actor, id: &Value, fields: &[&str]) -> Value {
    let body = json!({ "ids": [id], "fields": fields, "load": null });
    let row = actor.call("hr.expense/read", body).await[0].clone();
    fields.iter().map(|field| row[*field].clone()).collect()
}

async fn act(actor: &Actor, method: &str, id: &Value) -> Value {
    let path = format!("hr.expense/{method}");
    actor.call(&path, json!({ "ids": [id] })).await
}

/// Books an approved expense through the wizard; gives its entry.
async fn book(alice: &Actor, id: &Value) -> Value {
    let context = json!({ "allowed_company_ids": [1] });
    let body = json!({ "ids": [id], "context": context });
    let opened = alice.call("hr.expense/action_post", body).await;
    assert_eq!(opened["res_model"], "hr.expense.post.wizard");
    let body = json!({ "ids": [opened["res_id"]], "context": opened["context"] });
    let done = alice
        .call("hr.expense.post.wizard/action_post_entry", body)
        .await;
    done["res_id"].clone()
}

#[tokio::test]
async fn an_expense_is_handed_in_approved_booked_and_paid() {
    let (_running, emil, tara, alice) = office().await;
    let id = draft(&emil, 42.5, json!({ "date": "2026-11-02" })).await;
    act(&emil, "action_submit", &id).await;
    assert_eq!(
        read(&emil, &id, &["state", "is_editable"]).await,
        json!(["submitted", false])
    );
    act(&tara, "action_approve", &id).await;
    assert_eq!(
        read(&emil, &id, &["state", "can_reset"]).await,
        json!(["approved", false])
    );
    let entry = book(&alice, &id).await;
    let told = read(
        &alice,
        &id,
        &["state", "account_move_id", "amount_residual"],
    )
    .await;
    assert_eq!(told, json!(["posted", entry, 42.5]));
    let context = json!({ "allowed_company_ids": [1], "active_model": "account.move", "active_ids": [entry] });
    let wizard = json!({ "vals_list": [{}], "context": context });
    let wizard = alice.call("account.payment.register/create", wizard).await;
    let pay = json!({ "ids": wizard, "context": context });
    alice
        .call("account.payment.register/action_create_payments", pay)
        .await;
    assert_eq!(
        read(&emil, &id, &["state", "amount_residual"]).await,
        json!(["paid", 0.0])
    );
}

#[tokio::test]
async fn a_receipt_has_its_tax_inside() {
    let (_running, emil, tara, alice) = office().await;
    let domain = json!([
        ["type_tax_use", "=", "purchase"],
        ["amount", "=", 15],
        ["company_id", "=", 1]
    ]);
    let tax = alice
        .call("account.tax/search", json!({ "domain": domain }))
        .await;
    let id = draft(&emil, 115.0, json!({ "tax_ids": [[6, 0, tax]] })).await;
    let amounts = ["total_amount", "untaxed_amount", "tax_amount", "price_unit"];
    assert_eq!(
        read(&emil, &id, &amounts).await,
        json!([115.0, 100.0, 15.0, 115.0])
    );
    act(&emil, "action_submit", &id).await;
    act(&tara, "action_approve", &id).await;
    let entry = book(&alice, &id).await;
    let body = json!({
        "ids": [entry], "fields": ["move_type", "amount_untaxed", "amount_tax", "amount_total", "state"],
    });
    let entry = alice.call("account.move/read", body).await[0].clone();
    insta::assert_snapshot!(
        format!("{} {} {} {} {}", entry["move_type"], entry["amount_untaxed"], entry["amount_tax"],
            entry["amount_total"], entry["state"]),
        @r#""in_receipt" 100.0 15.0 115.0 "posted""#
    );
}

#[tokio::test]
async fn what_the_company_paid_is_paid_as_soon_as_it_is_booked() {
    let (_running, emil, tara, alice) = office().await;
    let by_company = json!({ "payment_mode": "company_account", "currency_id": 2 });
    let id = draft(&emil, 92.0, by_company).await;
    assert_eq!(
        read(&emil, &id, &["total_amount", "currency_rate"]).await,
        json!([100.0, 1.086956522])
    );
    act(&emil, "action_submit", &id).await;
    act(&tara, "action_approve", &id).await;
    assert_eq!(act(&alice, "action_post", &id).await, Value::Null);
    assert_eq!(read(&alice, &id, &["state"]).await, json!(["paid"]));
    let refused = alice
        .refused("hr.expense/action_reset", json!({ "ids": [id] }))
        .await;
    insta::assert_json_snapshot!(refused, @r#"
    [
      422,
      "odoo.exceptions.UserError",
      "Only HR Officers, accountants, or the concerned employee can reset to draft."
    ]
    "#);
}

#[tokio::test]
async fn what_was_handed_in_twice_is_asked_about() {
    let (_running, emil, tara, _) = office().await;
    let (first, second) = (
        draft(&emil, 7.0, json!({})).await,
        draft(&emil, 7.0, json!({})).await,
    );
    act(&emil, "action_submit", &first).await;
    act(&emil, "action_submit", &second).await;
    let asked = act(&tara, "action_approve", &first).await;
    assert_eq!(asked["res_model"], "hr.expense.approve.duplicate");
    assert_eq!(
        asked["context"]["default_expense_ids"],
        json!([first, second])
    );
    assert_eq!(read(&tara, &first, &["state"]).await, json!(["submitted"]));
    let wizard = json!({ "vals_list": [{ "expense_ids": [[6, 0, [first, second]]] }] });
    let wizard = tara
        .call("hr.expense.approve.duplicate/create", wizard)
        .await;
    let done = json!({ "ids": wizard });
    tara.call("hr.expense.approve.duplicate/action_approve", done)
        .await;
    assert_eq!(read(&tara, &second, &["state"]).await, json!(["approved"]));
}

#[tokio::test]
async fn a_refusal_is_told_with_its_reason() {
    let (_running, emil, tara, _) = office().await;
    let id = draft(&emil, 7.0, json!({})).await;
    act(&emil, "action_submit", &id).await;
    let wizard =
        json!({ "vals_list": [{ "reason": "Not <ours>", "expense_ids": [[6, 0, [id]]] }] });
    let wizard = tara.call("hr.expense.refuse.wizard/create", wizard).await;
    tara.call(
        "hr.expense.refuse.wizard/action_refuse",
        json!({ "ids": wizard }),
    )
    .await;
    assert_eq!(
        read(&emil, &id, &["state", "can_reset"]).await,
        json!(["refused", false])
    );
    let domain = json!([["model", "=", "hr.expense"], ["res_id", "=", id]]);
    let told = emil
        .call(
            "mail.message/search_read",
            json!({ "domain": domain, "fields": ["body"] }),
        )
        .await;
    let body = told[0]["body"].as_str().expect("a message");
    assert!(body.contains("<li>Reason: Not &lt;ours&gt;</li>"), "{body}");
}

#[tokio::test]
async fn everybody_sees_their_share() {
    let mut seen = String::new();
    for login in ["emil", "hanna", "tara", "alice", "ada", "rosa"] {
        let count = shared(login)
            .call("hr.expense/search_count", json!({ "domain": [] }))
            .await;
        seen += &format!("{login} {count}\n");
    }
    insta::assert_snapshot!(seen, @r"
    emil 8
    hanna 3
    tara 15
    alice 31
    ada 31
    rosa 0
    ");
}

#[tokio::test]
async fn the_approver_sees_entries_of_expenses_only() {
    let tara = shared("tara");
    let all = tara
        .call("account.move/search_count", json!({ "domain": [] }))
        .await;
    let domain = json!([["expense_ids", "!=", false]]);
    let of_expenses = tara
        .call("account.move/search_count", json!({ "domain": domain }))
        .await;
    assert_eq!(all, of_expenses);
    assert!(all.as_i64() > Some(0));
}
