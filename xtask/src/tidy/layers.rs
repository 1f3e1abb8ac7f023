//! The arrows between crates, and which outside crates a layer may name: the "Architecture
//! Invariant" paragraphs of ARCHITECTURE.md that a program can check.
//!
//! Manifests say what a crate may reach, sources what it does name; both are looked at, because a
//! crate can be reached through a re-export.

use anyhow::Context as _;
use serde::Deserialize;
use xshell::{Shell, cmd};

use super::Finding;
use super::tree::Tree;

/// A member of the workspace and what its manifest asks for.
#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    name: String,
    dependencies: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    name: String,
    /// `None` for an ordinary one, else "dev" or "build".
    kind: Option<String>,
    /// Set when the dependency is a member too.
    path: Option<String>,
}

impl Package {
    /// All members, as cargo reads their manifests.
    pub(crate) fn all(shell: &Shell) -> anyhow::Result<Vec<Self>> {
        #[derive(Deserialize)]
        struct Metadata {
            packages: Vec<Package>,
        }
        let json = cmd!(
            shell,
            "cargo metadata --no-deps --format-version 1 --offline"
        )
        .quiet()
        .read()
        .context("asking cargo which crates there are")?;
        let metadata: Metadata = serde_json::from_str(&json).context("reading cargo's answer")?;
        Ok(metadata.packages)
    }
}

/// What one crate of ours may know.
struct Layer {
    name: &'static str,
    folder: &'static str,
    /// Members it may be built on.
    below: &'static [&'static str],
    /// Members that only its tests may use.
    below_in_tests: &'static [&'static str],
    /// Crates that its sources must not name, and why.
    never: &'static [&'static str],
    why: &'static str,
}

/// The journey with rmcp's client, a stranger to the server's own code.
const RMCP_JOURNEY: &str = "tests/it/rmcp_client.rs";

/// Crates that speak HTTP.
const HTTP: [&str; 7] = [
    "http",
    "hyper",
    "hyper_util",
    "reqwest",
    "tower",
    "tower_http",
    "axum",
];

/// The libraries, lowest first. The server binary, the journeys and xtask see them all.
const LAYERS: [Layer; 6] = [
    Layer {
        name: "odoo-json2-derive",
        folder: "crates/odoo-json2-derive/",
        below: &[],
        below_in_tests: &["odoo-json2"],
        never: &["rmcp", "reqwest", "tokio"],
        why: "a macro writes code and does no work of its own",
    },
    Layer {
        name: "odoo-json2",
        folder: "crates/odoo-json2/",
        below: &["odoo-json2-derive"],
        below_in_tests: &["odoo-sandbox"],
        never: &["rmcp", "mcp_transport", "odoo_tools"],
        why: "the client is published alone and knows nothing of MCP",
    },
    Layer {
        name: "odoo-sandbox",
        folder: "crates/odoo-sandbox/",
        below: &[],
        below_in_tests: &[],
        never: &["rmcp", "odoo_json2", "odoo_tools", "mcp_transport"],
        why: "a look-alike that shared code with its client would share its mistakes",
    },
    Layer {
        name: "odoo-tools",
        folder: "crates/odoo-tools/",
        below: &["odoo-json2"],
        below_in_tests: &["odoo-sandbox"],
        never: &HTTP,
        why: "tools are about Odoo records; HTTP and MCP are the transport's",
    },
    Layer {
        name: "odoo-auth",
        folder: "crates/odoo-auth/",
        below: &["odoo-json2"],
        below_in_tests: &["odoo-sandbox"],
        never: &["rmcp", "odoo_tools", "mcp_transport"],
        why: "who may come in has nothing to do with what the tools do",
    },
    Layer {
        name: "mcp-transport",
        folder: "crates/mcp-transport/",
        below: &[],
        below_in_tests: &[],
        never: &["odoo_json2", "odoo_tools", "odoo_auth", "odoo_sandbox"],
        why: "the transport knows no Odoo, so that it can be tested without one",
    },
];

pub(crate) fn check(tree: &Tree, packages: &[Package]) -> Vec<Finding> {
    let mut findings = arrows(packages);
    findings.extend(only_transport_names_rmcp(tree, packages));
    for layer in &LAYERS {
        findings.extend(forbidden_names(tree, layer));
    }
    findings
}

fn arrows(packages: &[Package]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for layer in &LAYERS {
        let Some(package) = packages.iter().find(|package| package.name == layer.name) else {
            let message = format!("`{}` is no member any more: correct the table", layer.name);
            findings.push(Finding::new("xtask/src/tidy/layers.rs", 0, message));
            continue;
        };
        for dependency in package.dependencies.iter().filter(|dep| dep.path.is_some()) {
            let name = dependency.name.as_str();
            let in_tests = dependency.kind.as_deref() == Some("dev");
            let known =
                layer.below.contains(&name) || in_tests && layer.below_in_tests.contains(&name);
            if !known {
                let message = format!("arrows point down only: `{}` knows no `{name}`", layer.name);
                findings.push(manifest_finding(layer, message));
            }
        }
    }
    findings
}

