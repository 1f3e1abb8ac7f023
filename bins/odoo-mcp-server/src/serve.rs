//! `odoo-mcp-server serve`: the production server.
//!
//! Not for TLS, which the proxy in front of it does.

mod odoo_check;

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use odoo_auth::{
    DocumentFetcher, Entropy, KeyRing, PostgresStore, Provider, SqliteOptions, SqliteStore, Store,
    WebSettings,
};
use odoo_json2::{Clock, Odoo};
use secrecy::ExposeSecret as _;

use crate::application::{Application, Parts, open_socket};
use crate::cli::ConfigArguments;
use crate::config::{
    Environment, LogSettings, OdooSettings, Reader, ServeSettings, SettingsFile, StorePlace,
};
use crate::odoo_name::OdooName;
use crate::{logging, shutdown};

/// Longer than the longest write that Odoo may be busy with.
const DRAIN: Duration = Duration::from_secs(60);
/// How long a new key is asked to live: what Odoo allows ordinary users at most.
const KEY_DAYS: u16 = 90;

/// Everything that a configuration leads to before anybody is served.
pub struct Vault {
    /// The provider.
    pub provider: Provider,
    /// Its store.
    pub store: Arc<dyn Store>,
    /// The Odoo: a client without a key.
    pub odoo: Odoo,
    settings: ServeSettings,
    place: OdooSettings,
    log: LogSettings,
}

impl Vault {
    /// Reads the configuration and opens what it names, with nothing alive in a store that is
    /// older than the key ring.
    ///
    /// # Errors
    /// Wrong settings, a store or key ring that cannot be used, or a key ring that is older than
    /// the store.
    pub async fn open(file: Option<&Path>) -> anyhow::Result<Self> {
        let vault = Self::open_as_it_is(file).await?;
        check_ring(&vault.provider).await?;
        vault.provider.enter_epoch().await?;
        Ok(vault)
    }

    /// The same, with the store as it is, whatever its age.
    ///
    /// # Errors
    /// Wrong settings, or a store or key ring that cannot be used.
    pub async fn open_as_it_is(file: Option<&Path>) -> anyhow::Result<Self> {
        let file = SettingsFile::named(file);
        let mut reader = Reader::new(&Environment, file);
        let log = LogSettings::read(&mut reader);
        let place = OdooSettings::read(&mut reader);
        let settings = ServeSettings::read(&mut reader);
        let (place, settings) = reader.finish(place.zip(settings))?;
        let odoo = Odoo::builder(place.url.as_str())
            .database(place.database.clone())
            .limits(place.limits)
            .build()
            .context("setting up the client for Odoo")?;
        let keys = KeyRing::load(&settings.keys).context("reading the key ring")?;
        let store = open_store(&settings.store).await?;
        let (mut policy, clock) = (settings.policy.clone(), Clock::system());
        policy.resource_name = OdooName::of(&odoo, place.web_url.as_ref()).to_string();
        let provider = Provider::new(Arc::clone(&store), keys, policy, clock, Entropy::system());
        Ok(Self {
            provider,
            store,
            odoo,
            settings,
            place,
            log,
        })
    }

    fn parts(self) -> Parts {
        let Self {
            provider,
            store,
            odoo,
            settings,
            place,
            ..
        } = self;
        let seen_at = place.web_url.as_ref().unwrap_or(&place.url);
        let web = WebSettings {
            odoo_label: seen_at.host_str().unwrap_or(&place.database).to_owned(),
            unticked: settings.unticked,
            trusted_proxies: settings.trusted_proxies,
            cooldown: settings.cooldown,
            key_days: KEY_DAYS,
        };
        let fetcher = DocumentFetcher::new(provider.clock().clone());
        Parts {
            provider,
            store,
            odoo,
            web_url: place.web_url,
            web,
            origins: settings.origins,
            fetcher,
            drain: DRAIN,
        }
    }
}

/// Serves until a signal.
///
/// # Errors
/// Wrong settings, a wrong database, a store or key ring that cannot be used, an address that is
/// taken.
pub async fn run(arguments: ConfigArguments) -> anyhow::Result<()> {
    let vault = Vault::open(arguments.config.as_deref()).await?;
    logging::start(&vault.log)?;
    let shutdown = shutdown::on_signals().context("listening for signals")?;
    odoo_check::check(&vault.odoo).await?;
    let listen = vault.settings.listen;
    let application = Application::new(open_socket(listen).await?, vault.parts())?;
    tracing::info!(listen = %application.local_addr(), "serving");
    {
        let mut out = std::io::stdout().lock();
        writeln!(out, "ready: http://{}/mcp", application.local_addr())
            .and_then(|()| out.flush())
            .context("writing to standard output")?;
    }
    tokio::select! {
        () = application.serve(shutdown.drain) => {}
        () = shutdown.now.cancelled() => {}
    }
    Ok(())
}

/// To go on with another store's key ring would sign everybody out, and what they sign in anew
/// would be sealed under it.
async fn check_ring(provider: &Provider) -> anyhow::Result<()> {
    let foreign = provider.grants().foreign_keys().await;
    let foreign = foreign.context("asking the store which keys it needs")?;
    ensure!(
        foreign.is_empty(),
        "the key ring is not the one that this store was used with: the store needs another key {}. \
         Put the ring of this store in its place; if that is lost or was stolen, run `store \
         restored` with this one: it ends all connections, and people sign in again",
        foreign.join(", ")
    );
    Ok(())
}

/// Opens the store; the first use makes it.
async fn open_store(place: &StorePlace) -> anyhow::Result<Arc<dyn Store>> {
    match place {
        StorePlace::File(path) => Ok(Arc::new(open_file(path)?)),
        StorePlace::Postgres(url) => {
            let store = PostgresStore::connect(url.expose_secret()).await;
            Ok(Arc::new(store.context("opening the store in PostgreSQL")?))
        }
    }
}

fn open_file(path: &Path) -> anyhow::Result<SqliteStore> {
    SqliteStore::open(path, &SqliteOptions::default())
        .with_context(|| format!("opening the store {}", path.display()))
}
