//! How much memory a call takes at its most. A program of its own: the figures are those of all
//! threads of the process.
#![expect(
    clippy::unwrap_used,
    reason = "what a test cannot set up, it cannot pass"
)]

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{Request, Response};
use odoo_json2::{Clock, Odoo};
use odoo_tools::{Access, Registry, UserSession};
use peak_alloc::PeakAlloc;
use serde_json::{Map, Value, json};
use tower::Service;

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

const MIB: usize = 1024 * 1024;

/// The largest file that is taken.
const FILE: usize = 10 * MIB;

/// The Base64 of it.
const TEXT: usize = FILE.div_ceil(3) * 4;

/// What checking the arguments and telling repeated calls apart may take beside that.
const SPARE: usize = 4 * MIB;

/// An Odoo that takes files and keeps only their sizes.
#[derive(Clone, Default)]
struct Shelf {
    stored: Arc<Mutex<Vec<usize>>>,
}

impl Service<Request<Bytes>> for Shelf {
    type Response = Response<Bytes>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Bytes>) -> Self::Future {
        let path = request.uri().path().to_owned();
        if path.ends_with("ir.attachment/create") {
            self.stored.lock().unwrap().push(request.body().len());
        }
        let response = Response::builder()
            .header("content-type", "application/json; charset=utf-8")
            .body(Bytes::from(answer(&path).to_string()));
        ready(Ok(response.unwrap()))
    }
}

fn answer(path: &str) -> Value {
    let currency = json!({"id": 2, "display_name": "USD"});
    let company = json!({"id": 1, "display_name": "Larkspur", "currency_id": currency});
    match path.trim_start_matches("/json/2/") {
        "res.users/context_get" => json!({"uid": 7, "lang": "en_US", "tz": "Europe/Rome"}),
        "res.users/web_read" => json!([{
            "id": 7, "login": "emil", "name": "Emil Novak", "email": "emil@larkspur.example",
            "lang": "en_US", "tz": "Europe/Rome", "company_id": company, "company_ids": [company],
            "employee_id": {"id": 3, "display_name": "Emil Novak"}, "share": false,
        }]),
        "ir.model/get_available_models" => {
            json!([{"model": "hr.expense", "display_name": "Expense"}])
        }
        "ir.attachment/create" => json!([1180]),
        path if path.ends_with("/web_search_read") => json!({"length": 0, "records": []}),
        path if path.ends_with("/fields_get") => json!({}),
        _ => json!([]),
    }
}

/// A PDF of so many bytes, as it comes in an argument.
fn receipt(length: usize) -> Map<String, Value> {
    let mut bytes = vec![b' '; length];
    bytes[..9].copy_from_slice(b"%PDF-1.4\n");
    bytes[length - 6..].copy_from_slice(b"%%EOF\n");
    let content = STANDARD.encode(&bytes);
    let arguments = json!({"file_name": "receipt.pdf", "content": content});
    let Value::Object(arguments) = arguments else {
        unreachable!("it was written as one");
    };
    arguments
}

/// While a file is on its way there is, beside it, one text of it: the one it came as or Odoo's.
#[tokio::test]
async fn a_file_is_in_memory_once_beside_one_text_of_it() {
    let shelf = Shelf::default();
    let odoo = Odoo::builder("http://odoo.test")
        .database("larkspur")
        .api_key("0123456789abcdef0123456789abcdef01234567")
        .service(shelf.clone())
        .build()
        .unwrap();
    let noon = Clock::fixed("2026-11-18T12:00:00Z".parse().unwrap());
    let emil = UserSession::open(odoo, noon).await.unwrap();
    let registry = Registry::standard();
    // Once with a small file, so that what is kept for good is there already.
    for length in [1_000, FILE] {
        let before = MEMORY.current_usage();
        let arguments = receipt(length);
        MEMORY.reset_peak_usage();
        let outcome = registry
            .call(&emil, &Access::ALL, "upload_receipt", arguments)
            .await
            .unwrap();
        let peak = MEMORY.peak_usage() - before;
        assert!(
            peak < FILE + TEXT + SPARE,
            "{:.1} MiB for {length} bytes: {}",
            peak as f64 / MIB as f64,
            outcome.text
        );
    }
    let stored = shelf.stored.lock().unwrap().clone();
    assert!(stored[1] > TEXT && stored[1] < TEXT + 1_000, "{stored:?}");
}
