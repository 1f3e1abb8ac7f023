//! `odoo-mcp-server keys new|status|retire`: the key ring, whose keys seal everybody's Odoo keys.
//!
//! A ring is made and changed only when an operator says so here, never at a start. Where the
//! settings name a file it is changed in place; else, and with `--print`, it is printed for the
//! operator to put where secrets live.

mod ring_file;

use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use odoo_auth::{Entropy, KeyRing, KeySource};
use secrecy::{ExposeSecret as _, SecretString};

use crate::cli::{KeysCommand, NewKeyArguments, RetireArguments};
use crate::config::{Environment, Reader, SettingsFile, present_keys};
use crate::serve::Vault;

/// Runs one of the commands.
///
/// # Errors
/// Wrong settings, or a key ring or store that cannot be used.
pub async fn run(command: KeysCommand) -> anyhow::Result<()> {
    match command {
        KeysCommand::New(arguments) => new(&arguments),
        KeysCommand::Status(arguments) => status(arguments.config.as_deref()).await,
        KeysCommand::Retire(arguments) => retire(arguments).await,
    }
}

fn new(arguments: &NewKeyArguments) -> anyhow::Result<()> {
    let source = source(arguments.config.config.as_deref())?;
    let entropy = Entropy::system();
    let present = match &source {
        Some(KeySource::File(path)) if !ring_file::exists(path)? => None,
        Some(source) => Some(KeyRing::load(source).context("reading the key ring")?),
        None => None,
    };
    let ring = match &present {
        Some(present) => present.with_new_key(&entropy),
        None => KeyRing::generate(&entropy),
    };
    let ring = ring.context("making a key")?;
    let key = ring.active();
    match source {
        Some(KeySource::File(path)) if !arguments.print => {
            if present.is_none() {
                ring_file::make(&path, &ring.to_json())?;
                return say(&format!("{}: made, with the key {key}", path.display()));
            }
            ring_file::replace(&path, &ring.to_json())?;
            say(&format!(
                "{}: the key {key} was added and is active. Restart the servers, with the same \
                 file on each",
                path.display()
            ))
        }
        _ => print(&ring.to_json()),
    }
}

/// Where the ring is or is to be, if the settings say so.
fn source(file: Option<&Path>) -> anyhow::Result<Option<KeySource>> {
    let mut reader = Reader::new(&Environment, SettingsFile::named(file));
    let source = present_keys(&mut reader);
    Ok(reader.finish(Some(source))?)
}

async fn status(file: Option<&Path>) -> anyhow::Result<()> {
    let Vault { provider, .. } = Vault::open(file).await?;
    let used = provider
        .grants()
        .key_use()
        .await
        .context("asking the store")?;
    let active = provider.keys().active().to_owned();
    let mut out = std::io::stdout().lock();
    for id in provider.keys().ids() {
        let mark = if id == active { "active" } else { "opens only" };
        let uses = used.get(id).copied().unwrap_or_default();
        writeln!(
            out,
            "{id}  {mark}  grants: {}, tokens: {}, codes: {}",
            uses.grants, uses.pairs, uses.codes
        )
        .context("writing to standard output")?;
    }
    Ok(())
}

async fn retire(arguments: RetireArguments) -> anyhow::Result<()> {
    let file = arguments.config.config.as_deref();
    let (source, vault) = (source(file)?, Vault::open(file).await?);
    let ring = vault.provider.grants().retire(&arguments.id).await?;
    match source {
        Some(KeySource::File(path)) if !arguments.print => {
            ring_file::replace(&path, &ring.to_json())?;
            say(&format!(
                "{}: the key {} is gone. Restart the servers, with the same file on each",
                path.display(),
                arguments.id
            ))
        }
        _ => print(&ring.to_json()),
    }
}

fn print(ring: &SecretString) -> anyhow::Result<()> {
    writeln!(std::io::stdout().lock(), "{}", ring.expose_secret())
        .context("writing to standard output")
}

/// Tells what was done on standard error, so that nobody takes it for a key ring.
fn say(done: &str) -> anyhow::Result<()> {
    writeln!(std::io::stderr().lock(), "{done}").context("writing to standard error")
}