fn manifest_finding(layer: &Layer, message: String) -> Finding {
    Finding::new(&format!("{}Cargo.toml", layer.folder), 0, message)
}

fn only_transport_names_rmcp(tree: &Tree, packages: &[Package]) -> Vec<Finding> {
    let message = "only mcp-transport names rmcp, so that its weekly releases touch one crate";
    let manifests = packages
        .iter()
        .filter(|package| package.name != "mcp-transport")
        .filter(|package| {
            package.dependencies.iter().any(|dependency| {
                let in_journeys =
                    package.name == "journeys" && dependency.kind.as_deref() == Some("dev");
                dependency.name == "rmcp" && !in_journeys
            })
        })
        .map(|package| Finding::new(&package.name, 0, message));
    let sources = tree
        .files()
        .filter(|file| file.is_rust() && !file.path.starts_with("crates/mcp-transport/"))
        .filter(|file| file.path != RMCP_JOURNEY)
        .flat_map(|file| file.lines().map(move |(number, line)| (file, number, line)))
        .filter(|(_, _, line)| names_crate(line, "rmcp"))
        .map(|(file, number, _)| Finding::new(&file.path, number, message));
    manifests.chain(sources).collect()
}

/// Tests of a layer may reach around it, for example to speak HTTP to it; its sources may not.
fn forbidden_names(tree: &Tree, layer: &Layer) -> Vec<Finding> {
    let sources = format!("{}src/", layer.folder);
    let mut findings = Vec::new();
    for file in tree
        .files()
        .filter(|file| file.is_rust() && file.path.starts_with(&sources))
    {
        for (number, line) in file.lines() {
            for name in layer.never.iter().filter(|name| names_crate(line, name)) {
                let message = format!("`{}` never names `{name}`: {}", layer.name, layer.why);
                findings.push(Finding::new(&file.path, number, message));
            }
        }
    }
    findings
}

/// Does this line of code use a path that begins with the crate `name`? Comments and texts may speak
/// of it.
fn names_crate(line: &str, name: &str) -> bool {
    let code = line.trim_start();
    if code.starts_with("//") {
        return false;
    }
    let path = format!("{name}::");
    code.match_indices(&path).any(|(at, _)| {
        // `crate::http::` and `my_http::` are other names; `::http::` and ` http::` are the crate.
        let before = code[..at].strip_suffix("::").unwrap_or(&code[..at]);
        let inside_path = code[..at].ends_with("::") && before.ends_with(is_word);
        let inside_text = code[..at].matches('"').count() % 2 == 1;
        !inside_path && !inside_text && !code[..at].ends_with(is_word)
    })
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package(name: &str, dependencies: &[(&str, Option<&str>)]) -> Package {
        let dependencies = dependencies
            .iter()
            .map(|(name, kind)| Dependency {
                name: (*name).to_owned(),
                kind: kind.map(ToOwned::to_owned),
                path: Some(format!("crates/{name}")),
            })
            .collect();
        Package {
            name: name.to_owned(),
            dependencies,
        }
    }

    fn members() -> Vec<Package> {
        LAYERS
            .iter()
            .map(|layer| package(layer.name, &[]))
            .collect()
    }

    #[test]
    fn an_upward_arrow_is_found_and_a_test_may_use_the_sandbox() {
        let mut packages = members();
        packages[1].dependencies =
            package("", &[("odoo-sandbox", Some("dev")), ("odoo-tools", None)]).dependencies;
        let found: Vec<String> = arrows(&packages).iter().map(ToString::to_string).collect();
        let expected = "crates/odoo-json2/Cargo.toml: arrows point down only: `odoo-json2` knows \
                        no `odoo-tools`";
        assert_eq!(found, [expected]);
    }

    #[test]
    fn a_source_that_names_another_layer_is_found() {
        let tree = Tree::of(&[
            (
                "crates/odoo-tools/src/lib.rs",
                "use http::Request;\nuse crate::http::Link;\n",
            ),
            (
                "crates/odoo-tools/tests/it/main.rs",
                "use reqwest::Client;\n",
            ),
            (
                "bins/odoo-mcp-server/src/main.rs",
                "// rmcp::model\nuse rmcp::model;\n",
            ),
            ("crates/mcp-transport/src/lib.rs", "use rmcp::model;\n"),
        ]);
        let found: Vec<String> = check(&tree, &members())
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            found,
            [
                "bins/odoo-mcp-server/src/main.rs:2: only mcp-transport names rmcp, so that its \
                 weekly releases touch one crate",
                "crates/odoo-tools/src/lib.rs:1: `odoo-tools` never names `http`: tools are about \
                 Odoo records; HTTP and MCP are the transport's",
            ]
        );
    }

    #[test]
    fn a_path_is_told_from_its_namesakes() {
        assert!(names_crate("    use ::http::Uri;", "http"));
        assert!(names_crate("fn f(r: http::Request<()>) {}", "http"));
        assert!(!names_crate("use crate::http::Uri;", "http"));
        assert!(!names_crate("use tower_http::trace;", "http"));
        assert!(!names_crate("/// See [`http::Uri`].", "http"));
        assert!(!names_crate("let text = \"http::Uri\";", "http"));
    }
}
