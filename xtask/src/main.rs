//! `cargo xtask <command>`: what developers of this repository run beside cargo itself.
//!
//! A file per command; this one only says which is which.

mod clients;
mod docs;
mod e2e;
mod flags;
mod tidy;

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use xshell::Shell;

use crate::flags::{Xtask, XtaskCmd};

fn main() -> anyhow::Result<()> {
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
