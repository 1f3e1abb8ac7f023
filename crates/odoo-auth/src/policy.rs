//! What the operator decided: addresses, scopes on offer, redirect URIs, lifetimes, caps.
//!
//! Not for reading configuration files.

use std::net::{Ipv4Addr, Ipv6Addr};

use jiff::SignedDuration;
use oxide_auth::primitives::scope::Scope;
use url::{Host, Url};

use crate::{
    error::{ErrorCode, OAuthError},
    redirect::AllowedRedirects,
    scope,
};

/// The settings of the provider.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The issuer (RFC 8414): the public origin, without a slash at its end.
    pub issuer: String,
    /// The only resource that tokens are for (RFC 8707): the address that people type.
    pub resource: String,
    /// What people call that resource (RFC 9728, `resource_name`), such as `Odoo (live at
    /// odoo.example.com)`.
    pub resource_name: String,
    /// The most that a person can grant.
    pub offered: Scope,
    /// Redirect URIs that may be registered and used.
    pub redirects: AllowedRedirects,
    /// Hosts whose client metadata documents are accepted.
    pub cimd_hosts: Vec<String>,
    /// Dynamic client registration.
    pub registration: RegistrationLimits,
    /// How long things live.
    pub lifetimes: Lifetimes,
}

/// Limits of dynamic client registration (RFC 7591).
#[derive(Clone, Copy, Debug)]
pub struct RegistrationLimits {
    /// Whether it is offered at all.
    pub enabled: bool,
    /// The most registered clients; beyond, the oldest unused one makes room.
    pub clients: u32,
    /// How long a client lives that nobody signed in with.
    pub unused: SignedDuration,
    /// How long a client lives after its last use.
    pub idle: SignedDuration,
}

/// How long things live.
#[derive(Clone, Copy, Debug)]
pub struct Lifetimes {
    /// From opening the sign-in page to its last form.
    pub pending: SignedDuration,
    /// An authorization code.
    pub code: SignedDuration,
    /// An access token.
    pub access: SignedDuration,
    /// A refresh token; each new one starts again.
    pub refresh: SignedDuration,
    /// How long the same refresh token gets the same pair again, and how long a spent one is
    /// refused without ending the grant: two requests of one client may race.
    pub race: SignedDuration,
    /// How long after the first use of a pair the refresh token before it still gets that same
    /// pair: processes of one client share what they keep, and one may have missed the refresh.
    /// Zero treats it as stolen at once (but for `race`). See [`Lifetimes::MAX_REUSE`].
    pub reuse: SignedDuration,
    /// How long before the Odoo key's end the last access token ends.
    pub key_margin: SignedDuration,
    /// How long a resolved token is remembered before the store is asked again; a revocation by
    /// another process is seen after that at the latest.
    pub cache: SignedDuration,
}

/// The public address cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the public address must be https://host or, on this computer only, http://localhost:port, with no path"
)]
pub struct PolicyError;

impl Policy {
    /// The defaults for a server reachable at this origin; its resource is `/mcp` below it.
    ///
    /// # Errors
    ///
    /// When the address is not https (or http on loopback), or has a path, query or user name.
    pub fn new(public_url: &Url) -> Result<Self, PolicyError> {
        let issuer = public_url.origin().ascii_serialization();
        let bare = public_url.as_str().strip_suffix('/') == Some(issuer.as_str());
        let loopback = crate::redirect::is_loopback(public_url.as_str());
        if !bare || public_url.scheme() != "https" && !loopback {
            return Err(PolicyError);
        }
        Ok(Self {
            resource: format!("{issuer}/mcp"),
            resource_name: "Odoo".to_owned(),
            issuer,
            offered: scope::all(),
            redirects: AllowedRedirects::claude(),
            cimd_hosts: vec!["claude.ai".to_owned()],
            registration: RegistrationLimits::default(),
            lifetimes: Lifetimes::default(),
        })
    }

