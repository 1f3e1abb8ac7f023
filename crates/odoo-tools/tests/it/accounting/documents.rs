//! Single documents: other currencies, credit notes, and more lines than an answer holds.

use odoo_json2::{Command, Values, field};
use serde_json::json;

use super::{assert_close, number};
use crate::actors::{Company, as_person};

#[tokio::test]
async fn a_document_in_another_currency_tells_both() {
    let alice = as_person("alice").await;
    let question = json!({"partner": "sandvik", "company_id": 1, "payment": "partial", "limit": 1});
    insta::assert_snapshot!(alice.read("list_invoices", question.clone()).await, @r"
    total: 2
    returned: 1
    truncated: yes
    next_cursor: …
    link: https://odoo.example/odoo/account.move/{id}

    ## records
    |id|number|kind|partner|date|due_date|days_overdue|total|due|currency|company_total|company_due|company_currency|state|payment|reference|
    |-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|-|
    |…|INV/2026/00030|customer_invoice|Optik Sandvik (#)|2026-06-23|2026-07-23|118|15956.2|15456.2|EUR|17343.7|16800.22|USD|posted|partial|PO-4134|
    ");
    let list = alice.ask("list_invoices", question).await;
    let id = list["records"][0]["id"].clone();
    let invoice = alice.ask("read_invoice", json!({"id": id})).await;
    insta::assert_json_snapshot!(invoice["in_company_currency"], @r#"
    {
      "currency": "USD",
      "untaxed": 17343.7,
      "tax": 0,
      "total": 17343.7,
      "due": 16800.22
    }
    "#);
}

/// A refund settles the invoice it takes back, and each names the other.
#[tokio::test]
async fn a_credit_note_shows_on_both_documents() {
    let alice = as_person("alice").await;
    let list = alice
        .ask("list_invoices", json!({"payment": "reversed"}))
        .await;
    let invoice = json!({"id": list["records"][0]["id"]});
    let invoice = alice.ask("read_invoice", invoice).await;
    let settled = &invoice["payments"][0];
    assert_eq!(
        (&settled["credit_note"], &settled["amount"]),
        (&json!(true), &invoice["total"])
    );
    let refund = alice
        .ask("read_invoice", json!({"id": settled["document_id"]}))
        .await;
    assert_eq!(refund["kind"], "customer_refund");
    assert_eq!(refund["payments"][0]["document_id"], invoice["id"]);
    let list = alice
        .ask("list_invoices", json!({"kind": "customer_refund"}))
        .await;
    assert!(
        list["note"]
            .as_str()
            .unwrap()
            .starts_with("amounts of refunds")
    );
}

/// Sections and notes stand between the lines they belong to, and the list goes on to its end.
#[tokio::test]
async fn a_long_document_is_read_to_its_end() {
    let company = Company::open().await;
    let alice = company.actor("alice").await;
    let id = long_draft(&company).await;
    let first = alice.ask("read_invoice", json!({"id": id})).await;
    assert!(first.get("number").is_none());
    assert_eq!(
        (&first["state"], &first["truncated"]),
        (&json!("draft"), &json!(true))
    );
    let mut lines = first["lines"].as_array().unwrap().clone();
    assert_eq!(lines[0], json!({"kind": "section", "text": "Section"}));
    let mut cursor = first["next_cursor"].clone();
    while !cursor.is_null() {
        let page = alice
            .ask("read_invoice", json!({"id": id, "cursor": cursor}))
            .await;
        lines.extend(page["records"].as_array().unwrap().clone());
        assert_eq!(page["total"], 452);
        cursor = page["next_cursor"].clone();
    }
    assert_eq!(lines.len(), 452);
    assert_eq!(lines[451], json!({"kind": "note", "text": "Note"}));
    let untaxed: f64 = lines
        .iter()
        .filter_map(|line| line["untaxed"].as_f64())
        .sum();
    assert_close(untaxed, number(&first["untaxed"]));
    assert_eq!(lines[1]["discount_percent"], 10);
}

#[tokio::test]
async fn a_cursor_of_lines_goes_with_its_document() {
    let company = Company::open().await;
    let alice = company.actor("alice").await;
    let id = long_draft(&company).await;
    let named = json!({"id": id}).as_object().cloned().unwrap();
    let numbered = json!({"number": "LONG"}).as_object().cloned().unwrap();
    let mut given = Vec::new();
    // A document that was asked for by its reference is found by it again.
    for asked in [named, numbered] {
        let first = alice.ask("read_invoice", asked.clone().into()).await;
        let mut on = asked;
        on.insert("cursor".to_owned(), first["next_cursor"].clone());
        let page = alice.ask("read_invoice", on.into()).await;
        assert_eq!(
            (&page["total"], &page["returned"]),
            (&json!(452), &json!(200))
        );
        given.push(first["next_cursor"].clone());
    }
    let mut told = String::new();
    for wrong in [
        json!({"id": id + 1, "cursor": given[0]}),
        json!({"id": id, "cursor": "lines:1:1:1"}),
    ] {
        told += &alice.read("read_invoice", wrong).await;
    }
    insta::assert_snapshot!(told, @r"
    error: invalid_arguments
    message: `cursor` continues another question: it came with other arguments, or to another person
    next_step: Pass exactly the arguments of the call that gave it (`limit` may differ); or leave `cursor` out to begin this question at the top.
    error: invalid_arguments
    message: `cursor` is none that this tool gave out
    next_step: Pass `next_cursor` of the previous answer unchanged; or leave `cursor` out to begin at the top.
    ");
}

/// A draft with a section, 450 lines that share nine places in the order, and a note.
async fn long_draft(company: &Company) -> i64 {
    let line = |number: u32| {
        Values::new()
            .set("name", format!("Item {number}"))
            .set("quantity", 2)
            .set("price_unit", 10.5)
            .set("discount", 10)
            .set("sequence", 10 + number / 50)
    };
    let remark = |kind: &str, name: &str, sequence: u32| {
        let values = Values::new().set("display_type", kind).set("name", name);
        Command::Create(values.set("sequence", sequence))
    };
    let mut lines = vec![
        remark("line_note", "Note", 99),
        remark("line_section", "Section", 1),
    ];
    lines.extend((0..450).map(|number| Command::Create(line(number))));
    let odoo = company.client("alice");
    let customer = odoo
        .search_ids("res.partner", field("name").eq("Calloway Foods"), "", 1)
        .await;
    let draft = Values::new()
        .set("move_type", "out_invoice")
        .set("partner_id", customer.unwrap()[0])
        .set("ref", "LONG")
        .set("invoice_line_ids", lines);
    odoo.create("account.move", [draft]).await.unwrap()[0]
}
