//! Calls one tool from the command line, without any server between:
//!
//! ```sh
//! ODOO_URL=http://127.0.0.1:8069 ODOO_DATABASE=prod ODOO_API_KEY=… \
//!     cargo run -p odoo-tools --example call -- list_invoices '{"overdue": true}'
//! ```

#![expect(clippy::print_stdout, reason = "the answer is what the example is for")]

use std::env;

use odoo_json2::{Clock, Odoo};
use odoo_tools::{Access, Registry, UserSession};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = env::args().skip(1);
    let tool = arguments.next().unwrap_or_else(|| "whoami".to_owned());
    let given = serde_json::from_str(&arguments.next().unwrap_or_else(|| "{}".to_owned()))?;

    let odoo = Odoo::builder(&env::var("ODOO_URL")?)
        .database(env::var("ODOO_DATABASE")?)
        .api_key(env::var("ODOO_API_KEY")?)
        .build()?;
    let user = UserSession::open(odoo, Clock::system()).await?;
    let outcome = Registry::standard()
        .call(&user, &[Access::Read], &tool, given)
        .await?;

    println!("{}\n\n{}", outcome.text, outcome.structured);
    Ok(())
}