    /// The audience of a request: ours when it names none or ours, else a refusal (RFC 8707).
    pub(crate) fn audience(&self, named: &[String]) -> Result<String, OAuthError> {
        if named.iter().all(|resource| self.is_ours(resource)) {
            return Ok(self.resource.clone());
        }
        let text = format!("this server issues tokens for {} only", self.resource);
        Err(OAuthError::new(ErrorCode::InvalidTarget, text))
    }

    /// Our resource under the host by which a request reached us: clients compare it with the
    /// address that they were given. A host that is not ours changes nothing.
    pub(crate) fn resource_under(&self, host: &str) -> String {
        let named = format!("http://{host}/mcp");
        match self.is_on_this_computer() && self.is_ours(&named) {
            true => named,
            false => self.resource.clone(),
        }
    }

    /// Whether pages of this origin are our own.
    pub(crate) fn is_our_origin(&self, origin: &str) -> bool {
        let url = Url::parse(origin).ok();
        let same = |url: Url| url.origin().ascii_serialization() == origin && self.is_at_home(url);
        origin == self.issuer || self.is_on_this_computer() && url.is_some_and(same)
    }

    /// Equal but for the case of scheme and host and a slash at the end, in which clients differ,
    /// on somebody's own computer for the name by which it calls itself, and for a query: people
    /// who want a second connector on the same server write one behind the address, and some
    /// clients name the address as it was written (RFC 8707 section 2 allows it).
    fn is_ours(&self, named: &str) -> bool {
        // Whatever else an address may have (a user, a fragment) stays in its text.
        let plain = |mut url: Url| {
            url.set_query(None);
            let text = url.as_str();
            text.strip_suffix('/').unwrap_or(text).to_owned()
        };
        let ours = Url::parse(&self.resource).ok();
        let named = Url::parse(named).ok();
        let named = named.and_then(|named| match self.is_on_this_computer() {
            true => self.under_our_name(named),
            false => Some(named),
        });
        named.is_some() && named.map(plain) == ours.map(plain)
    }

    fn is_at_home(&self, url: Url) -> bool {
        let ours = Url::parse(&self.issuer).ok();
        let origin = |url: Url| url.origin().ascii_serialization();
        self.under_our_name(url).map(origin) == ours.map(origin)
    }

    /// The same address with our own host, where it names this computer in another way.
    fn under_our_name(&self, mut url: Url) -> Option<Url> {
        let ours = Url::parse(&self.issuer).ok()?;
        if names_this_computer(&url) {
            url.set_host(ours.host_str()).ok()?;
        }
        Some(url)
    }

    /// Whether people reach us on their own computer only.
    fn is_on_this_computer(&self) -> bool {
        Url::parse(&self.issuer).is_ok_and(|ours| names_this_computer(&ours))
    }
}

/// `localhost`, `127.0.0.1` and `[::1]` with the same port are one server on somebody's own computer.
fn names_this_computer(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address == Ipv4Addr::LOCALHOST,
        Some(Host::Ipv6(address)) => address == Ipv6Addr::LOCALHOST,
        None => false,
    }
}

impl Default for RegistrationLimits {
    fn default() -> Self {
        Self {
            enabled: true,
            clients: 1000,
            unused: SignedDuration::from_hours(24),
            idle: SignedDuration::from_hours(90 * 24),
        }
    }
}

impl Lifetimes {
    /// The longest sensible `reuse`: by then the access token that all processes of a client share
    /// has ended, so each of them has noticed that there is a newer one.
    pub const MAX_REUSE: SignedDuration = SignedDuration::from_hours(1);
}

impl Default for Lifetimes {
    fn default() -> Self {
        Self {
            pending: SignedDuration::from_mins(10),
            code: SignedDuration::from_secs(60),
            access: SignedDuration::from_hours(1),
            refresh: SignedDuration::from_hours(30 * 24),
            race: SignedDuration::from_secs(10),
            reuse: SignedDuration::from_secs(120),
            key_margin: SignedDuration::from_secs(60),
            cache: SignedDuration::from_secs(30),
        }
    }
}
