//! `cargo xtask <command>`: what developers of this repository run beside cargo itself.
//!
//! A file per command; this one only says which is which.

mod clients;
mod docs;
mod e2e;
mod flags;
mod tidy;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context as _;
use xshell::Shell;

use crate::flags::{Xtask, XtaskCmd};

fn main() -> ExitCode {
    let Err(error) = run() else {
        return ExitCode::SUCCESS;
    };
    // The causes in words. A backtrace would bury what a command has shown before it failed; there
    // is nobody to tell when even this cannot be written.
    drop(writeln!(std::io::stderr().lock(), "error: {error:#}"));
    ExitCode::FAILURE
}

fn run() -> anyhow::Result<()> {
    let arguments = Xtask::from_env_or_exit();
    let root = root()?;
    let shell = Shell::new().context("starting a shell")?;
    shell.change_dir(&root);
    match arguments.subcommand {
        XtaskCmd::Tidy(_) => tidy::run(&shell, &root),
        XtaskCmd::Docs(_) => docs::write(&root),
        XtaskCmd::Clients(flags) => clients::run(&flags, &shell, &root),
        XtaskCmd::E2e(flags) => e2e::run(&flags),
    }
}

/// The root of the repository: the folder above this crate.
fn root() -> anyhow::Result<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    Ok(own
        .parent()
        .context("xtask stands in no folder")?
        .to_owned())
}
