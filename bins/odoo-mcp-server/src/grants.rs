//! `odoo-mcp-server grants list|issue|revoke`: who is connected, for operators.

use std::io::Write as _;

use anyhow::{Context as _, anyhow, bail};
use jiff::{SignedDuration, Timestamp};
use odoo_auth::{
    Account, DeadReason, GrantFilter, GrantId, GrantState, GrantSummary, OdooKey, PersonalGrant,
    scope,
};
use odoo_json2::Odoo;
use secrecy::ExposeSecret as _;

use crate::cli::{GrantsCommand, IssueArguments, RevokeArguments};
use crate::config::{Environment, PersonalKey, Reader, SettingsFile, scopes};
use crate::serve::Vault;

/// Runs one of the commands.
///
/// # Errors
/// Wrong settings, a key that Odoo refuses, or a store that does not answer.
pub async fn run(command: GrantsCommand) -> anyhow::Result<()> {
    match command {
        GrantsCommand::List(arguments) => {
            list(&Vault::open(arguments.config.as_deref()).await?).await
        }
        GrantsCommand::Issue(arguments) => issue(arguments).await,
        GrantsCommand::Revoke(arguments) => revoke(&arguments).await,
    }
}

async fn list(vault: &Vault) -> anyhow::Result<()> {
    let grants = vault.provider.grants().list(GrantFilter::all()).await;
    let mut out = std::io::stdout().lock();
    for grant in grants.context("asking the store")? {
        writeln!(out, "{}", line(&grant)).context("writing to standard output")?;
    }
    Ok(())
}

/// One grant in one line, tab-separated, so that scripts can cut it.
fn line(grant: &GrantSummary) -> String {
    let state = match &grant.state {
        GrantState::Active => "active".to_owned(),
        GrantState::Dead { reason, .. } => format!("ended ({})", reason.as_str()),
        _ => "waiting".to_owned(),
    };
    let day = |at: Option<Timestamp>| {
        at.map_or_else(|| "-".to_owned(), |at| at.strftime("%Y-%m-%d").to_string())
    };
    [
        grant.id.to_string(),
        state,
        grant.account.login.clone(),
        grant.client_name.clone(),
        scope::canonical(&grant.scope),
        format!("since {}", day(Some(grant.created_at))),
        format!("used {}", day(grant.last_used_at)),
        format!("key until {}", day(grant.key_expires_at)),
    ]
    .join("\t")
}

/// Makes a token for a person's own key, for clients that send a header instead of signing in.
async fn issue(arguments: IssueArguments) -> anyhow::Result<()> {
    let scope = scopes(&arguments.scope.join(",")).map_err(|error| anyhow!("--scope {error}"))?;
    let file = arguments.config.config.as_deref();
    let mut reader = Reader::new(&Environment, SettingsFile::named(file));
    let key = PersonalKey::read(&mut reader);
    let PersonalKey(secret) = reader.finish(key)?;
    let vault = Vault::open(file).await?;
    let odoo = vault.odoo.with_key(secret.clone());
    let account = account(&odoo).await?;
    let key = OdooKey::brought(&odoo, secret)
        .await
        .context("asking Odoo for the key's expiry")?;
    let now = vault.provider.clock().now();
    let lifetime = SignedDuration::from_hours(24 * i64::from(arguments.days));
    let grant = PersonalGrant {
        name: arguments.name,
        account,
        scope,
        key,
        expires_at: Some(
            now.checked_add(lifetime)
                .context("the number of days is too large")?,
        ),
    };
    let token = vault.provider.grants().issue(grant).await?;
    writeln!(std::io::stdout().lock(), "{}", token.expose_secret())
        .context("writing to standard output")
}

async fn account(odoo: &Odoo) -> anyhow::Result<Account> {
    let profile = odoo
        .profile()
        .await
        .context("asking Odoo whose key this is")?;
    if profile.share {
        bail!("this key is a portal user's; only internal users can be connected");
    }
    Ok(Account::of(odoo, profile.uid, profile.login, profile.name))
}

async fn revoke(arguments: &RevokeArguments) -> anyhow::Result<()> {
    let vault = Vault::open(arguments.config.config.as_deref()).await?;
    let id: GrantId = arguments
        .grant
        .parse()
        .context("the id is the first word of `grants list`")?;
    let ended = vault
        .provider
        .grants()
        .revoke(&id, DeadReason::RevokedByOperator)
        .await;
    if !ended.context("asking the store")? {
        bail!("there is no living grant {id}");
    }
    Ok(())
}
