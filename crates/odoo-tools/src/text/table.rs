//! Markdown tables of records that need not have the same members.

use serde_json::{Map, Value};

/// A record as it stands in a table: its members, with inner ones lifted to their level.
type Row<'a> = Vec<(&'a str, &'a Value)>;

/// Writes the records as a table: a column for every member that any of them has.
///
/// A member that is itself a small object of plain values (months of a report) is spread into
/// one column per inner key. Rows that are no objects stand in a column named `value`.
pub(super) fn write(text: &mut String, rows: &[Value]) {
    let rows: Vec<Row<'_>> = rows.iter().map(spread).collect();
    let columns = columns(&rows);
    text.push('|');
    for column in &columns {
        escaped(text, column);
        text.push('|');
    }
    text.push_str("\n|");
    text.extend(columns.iter().map(|_| "-|"));
    text.push('\n');
    let mut inner = String::new();
    for row in &rows {
        text.push('|');
        let mut next = 0;
        for column in &columns {
            if let Some(value) = member(row, column, &mut next) {
                cell(text, value, &mut inner);
            }
            text.push('|');
        }
        text.push('\n');
    }
}

/// The members of a record, with inner objects of plain values lifted to the level above.
fn spread(row: &Value) -> Row<'_> {
    let Value::Object(members) = row else {
        return vec![("value", row)];
    };
    let mut flat = Row::with_capacity(members.len());
    for (key, value) in members {
        match value {
            Value::Object(inner) if is_spreadable(inner, members, &flat) => {
                flat.extend(inner.iter().map(|(key, value)| (key.as_str(), value)));
            }
            _ => flat.push((key, value)),
        }
    }
    flat
}

/// Only where no inner key would take the place of an outer one, or of one lifted before.
fn is_spreadable(inner: &Map<String, Value>, outer: &Map<String, Value>, flat: &Row<'_>) -> bool {
    super::reference(inner).is_none()
        && inner.iter().all(|(key, value)| {
            !outer.contains_key(key)
                && !flat.iter().any(|(known, _)| known == key)
                && !value.is_object()
                && !value.is_array()
        })
}

/// All keys, each behind the one it follows in the first record that has it.
fn columns<'a>(rows: &[Row<'a>]) -> Vec<&'a str> {
    let mut columns: Vec<&str> = Vec::new();
    for row in rows {
        let mut position = 0;
        for (key, _) in row {
            // Mostly records have the same members in the same order.
            if columns.get(position) == Some(key) {
                position += 1;
                continue;
            }
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

/// The member of a record in a column; `next` is where it is looked for first.
fn member<'a>(row: &Row<'a>, column: &str, next: &mut usize) -> Option<&'a Value> {
    let is_column = |(key, _): &(&str, &Value)| *key == column;
    let found = if row.get(*next).is_some_and(is_column) {
        *next
    } else {
        row.iter().position(is_column)?
    };
    *next = found + 1;
    Some(row[found].1)
}

/// One value; `inner` is for what is written before it is escaped.
fn cell(text: &mut String, value: &Value, inner: &mut String) {
    match value {
        Value::String(words) => escaped(text, words),
        Value::Array(_) | Value::Object(_) => {
            inner.clear();
            super::line(inner, value);
            escaped(text, inner);
        }
        // Neither numbers nor truth values have anything to escape.
        _ => super::line(text, value),
    }
}

/// The content of a cell; a bar would end it and a line break the row.
fn escaped(text: &mut String, content: &str) {
    let content = content.trim();
    if !content.bytes().any(|byte| matches!(byte, b'|' | b'\n')) {
        text.push_str(content);
        return;
    }
    for character in content.chars() {
        match character {
            '|' => text.push_str("\\|"),
            '\n' => text.push_str("<br>"),
            other => text.push(other),
        }
    }
}
