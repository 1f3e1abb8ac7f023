//! Dynamic client registration (RFC 7591), as a pure function from metadata to client.
//!
//! Not for keeping clients (`clients.rs`) or the cap on them (the store). The id is a digest of the
//! metadata, so that a client which registers again, as Claude does on each connection, gets the
//! same id and no new row.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{
    cimd::is_web_page,
    client::{Client, ClientKind, fit_name},
    crypto,
    error::{ErrorCode, OAuthError},
    policy::Policy,
    redirect::{self, RedirectError},
    scope,
};

/// The largest registration request, in bytes.
pub const LARGEST_REGISTRATION: usize = 8 * 1024;

/// The most of a refused redirect URI that is told and logged, in characters.
const LONGEST_ECHO: usize = 200;

/// How ids of registered clients begin.
const PREFIX: &str = "omcp_cl_";

/// A registered client as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientRecord {
    /// Its id.
    pub id: String,
    /// Its metadata, as canonical JSON.
    pub metadata: String,
    /// When it registered first.
    pub created_at: Timestamp,
    /// When somebody last allowed it something, or its code or refresh token was accepted.
    pub last_used_at: Option<Timestamp>,
}

/// What of a request is understood; the rest is ignored, as section 2 of the RFC asks.
#[derive(Deserialize)]
struct Request {
    #[serde(default)]
    redirect_uris: Vec<String>,
    client_name: Option<String>,
    client_uri: Option<String>,
    logo_uri: Option<String>,
    tos_uri: Option<String>,
    policy_uri: Option<String>,
    grant_types: Option<Vec<String>>,
    response_types: Option<Vec<String>>,
}

/// What of it is kept.
#[derive(Deserialize, Serialize)]
struct Metadata {
    client_name: String,
    client_uri: Option<String>,
    redirect_uris: Vec<String>,
}

/// A judged request: the client, and the redirect URIs as it wrote them.
#[derive(Clone, Debug)]
pub struct Registration {
    pub(crate) record: ClientRecord,
    redirect_uris: Vec<String>,
    left_out: Vec<LeftOut>,
}

/// A redirect URI that was asked for and is not allowed.
#[derive(Clone, Debug, Serialize)]
struct LeftOut {
    redirect_uri: String,
    reason: String,
}

impl Registration {
    /// Judges a request.
    pub(crate) fn read(body: &[u8], policy: &Policy, now: Timestamp) -> Result<Self, OAuthError> {
        if body.len() > LARGEST_REGISTRATION {
            return Err(bad_metadata("the registration is larger than 8 KiB"));
        }
        let request: Request = serde_json::from_slice(body)
            .map_err(|_| bad_metadata("the body must be a JSON object of client metadata"))?;
        request.check()?;
        let (allowed, left_out) = request.redirects(policy)?;
        let known = allowed
            .iter()
            .map(|uri| redirect::without_loopback_port(uri));
        let mut redirect_uris: Vec<_> = known.collect();
        redirect_uris.sort_unstable();
        redirect_uris.dedup();
        let metadata = Metadata {
            client_name: fit_name(request.client_name.as_deref().unwrap_or_default()),
            client_uri: request.client_uri,
            redirect_uris,
        };
        let metadata = serde_json::to_string(&metadata)
            .map_err(|_| bad_metadata("the metadata cannot be kept"))?;
        let digest = URL_SAFE_NO_PAD.encode(&crypto::sha256(metadata.as_bytes())[..16]);
        let id = format!("{PREFIX}{digest}");
        let record = ClientRecord {
            id,
            metadata,
            created_at: now,
            last_used_at: None,
        };
        Ok(Self {
            record,
            redirect_uris: allowed,
            left_out,
        })
    }

    /// Tells the operator what the client is told as well.
    pub(crate) fn log_left_out(&self) {
        for LeftOut {
            redirect_uri,
            reason,
        } in &self.left_out
        {
            tracing::info!(client = self.record.id, redirect_uri, reason, "left out");
        }
    }

