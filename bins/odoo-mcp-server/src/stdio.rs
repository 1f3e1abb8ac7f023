//! `odoo-mcp-server stdio`: one local user over standard input and output, with that user's own
//! Odoo API key from the environment.

use anyhow::{Context as _, bail};
use mcp_transport::CallRefusal;
use mcp_transport::stdio::serve;
use odoo_json2::{Clock, Odoo};
use odoo_tools::{Access, SessionLimits, UserSessions};

use crate::cli::StdioArguments;
use crate::config::{Environment, LogSettings, OdooSettings, PersonalKey, Reader, SettingsFile};
use crate::grant::Grant;
use crate::odoo_name::OdooName;
use crate::odoo_tool_set::OdooToolSet;
use crate::{logging, shutdown};

const REFUSED_KEY: &str = "Odoo does not accept the key in ODOO_MCP_API_KEY: it has expired, was \
                           removed, or belongs to another database. Make a new one in Odoo under \
                           My Preferences, Security, Add API Key";

/// Serves until the client closes standard input or a signal comes.
///
/// # Errors
/// Wrong settings, or standard input and output that cannot be used.
pub async fn run(arguments: StdioArguments) -> anyhow::Result<()> {
    let file = SettingsFile::named(arguments.config.config.as_deref());
    let mut reader = Reader::new(&Environment, file);
    let log = LogSettings::read(&mut reader);
    let odoo = OdooSettings::read(&mut reader);
    let key = PersonalKey::read(&mut reader);
    let (odoo, PersonalKey(key)) = reader.finish(odoo.zip(key))?;
    logging::start(&log)?;

    let shutdown = shutdown::on_signals().context("listening for signals")?;
    let client = Odoo::builder(odoo.url.as_str())
        .database(odoo.database)
        .api_key(key)
        .limits(odoo.limits)
        .build()
        .context("setting up the client for Odoo")?;
    let name = OdooName::of(&client, odoo.web_url.as_ref());
    // The key is the user's own and so is the machine: Odoo's rights are the only bounds.
    let grant = Grant::new("local", client, &Access::ALL);
    let sessions = UserSessions::new(SessionLimits::default());
    let tool_set = OdooToolSet::new(sessions, Clock::system(), &name, odoo.web_url);
    // A wrong key would fail every call, so it ends the program while its words are still seen. An
    // Odoo that is down now may be back at the first call.
    if tool_set.open(&grant).await == Err(CallRefusal::GrantEnded) {
        bail!(REFUSED_KEY);
    }
    tokio::select! {
        ended = serve(tool_set, grant) => ended.context("serving over standard input and output"),
        () = shutdown.drain.cancelled() => Ok(()),
    }
}
