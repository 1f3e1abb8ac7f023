//! The program: reads the command line, runs the command, says how it went.
//!
//! Everything else is in the library beside it, where the tests reach it.

use std::io::Write as _;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Parser as _;
use odoo_mcp_server::cli::{Cli, Command};
use odoo_mcp_server::config::ConfigError;
use odoo_mcp_server::{clients, demo, grants, healthcheck, keys, serve, stdio, store, tools};

/// The command line or the configuration is wrong; clap ends with the same number.
const USAGE: u8 = 2;

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // When standard error is closed there is nobody left to tell.
            let _ = writeln!(std::io::stderr(), "error: {error:#}");
            ExitCode::from(if error.is::<ConfigError>() { USAGE } else { 1 })
        }
    }
}

fn run(cli: Cli) -> anyhow::Result<()> {
    match cli.command {
        Command::Demo(arguments) => runtime()?.block_on(demo::run(arguments)),
        Command::Serve(arguments) => runtime()?.block_on(serve::run(arguments)),
        Command::Keys(command) => runtime()?.block_on(keys::run(command)),
        Command::Grants(command) => runtime()?.block_on(grants::run(command)),
        Command::Clients(command) => runtime()?.block_on(clients::run(command)),
        Command::Store(command) => runtime()?.block_on(store::run(command)),
        Command::Stdio(arguments) => runtime()?.block_on(stdio::run(arguments)),
        Command::Tools(arguments) => tools::run(&arguments),
        Command::Healthcheck(arguments) => runtime()?.block_on(healthcheck::run(&arguments)),
    }
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("starting the async runtime")
}
