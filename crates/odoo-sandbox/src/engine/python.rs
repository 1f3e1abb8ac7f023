//! Values as Python prints them, because Odoo's error texts quote them so.

use serde_json::Value as Json;

/// `repr()` of a value that came as JSON; lists stay lists.
pub(crate) fn repr(value: &Json) -> String {
    match value {
        Json::Null => "None".to_owned(),
        Json::Bool(true) => "True".to_owned(),
        Json::Bool(false) => "False".to_owned(),
        Json::Number(number) => number.to_string(),
        Json::String(text) => repr_text(text),
        Json::Array(items) => {
            format!(
                "[{}]",
                items.iter().map(repr).collect::<Vec<_>>().join(", ")
            )
        }
        Json::Object(items) => {
            let items = items.iter().map(|(key, value)| {
                let key = repr_text(key);
                format!("{key}: {}", repr(value))
            });
            format!("{{{}}}", items.collect::<Vec<_>>().join(", "))
        }
    }
}

/// `repr()` of a text: single quotes unless only they occur in it.
pub(crate) fn repr_text(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut shown = String::with_capacity(text.len() + 2);
    shown.push(quote);
    for letter in text.chars() {
        match letter {
            '\\' => shown.push_str("\\\\"),
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            letter if letter == quote => {
                shown.push('\\');
                shown.push(letter);
            }
            letter => shown.push(letter),
        }
    }
    shown.push(quote);
    shown
}

/// The class of a value, `<class 'str'>`'s inner name.
pub(crate) fn class(value: &Json) -> &'static str {
    match value {
        Json::Null => "NoneType",
        Json::Bool(_) => "bool",
        Json::Number(number) if number.is_f64() => "float",
        Json::Number(_) => "int",
        Json::String(_) => "str",
        Json::Array(_) => "list",
        Json::Object(_) => "dict",
    }
}
