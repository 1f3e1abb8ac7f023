//! `/mcp`: from an authenticated HTTP request to rmcp and back.
//!
//! Not for tokens (`front`) and not for the methods (`handler`). rmcp runs without sessions of
//! its own, because those are found by their id alone: whoever knew an id could read the answers
//! of another user. Ours are in `session`.

use std::sync::Arc;

use bytes::Bytes;
use http::header::ALLOW;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use http_body::Body;
use rmcp::transport::StreamableHttpService;
use rmcp::transport::streamable_http_server::StreamableHttpServerConfig;
use rmcp::transport::streamable_http_server::session::never::NeverSessionManager;

use crate::admission::Unread;
use crate::answer::{Answer, empty, is_json, too_large, unread};
use crate::attachment::Attachments;
use crate::batch::{self, Answers};
use crate::caller::Caller;
use crate::challenge::Challenge;
use crate::compat::{Accepts, MODERN, version};
use crate::envelope::{
    Envelope, Opener, Refused, SESSION_ID, check_media_types, no_memory, no_session, refuse,
    session_id,
};
use crate::handler::{Handler, Shared};
use crate::id::{Id, for_rmcp};
use crate::late;
use crate::message::{Message, NO_BATCH};
use crate::open_requests::OpenRequests;
use crate::post::{NO_HANDSHAKE, Post, as_status, cancelled, forward, readable, unanswered, unfit};
use crate::scan::JsonLimits;
use crate::session::Sessions;
use crate::session_id::client;
use crate::tool::Client;
use crate::toolset::ToolSet;
use crate::visit::{Notes, Visit};

/// rmcp, which sees one message at a time.
type Rmcp<T> = StreamableHttpService<Handler<T>, NeverSessionManager>;

/// The MCP endpoint.
pub(crate) struct Endpoint<T: ToolSet> {
    mcp: Arc<Rmcp<T>>,
    open: OpenRequests,
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
            mcp: Arc::new(mcp),
            open: OpenRequests::default(),
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
        let accepts = check_media_types(&parts.headers)?;
        let max = self.setup.max_body_bytes;
        let body = body.read(max).await.map_err(|fault| unread(fault, max))?;
        let is_batch = batch::is_batch(&body);
        let post = Post {
            caller,
            challenge,
            parts,
            is_batch,
            // What comes between must not tear the one answer of a batch apart.
            reads_streams: accepts != Accepts::Json && !is_batch,
            reads_late: accepts == Accepts::Both && !is_batch,
        };
        match is_batch {
            true => self.batch(&post, &body).await,
            false => self.message(&post, body).await,
        }
    }

    async fn batch(&self, post: &Post<'_, T::Caller>, body: &Bytes) -> Result<Answer, Refused> {
        if !self.opener(post).takes_batches(&post.parts.headers).await? {
            return Err(refuse(StatusCode::BAD_REQUEST, NO_BATCH, None));
        }
        let mut answers = Answers::default();
        if body.len() > self.setup.max_message_bytes {
            return Err(too_large(self.setup.max_message_bytes).into());
        }
        for message in batch::split(body).map_err(unfit)? {
            let answer = self.message(post, message).await;
            let answer = answer.unwrap_or_else(|refused| *refused);
            answers.add(answer).await.map_err(Box::new)?;
        }
        Ok(answers
            .finish()
            .unwrap_or_else(|| empty(StatusCode::ACCEPTED)))
    }

    /// Answers one message.
    async fn message(&self, post: &Post<'_, T::Caller>, whole: Bytes) -> Result<Answer, Refused> {
        let message = Message::read(&whole, self.setup.json).map_err(unfit)?;
        let is_handshake = message.method.as_deref() == Some("initialize");
        if is_handshake && post.is_batch {
            return Err(refuse(StatusCode::BAD_REQUEST, NO_HANDSHAKE, message.id));
        }
        let envelope = self
            .opener(post)
            .open(&post.parts.headers, &message)
            .await?;
        if let (Some(session), Some(id)) = (envelope.session, message.cancelled()) {
            self.open.cancel(session, id);
        }
        let speaker = envelope.client.clone();
        let (body, attachments) = self.lighten(&whole, &message)?;
        let visit = post.visit(speaker.clone(), attachments);
        let notes = Arc::clone(&visit.notes);
        // The handshake is quick, and its answer has a header more.
        let may_be_late = post.reads_late && message.id.is_some() && !is_handshake;
        let work = self.work(envelope, visit, message.id.clone(), body);
        // A large one is not needed any more; what was in it is.
        drop(whole);
        let answer = match may_be_late {
            true => late::timely(work).await,
            false => work.await,
        };
        if let Some(refused) = as_status(&notes, post.challenge, &answer) {
            return Err(refused.into());
        }
        Ok(self
            .with_session(answer, &post.caller, &notes, speaker)
            .await)
    }

    /// What rmcp makes of a message, unless the client cancels it before.
    fn work(
        &self,
        envelope: Envelope,
        visit: Visit<T::Caller>,
        id: Option<Id>,
        body: Bytes,
    ) -> impl Future<Output = Answer> + Send + use<T> {
        let reads_streams = visit.reads_streams;
        let open = envelope.session.zip(id.clone());
        let open = open.map(|(session, id)| self.open.enter(session, id));
        let request = forward(envelope.headers, visit, for_rmcp(id.as_ref(), body));
        let mcp = Arc::clone(&self.mcp);
        async move {
            let answer = async { readable(mcp.handle(request).await, id).await };
            tokio::select! {
                biased;
                // Dropping the answer ends what only reads, down to the call to Odoo; what writes
                // goes on by itself (`run`). Either way nothing is answered.
                () = cancelled(open.as_ref()) => unanswered(reads_streams),
                answer = answer => match open {
                    Some(open) if !is_json(&answer) => open.until_cancelled(answer),
                    _ => answer,
                },
            }
        }
    }

    fn opener<'a>(&'a self, post: &'a Post<'_, T::Caller>) -> Opener<'a> {
        Opener {
            sessions: &self.setup.sessions,
            principal: post.caller.principal(),
            strict_headers: self.setup.strict_headers,
        }
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
        match self.setup.sessions.end(caller.principal(), id).await {
            Ok(true) => Ok(empty(StatusCode::NO_CONTENT)),
            Ok(false) => Err(no_session(None)),
            Err(error) => {
                tracing::error!(%error, "a session was not ended");
                Err(no_memory())
            }
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

fn not_allowed() -> Refused {
    let mut answer = refuse(StatusCode::METHOD_NOT_ALLOWED, "Use POST", None);
    answer
        .headers_mut()
        .insert(ALLOW, HeaderValue::from_static("POST, DELETE"));
    answer
}
