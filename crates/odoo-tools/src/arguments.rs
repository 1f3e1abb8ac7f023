//! Arguments of a call, checked against the tool's own schema before anything is decoded.
//!
//! All mistakes are reported at once, each naming the argument, what was wrong with it and what is
//! allowed, so that the next call can be right. What is meant beyond doubt is understood: `"20"` for
//! a number, `"Customer invoice"` for `customer_invoice`, a list as JSON text, and all that clients
//! put where an argument is left out. Texts are normalised here and nowhere else. Values that only
//! Odoo can judge (does this id exist?) are not this module's business.
//!
//! Arguments are taken by value: one of them may be a file.

use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::characters::clip;
use crate::schema::{BYTES, PASSAGE};

pub(crate) use text::Passage;

mod spelling;
mod text;

/// The longest text argument where a schema names no `maxLength`.
const LONGEST_TEXT: u64 = 1_000;

/// The longest list as JSON text, in bytes: some hundred entries, and nothing that takes much more
/// memory as a list than as a text.
const LONGEST_LIST: usize = 8_192;

/// What some clients write for an optional argument that they do not want, as a text.
const NOTHING: [&str; 2] = ["null", "None"];

/// The arguments as the tool's struct expects them, or all that is wrong with them.
pub(crate) fn check(
    schema: &Map<String, Value>,
    arguments: Map<String, Value>,
) -> Result<Map<String, Value>, Vec<String>> {
    let empty = Map::new();
    let properties = schema
        .get("properties")
        .and_then(Value::as_object)
        .unwrap_or(&empty);
    let mut missing: Vec<&str> = required(schema).collect();
    let mut mistakes = Vec::new();
    let mut checked = Map::new();
    for (name, value) in arguments {
        let Some(rule) = properties.get(&name) else {
            mistakes.push(spelling::unknown(&name, properties.keys()));
            continue;
        };
        if is_filler(rule, &value, !required(schema).any(|needed| needed == name)) {
            continue;
        }
        let read = read(rule, value);
        if read.as_ref().is_ok_and(|value| is_nothing(&name, value)) {
            continue;
        }
        missing.retain(|needed| *needed != name);
        match read {
            Ok(value) => {
                checked.insert(name, value);
            }
            Err(mistake) => mistakes.push(format!("`{name}`: {mistake}")),
        }
    }
    let missing = missing
        .into_iter()
        .map(|name| format!("`{name}` is missing; this tool cannot work without it"));
    mistakes.splice(..0, missing);
    if mistakes.is_empty() {
        Ok(checked)
    } else {
        Err(mistakes)
    }
}

/// What clients write for an argument that they leave out. Strict ones have to write something for
/// each; `false` is how Odoo itself writes an empty field.
fn is_filler(rule: &Value, value: &Value, is_optional: bool) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(false) => is_optional && rule["type"] != "boolean",
        Value::String(text) => {
            let text = text.trim();
            text.is_empty() || is_optional && NOTHING.contains(&text)
        }
        _ => false,
    }
}

/// What was read and says nothing: a text of which nothing was visible, a list without entries, and
/// the number that no record has and no page is cut at.
fn is_nothing(name: &str, value: &Value) -> bool {
    match value {
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Number(number) => number.as_i64() == Some(0) && begins_at_one(name),
        _ => false,
    }
}

/// Ids, by the names that they have in every tool, and the length of a page.
fn begins_at_one(name: &str) -> bool {
    name == "id" || name.ends_with("_id") || name == "limit"
}

fn required(schema: &Map<String, Value>) -> impl Iterator<Item = &str> {
    schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
}

fn read(rule: &Value, value: Value) -> Result<Value, String> {
    if let Some(Value::Array(choices)) = rule.get("enum") {
        return choice(choices, value);
    }
    match rule["type"].as_str() {
        Some("integer") => integer(rule, &value),
        Some("number") => number(rule, &value),
        Some("boolean") => boolean(value),
        Some("array") => list(rule, value),
        Some("string") if rule["format"] == "date" => date(&value),
        Some("string") => words(rule, value),
        // A free-form object: the tool's struct has the last word.
        _ => Ok(value),
    }
}

fn integer(rule: &Value, value: &Value) -> Result<Value, String> {
    let whole = match value {
        Value::Number(number) => number.as_i64().or_else(|| {
            let float = number.as_f64()?;
            // 20.0 is a whole number to whoever wrote it; beyond 2^53 floats skip some.
            (float.fract() == 0.0 && float.abs() < 9e15).then_some(float as i64)
        }),
        Value::String(words) => words
            .trim()
            .parse::<i64>()
            .ok()
            .filter(|number| number.to_string() == words.trim()),
        _ => None,
    };
    let whole = whole.ok_or_else(|| format!("{} is not a whole number", quoted(value)))?;
    in_range(rule, whole as f64)?;
    Ok(Value::from(whole))
}

