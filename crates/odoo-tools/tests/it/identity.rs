//! Who is who, and who is shown which tools.

use odoo_tools::Refusal;
use serde_json::json;

use crate::actors::{Company, as_person};

#[tokio::test]
async fn everyone_sees_the_tools_for_the_models_they_may_read() {
    let company = Company::shared();
    let mut shown = String::new();
    for login in ["alice", "emil", "tara", "hanna", "ada", "rosa"] {
        shown += &format!(
            "{login}: {}\n",
            company.actor(login).await.tools().join(" ")
        );
    }
    insta::assert_snapshot!(shown, @r"
    alice: aged_balances balance_sheet bank_sync_status create_bill_from_file create_expense expense_analysis ledger_summary list_companies list_invoices list_tasks pl_summary read_employee read_employee_history read_expenses read_invoice read_time_off read_transactions request_time_off search_employees submit_expense time_off_balance upload_invoice_attachment upload_receipt who_is_off whoami
    emil: create_expense expense_analysis list_companies list_tasks read_employee read_employee_history read_expenses read_time_off request_time_off search_employees submit_expense time_off_balance upload_receipt who_is_off whoami
    tara: create_bill_from_file create_expense expense_analysis ledger_summary list_companies list_invoices list_tasks pl_summary read_employee read_employee_history read_expenses read_invoice read_time_off request_time_off search_employees submit_expense time_off_balance upload_invoice_attachment upload_receipt who_is_off whoami
    hanna: create_expense expense_analysis list_companies list_tasks read_employee read_employee_history read_expenses read_time_off request_time_off search_employees submit_expense time_off_balance upload_receipt who_is_off whoami
    ada: aged_balances balance_sheet bank_sync_status create_bill_from_file create_expense expense_analysis ledger_summary list_companies list_invoices list_tasks pl_summary read_employee read_employee_history read_expenses read_invoice read_payslips read_time_off read_transactions request_time_off search_employees submit_expense time_off_balance upload_invoice_attachment upload_receipt who_is_off whoami
    rosa: aged_balances balance_sheet bank_sync_status create_bill_from_file create_expense expense_analysis ledger_summary list_companies list_invoices list_tasks pl_summary read_employee read_employee_history read_expenses read_invoice read_time_off read_transactions request_time_off search_employees submit_expense time_off_balance upload_invoice_attachment upload_receipt who_is_off whoami
    ");
}

#[tokio::test]
async fn a_plain_employee_is_told_why_there_are_no_books() {
    let emil = as_person("emil").await;
    insta::assert_snapshot!(emil.read("pl_summary", json!({})).await, @r"
    error: no_access
    message: pl_summary needs to read `account.move.line` in Odoo, and the rights of Emil Novak do not include it
    next_step: If it belongs to this person's work, an Odoo administrator can grant it.
    ");
    for (tool, arguments) in [
        ("list_invoices", json!({})),
        ("read_invoice", json!({"id": 1})),
    ] {
        let outcome = emil.call(tool, arguments).await;
        assert!(outcome.is_error);
        assert_eq!(outcome.structured["error"], "no_access");
    }
}

#[tokio::test]
async fn whoami_names_the_person_and_what_the_connection_may_do() {
    let company = Company::open().await;
    let hanna = company.actor("hanna").await;
    insta::assert_snapshot!(hanna.read("whoami", json!({})).await, @r"
    user: Hanna Okafor (#)
    login: hanna
    email: hanna@larkspur.example
    employee: Hanna Okafor (#)
    language: en_US
    time_zone: Africa/Lagos
    today: 2026-11-18
    odoo: odoo.example
    database: larkspur
    scopes: odoo:read; odoo:write; odoo:delete; odoo:approve
    apps: Employees; Expenses; Time Off; Project

    ## companies
    |id|name|currency|
    |-|-|-|
    |…|Larkspur Instruments|USD|

    ## keys
    |name|expires|days_left|
    |-|-|-|
    |sandbox|2027-02-16|90|
    ");
    let alice = company.actor("alice").await;
    let answer = alice.ask("whoami", json!({})).await;
    assert_eq!(
        answer["apps"],
        json!(["Invoicing", "Employees", "Expenses", "Time Off", "Project"])
    );
    assert_eq!(answer["companies"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn companies_are_the_users_own() {
    let company = Company::shared();
    let alice = company.actor("alice").await;
    insta::assert_snapshot!(alice.read("list_companies", json!({})).await, @r"
    total: 2
    returned: 2

    ## records
    |id|name|currency|country|fiscal_year_ends|current|
    |-|-|-|-|-|-|
    |…|Larkspur Instruments|USD|United States|12-31|yes|
    |…|Larkspur Nordic|EUR|Finland|12-31||
    ");
    let emil = company.actor("emil").await;
    assert_eq!(emil.ask("list_companies", json!({})).await["total"], 1);
}

#[tokio::test]
async fn a_foreign_company_is_refused_with_the_users_own() {
    let emil = as_person("emil").await;
    insta::assert_snapshot!(emil.read("list_tasks", json!({"company_id": 2})).await, @r"
    error: invalid_arguments
    message: `company_id` 2 is none of your companies in Odoo
    next_step: Use one of 1 (Larkspur Instruments), or leave it out for all of them.
    ");
}

#[tokio::test]
async fn a_dead_key_ends_the_connection_and_no_other() {
    let company = Company::open().await;
    let (emil, tara) = (company.actor("emil").await, company.actor("tara").await);
    assert!(company.sandbox.archive_user("emil"));
    assert_eq!(
        emil.try_call("list_tasks", json!({})).await,
        Err(Refusal::KeyRejected)
    );
    assert!(!tara.call("list_tasks", json!({})).await.is_error);
}
