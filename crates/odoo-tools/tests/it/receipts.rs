//! Receipts: files to an expense, before and after it is handed in, and drafts made of files.

use serde_json::{Value, json};

use crate::expenses_write::{FILES, draft, encoded, pdf, person};

#[tokio::test]
async fn every_type_of_file_is_attached_and_becomes_the_main_one() {
    let (_company, emil) = person("emil").await;
    let id = draft(&emil, "Lunch").await;
    for (name, bytes) in FILES {
        let receipt = json!({"id": id, "file_name": name, "content": encoded(bytes)});
        let answer = emil.ask("upload_receipt", receipt).await;
        assert_eq!(answer["outcome"], "attached", "{name}");
        let files = answer["expense"]["files"].as_array().unwrap();
        let main: Vec<&Value> = files.iter().filter(|file| file["main"] == true).collect();
        assert_eq!(main.len(), 1, "{name}");
        assert_eq!(main[0]["name"], name);
    }
    let again = json!({"id": id, "file_name": "bill.pdf", "content": format!("{}\n", pdf())});
    let answer = emil.ask("upload_receipt", again).await;
    assert_eq!(answer["outcome"], "already_attached");
    assert_eq!(answer["expense"]["receipts"], 5);
}

#[tokio::test]
async fn a_file_is_known_by_its_content_and_not_by_its_name() {
    let (_company, emil) = person("emil").await;
    let id = draft(&emil, "Lunch").await;
    let scan = |name: &str, end: &str| {
        let content = encoded(format!("%PDF-1.4\n1 0 obj\n<<>>\nendobj\n{end}").as_bytes());
        json!({"id": id, "file_name": name, "content": content})
    };
    let mut told = Vec::new();
    for file in [
        scan("scan.pdf", "%%EOF\n"),
        // As long as the first.
        scan("scan.pdf", "%%EOF "),
        scan("again.pdf", "%%EOF\n"),
    ] {
        let answer = emil.ask("upload_receipt", file).await;
        told.push(answer["outcome"].clone());
    }
    assert_eq!(told, ["attached", "attached", "already_attached"]);
}

