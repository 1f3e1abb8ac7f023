//! Redirect URIs: which ones exist for us at all, which ones the operator trusts, and when two are
//! the same.
//!
//! Not for building redirects (`authorize.rs`).

use url::{Host, Url};

/// Where Claude's hosted clients receive their codes.
const CLAUDE: [&str; 2] = [
    "https://claude.ai/api/mcp/auth_callback",
    "https://claude.com/api/mcp/auth_callback",
];

const LONGEST: usize = 2048;

/// Why a redirect URI is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RedirectError {
    /// Too long, not ASCII, with spaces, control characters or backslashes, or no URL.
    #[error("the redirect URI is not a plain ASCII URL")]
    Malformed,
    /// It has a fragment (RFC 6749 section 3.1.2 forbids it) or a user name.
    #[error("the redirect URI must have no fragment and no user name")]
    Decorated,
    /// It is written in another way than URLs are normally written, for example with dot segments,
    /// capital letters in the host, or an address in octal.
    #[error("the redirect URI is not written in its normal form")]
    NotCanonical,
    /// Neither https nor http to this computer.
    #[error("the redirect URI must be https, or http to localhost, 127.0.0.1 or [::1]")]
    Scheme,
    /// Not on the operator's list.
    #[error("the redirect URI is not on this server's list of allowed ones")]
    NotAllowed,
}

/// The redirect URIs that may be registered and used: some exact ones, and any on loopback.
#[derive(Clone, Debug)]
pub struct AllowedRedirects {
    exact: Vec<String>,
}

/// A redirect URI that is well-formed.
struct Parsed {
    url: Url,
    loopback: bool,
}

impl AllowedRedirects {
    /// Claude's two callbacks, and loopback.
    pub fn claude() -> Self {
        Self {
            exact: CLAUDE.map(str::to_owned).to_vec(),
        }
    }

    /// One more, by exact text.
    ///
    /// # Errors
    ///
    /// When it is no redirect URI.
    pub fn also(mut self, uri: &str) -> Result<Self, RedirectError> {
        Parsed::read(uri)?;
        self.exact.push(uri.to_owned());
        Ok(self)
    }

    /// Whether a redirect URI is well-formed and on the list.
    ///
    /// # Errors
    ///
    /// When it is not.
    pub fn check(&self, uri: &str) -> Result<(), RedirectError> {
        let parsed = Parsed::read(uri)?;
        let allowed = parsed.loopback || self.exact.iter().any(|known| known == uri);
        allowed.then_some(()).ok_or(RedirectError::NotAllowed)
    }
}

/// Whether a presented redirect URI is the registered one: the same text, or, on loopback, the same
/// but for the port (RFC 8252 section 7.3). `localhost`, `127.0.0.1` and `[::1]` are not mixed.
pub fn matches(registered: &str, presented: &str) -> bool {
    let (Ok(known), Ok(given)) = (Parsed::read(registered), Parsed::read(presented)) else {
        return false;
    };
    let same = |part: fn(&Url) -> Option<&str>| part(&known.url) == part(&given.url);
    registered == presented
        || known.loopback
            && given.loopback
            && same(Url::host_str)
            && same(Url::query)
            && known.url.path() == given.url.path()
}

/// Whether it leads to a program on the person's own computer.
pub(crate) fn is_loopback(uri: &str) -> bool {
    Parsed::read(uri).is_ok_and(|parsed| parsed.loopback)
}

/// A registered URI without its loopback port, which has no meaning.
pub(crate) fn without_loopback_port(uri: &str) -> String {
    let Ok(Parsed {
        mut url,
        loopback: true,
    }) = Parsed::read(uri)
    else {
        return uri.to_owned();
    };
    // Every http address has a place for a port, so this cannot fail; if it did, it stays as it is.
    let _ = url.set_port(None);
    url.into()
}

impl Parsed {
    fn read(uri: &str) -> Result<Self, RedirectError> {
        let plain = |byte: u8| byte.is_ascii_graphic() && !b"\\\"<>^`{|}".contains(&byte);
        if uri.is_empty() || uri.len() > LONGEST || !uri.bytes().all(plain) {
            return Err(RedirectError::Malformed);
        }
        let url = Url::parse(uri).map_err(|_| RedirectError::Malformed)?;
        let loopback = match (url.scheme(), url.host()) {
            ("http", Some(Host::Domain("localhost"))) => true,
            ("http", Some(Host::Ipv4(address))) => address.octets() == [127, 0, 0, 1],
            ("http", Some(Host::Ipv6(address))) => address.is_loopback(),
            _ => false,
        };
        if !loopback && url.scheme() != "https" {
            return Err(RedirectError::Scheme);
        }
        let authority = uri.split('/').nth(2).unwrap_or_default();
        if uri.contains('#') || authority.contains('@') {
            return Err(RedirectError::Decorated);
        }
        // The parser writes the normal form; only the slash of an empty path may be missing.
        let normal = url.as_str() == uri || url.as_str().strip_suffix('/') == Some(uri);
        if !normal || url.port() == Some(0) {
            return Err(RedirectError::NotCanonical);
        }
        Ok(Self { url, loopback })
    }
}
