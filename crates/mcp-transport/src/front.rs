//! The front door: what every request passes before it reaches `/mcp` or another path.
//!
//! Not for MCP (`endpoint`) and not for the program's pages (`routes`).

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::ORIGIN;
use http::request::Parts;
use http::{HeaderMap, Request, StatusCode};
use http_body::Body;
use http_body_util::BodyExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::answer::{Answer, INVALID_REQUEST, plain_error, rpc_error, unauthorized, unavailable};
use crate::bearer::Bearer;
use crate::body::{BodyFault, BodyReader};
use crate::caller::{Authenticate, Refusal};
use crate::challenge::{Challenge, Fault};
use crate::endpoint::Endpoint;
use crate::gate::{Gate, Stop, is_preflight, preflight};
use crate::held::Held;
use crate::routes::Routes;
use crate::stats::{Gauge, Stats};
use crate::toolset::ToolSet;

/// The one path of MCP.
pub(crate) const MCP_PATH: &str = "/mcp";

/// Everything behind the connection handling.
pub(crate) struct Front<A: Authenticate, T: ToolSet<Caller = A::Caller>> {
    pub(crate) gate: Gate,
    pub(crate) routes: Routes,
    pub(crate) tokens: Tokens<A>,
    pub(crate) endpoint: Endpoint<T>,
    pub(crate) bodies: BodyReader,
    pub(crate) max_route_body_bytes: usize,
    pub(crate) in_flight: Arc<Semaphore>,
    pub(crate) stats: Stats,
}

/// Turns bearer tokens into callers, or into the answer that refuses them.
pub(crate) struct Tokens<A> {
    pub(crate) authenticate: A,
    pub(crate) challenge: Challenge,
}

impl<A: Authenticate, T: ToolSet<Caller = A::Caller>> Front<A, T> {
    /// Answers one request. The order is the point here:
    ///
    /// 1. Host and Origin first: a request that a browser was tricked into sees nothing at all,
    ///    not even whether a token is good.
    /// 2. Load is shed before a token is looked up, so that overload costs next to nothing.
    ///    Health checks are exempt, or an orchestrator would kill a server for being busy.
    /// 3. Tokens come before the body is read: nobody without one can make us hold megabytes.
    /// 4. The body is read within bounds, and only then does anything parse it.
    pub(crate) async fn answer<B>(&self, request: Request<B>) -> Answer
    where
        B: Body<Data = Bytes> + Send + 'static,
    {
        let (parts, body) = request.into_parts();
        let is_probe = self.routes.is_for_any_host(parts.uri.path());
        if let Err(stop) = self.pass(&parts, is_probe) {
            return stopped(stop);
        }
        let origin = parts.headers.get(ORIGIN).cloned();
        let mut answer = if is_preflight(&parts.method, &parts.headers) {
            preflight()
        } else if is_probe {
            self.page(parts, body).await
        } else {
            self.unless_busy(parts, body).await
        };
        self.gate.share(origin.as_ref(), &mut answer);
        answer
    }

    fn pass(&self, parts: &Parts, is_probe: bool) -> Result<(), Stop> {
        if !is_probe {
            self.gate.check_host(&parts.uri, &parts.headers)?;
        }
        self.gate.check_origin(&parts.headers)
    }

    async fn unless_busy<B>(&self, parts: Parts, body: B) -> Answer
    where
        B: Body<Data = Bytes> + Send + 'static,
    {
        let Ok(place) = Arc::clone(&self.in_flight).try_acquire_owned() else {
            self.stats.count_shed();
            return unavailable("The server is busy. Try again in a second.", BUSY);
        };
        // An event stream keeps its place until it ends, not only until it begins.
        let place: (OwnedSemaphorePermit, Gauge) = (place, self.stats.request());
        let answer = if parts.uri.path() == MCP_PATH {
            match self.tokens.caller(&parts.headers).await {
                Ok(caller) => {
                    let challenge = &self.tokens.challenge;
                    self.endpoint.answer(caller, challenge, parts, body).await
                }
                Err(refused) => *refused,
            }
        } else {
            self.page(parts, body).await
        };
        answer.map(|body| Held::new(body, place).boxed())
    }

    /// A page of the program.
    async fn page<B>(&self, parts: Parts, body: B) -> Answer
    where
        B: Body<Data = Bytes> + Send + 'static,
    {
        let mut parts = parts;
        if !self.routes.is_open(parts.uri.path()) {
            match self.tokens.caller(&parts.headers).await {
                Ok(caller) => parts.extensions.insert(caller),
                Err(refused) => return *refused,
            };
        }
        match self.bodies.read(body, self.max_route_body_bytes).await {
            Ok(body) => {
                self.routes
                    .answer(Request::from_parts(parts, body.bytes.clone()))
                    .await
            }
            Err(fault) => unread(fault, self.max_route_body_bytes),
        }
    }
}

const BUSY: Duration = Duration::from_secs(1);

impl<A: Authenticate> Tokens<A> {
    /// Who sent this. The refusal is boxed, being rare and large.
    pub(crate) async fn caller(&self, headers: &HeaderMap) -> Result<A::Caller, Box<Answer>> {
        let refuse = |fault| Err(Box::new(unauthorized(&self.challenge, fault)));
        match Bearer::of(headers) {
            Bearer::Missing => refuse(Fault::Missing),
            Bearer::Malformed => refuse(Fault::Invalid),
            Bearer::Token(token) => match self.authenticate.authenticate(token).await {
                Ok(caller) => Ok(caller),
                Err(Refusal::InvalidToken) => refuse(Fault::Invalid),
                Err(Refusal::Unavailable { retry_after }) => Err(Box::new(unavailable(
                    "Tokens cannot be checked at the moment. Try again shortly.",
                    retry_after,
                ))),
            },
        }
    }
}

fn stopped(stop: Stop) -> Answer {
    let message = match stop {
        Stop::Host => "This server is not known under the name in the Host header",
        Stop::Origin => "Pages of this origin may not use this server",
    };
    tracing::warn!(?stop, "a request was stopped at the gate");
    rpc_error(StatusCode::FORBIDDEN, INVALID_REQUEST, message, None)
}

/// The answer to a body that was not read.
pub(crate) fn unread(fault: BodyFault, max: usize) -> Answer {
    match fault {
        BodyFault::TooLarge => {
            let message = format!("The request is larger than {max} bytes");
            rpc_error(
                StatusCode::PAYLOAD_TOO_LARGE,
                INVALID_REQUEST,
                message,
                None,
            )
        }
        BodyFault::TooSlow => {
            let message = "The request came in too slowly";
            plain_error(StatusCode::REQUEST_TIMEOUT, "request_timeout", message)
        }
        BodyFault::Broken => {
            let message = "The request broke off";
            plain_error(StatusCode::BAD_REQUEST, "invalid_request", message)
        }
        BodyFault::NoMemory => unavailable("The server is busy. Try again in a second.", BUSY),
    }
}