    /// The answer, status 201 (RFC 7591 section 3.2.1), given the record that is kept; nothing when
    /// that is damaged.
    pub(crate) fn answer(&self, kept: &ClientRecord, policy: &Policy) -> Option<Value> {
        let client = kept.client()?;
        let mut answer = json!({
            "client_id": client.id,
            "client_id_issued_at": kept.created_at.as_second(),
            "client_name": client.name,
            "redirect_uris": self.redirect_uris,
            "grant_types": ["authorization_code", "refresh_token"],
            "response_types": ["code"],
            "token_endpoint_auth_method": "none",
            "scope": scope::canonical(&policy.offered),
        });
        if let Some(uri) = &client.uri {
            answer["client_uri"] = json!(uri);
        }
        if !self.left_out.is_empty() {
            // Not of the RFC, which lets a server replace what was asked for (section 3.2.1): so
            // that a client's developer sees why a redirect URI is missing above.
            answer["redirect_uris_left_out"] = json!(self.left_out);
        }
        Some(answer)
    }
}

impl ClientRecord {
    /// The client; nothing when the row is damaged.
    pub fn client(&self) -> Option<Client> {
        let metadata: Metadata = serde_json::from_str(&self.metadata).ok()?;
        Some(Client {
            id: self.id.clone(),
            name: fit_name(&metadata.client_name),
            redirect_uris: metadata.redirect_uris,
            kind: ClientKind::Registered,
            uri: metadata.client_uri,
        })
    }
}

impl Request {
    /// The redirect URIs that are allowed, and the others with the reason. Refused when none is:
    /// editors register several at once, of which one will do.
    fn redirects(&self, policy: &Policy) -> Result<(Vec<String>, Vec<LeftOut>), OAuthError> {
        let bad = |text: String| OAuthError::new(ErrorCode::InvalidRedirectUri, text);
        if self.redirect_uris.is_empty() || self.redirect_uris.len() > 10 {
            return Err(bad("between 1 and 10 redirect_uris are needed".to_owned()));
        }
        let (mut allowed, mut left_out) = (Vec::new(), Vec::new());
        for uri in &self.redirect_uris {
            match policy.redirects.check(uri) {
                Ok(()) => allowed.push(uri.clone()),
                Err(reason) => left_out.push(LeftOut::of(uri, reason)),
            }
        }
        match left_out.first() {
            Some(first) if allowed.is_empty() => {
                let LeftOut {
                    redirect_uri,
                    reason,
                } = first;
                tracing::info!(
                    redirect_uri,
                    reason,
                    "no redirect URI of a client is allowed"
                );
                Err(bad(reason.clone()))
            }
            _ => Ok((allowed, left_out)),
        }
    }

    fn check(&self) -> Result<(), OAuthError> {
        let links = [
            &self.client_uri,
            &self.logo_uri,
            &self.tos_uri,
            &self.policy_uri,
        ];
        if !links.into_iter().flatten().all(|uri| is_web_page(uri)) {
            return Err(bad_metadata(
                "client_uri, logo_uri, tos_uri, policy_uri must be https",
            ));
        }
        let offers = |list: &Option<Vec<String>>, word: &str| {
            list.as_ref()
                .is_none_or(|list| list.iter().any(|own| own == word))
        };
        if !offers(&self.grant_types, "authorization_code") || !offers(&self.response_types, "code")
        {
            return Err(bad_metadata(
                "only the authorization code flow is supported",
            ));
        }
        Ok(())
    }
}

impl LeftOut {
    /// Cut to what a reader can look at; what is malformed may be anything.
    fn of(uri: &str, reason: RedirectError) -> Self {
        Self {
            redirect_uri: uri.escape_default().take(LONGEST_ECHO).collect(),
            reason: reason.to_string(),
        }
    }
}

/// Whether an id could be one of ours.
pub(crate) fn is_registered_id(id: &str) -> bool {
    id.len() <= 64 && id.starts_with(PREFIX)
}

fn bad_metadata(text: &str) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidClientMetadata, text)
}
