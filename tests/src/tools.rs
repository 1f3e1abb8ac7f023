//! The tool journeys: every tool asked by every person, on the sandbox and on a real Odoo.

use std::collections::BTreeMap;

use anyhow::Context as _;
use odoo_json2::{Clock, Odoo};
use odoo_tools::{Access, Refusal, Registry, UserSession};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::labels::Labels;
use crate::placeholder::Placeholders;
use crate::suite::Observations;
use crate::target::Target;

/// What is asked, of which each person gets an answer.
const JOURNEYS: &str = include_str!("../cases/tools.json");

/// The people, by login.
const PEOPLE: [&str; 5] = ["alice", "emil", "tara", "hanna", "ada"];

/// Parts of answers that depend on the installation and not on the demo company.
const LOCAL: [&str; 2] = ["apps", "keys"];

/// One call of a tool.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Journey {
    /// Name, unique.
    name: String,
    /// The tool.
    tool: String,
    /// Its arguments, with placeholders.
    #[serde(default)]
    arguments: Map<String, Value>,
    /// Field of the answer to a `list_…` call whose first entry's `id` is passed on as `id`.
    first_of: Option<First>,
    /// How many further pages to ask for.
    #[serde(default)]
    further_pages: usize,
}

/// Where the id for a `read_…` tool comes from.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct First {
    tool: String,
    arguments: Map<String, Value>,
    list: String,
}

/// Calls all tools as all people.
///
/// # Errors
/// When Odoo cannot be reached or lacks the demo company.
pub async fn observe_tools(target: &Target, only: Option<&str>) -> anyhow::Result<Observations> {
    let labels = Labels::read(target)
        .await
        .context("reading the names of the demo company")?;
    let placeholders = Placeholders {
        labels: &labels,
        anchor: target.anchor(),
        saved: BTreeMap::new(),
    };
    let journeys: Vec<Journey> = serde_json::from_str(JOURNEYS).context("cases/tools.json")?;
    let mut observations = Observations::new();
    for login in PEOPLE {
        let person = Person::open(target, login).await?;
        let mut observed = BTreeMap::from([("visible tools".to_owned(), person.visible())]);
        for journey in &journeys {
            if only.is_some_and(|only| !format!("{login}/{}", journey.name).contains(only)) {
                continue;
            }
            let value = person.walk(journey, &placeholders).await?;
            observed.insert(journey.name.clone(), value);
        }
        observations.insert(login.to_owned(), observed);
    }
    Ok(observations)
}

struct Person<'a> {
    target: &'a Target,
    registry: Registry,
    session: UserSession,
}

impl<'a> Person<'a> {
    /// The clock stands at noon of the anchor, so that "today" is the same everywhere.
    async fn open(target: &'a Target, login: &str) -> anyhow::Result<Self> {
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

    fn visible(&self) -> Value {
        let tools = self.registry.visible_to(&self.session, &Access::ALL);
        tools.iter().map(|tool| json!(tool.name)).collect()
    }

    async fn walk(
        &self,
        journey: &Journey,
        placeholders: &Placeholders<'_>,
    ) -> anyhow::Result<Value> {
        let replaced = placeholders.replace(&Value::Object(journey.arguments.clone()))?;
        let mut arguments = replaced.as_object().cloned().unwrap_or_default();
        if let Some(first) = &journey.first_of {
            let list = self.call(&first.tool, first.arguments.clone()).await;
            let id = list["structured"][&first.list][0]["id"].clone();
            if id.is_null() {
                return Ok(self.hide(&list));
            }
            arguments.insert("id".to_owned(), id);
        }
        let mut pages = vec![self.call(&journey.tool, arguments.clone()).await];
        for _ in 0..journey.further_pages {
            let next = pages
                .last()
                .map(|page| page["structured"]["next_cursor"].clone());
            let Some(next) = next.filter(|next| !next.is_null()) else {
                break;
            };
            arguments.insert("cursor".to_owned(), next);
            pages.push(self.call(&journey.tool, arguments.clone()).await);
        }
        let mut pages: Vec<Value> = pages.iter().map(|page| self.hide(page)).collect();
        Ok(if pages.len() == 1 {
            pages.remove(0)
        } else {
            Value::Array(pages)
        })
    }

    async fn call(&self, tool: &str, arguments: Map<String, Value>) -> Value {
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
    fn hide(&self, value: &Value) -> Value {
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
            Value::String(link) if key == "link" => {
                let link = link.replace(self.target.url(), "<odoo>");
                json!(link.trim_end_matches(|c: char| c.is_ascii_digit()))
            }
            other => self.hide(other),
        }
    }
}
