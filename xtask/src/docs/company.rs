//! The demo company that answers the examples, on a day that does not pass.

use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};
use jiff::Timestamp;
use odoo_json2::{Clock, Odoo};
use odoo_sandbox::{Person, Sandbox};
use odoo_tools::{Access, Registry, UserSession};
use serde_json::{Map, Value};

use super::Entry;
use super::examples;

/// The moment of all examples.
const NOON: &str = "2026-11-18T12:00:00Z";
/// Where people open Odoo, in links.
const WEB_URL: &str = "https://odoo.example.com";

/// A sandbox with everybody signed in.
pub(crate) struct Company {
    sandbox: Sandbox,
    registry: Registry,
    sessions: BTreeMap<String, (Odoo, UserSession)>,
}

/// What came of an example.
pub(crate) struct Answer {
    /// The arguments, with the ids of the demo company in them.
    pub(crate) arguments: Map<String, Value>,
    /// The answer as Markdown.
    pub(crate) text: String,
    /// The calls to Odoo, as `model/method`, without those that only ask which fields may be read.
    pub(crate) calls: Vec<String>,
}

impl Company {
    /// A new one, with all applications.
    pub(crate) async fn open() -> anyhow::Result<Self> {
        let noon: Timestamp = NOON.parse()?;
        let sandbox = Sandbox::builder().clock(move || noon).start().await?;
        let mut sessions = BTreeMap::new();
        for person in sandbox.people() {
            let odoo = Odoo::builder(sandbox.url())
                .database(sandbox.database())
                .api_key(sandbox.mint_key(&person.login))
                .build()?;
            let session = UserSession::open(odoo.clone(), Clock::fixed(noon)).await?;
            let session = session.with_web_url(WEB_URL.parse()?);
            sessions.insert(person.login.clone(), (odoo, session));
        }
        Ok(Self {
            sandbox,
            registry: Registry::standard(),
            sessions,
        })
    }

    /// The people, in the order of their introduction.
    pub(crate) fn people(&self) -> &[Person] {
        self.sandbox.people()
    }

    /// Who is shown a tool, by login.
    pub(crate) fn audience(&self, tool: &str) -> Vec<&str> {
        let sees = |person: &&Person| {
            self.sessions.get(&person.login).is_some_and(|(_, user)| {
                let shown = self.registry.visible_to(user, &Access::ALL);
                shown.iter().any(|spec| spec.name == tool)
            })
        };
        let people = self.people().iter().filter(sees);
        people.map(|person| person.login.as_str()).collect()
    }

    /// Asks a tool its example. One that changes something is asked in a company of its own.
    pub(crate) async fn ask(&self, entry: &Entry<'_>) -> anyhow::Result<Answer> {
        if entry.spec.access.is_read_only() {
            return self.ask_here(entry).await;
        }
        Self::open().await?.ask_here(entry).await
    }

    async fn ask_here(&self, entry: &Entry<'_>) -> anyhow::Result<Answer> {
        let example = &entry.example;
        let person = self.sessions.get(&example.person);
        let (odoo, user) = person.with_context(|| format!("nobody is {}", example.person))?;
        let filled = examples::fill(odoo, &example.arguments).await;
        let arguments = filled.map_err(anyhow::Error::from_boxed)?;
        if entry.spec.access.is_read_only() {
            // What is asked once in a session, such as fiscal years, does not count.
            let first = self
                .registry
                .call(user, &Access::ALL, &example.tool, arguments.clone());
            drop(first.await?);
        }
        self.sandbox.reset_calls();
        let outcome = self
            .registry
            .call(user, &Access::ALL, &example.tool, arguments.clone())
            .await?;
        ensure!(!outcome.is_error, "{}: {}", example.tool, outcome.text);
        let calls = self.sandbox.calls();
        let calls = calls
            .iter()
            .map(|call| call.path.trim_start_matches("/json/2/").to_owned());
        Ok(Answer {
            arguments,
            text: outcome.text,
            calls: calls
                .filter(|call| !call.ends_with("/fields_get"))
                .collect(),
        })
    }
}
