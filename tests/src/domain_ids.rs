//! Labels in domains, as `__extra_domain` of a group carries them.

use serde_json::{Value, json};

use crate::observe::Observer;

/// The same domain with labels instead of ids.
pub(crate) fn in_domain(observer: &mut Observer<'_>, model: &str, domain: &Value) -> Value {
    let Some(items) = domain.as_array() else {
        return domain.clone();
    };
    if let [Value::String(path), operator, value] = items.as_slice()
        && !["&", "|", "!"].contains(&path.as_str())
    {
        let value = match observer.relation(model, path) {
            Some(relation) if operator == "any" || operator == "not any" => {
                in_domain(observer, relation, value)
            }
            Some(relation) => labelled(observer, relation, value),
            None => value.clone(),
        };
        return json!([path, operator, value]);
    }
    items
        .iter()
        .map(|item| in_domain(observer, model, item))
        .collect()
}

fn labelled(observer: &mut Observer<'_>, model: &str, value: &Value) -> Value {
    match value {
        Value::Array(items) => items
            .iter()
            .map(|item| labelled(observer, model, item))
            .collect(),
        other => match other.as_i64() {
            Some(id) => observer.label(model, id),
            None => other.clone(),
        },
    }
}
