//! Measures what this crate itself costs per call: 20 invoices with four names each, from the typed
//! search to typed records, without any network. Odoo takes 10 to 20 ms for such a call.
//!
//! ```sh
//! cargo run --release -p odoo-json2 --example overhead
//! ```
#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]

use std::{convert::Infallible, time::Instant};

use bytes::Bytes;
use http::{Request, Response};
use odoo_json2::{Context, Date, Odoo, Record, Ref, field};
use serde_json::json;

#[derive(Record)]
#[odoo(model = "account.move")]
struct Invoice {
    id: i64,
    name: Option<String>,
    partner_id: Option<Ref>,
    company_id: Ref,
    currency_id: Ref,
    journal_id: Option<Ref>,
    invoice_date: Option<Date>,
    invoice_date_due: Option<Date>,
    amount_total: f64,
    amount_residual: f64,
    state: String,
    payment_state: String,
}

const ROUNDS: u32 = 20_000;

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let body = answer();
    let service = tower::service_fn(move |_: Request<Bytes>| {
        let response = Response::builder().header("content-type", "application/json");
        let body = body.clone();
        async move { Ok::<_, Infallible>(response.body(body).unwrap_or_default()) }
    });
    let odoo = Odoo::builder("https://odoo.example.com")
        .database("larkspur")
        .api_key("0123456789abcdef0123456789abcdef01234567")
        .context(
            Context::new()
                .lang("en_US")
                .tz("Europe/Rome")
                .companies([1, 2]),
        )
        .service(service)
        .build()?;

    let mut seen = 0.0;
    let start = Instant::now();
    for _ in 0..ROUNDS {
        let open = field("state").eq("posted") & field("amount_residual").gt(0);
        let page = odoo
            .search::<Invoice>(open)
            .order("invoice_date_due, id")
            .limit(20)
            .await?;
        seen += page.records.iter().map(sum).sum::<f64>();
    }
    let each = start.elapsed() / ROUNDS;
    println!("{each:?} per call of 20 invoices (checksum {seen:.0})");
    Ok(())
}

/// Touches every field, so that nothing is optimised away.
fn sum(invoice: &Invoice) -> f64 {
    let names = [&invoice.partner_id, &invoice.journal_id];
    let names: usize = names
        .into_iter()
        .flatten()
        .map(|named| named.name.len())
        .sum();
    let texts = invoice.state.len() + invoice.payment_state.len() + invoice.currency_id.name.len();
    let dates = [invoice.invoice_date, invoice.invoice_date_due];
    let dates = dates
        .into_iter()
        .flatten()
        .map(|date| f64::from(date.day()))
        .sum::<f64>();
    let texts = texts + names + invoice.name.as_deref().unwrap_or_default().len();
    let ids = (invoice.id + invoice.company_id.id) as f64;
    ids + dates + texts as f64 + invoice.amount_total + invoice.amount_residual
}

fn answer() -> Bytes {
    let record = |id: i64| {
        json!({
            "id": id, "name": format!("INV/2026/{id:05}"), "invoice_date": "2026-11-07",
            "partner_id": {"id": 9, "display_name": "Larkspur Botanical Garden"},
            "company_id": {"id": 1, "display_name": "Larkspur Instruments"},
            "currency_id": {"id": 1, "display_name": "USD"},
            "journal_id": {"id": 3, "display_name": "Customer Invoices"},
            "invoice_date_due": "2026-12-07", "amount_total": 31750.0, "amount_residual": 1750.5,
            "state": "posted", "payment_state": "partial",
        })
    };
    let records: Vec<_> = (1..=20).map(record).collect();
    json!({"length": 57, "records": records}).to_string().into()
}
