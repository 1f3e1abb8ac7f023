//! One of the people at work with the tools, over a client bound to their key.

use anyhow::Context as _;
use odoo_json2::{Clock, Odoo};
use odoo_tools::{Access, Refusal, Registry, UserSession};
use serde_json::{Map, Value, json};

use crate::target::Target;

/// Parts of answers that depend on the installation and not on the demo company.
const LOCAL: [&str; 2] = ["apps", "keys"];

/// Somebody with a session.
pub(crate) struct Person<'a> {
    target: &'a Target,
    registry: Registry,
    session: UserSession,
}

impl<'a> Person<'a> {
    /// The clock stands at noon of the anchor, so that "today" is the same everywhere.
    pub(crate) async fn open(target: &'a Target, login: &str) -> anyhow::Result<Self> {
        let odoo = Odoo::builder(target.url())
            .database(target.database())
            .api_key(target.key(login)?)
            .build()?;
        let noon = target.anchor().at(12, 0, 0, 0).in_tz("UTC")?.timestamp();
        let session = UserSession::open(odoo, Clock::fixed(noon))
            .await
            .with_context(|| format!("opening a session as {login}"))?;
        Ok(Self {
            target,
            registry: Registry::standard(),
            session,
        })
    }

    /// The names of the tools that this person is shown.
    pub(crate) fn visible(&self) -> Value {
        let tools = self.registry.visible_to(&self.session, &Access::ALL);
        tools.iter().map(|tool| json!(tool.name)).collect()
    }

    /// Calls a tool.
    pub(crate) async fn call(&self, tool: &str, arguments: Map<String, Value>) -> Value {
        match self
            .registry
            .call(&self.session, &Access::ALL, tool, arguments)
            .await
        {
            Ok(outcome) => json!({
                "is_error": outcome.is_error,
                "says_something": !outcome.text.is_empty(),
                "structured": outcome.structured,
            }),
            Err(Refusal::UnknownTool) => json!("unknown tool"),
            Err(Refusal::MissingScope(_)) => json!("missing scope"),
            Err(Refusal::KeyRejected) => json!("key rejected"),
        }
    }

    /// Hides ids, links and cursors, and leaves out what depends on the installation.
    pub(crate) fn hide(&self, value: &Value) -> Value {
        match value {
            Value::Array(items) => items.iter().map(|item| self.hide(item)).collect(),
            Value::Object(map) => {
                let kept = map.iter().filter(|(key, _)| !LOCAL.contains(&key.as_str()));
                kept.map(|(key, value)| (key.clone(), self.hide_field(key, value)))
                    .collect()
            }
            Value::String(text) => json!(text.replace(self.target.url(), "<odoo>")),
            other => other.clone(),
        }
    }

    fn hide_field(&self, key: &str, value: &Value) -> Value {
        match value {
            Value::Number(_) if key == "id" || key.ends_with("_id") => json!("#"),
            Value::String(_) if key == "next_cursor" => json!("<cursor>"),
            // The day on which the demo company was filled in.
            Value::String(_) if key == "decided_on" => json!("<day>"),
            // Which Odoo it is.
            Value::String(_) if key == "odoo" => json!("<host>"),
            Value::String(_) if key == "database" => json!("<database>"),
            Value::String(link) if key == "link" => {
                let link = link.replace(self.target.url(), "<odoo>");
                json!(link.trim_end_matches(|c: char| c.is_ascii_digit()))
            }
            other => self.hide(other),
        }
    }
}
