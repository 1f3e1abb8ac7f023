//! The journeys: which client, how it comes in, in which revision of the protocol.

use std::process::{Output, Stdio};
use std::time::Duration;

use anyhow::Context as _;
use serde_json::{Value, json};
use tokio::process::Command;
use tokio::time::timeout;

use super::installation::Installation;
use super::{LOGIN, PASSWORD};

/// Many times what a journey takes.
const PATIENCE: Duration = Duration::from_secs(120);

/// A script of `tests/clients` with its arguments.
pub(crate) struct Journey {
    pub(crate) name: &'static str,
    script: &'static str,
    arguments: Vec<String>,
}

impl Journey {
    /// Gives the protocol that was spoken, or else all that the script printed.
    ///
    /// # Errors
    /// When the script cannot be started at all.
    pub(crate) async fn run(
        &self,
        installation: &Installation,
    ) -> anyhow::Result<Result<String, String>> {
        let interpreter = if self.script.ends_with(".py") {
            installation.python()
        } else {
            installation.node()
        };
        let running = Command::new(&interpreter)
            .arg(self.script)
            .args(&self.arguments)
            .current_dir(installation.folder())
            .env("PATH", installation.search_path()?)
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output();
        let Ok(output) = timeout(PATIENCE, running).await else {
            return Ok(Err(format!("not finished in {} s", PATIENCE.as_secs())));
        };
        let output = output.with_context(|| format!("starting {}", interpreter.display()))?;
        Ok(protocol(&output))
    }
}

/// The last line that a script prints is an object with the field `protocol`.
fn protocol(output: &Output) -> Result<String, String> {
    let printed = String::from_utf8_lossy(&output.stdout);
    let last: Option<Value> = printed
        .lines()
        .last()
        .and_then(|line| serde_json::from_str(line).ok());
    let protocol = last.as_ref().and_then(|line| line["protocol"].as_str());
    match protocol {
        Some(protocol) if output.status.success() => Ok(protocol.to_owned()),
        _ => Err(format!(
            "{}\n{printed}{}",
            output.status,
            String::from_utf8_lossy(&output.stderr)
        )),
    }
}

/// Each tool once; the invoice that is read is the first one of the list.
fn calls() -> Value {
    json!({
        "whoami": {},
        "list_companies": {},
        "list_invoices": {},
        "pl_summary": {},
        "search_employees": {},
        "list_tasks": {},
        "read_invoice": { "id": "$list_invoices.records.0.id" },
    })
}

/// How a client comes in.
#[derive(Clone, Copy)]
enum Entrance {
    /// With a token that it is given.
    Token,
    /// Through the sign-in page, as a client that registers itself (RFC 7591).
    Registration,
    /// Through the sign-in page, as a client known by the address of its metadata document.
    Document,
}

const PYTHON: &str = "journey.py";
const TYPESCRIPT: &str = "journey.mjs";
const INSPECTOR: &str = "inspector.py";
/// The scripts that call tools.
const CLIENTS: [&str; 3] = [PYTHON, TYPESCRIPT, INSPECTOR];

/// Name, script, entrance, and what else the script is told.
#[rustfmt::skip]
const JOURNEYS: [(&str, &str, Entrance, &str); 15] = [
    ("Python, token, initialize", PYTHON, Entrance::Token, "--era legacy"),
    ("Python, token, newest", PYTHON, Entrance::Token, "--era auto"),
    ("Python, sign-in, registration", PYTHON, Entrance::Registration, "--era legacy"),
    ("Python, sign-in, document", PYTHON, Entrance::Document, "--era auto"),
    ("TypeScript, token", TYPESCRIPT, Entrance::Token, ""),
    ("TypeScript, sign-in, registration", TYPESCRIPT, Entrance::Registration, ""),
    ("TypeScript, sign-in, document", TYPESCRIPT, Entrance::Document, ""),
    ("Inspector, token, initialize", INSPECTOR, Entrance::Token, "--era legacy"),
    ("Inspector, token, newest", INSPECTOR, Entrance::Token, "--era modern"),
    ("Inspector, sign-in, registration", INSPECTOR, Entrance::Registration, "--era legacy"),
    ("Inspector, sign-in, document", INSPECTOR, Entrance::Document, "--era modern"),
    ("Conformance, authorization", "authorization.py", Entrance::Registration, ""),
    ("Conformance, server", "conformance.mjs", Entrance::Token, "--revision 2025-06-18"),
    ("Conformance, server", "conformance.mjs", Entrance::Token, "--revision 2025-11-25"),
    ("Conformance, server", "conformance.mjs", Entrance::Token, "--revision 2026-07-28"),
];

/// All journeys to the server at `url`.
pub(crate) fn journeys(url: &str, token: &str) -> Vec<Journey> {
    let journey = |(name, script, entrance, more): (_, &'static str, _, &str)| {
        let person = ["--login", LOGIN, "--password", PASSWORD, "--registration"];
        let mut arguments = match entrance {
            Entrance::Token => vec!["--token", token],
            Entrance::Registration => [&person[..], &["dcr"]].concat(),
            Entrance::Document => [&person[..], &["cimd"]].concat(),
        };
        arguments.extend(["--url", url]);
        arguments.extend(more.split_whitespace());
        let calls = calls().to_string();
        if CLIENTS.contains(&script) {
            arguments.extend(["--calls", &calls]);
        }
        Journey {
            name,
            script,
            arguments: arguments.into_iter().map(ToOwned::to_owned).collect(),
        }
    };
    JOURNEYS.into_iter().map(journey).collect()
}
