//! The provider over HTTP: metadata, sign-in page, token endpoints, account page.
//!
//! Not for `/mcp`, which asks [`Grants::resolve`](crate::Grants::resolve) itself. This module only
//! translates between HTTP and the provider; what is right and wrong is decided there.

mod account;
mod answer;
mod authorize;
mod client_address;
mod credentials;
mod endpoints;
mod incoming;
mod keys;
mod limits;
mod page;
mod sign_in_log;
mod transaction;
mod visit;

use std::{
    convert::Infallible,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::{Method, Request, Response};
use moka::future::Cache;
use odoo_json2::Odoo;
use tracing::Instrument as _;

pub use self::client_address::{BadNetwork, PeerAddress, TrustedProxies};
use self::{
    credentials::WaitingCode, incoming::Incoming, limits::Limits, sign_in_log::SignInLog,
    visit::Visits,
};
use crate::{DocumentFetcher, KeyProbe, OdooCooldown, Provider, Scope, SignInThrottle};

/// What every answer is.
type Answer = Response<Bytes>;

/// What the operator decided about the pages.
#[derive(Clone, Debug)]
pub struct WebSettings {
    /// Where people find the Odoo, as the page shows it.
    pub odoo_label: String,
    /// Scopes whose boxes are not ticked when the page opens.
    pub unticked: Scope,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: TrustedProxies,
    /// Odoo's own cooldown.
    pub cooldown: OdooCooldown,
    /// How long a new Odoo key is asked to live, in days; Odoo may allow less.
    pub key_days: u16,
}

/// All of the provider's routes, as a tower service. Cheap to clone.
#[derive(Clone)]
pub struct AuthRoutes(Arc<Inner>);

struct Inner {
    provider: Provider,
    odoo: Odoo,
    fetcher: DocumentFetcher,
    probe: KeyProbe,
    settings: WebSettings,
    throttle: SignInThrottle,
    log: SignInLog,
    /// Sign-ins that wait for their second factor, by transaction. They hold the password, which
    /// Odoo wants once more to make the key, so they stay in this process and die after minutes.
    waiting: Cache<String, WaitingCode>,
    visits: Visits,
    limits: Mutex<Limits>,
}

impl AuthRoutes {
    /// Routes over a provider and the Odoo it signs people in to (a client without a key).
    pub fn new(
        provider: Provider,
        odoo: Odoo,
        fetcher: DocumentFetcher,
        settings: WebSettings,
    ) -> Self {
        let clock = provider.clock().clone();
        let waiting = Cache::builder()
            .max_capacity(1000)
            .time_to_live(Duration::from_secs(300))
            .build();
        Self(Arc::new(Inner {
            probe: KeyProbe::new(odoo.clone(), provider.grants().clone(), clock.clone()),
            throttle: SignInThrottle::new(clock, settings.cooldown),
            provider,
            odoo,
            fetcher,
            settings,
            waiting,
            log: SignInLog::default(),
            visits: Visits::default(),
            limits: Mutex::new(Limits::new()),
        }))
    }

    /// Probes keys; shared, so that a tool call that was refused and a refresh count together.
    pub fn probe(&self) -> &KeyProbe {
        &self.0.probe
    }

    /// Whether a path is one of ours.
    pub fn serves(path: &str) -> bool {
        matches!(
            path,
            "/authorize" | "/token" | "/register" | "/revoke" | "/account"
        ) || path == STYLE_PATH
            || path.starts_with("/.well-known/")
    }

    /// Answers one request. Its body is already read; the provider's own limit is far below what
    /// a server would read for a tool call.
    pub async fn handle(&self, request: Request<Bytes>) -> Answer {
        let incoming = Incoming::of(request, &self.0.settings.trusted_proxies);
        if incoming.is_too_large() {
            return answer::too_large();
        }
        let is_form = incoming.method == Method::POST && incoming.is_for_a_person();
        let inner = Arc::clone(&self.0);
        if !is_form {
            return inner.route(incoming).await;
        }
        // A browser that is clicked twice gives up the first request; what that has begun in Odoo
        // is brought to its end all the same.
        let work = async move { inner.route(incoming).await }.in_current_span();
        match tokio::spawn(work).await {
            Ok(answer) => answer,
            Err(failed) => match failed.try_into_panic() {
                Ok(panic) => std::panic::resume_unwind(panic),
                Err(_) => answer::broken(),
            },
        }
    }
}

/// Where the pages' style sheet is.
const STYLE_PATH: &str = "/authorize/style.css";

impl Inner {
    async fn route(&self, request: Incoming) -> Answer {
        let path = request.path.as_str();
        if let Some(name) = path.strip_prefix("/.well-known/") {
            return match request.method {
                Method::GET | Method::HEAD => self.well_known(name, &request),
                _ => answer::method_not_allowed("GET, HEAD"),
            };
        }
        match (path, &request.method) {
            ("/authorize", &Method::GET) => self.show_authorize(&request).await,
            ("/authorize", &Method::POST) => self.post_authorize(&request).await,
            ("/account", &Method::GET) => self.show_account(&request),
            ("/account", &Method::POST) => self.post_account(&request).await,
            ("/token", &Method::POST) => self.token(&request).await,
            ("/revoke", &Method::POST) => self.revoke(&request).await,
            ("/register", &Method::POST) => self.register(&request).await,
            (STYLE_PATH, &Method::GET) => answer::style_sheet(page::STYLE),
            ("/authorize" | "/account", _) => answer::method_not_allowed("GET, POST"),
            ("/token" | "/revoke" | "/register", _) => answer::method_not_allowed("POST"),
            (STYLE_PATH, _) => answer::method_not_allowed("GET"),
            _ => answer::not_found(),
        }
    }

    /// Metadata at every place where clients look for it (RFC 8414 section 3.1, RFC 9728 section
    /// 3.1, and the places of `OpenID` Connect Discovery, which MCP clients try last).
    fn well_known(&self, name: &str, request: &Incoming) -> Answer {
        let policy = self.provider.policy();
        // Who was given the address with a slash at its end looks for it with one here.
        match name.strip_suffix('/').unwrap_or(name) {
            "oauth-protected-resource" | "oauth-protected-resource/mcp" => {
                let host = request.host.as_deref().unwrap_or_default();
                answer::metadata(&policy.protected_resource_metadata_under(host))
            }
            "oauth-authorization-server"
            | "oauth-authorization-server/mcp"
            | "openid-configuration"
            | "openid-configuration/mcp" => {
                answer::metadata(&policy.authorization_server_metadata())
            }
            _ => answer::not_found(),
        }
    }

    /// Takes from one of the limits, or says how long to wait.
    fn limit<T>(&self, take: impl FnOnce(&mut Limits) -> T) -> T {
        take(&mut self.limits.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl tower::Service<Request<Bytes>> for AuthRoutes {
    type Response = Answer;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Answer, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Bytes>) -> Self::Future {
        let routes = self.clone();
        Box::pin(async move { Ok(routes.handle(request).await) })
    }
}
