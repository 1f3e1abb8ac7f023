//! The `Host` and `Origin` checks against DNS rebinding, and what little CORS needs.
//!
//! Not for tokens: a request that passes here is still nobody's.
//!
//! A page in a browser can be made to talk to a server on the visitor's own machine or network
//! under a name of the attacker's. Such requests give themselves away by a `Host` that is not
//! ours or by the page's `Origin`, and both are answered 403 (MCP transports chapter, Security).

use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, HOST,
    ORIGIN, VARY,
};
use http::uri::Authority;
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};

use crate::answer::{Answer, empty};

/// The hosts that need no configuration: a page cannot pretend to be one of these.
pub(crate) const LOOPBACK: [&str; 3] = ["localhost", "127.0.0.1", "[::1]"];

/// The hosts and origins that may reach us.
#[derive(Debug, Clone, Default)]
pub(crate) struct Gate {
    hosts: Vec<Allowed>,
    origins: Vec<(String, Allowed)>,
}

/// A host, with its port unless any port will do.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Allowed {
    host: String,
    port: Option<u16>,
}

/// What pages may read of an answer besides its body: the session, the challenge, when to come
/// back, and the number to report.
const EXPOSED: &str =
    "Mcp-Session-Id, MCP-Protocol-Version, WWW-Authenticate, Retry-After, X-Request-Id";

/// Why a request stops at the gate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    Host,
    Origin,
}

/// An entry of the configuration cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is not understood; write hosts as `mcp.example.com` or `mcp.example.com:8443` and origins as `https://claude.ai` or `http://localhost:*`"
)]
pub struct BadEntry(pub String);

/// Whether [`ServerBuilder::allowed_origins`](crate::ServerBuilder::allowed_origins) understands
/// this, for programs that report mistakes of their settings before they start.
#[must_use]
pub fn is_origin(entry: &str) -> bool {
    Gate::default().allow_origin(entry).is_ok()
}

impl Gate {
    /// Lets in requests to a host, written with or without port.
    pub(crate) fn allow_host(&mut self, entry: &str) -> Result<(), BadEntry> {
        let allowed = host(entry).ok_or_else(|| BadEntry(entry.to_owned()))?;
        self.hosts.push(allowed);
        Ok(())
    }

    /// Lets in requests from pages of an origin; the port may be `*`.
    pub(crate) fn allow_origin(&mut self, entry: &str) -> Result<(), BadEntry> {
        let bad = || BadEntry(entry.to_owned());
        let (entry, any_port) = entry
            .strip_suffix(":*")
            .map_or((entry, false), |base| (base, true));
        let (scheme, mut allowed) = origin(entry).ok_or_else(bad)?;
        if any_port {
            allowed.port = None;
        }
        self.origins.push((scheme, allowed));
        Ok(())
    }

    /// Checks where a request wants to go.
    pub(crate) fn check_host(&self, uri: &Uri, headers: &HeaderMap) -> Result<(), Stop> {
        let mut named = headers
            .get_all(HOST)
            .iter()
            .map(|value| value.to_str().ok());
        let (first, second) = (named.next(), named.next());
        // HTTP/2 and absolute request targets name the host in the URI. Where both do, both
        // have to be ours.
        let in_uri = uri.authority().map(|authority| Some(authority.as_str()));
        if second.is_some() || (first.is_none() && in_uri.is_none()) {
            return Err(Stop::Host);
        }
        for name in [first, in_uri].into_iter().flatten() {
            let name = name.and_then(host).ok_or(Stop::Host)?;
            if !self.hosts.iter().any(|allowed| allowed.covers(&name)) {
                return Err(Stop::Host);
            }
        }
        Ok(())
    }

    /// The headers that let an allowed page read the answer.
    pub(crate) fn share(&self, origin: Option<&HeaderValue>, answer: &mut Answer) {
        let Some(origin) = origin else { return };
        let headers = answer.headers_mut();
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
        headers.append(VARY, HeaderValue::from_static("Origin"));
        headers.insert(
            ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static(EXPOSED),
        );
    }

    /// Checks from which page a request comes.
    pub(crate) fn check_origin(&self, headers: &HeaderMap) -> Result<(), Stop> {
        let mut origins = headers.get_all(ORIGIN).iter();
        // Programs send none, and only browsers can be tricked.
        let Some(first) = origins.next() else {
            return Ok(());
        };
        if origins.next().is_some() {
            return Err(Stop::Origin);
        }
        // `null` (sandboxed frames, local files) is no origin and never matches.
        let (scheme, page) = first.to_str().ok().and_then(origin).ok_or(Stop::Origin)?;
        let known = |(allowed_scheme, allowed): &(String, Allowed)| {
            *allowed_scheme == scheme && allowed.covers(&page)
        };
        if self.origins.iter().any(known) {
            Ok(())
        } else {
            Err(Stop::Origin)
        }
    }
}

impl Allowed {
    fn covers(&self, other: &Self) -> bool {
        self.host == other.host && (self.port.is_none() || self.port == other.port)
    }
}

/// Whether this is a browser's question before the real request. It carries no token, so it is
/// answered before tokens are looked at, and it learns nothing.
pub(crate) fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    method == Method::OPTIONS
        && headers.contains_key(ORIGIN)
        && headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD)
}

/// The answer to it, for origins that passed the gate.
pub(crate) fn preflight() -> Answer {
    let mut answer = empty(StatusCode::NO_CONTENT);
    let headers = answer.headers_mut();
    headers.insert(
        ACCESS_CONTROL_ALLOW_METHODS,
        HeaderValue::from_static("GET, POST, DELETE"),
    );
    // The asterisk does not cover Authorization. Cookies are not allowed at all.
    headers.insert(
        ACCESS_CONTROL_ALLOW_HEADERS,
        HeaderValue::from_static("Authorization, *"),
    );
    headers.insert(ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    answer
}

fn host(text: &str) -> Option<Allowed> {
    let authority: Authority = text.parse().ok()?;
    // What stands before the host (a user name) is a disguise, and what stands behind it must be
    // a port.
    let port = match text.strip_prefix(authority.host())? {
        "" => None,
        rest => {
            let digits = rest
                .strip_prefix(':')
                .filter(|port| !port.starts_with('+'))?;
            Some(digits.parse().ok()?)
        }
    };
    let host = authority.host().to_ascii_lowercase();
    (!host.is_empty()).then_some(Allowed { host, port })
}

/// An origin always has a port: the scheme's own when none is written (RFC 6454 section 4).
fn origin(text: &str) -> Option<(String, Allowed)> {
    let (scheme, rest) = text.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    let default_port = match scheme.as_str() {
        "https" => 443,
        "http" => 80,
        _ => return None,
    };
    let mut allowed = host(rest)?;
    allowed.port = allowed.port.or(Some(default_port));
    Some((scheme, allowed))
}
