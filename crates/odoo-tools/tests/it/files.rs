//! Files handed over for invoices and bills: what is accepted, what is refused, and what is left
//! behind when something goes wrong.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::actors::{Actor, Company};
use crate::expenses_write::FILES;

/// The largest file that is taken.
const LARGEST: usize = 10 * 1024 * 1024;

const PDF: &[u8] = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n";

pub(crate) fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// A file of each type that is accepted, and its media type.
pub(crate) fn accepted() -> [(&'static str, Vec<u8>, &'static str); 5] {
    let mimetypes = [
        "application/pdf",
        "image/png",
        "image/jpeg",
        "image/webp",
        "image/heic",
    ];
    let mut files = FILES.into_iter();
    mimetypes.map(|mimetype| {
        let (name, bytes) = files.next().unwrap();
        (name, bytes.to_vec(), mimetype)
    })
}

/// How many files there are in Odoo, those of nobody too.
pub(crate) async fn stored(company: &Company) -> usize {
    let ada = company.client("ada");
    let found: Vec<i64> = ada
        .call("ir.attachment", "search")
        .arg("domain", json!([]))
        .read_only()
        .fetch()
        .await
        .unwrap();
    found.len()
}

/// A posted bill without files.
async fn bill(alice: &Actor) -> Value {
    let question = json!({"kind": "vendor_bill", "state": "posted", "company_id": 1, "limit": 1});
    let list = alice.ask("list_invoices", question).await;
    list["records"][0].clone()
}

