//! The readable form of an answer: Markdown written from the same JSON that goes out as
//! `structuredContent`, so that the two can never say different things.
//!
//! Scalars become `key: value` lines, lists of records become tables, and whatever nests deeper
//! becomes a section. A reference `{id, name}` is written `name (#id)`. This module knows no tool;
//! a tool decides by the shape of its answer. `text/table.rs` holds the tables.

use std::fmt::Write as _;

use serde_json::{Map, Value};

mod table;

/// Sections deeper than this are written as one-line values; answers are nowhere near it.
const DEEPEST_SECTION: usize = 4;

/// Writes an answer as Markdown.
#[must_use]
pub(crate) fn render(answer: &Value) -> String {
    // Room for a page of a list; growing would copy what is written again and again.
    let mut text = String::with_capacity(4_096);
    match answer {
        Value::Object(members) => section(&mut text, members, 0),
        other => line(&mut text, other),
    }
    text.truncate(text.trim_end().len());
    text
}

/// The members of an object: plain values first come, first written, then lists and sections.
fn section(text: &mut String, members: &Map<String, Value>, depth: usize) {
    let (long, short): (Vec<_>, Vec<_>) = members
        .iter()
        .partition(|(_, value)| is_block(value) && depth < DEEPEST_SECTION);
    for (key, value) in short {
        match value {
            Value::String(body) if body.contains('\n') => quote(text, key, body),
            _ => {
                let _ = write!(text, "{key}: ");
                line(text, value);
                text.push('\n');
            }
        }
    }
    for (key, value) in long {
        block(text, key, value, depth);
    }
}

fn block(text: &mut String, key: &str, value: &Value, depth: usize) {
    match value {
        Value::Object(members) => {
            heading(text, key, depth);
            section(text, members, depth + 1);
        }
        Value::Array(rows) if rows.iter().any(has_block) => {
            for (index, row) in rows.iter().enumerate() {
                heading(text, &format!("{key} {}", index + 1), depth);
                match row {
                    Value::Object(members) => section(text, members, depth + 1),
                    other => line(text, other),
                }
            }
        }
        Value::Array(rows) => {
            heading(text, key, depth);
            table::write(text, rows);
        }
        other => line(text, other),
    }
}

/// Text of several lines, quoted, so that its own headings cannot pass for ours.
fn quote(text: &mut String, key: &str, body: &str) {
    let _ = writeln!(text, "{key}:");
    for part in body.lines() {
        let _ = writeln!(text, "> {part}");
    }
}

fn heading(text: &mut String, key: &str, depth: usize) {
    text.truncate(text.trim_end().len());
    if !text.is_empty() {
        text.push_str("\n\n");
    }
    let _ = writeln!(text, "{} {key}", &"######"[..(depth + 2).min(6)]);
}

/// A value on one line.
fn line(text: &mut String, value: &Value) {
    match value {
        Value::Null => {}
        Value::Bool(flag) => text.push_str(if *flag { "yes" } else { "no" }),
        Value::Number(number) => {
            let _ = write!(text, "{number}");
        }
        Value::String(words) => text.push_str(words),
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                text.push_str(if index == 0 { "" } else { "; " });
                line(text, item);
            }
        }
        Value::Object(members) => inline(text, members),
    }
}

/// An object on one line: a reference by its name, anything else as `key: value` pairs.
fn inline(text: &mut String, members: &Map<String, Value>) {
    if let Some((id, name)) = reference(members) {
        let _ = write!(text, "{name} (#{id})");
        return;
    }
    for (index, (key, value)) in members.iter().enumerate() {
        text.push_str(if index == 0 { "" } else { ", " });
        let _ = write!(text, "{key}: ");
        line(text, value);
    }
}

/// `{id, name}` and nothing else.
fn reference(members: &Map<String, Value>) -> Option<(i64, &str)> {
    if members.len() != 2 {
        return None;
    }
    Some((members.get("id")?.as_i64()?, members.get("name")?.as_str()?))
}

/// Whether a value is worth a table or a section of its own.
fn is_block(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| match item {
            Value::Object(members) => reference(members).is_none(),
            _ => false,
        }),
        Value::Object(members) => {
            reference(members).is_none()
                && members
                    .values()
                    .any(|value| value.is_object() || value.is_array())
        }
        _ => false,
    }
}

/// Whether a record holds something that does not fit into a cell.
fn has_block(record: &Value) -> bool {
    record.as_object().is_some_and(|members| {
        members
            .values()
            .any(|value| matches!(value, Value::Array(_)) && is_block(value))
    })
}

#[cfg(test)]
mod tests;
