//! The list of all tools: what each is for and who of the demo company is shown it.

use std::fmt::Write as _;

use super::Entry;
use super::company::Company;

/// What stands above the list.
const HEAD: &str = "# Tools\n\n\
    Written by `cargo xtask docs` from the tools' own source and from what they answer to the questions in\n\
    `docs/tools/*.json`; edit the doc comments and the questions there.\n\n\
    Everyone sees only the tools whose records Odoo lets them read. The marks below say who sees what in the demo\n\
    company; what a connection may do is narrowed further by the scopes that its owner agreed to: `odoo:read`,\n\
    `odoo:write`, `odoo:delete`, `odoo:approve`. The same list with its JSON Schemas: `odoo-mcp-server tools --json`.\n\n";

/// The page.
pub(crate) fn page(domains: &[(&str, &str, Vec<Entry<'_>>)], company: &Company) -> String {
    let mut text = HEAD.to_owned();
    for person in company.people() {
        let _ = writeln!(text, "- **{}**: {}", person.login, person.role);
    }
    let people: Vec<&str> = company
        .people()
        .iter()
        .map(|person| person.login.as_str())
        .collect();
    for (domain, title, entries) in domains {
        let _ = write!(
            text,
            "\n## {title}\n\n| tool | what for | may | {} |\n| --- | --- | --- |{}\n",
            people.join(" | "),
            " --- |".repeat(people.len())
        );
        for entry in entries {
            row(&mut text, domain, entry, &people);
        }
    }
    text
}

fn row(text: &mut String, domain: &str, entry: &Entry<'_>, people: &[&str]) {
    let spec = entry.spec;
    let scope = spec.access.scope().trim_start_matches("odoo:");
    let marks = people.iter().map(|login| {
        if entry.audience.contains(login) {
            "✓"
        } else {
            ""
        }
    });
    let _ = writeln!(
        text,
        "| [`{0}`](tools/{domain}.md#{0}) | {1} | {scope} | {2} |",
        spec.name,
        spec.title,
        marks.collect::<Vec<_>>().join(" | ")
    );
}
