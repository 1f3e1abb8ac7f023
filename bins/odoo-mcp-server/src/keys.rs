//! `odoo-mcp-server keys new|status|retire`: the key ring, whose keys seal everybody's Odoo keys.
//!
//! Nothing here writes a key ring: it is printed, and the operator puts it where secrets live.

use std::io::Write as _;

use anyhow::Context as _;
use odoo_auth::{Entropy, KeyRing};
use secrecy::{ExposeSecret as _, SecretString};

use crate::cli::{KeysCommand, RetireArguments};
use crate::config::{Environment, Reader, SettingsFile, present_keys};
use crate::serve::Vault;

/// Runs one of the commands.
///
/// # Errors
/// Wrong settings, or a key ring or store that cannot be used.
pub async fn run(command: KeysCommand) -> anyhow::Result<()> {
    match command {
        KeysCommand::New(arguments) => {
            let file = arguments.config.as_deref();
            let (ring, entropy) = (ring(file)?, Entropy::system());
            let ring = match ring {
                Some(ring) => ring.with_new_key(&entropy),
                None => KeyRing::generate(&entropy),
            };
            print(&ring.context("making a key")?.to_json())
        }
        KeysCommand::Status(arguments) => status(arguments.config.as_deref()).await,
        KeysCommand::Retire(arguments) => retire(arguments).await,
    }
}

/// The ring there is, if one is configured.
fn ring(file: Option<&std::path::Path>) -> anyhow::Result<Option<KeyRing>> {
    let mut reader = Reader::new(&Environment, SettingsFile::named(file));
    let source = present_keys(&mut reader);
    match reader.finish(Some(source))? {
        Some(source) => Ok(Some(
            KeyRing::load(&source).context("reading the key ring")?,
        )),
        None => Ok(None),
    }
}

async fn status(file: Option<&std::path::Path>) -> anyhow::Result<()> {
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
    let Vault { provider, .. } = Vault::open(arguments.config.config.as_deref()).await?;
    let ring = provider.grants().retire(&arguments.id).await?;
    print(&ring.to_json())
}

fn print(ring: &SecretString) -> anyhow::Result<()> {
    writeln!(std::io::stdout().lock(), "{}", ring.expose_secret())
        .context("writing to standard output")
}
