//! What this server itself costs per call of a tool: 20 invoices, from the arguments to both forms of the answer.
//!
//! Odoo is a service in the same process that answers from memory, so that no socket and no Odoo is in the figures.
//!
//! ```sh
//! cargo bench -p odoo-tools
//! ```

#![expect(
    clippy::expect_used,
    reason = "a measurement that cannot run should say why"
)]

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::hint::black_box;
use std::task::{Context, Poll};

use bytes::Bytes;
use criterion::{Criterion, criterion_group, criterion_main};
use http::{Request, Response};
use jiff::Timestamp;
use odoo_json2::{Clock, Date, Odoo, Record, Ref};
use odoo_tools::{Access, Registry, UserSession};
use serde_json::{Map, Value, json};
use tokio::runtime::{Builder, Runtime};
use tower::Service;

/// An Odoo that answers from memory.
#[derive(Clone)]
struct Memory {
    invoices: Bytes,
    user: Bytes,
}

impl Memory {
    fn new() -> Self {
        let rows: Vec<Value> = (0..20).map(invoice).collect();
        let company = |id: i64, name: &str| json!({"id": id, "display_name": name, "currency_id": {"id": 1, "display_name": "USD"}});
        let companies = [
            company(1, "Larkspur Instruments"),
            company(2, "Larkspur Nordic"),
        ];
        let user = json!([{
            "id": 7, "login": "alice", "name": "Alice Marchetti", "email": "alice@larkspur.example",
            "lang": "en_US", "tz": "Europe/Rome", "company_id": companies[0], "company_ids": companies,
            "employee_id": {"id": 3, "display_name": "Alice Marchetti"}, "share": false,
        }]);
        Self {
            invoices: json!({"length": 134, "records": rows}).to_string().into(),
            user: user.to_string().into(),
        }
    }
}

fn invoice(number: i64) -> Value {
    let named = |id: i64, name: &str| json!({"id": id, "display_name": name});
    json!({
        "id": 1000 + number,
        "name": format!("INV/2026/{:05}", 140 - number),
        "move_type": "out_invoice",
        "partner_id": named(40 + number % 12, "Hollis Water Board"),
        "invoice_date": format!("2026-10-{:02}", 28 - number),
        "invoice_date_due": format!("2026-11-{:02}", 27 - number),
        "amount_total": 2449.55,
        "amount_residual": if number % 2 == 0 { 1949.55 } else { 0.0 },
        "currency_id": named(1, "USD"),
        "state": "posted",
        "payment_state": if number % 2 == 0 { "partial" } else { "paid" },
        "ref": if number % 3 == 0 { json!(format!("PO-{}", 4100 + number)) } else { json!(false) },
        "company_id": named(1, "Larkspur Instruments"),
    })
}

impl Service<Request<Bytes>> for Memory {
    type Response = Response<Bytes>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Bytes>) -> Self::Future {
        let body = match request.uri().path() {
            "/json/2/account.move/web_search_read" => self.invoices.clone(),
            "/json/2/res.users/context_get" => {
                Bytes::from_static(br#"{"uid": 7, "lang": "en_US", "tz": "Europe/Rome"}"#)
            }
            "/json/2/res.users/web_read" => self.user.clone(),
            "/json/2/ir.model/get_available_models" => Bytes::from_static(
                br#"[{"model": "account.move", "display_name": "Journal Entry"}]"#,
            ),
            _ => Bytes::from_static(b"{}"),
        };
        let response = Response::builder()
            .header("content-type", "application/json; charset=utf-8")
            .body(body);
        ready(Ok(response.expect("a response")))
    }
}

fn client(memory: &Memory) -> Odoo {
    Odoo::builder("http://odoo.test")
        .database("larkspur")
        .api_key("0123456789abcdef0123456789abcdef01234567")
        .service(memory.clone())
        .build()
        .expect("a client")
}

/// The fields that `list_invoices` reads, for the client's own share.
#[expect(dead_code, reason = "only decoding is measured")]
#[derive(Record)]
#[odoo(model = "account.move")]
struct Row {
    id: i64,
    name: Option<String>,
    move_type: String,
    partner_id: Option<Ref>,
    invoice_date: Option<Date>,
    invoice_date_due: Option<Date>,
    amount_total: f64,
    amount_residual: f64,
    currency_id: Ref,
    state: String,
    payment_state: Option<String>,
    #[odoo(rename = "ref")]
    reference: Option<String>,
    company_id: Option<Ref>,
}

fn runtime() -> Runtime {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}

fn twenty_invoices(criterion: &mut Criterion) {
    let runtime = runtime();
    let memory = Memory::new();
    let odoo = client(&memory);
    let noon: Timestamp = "2026-11-18T12:00:00Z".parse().expect("a moment");
    let opened = runtime.block_on(UserSession::open(odoo.clone(), Clock::fixed(noon)));
    let user = opened.expect("a session");
    let registry = Registry::standard();
    let mut group = criterion.benchmark_group("20 invoices");
    group.bench_function("client alone", |bencher| {
        bencher.to_async(&runtime).iter(|| async {
            let page = odoo
                .search::<Row>(odoo_json2::Domain::all())
                .limit(20)
                .await;
            black_box(page.expect("invoices"));
        });
    });
    group.bench_function("list_invoices", |bencher| {
        bencher.to_async(&runtime).iter(|| async {
            let outcome = registry
                .call(&user, &[Access::Read], "list_invoices", Map::new())
                .await
                .expect("an outcome");
            assert!(!outcome.is_error, "{}", outcome.text);
            black_box(outcome);
        });
    });
    group.finish();
}

criterion_group!(benches, twenty_invoices);
criterion_main!(benches);
