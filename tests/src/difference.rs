//! What differs between two sets of observations, for a person to read.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::suite::Observations;

/// The longest value that is shown as it is.
const SHOWN: usize = 300;

/// Differences shown of one case.
const PER_CASE: usize = 12;

/// One line for each difference: where, what the real Odoo said, what the other said. Empty when they agree.
#[must_use]
pub fn differences(real: &Observations, other: &Observations) -> Vec<String> {
    let mut lines = Vec::new();
    let themes: BTreeSet<&String> = real.keys().chain(other.keys()).collect();
    for theme in themes {
        let (left, right) = (real.get(theme), other.get(theme));
        let names: BTreeSet<&String> = left
            .into_iter()
            .chain(right)
            .flat_map(std::collections::BTreeMap::keys)
            .collect();
        for name in names {
            let place = format!("{theme}/{name}");
            let (left, right) = (
                left.and_then(|cases| cases.get(name)),
                right.and_then(|cases| cases.get(name)),
            );
            let mut found = Vec::new();
            compare(&place, left, right, &mut found);
            let more = found.len().saturating_sub(PER_CASE);
            lines.extend(found.into_iter().take(PER_CASE));
            if more > 0 {
                lines.push(format!("{place}: and {more} more"));
            }
        }
    }
    lines
}

fn compare(place: &str, real: Option<&Value>, other: Option<&Value>, lines: &mut Vec<String>) {
    match (real, other) {
        (Some(Value::Object(left)), Some(Value::Object(right))) => {
            let keys: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
            for key in keys {
                compare(
                    &format!("{place} .{key}"),
                    left.get(key),
                    right.get(key),
                    lines,
                );
            }
        }
        (Some(Value::Array(left)), Some(Value::Array(right))) => {
            for index in 0..left.len().max(right.len()) {
                let inner = format!("{place} [{index}]");
                compare(&inner, left.get(index), right.get(index), lines);
            }
        }
        (left, right) if left == right => {}
        (left, right) => {
            lines.push(format!(
                "{place}\n    real:    {}\n    sandbox: {}",
                show(left),
                show(right)
            ));
        }
    }
}

fn show(value: Option<&Value>) -> String {
    let text = value.map_or_else(|| "(nothing)".to_owned(), ToString::to_string);
    if text.chars().count() <= SHOWN {
        return text;
    }
    text.chars().take(SHOWN).chain("…".chars()).collect()
}
