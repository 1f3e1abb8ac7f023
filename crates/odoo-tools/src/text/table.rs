//! Markdown tables of records that need not have the same members.

use serde_json::{Map, Value};

/// Writes the records as a table: a column for every member that any of them has.
///
/// A member that is itself a small object of plain values (months of a report) is spread into
/// one column per inner key. Rows that are no objects stand in a column named `value`.
pub(super) fn write(text: &mut String, rows: &[Value]) {
    let rows: Vec<Map<String, Value>> = rows.iter().map(spread).collect();
    let columns = columns(&rows);
    text.push('|');
    for column in &columns {
        cell(text, column);
    }
    text.push_str("\n|");
    text.extend(columns.iter().map(|_| "-|"));
    text.push('\n');
    for row in &rows {
        text.push('|');
        for column in &columns {
            let mut content = String::new();
            if let Some(value) = row.get(*column) {
                super::line(&mut content, value);
            }
            cell(text, &content);
        }
        text.push('\n');
    }
}

/// The members of a record, with inner objects of plain values lifted to the level above.
fn spread(row: &Value) -> Map<String, Value> {
    let Value::Object(members) = row else {
        return Map::from_iter([("value".to_owned(), row.clone())]);
    };
    let mut flat = Map::with_capacity(members.len());
    for (key, value) in members {
        match value {
            Value::Object(inner) if is_spreadable(inner, members, &flat) => {
                flat.extend(
                    inner
                        .iter()
                        .map(|(key, value)| (key.clone(), value.clone())),
                );
            }
            _ => {
                flat.insert(key.clone(), value.clone());
            }
        }
    }
    flat
}

/// Only where no inner key would take the place of an outer one, or of one lifted before.
fn is_spreadable(
    inner: &Map<String, Value>,
    outer: &Map<String, Value>,
    flat: &Map<String, Value>,
) -> bool {
    super::reference(inner).is_none()
        && inner.iter().all(|(key, value)| {
            !outer.contains_key(key)
                && !flat.contains_key(key)
                && !value.is_object()
                && !value.is_array()
        })
}

/// All keys, each behind the one it follows in the first record that has it.
fn columns(rows: &[Map<String, Value>]) -> Vec<&str> {
    let mut columns: Vec<&str> = Vec::new();
    for row in rows {
        let mut position = 0;
        for key in row.keys() {
            match columns.iter().position(|column| column == key) {
                Some(found) => position = found + 1,
                None => {
                    columns.insert(position, key);
                    position += 1;
                }
            }
        }
    }
    columns
}

/// One cell; a bar would end it and a line break the row.
fn cell(text: &mut String, content: &str) {
    for character in content.trim().chars() {
        match character {
            '|' => text.push_str("\\|"),
            '\n' => text.push_str("<br>"),
            other => text.push(other),
        }
    }
    text.push('|');
}
