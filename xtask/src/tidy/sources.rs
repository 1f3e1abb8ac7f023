//! The shape of source files: length, the `//!` at the head, no `mod.rs`, clean line ends.
//!
//! Not for what stands in the code: words are `words`, dependencies `layers`.

use super::Finding;
use super::tree::{File, Tree};

/// A file that is longer has two subjects.
const MAX_LINES: usize = 400;
/// A program's `main.rs` parses, builds, serves and drains; more than this is logic.
const MAX_MAIN_LINES: usize = 130;

pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files() {
        findings.extend(length(file));
        findings.extend(line_ends(file));
        if file.is_rust() {
            findings.extend(head(file));
            findings.extend(module_file(file));
        }
    }
    findings
}

fn length(file: &File) -> Option<Finding> {
    let limit = if file.path.starts_with("bins/") && file.path.ends_with("/src/main.rs") {
        MAX_MAIN_LINES
    } else if file.is_rust() || file.path.starts_with(".ci/") {
        MAX_LINES
    } else {
        return None;
    };
    let lines = file.text.lines().count();
    (lines > limit).then(|| {
        Finding::new(
            &file.path,
            0,
            format!("{lines} lines, at most {limit}: split it by subject"),
        )
    })
}

/// Golden and licence files are kept byte for byte as they came, and Rust sources are rustfmt's,
/// which knows a text from code.
fn line_ends(file: &File) -> Vec<Finding> {
    let is_kept = file.path.contains("/golden/") || file.name().starts_with("LICENSE");
    if is_kept || file.is_rust() {
        return Vec::new();
    }
    let mut findings: Vec<Finding> = file
        .lines()
        .filter(|(_, line)| line.ends_with([' ', '\t', '\r']))
        .map(|(number, _)| Finding::new(&file.path, number, "white space at the end of the line"))
        .collect();
    if !file.text.is_empty() && !file.text.ends_with('\n') {
        findings.push(Finding::new(&file.path, 0, "the last line has no line end"));
    }
    findings
}

/// Attributes may stand before the head; that of a published crate is its README.
fn head(file: &File) -> Option<Finding> {
    let is_readme = |line: &&str| line.starts_with("#![doc = include_str!");
    let is_attribute = |line: &&str| line.is_empty() || line.starts_with("#!") && !is_readme(line);
    let first = file.text.lines().find(|line| !is_attribute(line));
    let documented = first.is_some_and(|line| line.starts_with("//! ") || is_readme(&line));
    (!documented).then(|| {
        let message = "no `//!` at the head: say what this module is, and what it is not for";
        Finding::new(&file.path, 1, message)
    })
}

fn module_file(file: &File) -> Option<Finding> {
    (file.name() == "mod.rs").then(|| {
        let message = "name the file after its module and put it beside the folder";
        Finding::new(&file.path, 0, message)
    })
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
    fn a_clean_file_passes() {
        let text = "#![forbid(unsafe_code)]\n//! Invoices.\n\nfn f() {}\n";
        assert_eq!(
            messages(&[("crates/a/src/invoices.rs", text)]),
            Vec::<String>::new()
        );
    }

    #[test]
    fn each_rule_fires() {
        let long = format!("//! Long.\n{}", "// x\n".repeat(400));
        let long_main = format!("//! Long.\n{}", "// x\n".repeat(130));
        let found = messages(&[
            ("crates/a/src/long.rs", &long),
            ("bins/a/src/main.rs", &long_main),
            ("crates/a/src/mod.rs", "//! A.\n"),
            ("crates/a/src/bare.rs", "fn f() {}\n"),
            ("README.md", "ends in a blank \nand no line end"),
        ]);
        assert_eq!(
            found,
            [
                "crates/a/src/long.rs: 401 lines, at most 400: split it by subject",
                "bins/a/src/main.rs: 131 lines, at most 130: split it by subject",
                "crates/a/src/mod.rs: name the file after its module and put it beside the folder",
                "crates/a/src/bare.rs:1: no `//!` at the head: say what this module is, and what \
                 it is not for",
                "README.md:1: white space at the end of the line",
                "README.md: the last line has no line end",
            ]
        );
    }
}
