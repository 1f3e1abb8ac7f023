//! `odoo-mcp-server store restored`: what follows when a store was put back from a backup.
//!
//! Not for making or putting back backups, which the database's own tools do.

use std::io::Write as _;

use anyhow::Context as _;
use secrecy::ExposeSecret as _;

use crate::cli::{ConfigArguments, StoreCommand};
use crate::serve::Vault;

/// Runs one of the commands.
///
/// # Errors
/// Wrong settings, or a key ring or store that cannot be used.
pub async fn run(command: StoreCommand) -> anyhow::Result<()> {
    match command {
        StoreCommand::Restored(arguments) => restored(&arguments).await,
    }
}

/// Begins a new epoch: prints the key ring that belongs to it, and ends every connection. In this
/// order, so that no store is left without its ring when the printing fails.
async fn restored(arguments: &ConfigArguments) -> anyhow::Result<()> {
    let vault = Vault::open_as_it_is(arguments.config.as_deref()).await?;
    let ring = vault.provider.next_epoch().await?;
    let mut out = std::io::stdout().lock();
    writeln!(out, "{}", ring.to_json().expose_secret())
        .and_then(|()| out.flush())
        .context("writing to standard output")?;
    drop(out);
    let ended = vault.provider.begin_epoch(&ring).await?;
    // Standard output is the key ring's.
    writeln!(
        std::io::stderr(),
        "epoch {} begins, connections ended: {ended}. Put the printed key ring in the old one's \
         place before the server starts; it refuses the old one",
        ring.epoch()
    )
    .context("writing to standard error")
}
