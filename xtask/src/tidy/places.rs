//! What has one place in each crate: cryptography, the look at the system's clock, and the search by
//! a part of a text.
//!
//! A reader who wants to know how a crate does one of them then knows that there is one file to read.

use std::collections::BTreeMap;

use super::Finding;
use super::tree::{File, Tree};

/// Where a crate's one place has a name that documents speak of.
const NAMED: [(&str, &str); 1] = [("crates/odoo-auth", "src/crypto.rs")];
/// What the named places are for.
const RING: &str = "ring::";

/// A text that may stand in one file of a crate's sources, and what it stands for.
const PLACES: [(&str, &str); 4] = [
    (RING, "cryptography"),
    ("Timestamp::now(", "the system's clock"),
    ("SystemTime::now(", "the system's clock"),
    ("ilike(", "a search by a part of a text"),
];

pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (text, subject) in PLACES {
        let mut places: BTreeMap<&str, Vec<&File>> = BTreeMap::new();
        for file in tree.files().filter(|file| file.is_rust()) {
            // Tests look at the clock where they please.
            let Some((package, _)) = file.path.split_once("/src/") else {
                continue;
            };
            if file.lines().any(|(_, line)| uses(line, text)) {
                places.entry(package).or_default().push(file);
            }
        }
        for (package, files) in places.iter().filter(|(_, files)| files.len() > 1) {
            let names: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
            let message = format!(
                "{subject} has one place in a crate, not {}",
                names.join(", ")
            );
            findings.push(Finding::new(package, 0, message));
        }
    }
    findings.extend(elsewhere(tree));
    findings
}

/// Cryptography outside the file that ARCHITECTURE.md names for it.
fn elsewhere(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (package, place) in NAMED {
        let (sources, place) = (format!("{package}/src/"), format!("{package}/{place}"));
        let others = tree
            .files()
            .filter(|file| file.is_rust() && file.path.starts_with(&sources) && file.path != place);
        for file in others {
            for (number, _) in file.lines().filter(|(_, line)| uses(line, RING)) {
                let message = format!("only {place} names ring");
                findings.push(Finding::new(&file.path, number, message));
            }
        }
    }
    findings
}

/// Code, not prose, and not the end of a longer word.
fn uses(line: &str, text: &str) -> bool {
    let code = line.trim_start();
    let is_text = |at: usize| code[..at].matches('"').count() % 2 == 1;
    let in_word = |at: usize| code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
    !code.starts_with("//")
        && code
            .match_indices(text)
            .any(|(at, _)| !is_text(at) && !in_word(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_with_a_name_stays_there() {
        let tree = Tree::of(&[("crates/odoo-auth/src/token.rs", "use ring::hmac;\n")]);
        let found: Vec<String> = check(&tree).iter().map(ToString::to_string).collect();
        let expected = "crates/odoo-auth/src/token.rs:1: only crates/odoo-auth/src/crypto.rs names \
                        ring";
        assert_eq!(found, [expected]);
    }

    #[test]
    fn a_second_place_is_found() {
        let tree = Tree::of(&[
            ("crates/a/src/crypto.rs", "use ring::hmac;\n"),
            (
                "crates/a/src/token.rs",
                "// ring::hmac\nlet key = ring::hmac::Key::new();\n",
            ),
            (
                "crates/b/src/seal.rs",
                "use ring::aead;\nuse string::Text;\n",
            ),
            ("crates/b/src/name.rs", "use substring::Text;\n"),
            ("crates/b/tests/it/main.rs", "use ring::aead;\n"),
        ]);
        let found: Vec<String> = check(&tree).iter().map(ToString::to_string).collect();
        let expected = "crates/a: cryptography has one place in a crate, not \
                        crates/a/src/crypto.rs, crates/a/src/token.rs";
        assert_eq!(found, [expected]);
    }
}
