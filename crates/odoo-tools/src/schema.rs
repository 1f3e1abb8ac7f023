//! JSON Schemas small enough to list fifty tools.
//!
//! `schemars` writes correct schemas; this module makes them flat, because several clients refuse
//! `anyOf` and `$ref` and every character of a schema is paid for in every conversation. Validation
//! of arguments is in `arguments.rs`, by a schema that says a little more than the one that is listed;
//! that answers are what their schemas promise is seen to by the tests, which check every answer.

use std::sync::Arc;

use schemars::generate::{Contract, SchemaSettings};
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value, json};

use crate::answer::REPEATED;

/// The format of a text of several lines, which stays as it was written.
pub(crate) const PASSAGE: &str = "passage";

/// The format of a file's content, which is nobody's business but its reader's.
pub(crate) const BYTES: &str = "byte";

/// The description of a tool (its doc comment) and the schema that its arguments are read by.
pub(crate) fn of_arguments<T: JsonSchema>() -> (String, Map<String, Value>) {
    let mut rules = generate::<T>(Contract::Deserialize);
    let description = match rules.remove("description") {
        Some(Value::String(text)) => one_line(&text),
        _ => String::new(),
    };
    // Several clients refuse a tool without `properties`, also where there is nothing to say.
    if !rules.contains_key("properties") {
        let members = std::mem::take(&mut rules);
        rules.insert("type".to_owned(), Value::from("object"));
        rules.insert("properties".to_owned(), Value::Object(Map::new()));
        rules.extend(members);
    }
    (description, rules)
}

/// The schema of arguments as it is listed: what only `arguments.rs` goes by is left out.
pub(crate) fn listed(rules: &Map<String, Value>) -> Map<String, Value> {
    let mut listed = rules.clone();
    let properties = listed.get_mut("properties").and_then(Value::as_object_mut);
    for property in properties.into_iter().flat_map(Map::values_mut) {
        if let Value::Object(members) = property {
            members.retain(|key, value| key != "format" || value == "date");
        }
    }
    listed
}

/// The compact schema of an answer. Required is what no answer leaves out; what changes something
/// may say of a repeated call that nothing was done now.
pub(crate) fn of_answer<T: JsonSchema>(is_read_only: bool) -> Arc<Map<String, Value>> {
    let mut schema = generate::<T>(Contract::Serialize);
    schema.remove("description");
    if !is_read_only && let Some(Value::Object(properties)) = schema.get_mut("properties") {
        let note = json!({
            "type": "string",
            "description": "The same call was answered before, and nothing was done now.",
        });
        properties.insert(REPEATED.to_owned(), note);
    }
    Arc::new(schema)
}

/// The compact schema of a type, without references.
fn generate<T: JsonSchema>(contract: Contract) -> Map<String, Value> {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
        settings.contract = contract;
    });
    let schema: Schema = settings.into_generator().into_root_schema_for::<T>();
    let mut value = schema.to_value();
    compact(&mut value);
    match value {
        Value::Object(members) => members,
        // A schema that allows everything is written as `true`.
        _ => Map::new(),
    }
}

fn compact(schema: &mut Value) {
    let Value::Object(members) = schema else {
        return;
    };
    members.retain(|key, value| !is_noise(key, value));
    fold_variants(members);
    if let Some(Value::String(text)) = members.get_mut("description") {
        *text = one_line(text);
    }
    compact_properties(members);
    let is_object = members.get("type").is_some_and(|kind| kind == "object");
    if is_object && !members.contains_key("anyOf") {
        members
            .entry("additionalProperties")
            .or_insert(Value::Bool(false));
    }
    for key in ["items", "additionalProperties"] {
        if let Some(inner) = members.get_mut(key) {
            compact(inner);
        }
    }
    if let Some(Value::Array(options)) = members.get_mut("anyOf") {
        options.iter_mut().for_each(compact);
    }
}

/// `Option<T>` is a property that is not required, so `null` need not be offered as well. One that
/// is required is an answer's that is `null` where there is nothing.
fn compact_properties(members: &mut Map<String, Value>) {
    let required = members.get("required").cloned().unwrap_or_default();
    let is_required = |name: &str| {
        let names = required.as_array().into_iter().flatten();
        names.into_iter().any(|required| required == name)
    };
    let Some(Value::Object(properties)) = members.get_mut("properties") else {
        return;
    };
    for (name, property) in properties {
        if let Value::Object(members) = property
            && !is_required(name)
        {
            unwrap_nullable(members);
        }
        compact(property);
    }
}

