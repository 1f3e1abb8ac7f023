//! Bills made from files, as the people who enter them.

use odoo_tools::{Registry, UserSession};
use serde_json::{Value, json};

use crate::actors::{self, Actor, Company};
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

#[tokio::test]
async fn a_bill_in_another_currency_than_the_company_s() {
    let company = Company::open().await;
    let alice = company.actor("alice").await;
    let bill = |currency: &str, total: f64| {
        json!({"vendor": "luminor", "untaxed": 90, "currency": currency, "expected_total": total,
               "company_id": 1, "bill_date": "2026-11-03"})
    };
    let euros = make(&alice, bill("eur", 90.0)).await;
    assert_eq!(
        (&euros["currency"], &euros["total"]),
        (&json!("EUR"), &json!(90)),
        "{euros}"
    );
    // The expected total is in that currency too.
    assert!(euros.get("notes").is_none(), "{euros}");
    let own = make(&alice, bill("USD", 91.0)).await;
    let note = own["notes"][0].as_str().unwrap();
    assert!(note.contains("90.00 USD"), "{note}");
    let before = count(&company).await;
    let unknown = make(&alice, bill("ducats", 90.0)).await;
    insta::assert_snapshot!(unknown["message"].as_str().unwrap(), @"no currency DUCATS is in use in this Odoo");
    assert_eq!(count(&company).await, before);
}

#[tokio::test]
async fn a_whole_name_is_found_behind_many_that_contain_it() {
    let company = Company::open().await;
    let (ada, alice) = (company.client("ada"), company.actor("alice").await);
    let named = |name: String| odoo_json2::Values::new().set("name", name);
    for first in 'A'..='I' {
        let values = named(format!("{first} Tinsmith_50%"));
        ada.create("res.partner", [values]).await.unwrap();
        let journal = named(format!("{first} Freight"))
            .set("code", format!("FR{first}"))
            .set("type", "purchase");
        let of_first = journal.set("company_id", 1);
        ada.create("account.journal", [of_first]).await.unwrap();
    }
    let whole = named("Tinsmith_50%".to_owned());
    let whole = ada.create("res.partner", [whole]).await.unwrap()[0];
    let bill = json!({"vendor": "tinsmith_50%", "journal": "fri", "company_id": 1});
    let made = make(&alice, bill).await;
    assert_eq!(made["vendor"]["id"], whole, "{made}");
    assert_eq!(made["journal"]["name"], "I Freight");
    let longer = "x".repeat(900);
    for part in [
        json!({"vendor": "tinsmith"}),
        json!({"journal": "freight"}),
        json!({"vendor": longer}),
        json!({"journal": longer}),
    ] {
        let refused = make(&alice, part).await;
        let message = refused["message"].as_str().unwrap();
        assert!(message.len() < 300, "{message}");
    }
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

/// Makes the bill that clients repeat.
async fn hand_over(registry: &Registry, user: &UserSession) -> String {
    let arguments = json!({"file_name": "bill.pdf", "content": PDF, "reference": "CC-1"});
    let arguments = arguments.as_object().cloned().unwrap();
    let outcome = actors::call(registry, user, "create_bill_from_file", arguments)
        .await
        .unwrap();
    assert!(outcome.is_error);
    outcome.text
}

#[tokio::test]
async fn a_refusal_of_odoo_takes_back_what_was_made_or_says_what_is_left() {
    const MAKE: &str = "account.journal/create_document_from_attachment";
    let mut told = String::new();
    for calls in [
        &[MAKE][..],
        &[MAKE, "ir.attachment/unlink"],
        &["account.move/write"],
        &["account.move/write", "account.move/unlink"],
        &["account.move/web_read"],
    ] {
        let odoo = refusing(calls);
        let user = odoo.session().await;
        let text = hand_over(&Registry::standard(), &user).await;
        let last = odoo.take_calls().pop().unwrap();
        told += &format!("{last}\n{text}\n");
    }
    insta::assert_snapshot!(told, @r"
    ir.attachment/unlink
    error: refused_by_odoo
    message: no bill was made: Odoo refuses: The period is locked. Nothing was left behind.
    next_step: Correct what is named, then call again.
    ir.attachment/unlink
    error: partly_done
    message: no bill was made, but the file bill.pdf (attachment 55) stayed in Odoo; then: Odoo refuses: The period is locked.
    next_step: An administrator can delete the file. Correct what is named, then call again ten minutes later.
    account.move/unlink
    error: refused_by_odoo
    message: no bill was made: Odoo refuses: The period is locked. The draft was taken back; nothing was left behind.
    next_step: Correct what is named, then call again.
    account.move/unlink
    error: partly_done
    message: a draft bill with the id 61 was made of the file bill.pdf (attachment 55), but it is not filled in; then: Odoo refuses: The period is locked.
    next_step: Do not create it again; look at it with read_invoice and complete or delete it in Odoo.
    account.move/web_read
    error: partly_done
    message: a draft bill with the id 61 was made of the file bill.pdf (attachment 55), but it could not be read again; then: Odoo refuses: The period is locked.
    next_step: Do not create it again; look at it with read_invoice and complete or delete it in Odoo.
    ");
}

#[tokio::test]
async fn a_repetition_makes_no_second_bill_of_what_was_left() {
    for calls in [
        &["account.move/write", "account.move/unlink"][..],
        &["account.move/web_read"],
    ] {
        let (odoo, registry) = (refusing(calls), Registry::standard());
        let user = odoo.session().await;
        hand_over(&registry, &user).await;
        odoo.take_calls();
        let second = hand_over(&registry, &user).await;
        assert!(second.contains("the id 61"), "{second}");
        assert_eq!(odoo.take_calls(), [""; 0], "{second}");
    }
}

#[tokio::test]
async fn a_file_that_was_stored_is_told_of_though_its_bill_cannot_be_read_again() {
    let stored = std::sync::atomic::AtomicBool::new(false);
    let odoo = ScriptedOdoo::new(move |call, _| {
        let is_stored = stored.load(std::sync::atomic::Ordering::SeqCst);
        let bill = json!({"id": 61, "name": "BILL/1", "display_name": "BILL/1",
            "move_type": "in_invoice", "state": "posted", "partner_id": false, "company_id": false,
            "message_main_attachment_id": false, "attachment_ids": []});
        match call {
            "account.move/web_search_read" if is_stored => Some(odoo_error(
                422,
                "odoo.exceptions.UserError",
                "The period is locked.",
            )),
            "account.move/web_search_read" => Some((200, json!({"length": 1, "records": [bill]}))),
            "account.move/has_access" => Some((200, json!(true))),
            "ir.attachment/create" => {
                stored.store(true, std::sync::atomic::Ordering::SeqCst);
                Some((200, json!([55])))
            }
            "ir.attachment/register_as_main_attachment" => Some((200, json!(null))),
            _ => None,
        }
    });
    let (user, registry) = (odoo.session().await, Registry::standard());
    let arguments = json!({"id": 61, "file_name": "bill.pdf", "content": PDF});
    let arguments = arguments.as_object().unwrap();
    let upload = || {
        let arguments = arguments.clone();
        actors::call(&registry, &user, "upload_invoice_attachment", arguments)
    };
    insta::assert_snapshot!(upload().await.unwrap().text, @r"
    error: partly_done
    message: the file bill.pdf (attachment 55) was stored on BILL/1; then: Odoo refuses: The period is locked.
    next_step: Do not upload it again; look with read_invoice whether it is there.
    ");
    odoo.take_calls();
    upload().await.unwrap();
    assert_eq!(odoo.take_calls(), [""; 0]);
}
