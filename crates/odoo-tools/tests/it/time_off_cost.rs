//! What questions about time off cost: calls to Odoo, and bytes.

use serde_json::{Value, json};

use crate::actors::{Actor, Company};

async fn calls(company: &Company, actor: &Actor, tool: &str, question: Value) -> usize {
    actor.call(tool, question.clone()).await;
    company.sandbox.reset_calls();
    actor.call(tool, question).await;
    company.sandbox.calls().len()
}

#[tokio::test]
async fn a_question_is_a_call() {
    let company = Company::open().await;
    let (emil, tara, rosa) = (
        company.actor("emil").await,
        company.actor("tara").await,
        company.actor("rosa").await,
    );
    for (actor, tool, question, expected) in [
        (&emil, "read_time_off", json!({}), 1),
        (&emil, "read_time_off", json!({"kind": "allocations"}), 1),
        // Absences, the days that requests name, and public holidays at the same time.
        (&rosa, "who_is_off", json!({}), 3),
        // What Odoo accounts for, what was taken of it, and when allocations end.
        (&emil, "time_off_balance", json!({}), 3),
        (&emil, "time_off_balance", json!({"as_of": "2026-12-31"}), 3),
        // Who is meant, and whether it is the user's business, comes first.
        (&tara, "time_off_balance", json!({"employee": "emil"}), 4),
        (&rosa, "time_off_balance", json!({"employee": "emil"}), 1),
        (&rosa, "time_off_balance", json!({}), 0),
        (
            &rosa,
            "request_time_off",
            json!({"type": "Unpaid", "date_from": "2026-12-01"}),
            0,
        ),
    ] {
        let made = calls(&company, actor, tool, question.clone()).await;
        assert_eq!(made, expected, "{tool} {question}");
    }
}

/// Both forms of an answer against what Odoo itself sends for the same fields.
#[tokio::test]
async fn answers_are_little_more_than_odoo_would_send() {
    let company = Company::open().await;
    let hanna = company.actor("hanna").await;
    let named = json!({"fields": {"display_name": {}}});
    let specification = json!({
        "employee_id": named, "holiday_status_id": named, "state": {}, "date_from": {}, "request_date_from": {},
        "request_date_to": {}, "request_unit_half": {}, "request_unit_hours": {}, "request_date_from_period": {},
        "request_date_to_period": {}, "request_hour_from": {}, "request_hour_to": {}, "number_of_days": {},
        "number_of_hours": {}, "name": {}, "department_id": named, "first_approver_id": named,
        "second_approver_id": named, "can_approve": {}, "can_validate": {}, "can_refuse": {}, "can_cancel": {},
        "company_id": named,
    });
    let direct: Value = company
        .client("hanna")
        .call("hr.leave", "web_search_read")
        .arg("domain", json!([]))
        .arg("specification", specification)
        .arg("order", "date_from desc, id desc")
        .arg("limit", 20)
        .read_only()
        .fetch()
        .await
        .unwrap();
    let ours = hanna.call("read_time_off", json!({})).await;
    let ours = ours.structured.to_string().len() + Value::from(ours.text).to_string().len();
    let direct = direct.to_string().len();
    assert!(ours * 10 <= direct * 12, "{ours} bytes against {direct}");
}
