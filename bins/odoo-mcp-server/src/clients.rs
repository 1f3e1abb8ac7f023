//! `odoo-mcp-server clients list|remove`: which applications have registered, for operators.
//!
//! Not for connections, which are people's (`grants.rs`).

use std::io::Write as _;

use anyhow::{Context as _, bail};
use jiff::Timestamp;
use odoo_auth::ClientSummary;

use crate::cli::{ClientsCommand, RemoveArguments};
use crate::serve::Vault;

/// Runs one of the commands.
///
/// # Errors
/// Wrong settings, or a store that does not answer.
pub async fn run(command: ClientsCommand) -> anyhow::Result<()> {
    match command {
        ClientsCommand::List(arguments) => {
            list(&Vault::open(arguments.config.as_deref()).await?).await
        }
        ClientsCommand::Remove(arguments) => remove(&arguments).await,
    }
}

async fn list(vault: &Vault) -> anyhow::Result<()> {
    let clients = vault.provider.clients().await.context("asking the store")?;
    let mut out = std::io::stdout().lock();
    for client in clients {
        writeln!(out, "{}", line(&client)).context("writing to standard output")?;
    }
    Ok(())
}

/// One client in one line, tab-separated, so that scripts can cut it.
fn line(client: &ClientSummary) -> String {
    let day = |at: Option<Timestamp>| {
        at.map_or_else(
            || "never".to_owned(),
            |at| at.strftime("%Y-%m-%d").to_string(),
        )
    };
    [
        client.id.clone(),
        client.name.clone(),
        client.redirect_uris.join(" "),
        format!("since {}", day(Some(client.created_at))),
        format!("used {}", day(client.last_used_at)),
        format!("connections {}", client.connections),
    ]
    .join("\t")
}

async fn remove(arguments: &RemoveArguments) -> anyhow::Result<()> {
    let vault = Vault::open(arguments.config.config.as_deref()).await?;
    let removed = vault.provider.remove_client(&arguments.client).await;
    let Some(ended) = removed.context("asking the store")? else {
        bail!(
            "there is no registered client {}: the id is the first word of `clients list`",
            arguments.client
        );
    };
    writeln!(
        std::io::stdout().lock(),
        "removed, connections ended: {}",
        ended.len()
    )
    .context("writing to standard output")
}
