//! A request as the endpoints look at it.
//!
//! Not for its parameters (`form.rs`).

use std::net::{IpAddr, Ipv4Addr};

use bytes::Bytes;
use http::{HeaderMap, Method, Request, header};

use super::client_address::{PeerAddress, TrustedProxies};
use crate::Policy;

/// The largest form or registration, in bytes (RFC 7591 documents of real clients are below 2 KiB).
pub(super) const LARGEST: usize = 16 * 1024;

/// A request as the endpoints look at it.
pub(super) struct Incoming {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) query: String,
    /// The host by which we were reached, with its port.
    pub(super) host: Option<String>,
    pub(super) headers: HeaderMap,
    pub(super) address: IpAddr,
    pub(super) body: Bytes,
}

impl Incoming {
    pub(super) fn of(request: Request<Bytes>, proxies: &TrustedProxies) -> Self {
        let (head, body) = request.into_parts();
        let peer = head.extensions.get::<PeerAddress>().map(|peer| peer.0);
        // Without a peer (a test, a socket of another kind) everybody shares one address.
        let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED));
        // HTTP/2 names the host in the address, HTTP/1.1 in a header.
        let in_address = head.uri.authority().map(http::uri::Authority::as_str);
        let in_header = || head.headers.get(header::HOST)?.to_str().ok();
        let host = in_address.or_else(in_header).map(str::to_owned);
        Self {
            host,
            address: proxies.client(peer, &head.headers),
            path: head.uri.path().to_owned(),
            query: head.uri.query().unwrap_or_default().to_owned(),
            method: head.method,
            headers: head.headers,
            body,
        }
    }

    pub(super) fn is_too_large(&self) -> bool {
        self.body.len() > LARGEST
    }

    /// A header, when it is there once and is text.
    pub(super) fn header(&self, name: header::HeaderName) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        let first = values.next()?.to_str().ok()?;
        values.next().is_none().then_some(first)
    }

    /// Whether somebody named themselves by HTTP Basic (RFC 7617). Who it is does not matter: the
    /// clients here have no secrets, and say who they are in the form.
    pub(super) fn has_basic_credentials(&self) -> bool {
        let mut values = self.headers.get_all(header::AUTHORIZATION).iter();
        values.any(|value| {
            let scheme = value.as_bytes().get(..6);
            scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case(b"basic "))
        })
    }

    /// The value of a cookie.
    pub(super) fn cookie(&self, name: &str) -> Option<&str> {
        let lines = self.headers.get_all(header::COOKIE).iter();
        lines
            .filter_map(|line| line.to_str().ok())
            .flat_map(|line| line.split(';'))
            .find_map(|pair| {
                let (key, value) = pair.trim().split_once('=')?;
                (key == name).then_some(value)
            })
    }

    /// Whether a form comes from one of our own pages. Browsers say so in `Sec-Fetch-Site` and
    /// `Origin`; programs send neither and have no cookies of somebody else's to abuse.
    pub(super) fn is_from_our_page(&self, policy: &Policy) -> bool {
        let site = self.header(header::HeaderName::from_static("sec-fetch-site"));
        let same_site = site.is_none_or(|site| site == "same-origin" || site == "none");
        let same_origin = self
            .header(header::ORIGIN)
            .is_none_or(|from| policy.is_our_origin(from));
        same_site && same_origin
    }

    /// Whether it is for one of the pages that people see.
    pub(super) fn is_for_a_person(&self) -> bool {
        matches!(self.path.as_str(), "/authorize" | "/account")
    }

    /// Whether the body is declared as a form.
    pub(super) fn is_form(&self) -> bool {
        self.has_type("application/x-www-form-urlencoded")
    }

    /// Whether the body is declared as JSON.
    pub(super) fn is_json(&self) -> bool {
        self.has_type("application/json")
    }

    fn has_type(&self, wanted: &str) -> bool {
        let kind = self.header(header::CONTENT_TYPE).unwrap_or_default();
        kind.split(';')
            .next()
            .unwrap_or_default()
            .trim()
            .eq_ignore_ascii_case(wanted)
    }
}