#[tokio::test]
async fn other_files_are_refused_and_nothing_is_stored() {
    let (company, emil) = person("emil").await;
    let id = draft(&emil, "Lunch").await;
    company.sandbox.reset_calls();
    let zip = encoded(b"PK\x03\x04aaaa");
    let html = encoded(b"<html><script>alert(1)</script></html>");
    let mut told = String::new();
    for content in [
        zip.as_str(),
        html.as_str(),
        "%%% no base64",
        "JVBERi0xLjQ",
        "AAAA",
    ] {
        for id in [id.clone(), Value::Null] {
            let wrong = json!({"id": id, "file_name": "../../bill.pdf", "content": content});
            let outcome = emil.call("upload_receipt", wrong).await;
            assert!(outcome.is_error, "{content}");
            if id.is_null() {
                told += &format!("{}\n\n", outcome.structured["message"].as_str().unwrap());
            }
        }
    }
    insta::assert_snapshot!(told, @r"
    `content` is of type application/zip, which is not a file type that can be attached

    `content` is of type text/html, which is not a file type that can be attached

    `content` is not Base64, or only a part of it arrived

    the file arrived incomplete: 8 bytes of a PDF came, and its end is missing

    `content` is of no known type, which is not a file type that can be attached
    ");
}

#[tokio::test]
async fn after_handing_in_a_receipt_comes_with_a_message() {
    let (_company, emil) = person("emil").await;
    let id = draft(&emil, "Lunch").await;
    emil.ask("submit_expense", json!({"id": id})).await;
    let receipt = json!({"id": id, "file_name": "late.pdf", "content": pdf()});
    insta::assert_snapshot!(emil.read("upload_receipt", receipt).await, @r"
    outcome: attached_by_message
    link: https://odoo.example/odoo/hr.expense/…
    hints: The expense is submitted, so you can no longer change it; the file was added with a message, which the approver sees.

    ## expense
    id: …
    name: Lunch
    state: submitted
    date: 2026-11-18
    employee: Emil Novak (#)
    category: [FOOD] Meals (#)
    amount: 12.5
    currency: USD
    receipts: 1
    approver: Tara Lindqvist (#)
    department: Workshop (#)
    account: Expenses (#)
    you_may: reset

    ### files
    |id|name|mimetype|bytes|main|
    |-|-|-|-|-|
    |…|late.pdf|application/pdf|48|yes|
    ");
}

/// A file without an expense, and with a path in its name.
fn file_alone() -> Value {
    json!({"file_name": "..\\..\\bill.pdf", "content": pdf()})
}

#[tokio::test]
async fn a_file_alone_makes_a_draft() {
    let (_company, emil) = person("emil").await;
    let answer = emil.read("upload_receipt", file_alone()).await;
    let id = emil.ask("upload_receipt", file_alone()).await["expense"]["id"].clone();
    insta::assert_snapshot!(answer.replace(&id.to_string(), "…"), @r"
    outcome: created
    link: https://odoo.example/odoo/hr.expense/…
    hints: It is a draft without an amount: fill it in with create_expense and `draft_id` …, then hand it in with submit_expense.

    ## expense
    id: …
    name: Untitled Expense 11/18/2026
    state: draft
    date: 2026-11-18
    employee: Emil Novak (#)
    category: [EXP_GEN] Expenses (#)
    amount: 0
    currency: USD
    receipts: 1
    department: Workshop (#)
    account: Expenses (#)
    you_may: edit

    ### files
    |id|name|mimetype|bytes|main|
    |-|-|-|-|-|
    |…|bill.pdf|application/pdf|48|yes|
    ");
}

#[tokio::test]
async fn the_draft_of_a_file_is_filled_in_before_it_is_handed_in() {
    let (_company, emil) = person("emil").await;
    let id = emil.ask("upload_receipt", file_alone()).await["expense"]["id"].clone();
    insta::assert_snapshot!(emil.read("submit_expense", json!({"id": id})).await, @r"
    error: invalid_arguments
    message: the expense comes to nothing yet, so it cannot be handed in
    next_step: Fill it in with create_expense and its id as `draft_id`, then submit it.
    ");
    let filled = json!({"draft_id": id, "name": "Phone bill", "category": "comm", "amount": 25});
    let filled = emil.ask("create_expense", filled).await;
    assert_eq!(filled["outcome"], "completed");
    assert_eq!(filled["expense"]["id"], id);
    let handed_in = emil.ask("submit_expense", json!({"id": id})).await;
    assert_eq!(handed_in["outcome"], "submitted");
    let late = json!({"draft_id": id, "name": "Phone bill", "category": "comm", "amount": 26});
    insta::assert_snapshot!(emil.read("create_expense", late).await.replace(&id.to_string(), "…"), @r"
    error: refused_by_odoo
    message: expense … is submitted, so it cannot be filled in any more
    next_step: Leave `draft_id` out to make a new one.
    ");
}

/// The calls to Odoo that a write makes: what it must know, the write, and the look at what became of it.
#[tokio::test]
async fn writes_make_few_calls() {
    let (company, emil) = person("emil").await;
    let id = draft(&emil, "First").await;
    let mut made = String::new();
    for (tool, question) in [
        (
            "create_expense",
            json!({"name": "Lunch", "category": "meals", "amount": 12.5}),
        ),
        (
            "upload_receipt",
            json!({"id": id, "file_name": "a.pdf", "content": pdf()}),
        ),
        (
            "upload_receipt",
            json!({"file_name": "b.pdf", "content": pdf()}),
        ),
        ("submit_expense", json!({"id": id})),
        (
            "upload_receipt",
            // Another file than the first, which would not be stored twice.
            json!({"id": id, "file_name": "c.png", "content": encoded(FILES[1].1)}),
        ),
    ] {
        company.sandbox.reset_calls();
        emil.ask(tool, question).await;
        let calls = company.sandbox.calls();
        let calls: Vec<&str> = calls
            .iter()
            .map(|call| call.path.trim_start_matches("/json/2/"))
            .collect();
        made += &format!("{tool}: {}\n", calls.join(" "));
    }
    insta::assert_snapshot!(made, @r"
    create_expense: product.product/web_search_read hr.expense/create hr.expense/web_search_read
    upload_receipt: hr.expense/web_search_read hr.expense/has_access ir.attachment/create ir.attachment/register_as_main_attachment hr.expense/web_search_read
    upload_receipt: ir.attachment/create hr.expense/create_expense_from_attachments hr.expense/write hr.expense/web_search_read
    submit_expense: hr.expense/web_search_read hr.expense/action_submit hr.expense/web_search_read
    upload_receipt: hr.expense/web_search_read hr.expense/has_access ir.attachment/create hr.expense/message_post hr.expense/web_search_read
    ");
}
