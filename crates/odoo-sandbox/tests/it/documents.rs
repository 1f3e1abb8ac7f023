//! Invoices, bills, credit notes, entries and payments in the hands of the accountant.

use serde_json::json;

use crate::{
    actor::Actor,
    bookkeeping::{account, accountant, call, draft, due, items, one, pay, post, read},
};

#[tokio::test]
async fn the_items_of_an_invoice_are_computed() {
    let (_running, alice) = accountant().await;
    let invoice = draft(&alice, "out_invoice", json!({})).await;
    let fields = [
        "name",
        "amount_untaxed",
        "amount_tax",
        "amount_total",
        "amount_residual",
    ];
    let row = read(&alice, invoice, json!(fields)).await;
    let amounts = fields.map(|field| row[field].to_string()).join(" ");
    assert_eq!(amounts, "false 120.04 15.01 135.05 135.05");
    insta::assert_snapshot!(items(&alice, invoice).await, @r#"
    "product" "400000" "Thing" -99.99 0.0 0.0 false
    "product" "400000" "Other thing" -0.05 0.0 0.0 false
    "product" "400000" "Untaxed thing" -20.0 0.0 0.0 false
    "tax" "251000" "15%" -15.01 0.0 -100.04 false
    "payment_term" "121000" false 135.05 135.05 0.0 "2026-12-10"
    "#);
}

#[tokio::test]
async fn an_invoice_is_posted_paid_and_taken_back() {
    let (_running, alice) = accountant().await;
    let invoice = draft(&alice, "out_invoice", json!({})).await;
    post(&alice, invoice).await;
    let number = read(&alice, invoice, json!(["name", "payment_reference"])).await;
    assert_eq!(number["name"], number["payment_reference"]);

    let payment = pay(&alice, invoice, Some(100.0)).await;
    assert_eq!(due(&alice, invoice).await, json!(["partial", 35.05]));
    pay(&alice, invoice, None).await;
    assert_eq!(due(&alice, invoice).await, json!(["paid", 0.0]));
    let widget = read(&alice, invoice, json!(["invoice_payments_widget"])).await;
    let shown = widget["invoice_payments_widget"]["content"].as_array();
    assert_eq!(shown.map(Vec::len), Some(2));

    call(
        &alice,
        "account.payment/action_cancel",
        json!({ "ids": [payment] }),
    )
    .await;
    assert_eq!(due(&alice, invoice).await, json!(["partial", 100.0]));
    call(
        &alice,
        "account.move/button_draft",
        json!({ "ids": [invoice] }),
    )
    .await;
    let back = read(&alice, invoice, json!(["name", "state"])).await;
    assert_eq!(
        (&back["name"], &back["state"]),
        (&number["name"], &json!("draft"))
    );
    assert_eq!(due(&alice, invoice).await, json!(["not_paid", 135.05]));
}

#[tokio::test]
async fn a_credit_note_settles_the_invoice_it_takes_back() {
    let (_running, alice) = accountant().await;
    let invoice = draft(&alice, "out_invoice", json!({})).await;
    post(&alice, invoice).await;
    let note = draft(
        &alice,
        "out_refund",
        json!({ "reversed_entry_id": invoice, "ref": "Wrong" }),
    )
    .await;
    post(&alice, note).await;
    let state = read(&alice, invoice, json!(["payment_state", "amount_residual"])).await;
    assert_eq!(
        (&state["payment_state"], &state["amount_residual"]),
        (&json!("reversed"), &json!(0.0))
    );
    let note = read(
        &alice,
        note,
        json!(["name", "payment_state", "amount_total_signed"]),
    )
    .await;
    assert!(
        note["name"].as_str().unwrap().starts_with("RINV/2026/"),
        "{note}"
    );
    assert_eq!(
        (&note["payment_state"], &note["amount_total_signed"]),
        (&json!("paid"), &json!(-135.05))
    );
}

#[tokio::test]
async fn bills_count_by_the_month_and_payments_by_the_year() {
    let (_running, alice) = accountant().await;
    let bill = draft(
        &alice,
        "in_invoice",
        json!({ "ref": "CF-1", "invoice_date": "2026-02-03", "date": "2026-02-03" }),
    )
    .await;
    post(&alice, bill).await;
    let name = read(&alice, bill, json!(["name"])).await["name"].clone();
    assert!(
        name.as_str().unwrap().starts_with("BILL/2026/02/000"),
        "{name}"
    );
    let payment = pay(&alice, bill, None).await;
    let body = json!({
        "ids": [payment], "load": null,
        "fields": ["name", "state", "memo", "payment_type", "partner_type", "amount_signed", "is_reconciled", "reconciled_bill_ids"],
    });
    let payment = call(&alice, "account.payment/read", body).await[0].clone();
    assert!(
        payment["name"]
            .as_str()
            .unwrap()
            .starts_with("PBNK1/2026/000"),
        "{payment}"
    );
    assert_eq!(payment["reconciled_bill_ids"], json!([bill]));
    insta::assert_json_snapshot!(payment, { ".id" => 0, ".name" => "", ".reconciled_bill_ids" => "" }, @r#"
    {
      "id": 0,
      "name": "",
      "state": "paid",
      "memo": "CF-1",
      "payment_type": "outbound",
      "partner_type": "supplier",
      "amount_signed": -135.05,
      "is_reconciled": true,
      "reconciled_bill_ids": ""
    }
    "#);
}

#[tokio::test]
async fn no_tax_is_taken_where_neither_line_nor_account_has_one() {
    let (_running, alice) = accountant().await;
    let partner = one(
        &alice,
        "res.partner",
        json!([["name", "=", "Ember Ceramics"]]),
    )
    .await;
    let values = json!({
        "move_type": "out_invoice", "partner_id": partner,
        "invoice_line_ids": [[0, 0, { "name": "Thing", "price_unit": 200 }]],
    });
    let id = call(
        &alice,
        "account.move/create",
        json!({ "vals_list": [values] }),
    )
    .await[0]
        .as_i64()
        .unwrap();
    let amounts = read(
        &alice,
        id,
        json!(["amount_untaxed", "amount_tax", "invoice_date"]),
    )
    .await;
    assert_eq!(
        (&amounts["amount_untaxed"], &amounts["amount_tax"]),
        (&json!(200.0), &json!(0.0))
    );
    assert_eq!(amounts["invoice_date"], false);
    post(&alice, id).await;
    assert_eq!(
        read(&alice, id, json!(["invoice_date"])).await["invoice_date"],
        "2026-11-20"
    );
}

#[tokio::test]
async fn changing_a_line_changes_the_whole_invoice() {
    let (_running, alice) = accountant().await;
    let invoice = draft(&alice, "out_invoice", json!({})).await;
    let lines =
        read(&alice, invoice, json!(["invoice_line_ids"])).await["invoice_line_ids"].clone();
    let change = json!({ "invoice_line_ids": [[1, lines[0], { "quantity": 1 }], [2, lines[2]]] });
    call(
        &alice,
        "account.move/write",
        json!({ "ids": [invoice], "vals": change }),
    )
    .await;
    let amounts = read(
        &alice,
        invoice,
        json!(["amount_untaxed", "amount_tax", "amount_total"]),
    )
    .await;
    assert_eq!(
        (&amounts["amount_untaxed"], &amounts["amount_tax"]),
        (&json!(33.38), &json!(5.01))
    );
}

#[tokio::test]
async fn what_cannot_be_posted_is_refused() {
    let (running, alice) = accountant().await;
    let empty = call(
        &alice,
        "account.move/create",
        json!({ "vals_list": [{ "move_type": "out_invoice" }] }),
    )
    .await;
    let refused = alice
        .refused("account.move/action_post", json!({ "ids": empty }))
        .await;
    insta::assert_json_snapshot!(refused, @r#"
    [
      422,
      "odoo.exceptions.UserError",
      "The 'Customer' field is required to validate the invoice.\nYou probably don't want to explain to your auditor that you invoiced an invisible man :)\nEven magicians can't post nothing!"
    ]
    "#);
    let bill = draft(&alice, "in_invoice", json!({ "invoice_date": false })).await;
    let refused = alice
        .refused("account.move/action_post", json!({ "ids": [bill] }))
        .await;
    assert_eq!(
        refused[2],
        "The Bill/Refund date is required to validate this document."
    );
    let tara = Actor::of(&running, "tara");
    let refused = tara
        .refused("account.move/action_post", json!({ "ids": [bill] }))
        .await;
    assert_eq!(refused[0], 403);
}

#[tokio::test]
async fn an_entry_must_balance() {
    let (_running, alice) = accountant().await;
    let (bank, capital) = (
        account(&alice, "101401").await,
        account(&alice, "301000").await,
    );
    let values = json!({ "line_ids": [
        [0, 0, { "account_id": bank, "debit": 10 }], [0, 0, { "account_id": capital, "credit": 9 }],
    ]});
    let body = json!({ "vals_list": [values] });
    let refused = alice.refused("account.move/create", body).await;
    assert_eq!(refused[1], "odoo.exceptions.UserError");
    assert!(
        refused[2].as_str().unwrap().contains("not balanced"),
        "{refused}"
    );
}

#[tokio::test]
async fn an_invoice_in_euros_is_booked_in_dollars() {
    let (_running, alice) = accountant().await;
    let euro = one(&alice, "res.currency", json!([["name", "=", "EUR"]])).await;
    let invoice = draft(&alice, "out_invoice", json!({ "currency_id": euro })).await;
    let fields = json!([
        "amount_total",
        "amount_total_signed",
        "amount_total_in_currency_signed",
        "invoice_currency_rate"
    ]);
    let amounts = read(&alice, invoice, fields).await;
    assert_eq!(
        (&amounts["amount_total"], &amounts["invoice_currency_rate"]),
        (&json!(135.05), &json!(0.92))
    );
    assert_eq!(
        (
            &amounts["amount_total_signed"],
            &amounts["amount_total_in_currency_signed"]
        ),
        (&json!(146.79), &json!(135.05))
    );
}