#[tokio::test]
async fn a_file_becomes_the_main_document() {
    let company = Company::open().await;
    let alice = company.actor("alice").await;
    let bill = bill(&alice).await;
    let upload = |name: &str, bytes: &[u8]| {
        json!({"id": bill["id"], "file_name": name, "content": base64(bytes),
               "expected_number": bill["number"], "expected_partner": bill["partner"]["name"]})
    };
    let first = upload("one.pdf", PDF);
    insta::assert_snapshot!(alice.read("upload_invoice_attachment", first).await, @r"
    outcome: attached
    document: BILL/2026/11/0003 (#)
    kind: vendor_bill
    state: posted
    partner: Quill Office Supply (#)
    company: Larkspur Instruments (#)
    attachment: one.pdf (#)
    mimetype: application/pdf
    bytes: 45
    files: 1
    link: https://odoo.example/odoo/account.move/…
    ");
}

#[tokio::test]
async fn a_second_file_takes_its_place_and_the_same_file_is_not_stored_twice() {
    let company = Company::open().await;
    let alice = company.actor("alice").await;
    let bill = bill(&alice).await;
    let upload = |name: &str, bytes: &[u8]| json!({"id": bill["id"], "file_name": name, "content": base64(bytes)});
    alice
        .ask("upload_invoice_attachment", upload("one.pdf", PDF))
        .await;
    let png = accepted()[1].1.clone();
    let second = alice
        .ask("upload_invoice_attachment", upload("two.png", &png))
        .await;
    assert_eq!(second["outcome"], "attached");
    assert_eq!(second["previous_main"]["name"], "one.pdf");
    assert_eq!(second["files"], 2);
    // The same bytes again, under another name, are no new file.
    let again = alice
        .ask("upload_invoice_attachment", upload("again.png", &png))
        .await;
    assert_eq!(
        (&again["outcome"], &again["files"]),
        (&json!("already_attached"), &json!(2))
    );
    let back = alice
        .ask("upload_invoice_attachment", upload("back.pdf", PDF))
        .await;
    assert_eq!(back["outcome"], "made_main");
    let read = alice.ask("read_invoice", json!({"id": bill["id"]})).await;
    let names: Vec<&str> = read["attachments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|file| file["name"].as_str().unwrap())
        .collect();
    assert!(
        names.contains(&"one.pdf") && names.contains(&"two.png"),
        "{names:?}"
    );
}

#[tokio::test]
async fn no_file_is_fetched_to_be_compared() {
    let company = Company::open().await;
    let alice = company.actor("alice").await;
    let bill = bill(&alice).await;
    let upload = |name: &str| json!({"id": bill["id"], "file_name": name, "content": base64(PDF)});
    alice
        .ask("upload_invoice_attachment", upload("a.pdf"))
        .await;
    company.sandbox.reset_calls();
    alice
        .ask("upload_invoice_attachment", upload("b.pdf"))
        .await;
    let mut calls = company.sandbox.calls().into_iter().map(|call| call.path);
    assert!(calls.all(|path| !path.contains("ir.attachment")));
}

#[tokio::test]
async fn drafts_take_files_too() {
    let company = Company::open().await;
    let ada = company.actor("ada").await;
    let question = json!({"state": "draft", "limit": 1, "company_id": 1});
    let draft = ada.ask("list_invoices", question).await["records"][0]["id"].clone();
    let upload = json!({"id": draft, "file_name": "order.pdf", "content": base64(PDF)});
    let answer = ada.ask("upload_invoice_attachment", upload).await;
    assert_eq!(
        (&answer["outcome"], &answer["state"]),
        (&json!("attached"), &json!("draft"))
    );
}

#[tokio::test]
async fn who_may_only_read_is_refused_before_anything_is_stored() {
    let company = Company::open().await;
    let (alice, rosa) = (company.actor("alice").await, company.actor("rosa").await);
    let bill = bill(&alice).await;
    let before = stored(&company).await;
    let upload = json!({"id": bill["id"], "file_name": "x.pdf", "content": base64(PDF)});
    insta::assert_snapshot!(rosa.read("upload_invoice_attachment", upload.clone()).await, @r"
    error: no_access
    message: your rights in Odoo let you read BILL/2026/11/0003 but not change it, so no file can be attached
    next_step: Nothing was stored. Somebody with the right to enter invoices can attach the file.
    ");
    let make = json!({"file_name": "x.pdf", "content": base64(PDF)});
    insta::assert_snapshot!(rosa.read("create_bill_from_file", make).await, @r"
    error: no_access
    message: your rights in Odoo do not include entering bills
    next_step: Nothing was stored. Somebody with the right to enter invoices can create it.
    ");
    for login in ["emil", "tara", "hanna"] {
        let outcome = company
            .actor(login)
            .await
            .call("upload_invoice_attachment", upload.clone())
            .await;
        assert!(outcome.is_error, "{login}");
        let told = outcome
            .text
            .contains(bill["partner"]["name"].as_str().unwrap());
        assert!(!told, "{login} is told whose bill it is: {}", outcome.text);
    }
    assert_eq!(stored(&company).await, before);
}

#[tokio::test]
async fn another_document_than_expected_gets_no_file() {
    let company = Company::open().await;
    let alice = company.actor("alice").await;
    let bill = bill(&alice).await;
    let before = stored(&company).await;
    let mut told = String::new();
    for (key, value) in [
        ("expected_number", "BILL/1999/01/0001"),
        ("expected_partner", "Somebody Else"),
    ] {
        let mut upload = json!({"id": bill["id"], "file_name": "x.pdf", "content": base64(PDF)});
        upload[key] = json!(value);
        let outcome = alice.call("upload_invoice_attachment", upload).await;
        told += &outcome.text.replace(&bill["id"].to_string(), "…");
    }
    insta::assert_snapshot!(told, @r"
    error: invalid_arguments
    message: the document with the id … has BILL/2026/11/0003, not BILL/1999/01/0001
    next_step: Nothing was stored. Find the right one with list_invoices, and pass its id.error: invalid_arguments
    message: the document with the id … is of Quill Office Supply, not of Somebody Else
    next_step: Nothing was stored. Find the right one with list_invoices, and pass its id.
    ");
    assert_eq!(stored(&company).await, before);
}

#[tokio::test]
async fn pictures_and_documents_are_accepted_up_to_ten_mebibytes() {
    let company = Company::open().await;
    let alice = company.actor("alice").await;
    let mut made = String::new();
    for (name, mut bytes, mimetype) in accepted() {
        bytes.resize(LARGEST, b' ');
        let make = json!({"file_name": name, "content": base64(&bytes)});
        let answer = alice.ask("create_bill_from_file", make).await;
        let file = answer["main_document"]["id"].as_i64().unwrap();
        let kept = company.client("alice").download(file).await.unwrap();
        assert_eq!(
            (kept.mimetype.as_str(), kept.bytes.len()),
            (mimetype, LARGEST)
        );
        made += &format!("{}\n", answer["main_document"]["name"].as_str().unwrap());
    }
    insta::assert_snapshot!(made, @r"
    bill.pdf
    photo.png
    photo.jpg
    photo.webp
    photo.heic
    ");
}

/// What is no document or picture, or not whole, in the argument's form.
fn refused() -> Vec<(&'static str, String)> {
    let mut large = PDF.to_vec();
    large.resize(LARGEST + 1, b' ');
    let mut bomb = b"PK\x03\x04\x14\0\0\0\x08\0".to_vec();
    bomb.resize(40_000, 0);
    let files: [(&str, &[u8]); 9] = [
        ("one byte too many", &large),
        (
            "svg",
            b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        ),
        (
            "html",
            b"<!DOCTYPE html><html><script>alert(1)</script></html>",
        ),
        (
            "html with the mark of a pdf",
            b"<html><!-- %PDF-1.4 --></html>",
        ),
        ("exe", b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff"),
        ("zip bomb", &bomb),
        (
            "docx",
            b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0[Content_Types].xml word/document.xml",
        ),
        ("text", b"Please pay 100.00"),
        ("gif", b"GIF89a\x01\0\x01\0"),
    ];
    let files = files.map(|(what, bytes)| (what, base64(bytes)));
    files.into_iter().chain(not_encoded()).collect()
}

/// Texts that are no Base64 of a file.
fn not_encoded() -> [(&'static str, String); 6] {
    let page = base64(b"<html></html>");
    [
        ("empty", " ".to_owned()),
        ("bad base64", "%%%not base64%%%".to_owned()),
        ("half of a file", "JVBERi0xLjQKJSVFT0YK0".to_owned()),
        (
            "data url without base64",
            "data:application/pdf,%25PDF-1.4".to_owned(),
        ),
        (
            "data url of a page",
            format!("data:application/pdf;base64,{page}"),
        ),
        ("path", "/etc/passwd".to_owned()),
    ]
}

#[tokio::test]
async fn everything_else_is_refused_and_nothing_is_stored() {
    let company = Company::open().await;
    let alice = company.actor("alice").await;
    let before = stored(&company).await;
    let mut told = String::new();
    for (what, content) in refused() {
        let make = json!({"file_name": "bill.pdf", "content": content});
        let outcome = alice.call("create_bill_from_file", make).await;
        assert!(outcome.is_error, "{what}");
        told += &format!(
            "{what}: {}\n",
            outcome.structured["message"].as_str().unwrap()
        );
    }
    insta::assert_snapshot!(told, @r"
    one byte too many: the file is larger than 10 MiB
    svg: `content` is of no known type, which is not a file type that can be attached
    html: `content` is of type text/html, which is not a file type that can be attached
    html with the mark of a pdf: `content` is no PDF as a whole: it does not begin as one
    exe: `content` is of type application/vnd.microsoft.portable-executable, which is not a file type that can be attached
    zip bomb: `content` is of type application/zip, which is not a file type that can be attached
    docx: `content` is of type application/zip, which is not a file type that can be attached
    text: `content` is of no known type, which is not a file type that can be attached
    gif: `content` is of type image/gif, which is not a file type that can be attached
    empty: `content` is missing; this tool cannot work without it
    bad base64: `content` is not Base64, or only a part of it arrived
    half of a file: `content` is not Base64, or only a part of it arrived
    data url without base64: `content` is a data: URL, but not one with Base64 in it
    data url of a page: `content` is of type text/html, which is not a file type that can be attached
    path: `content` is not Base64, or only a part of it arrived
    ");
    assert_eq!(stored(&company).await, before);
}

#[tokio::test]
async fn names_of_files_are_made_harmless() {
    let company = Company::open().await;
    let alice = company.actor("alice").await;
    let mut kept = String::new();
    for name in [
        "../../../etc/passwd",
        "C:\\Users\\a\\bill.pdf.exe",
        "bill\u{202e}fdp.exe",
        "a\0b\r\nc.pdf",
        "<script>alert(1)</script>.pdf",
        ".htaccess",
        "CON",
        "März 2026 – Rechnung.pdf",
    ] {
        let make = json!({"file_name": name, "content": base64(PDF)});
        let answer = alice.call("create_bill_from_file", make).await.structured;
        kept += &format!("{name:?}: {}\n", answer["main_document"]["name"]);
    }
    let long = json!({"file_name": "x".repeat(900), "content": base64(PDF)});
    let answer = alice.ask("create_bill_from_file", long).await;
    assert!(answer["main_document"]["name"].as_str().unwrap().len() < 100);
    insta::assert_snapshot!(kept, @r#"
    "../../../etc/passwd": "passwd.pdf"
    "C:\\Users\\a\\bill.pdf.exe": "bill.pdf"
    "bill\u{202e}fdp.exe": "billfdp.pdf"
    "a\0b\r\nc.pdf": "ab c.pdf"
    "<script>alert(1)</script>.pdf": "script.pdf"
    ".htaccess": "htaccess.pdf"
    "CON": "CON.pdf"
    "März 2026 – Rechnung.pdf": "März 2026 – Rechnung.pdf"
    "#);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    /// Whatever is handed over, it is either stored under a harmless name or refused with a reason.
    #[test]
    fn no_name_and_no_bytes_do_harm(
        name in ".{0,200}",
        bytes in proptest::collection::vec(any::<u8>(), 0..400),
        as_pdf in any::<bool>(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let alice = Company::shared().actor("alice").await;
            let bytes = if as_pdf { [PDF, &bytes].concat() } else { bytes };
            let make = json!({"file_name": name, "content": base64(&bytes), "vendor": "no such vendor"});
            let outcome = alice.call("create_bill_from_file", make).await;
            // The vendor is unknown, so that nothing is stored in the company that all tests share.
            prop_assert!(outcome.is_error);
            prop_assert!(!outcome.structured["next_step"].as_str().unwrap().is_empty());
            Ok(())
        })?;
    }
}
