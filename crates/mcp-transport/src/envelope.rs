//! What stands around a message: media types, protocol revision and session.
//!
//! Not for the message itself (`message`) and not for what rmcp does with it (`endpoint`).

use std::borrow::Cow;
use std::time::Duration;

use http::header::{ACCEPT, CONTENT_TYPE, HOST};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};

use crate::answer::{Answer, INVALID_REQUEST, METHOD_NOT_FOUND, rpc_error, unavailable};
use crate::compat::{
    Accepts, LEGACY_VERSIONS, MODERN, PROTOCOL_VERSION, Quirk, accepts, fill_in, is_behind_meta,
    version,
};
use crate::ended::NotRemembered;
use crate::id::Id;
use crate::message::Message;
use crate::session::{Live, Sessions};
use crate::session_id::{Nonce, client};
use crate::tool::Client;
use crate::wire::is_known_method;

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
    /// The session that it belongs to.
    pub(crate) session: Option<Nonce>,
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
        message: &Message<'_>,
    ) -> Result<Envelope, Refused> {
        let named = named_version(headers, message.id.as_ref())?;
        let mut cured = mcp_headers(headers, named);
        let meta = message.meta_version();
        let mut client = speaker(message, meta.or(named));
        let mut session = None;
        let method = message.method.as_deref();
        check_method(message, meta.or(named))?;
        if meta.is_some() || method == Some("server/discover") {
            if !self.strict_headers && is_behind_meta(named, meta) {
                note(Quirk::HeaderBehindMeta);
                fill_in(&mut cured, message);
            }
        } else if method == Some("initialize") {
            if cured.remove(PROTOCOL_VERSION).is_some() {
                note(Quirk::VersionOnInitialize);
            }
        } else {
            let live = self.session(headers, named, message.id.as_ref()).await?;
            session = live.as_ref().map(|live| live.nonce);
            let agreed = live.as_ref().map(|live| live.client.protocol.as_str());
            cure_version(&mut cured, named, agreed)
                .map_err(|reason| refuse(StatusCode::BAD_REQUEST, reason, message.id.clone()))?;
            client = live.map(|live| live.client).or(client);
        }
        Ok(Envelope {
            headers: cured,
            client,
            session,
        })
    }

    /// Whether these requests may be batches: those of the 2025-03-26 revision, which is also what
    /// is assumed of clients that say nothing.
    pub(crate) async fn takes_batches(&self, headers: &HeaderMap) -> Result<bool, Refused> {
        let named = named_version(headers, None)?;
        let live = self.session(headers, named, None).await?;
        let agreed = live.as_ref().map(|live| live.client.protocol.as_str());
        let is_first = |version: Option<&str>| version.is_none_or(|it| it == LEGACY_VERSIONS[0]);
        Ok(is_first(named) && is_first(agreed))
    }

    /// The session that a request of the older revisions names. No revision obliges a server to
    /// insist on one, and nothing here depends on it: `curl` and simple scripts may do without.
    async fn session(
        &self,
        headers: &HeaderMap,
        named: Option<&str>,
        message: Option<&Id>,
    ) -> Result<Option<Live>, Refused> {
        // The 2026-07-28 revision has no sessions, and ids are ignored there.
        let is_modern = named.is_some_and(|version| version >= MODERN);
        let Some(id) = session_id(headers).filter(|_| !is_modern) else {
            return Ok(None);
        };
        match self.sessions.resume(self.principal, id).await {
            Ok(None) => Err(no_session(message.cloned())),
            Ok(live) => Ok(live),
            Err(NotRemembered) => Err(no_memory()),
        }
    }
}

fn named_version<'a>(
    headers: &'a HeaderMap,
    message: Option<&Id>,
) -> Result<Option<&'a str>, Refused> {
    version(headers).map_err(|_| {
        let reason = "MCP-Protocol-Version is unreadable or names several versions";
        refuse(StatusCode::BAD_REQUEST, reason, message.cloned())
    })
}

/// In the 2026-07-28 revision an unknown method is 404, whatever else is missing or wrong: a
/// client learns from it which era a server is of.
fn check_method(message: &Message<'_>, version: Option<&str>) -> Result<(), Refused> {
    let method = message.method.as_deref().unwrap_or_default();
    let is_request = message.id.is_some() && message.method.is_some();
    let is_here = method == "initialize" || is_known_method(method, true);
    if version != Some(MODERN) || !is_request || is_here {
        return Ok(());
    }
    Err(Box::new(rpc_error(
        StatusCode::NOT_FOUND,
        METHOD_NOT_FOUND,
        "There is no such method",
        message.id.clone(),
    )))
}

/// Checks `Content-Type` and `Accept`; tells what the client reads.
pub(crate) fn check_media_types(headers: &HeaderMap) -> Result<Accepts, Refused> {
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
        Accepts::Both => Ok(Accepts::Both),
        narrow @ (Accepts::Any | Accepts::Json) => {
            note(Quirk::NarrowAccept);
            Ok(narrow)
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

/// The answer while it cannot be known whether a session was ended, or cannot be written down.
pub(crate) fn no_memory() -> Refused {
    let text = "Sessions cannot be looked up at the moment. Try again shortly.";
    Box::new(unavailable(text, RETRY_AFTER))
}

const RETRY_AFTER: Duration = Duration::from_secs(5);

/// The answer to an id that names no living session of this principal.
pub(crate) fn no_session(id: Option<Id>) -> Refused {
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
    id: Option<Id>,
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
    let agreed = agreed.and_then(|version| HeaderValue::from_str(version).ok());
    match (named, agreed) {
        (None, Some(agreed)) => {
            note(Quirk::VersionOfSession);
            headers.insert(PROTOCOL_VERSION, agreed);
            Ok(())
        }
        // Absent means 2025-03-26, and 2026-07-28 without `_meta` is rmcp's to refuse.
        (None | Some(MODERN), _) => Ok(()),
        (Some(version), _) if LEGACY_VERSIONS.contains(&version) => Ok(()),
        (Some(version), _) => {
            let known = LEGACY_VERSIONS.join(", ");
            Err(format!(
                "MCP-Protocol-Version `{version}` is not supported; use {known} or {MODERN}"
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
