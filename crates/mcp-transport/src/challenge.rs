//! The `WWW-Authenticate` header (RFC 6750 section 3, RFC 9728 section 5.1).
//!
//! Not for deciding who is refused; `bearer` and the tool set do that.

use http::HeaderValue;
use http::header::{HOST, WWW_AUTHENTICATE};
use http::request::Parts;
use http::uri::{Authority, Uri};

use crate::answer::Answer;
use crate::gate::LOOPBACK;

/// Where a client learns how to get a token, and which scopes it should ask for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Challenge {
    /// The URL of the protected-resource metadata (RFC 9728). Without it clients cannot find
    /// the sign-in page by themselves.
    pub resource_metadata: Option<String>,
    /// The scopes to ask for, separated by spaces. Claude asks for exactly these.
    pub scope: Option<String>,
}

/// What the client is told about its token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault<'a> {
    /// It sent none, so no error is named (RFC 6750 section 3.1).
    Missing,
    /// It sent one that opens nothing.
    Invalid,
    /// It has some scopes and lacks others; both separated by spaces.
    Scope { required: &'a str, held: &'a str },
}

/// Where the metadata are, by our name and by the one that a request came by.
pub(crate) struct Renamed {
    ours: String,
    theirs: String,
}

impl Renamed {
    /// Puts the other name into an answer's challenge, if it has one.
    pub(crate) fn apply(&self, answer: &mut Answer) {
        let headers = answer.headers_mut();
        let told = headers.get(WWW_AUTHENTICATE).map(HeaderValue::to_str);
        let Some(Ok(told)) = told else { return };
        let told = told.replace(&self.ours, &self.theirs);
        if let Ok(told) = HeaderValue::from_str(&told) {
            headers.insert(WWW_AUTHENTICATE, told);
        }
    }
}

impl Challenge {
    /// Another name for where the metadata are, for a request that came by it. On somebody's own
    /// computer `localhost` and the addresses of loopback are one server, and clients compare the
    /// resource in the metadata with the address that they were given.
    pub(crate) fn renamed_for(&self, request: &Parts) -> Option<Renamed> {
        let ours = self.resource_metadata.clone()?;
        let theirs = under_the_same_name(&ours, request)?;
        Some(Renamed { ours, theirs })
    }

    /// The header's value.
    pub(crate) fn header(&self, fault: Fault<'_>) -> HeaderValue {
        let mut parts = Vec::new();
        let mut scope = self.scope.clone();
        match fault {
            Fault::Missing => {}
            Fault::Invalid => {
                parts.push(("error", "invalid_token".to_owned()));
                parts.push((
                    "error_description",
                    "The token is unknown or expired".to_owned(),
                ));
            }
            Fault::Scope { required, held } => {
                parts.push(("error", "insufficient_scope".to_owned()));
                // What this request needs (RFC 6750 section 3.1) and what the token has: clients
                // replace their scopes by these. Never more, or one refused tool would have a
                // person asked for everything.
                scope = Some(union(held, required));
            }
        }
        parts.extend(
            self.resource_metadata
                .clone()
                .map(|url| ("resource_metadata", url)),
        );
        parts.extend(scope.map(|scope| ("scope", scope)));
        let parts: Vec<_> = parts
            .iter()
            .map(|(name, value)| format!("{name}=\"{}\"", quotable(value)))
            .collect();
        let text = if parts.is_empty() {
            "Bearer".to_owned()
        } else {
            format!("Bearer {}", parts.join(", "))
        };
        HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static("Bearer"))
    }
}

/// A loopback address with the loopback name by which the request came, if that is another one.
fn under_the_same_name(url: &str, request: &Parts) -> Option<String> {
    let url: Uri = url.parse().ok()?;
    let ours = url.authority()?;
    let in_header = || request.headers.get(HOST)?.to_str().ok()?.parse().ok();
    let theirs: Authority = request.uri.authority().cloned().or_else(in_header)?;
    let same_port = ours.port_u16().unwrap_or(80) == theirs.port_u16().unwrap_or(80);
    let is_other = is_loopback(ours) && is_loopback(&theirs) && same_port && *ours != theirs;
    // What else an authority may hold (a user name) is not repeated.
    let named = || match theirs.port_u16() {
        Some(port) => format!("{}:{port}", theirs.host()),
        None => theirs.host().to_owned(),
    };
    is_other.then(|| format!("http://{}{}", named(), url.path()))
}

fn is_loopback(authority: &Authority) -> bool {
    let host = authority.host();
    LOOPBACK.iter().any(|name| name.eq_ignore_ascii_case(host))
}

fn union(held: &str, required: &str) -> String {
    let mut scopes: Vec<&str> = held.split_whitespace().collect();
    for scope in required.split_whitespace() {
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    scopes.join(" ")
}

/// Neither URLs nor scopes contain what would end a quoted string; should one, it loses it.
fn quotable(value: &str) -> String {
    value
        .chars()
        .filter(|c| matches!(c, ' '..='~') && !matches!(c, '"' | '\\'))
        .collect()
}
