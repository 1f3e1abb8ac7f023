//! Bills made from files, as the people who enter them.

use odoo_tools::{Access, Registry};
use serde_json::{Value, json};

use crate::actors::{Actor, Company};
use crate::scripted::{ScriptedOdoo, odoo_error};

const PDF: &str = "JVBERi0xLjQKMSAwIG9iajw8Pj5lbmRvYmoKdHJhaWxlcjw8Pj4KJSVFT0YK";

/// How many documents and files there are.
async fn count(company: &Company) -> (usize, usize) {
    let ada = company.client("ada");
    let moves = ada
        .count("account.move", odoo_json2::Domain::all())
        .await
        .unwrap();
    (
        moves,
        ada.count("ir.attachment", odoo_json2::Domain::all())
            .await
            .unwrap(),
    )
}

async fn make(actor: &Actor, more: Value) -> Value {
    let mut arguments = json!({"file_name": "bill.pdf", "content": PDF});
    for (key, value) in more.as_object().unwrap() {
        arguments[key] = value.clone();
    }
    actor
        .call("create_bill_from_file", arguments)
        .await
        .structured
}

#[tokio::test]
async fn a_bill_is_made_with_what_stands_on_it() {
    let company = Company::open().await;
    let alice = company.actor("alice").await;
    let arguments = json!({
        "file_name": "copperline 771.pdf", "content": PDF, "vendor": "copperline", "reference": "CC-771",
        "bill_date": "2026-11-03", "due_date": "2026-12-03", "untaxed": 412.5, "description": "Boards",
        "expected_total": 474.38,
    });
    insta::assert_snapshot!(alice.read("create_bill_from_file", arguments).await, @r"
    outcome: created
    id: …
    kind: vendor_bill
    state: draft
    vendor: Copperline Circuits (#)
    reference: CC-771
    date: 2026-11-03
    due_date: 2026-12-03
    untaxed: 412.5
    tax: 0
    total: 412.5
    currency: USD
    journal: Purchases (#)
    company: Larkspur Instruments (#)
    main_document: copperline 771.pdf (#)
    link: https://odoo.example/odoo/account.move/…
    notes: Odoo comes to 412.50 USD with taxes, not to the expected 474.38: lines or taxes need correcting.
    ");
}

#[tokio::test]
async fn a_file_alone_makes_a_draft_that_says_what_is_missing() {
    let company = Company::open().await;
    let ada = company.actor("ada").await;
    let made = make(&ada, json!({"company_id": 2, "kind": "vendor_refund"})).await;
    assert_eq!(made["currency"], "EUR");
    assert_eq!(
        (&made["kind"], &made["state"]),
        (&json!("vendor_refund"), &json!("draft"))
    );
    insta::assert_snapshot!(made["notes"][0].as_str().unwrap(), @"Still missing before it can be posted: the vendor, the bill date, the lines.");
    let read = ada.ask("read_invoice", json!({"id": made["id"]})).await;
    assert_eq!(read["attachments"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_same_reference_twice_is_warned_about() {
    let company = Company::open().await;
    let alice = company.actor("alice").await;
    let first = make(
        &alice,
        json!({"vendor": "Copperline Circuits", "reference": "CC-9"}),
    )
    .await;
    let second = make(
        &alice,
        json!({"vendor": "copperline", "reference": "CC-9", "file_name": "b.pdf"}),
    )
    .await;
    assert_eq!(second["possible_duplicates"][0]["id"], first["id"]);
    assert!(
        second["notes"][0].as_str().unwrap().contains("already"),
        "{second}"
    );
    // Another vendor may use the same number.
    let other = make(&alice, json!({"vendor": "luminor", "reference": "CC-9"})).await;
    assert!(other.get("possible_duplicates").is_none(), "{other}");
}

#[tokio::test]
async fn what_is_not_found_or_cannot_be_leaves_nothing_behind() {
    let company = Company::open().await;
    let alice = company.actor("alice").await;
    let before = count(&company).await;
    let mut told = String::new();
    for more in [
        json!({"vendor": "Nobody Ltd"}),
        json!({"vendor": "o"}),
        json!({"vendor": "luminor", "vendor_id": 3}),
        json!({"vendor_id": 99_999_999}),
        json!({"journal": "Bank"}),
        json!({"company_id": 7}),
        json!({"bill_date": "2026-11-03", "due_date": "2026-11-01"}),
        json!({"untaxed": -5}),
        json!({"description": "Boards"}),
    ] {
        let failure = make(&alice, more.clone()).await;
        let message = failure["message"].as_str().unwrap_or_default();
        let message = message.split(" of ").next().unwrap_or_default();
        told += &format!(
            "{more}: {} {message}\n",
            failure["error"].as_str().unwrap_or_default()
        );
    }
    insta::assert_snapshot!(told, @r#"
    {"vendor":"Nobody Ltd"}: not_found there is no vendor Nobody Ltd in this company
    {"vendor":"o"}: ambiguous o may be any vendor
    {"vendor":"luminor","vendor_id":3}: invalid_arguments `vendor` and `vendor_id` are two ways to say one thing
    {"vendor_id":99999999}: not_found there is no vendor with the id 99999999 in this company
    {"journal":"Bank"}: not_found there is no purchase journal Bank in this company
    {"company_id":7}: invalid_arguments `company_id` 7 is none
    {"bill_date":"2026-11-03","due_date":"2026-11-01"}: invalid_arguments the bill
    {"untaxed":-5}: invalid_arguments `untaxed` has to be more than nothing; a refund is a `kind`
    {"description":"Boards"}: invalid_arguments `description` is that
    "#);
    assert_eq!(count(&company).await, before);
}

/// An Odoo that refuses one call; what was made before has to go again.
fn refusing(refused: &'static [&'static str]) -> ScriptedOdoo {
    ScriptedOdoo::new(move |call, _| {
        if refused.contains(&call) {
            return Some(odoo_error(
                422,
                "odoo.exceptions.UserError",
                "The period is locked.",
            ));
        }
        let journal = json!({"id": 2, "name": "Purchases", "code": "BILL"});
        let window =
            json!({"type": "ir.actions.act_window", "res_model": "account.move", "res_id": 61});
        let answer = match call {
            "ir.model/get_available_models" => ["account.move", "account.journal"]
                .iter()
                .map(|model| json!({"model": model, "display_name": model}))
                .collect(),
            "account.journal/web_search_read" => json!({"length": 1, "records": [journal]}),
            "ir.attachment/create" => json!([55]),
            "account.journal/create_document_from_attachment" => window,
            "account.move/has_access" | "account.move/unlink" | "ir.attachment/unlink" => {
                json!(true)
            }
            _ => return None,
        };
        Some((200, answer))
    })
}

#[tokio::test]
async fn a_refusal_of_odoo_takes_back_what_was_made_or_says_what_is_left() {
    const MAKE: &str = "account.journal/create_document_from_attachment";
    let mut told = String::new();
    for refused in [
        &[MAKE][..],
        &[MAKE, "ir.attachment/unlink"],
        &["account.move/write"],
        &["account.move/write", "account.move/unlink"],
    ] {
        let odoo = refusing(refused);
        let user = odoo.session().await;
        odoo.take_calls();
        let arguments = json!({"file_name": "bill.pdf", "content": PDF, "reference": "CC-1"});
        let arguments = arguments.as_object().cloned().unwrap();
        let outcome = Registry::standard()
            .call(&user, &Access::ALL, "create_bill_from_file", arguments)
            .await
            .unwrap();
        assert!(outcome.is_error);
        let last = odoo.take_calls().pop().unwrap();
        told += &format!("{last}\n{}\n", outcome.text);
    }
    insta::assert_snapshot!(told, @r"
    ir.attachment/unlink
    error: refused_by_odoo
    message: no bill was made: Odoo refuses: The period is locked. Nothing was left behind.
    next_step: Correct what is named, then call again.
    ir.attachment/unlink
    error: refused_by_odoo
    message: no bill was made: Odoo refuses: The period is locked. The file stayed in Odoo as attachment 55.
    next_step: Correct what is named, then call again. An administrator can delete it.
    account.move/unlink
    error: refused_by_odoo
    message: no bill was made: Odoo refuses: The period is locked. The draft was taken back; nothing was left behind.
    next_step: Correct what is named, then call again.
    account.move/unlink
    error: refused_by_odoo
    message: a draft bill with the id 61 and the file was made, but it is not complete: Odoo refuses: The period is locked
    next_step: Do not create it again; look at it with read_invoice and complete or delete it in Odoo.
    ");
}