/// What a reader of the schema learns nothing from.
fn is_noise(key: &str, value: &Value) -> bool {
    match key {
        "$schema" | "title" | "default" => true,
        "format" => !["date", PASSAGE, BYTES].contains(&value.as_str().unwrap_or_default()),
        _ => false,
    }
}

/// The schema of what is there, if it is.
fn unwrap_nullable(members: &mut Map<String, Value>) {
    if let Some(Value::Array(types)) = members.get_mut("type") {
        types.retain(|name| name != "null");
        if let [single] = types.as_slice() {
            let single = single.clone();
            members.insert("type".to_owned(), single);
        }
    }
    let Some(Value::Array(options)) = members.get("anyOf") else {
        return;
    };
    let some: Vec<&Value> = options
        .iter()
        .filter(|option| option["type"] != "null")
        .collect();
    if let [Value::Object(inner)] = some.as_slice() {
        let inner = inner.clone();
        members.remove("anyOf");
        for (key, value) in inner {
            members.entry(key).or_insert(value);
        }
        members.retain(|key, value| !is_noise(key, value));
    }
}

/// An enum with a documented variant comes as `oneOf` of constants; we want one list of names,
/// and what the variants mean behind the description.
fn fold_variants(members: &mut Map<String, Value>) {
    if let Some(Value::Array(names)) = members.get_mut("enum") {
        names.retain(|name| !name.is_null());
    }
    let Some(Value::Array(variants)) = members.get("oneOf") else {
        return;
    };
    let mut names = Vec::new();
    let mut meanings = Vec::new();
    for variant in variants {
        let constants = match (variant.get("const"), variant.get("enum")) {
            (Some(constant), _) => vec![constant.clone()],
            (None, Some(Value::Array(constants))) => constants.clone(),
            _ => return,
        };
        if let (Some(Value::String(meaning)), [Value::String(name)]) =
            (variant.get("description"), constants.as_slice())
        {
            meanings.push(format!(
                "{name}: {}",
                one_line(meaning).trim_end_matches('.')
            ));
        }
        names.extend(constants);
    }
    let meanings = meanings.join("; ");
    let description = match members.get("description") {
        Some(Value::String(text)) if meanings.is_empty() => text.clone(),
        Some(Value::String(text)) => format!("{} {meanings}", one_line(text)),
        _ => meanings,
    };
    members.remove("oneOf");
    members.insert("type".to_owned(), Value::from("string"));
    members.insert("enum".to_owned(), Value::Array(names));
    if !description.is_empty() {
        members.insert("description".to_owned(), Value::String(description));
    }
}

/// A doc comment is wrapped for the editor; a description is one paragraph.
fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use jiff::civil::Date;
    use serde::Deserialize;

    use super::*;

    /// Things by
    /// colour.
    #[derive(Deserialize, JsonSchema)]
    #[expect(dead_code, reason = "only its schema is looked at")]
    struct Things {
        /// What it looks like.
        colour: Option<Colour>,
        size: Option<Size>,
        since: Option<Date>,
        #[schemars(range(min = 1, max = 50))]
        limit: Option<u32>,
        ids: Vec<i64>,
    }

    #[derive(Deserialize, JsonSchema)]
    #[serde(rename_all = "snake_case")]
    enum Colour {
        DarkRed,
        Blue,
    }

    #[derive(Deserialize, JsonSchema)]
    #[serde(rename_all = "snake_case")]
    enum Size {
        /// Up to one metre.
        Small,
        Large,
    }

    #[test]
    fn schemas_are_flat_and_small() {
        let (description, rules) = of_arguments::<Things>();
        assert_eq!(description, "Things by colour.");
        insta::assert_snapshot!(serde_json::to_string(&listed(&rules)).unwrap(), @r#"{"type":"object","properties":{"colour":{"type":"string","enum":["dark_red","blue"],"description":"What it looks like."},"size":{"type":"string","enum":["large","small"],"description":"small: Up to one metre"},"since":{"type":"string","format":"date"},"limit":{"type":"integer","minimum":1,"maximum":50},"ids":{"type":"array","items":{"type":"integer"}}},"required":["ids"],"additionalProperties":false}"#);
    }
}
