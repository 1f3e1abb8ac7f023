//! Suggestions for a misspelt argument.

use crate::characters::clip;

/// The mistake of an unknown argument: the name it probably was, else all there are.
pub(super) fn unknown<'a>(name: &str, allowed: impl Iterator<Item = &'a String>) -> String {
    let allowed: Vec<&str> = allowed.map(String::as_str).collect();
    let shown = clip(name, 60);
    if allowed.is_empty() {
        return format!("`{shown}` is unknown: this tool takes no arguments");
    }
    match nearest(name, &allowed) {
        Some(meant) => format!("`{shown}` is unknown; did you mean `{meant}`?"),
        None => format!("`{shown}` is unknown; allowed are {}", allowed.join(", ")),
    }
}

/// The allowed name at most a third of its length away, or one that contains the other.
fn nearest<'a>(name: &str, allowed: &[&'a str]) -> Option<&'a str> {
    if name.len() > 60 {
        return None;
    }
    let name = name.to_lowercase();
    let (distance, best) = allowed
        .iter()
        .map(|candidate| (distance(&name, candidate), *candidate))
        .min()?;
    if distance * 3 <= best.len().max(name.len()) {
        return Some(best);
    }
    allowed
        .iter()
        .find(|candidate| {
            name.len() > 2 && (candidate.contains(&name) || name.contains(*candidate))
        })
        .copied()
}

/// Levenshtein's distance.
fn distance(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (line, source) in from.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = line + 1;
        for (column, target) in to.bytes().enumerate() {
            let replaced = diagonal + usize::from(source != target);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[to.len()]
}
