//! `/mcp`: from an authenticated HTTP request to rmcp and back.
//!
//! Not for tokens (`front`) and not for the methods (`handler`). rmcp runs without sessions of
//! its own, because those are found by their id alone: whoever knew an id could read the answers
//! of another user. Ours are in `session`.

use std::sync::Arc;

use bytes::Bytes;
use http::header::{ALLOW, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode};
use http_body::Body;
use http_body_util::{BodyExt as _, Full};
use rmcp::transport::StreamableHttpService;
use rmcp::transport::streamable_http_server::StreamableHttpServerConfig;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;
use tower_http::request_id::RequestId;

use crate::admission::Unread;
use crate::answer::{
    Answer, INTERNAL_ERROR, INVALID_REQUEST, empty, insufficient_scope, rpc_error, too_large,
    unauthorized, unread,
};
use crate::attachment::Attachments;
use crate::caller::Caller;
use crate::challenge::{Challenge, Fault};
use crate::compat::{MODERN, version};
use crate::envelope::{
    Opener, Refused, SESSION_ID, check_media_types, no_session, refuse, session_id,
};
use crate::handler::{Handler, Shared};
use crate::message::Message;
use crate::scan::JsonLimits;
use crate::session::Sessions;
use crate::session_id::client;
use crate::tool::Client;
use crate::toolset::{CallRefusal, ToolSet};
use crate::visit::{Notes, Visit};

/// The MCP endpoint.
pub(crate) struct Endpoint<T: ToolSet> {
    mcp: StreamableHttpService<Handler<T>, NeverSessionManager>,
    handler: Arc<Shared<T>>,
    setup: Setup,
}

/// How the endpoint is set up.
pub(crate) struct Setup {
    pub(crate) sessions: Sessions,
    pub(crate) max_message_bytes: usize,
    pub(crate) max_body_bytes: usize,
    pub(crate) json: JsonLimits,
    pub(crate) strict_headers: bool,
}

impl<T: ToolSet> Endpoint<T> {
    pub(crate) fn new(handler: &Arc<Shared<T>>, setup: Setup) -> Self {
        let config = StreamableHttpServerConfig::default()
            .with_legacy_session_mode(false)
            .with_json_response(true)
            // Both are checked at the front door, for all paths alike.
            .disable_allowed_hosts()
            .disable_allowed_origins()
            .with_max_request_body_bytes(setup.max_message_bytes);
        let shared = Arc::clone(handler);
        let mcp = StreamableHttpService::new(
            move || Ok(Handler::new(Arc::clone(&shared))),
            Arc::new(NeverSessionManager::default()),
            config,
        );
        Self {
            mcp,
            handler: Arc::clone(handler),
            setup,
        }
    }

    /// Answers a request of this caller.
    pub(crate) async fn answer<B>(
        &self,
        caller: T::Caller,
        challenge: &Challenge,
        parts: Parts,
        body: Unread<'_, B>,
    ) -> Answer
    where
        B: Body<Data = Bytes> + Send + 'static,
    {
        let answer = match parts.method {
            Method::POST => self.post(caller, challenge, &parts, body).await,
            Method::DELETE => self.delete(&caller, &parts.headers).await,
            // GET would open a stream from server to client, which we have no use for. Clients
            // take 405 for "no stream here"; some stumble over 404 or 400.
            _ => Err(not_allowed()),
        };
        answer.unwrap_or_else(|refused| *refused)
    }

    async fn post<B>(
        &self,
        caller: T::Caller,
        challenge: &Challenge,
        parts: &Parts,
        body: Unread<'_, B>,
    ) -> Result<Answer, Refused>
    where
        B: Body<Data = Bytes> + Send + 'static,
    {
        let reads_streams = check_media_types(&parts.headers)?;
        let max = self.setup.max_body_bytes;
        let whole = body.read(max).await.map_err(|fault| unread(fault, max))?;
        let message = Message::read(&whole, self.setup.json).map_err(|fault| {
            rpc_error(StatusCode::BAD_REQUEST, fault.code, fault.message, fault.id)
        })?;
        let (body, attachments) = self.lighten(&whole, &message)?;
        let opener = Opener {
            sessions: &self.setup.sessions,
            principal: caller.principal(),
            strict_headers: self.setup.strict_headers,
        };
        let envelope = opener.open(&parts.headers, message).await?;
        // A large one is not needed any more; what was in it is.
        drop(whole);
        let request_id = parts.extensions.get::<RequestId>();
        let request_id = request_id.and_then(|id| id.header_value().to_str().ok());
        let visit = Visit {
            caller: caller.clone(),
            client: envelope.client.clone(),
            request_id: request_id.unwrap_or_default().into(),
            reads_streams,
            notes: Arc::new(Notes::with(attachments)),
        };
        let notes = Arc::clone(&visit.notes);
        let answer = self
            .mcp
            .handle(forward(envelope.headers, visit, body))
            .await;
        let answer = readable(answer, envelope.id).await;
        if let Some(refused) = as_status(&notes, challenge, &answer) {
            return Err(refused.into());
        }
        Ok(self
            .with_session(answer, &caller, &notes, envelope.client)
            .await)
    }

