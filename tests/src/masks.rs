//! Hides numbers that differ from Odoo to Odoo where no model says what they are: in messages and actions.

use serde_json::{Map, Value, json};

/// What stands before an id in Odoo's messages.
const BEFORE: [&str; 6] = ["id=", "(id ", "User: ", "user ", "id ", "ID: "];

/// A message without ids.
pub(crate) fn mask_message(message: &str) -> String {
    let mut masked = String::with_capacity(message.len());
    let mut rest = message.char_indices().peekable();
    while let Some((_, c)) = rest.next() {
        let number = c.is_ascii_digit()
            && (BEFORE.iter().any(|text| masked.ends_with(text)) || in_recordset(&masked));
        if !number {
            masked.push(c);
            continue;
        }
        while rest.next_if(|(_, c)| c.is_ascii_digit()).is_some() {}
        masked.push('#');
    }
    masked
}

/// Inside `res.partner(12, 13)`, the way Python prints a recordset.
fn in_recordset(before: &str) -> bool {
    let Some((head, inside)) = before.rsplit_once('(') else {
        return false;
    };
    let name = head
        .rsplit(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == '_'))
        .next();
    name.is_some_and(|name| name.contains('.')) && inside.chars().all(|c| "#, ".contains(c))
}

/// A value without the ids of records, which actions name in well-known places.
pub(crate) fn mask_ids(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(mask_ids).collect(),
        Value::Object(map) => {
            let mut masked = Map::new();
            for (key, value) in map {
                let hidden = key == "id" || key.ends_with("_id") || key.ends_with("_ids");
                let value = if hidden { hide(value) } else { mask_ids(value) };
                masked.insert(key.clone(), value);
            }
            Value::Object(masked)
        }
        other => other.clone(),
    }
}

fn hide(value: &Value) -> Value {
    match value {
        Value::Number(_) => json!("#"),
        Value::Array(items) => items.iter().map(hide).collect(),
        other => mask_ids(other),
    }
}
