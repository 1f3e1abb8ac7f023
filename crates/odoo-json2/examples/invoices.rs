//! Reads invoices with their lines, then sums the books by type of account: two calls.
//!
//! ```sh
//! ODOO_URL=https://odoo.example.com ODOO_DATABASE=larkspur ODOO_API_KEY=… \
//!     cargo run -p odoo-json2 --example invoices
//! ```
#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]

use std::env;

use odoo_json2::{Context, Date, GroupRow, Odoo, Record, Ref, Selection, field};

#[derive(Debug, Record)]
#[odoo(model = "account.move")]
struct Invoice {
    id: i64,
    name: Option<String>,
    partner_id: Option<Ref>,
    invoice_date_due: Option<Date>,
    amount_residual: f64,
    currency_id: Ref,
    payment_state: PaymentState,
    #[odoo(limit = 5)]
    invoice_line_ids: Vec<Line>,
}

#[derive(Debug, Record)]
#[odoo(model = "account.move.line")]
struct Line {
    name: Option<String>,
    price_subtotal: f64,
}

#[derive(Debug, PartialEq, Selection)]
enum PaymentState {
    NotPaid,
    InPayment,
    Partial,
    Paid,
    Other(String),
}

#[derive(Debug, GroupRow)]
struct ByType {
    #[odoo(rename = "account_id.account_type")]
    account_type: Option<String>,
    #[odoo(rename = "balance:sum")]
    balance: f64,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let odoo = Odoo::builder(&env::var("ODOO_URL")?)
        .database(env::var("ODOO_DATABASE")?)
        .api_key(env::var("ODOO_API_KEY")?)
        .context(Context::new().lang("en_US"))
        .build()?;

    let open = field("move_type").eq("out_invoice")
        & field("state").eq("posted")
        & field("payment_state").in_([PaymentState::NotPaid, PaymentState::Partial]);
    let page = odoo
        .search::<Invoice>(open)
        .order("invoice_date_due, id")
        .limit(10)
        .await?;
    println!("{} of {} open invoices", page.records.len(), page.total);
    page.records.iter().for_each(print);

    let posted = field("parent_state").eq("posted");
    let books = odoo
        .group::<Line>(posted)
        .by("account_id.account_type")
        .sum("balance");
    for row in books.rows::<ByType>().await? {
        println!(
            "{:>14.2}  {}",
            row.balance,
            row.account_type.unwrap_or_default()
        );
    }
    Ok(())
}

fn print(invoice: &Invoice) {
    let name = invoice.name.as_deref().unwrap_or("draft");
    let customer = invoice
        .partner_id
        .as_ref()
        .map_or("nobody", |partner| &partner.name);
    let due = invoice
        .invoice_date_due
        .map(|date| date.to_string())
        .unwrap_or_default();
    let Invoice {
        id,
        amount_residual,
        currency_id,
        payment_state,
        ..
    } = invoice;
    println!("{id:>5} {name}  {customer}  due {due}  {payment_state}");
    println!("      {amount_residual:.2} {} to pay", currency_id.name);
    for line in &invoice.invoice_line_ids {
        println!(
            "      {:>10.2}  {}",
            line.price_subtotal,
            line.name.as_deref().unwrap_or("-")
        );
    }
}
