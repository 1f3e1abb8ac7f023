//! Asks Odoo at the start whether it is the one that the configuration means.
//!
//! An Odoo that is down stops nothing: it may come back before anybody signs in, and a server that
//! will not start without it makes an outage longer. An Odoo that answers and is the wrong one is a
//! mistake in the configuration, which is best found now.

use anyhow::bail;
use odoo_json2::{Error, Odoo, SecretString};
use tracing::{info, warn};

/// No key that Odoo would ever make, so that the answer is a refusal which only the right database
/// can give.
const NO_KEY: &str = "0000000000000000000000000000000000000000";

/// Checks version, database and JSON-2.
///
/// # Errors
/// When Odoo answers and cannot be served.
pub(super) async fn check(odoo: &Odoo) -> anyhow::Result<()> {
    match odoo.server_version().await {
        Ok(version) if version.major >= 19 => info!(version = version.version, "Odoo answers"),
        Ok(version) => bail!(
            "{} is Odoo {}: JSON-2 exists since Odoo 19",
            odoo.base_url(),
            version.version
        ),
        Err(error @ (Error::Unavailable { .. } | Error::Timeout { .. } | Error::Busy { .. })) => {
            warn!(%error, "Odoo does not answer; people cannot sign in until it does");
            return Ok(());
        }
        Err(error) => bail!("ODOO_MCP_ODOO_URL is {}: {error}", odoo.base_url()),
    }
    match odoo
        .with_key(SecretString::from(NO_KEY))
        .context_get()
        .await
    {
        Err(Error::WrongDatabase { database }) => bail!(
            "Odoo at {} has no database `{database}`: correct ODOO_MCP_DATABASE",
            odoo.base_url()
        ),
        Err(Error::InvalidKey) | Ok(_) => Ok(()),
        Err(Error::ProxyRefused { status }) => bail!(
            "something in front of Odoo at {} answers {status}: let /json/2/ through to Odoo",
            odoo.base_url()
        ),
        Err(error) => {
            warn!(%error, "Odoo answers, but not yet as expected");
            Ok(())
        }
    }
}
