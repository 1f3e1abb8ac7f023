//! Words and names that do not belong into the repository: vague names, notes to self, paths of
//! somebody's machine, secrets in recorded answers.

use super::Finding;
use super::tree::{File, Tree};

/// A module with one of these names has no subject.
const VAGUE_MODULES: [&str; 7] = [
    "util", "utils", "helper", "helpers", "common", "misc", "stuff",
];
/// A type with one of these endings says that it does something, but not what it is.
const VAGUE_ENDINGS: [&str; 5] = ["Manager", "Helper", "Helpers", "Util", "Utils"];
/// Notes to self. An issue is the place for what is not done. Written in two halves, because this
/// file is checked as well.
const NOTES: [&str; 4] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("XX", "X:"),
    concat!("HA", "CK:"),
];
/// Paths that only exist on one machine.
const HOMES: [&str; 4] = [
    concat!("/ho", "me/"),
    concat!("/ro", "ot/"),
    concat!("/Us", "ers/"),
    concat!("/wo", "rk/"),
];

/// How many hexadecimal digits an Odoo API key has (`res.users.apikeys`, `API_KEY_SIZE` bytes).
const KEY_DIGITS: usize = 40;

pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files().filter(|file| file.name() != "Cargo.lock") {
        if file.is_rust() {
            findings.extend(vague_module(file));
        }
        for (number, line) in file.lines() {
            let messages = [
                file.is_rust().then(|| vague_type(line)).flatten(),
                contained(line, &NOTES, "finish it or file an issue, but leave no"),
                contained(line, &HOMES, "nobody else has the folder"),
                may_hold_answers(file).then(|| secret(line)).flatten(),
            ];
            for message in messages.into_iter().flatten() {
                findings.push(Finding::new(&file.path, number, message));
            }
        }
    }
    findings
}

fn vague_module(file: &File) -> Option<Finding> {
    let stem = file.name().trim_end_matches(".rs");
    VAGUE_MODULES.contains(&stem).then(|| {
        let message = format!("`{stem}` is no subject: name the module after what is in it");
        Finding::new(&file.path, 0, message)
    })
}

fn vague_type(line: &str) -> Option<String> {
    let mut words = line
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|w| !w.is_empty());
    words.find(|word| matches!(*word, "struct" | "enum" | "trait"))?;
    let name = words.next()?;
    let ending = VAGUE_ENDINGS
        .into_iter()
        .find(|ending| name.ends_with(ending))?;
    // `use struct` in prose is not a definition; a definition stands at the start of its line.
    let start = line.trim_start();
    let defines = ["struct ", "enum ", "trait ", "pub"]
        .iter()
        .any(|word| start.starts_with(word));
    defines.then(|| format!("`{name}`: `{ending}` says nothing, name what the thing is"))
}

fn contained(line: &str, words: &[&str], reason: &str) -> Option<String> {
    let word = words.iter().find(|word| line.contains(**word))?;
    Some(format!("{reason} `{word}`"))
}

/// Files that were written by a program with a real key at hand.
fn may_hold_answers(file: &File) -> bool {
    file.path.contains("/golden/") || file.path.starts_with("docs/") || file.is_markdown()
}

fn secret(line: &str) -> Option<String> {
    let key = line
        .split(|c: char| !c.is_ascii_alphanumeric())
        .any(|word| word.len() == KEY_DIGITS && word.bytes().all(|b| b.is_ascii_hexdigit()));
    let token = line.contains(concat!("omcp_", "at_")) && !line.contains('…');
    (key || token).then(|| "this looks like a key or a token".to_owned())
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
    fn ordinary_words_pass() {
        let text = "//! A manager approves; `has_manager` says whether there is one.\n\
                    pub struct EmployeeManagerId;\n";
        assert_eq!(
            messages(&[("crates/a/src/manager.rs", text)]),
            Vec::<String>::new()
        );
    }

    #[test]
    fn each_rule_fires() {
        let note = format!("// {}: later\n", NOTES[0]);
        let home = format!("see {}me/notes\n", HOMES[0]);
        let golden = format!("{{\"key\": \"{}\"}}\n", "0123456789".repeat(4));
        let found = messages(&[
            (
                "crates/a/src/utils.rs",
                "pub(crate) struct SessionManager;\n",
            ),
            ("crates/a/src/lib.rs", &note),
            ("docs/guide.md", &home),
            ("tests/golden/users.json", &golden),
        ]);
        assert_eq!(
            found,
            [
                "crates/a/src/utils.rs: `utils` is no subject: name the module after what is in it"
                    .to_owned(),
                "crates/a/src/utils.rs:1: `SessionManager`: `Manager` says nothing, name what the \
                 thing is"
                    .to_owned(),
                format!(
                    "crates/a/src/lib.rs:1: finish it or file an issue, but leave no `{}`",
                    NOTES[0]
                ),
                format!("docs/guide.md:1: nobody else has the folder `{}`", HOMES[0]),
                "tests/golden/users.json:1: this looks like a key or a token".to_owned(),
            ]
        );
    }
}
