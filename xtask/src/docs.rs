//! `cargo xtask docs`: writes `docs/tools.md`, the reference of all tools, from the catalogue that
//! the server itself serves. `cargo xtask tidy` fails when the file says something else.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Context as _;
use odoo_tools::{Access, Registry, ToolSpec};
use serde_json::{Map, Value};

/// Where the reference stands.
pub(crate) const PATH: &str = "docs/tools.md";

/// Writes the reference into the checkout at `root`.
///
/// # Errors
/// When the file cannot be written.
pub(crate) fn write(root: &Path) -> anyhow::Result<()> {
    let path = root.join(PATH);
    std::fs::write(&path, reference()).with_context(|| format!("writing {}", path.display()))
}

/// The names of all tools.
pub(crate) fn tool_names() -> Vec<&'static str> {
    Registry::standard()
        .catalogue()
        .iter()
        .map(|spec| spec.name)
        .collect()
}

/// The reference as it should stand in the file.
pub(crate) fn reference() -> String {
    let registry = Registry::standard();
    let mut text = String::from(
        "# Tools\n\n\
         Written by `cargo xtask docs` from the tools' own source; edit the doc comments there.\n\n\
         Everyone sees only the tools whose records Odoo lets them read. The same list with its\n\
         JSON Schemas: `odoo-mcp-server tools --json`.\n\n\
         | tool | what it may do | needs |\n| --- | --- | --- |\n",
    );
    for spec in registry.catalogue() {
        let _ = writeln!(
            text,
            "| [`{0}`](#{0}) | {1} | {2} |",
            spec.name,
            may(spec.access),
            needs(spec)
        );
    }
    for spec in registry.catalogue() {
        section(&mut text, spec);
    }
    text
}

fn section(text: &mut String, spec: &ToolSpec) {
    let _ = write!(
        text,
        "\n## {}\n\n{}\n",
        spec.name,
        spec.description.trim_end()
    );
    let required = required(&spec.input_schema);
    let mut rows = Vec::new();
    if let Some(Value::Object(properties)) = spec.input_schema.get("properties") {
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

fn may(access: Access) -> &'static str {
    match access {
        Access::Read => "read",
        Access::Write => "write",
        Access::Delete => "delete",
        Access::Approve => "approve",
    }
}

fn needs(spec: &ToolSpec) -> String {
    let models: Vec<String> = spec
        .needs
        .iter()
        .map(|model| format!("`{model}`"))
        .collect();
    if models.is_empty() {
        "nothing".to_owned()
    } else {
        models.join(", ")
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
