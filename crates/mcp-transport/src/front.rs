//! The front door: what every request passes before it reaches `/mcp` or another path.
//!
//! Not for MCP (`endpoint`) and not for the program's pages (`routes`).

use bytes::Bytes;
use http::header::ORIGIN;
use http::request::Parts;
use http::{HeaderMap, Request, StatusCode};
use http_body::Body;

use crate::admission::{Admission, Unread};
use crate::answer::{
    Answer, INVALID_REQUEST, busy, hang_up, plain_error, rpc_error, too_many, unauthorized,
    unavailable, unread,
};
use crate::bearer::Bearer;
use crate::caller::{Authenticate, Caller as _, Refusal};
use crate::challenge::{Challenge, Fault};
use crate::connections::Reserved;
use crate::endpoint::Endpoint;
use crate::gate::{Gate, Stop, is_preflight, preflight};
use crate::routes::Routes;
use crate::scan::JsonLimits;
use crate::stats::Stats;
use crate::toolset::ToolSet;

/// The one path of MCP.
const MCP_PATH: &str = "/mcp";

/// Whether a path is MCP's. People type the address with a slash at the end, too, and a client
/// that was challenged there and signed in has to be answered there.
fn is_mcp(path: &str) -> bool {
    path.strip_suffix('/').unwrap_or(path) == MCP_PATH
}

/// Everything behind the connection handling.
pub(crate) struct Front<A: Authenticate, T: ToolSet<Caller = A::Caller>> {
    pub(crate) gate: Gate,
    pub(crate) routes: Routes,
    pub(crate) tokens: Tokens<A>,
    pub(crate) endpoint: Endpoint<T>,
    pub(crate) admission: Admission,
    pub(crate) json: JsonLimits,
    pub(crate) max_route_body_bytes: usize,
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
    /// 4. A person's requests wait for each other before they take anything of others.
    /// 5. The body is read within bounds, and only with it the request takes its place among
    ///    those in work, so that no place waits for a client. Only then does anything parse it.
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
        let renamed = self.tokens.challenge.renamed_for(&parts);
        let mut answer = if is_preflight(&parts.method, &parts.headers) {
            preflight()
        } else if parts.extensions.get::<Reserved>().is_some() && !is_probe {
            hang_up()
        } else if is_mcp(parts.uri.path()) {
            self.mcp(parts, body).await
        } else {
            self.page(parts, body).await
        };
        if let Some(renamed) = renamed {
            renamed.apply(&mut answer);
        }
        self.gate.share(origin.as_ref(), &mut answer);
        answer
    }

    fn pass(&self, parts: &Parts, is_probe: bool) -> Result<(), Stop> {
        if !is_probe {
            self.gate.check_host(&parts.uri, &parts.headers)?;
        }
        self.gate.check_origin(&parts.headers)
    }

    async fn mcp<B>(&self, parts: Parts, body: B) -> Answer
    where
        B: Body<Data = Bytes> + Send + 'static,
    {
        let caller = match self.caller(&parts.headers).await {
            Ok(caller) => caller,
            Err(refused) => return *refused,
        };
        let Ok(mut ticket) = self.admission.person(caller.person()).await else {
            return too_many();
        };
        let body = Unread::new(&self.admission, &mut ticket, body);
        let challenge = &self.tokens.challenge;
        let answer = self.endpoint.answer(caller, challenge, parts, body).await;
        ticket.leave_with(answer)
    }

    /// A page of the program.
    async fn page<B>(&self, mut parts: Parts, body: B) -> Answer
    where
        B: Body<Data = Bytes> + Send + 'static,
    {
        let path = parts.uri.path();
        let mut ticket = if self.routes.is_for_any_host(path) {
            self.admission.probe()
        } else if self.routes.is_open(path) {
            self.admission.stranger()
        } else {
            let caller = match self.caller(&parts.headers).await {
                Ok(caller) => caller,
                Err(refused) => return *refused,
            };
            let Ok(ticket) = self.admission.person(caller.person()).await else {
                return too_many();
            };
            parts.extensions.insert(caller);
            ticket
        };
        let body = Unread::new(&self.admission, &mut ticket, body);
        let body = match body.read(self.max_route_body_bytes).await {
            Ok(body) => body,
            Err(fault) => return unread(fault, self.max_route_body_bytes),
        };
        if let Err(excess) = self.json.check_if_json(&parts.headers, &body) {
            let message = format!("The body {excess}");
            return plain_error(StatusCode::BAD_REQUEST, "invalid_request", &message);
        }
        let answer = self.routes.answer(Request::from_parts(parts, body)).await;
        ticket.leave_with(answer)
    }

    /// Who sent this, found out in a place of its own: nobody's quota pays for it yet.
    async fn caller(&self, headers: &HeaderMap) -> Result<A::Caller, Box<Answer>> {
        let Some(_place) = self.admission.look_up() else {
            return Err(Box::new(busy()));
        };
        self.tokens.caller(headers).await
    }
}

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
