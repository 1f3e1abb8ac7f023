//! What stands around a message: media types, protocol revision and session.
//!
//! Not for the message itself (`message`) and not for what rmcp does with it (`endpoint`).

use std::borrow::Cow;

use http::header::{ACCEPT, CONTENT_TYPE, HOST};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use serde_json::Value;

use crate::answer::{Answer, INVALID_REQUEST, rpc_error};
use crate::compat::{
    Accepts, LEGACY_VERSIONS, MODERN, PROTOCOL_VERSION, Quirk, accepts, fill_in, is_behind_meta,
    version,
};
use crate::message::Message;
use crate::session::Sessions;
use crate::session_id::client;
use crate::tool::Client;

/// The header of a session's id.
pub(crate) const SESSION_ID: HeaderName = HeaderName::from_static("mcp-session-id");

/// A refusal on the way, boxed because it is rare and large.
pub(crate) type Refused = Box<Answer>;

/// What is known of a request before rmcp reads its message.
pub(crate) struct Envelope {
    /// The headers that rmcp may see.
    pub(crate) headers: HeaderMap,
    /// The program that calls.
    pub(crate) client: Option<Client>,
    /// The id of the request.
    pub(crate) id: Option<Value>,
}

/// Opens the envelopes of one principal's requests.
pub(crate) struct Opener<'a> {
    pub(crate) sessions: &'a Sessions,
    pub(crate) principal: &'a str,
    pub(crate) strict_headers: bool,
}

impl Opener<'_> {
    /// Finds out which revision the message is in and which session it belongs to, and cures
    /// its headers.
    pub(crate) async fn open(
        &self,
        headers: &HeaderMap,
        message: Message<'_>,
    ) -> Result<Envelope, Refused> {
        let Ok(named) = version(headers) else {
            let reason = "MCP-Protocol-Version is unreadable or names several versions";
            return Err(refuse(StatusCode::BAD_REQUEST, reason, message.id));
        };
        let mut cured = mcp_headers(headers, named);
        let meta = message.meta_version();
        let mut client = speaker(&message, meta.or(named));
        let method = message.method.as_deref();
        if meta.is_some() || method == Some("server/discover") {
            if !self.strict_headers && is_behind_meta(named, meta) {
                note(Quirk::HeaderBehindMeta);
                fill_in(&mut cured, &message);
            }
        } else if method == Some("initialize") {
            if cured.remove(PROTOCOL_VERSION).is_some() {
                note(Quirk::VersionOnInitialize);
            }
        } else {
            let session = self.session(headers, named, &message).await?;
            let agreed = session.as_ref().map(|session| session.protocol.as_str());
            cure_version(&mut cured, named, agreed)
                .map_err(|reason| refuse(StatusCode::BAD_REQUEST, reason, message.id.clone()))?;
            client = session.or(client);
        }
        Ok(Envelope {
            headers: cured,
            client,
            id: message.id,
        })
    }

    /// The session that a request of the older revisions names. No revision obliges a server to
    /// insist on one, and nothing here depends on it: `curl` and simple scripts may do without.
    async fn session(
        &self,
        headers: &HeaderMap,
        named: Option<&str>,
        message: &Message<'_>,
    ) -> Result<Option<Client>, Refused> {
        let Some(id) = session_id(headers) else {
            return Ok(None);
        };
        let session = self.sessions.resume(self.principal, id).await;
        // The 2026-07-28 revision has no sessions, and ids are ignored there.
        let is_modern = named.is_some_and(|version| version >= MODERN);
        if session.is_none() && !is_modern {
            return Err(no_session(message.id.clone()));
        }
        Ok(session)
    }
}

/// Checks `Content-Type` and `Accept`; tells whether the client reads event streams.
pub(crate) fn check_media_types(headers: &HeaderMap) -> Result<bool, Refused> {
    let content_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let essence = content_type
        .and_then(|value| value.split(';').next())
        .unwrap_or_default()
        .trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        let message = "Content-Type must be application/json";
        return Err(refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, message, None));
    }
    match accepts(headers) {
        Accepts::Both => Ok(true),
        Accepts::Json => {
            note(Quirk::NarrowAccept);
            Ok(false)
        }
        Accepts::Neither => {
            let message = "Accept must name application/json and text/event-stream";
            Err(refuse(StatusCode::NOT_ACCEPTABLE, message, None))
        }
    }
}

/// The id of the session that a request names.
pub(crate) fn session_id(headers: &HeaderMap) -> Option<&str> {
    // Something unreadable is an unknown session, not none.
    headers
        .get(SESSION_ID)
        .map(|value| value.to_str().unwrap_or_default())
}

/// The answer to an id that names no living session of this principal.
pub(crate) fn no_session(id: Option<Value>) -> Refused {
    refuse(
        StatusCode::NOT_FOUND,
        "There is no such session; begin a new one with initialize",
        id,
    )
}

/// An error answer about a message.
pub(crate) fn refuse(
    status: StatusCode,
    message: impl Into<Cow<'static, str>>,
    id: Option<Value>,
) -> Refused {
    Box::new(rpc_error(status, INVALID_REQUEST, message, id))
}

/// The protocol's own headers. No other is given to rmcp, so no other can end up in its logs.
fn mcp_headers(headers: &HeaderMap, version: Option<&str>) -> HeaderMap {
    let mut kept = HeaderMap::new();
    kept.insert(HOST, HeaderValue::from_static("mcp"));
    kept.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    kept.insert(
        ACCEPT,
        HeaderValue::from_static("application/json, text/event-stream"),
    );
    for (name, value) in headers {
        if name.as_str().starts_with("mcp-") && *name != SESSION_ID && *name != PROTOCOL_VERSION {
            kept.append(name, value.clone());
        }
    }
    if headers
        .get_all(PROTOCOL_VERSION)
        .iter()
        .any(|value| value.as_bytes().contains(&b','))
    {
        note(Quirk::RepeatedVersion);
    }
    if let Some(version) = version.and_then(|version| HeaderValue::from_str(version).ok()) {
        kept.insert(PROTOCOL_VERSION, version);
    }
    kept
}

/// Settles the version header of a request without `_meta`, see [`Quirk::VersionOfSession`].
fn cure_version(
    headers: &mut HeaderMap,
    named: Option<&str>,
    agreed: Option<&str>,
) -> Result<(), String> {
    if named.is_some_and(|version| LEGACY_VERSIONS.contains(&version)) {
        return Ok(());
    }
    match (
        named,
        agreed.and_then(|version| HeaderValue::from_str(version).ok()),
    ) {
        (_, Some(agreed)) => {
            note(Quirk::VersionOfSession);
            headers.insert(PROTOCOL_VERSION, agreed);
            Ok(())
        }
        // Absent means 2025-03-26, and 2026-07-28 without `_meta` is rmcp's to refuse.
        (None | Some(MODERN), None) => Ok(()),
        (Some(version), None) => {
            let known = LEGACY_VERSIONS.join(", ");
            Err(format!(
                "MCP-Protocol-Version {version} is not supported; use {known} or {MODERN}"
            ))
        }
    }
}

/// The program that calls, from what it says in this message.
fn speaker(message: &Message<'_>, protocol: Option<&str>) -> Option<Client> {
    let program = message.program()?;
    let version = program.version.get().unwrap_or_default();
    Some(client(
        program.name.get()?,
        version,
        protocol.unwrap_or_default(),
    ))
}

fn note(quirk: Quirk) {
    tracing::debug!(?quirk, "a client's quirk was cured");
}
