//! Turns answers into observations: ids become labels, clock times are hidden, money is rounded to cents.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::domain_ids::in_domain;
use crate::labels::Labels;
use crate::masks::mask_ids;
use crate::metadata::Metadata;

/// Fields that tell when something happened on the clock of the machine.
const CLOCK_FIELDS: [&str; 9] = [
    "approval_date",
    "create_date",
    "write_date",
    "date_assign",
    "date_end",
    "date_last_stage_update",
    "expiration_date",
    "login_date",
    "last_update_date",
];

/// Observes the answers of one case.
pub(crate) struct Observer<'a> {
    labels: &'a Labels,
    metadata: &'a Metadata,
    fresh: HashMap<(String, i64), usize>,
}

impl<'a> Observer<'a> {
    /// An observer that has not seen anything yet.
    pub(crate) fn new(labels: &'a Labels, metadata: &'a Metadata) -> Self {
        Self {
            labels,
            metadata,
            fresh: HashMap::new(),
        }
    }

    /// The observation of a method's result.
    pub(crate) fn result(&mut self, model: &str, method: &str, result: &Value) -> Value {
        match method {
            "search" | "create" | "copy" => self.ids(model, result),
            "name_search" => self.pairs(model, result),
            "web_search_read" => json!({
                "length": result["length"],
                "records": self.records(model, &result["records"]),
            }),
            "search_read" | "read" | "web_read" => self.records(model, result),
            "formatted_read_group" => self.groups(model, result),
            "formatted_read_grouping_sets" => {
                let sets = result.as_array().map(Vec::as_slice).unwrap_or_default();
                sets.iter().map(|set| self.groups(model, set)).collect()
            }
            "web_read_group" => json!({
                "length": result["length"],
                "groups": self.groups(model, &result["groups"]),
            }),
            "fields_get" | "search_count" | "has_access" => result.clone(),
            "default_get" => self.record(model, result),
            _ => mask_ids(result),
        }
    }

    /// The label of a record; one that was made during the case is numbered.
    pub(crate) fn label(&mut self, model: &str, id: i64) -> Value {
        if let Some(label) = self.labels.label(model, id) {
            return json!(format!("@{label}"));
        }
        let next = self.fresh.len() + 1;
        let number = self.fresh.entry((model.to_owned(), id)).or_insert(next);
        json!(format!("@new {number}"))
    }

    /// The type of a field, and the model it leads to.
    pub(crate) fn relation(&self, model: &str, path: &str) -> Option<&'a str> {
        self.metadata.field(model, path)?.relation.as_deref()
    }

    fn ids(&mut self, model: &str, value: &Value) -> Value {
        match value {
            Value::Array(items) => items.iter().map(|item| self.ids(model, item)).collect(),
            Value::Number(number) => match number.as_i64() {
                Some(id) => self.label(model, id),
                None => value.clone(),
            },
            other => other.clone(),
        }
    }

    fn pairs(&mut self, model: &str, value: &Value) -> Value {
        let pairs = value.as_array().map(Vec::as_slice).unwrap_or_default();
        pairs
            .iter()
            .map(|pair| self.reference(model, pair))
            .collect()
    }

    fn records(&mut self, model: &str, value: &Value) -> Value {
        match value.as_array() {
            Some(records) => records
                .iter()
                .map(|record| self.record(model, record))
                .collect(),
            None => value.clone(),
        }
    }

    fn record(&mut self, model: &str, record: &Value) -> Value {
        let Some(record) = record.as_object() else {
            return record.clone();
        };
        let mut observed = Map::new();
        for (name, value) in record {
            observed.insert(name.clone(), self.field(model, name, value));
        }
        Value::Object(observed)
    }

    fn field(&mut self, model: &str, name: &str, value: &Value) -> Value {
        if name == "id" {
            return self.ids(model, value);
        }
        if CLOCK_FIELDS.contains(&name) && value.is_string() {
            return json!("<time>");
        }
        // The first digits tell as much, and all forty of them look like an API key.
        if let ("checksum", Some(digits)) = (name, value.as_str()) {
            return json!(digits.chars().take(12).collect::<String>());
        }
        let Some(field) = self.metadata.field(model, name) else {
            return value.clone();
        };
        match (field.kind.as_str(), field.relation.as_deref()) {
            ("many2one", Some(relation)) => self.reference(relation, value),
            ("one2many" | "many2many", Some(relation)) => self.list(relation, value),
            ("float" | "monetary", _) => cents(value),
            ("many2one_reference", _) if value.is_number() => json!("#"),
            _ => value.clone(),
        }
    }

    /// A many2one in any of its three forms: the id, the pair and the nested record.
    fn reference(&mut self, model: &str, value: &Value) -> Value {
        match value {
            Value::Array(pair) => {
                let id = pair.first().map(|id| self.ids(model, id));
                json!([id, pair.get(1)])
            }
            Value::Object(_) => self.record(model, value),
            other => self.ids(model, other),
        }
    }

    fn list(&mut self, model: &str, value: &Value) -> Value {
        match value.as_array() {
            Some(items) if items.iter().any(Value::is_object) => self.records(model, value),
            _ => self.ids(model, value),
        }
    }

    fn groups(&mut self, model: &str, value: &Value) -> Value {
        let Some(groups) = value.as_array() else {
            return value.clone();
        };
        groups
            .iter()
            .map(|group| self.group(model, group))
            .collect()
    }

    fn group(&mut self, model: &str, group: &Value) -> Value {
        let Some(group) = group.as_object() else {
            return group.clone();
        };
        let mut observed = Map::new();
        for (key, value) in group {
            let value = match key.split_once(':') {
                _ if key == "__extra_domain" => in_domain(self, model, value),
                Some((field, "max" | "min")) => self.field(model, field, value),
                Some((_, "array_agg")) => self.ids(model, value),
                Some((_, "sum" | "avg" | "sum_currency")) => cents(value),
                Some(_) => value.clone(),
                None => self.field(model, key, value),
            };
            observed.insert(key.clone(), value);
        }
        Value::Object(observed)
    }
}

/// A number rounded to hundredths, without a negative zero.
fn cents(value: &Value) -> Value {
    match value.as_f64() {
        Some(number) => json!((number * 100.0).round() / 100.0 + 0.0),
        None => value.clone(),
    }
}
