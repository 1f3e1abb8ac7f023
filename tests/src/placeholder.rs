//! What stands for values that differ from Odoo to Odoo, in the bodies of the cases.
//!
//! `@res.partner:Calloway Foods` is the id of a record by its label, `$task` is what an earlier step saved,
//! `%day:-30` is a date relative to the anchor, `%month:-3` the first day of a month relative to the anchor's.
//! A `context` of `us`, `nordic` or `both` stands for a context with these companies; without any context
//! one with a language and a time zone only is sent.

use std::collections::BTreeMap;

use anyhow::Context as _;
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde_json::{Map, Value, json};

use crate::labels::Labels;

/// Replaces the placeholders of one case.
pub(crate) struct Placeholders<'a> {
    /// Names of records.
    pub(crate) labels: &'a Labels,
    /// The day that counts as today.
    pub(crate) anchor: Date,
    /// What earlier steps saved.
    pub(crate) saved: BTreeMap<String, Value>,
}

impl Placeholders<'_> {
    /// A request body with all placeholders replaced and a context.
    pub(crate) fn body(&self, body: &Map<String, Value>) -> anyhow::Result<Value> {
        let mut body = body.clone();
        let context = match body.remove("context") {
            None => self.context(&[])?,
            Some(Value::String(name)) => match name.as_str() {
                "us" => self.context(&["Larkspur Instruments"])?,
                "nordic" => self.context(&["Larkspur Nordic"])?,
                "both" => self.context(&["Larkspur Instruments", "Larkspur Nordic"])?,
                other => anyhow::bail!("`{other}` is no context"),
            },
            Some(given) => self.replace(&given)?,
        };
        let mut replaced = Map::new();
        for (key, value) in &body {
            replaced.insert(key.clone(), self.replace(value)?);
        }
        if context != Value::Null {
            replaced.insert("context".to_owned(), context);
        }
        Ok(Value::Object(replaced))
    }

    /// A value with all placeholders replaced.
    pub(crate) fn replace(&self, value: &Value) -> anyhow::Result<Value> {
        Ok(match value {
            Value::String(text) => self.text(text)?,
            Value::Array(items) => Value::Array(
                items
                    .iter()
                    .map(|item| self.replace(item))
                    .collect::<Result<_, _>>()?,
            ),
            Value::Object(map) => {
                let mut replaced = Map::new();
                for (key, value) in map {
                    replaced.insert(key.clone(), self.replace(value)?);
                }
                Value::Object(replaced)
            }
            other => other.clone(),
        })
    }

    fn text(&self, text: &str) -> anyhow::Result<Value> {
        if let Some(name) = text.strip_prefix('$') {
            let saved = self.saved.get(name);
            return saved
                .cloned()
                .with_context(|| format!("nothing was saved as `{name}`"));
        }
        if let Some((model, label)) = text.strip_prefix('@').and_then(|text| text.split_once(':')) {
            return self.labels.id(model, label).map(Value::from);
        }
        if let Some((unit, count)) = text.strip_prefix('%').and_then(|text| text.split_once(':'))
            && let Ok(count) = count.parse::<i32>()
        {
            return self.date(unit, count).map(|date| json!(date.to_string()));
        }
        Ok(json!(text))
    }

    fn date(&self, unit: &str, count: i32) -> anyhow::Result<Date> {
        Ok(match unit {
            "day" => self.anchor.checked_add(count.days())?,
            "month" => self.anchor.first_of_month().checked_add(count.months())?,
            other => anyhow::bail!("`%{other}:` is no date"),
        })
    }

    fn context(&self, companies: &[&str]) -> anyhow::Result<Value> {
        if companies.is_empty() {
            return Ok(json!({"lang": "en_US", "tz": "UTC"}));
        }
        let ids = companies
            .iter()
            .map(|name| self.labels.id("res.company", name))
            .collect::<anyhow::Result<Vec<i64>>>()?;
        Ok(json!({"lang": "en_US", "tz": "UTC", "allowed_company_ids": ids}))
    }
}
