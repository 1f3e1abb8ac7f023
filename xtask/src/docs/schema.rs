//! The arguments of a tool as a table, from its JSON Schema.

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// Writes the table.
pub(crate) fn arguments(text: &mut String, schema: &Map<String, Value>) {
    let required = required(schema);
    let mut rows = Vec::new();
    if let Some(Value::Object(properties)) = schema.get("properties") {
        for (name, schema) in properties {
            let mark = if required.contains(&name.as_str()) {
                ", required"
            } else {
                ""
            };
            rows.push(format!(
                "| `{name}` | {}{mark} | {} |",
                kind(schema),
                about(schema)
            ));
        }
    }
    if rows.is_empty() {
        text.push_str("\nIt takes no arguments.\n");
    } else {
        let _ = write!(
            text,
            "\n| argument | type | |\n| --- | --- | --- |\n{}\n",
            rows.join("\n")
        );
    }
}

fn required(schema: &Map<String, Value>) -> Vec<&str> {
    let names = schema.get("required").and_then(Value::as_array);
    names
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect()
}

/// A type in a word or two; schemas of optional arguments name `null` too, which says nothing here.
fn kind(schema: &Value) -> String {
    let names = match &schema["type"] {
        Value::String(name) => vec![name.as_str()],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let mut name = names
        .into_iter()
        .find(|name| *name != "null")
        .unwrap_or_default()
        .to_owned();
    let choices: Vec<&str> = choices(schema);
    if !choices.is_empty() {
        name = format!("`{}`", choices.join("`, `"));
    } else if let Some(format) = schema["format"].as_str().filter(|format| *format == "date") {
        format.clone_into(&mut name);
    }
    if name.is_empty() {
        "object".to_owned()
    } else {
        name
    }
}

/// The values of an enumeration, however the schema writes it.
fn choices(schema: &Value) -> Vec<&str> {
    let listed = schema["enum"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str);
    let variants = ["oneOf", "anyOf"]
        .into_iter()
        .filter_map(|word| schema[word].as_array())
        .flatten();
    let named = variants.flat_map(|variant| {
        let own = variant["const"].as_str();
        let listed = variant["enum"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str);
        own.into_iter().chain(listed)
    });
    listed.chain(named).collect()
}

/// The description on one line, safe inside a table.
fn about(schema: &Value) -> String {
    let words = schema["description"].as_str().unwrap_or_default();
    words
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace('|', "\\|")
}
