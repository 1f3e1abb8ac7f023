//! The manifests: each outside dependency has a reason, and each member takes it from the root.
//!
//! Which dependency may be used where is not for here but for `layers` and for deny.toml.

use super::Finding;
use super::tree::{File, Tree};

/// A comment may speak for a few lines that belong together, not for a list.
const MAX_LINES_PER_REASON: usize = 3;

pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files().filter(|file| file.name() == "Cargo.toml") {
        if file.path == "Cargo.toml" {
            findings.extend(reasons(file));
        } else {
            findings.extend(inherited(file));
        }
    }
    findings
}

/// The lines of a manifest with the table they stand in.
fn with_table(file: &File) -> impl Iterator<Item = (usize, &str, &str)> {
    let mut table = "";
    file.lines().map(move |(number, line)| {
        if line.starts_with('[') {
            table = line.trim_matches(['[', ']']);
        }
        (number, table, line)
    })
}

fn reasons(file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    // Lines since the last comment; `None` when a blank line or a table head ended its reach.
    let mut since: Option<usize> = None;
    for (number, table, line) in with_table(file) {
        let is_entry = table == "workspace.dependencies" && !line.starts_with('[');
        match line.chars().next() {
            Some('#') => since = Some(0),
            Some(_) if is_entry => {
                // Our own crates are explained in ARCHITECTURE.md.
                let counts = usize::from(!line.contains("path ="));
                since = since.map(|lines| lines + counts);
                if since.is_none_or(|lines| lines > MAX_LINES_PER_REASON) {
                    let message = "no comment above says why this dependency is there";
                    findings.push(Finding::new(&file.path, number, message));
                }
            }
            _ => since = None,
        }
    }
    findings
}

fn inherited(file: &File) -> Vec<Finding> {
    let mut findings: Vec<Finding> = with_table(file)
        .filter(|(_, table, line)| {
            table.ends_with("dependencies") && line.contains('=') && !line.starts_with('#')
        })
        .filter(|(_, _, line)| !line.contains("workspace"))
        .map(|(number, _, _)| {
            let message =
                "take it from the root with `.workspace = true`, so that it is one version";
            Finding::new(&file.path, number, message)
        })
        .collect();
    let has_lints =
        with_table(file).any(|(_, table, line)| table == "lints" && line == "workspace = true");
    if !has_lints {
        findings.push(Finding::new(
            &file.path,
            0,
            "the workspace's lints are not switched on",
        ));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn messages(path: &str, text: &str) -> Vec<String> {
        check(&Tree::of(&[(path, text)]))
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn every_dependency_of_the_root_needs_a_reason() {
        let text = "[workspace.dependencies]\n# Dates.\njiff = \"0.2\"\n\nurl = \"2\"\n";
        let expected = "Cargo.toml:5: no comment above says why this dependency is there";
        assert_eq!(messages("Cargo.toml", text), [expected]);
    }

    #[test]
    fn one_reason_does_not_cover_a_list() {
        let text = "[workspace.dependencies]\n# All.\na = \"1\"\nb = \"1\"\nc = \"1\"\nd = \"1\"\n";
        let expected = "Cargo.toml:6: no comment above says why this dependency is there";
        assert_eq!(messages("Cargo.toml", text), [expected]);
    }

    #[test]
    fn a_member_takes_versions_and_lints_from_the_root() {
        let text = "[dependencies]\nurl = \"2\"\njiff.workspace = true\n";
        let expected = [
            "crates/a/Cargo.toml:2: take it from the root with `.workspace = true`, so that it is \
             one version",
            "crates/a/Cargo.toml: the workspace's lints are not switched on",
        ];
        assert_eq!(messages("crates/a/Cargo.toml", text), expected);
    }
}
