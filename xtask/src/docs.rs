//! `cargo xtask docs`: writes the reference of all tools, `docs/tools.md` with a page for each domain, from the
//! catalogue that the server itself serves and from what the tools answer to the questions in `docs/tools/*.json`.
//!
//! The answers come from a sandbox whose clock stands still, so that they are the same every time. `cargo xtask tidy`
//! fails when a page says something else.

mod company;
// Tests of the tools ask the same questions, so that what reads them is written once.
#[path = "../../crates/odoo-tools/tests/it/examples.rs"]
mod examples;
mod index;
mod schema;
mod section;

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context as _, ensure};
use odoo_tools::{Registry, ToolSpec};

use self::company::Company;
use self::examples::{DOMAINS, Example};

/// The page with the list of all tools.
pub(crate) const INDEX: &str = "docs/tools.md";
/// Where the pages of the domains stand, with the questions beside them.
pub(crate) const FOLDER: &str = "docs/tools/";

/// A tool with its example and who of the demo company is shown it.
struct Entry<'a> {
    spec: &'a ToolSpec,
    example: Example,
    audience: Vec<&'a str>,
}

/// Writes the reference into the checkout at `root`.
///
/// # Errors
/// When a tool has no example or does not answer it, or a file cannot be written.
pub(crate) fn write(root: &Path) -> anyhow::Result<()> {
    for (path, text) in pages(root)? {
        let path = root.join(path);
        std::fs::write(&path, text).with_context(|| format!("writing {}", path.display()))?;
    }
    Ok(())
}

/// The names of all tools.
pub(crate) fn tool_names() -> Vec<&'static str> {
    Registry::standard()
        .catalogue()
        .iter()
        .map(|spec| spec.name)
        .collect()
}

/// The pages by path, as they should stand in the checkout at `root`.
///
/// # Errors
/// When a tool has no example or does not answer it.
pub(crate) fn pages(root: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("starting a runtime")?;
    runtime.block_on(written(root))
}

async fn written(root: &Path) -> anyhow::Result<BTreeMap<String, String>> {
    let company = Company::open().await?;
    let registry = Registry::standard();
    let mut pages = BTreeMap::new();
    let mut domains = Vec::new();
    for (domain, title) in DOMAINS {
        let entries = entries(root, domain, &company, &registry)?;
        if !entries.is_empty() {
            let path = format!("{FOLDER}{domain}.md");
            pages.insert(path, section::page(title, &entries, &company).await?);
            domains.push((domain, title, entries));
        }
    }
    for spec in registry.catalogue() {
        let examples = domains.iter().flat_map(|(.., entries)| entries);
        let own = examples
            .filter(|entry| entry.spec.name == spec.name)
            .count();
        ensure!(
            own == 1,
            "{} has {own} examples: give it one in {FOLDER}*.json",
            spec.name
        );
    }
    pages.insert(INDEX.to_owned(), index::page(&domains, &company));
    Ok(pages)
}

/// The tools of a domain, in the order of their examples.
fn entries<'a>(
    root: &Path,
    domain: &str,
    company: &'a Company,
    registry: &'a Registry,
) -> anyhow::Result<Vec<Entry<'a>>> {
    let examples = examples::read(root, domain).map_err(anyhow::Error::from_boxed)?;
    let entry = |example: Example| {
        let specs = registry.catalogue();
        let spec = specs.iter().find(|spec| spec.name == example.tool);
        let spec = spec.with_context(|| format!("{} is no tool", example.tool))?;
        ensure!(
            example.most.is_some() == spec.access.is_read_only(),
            "{}: tools that read, and only they, say what the most is that they can be asked for",
            spec.name
        );
        let audience = company.audience(spec.name);
        Ok(Entry {
            spec,
            example,
            audience,
        })
    };
    examples.into_iter().map(entry).collect()
}
