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

/// Schemes that are no application's own: browsers and systems follow them by themselves, some of
/// them by running what they hold.
const RESERVED: [&str; 31] = [
    "about",
    "android-app",
    "blob",
    "chrome",
    "chrome-extension",
    "content",
    "data",
    "edge",
    "file",
    "filesystem",
    "ftp",
    "git",
    "http",
    "https",
    "intent",
    "jar",
    "javascript",
    "ldap",
    "mailto",
    "moz-extension",
    "resource",
    "sftp",
    "smb",
    "sms",
    "ssh",
    "tel",
    "urn",
    "vbscript",
    "view-source",
    "ws",
    "wss",
];

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
    /// Neither https, nor http to this computer, nor of a scheme that an application could own.
    #[error(
        "the redirect URI must be https, http to localhost, 127.0.0.1 or [::1], or of an \
         application's own scheme"
    )]
    Scheme,
    /// Not on the operator's list.
    #[error("the redirect URI is not on this server's list of allowed ones")]
    NotAllowed,
}

/// The redirect URIs that may be registered and used: some exact ones, some private-use schemes
/// (RFC 8252 section 7.1), and any on loopback.
#[derive(Clone, Debug)]
pub struct AllowedRedirects {
    exact: Vec<String>,
    schemes: Vec<String>,
}

/// A redirect URI that is well-formed.
struct Parsed {
    url: Url,
    place: Place,
}

/// Where a redirect URI leads.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    /// To a host on the network.
    Web,
    /// To a port of the person's own computer.
    Loopback,
    /// To whichever application on the person's own computer has this scheme.
    Application,
}

impl AllowedRedirects {
    /// Claude's two callbacks, and loopback.
    pub fn claude() -> Self {
        Self {
            exact: CLAUDE.map(str::to_owned).to_vec(),
            schemes: Vec::new(),
        }
    }

    /// One more, by exact text; or all of a private-use scheme, when that stands alone (`cursor:`
    /// or `cursor://`).
    ///
    /// # Errors
    ///
    /// When it is no redirect URI, or a scheme that is no application's own.
    pub fn also(mut self, entry: &str) -> Result<Self, RedirectError> {
        match entry.strip_suffix("://").or(entry.strip_suffix(':')) {
            Some(scheme) if is_private_use(scheme) => self.schemes.push(scheme.to_owned()),
            Some(_) => return Err(RedirectError::Scheme),
            None => {
                Parsed::read(entry)?;
                self.exact.push(entry.to_owned());
            }
        }
        Ok(self)
    }

    /// Whether a redirect URI is well-formed and on the list.
    ///
    /// # Errors
    ///
    /// When it is not.
    pub fn check(&self, uri: &str) -> Result<(), RedirectError> {
        let parsed = Parsed::read(uri)?;
        let of_scheme = match parsed.place {
            Place::Loopback => true,
            Place::Web => false,
            Place::Application => self.schemes.iter().any(|own| own == parsed.url.scheme()),
        };
        let allowed = of_scheme || self.exact.iter().any(|known| known == uri);
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
        || known.place == Place::Loopback
            && given.place == Place::Loopback
            && same(Url::host_str)
            && same(Url::query)
            && known.url.path() == given.url.path()
}

/// Whether it leads to a port of the person's own computer.
pub(crate) fn is_loopback(uri: &str) -> bool {
    Parsed::read(uri).is_ok_and(|parsed| parsed.place == Place::Loopback)
}

/// Whether it leads to a program on the person's own computer, by a port or by a scheme.
pub(crate) fn is_local(uri: &str) -> bool {
    Parsed::read(uri).is_ok_and(|parsed| parsed.place != Place::Web)
}

/// The scheme, if it is an application's own.
pub(crate) fn application_scheme(uri: &str) -> Option<String> {
    let parsed = Parsed::read(uri).ok()?;
    (parsed.place == Place::Application).then(|| parsed.url.scheme().to_owned())
}

/// A registered URI without its loopback port, which has no meaning.
pub(crate) fn without_loopback_port(uri: &str) -> String {
    let Ok(Parsed {
        mut url,
        place: Place::Loopback,
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
        let place = match url.scheme() {
            _ if loopback => Place::Loopback,
            "https" => Place::Web,
            scheme if is_private_use(scheme) && !url.cannot_be_a_base() => Place::Application,
            _ => return Err(RedirectError::Scheme),
        };
        let authority = uri.split('/').nth(2).unwrap_or_default();
        if uri.contains('#') || authority.contains('@') {
            return Err(RedirectError::Decorated);
        }
        // The parser writes the normal form; only the slash of an empty path may be missing.
        let normal = url.as_str() == uri || url.as_str().strip_suffix('/') == Some(uri);
        if !normal || url.port() == Some(0) {
            return Err(RedirectError::NotCanonical);
        }
        Ok(Self { url, place })
    }
}

/// Whether an application could have this scheme for itself. One letter would be a drive.
fn is_private_use(scheme: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let part = |byte: u8| plain(byte) || b"+-.".contains(&byte);
    scheme.len() > 1
        && scheme.starts_with(|first: char| first.is_ascii_lowercase())
        && scheme.bytes().all(part)
        && !RESERVED.contains(&scheme)
}