fn number(rule: &Value, value: &Value) -> Result<Value, String> {
    let float = match value {
        Value::Number(number) => number.as_f64(),
        // Digits and one point only: "1,200" is twelve hundred to some and 1.2 to others.
        Value::String(words) if words.bytes().all(|byte| b"0123456789.-".contains(&byte)) => {
            words.parse::<f64>().ok()
        }
        _ => None,
    };
    let float = float.filter(|float| float.is_finite()).ok_or_else(|| {
        format!(
            "{} is not a number; write it like 1200.50, without separators or currency",
            quoted(value)
        )
    })?;
    in_range(rule, float)?;
    Ok(Value::from(float))
}

fn in_range(rule: &Value, number: f64) -> Result<(), String> {
    let bound = |key: &str| rule.get(key).and_then(Value::as_f64);
    match (bound("minimum"), bound("maximum")) {
        (Some(least), Some(most)) if number < least || number > most => {
            Err(format!("{number} is outside {least} to {most}"))
        }
        (Some(least), _) if number < least => Err(format!("{number} is less than {least}")),
        (_, Some(most)) if number > most => Err(format!("{number} is more than {most}")),
        _ => Ok(()),
    }
}

fn boolean(value: Value) -> Result<Value, String> {
    match &value {
        Value::Bool(_) => Ok(value),
        Value::String(words) if words.trim().eq_ignore_ascii_case("true") => Ok(Value::Bool(true)),
        Value::String(words) if words.trim().eq_ignore_ascii_case("false") => {
            Ok(Value::Bool(false))
        }
        _ => Err(format!("{} is neither true nor false", quoted(&value))),
    }
}

fn date(value: &Value) -> Result<Value, String> {
    let parsed = value
        .as_str()
        .map(str::trim)
        .filter(|words| words.len() == 10);
    match parsed.and_then(|words| words.parse::<Date>().ok()) {
        Some(date) => Ok(Value::String(date.to_string())),
        None => Err(format!(
            "{} is not a date; write it as YYYY-MM-DD, for example 2026-01-31",
            quoted(value)
        )),
    }
}

fn words(rule: &Value, value: Value) -> Result<Value, String> {
    let words = match value {
        Value::String(words) => words,
        // A document number such as 2026001 may come as a number.
        Value::Number(number) if number.is_i64() || number.is_u64() => number.to_string(),
        other => return Err(format!("{} is not text", quoted(&other))),
    };
    let words = match rule["format"].as_str() {
        Some(BYTES) => words,
        Some(PASSAGE) => text::passage(words),
        _ => text::line(words),
    };
    let longest = rule
        .get("maxLength")
        .and_then(Value::as_u64)
        .unwrap_or(LONGEST_TEXT);
    // Only what has more bytes can have more characters.
    if words.len() as u64 > longest && words.chars().count() as u64 > longest {
        return Err(format!("it is longer than {longest} characters"));
    }
    Ok(Value::String(words))
}

fn choice(choices: &[Value], value: Value) -> Result<Value, String> {
    if choices.contains(&value) {
        return Ok(value);
    }
    let names: Vec<&str> = choices.iter().filter_map(Value::as_str).collect();
    let given = value.as_str().map(normal);
    if let Some(name) = names.iter().find(|name| Some(normal(name)) == given) {
        return Ok(Value::from(*name));
    }
    Err(format!(
        "{} is not one of {}",
        quoted(&value),
        names.join(", ")
    ))
}

/// "Customer invoice", "customer-invoice" and `customer_invoice` are the same word.
fn normal(name: &str) -> String {
    let words: Vec<&str> = name
        .split(|character: char| character.is_whitespace() || "-_".contains(character))
        .filter(|word| !word.is_empty())
        .collect();
    words.join("_").to_lowercase()
}

fn list(rule: &Value, value: Value) -> Result<Value, String> {
    let items = match value {
        Value::Array(items) => items,
        Value::String(text) => listed(text),
        single => vec![single],
    };
    if let Some(most) = rule.get("maxItems").and_then(Value::as_u64)
        && items.len() as u64 > most
    {
        return Err(format!("{} entries are more than {most}", items.len()));
    }
    let entry = &rule["items"];
    items
        .into_iter()
        .filter(|item| !is_filler(entry, item, true))
        .map(|item| read(entry, item))
        .collect::<Result<Vec<_>, _>>()
        .map(Value::Array)
}

/// The entries of a list that came as JSON text; any other text is the only entry.
fn listed(text: String) -> Vec<Value> {
    if text.trim_start().starts_with('[')
        && text.len() <= LONGEST_LIST
        && let Ok(items) = serde_json::from_str(&text)
    {
        return items;
    }
    vec![Value::String(text)]
}

/// What was given, short enough to repeat.
fn quoted(value: &Value) -> String {
    match value {
        Value::Object(_) => "an object".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        other => clip(&other.to_string(), 60).into_owned(),
    }
}

#[cfg(test)]
mod tests;
