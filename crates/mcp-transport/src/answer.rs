//! HTTP answers: JSON-RPC errors, plain JSON errors, and the headers that all of them get.
//!
//! Not for results, which rmcp writes.

use std::borrow::Cow;
use std::convert::Infallible;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONNECTION, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, Response, StatusCode};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Empty, Full};
use serde_json::json;

use crate::body::BodyFault;
use crate::challenge::{Challenge, Fault};
use crate::id::Id;

/// What the server sends back.
pub(crate) type Answer = Response<BoxBody<Bytes, Infallible>>;

/// JSON-RPC error codes (JSON-RPC 2.0 section 5.1).
pub(crate) const PARSE_ERROR: i32 = -32_700;
pub(crate) const INVALID_REQUEST: i32 = -32_600;
pub(crate) const METHOD_NOT_FOUND: i32 = -32_601;
pub(crate) const INTERNAL_ERROR: i32 = -32_603;
/// The first of those that servers may define.
const TOO_MANY: i32 = -32_000;

/// When a request that met a full server is worth another try.
const BUSY: Duration = Duration::from_secs(1);

/// The same for a person whose own requests are in the way.
const CROWDED: Duration = Duration::from_secs(5);

/// An error answer about a JSON-RPC message.
///
/// `id` is left out when it could not be read, as MCP wants it (its schema has no `null` id).
pub(crate) fn rpc_error(
    status: StatusCode,
    code: i32,
    message: impl Into<Cow<'static, str>>,
    id: Option<Id>,
) -> Answer {
    let error = json!({ "code": code, "message": message.into() });
    let id = id.map(|id| format!(r#","id":{}"#, id.as_json()));
    let id = id.unwrap_or_default();
    json(
        status,
        format!(r#"{{"jsonrpc":"2.0","error":{error}{id}}}"#),
    )
}

/// An error answer outside JSON-RPC, in the form of OAuth errors.
pub(crate) fn plain_error(status: StatusCode, error: &str, description: &str) -> Answer {
    let body = json!({ "error": error, "error_description": description });
    json(status, body.to_string())
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

/// HTTP 403 that asks for more scopes than the token has.
pub(crate) fn insufficient_scope(challenge: &Challenge, required: &str, held: &str) -> Answer {
    let description = format!("This needs the permission {required}. Sign in again and grant it.");
    let mut answer = plain_error(StatusCode::FORBIDDEN, "insufficient_scope", &description);
    let fault = Fault::Scope { required, held };
    answer
        .headers_mut()
        .insert(WWW_AUTHENTICATE, challenge.header(fault));
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

/// HTTP 503: the server has no place for one more request.
pub(crate) fn busy() -> Answer {
    unavailable("The server is busy. Try again in a second.", BUSY)
}

/// The same on a connection that is kept for health checks.
pub(crate) fn hang_up() -> Answer {
    let mut answer = busy();
    answer
        .headers_mut()
        .insert(CONNECTION, HeaderValue::from_static("close"));
    answer
}

/// HTTP 429: this person waits for requests of their own. The request itself was not read, so
/// the error names no id; clients go by the status.
pub(crate) fn too_many() -> Answer {
    let message = "Too many of your own requests at once. Wait for some of them, then try again.";
    let mut answer = rpc_error(StatusCode::TOO_MANY_REQUESTS, TOO_MANY, message, None);
    answer
        .headers_mut()
        .insert(RETRY_AFTER, CROWDED.as_secs().into());
    answer
}

/// The answer to a body that was not read.
pub(crate) fn unread(fault: BodyFault, max: usize) -> Answer {
    match fault {
        BodyFault::TooLarge => too_large(max),
        BodyFault::TooSlow => {
            let message = "The request came in too slowly";
            plain_error(StatusCode::REQUEST_TIMEOUT, "request_timeout", message)
        }
        BodyFault::Broken => {
            let message = "The request broke off";
            plain_error(StatusCode::BAD_REQUEST, "invalid_request", message)
        }
        BodyFault::Busy => busy(),
        BodyFault::Crowded => too_many(),
    }
}

/// HTTP 413. It names no id: that may be what is too large.
pub(crate) fn too_large(max: usize) -> Answer {
    let message = format!("The request is larger than {max} bytes");
    rpc_error(
        StatusCode::PAYLOAD_TOO_LARGE,
        INVALID_REQUEST,
        message,
        None,
    )
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

/// Whether an answer is one JSON text.
pub(crate) fn is_json(answer: &Answer) -> bool {
    let kind = answer.headers().get(CONTENT_TYPE);
    kind.is_some_and(|value| value == "application/json")
}

fn json(status: StatusCode, body: String) -> Answer {
    json_bytes(status, Bytes::from(body))
}

/// An answer of JSON that is written already.
pub(crate) fn json_bytes(status: StatusCode, body: Bytes) -> Answer {
    let mut answer = Response::new(full(body));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}
