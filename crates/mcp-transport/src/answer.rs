//! HTTP answers: JSON-RPC errors, plain JSON errors, and the headers that all of them get.
//!
//! Not for results, which rmcp writes.

use std::borrow::Cow;
use std::convert::Infallible;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, Response, StatusCode};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Empty, Full};
use serde_json::{Value, json};

use crate::challenge::{Challenge, Fault};

/// What the server sends back.
pub(crate) type Answer = Response<BoxBody<Bytes, Infallible>>;

/// JSON-RPC error codes (JSON-RPC 2.0 section 5.1).
pub(crate) const PARSE_ERROR: i32 = -32_700;
pub(crate) const INVALID_REQUEST: i32 = -32_600;
pub(crate) const INTERNAL_ERROR: i32 = -32_603;

/// An error answer about a JSON-RPC message.
///
/// `id` is left out when it could not be read, as MCP wants it (its schema has no `null` id).
pub(crate) fn rpc_error(
    status: StatusCode,
    code: i32,
    message: impl Into<Cow<'static, str>>,
    id: Option<Value>,
) -> Answer {
    let mut body =
        json!({ "jsonrpc": "2.0", "error": { "code": code, "message": message.into() } });
    if let Some(id) = id {
        body["id"] = id;
    }
    json(status, &body)
}

/// An error answer outside JSON-RPC, in the form of OAuth errors.
pub(crate) fn plain_error(status: StatusCode, error: &str, description: &str) -> Answer {
    json(
        status,
        &json!({ "error": error, "error_description": description }),
    )
}

/// HTTP 401 with its challenge.
pub(crate) fn unauthorized(challenge: &Challenge, fault: Fault<'_>) -> Answer {
    let (error, description) = match fault {
        Fault::Missing => (
            "missing_token",
            "Send an access token in the Authorization header.",
        ),
        _ => (
            "invalid_token",
            "The access token is unknown, expired or revoked. Sign in again.",
        ),
    };
    let mut answer = plain_error(StatusCode::UNAUTHORIZED, error, description);
    answer
        .headers_mut()
        .insert(WWW_AUTHENTICATE, challenge.header(fault));
    answer
}

/// HTTP 403 that asks for more scopes.
pub(crate) fn insufficient_scope(challenge: &Challenge, required: &str) -> Answer {
    let description = format!("This needs the permission {required}. Sign in again and grant it.");
    let mut answer = plain_error(StatusCode::FORBIDDEN, "insufficient_scope", &description);
    answer
        .headers_mut()
        .insert(WWW_AUTHENTICATE, challenge.header(Fault::Scope(required)));
    answer
}

/// HTTP 503 for a moment.
pub(crate) fn unavailable(description: &str, retry_after: Duration) -> Answer {
    let mut answer = plain_error(
        StatusCode::SERVICE_UNAVAILABLE,
        "temporarily_unavailable",
        description,
    );
    answer
        .headers_mut()
        .insert(RETRY_AFTER, retry_after.as_secs().max(1).into());
    answer
}

/// An answer without a body.
pub(crate) fn empty(status: StatusCode) -> Answer {
    let mut answer = Response::new(Empty::new().boxed());
    *answer.status_mut() = status;
    answer
}

/// A body that is complete.
pub(crate) fn full(body: Bytes) -> BoxBody<Bytes, Infallible> {
    Full::new(body).boxed()
}

fn json(status: StatusCode, body: &Value) -> Answer {
    let mut answer = Response::new(full(Bytes::from(body.to_string())));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}
