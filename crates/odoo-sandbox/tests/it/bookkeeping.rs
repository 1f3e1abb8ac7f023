//! What the accountant does with documents, as steps for tests.

use odoo_sandbox::Sandbox;
use serde_json::{Value, json};

use crate::actor::{Actor, sandbox};

/// A sandbox of one's own with the accountant in it, working in the first company.
pub(crate) async fn accountant() -> (Sandbox, Actor) {
    let sandbox = sandbox().start().await.expect("a sandbox");
    let alice = Actor::of(&sandbox, "alice");
    (sandbox, alice)
}

/// Work in the first company.
pub(crate) fn context() -> Value {
    json!({ "allowed_company_ids": [1] })
}

/// The first record that matches.
pub(crate) async fn one(alice: &Actor, model: &str, domain: Value) -> i64 {
    let body = json!({ "domain": domain, "limit": 1, "order": "id", "context": context() });
    alice.call(&format!("{model}/search"), body).await[0]
        .as_i64()
        .expect("a record")
}

/// A call in the first company.
pub(crate) async fn call(alice: &Actor, path: &str, mut body: Value) -> Value {
    if body["context"].is_null() {
        body["context"] = context();
    }
    alice.call(path, body).await
}

/// The account of a code.
pub(crate) async fn account(alice: &Actor, code: &str) -> i64 {
    one(alice, "account.account", json!([["code", "=", code]])).await
}

/// A draft of a kind for Calloway Foods with two taxed lines and one without tax.
pub(crate) async fn draft(alice: &Actor, kind: &str, extra: Value) -> i64 {
    let sale = kind.starts_with("out");
    let partner = one(
        alice,
        "res.partner",
        json!([["name", "=", "Calloway Foods"]]),
    )
    .await;
    let account = account(alice, if sale { "400000" } else { "600000" }).await;
    let used = if sale { "sale" } else { "purchase" };
    let tax = one(
        alice,
        "account.tax",
        json!([["type_tax_use", "=", used], ["amount", "=", 15]]),
    )
    .await;
    let line = |name: &str, quantity: f64, price: f64, taxes: Value| {
        json!([0, 0, {
            "name": name, "quantity": quantity, "price_unit": price, "account_id": account, "tax_ids": [[6, 0, taxes]],
        }])
    };
    let mut values = json!({
        "move_type": kind, "partner_id": partner, "invoice_date": "2026-11-10", "invoice_date_due": "2026-12-10",
        "invoice_line_ids": [
            line("Thing", 3.0, 33.33, json!([tax])), line("Other thing", 1.0, 0.05, json!([tax])),
            line("Untaxed thing", 2.0, 10.0, json!([])),
        ],
    });
    for (name, value) in extra.as_object().into_iter().flatten() {
        values[name] = value.clone();
    }
    let created = call(
        alice,
        "account.move/create",
        json!({ "vals_list": [values] }),
    )
    .await;
    created[0].as_i64().expect("an id")
}

/// Posts a document.
pub(crate) async fn post(alice: &Actor, id: i64) {
    assert_eq!(
        call(alice, "account.move/action_post", json!({ "ids": [id] })).await,
        false
    );
}

/// Fields of a document, many2one fields as ids.
pub(crate) async fn read(alice: &Actor, id: i64, fields: Value) -> Value {
    let rows = call(
        alice,
        "account.move/read",
        json!({ "ids": [id], "fields": fields, "load": null }),
    )
    .await;
    rows[0].clone()
}

/// How far a document is paid, and what is still due.
pub(crate) async fn due(alice: &Actor, document: i64) -> Value {
    let row = read(alice, document, json!(["payment_state", "amount_residual"])).await;
    json!([row["payment_state"], row["amount_residual"]])
}

/// Pays a document through the wizard; everything that is due if no amount is given.
pub(crate) async fn pay(alice: &Actor, document: i64, amount: Option<f64>) -> i64 {
    let context = json!({ "allowed_company_ids": [1], "active_model": "account.move", "active_ids": [document] });
    let mut values = json!({ "payment_date": "2026-11-19" });
    if let Some(amount) = amount {
        values["amount"] = json!(amount);
    }
    let body = json!({ "vals_list": [values], "context": context });
    let wizard = alice.call("account.payment.register/create", body).await;
    let body = json!({ "ids": wizard, "context": context });
    let action = alice
        .call("account.payment.register/action_create_payments", body)
        .await;
    assert_eq!(action["res_model"], "account.payment");
    action["res_id"].as_i64().expect("one payment")
}

/// The journal items of a document, one a line.
pub(crate) async fn items(alice: &Actor, document: i64) -> String {
    let fields = [
        "display_type",
        "account_code",
        "name",
        "balance",
        "amount_residual",
        "tax_base_amount",
        "date_maturity",
    ];
    let body = json!({ "domain": [["move_id", "=", document]], "order": "id", "fields": fields });
    let rows = call(alice, "account.move.line/search_read", body).await;
    let rows = rows.as_array().unwrap().iter();
    let lines = rows.map(|row| fields.map(|field| row[field].to_string()).join(" "));
    lines.collect::<Vec<_>>().join("\n")
}
