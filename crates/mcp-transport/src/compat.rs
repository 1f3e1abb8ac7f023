//! Ways in which real clients depart from the protocol, and the one cure for each.
//!
//! Not for anything a client could use to get more than it may: a cure only ever decides which
//! protocol revision a request is read as. Every cure is a [`Quirk`], so that logs tell when one
//! is still needed, and has a test named after it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::ACCEPT;
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::message::Message;

/// The header that names the protocol revision of a request.
pub(crate) const PROTOCOL_VERSION: HeaderName = HeaderName::from_static("mcp-protocol-version");
/// The header that repeats the method in the 2026-07-28 revision.
pub(crate) const METHOD: HeaderName = HeaderName::from_static("mcp-method");
/// The header that repeats the name of the tool, prompt or resource there.
pub(crate) const NAME: HeaderName = HeaderName::from_static("mcp-name");

/// The revisions with `initialize` that are served, oldest first.
pub(crate) const LEGACY_VERSIONS: [&str; 3] = ["2025-03-26", "2025-06-18", "2025-11-25"];
/// The first revision without `initialize`. Revisions are dates, so they compare as texts.
pub(crate) const MODERN: &str = "2026-07-28";

/// A departure from the protocol that is cured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Quirk {
    /// `Accept` is absent, `*/*` or only `application/json`, where both JSON and event streams
    /// should be named (Anthropic's reachability probe; `curl`). It is read as naming both, but
    /// a client that named JSON only gets no progress reports, since those need a stream.
    NarrowAccept,
    /// `MCP-Protocol-Version: 2025-11-25, 2025-11-25`, once more for every hop that appends it
    /// (Claude Code 2.1). Equal values count as one.
    RepeatedVersion,
    /// `MCP-Protocol-Version` on `initialize`, where it says nothing (it is for all requests
    /// after that one) but may contradict the version that the client proposes. It is ignored.
    VersionOnInitialize,
    /// In a session, `MCP-Protocol-Version` is absent (claude.ai, early 2026). The session knows
    /// what was agreed on, and that holds. A header that is there and names what is not served
    /// is refused, as every revision since 2025-06-18 demands.
    VersionOfSession,
    /// `MCP-Protocol-Version: 2025-11-25` above a body whose `_meta` says 2026-07-28 (requests
    /// of Claude Desktop and Claude Code through claude.ai connectors, autumn 2026). The body
    /// holds, and the headers that this revision wants are filled in from it.
    ///
    /// The revision demands an error instead (-32020), for the sake of intermediaries that
    /// route by the header while the server obeys the body. Nothing routes by it here, whereas
    /// with the error such a client sees a connector none of whose tools work. Only this very
    /// pair is cured; see `ServerBuilder::strict_headers` for the letter of the rule.
    HeaderBehindMeta,
}

/// What a client accepts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Accepts {
    /// JSON and event streams, each by its name, as it should be.
    Both,
    /// Anything, or nothing in particular. An event stream is sent only where it was asked for in
    /// another way: a script that says `*/*` expects JSON.
    Any,
    /// Only JSON.
    Json,
    /// Not JSON: nothing we could send.
    Neither,
}

/// Reads `Accept`, see [`Quirk::NarrowAccept`].
pub(crate) fn accepts(headers: &HeaderMap) -> Accepts {
    let (mut any, mut json, mut stream, mut named) = (false, false, false, false);
    for value in headers.get_all(ACCEPT) {
        any = true;
        let Ok(value) = value.to_str() else { continue };
        for range in value.split(',') {
            let mut parts = range.split(';').map(str::trim);
            let essence = parts.next().unwrap_or_default().to_ascii_lowercase();
            if parts.any(|parameter| matches!(parameter, "q=0" | "q=0.0" | "q=0.00" | "q=0.000")) {
                continue;
            }
            json |= matches!(
                essence.as_str(),
                "*/*" | "application/*" | "application/json"
            );
            stream |= matches!(essence.as_str(), "*/*" | "text/*" | "text/event-stream");
            named |= essence == "text/event-stream";
        }
    }
    match (any, json, stream) {
        (true, true, true) if named => Accepts::Both,
        (false, ..) | (_, true, true) => Accepts::Any,
        (_, true, false) => Accepts::Json,
        (_, false, _) => Accepts::Neither,
    }
}

/// The one version that the header names, see [`Quirk::RepeatedVersion`].
///
/// # Errors
/// When it names different ones, or something unreadable.
pub(crate) fn version(headers: &HeaderMap) -> Result<Option<&str>, Unreadable> {
    let mut found: Option<&str> = None;
    for value in headers.get_all(PROTOCOL_VERSION) {
        for version in value
            .to_str()
            .map_err(|_| Unreadable)?
            .split(',')
            .map(str::trim)
        {
            match found {
                Some(known) if known != version => return Err(Unreadable),
                _ => found = Some(version),
            }
        }
    }
    Ok(found)
}

/// The version header cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unreadable;

/// Whether these are the two versions of [`Quirk::HeaderBehindMeta`].
pub(crate) fn is_behind_meta(header: Option<&str>, meta: Option<&str>) -> bool {
    header == Some("2025-11-25") && meta == Some(MODERN)
}

/// Fills in the headers of the 2026-07-28 revision that a body implies and a client left out.
/// Those that are there are left as they are, so that a contradiction is still found.
pub(crate) fn fill_in(headers: &mut HeaderMap, message: &Message<'_>) {
    headers.insert(PROTOCOL_VERSION, HeaderValue::from_static(MODERN));
    let method = message
        .method
        .as_deref()
        .and_then(|method| HeaderValue::from_str(method).ok());
    if let (false, Some(method)) = (headers.contains_key(METHOD), method) {
        headers.insert(METHOD, method);
    }
    if let (false, Some(name)) = (
        headers.contains_key(NAME),
        message.target().and_then(encode),
    ) {
        headers.insert(NAME, name);
    }
}

/// A text as a header value: as it is when that is unambiguous, else in Base64 (MCP 2026-07-28,
/// transports chapter, "Encoding of header values").
fn encode(text: &str) -> Option<HeaderValue> {
    let plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
        && text.trim() == text
        && !text.starts_with("=?base64?");
    let value = if plain {
        text.to_owned()
    } else {
        format!("=?base64?{}?=", STANDARD.encode(text))
    };
    HeaderValue::from_str(&value).ok()
}
