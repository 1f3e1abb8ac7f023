//! `odoo-mcp-server demo`: a made-up company in an in-process Odoo, and the server for it.
//!
//! Passwords and tokens of the demo are printed for everyone to read, so it listens on loopback
//! only. Nothing of it is kept: each start makes the company, the key ring and the store anew.
//! Everything else is what `serve` does, the sign-in page included.

mod tokens;
mod tokens_file;

use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use mcp_transport::CancellationToken;
use odoo_auth::{
    DocumentFetcher, Entropy, KeyRing, OdooCooldown, Policy, Provider, SqliteOptions, SqliteStore,
    Store, TrustedProxies, WebSettings, scope,
};
use odoo_json2::{Clock, Odoo};
use odoo_sandbox::Sandbox;
use tempfile::TempDir;
use url::Url;

pub use self::tokens::IssuedToken;
use crate::application::{Application, Parts, open_socket};
use crate::cli::DemoArguments;
use crate::config::{Environment, LogSettings, Reader, SettingsFile, default_limits};
use crate::odoo_name::OdooName;
use crate::{logging, shutdown};

/// Nobody has work in the demo that is worth a long wait at its end.
const DRAIN: Duration = Duration::from_secs(10);
/// As in production.
const KEY_DAYS: u16 = 90;

/// Starts the demo and serves it until a signal.
///
/// # Errors
/// Wrong settings, an address that is not loopback or taken, a tokens file that cannot be written.
pub async fn run(arguments: DemoArguments) -> anyhow::Result<()> {
    let file = arguments.config.config.as_deref();
    let mut reader = Reader::new(&Environment, SettingsFile::named(file));
    let log = LogSettings::read(&mut reader);
    logging::start(&reader.finish(Some(log))?)?;

    // Checked before anything is started, so that the mistake is all there is to read.
    check_loopback(arguments.listen)?;
    let shutdown = shutdown::on_signals().context("listening for signals")?;
    let sandbox = Sandbox::builder()
        .start()
        .await
        .context("starting the in-process Odoo")?;
    let demo = Demo::start(arguments.listen, &sandbox).await?;
    if let Some(path) = &arguments.tokens_file {
        tokens_file::write(path, &demo.tokens)?;
    }
    demo.welcome(&sandbox)
        .context("writing to standard output")?;
    tokio::select! {
        () = demo.serve(shutdown.drain) => {}
        () = shutdown.now.cancelled() => {}
    }
    Ok(())
}

/// A server in front of a sandbox, ready to serve.
pub struct Demo {
    application: Application,
    tokens: Vec<IssuedToken>,
    /// The store's folder, removed when the demo ends.
    _folder: TempDir,
}

impl Demo {
    /// Binds `listen` and issues a token for each person of the sandbox. The sandbox stays the
    /// caller's, who keeps it alive.
    ///
    /// # Errors
    /// An address that is not loopback or taken, or no place for temporary files.
    pub async fn start(listen: SocketAddr, sandbox: &Sandbox) -> anyhow::Result<Self> {
        check_loopback(listen)?;
        let listener = open_socket(listen).await?;
        let address = listener.local_addr().context("reading the address")?;
        let folder = TempDir::with_prefix("odoo-mcp-demo-").context("making a folder")?;
        let path = folder.path().join("private").join("store.db");
        let store = SqliteStore::open(&path, &SqliteOptions::default());
        let store: Arc<dyn Store> = Arc::new(store.context("making the store")?);
        let odoo = Odoo::builder(sandbox.url())
            .database(sandbox.database())
            .limits(default_limits())
            .build();
        let odoo = odoo.context("setting up the client for the in-process Odoo")?;
        let provider = provider(address, Arc::clone(&store), &odoo)?;
        let tokens = tokens::issue(&provider, &odoo, sandbox).await?;
        let parts = parts(provider, store, odoo);
        Ok(Self {
            application: Application::new(listener, parts)?,
            tokens,
            _folder: folder,
        })
    }

    /// Where MCP clients connect.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}/mcp", self.application.local_addr())
    }

    /// Everyone's token.
    #[must_use]
    pub fn tokens(&self) -> &[IssuedToken] {
        &self.tokens
    }

    /// Serves until `drain` is cancelled and the calls in work are answered.
    pub async fn serve(self, drain: CancellationToken) {
        self.application.serve(drain).await;
    }

    /// What a newcomer needs to know, with the line `ready: <url>` that programs wait for.
    fn welcome(&self, sandbox: &Sandbox) -> std::io::Result<()> {
        let mut out = std::io::stdout().lock();
        for person in sandbox.people() {
            writeln!(
                out,
                "{} / {}  {}",
                person.login, person.password, person.role
            )?;
        }
        writeln!(out, "ready: {}", self.url())?;
        writeln!(
            out,
            "\nConnect Claude Code and sign in as one of them:\n  \
             claude mcp add --transport http odoo-demo {}",
            self.url()
        )?;
        out.flush()
    }
}

fn check_loopback(listen: SocketAddr) -> anyhow::Result<()> {
    ensure!(
        listen.ip().is_loopback(),
        "the demo does not listen on {listen}: its passwords are public, so it serves this machine \
         only. Use an address like 127.0.0.1:8720"
    );
    Ok(())
}

fn provider(address: SocketAddr, store: Arc<dyn Store>, odoo: &Odoo) -> anyhow::Result<Provider> {
    let entropy = Entropy::system();
    let keys = KeyRing::generate(&entropy).context("making a key ring")?;
    let url = Url::parse(&format!("http://{address}")).context("the server's own address")?;
    let mut policy = Policy::new(&url)?;
    policy.resource_name = OdooName::of(odoo, None).to_string();
    Ok(Provider::new(store, keys, policy, Clock::system(), entropy))
}

fn parts(provider: Provider, store: Arc<dyn Store>, odoo: Odoo) -> Parts {
    let web = WebSettings {
        odoo_label: "Larkspur Instruments (demo)".to_owned(),
        unticked: scope::of([]),
        trusted_proxies: TrustedProxies::default(),
        cooldown: OdooCooldown::default(),
        key_days: KEY_DAYS,
    };
    let fetcher = DocumentFetcher::new(provider.clock().clone());
    Parts {
        provider,
        store,
        odoo,
        web_url: None,
        web,
        origins: Vec::new(),
        fetcher,
        drain: DRAIN,
    }
}
