//! `cargo xtask tidy`: the rules of this repository that a program can check.
//!
//! Every rule is a plain function from the [`Tree`] to its findings; ARCHITECTURE.md and
//! CONTRIBUTING.md say why the rules exist. What the compiler, clippy, cargo-deny or cargo-machete
//! already check is not checked here.

mod documents;
mod golden;
mod layers;
mod manifests;
mod places;
mod sources;
mod tree;
mod words;

use std::collections::BTreeMap;
use std::fmt;
use std::io::Write as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use xshell::Shell;

use self::tree::Tree;
use crate::docs;

/// One broken rule, with the place to go to.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    path: String,
    /// Counted from 1; 0 when the file as a whole is meant.
    line: usize,
    message: String,
}

impl Finding {
    fn new(path: &str, line: usize, message: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line,
            message: message.into(),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            0 => write!(f, "{}: {}", self.path, self.message),
            line => write!(f, "{}:{line}: {}", self.path, self.message),
        }
    }
}

/// Runs every rule on the checkout at `root` and fails when one is broken, naming all places.
///
/// # Errors
/// When a rule is broken, or when git or cargo cannot be asked about the checkout.
pub(crate) fn run(shell: &Shell, root: &Path) -> anyhow::Result<()> {
    let tree = Tree::read(shell, root)?;
    let packages = layers::Package::all(shell)?;

    let mut findings = sources::check(&tree);
    findings.extend(words::check(&tree));
    findings.extend(layers::check(&tree, &packages));
    findings.extend(manifests::check(&tree));
    findings.extend(places::check(&tree));
    findings.extend(documents::check(&tree));
    findings.extend(golden::check(&tree));
    findings.extend(reference(&tree, root));
    findings.sort();

    let mut out = std::io::stdout().lock();
    for finding in &findings {
        writeln!(out, "{finding}").context("writing the findings")?;
    }
    if !findings.is_empty() {
        bail!("tidy: {} findings, see above", findings.len());
    }
    writeln!(out, "tidy: {} files, no findings", tree.len()).context("writing the result")
}

/// The tool reference is what the tools say and answer, and README.md names every tool.
fn reference(tree: &Tree, root: &Path) -> Vec<Finding> {
    let mut findings = match docs::pages(root) {
        Ok(pages) => outdated(tree, &pages),
        Err(error) => vec![Finding::new(docs::INDEX, 0, format!("{error:#}"))],
    };
    let readme = tree
        .file("README.md")
        .map(|file| file.text.as_str())
        .unwrap_or_default();
    for name in docs::tool_names() {
        if !readme.contains(&format!("| `{name}` |")) {
            findings.push(Finding::new(
                "README.md",
                0,
                format!("the table lacks the tool `{name}`"),
            ));
        }
    }
    findings
}

/// Pages that say something else, are missing, or are left over.
fn outdated(tree: &Tree, pages: &BTreeMap<String, String>) -> Vec<Finding> {
    let message = "is not what the tools say: run `cargo xtask docs`";
    let old = pages
        .iter()
        .filter(|(path, text)| tree.file(path).is_none_or(|file| file.text != **text))
        .map(|(path, _)| Finding::new(path, 0, message));
    let left = tree
        .files()
        .filter(|file| file.path.starts_with(docs::FOLDER) && file.is_markdown())
        .filter(|file| !pages.contains_key(&file.path))
        .map(|file| Finding::new(&file.path, 0, "no tool belongs to this page: remove it"));
    old.chain(left).collect()
}
