//! The tools' figures against the records themselves: sums, balances and counts are worked out a second time from
//! single records, read as the same person without any tool, and must be equal to the cent.
//!
//! Runs on a real Odoo (`cargo xtask e2e`) and on the sandbox (plain `cargo test`). Not for the form of answers,
//! which the golden files hold.

use std::fmt::Display;

use anyhow::Context as _;
use odoo_json2::Odoo;
use serde_json::Value;

use crate::person::Person;
use crate::target::Target;

mod accounting;
mod bank;
mod expenses;
mod time_off;

/// What the comparison came to.
#[derive(Debug, Default)]
pub struct Figures {
    /// How many figures were compared.
    pub compared: usize,
    /// Those that are not equal, in words.
    pub differences: Vec<String>,
}

/// Compares all figures.
///
/// # Errors
/// When Odoo cannot be reached or lacks the demo company.
pub async fn check_figures(target: &Target) -> anyhow::Result<Figures> {
    let mut office = Office {
        target,
        figures: Figures::default(),
    };
    accounting::check(&mut office).await.context("accounting")?;
    bank::check(&mut office).await.context("bank")?;
    expenses::check(&mut office).await.context("expenses")?;
    time_off::check(&mut office).await.context("time off")?;
    Ok(office.figures)
}

/// Where the comparing is done.
struct Office<'a> {
    target: &'a Target,
    figures: Figures,
}

impl Office<'_> {
    /// The structured answer of a tool to a person; a failure of the tool is an error.
    async fn ask(&self, login: &str, tool: &str, arguments: Value) -> anyhow::Result<Value> {
        let person = Person::open(self.target, login).await?;
        let arguments = arguments.as_object().cloned().unwrap_or_default();
        let outcome = person.call(tool, arguments).await;
        anyhow::ensure!(
            outcome["is_error"] == false,
            "{tool} as {login}: {}",
            outcome["structured"]
        );
        Ok(outcome["structured"].clone())
    }

    /// A client with the same person's key, for direct questions.
    fn direct(&self, login: &str) -> anyhow::Result<Odoo> {
        Ok(Odoo::builder(self.target.url())
            .database(self.target.database())
            .api_key(self.target.key(login)?)
            .build()?)
    }

    /// Notes whether two amounts are the same to the cent.
    fn same(&mut self, what: impl Display, tool: f64, direct: f64) {
        self.holds(
            format!("{what}: the tool says {tool:.2}, the records {direct:.2}"),
            (tool - direct).abs() < 0.005,
        );
    }

    /// Notes whether something is as it must be; `what` says what would be wrong.
    fn holds(&mut self, what: impl Display, holds: bool) {
        self.figures.compared += 1;
        if !holds {
            self.figures.differences.push(what.to_string());
        }
    }
}
