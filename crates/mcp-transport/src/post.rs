//! A POST to `/mcp`: what its message becomes for rmcp, and what rmcp's answer becomes for the
//! client.
//!
//! Not for the order in which that happens (`endpoint`).

use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use tower_http::request_id::RequestId;

use crate::answer::{
    Answer, INTERNAL_ERROR, INVALID_REQUEST, empty, insufficient_scope, is_json, rpc_error,
    unauthorized,
};
use crate::attachment::Attachments;
use crate::challenge::{Challenge, Fault};
use crate::envelope::Refused;
use crate::id::Id;
use crate::late;
use crate::message::Malformed;
use crate::open_requests::OpenRequest;
use crate::tool::Client;
use crate::toolset::CallRefusal;
use crate::visit::{Notes, Visit};

/// A POST, whose body may hold several messages.
pub(crate) struct Post<'a, C> {
    pub(crate) caller: C,
    pub(crate) challenge: &'a Challenge,
    pub(crate) parts: &'a Parts,
    pub(crate) is_batch: bool,
    /// Whether the client reads event streams at all, and whether it asked for them by name.
    pub(crate) reads_streams: bool,
    pub(crate) reads_late: bool,
}

/// MCP 2025-03-26, lifecycle chapter.
pub(crate) const NO_HANDSHAKE: &str = "initialize stands alone and in no batch";

impl<C: Clone> Post<'_, C> {
    pub(crate) fn visit(&self, client: Option<Client>, attachments: Attachments) -> Visit<C> {
        let request_id = self.parts.extensions.get::<RequestId>();
        let request_id = request_id.and_then(|id| id.header_value().to_str().ok());
        Visit {
            caller: self.caller.clone(),
            client,
            request_id: request_id.unwrap_or_default().into(),
            reads_streams: self.reads_streams,
            notes: Arc::new(Notes::with(attachments)),
        }
    }
}

pub(crate) fn unfit(fault: Malformed) -> Refused {
    let answer = rpc_error(StatusCode::BAD_REQUEST, fault.code, fault.message, fault.id);
    Box::new(answer)
}

pub(crate) async fn cancelled(open: Option<&OpenRequest>) {
    match open {
        Some(open) => open.cancelled().await,
        None => std::future::pending().await,
    }
}

/// What a cancelled request gets instead of an answer (MCP utilities chapter, Cancellation: none
/// should be sent). The clients of the official SDKs take a stream that ends for just that.
pub(crate) fn unanswered(reads_streams: bool) -> Answer {
    match reads_streams {
        true => late::silence(),
        false => empty(StatusCode::ACCEPTED),
    }
}

pub(crate) fn forward<C>(headers: HeaderMap, visit: Visit<C>, body: Bytes) -> Request<Full<Bytes>>
where
    C: Clone + Send + Sync + 'static,
{
    let mut request = Request::new(Full::new(body));
    *request.method_mut() = Method::POST;
    *request.headers_mut() = headers;
    request.extensions_mut().insert(visit);
    request
}

/// Turns rmcp's plain-text errors into JSON-RPC errors, and its stand-in for an id into the id.
pub(crate) async fn readable(answer: Answer, id: Option<Id>) -> Answer {
    let status = answer.status();
    if !(status.is_client_error() || status.is_server_error()) || is_json(&answer) {
        return match id.filter(|id| !id.survives_rmcp()) {
            Some(id) => id.put_back(answer),
            None => answer,
        };
    }
    if status.is_server_error() {
        tracing::error!(%status, "rmcp gave no answer");
        return rpc_error(
            status,
            INTERNAL_ERROR,
            "The request could not be answered",
            id,
        );
    }
    // Its 415 means that it could not read the message; the media type is checked already.
    if status == StatusCode::UNSUPPORTED_MEDIA_TYPE {
        let message = "The body is not a valid JSON-RPC message";
        return rpc_error(StatusCode::BAD_REQUEST, INVALID_REQUEST, message, id);
    }
    let text = answer
        .into_body()
        .collect()
        .await
        .map(http_body_util::Collected::to_bytes);
    let text = String::from_utf8_lossy(&text.unwrap_or_default()).into_owned();
    rpc_error(status, INVALID_REQUEST, text, id)
}

/// The refusal that the handler noted, as an HTTP status. An answer that has become a stream has
/// its status already; the error in it must do, and the next request meets the status.
pub(crate) fn as_status(notes: &Notes, challenge: &Challenge, answer: &Answer) -> Option<Answer> {
    match notes.refusal().filter(|_| is_json(answer))? {
        CallRefusal::GrantEnded => Some(unauthorized(challenge, Fault::Invalid)),
        CallRefusal::InsufficientScope { required, held } => {
            Some(insufficient_scope(challenge, required, held))
        }
        _ => None,
    }
}
