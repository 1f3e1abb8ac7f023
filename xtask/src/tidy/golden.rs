//! The golden files: they exist, they parse, and none is left over from a rejected change.
//!
//! Whether they still match is what `cargo test` says.

use super::Finding;
use super::tree::Tree;

/// What a real Odoo answered to the contract suite.
const CONTRACT: &str = "tests/golden";

pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    if !tree.has(CONTRACT) {
        let message = "missing: record it with `cargo xtask e2e --record`";
        findings.push(Finding::new(CONTRACT, 0, message));
    }
    for file in tree.files().filter(|file| file.path.contains("/golden/")) {
        if !file.path.ends_with(".json") {
            continue;
        }
        match serde_json::from_str::<serde_json::Value>(&file.text) {
            Ok(value) if is_empty(&value) => {
                findings.push(Finding::new(
                    &file.path,
                    0,
                    "holds nothing, so it checks nothing",
                ));
            }
            Ok(_) => {}
            Err(error) => findings.push(Finding::new(&file.path, error.line(), "is not JSON")),
        }
    }
    let leftovers = tree
        .files()
        .filter(|file| file.name().ends_with(".snap.new"));
    findings.extend(leftovers.map(|file| {
        Finding::new(
            &file.path,
            0,
            "a snapshot that nobody accepted: accept it or remove it",
        )
    }));
    findings
}

fn is_empty(value: &serde_json::Value) -> bool {
    match value {
        serde_json::Value::Null => true,
        serde_json::Value::Array(items) => items.is_empty(),
        serde_json::Value::Object(fields) => fields.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(files: &[(&str, &str)]) -> Vec<String> {
        check(&Tree::of(files))
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn a_recorded_answer_passes() {
        assert_eq!(
            messages(&[("tests/golden/users.json", "{\"anchor\": 1}")]),
            Vec::<String>::new()
        );
    }

    #[test]
    fn each_rule_fires() {
        assert_eq!(
            messages(&[]),
            ["tests/golden: missing: record it with `cargo xtask e2e --record`"]
        );
        assert_eq!(
            messages(&[
                ("tests/golden/a.json", "{}"),
                ("tests/golden/b.json", "{\n\n")
            ]),
            [
                "tests/golden/a.json: holds nothing, so it checks nothing",
                "tests/golden/b.json:3: is not JSON",
            ]
        );
    }
}
