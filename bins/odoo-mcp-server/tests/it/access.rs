//! Who may do what, over HTTP: no token, another's session, a plain employee at the books.

use insta::assert_snapshot;
use reqwest::StatusCode;
use serde_json::json;

use crate::person::{Person, names};
use crate::program::Company;

#[tokio::test]
async fn without_a_token_there_is_a_challenge_and_nothing_else() {
    let company = Company::open().await;
    let stranger = Person::stranger(&company.url);
    for reply in [stranger.initialize().await, stranger.list_tools().await] {
        assert_eq!(reply.status, StatusCode::UNAUTHORIZED);
        assert!(
            reply.header("www-authenticate").starts_with("Bearer"),
            "{reply:?}"
        );
        assert!(reply.header("mcp-session-id").is_empty());
    }
    let wrong = Person::with_token(&company.url, "omcp_at_wrong")
        .initialize()
        .await;
    assert_eq!(wrong.status, StatusCode::UNAUTHORIZED);
    assert!(
        wrong
            .header("www-authenticate")
            .contains("error=\"invalid_token\""),
        "{wrong:?}"
    );
    assert_eq!(company.sandbox.calls().len(), 0, "Odoo was not even asked");
}

#[tokio::test]
async fn the_pages_beside_mcp_need_no_token_and_say_little() {
    let company = Company::open().await;
    let stranger = Person::stranger(&company.url);
    let health = stranger.get("/healthz").await;
    assert_eq!(health.status, StatusCode::OK);
    assert_eq!(
        health.json(),
        json!({ "status": "ok", "version": env!("CARGO_PKG_VERSION") })
    );
    let home = stranger.get("/").await;
    assert_eq!(
        (home.status, home.text.contains("/mcp")),
        (StatusCode::OK, true)
    );
    assert_ne!(stranger.get("/anything").await.status, StatusCode::OK);
}

#[tokio::test]
async fn everyone_sees_the_tools_of_their_role() {
    let company = Company::open().await;
    let mut seen = Vec::new();
    for login in company.logins() {
        seen.push(format!(
            "{login}: {}",
            company.person(login).await.tools().await.join(" ")
        ));
    }
    assert_snapshot!(seen.join("\n"), @r"
    ada: aged_balances balance_sheet bank_sync_status create_bill_from_file create_expense expense_analysis ledger_summary list_companies list_invoices list_tasks pl_summary read_employee read_employee_history read_expenses read_invoice read_payslips read_time_off read_transactions request_time_off search_employees submit_expense time_off_balance upload_invoice_attachment upload_receipt who_is_off whoami
    alice: aged_balances balance_sheet bank_sync_status create_bill_from_file create_expense expense_analysis ledger_summary list_companies list_invoices list_tasks pl_summary read_employee read_employee_history read_expenses read_invoice read_time_off read_transactions request_time_off search_employees submit_expense time_off_balance upload_invoice_attachment upload_receipt who_is_off whoami
    emil: create_expense expense_analysis list_companies list_tasks read_employee read_employee_history read_expenses read_time_off request_time_off search_employees submit_expense time_off_balance upload_receipt who_is_off whoami
    hanna: create_expense expense_analysis list_companies list_tasks read_employee read_employee_history read_expenses read_time_off request_time_off search_employees submit_expense time_off_balance upload_receipt who_is_off whoami
    rosa: aged_balances balance_sheet bank_sync_status create_bill_from_file create_expense expense_analysis ledger_summary list_companies list_invoices list_tasks pl_summary read_employee read_employee_history read_expenses read_invoice read_time_off read_transactions request_time_off search_employees submit_expense time_off_balance upload_invoice_attachment upload_receipt who_is_off whoami
    tara: create_bill_from_file create_expense expense_analysis ledger_summary list_companies list_invoices list_tasks pl_summary read_employee read_employee_history read_expenses read_invoice read_time_off request_time_off search_employees submit_expense time_off_balance upload_invoice_attachment upload_receipt who_is_off whoami
    ");
}

#[tokio::test]
async fn both_protocol_eras_list_and_call_the_same() {
    let company = Company::open().await;
    let alice = company.person("alice").await;
    let modern = Person::with_token(&company.url, company.token("alice"));

    let discovered = modern.modern("server/discover", json!({})).await.json();
    assert!(
        discovered["result"]["supportedVersions"]
            .to_string()
            .contains("2026-07-28")
    );
    let listed = modern.modern("tools/list", json!({})).await.json();
    assert_eq!(names(&listed), alice.tools().await);

    let params = json!({ "name": "whoami", "arguments": {} });
    let called = modern.modern("tools/call", params).await.json();
    let legacy = alice.call("whoami", json!({})).await;
    assert_eq!(
        called["result"]["structuredContent"],
        legacy["structuredContent"]
    );
}

#[tokio::test]
async fn emil_neither_sees_nor_reaches_the_books() {
    let company = Company::open().await;
    let emil = company.person("emil").await;
    let seen = emil.tools().await;
    for tool in ["list_invoices", "read_invoice", "pl_summary"] {
        assert!(!seen.iter().any(|name| name == tool), "{tool} is listed");
    }
    let attempts = [
        ("list_invoices", json!({})),
        ("read_invoice", json!({ "invoice_id": 1 })),
        ("pl_summary", json!({})),
    ];
    for (tool, arguments) in attempts {
        let answer = emil.call(tool, arguments).await;
        assert_eq!(answer["isError"], true, "{answer}");
        let text = answer.to_string();
        assert!(!text.contains("amount") && !text.contains("INV/"), "{text}");
    }
}

#[tokio::test]
async fn anothers_session_does_not_exist() {
    let company = Company::open().await;
    let (alice, emil) = (company.person("alice").await, company.person("emil").await);
    let thief = emil.with_session(alice.session());
    assert_eq!(thief.list_tools().await.status, StatusCode::NOT_FOUND);
    assert_eq!(
        thief.try_call("whoami", json!({})).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        emil.with_session("made-up").list_tools().await.status,
        StatusCode::NOT_FOUND
    );
    assert!(!alice.tools().await.is_empty(), "her session lives on");
}

#[tokio::test]
async fn an_unknown_tool_and_wrong_arguments_are_told_apart() {
    let company = Company::open().await;
    let alice = company.person("alice").await;
    let unknown = alice.try_call("drop_database", json!({})).await.json();
    assert_eq!(unknown["error"]["code"], -32602, "{unknown}");
    let wrong = alice
        .call("list_invoices", json!({ "cursor": { "deep": [1] } }))
        .await;
    assert_eq!(wrong["isError"], true, "{wrong}");
    assert!(
        wrong["content"][0]["text"].to_string().contains("cursor"),
        "{wrong}"
    );
}

#[tokio::test]
async fn a_key_that_odoo_refuses_ends_the_grant() {
    let company = Company::open().await;
    let tara = company.person("tara").await;
    assert!(!tara.tools().await.is_empty());
    company.sandbox.archive_user("tara");
    let refused = tara.refused("list_tasks", json!({})).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED, "{}", refused.text);
    assert!(
        refused.header("www-authenticate").contains("invalid_token"),
        "{refused:?}"
    );
    let alice = company.person("alice").await;
    assert_eq!(alice.call("whoami", json!({})).await["isError"], false);
}
