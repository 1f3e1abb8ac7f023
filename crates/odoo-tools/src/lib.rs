//! The tools an assistant works in Odoo with, and their registry.
//!
//! A tool is a struct: its fields are the arguments, its doc comment the description, [`Tool::run`]
//! the work. It is handed a [`UserSession`], a client already bound to one person's key, so it can
//! neither see nor do more than Odoo lets that person. The [`Registry`] lists tools and calls them;
//! [`UserSessions`] keeps sessions while they are used.
//!
//! This crate names neither HTTP nor a protocol. Whoever serves it translates [`ToolSpec`] into a
//! listing, [`Outcome`] into a result, and [`Refusal`] into whatever ends or widens a connection.
//!
//! ```no_run
//! use odoo_json2::{Clock, Odoo};
//! use odoo_tools::{Access, Registry, UserSession};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let odoo = Odoo::builder("https://odoo.example.com").database("prod").api_key("…").build()?;
//! let user = UserSession::open(odoo, Clock::system()).await?;
//! let registry = Registry::standard();
//! let overdue = serde_json::json!({"overdue": true}).as_object().cloned().unwrap_or_default();
//! let outcome = registry.call(&user, &[Access::Read], "list_invoices", overdue).await?;
//! assert!(!outcome.is_error, "{}", outcome.text);
//! # Ok(())
//! # }
//! ```

pub use access::Access;
pub use answer::{Amount, Answer, CAP, Named, Outcome, Page};
pub use error::{Failure, FailureKind, ToolError};
pub use instructions::INSTRUCTIONS;
pub use registry::{Refusal, Registry, RegistryBuilder, ToolSpec};
pub use session::{OpenError, UserSession};
pub use sessions::{SessionLimits, UserSessions};
pub use tool::Tool;

mod access;
mod accounting;
mod answer;
mod arguments;
mod characters;
mod currency;
mod cursor;
mod digest;
mod error;
mod expenses;
mod identity;
mod instructions;
mod listing;
mod markup;
mod people;
mod period;
mod projects;
mod recent;
mod registry;
mod schema;
mod session;
mod sessions;
mod sums;
mod text;
mod time_off;
mod tool;
mod upload;
mod words;
