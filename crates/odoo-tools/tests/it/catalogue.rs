//! The contract with clients: names, descriptions, schemas and annotations of every tool.

use std::fmt::Write as _;
use std::path::Path;

use odoo_tools::{Access, Registry, ToolSpec};
use serde_json::{Value, json};

/// The most bytes of one tool in `tools/list`.
const MOST_BYTES: usize = 1_024;

fn listed(spec: &ToolSpec) -> Value {
    json!({
        "name": spec.name,
        "title": spec.title,
        "description": spec.description,
        "inputSchema": *spec.input_schema,
        "annotations": {
            "readOnlyHint": spec.access.is_read_only(),
            "destructiveHint": spec.access.is_destructive(),
            "idempotentHint": spec.access.is_idempotent(),
        },
    })
}

/// A changed contract shows as a changed file: run with `UPDATE_GOLDEN=1` and look at the diff.
#[test]
fn the_catalogue_is_as_recorded() {
    let entry = |spec: &ToolSpec| {
        let mut entry = listed(spec);
        entry["scope"] = json!(spec.access.scope());
        entry["needs"] = json!(spec.needs);
        entry["outputSchema"] = json!(*spec.output_schema);
        entry
    };
    let catalogue: Vec<Value> = Registry::standard().catalogue().iter().map(entry).collect();
    let now = serde_json::to_string_pretty(&catalogue).unwrap() + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/catalogue.json");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    let recorded = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        recorded == now,
        "the catalogue differs from {}; if that is meant, run this test with UPDATE_GOLDEN=1",
        path.display()
    );
}

/// The calls of all others end at a size that no file has.
#[test]
fn the_tools_that_are_given_a_file_say_so() {
    let registry = Registry::standard();
    for spec in registry.catalogue() {
        let properties = spec.input_schema.get("properties");
        let is_given = properties.and_then(|all| all.get("content")).is_some();
        assert_eq!(spec.takes_file, is_given, "{}", spec.name);
    }
}

/// Every conversation pays for the list. What an assistant reads of a tool is within the limit for each of them, and
/// with title and annotations for all of them on average.
#[test]
fn every_tool_is_small_in_a_list() {
    let registry = Registry::standard();
    let (mut all, mut table) = (0, String::new());
    let mut large = Vec::new();
    for spec in registry.catalogue() {
        let mut entry = listed(spec);
        let whole = entry.to_string().len();
        entry
            .as_object_mut()
            .unwrap()
            .retain(|key, _| key != "title" && key != "annotations");
        let bytes = entry.to_string().len();
        let _ = writeln!(table, "{bytes:5} {whole:5} {}", spec.name);
        all += whole;
        if bytes > MOST_BYTES {
            large.push(spec.name);
        }
    }
    assert_eq!(
        large,
        Vec::<&str>::new(),
        "bytes of each tool, without and with title and hints:\n{table}"
    );
    let most = MOST_BYTES * registry.catalogue().len();
    assert!(all <= most, "{all} bytes:\n{table}");
}

/// What strict clients refuse a tool for: no `properties`, an argument of no plain type, something
/// required that there is not.
fn every_argument_is_plain(spec: &ToolSpec) {
    let properties = spec
        .input_schema
        .get("properties")
        .and_then(Value::as_object);
    let properties = properties.unwrap_or_else(|| panic!("{} has no properties", spec.name));
    for (name, rule) in properties {
        assert!(is_plain(name, rule), "{name} of {}: {rule}", spec.name);
    }
    let required = spec.input_schema.get("required").and_then(Value::as_array);
    for name in required.into_iter().flatten() {
        let name = name.as_str().unwrap();
        assert!(properties.contains_key(name), "{name} of {}", spec.name);
    }
}

fn is_plain(name: &str, rule: &Value) -> bool {
    let letters = |byte: u8| byte == b'_' || byte.is_ascii_lowercase();
    let entry = match rule["type"].as_str() {
        Some("array") => &rule["items"],
        _ => rule,
    };
    let kind = entry["type"].as_str().unwrap_or_default();
    let choices = entry.get("enum").map(|choices| choices.as_array().unwrap());
    // Only ids and the length of a page are whole numbers: for them, 0 is an argument left out.
    let begins_at_one = name == "id" || name.ends_with("_id") || name == "limit";
    name.len() <= 64
        && name.bytes().all(letters)
        && ["string", "integer", "number", "boolean"].contains(&kind)
        && rule.get("format").is_none_or(|format| format == "date")
        && choices.is_none_or(|names| kind == "string" && names.iter().all(Value::is_string))
        && choices.is_none_or(|names| !names.is_empty())
        && begins_at_one == (kind == "integer")
}

#[test]
fn every_tool_is_described_and_flat() {
    for spec in Registry::standard().catalogue() {
        assert!(
            spec.name.len() <= 64
                && spec
                    .name
                    .bytes()
                    .all(|byte| byte == b'_' || byte.is_ascii_lowercase())
        );
        assert!(
            spec.description.len() > 20 && spec.description.ends_with('.'),
            "{}",
            spec.name
        );
        assert!(Access::ALL.contains(&spec.access));
        let schema = Value::Object((*spec.input_schema).clone()).to_string();
        for keyword in [
            "anyOf", "oneOf", "allOf", "$ref", "$defs", "$schema", "null", "default",
        ] {
            assert!(
                !schema.contains(&format!("\"{keyword}\"")),
                "{} uses {keyword}",
                spec.name
            );
        }
        assert_eq!(spec.input_schema["type"], "object");
        every_argument_is_plain(spec);
        assert_eq!(
            spec.input_schema.get("additionalProperties"),
            Some(&json!(false)),
            "{}",
            spec.name
        );
    }
}
