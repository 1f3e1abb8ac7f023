//! Whether an answer is what its tool's output schema promises.
//!
//! It knows the keywords that the catalogue uses and refuses all others, so that a schema cannot say
//! what nobody looks at. It is not a validator for schemas of other people.

use jiff::civil::Date;
use odoo_tools::{Outcome, Registry};
use serde_json::{Map, Value};

/// Fails where a successful outcome is not what the catalogue promises of the tool.
pub(crate) fn check(registry: &Registry, tool: &str, outcome: &Outcome) {
    let spec = registry.catalogue().iter().find(|spec| spec.name == tool);
    let Some(spec) = spec.filter(|_| !outcome.is_error) else {
        return;
    };
    let mistakes = mistakes(&spec.output_schema, &outcome.structured);
    assert!(
        mistakes.is_empty(),
        "{tool} answers what its schema does not promise:\n{}\n{}",
        mistakes.join("\n"),
        outcome.structured
    );
}

/// What is wrong with a value, each with its place; nothing if it fits.
fn mistakes(schema: &Map<String, Value>, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    look(schema, value, "$", &mut found);
    found
}

fn look(schema: &Map<String, Value>, value: &Value, place: &str, found: &mut Vec<String>) {
    for (keyword, says) in schema {
        let holds = match keyword.as_str() {
            "description" => true,
            "type" => names(says).any(|name| is(name, value)),
            "enum" => says.as_array().unwrap().contains(value),
            "format" => {
                says != "date" || value.as_str().is_none_or(|day| day.parse::<Date>().is_ok())
            }
            "minimum" => value.as_f64() >= says.as_f64(),
            "maximum" => value.as_f64() <= says.as_f64(),
            "required" => {
                let missing = names(says).find(|name| value.get(name).is_none());
                found.extend(missing.map(|name| format!("{place} lacks `{name}`")));
                true
            }
            "additionalProperties" if schema.contains_key("properties") => true,
            "properties" | "additionalProperties" => {
                members(schema, value, place, found);
                true
            }
            "items" => {
                items(says, value, place, found);
                true
            }
            "anyOf" => says
                .as_array()
                .unwrap()
                .iter()
                .any(|option| mistakes(option.as_object().unwrap(), value).is_empty()),
            unknown => panic!("nobody looks at the keyword `{unknown}` of {place}"),
        };
        if !holds {
            found.push(format!("{place} is {value}, and not of `{keyword}` {says}"));
        }
    }
}

/// The items of an array.
fn items(says: &Value, value: &Value, place: &str, found: &mut Vec<String>) {
    let schema = says.as_object().unwrap();
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        look(schema, item, &format!("{place}[{index}]"), found);
    }
}

/// The members of an object: those that are described, and those that are not.
fn members(schema: &Map<String, Value>, value: &Value, place: &str, found: &mut Vec<String>) {
    for (name, member) in value.as_object().into_iter().flatten() {
        let inner = format!("{place}.{name}");
        let known = schema.get("properties").and_then(|known| known.get(name));
        match known.or_else(|| schema.get("additionalProperties")) {
            Some(Value::Object(own)) => look(own, member, &inner, found),
            Some(Value::Bool(true)) => {}
            _ => found.push(format!("{inner} is not known")),
        }
    }
}

/// One name, or several.
fn names(says: &Value) -> impl Iterator<Item = &str> {
    let several = says.as_array().into_iter().flatten();
    says.as_str()
        .into_iter()
        .chain(several.filter_map(Value::as_str))
}

fn is(name: &str, value: &Value) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        unknown => panic!("there is no type `{unknown}`"),
    }
}

#[test]
fn what_does_not_fit_is_told_with_its_place() {
    let schema = serde_json::json!({"type": "object", "required": ["id", "day"], "properties": {
        "id": {"type": "integer"}, "day": {"type": "string", "format": "date"},
        "rows": {"type": "array", "items": {"type": "object", "additionalProperties": {"type": "number"}}},
    }, "additionalProperties": false});
    let told = |value: Value| mistakes(schema.as_object().unwrap(), &value).join("; ");
    let answer = serde_json::json!({"id": 1, "day": "2026-11-18", "rows": [{"a": 1.5}]});
    assert_eq!(told(answer), "");
    let answer = serde_json::json!({"id": 1.5, "rows": [{"a": "x"}], "more": 1});
    insta::assert_snapshot!(told(answer), @r#"$ lacks `day`; $.id is 1.5, and not of `type` "integer"; $.rows[0].a is "x", and not of `type` "number"; $.more is not known"#);
}
