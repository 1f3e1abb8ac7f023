//! What answers cost: calls to Odoo, and bytes against what Odoo itself would have answered.

use serde_json::{Value, json};

use crate::actors::{Actor, Company};

/// The calls to Odoo of the second run of a tool, when its metadata are known.
async fn calls(company: &Company, actor: &Actor, tool: &str, question: &Value) -> Vec<String> {
    actor.ask(tool, question.clone()).await;
    company.sandbox.reset_calls();
    actor.ask(tool, question.clone()).await;
    company
        .sandbox
        .calls()
        .into_iter()
        .map(|call| call.path)
        .collect()
}

#[tokio::test]
async fn every_read_tool_makes_one_call() {
    let company = Company::open().await;
    let alice = company.actor("alice").await;
    let list = alice.ask("list_invoices", json!({"limit": 1})).await;
    let invoice = json!({"id": list["records"][0]["id"]});
    let mut made = String::new();
    for (tool, question) in [
        ("whoami", json!({})),
        ("list_companies", json!({})),
        ("list_invoices", json!({"overdue": true})),
        ("read_invoice", invoice),
        (
            "pl_summary",
            json!({"period": "this_year", "columns": "quarters"}),
        ),
        ("search_employees", json!({"text": "emil"})),
        ("list_tasks", json!({"assignee": "me"})),
    ] {
        made += &format!(
            "{tool}: {}\n",
            calls(&company, &alice, tool, &question).await.join(" ")
        );
    }
    insta::assert_snapshot!(made, @r"
    whoami: /json/2/res.users.apikeys/web_search_read
    list_companies: /json/2/res.company/web_search_read
    list_invoices: /json/2/account.move/web_search_read
    read_invoice: /json/2/account.move/web_search_read
    pl_summary: /json/2/account.move.line/formatted_read_group
    search_employees: /json/2/hr.employee.public/web_search_read
    list_tasks: /json/2/project.task/web_search_read
    ");
    // A comparison is a second question, asked at the same time.
    let compared = json!({"compare": "previous_year"});
    assert_eq!(
        calls(&company, &alice, "pl_summary", &compared).await.len(),
        2
    );
}

/// Both forms of the answer together, against the bytes of one direct call for the same fields.
#[tokio::test]
async fn twenty_invoices_are_little_more_than_odoo_would_send() {
    let company = Company::open().await;
    let alice = company.actor("alice").await;
    let named = json!({"fields": {"display_name": {}}});
    let specification = json!({
        "name": {}, "move_type": {}, "partner_id": named, "invoice_date": {}, "invoice_date_due": {},
        "amount_total": {}, "amount_residual": {}, "currency_id": named, "state": {},
        "payment_state": {}, "ref": {}, "company_id": named,
    });
    let client = company.client("alice");
    for (question, companies) in [(json!({}), vec![1, 2]), (json!({"company_id": 1}), vec![1])] {
        let direct: Value = client
            .call("account.move", "web_search_read")
            .arg(
                "domain",
                json!([["move_type", "!=", "entry"], ["state", "!=", "cancel"]]),
            )
            .arg("specification", specification.clone())
            .arg("order", "invoice_date desc, id desc")
            .arg("limit", 20)
            .context(odoo_json2::Context::new().companies(companies))
            .read_only()
            .fetch()
            .await
            .unwrap();
        let ours = alice.call("list_invoices", question).await;
        // The text travels as a JSON string, with its line breaks escaped.
        let ours = ours.structured.to_string().len() + Value::from(ours.text).to_string().len();
        let direct = direct.to_string().len();
        assert!(ours * 10 <= direct * 12, "{ours} bytes against {direct}");
    }
}
