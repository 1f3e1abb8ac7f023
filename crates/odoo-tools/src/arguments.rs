//! Arguments of a call, checked against the tool's own schema before anything is decoded.
//!
//! All mistakes are reported at once, each naming the argument, what was wrong with it and what is
//! allowed, so that the next call can be right. What is meant beyond doubt is understood: `"20"` for
//! a number, `"Customer invoice"` for `customer_invoice`, `null` for an argument left out. Values
//! that only Odoo can judge (does this id exist?) are not this module's business.

use jiff::civil::Date;
use serde_json::{Map, Value};

use crate::characters::clip;

mod spelling;

/// The longest text argument where a schema names no `maxLength`.
const LONGEST_TEXT: u64 = 1_000;

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
    let mut mistakes: Vec<String> = required(schema)
        .filter(|name| arguments.get(*name).is_none_or(is_absent))
        .map(|name| format!("`{name}` is missing; this tool cannot work without it"))
        .collect();
    let mut checked = Map::new();
    for (name, value) in arguments {
        let Some(rule) = properties.get(&name) else {
            mistakes.push(spelling::unknown(&name, properties.keys()));
            continue;
        };
        if is_absent(&value) {
            continue;
        }
        match read(rule, value) {
            Ok(value) => {
                checked.insert(name, value);
            }
            Err(mistake) => mistakes.push(format!("`{name}`: {mistake}")),
        }
    }
    if mistakes.is_empty() {
        Ok(checked)
    } else {
        Err(mistakes)
    }
}

/// Assistants write `null` or `""` for a filter that they do not want.
fn is_absent(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        _ => false,
    }
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
        return choice(choices, &value);
    }
    match rule["type"].as_str() {
        Some("integer") => integer(rule, &value),
        Some("number") => number(rule, &value),
        Some("boolean") => boolean(&value),
        Some("array") => list(rule, value),
        Some("string") if rule["format"] == "date" => date(&value),
        Some("string") => text(rule, &value),
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

fn boolean(value: &Value) -> Result<Value, String> {
    match value {
        Value::Bool(_) => Ok(value.clone()),
        Value::String(words) if words.eq_ignore_ascii_case("true") => Ok(Value::Bool(true)),
        Value::String(words) if words.eq_ignore_ascii_case("false") => Ok(Value::Bool(false)),
        _ => Err(format!("{} is neither true nor false", quoted(value))),
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

fn text(rule: &Value, value: &Value) -> Result<Value, String> {
    let words = match value {
        Value::String(words) => words.clone(),
        // A document number such as 2026001 may come as a number.
        Value::Number(number) if number.is_i64() || number.is_u64() => number.to_string(),
        _ => return Err(format!("{} is not text", quoted(value))),
    };
    let longest = rule
        .get("maxLength")
        .and_then(Value::as_u64)
        .unwrap_or(LONGEST_TEXT);
    if words.chars().count() as u64 > longest {
        return Err(format!("it is longer than {longest} characters"));
    }
    Ok(Value::String(words))
}

fn choice(choices: &[Value], value: &Value) -> Result<Value, String> {
    if choices.contains(value) {
        return Ok(value.clone());
    }
    let names: Vec<&str> = choices.iter().filter_map(Value::as_str).collect();
    let given = value.as_str().map(normal);
    if let Some(name) = names.iter().find(|name| Some(normal(name)) == given) {
        return Ok(Value::from(*name));
    }
    Err(format!(
        "{} is not one of {}",
        quoted(value),
        names.join(", ")
    ))
}

/// "Customer invoice", "customer-invoice" and `customer_invoice` are the same word.
fn normal(name: &str) -> String {
    name.trim().to_lowercase().replace(['-', ' '], "_")
}

fn list(rule: &Value, value: Value) -> Result<Value, String> {
    let items = match value {
        Value::Array(items) => items,
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
        .map(|item| read(entry, item))
        .collect::<Result<Vec<_>, _>>()
        .map(Value::Array)
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
