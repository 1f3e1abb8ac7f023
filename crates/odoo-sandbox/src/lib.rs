//! An in-process look-alike of Odoo 19 with a demo company, for demos and tests.
//!
//! It answers JSON-2 and the sign-in endpoints as a real Odoo does, record rules and error texts included, over tables
//! in memory. It is not for production data, and it knows nothing of the programs that talk to it.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let odoo = odoo_sandbox::Sandbox::builder().start().await?;
//! let key = odoo.mint_key("alice");
//! println!("POST {}/json/2/res.users/context_get  Authorization: Bearer {key}", odoo.url());
//! # Ok(())
//! # }
//! ```

mod base;
pub mod demo;
mod engine;
mod http;
mod load;
mod models;
mod sandbox;
mod state;

pub use http::fault::Fault;
pub use sandbox::{Person, Sandbox, SandboxBuilder, StartError};
pub use state::RecordedCall;