    /// Takes the files out of a large message. Only a call of a tool that takes files may be
    /// large, and only with them.
    fn lighten(
        &self,
        body: &Bytes,
        message: &Message<'_>,
    ) -> Result<(Bytes, Attachments), Refused> {
        let max = self.setup.max_message_bytes;
        if body.len() <= max {
            return Ok((body.clone(), Attachments::default()));
        }
        let takes_file = |name| self.handler.takes_file(name);
        if !message.tool().is_some_and(takes_file) {
            return Err(too_large(max).into());
        }
        let lightened = Attachments::detach(body).map_err(|error| {
            tracing::warn!(%error, "a message that was read once could not be read again");
            too_large(max)
        })?;
        if lightened.0.len() > max {
            return Err(too_large(max).into());
        }
        Ok(lightened)
    }

    async fn delete(&self, caller: &T::Caller, headers: &HeaderMap) -> Result<Answer, Refused> {
        if version(headers).is_ok_and(|version| version.is_some_and(|version| version >= MODERN)) {
            return Err(not_allowed());
        }
        let Some(id) = session_id(headers) else {
            let message = "Name the session to end in the Mcp-Session-Id header";
            return Err(refuse(StatusCode::BAD_REQUEST, message, None));
        };
        if self.setup.sessions.end(caller.principal(), id).await {
            Ok(empty(StatusCode::NO_CONTENT))
        } else {
            Err(no_session(None))
        }
    }

    /// Opens a session when `initialize` went well.
    async fn with_session(
        &self,
        mut answer: Answer,
        caller: &T::Caller,
        notes: &Notes,
        speaker: Option<Client>,
    ) -> Answer {
        let Some(protocol) = notes.agreed() else {
            return answer;
        };
        let speaker = speaker.unwrap_or_else(|| client("", "", ""));
        let speaker = client(&speaker.name, &speaker.version, protocol);
        match self.setup.sessions.open(caller.principal(), speaker).await {
            Ok(id) => {
                if let Ok(id) = HeaderValue::try_from(id) {
                    answer.headers_mut().insert(SESSION_ID, id);
                }
            }
            // Without an id the client goes on without a session, and nothing is lost.
            Err(error) => tracing::error!(%error, "no session could be opened"),
        }
        answer
    }
}

fn forward<C>(headers: HeaderMap, visit: Visit<C>, body: Bytes) -> Request<Full<Bytes>>
where
    C: Clone + Send + Sync + 'static,
{
    let mut request = Request::new(Full::new(body));
    *request.method_mut() = Method::POST;
    *request.headers_mut() = headers;
    request.extensions_mut().insert(visit);
    request
}

/// Turns rmcp's plain-text errors into JSON-RPC errors.
async fn readable(answer: Answer, id: Option<serde_json::Value>) -> Answer {
    let status = answer.status();
    if !(status.is_client_error() || status.is_server_error()) || is_json(&answer) {
        return answer;
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
fn as_status(notes: &Notes, challenge: &Challenge, answer: &Answer) -> Option<Answer> {
    match notes.refusal().filter(|_| is_json(answer))? {
        CallRefusal::GrantEnded => Some(unauthorized(challenge, Fault::Invalid)),
        CallRefusal::InsufficientScope { required } => {
            Some(insufficient_scope(challenge, required))
        }
        _ => None,
    }
}

fn is_json(answer: &Answer) -> bool {
    answer
        .headers()
        .get(CONTENT_TYPE)
        .is_some_and(|value| value == "application/json")
}

fn not_allowed() -> Refused {
    let mut answer = refuse(StatusCode::METHOD_NOT_ALLOWED, "Use POST", None);
    answer
        .headers_mut()
        .insert(ALLOW, HeaderValue::from_static("POST, DELETE"));
    answer
}
