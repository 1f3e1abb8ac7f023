//! `odoo-mcp-server tools`: the catalogue, without an Odoo and without a server.

use std::io::Write as _;

use anyhow::Context as _;
use odoo_tools::{Registry, ToolSpec};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::cli::ToolsArguments;

/// A tool as `--json` prints it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    name: &'a str,
    title: &'a str,
    description: &'a str,
    scope: &'a str,
    needs: &'a [&'a str],
    input_schema: &'a Map<String, Value>,
    output_schema: &'a Map<String, Value>,
}

/// Prints the catalogue to standard output: a line a tool, or everything as JSON.
///
/// # Errors
/// When standard output cannot be written to.
pub fn run(arguments: &ToolsArguments) -> anyhow::Result<()> {
    let registry = Registry::standard();
    let text = if arguments.json {
        let entries: Vec<Entry<'_>> = registry.catalogue().iter().map(entry).collect();
        serde_json::to_string_pretty(&entries).context("writing the catalogue as JSON")?
    } else {
        table(registry.catalogue())
    };
    writeln!(std::io::stdout(), "{text}").context("writing to standard output")
}

fn entry(spec: &ToolSpec) -> Entry<'_> {
    Entry {
        name: spec.name,
        title: spec.title,
        description: &spec.description,
        scope: spec.access.scope(),
        needs: spec.needs,
        input_schema: &spec.input_schema,
        output_schema: &spec.output_schema,
    }
}

fn table(specs: &[ToolSpec]) -> String {
    let width = specs
        .iter()
        .map(|spec| spec.name.len())
        .max()
        .unwrap_or_default();
    let lines: Vec<String> = specs
        .iter()
        .map(|spec| {
            let about = spec.description.lines().next().unwrap_or_default();
            format!("{:width$}  {:12}  {about}", spec.name, spec.access.scope())
        })
        .collect();
    lines.join("\n")
}
