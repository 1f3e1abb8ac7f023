//! Client ID metadata documents: a client whose id is the https address of a document about it.
//!
//! Not for fetching: addresses go out checked, bytes come in to be judged. The documents of Claude
//! and Claude Code are built in, so that signing in with them needs no way out to the internet.

use serde::Deserialize;
use url::{Host, Url};

use crate::{
    client::{Client, ClientKind, fit_name},
    policy::Policy,
};

/// The largest document, in bytes.
pub const LARGEST_DOCUMENT: usize = 5 * 1024;

const LONGEST_ADDRESS: usize = 512;

/// Id, name and redirect URIs of the documents that are built in.
const PINNED: [(&str, &str, &[&str]); 2] = [
    (
        "https://claude.ai/oauth/mcp-oauth-client-metadata",
        "Claude",
        &[
            "https://claude.ai/api/mcp/auth_callback",
            "https://claude.com/api/mcp/auth_callback",
        ],
    ),
    (
        "https://claude.ai/oauth/claude-code-client-metadata",
        "Claude Code",
        &["http://localhost/callback", "http://127.0.0.1/callback"],
    ),
];

/// The address of a document that may be fetched: https, a name on the operator's list, the usual
/// port, a path, and nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DocumentUrl(Url);

/// Why a client metadata document is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocumentError {
    /// Larger than [`LARGEST_DOCUMENT`].
    #[error("the client's metadata document is larger than {LARGEST_DOCUMENT} bytes")]
    TooLarge,
    /// No JSON object with the fields that are required.
    #[error("the client's metadata document is not valid: {0}")]
    Malformed(&'static str),
    /// It is about another client.
    #[error("the client's metadata document names another client_id than its own address")]
    OtherClient,
    /// It wants to authenticate with a secret, which such a client cannot have.
    #[error("the client's metadata document asks for a client secret or a private key")]
    Secret,
    /// None of its redirect URIs is allowed here.
    #[error("the client's metadata document has no redirect URI that this server allows")]
    Redirect,
}

#[derive(Deserialize)]
struct Document {
    client_id: String,
    client_name: String,
    redirect_uris: Vec<String>,
    client_uri: Option<String>,
    token_endpoint_auth_method: Option<String>,
    client_secret: Option<serde_json::Value>,
    client_secret_expires_at: Option<serde_json::Value>,
    jwks: Option<serde_json::Value>,
}

impl DocumentUrl {
    /// Checks a client id that is an address.
    pub(crate) fn read(client_id: &str, policy: &Policy) -> Option<Self> {
        let plain = client_id
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        if !plain || client_id.len() > LONGEST_ADDRESS || !client_id.starts_with("https://") {
            return None;
        }
        let url = Url::parse(client_id).ok()?;
        // The parser writes the normal form: dot segments, default ports, capitals differ from it.
        let normal = url.as_str() == client_id && !client_id.contains(['#', '@', '%']);
        let named = matches!(url.host(), Some(Host::Domain(_)));
        let host = url.host_str()?;
        let trusted = policy.cimd_hosts.iter().any(|known| known == host);
        let placed = url.path() != "/" && url.port().is_none();
        (normal && named && trusted && placed).then_some(Self(url))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// Its host name.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }
}

/// A client whose document is built in.
pub(crate) fn pinned(client_id: &str) -> Option<Client> {
    let (id, name, redirect_uris) = PINNED.iter().find(|(id, ..)| *id == client_id)?;
    Some(Client {
        id: (*id).to_owned(),
        name: (*name).to_owned(),
        redirect_uris: redirect_uris.iter().map(|uri| (*uri).to_owned()).collect(),
        kind: ClientKind::Pinned,
        uri: Some("https://claude.ai".to_owned()),
    })
}

/// Judges a fetched document.
pub(crate) fn admit(
    address: &DocumentUrl,
    body: &[u8],
    policy: &Policy,
) -> Result<Client, DocumentError> {
    if body.len() > LARGEST_DOCUMENT {
        return Err(DocumentError::TooLarge);
    }
    let needed = "client_id, client_name and redirect_uris are needed";
    let document: Document =
        serde_json::from_slice(body).map_err(|_| DocumentError::Malformed(needed))?;
    document.check(address)?;
    let mut redirect_uris = document.redirect_uris;
    redirect_uris.retain(|uri| policy.redirects.check(uri).is_ok());
    if redirect_uris.is_empty() {
        return Err(DocumentError::Redirect);
    }
    Ok(Client {
        id: document.client_id,
        name: fit_name(&document.client_name),
        redirect_uris,
        kind: ClientKind::Document,
        uri: document.client_uri,
    })
}

impl Document {
    fn check(&self, address: &DocumentUrl) -> Result<(), DocumentError> {
        if self.client_id != address.as_str() {
            return Err(DocumentError::OtherClient);
        }
        let public = self
            .token_endpoint_auth_method
            .as_deref()
            .is_none_or(|kind| kind == "none");
        let secret = self.client_secret.is_some() || self.client_secret_expires_at.is_some();
        if !public || secret || self.jwks.as_ref().is_some_and(has_private_key) {
            return Err(DocumentError::Secret);
        }
        if self.redirect_uris.is_empty() || self.redirect_uris.len() > 20 {
            return Err(DocumentError::Malformed(
                "between 1 and 20 redirect_uris are needed",
            ));
        }
        if self
            .client_uri
            .as_deref()
            .is_some_and(|uri| !is_web_page(uri))
        {
            return Err(DocumentError::Malformed(
                "client_uri must be an https address",
            ));
        }
        Ok(())
    }
}

/// Whether an address may be shown as a link.
pub(crate) fn is_web_page(address: &str) -> bool {
    Url::parse(address).is_ok_and(|url| {
        url.scheme() == "https" && url.username().is_empty() && url.password().is_none()
    })
}

fn has_private_key(jwks: &serde_json::Value) -> bool {
    let keys = jwks.get("keys").and_then(serde_json::Value::as_array);
    keys.is_some_and(|keys| {
        keys.iter()
            .any(|key| key.get("d").is_some() || key.get("k").is_some())
    })
}
