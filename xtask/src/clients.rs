//! `cargo xtask clients`: the demo, and every official MCP client in front of it, from an address and a
//! person's password (or a token) to answers of tools; then the conformance suite.
//!
//! What each client does stands in `tests/clients`, in its own language. The Rust client has its journey in
//! `tests/it/rmcp_client.rs`.

mod installation;
mod journey;
mod running_demo;

use std::io::Write as _;
use std::path::Path;
use std::time::Instant;

use anyhow::{Context as _, ensure};
use xshell::{Shell, cmd};

use self::installation::Installation;
use self::journey::{Journey, journeys};
use self::running_demo::RunningDemo;
use crate::flags::Clients;

/// The accountant: she sees every tool that the journeys call.
const LOGIN: &str = "alice";
const PASSWORD: &str = "alice-demo";

/// Runs the command; fails when a journey does.
pub(crate) fn run(flags: &Clients, shell: &Shell, root: &Path) -> anyhow::Result<()> {
    let installation = Installation::complete(shell, root)?;
    let binary = match &flags.demo {
        Some(path) => root.join(path),
        None => build(shell)?.into(),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(all(&installation, &binary))
}

async fn all(installation: &Installation, binary: &Path) -> anyhow::Result<()> {
    let demo = RunningDemo::start(binary, installation.folder()).await?;
    let token = demo.token(LOGIN)?;
    let journeys = journeys(demo.url(), &token);
    let started = Instant::now();
    let mut failed = 0;
    for journey in &journeys {
        failed += usize::from(!one(installation, journey).await?);
    }
    demo.stop().await?;
    ensure!(
        failed == 0,
        "{failed} of {} journeys failed; what the server said is in {}",
        journeys.len(),
        RunningDemo::log(installation.folder()).display()
    );
    let seconds = started.elapsed().as_secs();
    say(&format!("{} journeys, {seconds} s", journeys.len()))
}

/// Runs a journey, prints its line, and gives whether it went well.
async fn one(installation: &Installation, journey: &Journey) -> anyhow::Result<bool> {
    let started = Instant::now();
    let outcome = journey.run(installation).await?;
    let seconds = started.elapsed().as_secs_f64();
    let (protocol, verdict) = match &outcome {
        Ok(protocol) => (protocol.as_str(), "ok"),
        Err(_) => ("", "FAILED"),
    };
    say(&format!(
        "{:<34} {protocol:<10} {verdict:<6} {seconds:>5.1} s",
        journey.name
    ))?;
    if let Err(output) = &outcome {
        say(output)?;
    }
    Ok(outcome.is_ok())
}

/// Builds the server and gives the path of its binary.
fn build(shell: &Shell) -> anyhow::Result<String> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let messages = cmd!(
        shell,
        "{cargo} build --quiet --package odoo-mcp-server --message-format json"
    )
    .quiet()
    .read()
    .context("building the server")?;
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .find_map(|message| message["executable"].as_str().map(ToOwned::to_owned))
        .context("cargo did not say where the server's binary is")
}

fn say(line: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "{line}").context("writing to the terminal")
}
