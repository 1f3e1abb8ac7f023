//! The tool journeys: every tool asked by every person, on the sandbox and on a real Odoo.

use std::collections::BTreeMap;

use anyhow::Context as _;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::labels::Labels;
use crate::person::Person;
use crate::placeholder::Placeholders;
use crate::suite::Observations;
use crate::target::Target;

/// What is asked, of which each person gets an answer.
const JOURNEYS: [(&str, &str); 8] = [
    ("general", include_str!("../cases/tools/general.json")),
    ("accounting", include_str!("../cases/tools/accounting.json")),
    ("bank", include_str!("../cases/tools/bank.json")),
    ("reports", include_str!("../cases/tools/reports.json")),
    ("people", include_str!("../cases/tools/people.json")),
    ("time_off", include_str!("../cases/tools/time_off.json")),
    ("expenses", include_str!("../cases/tools/expenses.json")),
    ("projects", include_str!("../cases/tools/projects.json")),
];

/// The people, by login.
const PEOPLE: [&str; 6] = ["alice", "emil", "tara", "hanna", "ada", "rosa"];

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
    let mut journeys = Vec::<Journey>::new();
    for (domain, text) in JOURNEYS {
        let asked: Vec<Journey> =
            serde_json::from_str(text).with_context(|| format!("cases/tools/{domain}.json"))?;
        journeys.extend(asked);
    }
    let mut observations = Observations::new();
    for login in PEOPLE {
        let person = Person::open(target, login).await?;
        let mut observed = BTreeMap::from([("visible tools".to_owned(), person.visible())]);
        for journey in &journeys {
            if only.is_some_and(|only| !format!("{login}/{}", journey.name).contains(only)) {
                continue;
            }
            let value = walk(&person, journey, &placeholders).await?;
            observed.insert(journey.name.clone(), value);
        }
        observations.insert(login.to_owned(), observed);
    }
    Ok(observations)
}

/// One person at one journey.
async fn walk(
    person: &Person<'_>,
    journey: &Journey,
    placeholders: &Placeholders<'_>,
) -> anyhow::Result<Value> {
    let replaced = placeholders.replace(&Value::Object(journey.arguments.clone()))?;
    let mut arguments = replaced.as_object().cloned().unwrap_or_default();
    if let Some(first) = &journey.first_of {
        let list = person.call(&first.tool, first.arguments.clone()).await;
        let id = list["structured"][&first.list][0]["id"].clone();
        if id.is_null() {
            return Ok(person.hide(&list));
        }
        arguments.insert("id".to_owned(), id);
    }
    let mut pages = vec![person.call(&journey.tool, arguments.clone()).await];
    for _ in 0..journey.further_pages {
        let next = pages
            .last()
            .map(|page| page["structured"]["next_cursor"].clone());
        let Some(next) = next.filter(|next| !next.is_null()) else {
            break;
        };
        arguments.insert("cursor".to_owned(), next);
        pages.push(person.call(&journey.tool, arguments.clone()).await);
    }
    let mut pages: Vec<Value> = pages.iter().map(|page| person.hide(page)).collect();
    Ok(if pages.len() == 1 {
        pages.remove(0)
    } else {
        Value::Array(pages)
    })
}
