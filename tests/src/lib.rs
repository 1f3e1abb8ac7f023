//! The contract suite: the same questions to the sandbox and to a real Odoo, and the tools asked on both.
//!
//! A case names a person and one or several requests; running it gives an observation in which ids have
//! become names and clock times are hidden, so that two Odoos with the same demo company must give the same.
//! What a real Odoo answered is kept in `golden/`; plain `cargo test` compares the sandbox with it, and
//! `cargo xtask e2e` records it anew. Where the two differ, the sandbox is wrong.
//!
//! The requests are written as JSON and sent as they are: a mistake of our own client cannot hide here.

mod answer;
mod case;
mod difference;
mod domain_ids;
mod figures;
mod golden;
mod labels;
mod masks;
mod media_type;
mod metadata;
mod observe;
mod person;
mod placeholder;
mod step;
mod suite;
mod target;
mod tools;
mod typed;

pub use answer::only_database;
pub use difference::differences;
pub use figures::{Figures, check_figures};
pub use golden::{Golden, golden_folder};
pub use suite::{Observations, observe_contract};
pub use target::Target;
pub use tools::observe_tools;
