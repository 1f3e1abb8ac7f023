//! What a client gave: reading the values of a `create` or `write` before they are converted.

use serde_json::{Value as Json, json};

use crate::engine::model::Vals;

/// The id in a value, if there is one.
pub(crate) fn id(vals: &Vals, field: &str) -> Option<i64> {
    vals.get(field).and_then(Json::as_i64)
}

/// The text in a value, if there is one.
pub(crate) fn text<'a>(vals: &'a Vals, field: &str) -> Option<&'a str> {
    vals.get(field).and_then(Json::as_str)
}

/// Sets a many2one that nobody chose; `false` counts as not chosen.
pub(crate) fn choose(vals: &mut Vals, field: &str, value: Option<i64>) {
    if id(vals, field).is_none() {
        vals.insert(field.to_owned(), json!(value));
    }
}

/// Sets a value that is not mentioned at all.
pub(crate) fn propose(vals: &mut Vals, field: &str, value: Json) {
    vals.entry(field).or_insert(value);
}
