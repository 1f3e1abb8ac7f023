//! What the values of a selection field are called.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use odoo_json2::{Error, Odoo};
use serde_json::Value;

/// The values of one selection field with their labels, in the user's language and Odoo's order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Choices(Vec<(String, String)>);

/// The selections that were asked for, by model and field. Only tools ask, so they are few.
#[derive(Debug, Default)]
pub(super) struct KnownChoices(Mutex<HashMap<(&'static str, &'static str), Arc<Choices>>>);

impl Choices {
    /// The label of a value; the value itself where Odoo has none for it.
    pub(crate) fn label<'a>(&'a self, value: &'a str) -> &'a str {
        self.0
            .iter()
            .find(|(known, _)| known == value)
            .map_or(value, |(_, label)| label)
    }

    /// The value that somebody means by its name or its label.
    pub(crate) fn value(&self, words: &str) -> Option<&str> {
        let same = |text: &str| text.eq_ignore_ascii_case(words.trim());
        self.0
            .iter()
            .find(|(value, label)| same(value) || same(label))
            .map(|(value, _)| value.as_str())
    }

    /// All of them in words, for telling which there are.
    pub(crate) fn told(&self) -> String {
        let told = |(value, label): &(String, String)| format!("{value} ({label})");
        self.0.iter().map(told).collect::<Vec<_>>().join(", ")
    }
}

impl KnownChoices {
    /// The choices of a field; asked once.
    pub(super) async fn of(
        &self,
        odoo: &Odoo,
        model: &'static str,
        field: &'static str,
    ) -> Result<Arc<Choices>, Error> {
        if let Some(known) = self.known().get(&(model, field)) {
            return Ok(Arc::clone(known));
        }
        let choices = Arc::new(ask(odoo, model, field).await?);
        self.known().insert((model, field), Arc::clone(&choices));
        Ok(choices)
    }

    fn known(
        &self,
    ) -> std::sync::MutexGuard<'_, HashMap<(&'static str, &'static str), Arc<Choices>>> {
        // A panic while it was held left a complete map behind: inserting is one step.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn ask(odoo: &Odoo, model: &str, field: &str) -> Result<Choices, Error> {
    let described: Value = odoo
        .call(model, "fields_get")
        .arg("allfields", [field])
        .arg("attributes", ["selection"])
        .read_only()
        .fetch()
        .await?;
    let pairs = described[field]["selection"].as_array();
    let pair = |pair: &Value| Some((pair[0].as_str()?.to_owned(), pair[1].as_str()?.to_owned()));
    Ok(Choices(
        pairs.into_iter().flatten().filter_map(pair).collect(),
    ))
}
