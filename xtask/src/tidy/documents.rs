//! The documents: links that lead somewhere, a code map that names every folder, and the two
//! commands at the top of README.md.
//!
//! Whether they are well written is for a reader to say.

use super::Finding;
use super::tree::{File, Tree};

/// README.md opens with what a newcomer types; `.ci/run` reads the second one from there.
const FIRST_COMMANDS: [&str; 2] = ["cargo run -- demo", "cargo test --workspace"];
/// The commands stand within this many lines from the top.
const OPENING: usize = 25;
/// Where people look for things; each folder in them has a word in the code map.
const MAPPED: [&str; 2] = ["crates/", "bins/"];

pub(crate) fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = opening(tree);
    findings.extend(code_map(tree));
    for file in tree.files().filter(|file| file.is_markdown()) {
        findings.extend(links(tree, file));
    }
    findings
}

fn opening(tree: &Tree) -> Vec<Finding> {
    let Some(readme) = tree.file("README.md") else {
        return vec![Finding::new("README.md", 0, "missing")];
    };
    let opening: Vec<&str> = readme.text.lines().take(OPENING).collect();
    FIRST_COMMANDS
        .iter()
        .filter(|command| !opening.iter().any(|line| line.starts_with(**command)))
        .map(|command| {
            let message = format!("does not open with `{command}` on a line of its own");
            Finding::new(&readme.path, 0, message)
        })
        .collect()
}

fn code_map(tree: &Tree) -> Vec<Finding> {
    let Some(map) = tree.file("ARCHITECTURE.md") else {
        return vec![Finding::new("ARCHITECTURE.md", 0, "missing")];
    };
    let mut folders: Vec<String> = tree
        .files()
        .filter_map(|file| mapped_folder(&file.path))
        .collect();
    folders.sort();
    folders.dedup();
    folders
        .iter()
        .filter(|folder| !map.text.contains(&format!("`{folder}`")))
        .map(|folder| {
            Finding::new(
                &map.path,
                0,
                format!("the code map does not name `{folder}`"),
            )
        })
        .collect()
}

/// `crates/odoo-json2` for a file in it, `docs` for one below a folder that is no crate.
fn mapped_folder(path: &str) -> Option<String> {
    let (top, rest) = path.split_once('/')?;
    if top.starts_with('.') {
        return None;
    }
    let is_mapped = MAPPED.iter().any(|prefix| path.starts_with(prefix));
    match rest.split_once('/') {
        Some((name, _)) if is_mapped => Some(format!("{top}/{name}")),
        _ => Some(top.to_owned()),
    }
}

/// Links to other files of the repository, in the form `[text](path#part)`.
fn links(tree: &Tree, file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, line) in file.lines() {
        for target in line
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            let path = target.split('#').next().unwrap_or_default();
            if path.is_empty() || path.contains("://") || path.starts_with("mailto:") {
                continue;
            }
            if !tree.has(&resolve(&file.path, path)) {
                let message = format!("the link to `{target}` leads nowhere");
                findings.push(Finding::new(&file.path, number, message));
            }
        }
    }
    findings
}

/// The path from the root of what `link` means in the file `from`.
fn resolve(from: &str, link: &str) -> String {
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    const README: (&str, &str) = (
        "README.md",
        "# Server\n```\ncargo run -- demo\ncargo test --workspace\n```\n",
    );

    fn messages(files: &[(&str, &str)]) -> Vec<String> {
        check(&Tree::of(files))
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn what_is_there_passes() {
        let map = (
            "ARCHITECTURE.md",
            "`crates/a` and `docs`, see [guide](docs/guide.md#top).\n",
        );
        let guide = (
            "docs/guide.md",
            "[home](../README.md) [web](https://example.com)\n",
        );
        assert_eq!(
            messages(&[README, map, guide, ("crates/a/src/lib.rs", "")]),
            Vec::<String>::new()
        );
    }

    #[test]
    fn each_rule_fires() {
        let found = messages(&[
            ("README.md", "# Server\n\nRun `cargo run -- demo`.\n"),
            ("ARCHITECTURE.md", "See [x](docs/x.md).\n"),
            ("crates/a/src/lib.rs", ""),
        ]);
        assert_eq!(
            found,
            [
                "README.md: does not open with `cargo run -- demo` on a line of its own",
                "README.md: does not open with `cargo test --workspace` on a line of its own",
                "ARCHITECTURE.md: the code map does not name `crates/a`",
                "ARCHITECTURE.md:1: the link to `docs/x.md` leads nowhere",
            ]
        );
    }
}
