//! The whole server, put together once for `serve` and `demo`: sign-in, tools, MCP, health.
//!
//! Not for where its parts come from: `serve` reads them from the configuration, `demo` makes them.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use bytes::Bytes;
use http::{Request, Response};
use mcp_transport::{Bound, CancellationToken, Challenge, Limits, PeerAddress, Server, SessionKey};
use odoo_auth::{AuthRoutes, DocumentFetcher, Provider, Store, WebSettings, scope};
use odoo_json2::Odoo;
use odoo_tools::{SessionLimits, UserSessions};
use tokio::net::TcpListener;
use tokio::time::{MissedTickBehavior, interval};
use tower::service_fn;
use tracing::warn;
use url::Url;

use crate::ended_sessions::StoredEnds;
use crate::grant_tokens::GrantTokens;
use crate::odoo_name::OdooName;
use crate::odoo_tool_set::OdooToolSet;
use crate::routes;

/// How often expired codes, tokens and clients are cleaned away and uses are written down.
const MAINTENANCE: Duration = Duration::from_secs(60);

/// The paths of the sign-in that answer without a token.
const OPEN_PATHS: [&str; 7] = [
    "/.well-known/*",
    "/authorize",
    "/authorize/style.css",
    "/token",
    "/register",
    "/revoke",
    "/account",
];

/// What a server is made of.
pub struct Parts {
    /// The OAuth provider.
    pub provider: Provider,
    /// Its store, asked by the health check.
    pub store: Arc<dyn Store>,
    /// The Odoo that people sign in to: a client without a key.
    pub odoo: Odoo,
    /// Where people open that Odoo in a browser, when that is another address.
    pub web_url: Option<Url>,
    /// What the operator decided about the pages.
    pub web: WebSettings,
    /// Origins of web pages elsewhere that may use the server from a browser.
    pub origins: Vec<String>,
    /// Fetches the metadata of clients that are not known yet.
    pub fetcher: DocumentFetcher,
    /// How long calls in work may take when the server is told to stop.
    pub drain: Duration,
}

/// A server that listens but does not serve yet.
pub struct Application {
    server: Bound<GrantTokens, OdooToolSet>,
    provider: Provider,
}

impl Application {
    /// Puts the parts together behind an open socket.
    ///
    /// # Errors
    /// A key ring that gives no key for sessions.
    pub fn new(listener: TcpListener, parts: Parts) -> anyhow::Result<Self> {
        let Parts {
            provider,
            store,
            odoo,
            web_url,
            web,
            origins,
            fetcher,
            drain,
        } = parts;
        let name = OdooName::of(&odoo, web_url.as_ref());
        let tokens = GrantTokens::new(provider.grants().clone(), odoo.clone());
        let auth = AuthRoutes::new(provider.clone(), odoo, fetcher, web);
        let sessions = UserSessions::new(SessionLimits::default());
        let policy = provider.policy();
        let account_page = format!("{}/account", policy.issuer);
        let tools = OdooToolSet::new(sessions, provider.clock().clone(), &name, web_url)
            .with_sign_in(auth.probe().clone(), account_page);
        let ends = Arc::new(StoredEnds::new(Arc::clone(&store)));
        let server = Server::builder(tokens, tools)
            .public_url(policy.resource.clone())
            .challenge(challenge(&provider))
            .limits(Limits {
                drain,
                ..Limits::default()
            })
            .session_key(session_key(&provider)?)
            .ended_sessions(ends)
            .routes(service_fn(move |request| {
                answer(auth.clone(), Arc::clone(&store), request)
            }))
            .probes([routes::HEALTH])
            .open_paths(OPEN_PATHS)
            .open_paths([routes::HOME])
            .allowed_origins(local_pages(&policy.issuer).iter().copied())
            .allowed_origins(origins)
            .listen(listener)
            .context("setting up the server")?;
        Ok(Self { server, provider })
    }

    /// Where it listens.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.server.local_addr()
    }

    /// Serves until `drain` is cancelled and the calls in work are answered.
    pub async fn serve(self, drain: CancellationToken) {
        let Self { server, provider } = self;
        tokio::select! {
            () = server.serve(drain) => {}
            () = keep_house(&provider) => {}
        }
        // What was used since the last round is written down before the program ends.
        tidy_up(&provider).await;
    }
}

async fn keep_house(provider: &Provider) {
    let mut rounds = interval(MAINTENANCE);
    rounds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        rounds.tick().await;
        tidy_up(provider).await;
    }
}

async fn tidy_up(provider: &Provider) {
    if let Err(error) = provider.maintain().await {
        warn!(%error, "the store could not be cleaned; it is tried again in a minute");
    }
}

/// The sign-in's own paths, and the few others.
async fn answer(
    auth: AuthRoutes,
    store: Arc<dyn Store>,
    mut request: Request<Bytes>,
) -> Result<Response<Bytes>, Infallible> {
    if !AuthRoutes::serves(request.uri().path()) {
        return Ok(routes::answer(store.as_ref(), &request).await);
    }
    if let Some(PeerAddress(peer)) = request.extensions().get().copied() {
        let peer = odoo_auth::PeerAddress(peer.ip());
        request.extensions_mut().insert(peer);
    }
    Ok(auth.handle(request).await)
}

/// A server on somebody's own machine is used from pages on the same machine, such as the MCP
/// Inspector's.
fn local_pages(issuer: &str) -> &'static [&'static str] {
    match issuer.starts_with("http://") {
        true => &["http://localhost:*", "http://127.0.0.1:*"],
        false => &[],
    }
}

/// Opens the socket.
///
/// # Errors
/// An address that is taken or not this machine's.
pub async fn open_socket(listen: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(listen)
        .await
        .with_context(|| format!("listening on {listen}: is another server running there?"))
}

fn challenge(provider: &Provider) -> Challenge {
    let policy = provider.policy();
    Challenge {
        resource_metadata: Some(policy.protected_resource_metadata_url()),
        scope: Some(scope::canonical(&policy.offered)),
    }
}

/// From the key ring, so that sessions outlive a restart and every replica knows them.
fn session_key(provider: &Provider) -> anyhow::Result<SessionKey> {
    let keys = provider
        .keys()
        .for_purpose("mcp-session")
        .context("deriving a key for sessions")?;
    let first = keys.first().context("the key ring is empty")?;
    SessionKey::from_bytes(first.as_slice()).context("deriving a key for sessions")
}
