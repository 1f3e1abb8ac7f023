//! Putting a server together and running it.
//!
//! Not for what it answers; that is the [`ToolSet`]'s. The settings of sessions are in `sessions`.

mod sessions;

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, Uri};
use tokio::net::{TcpListener, ToSocketAddrs};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tower::Service;

use crate::accept::Acceptor;
use crate::admission::Admission;
use crate::caller::Authenticate;
use crate::challenge::Challenge;
use crate::clock::Clock;
use crate::crypto::{Entropy, NoEntropy, SessionKey};
use crate::ended::EndedSessions;
use crate::endpoint::{Endpoint, Setup};
use crate::front::{Front, Tokens};
use crate::gate::{BadEntry, Gate, LOOPBACK};
use crate::handler::Shared;
use crate::layers::{RequestNumbers, stack};
use crate::limits::{Limits, SessionLimits};
use crate::routes::Routes;
use crate::session::Sessions;
use crate::stats::Stats;
use crate::toolset::ToolSet;

/// How often expired sessions are forgotten.
const SWEEP: Duration = Duration::from_secs(60);

/// An MCP server over HTTP. Begin with [`Server::builder`].
#[derive(Debug)]
pub struct Server;

impl Server {
    /// A server of these tools for callers that `authenticate` knows.
    pub fn builder<A, T>(authenticate: A, toolset: T) -> ServerBuilder<A, T>
    where
        A: Authenticate,
        T: ToolSet<Caller = A::Caller>,
    {
        ServerBuilder {
            authenticate,
            toolset,
            public_url: None,
            hosts: Vec::new(),
            origins: Vec::new(),
            limits: Limits::default(),
            session_limits: SessionLimits::default(),
            session_key: None,
            ended_sessions: None,
            clock: Clock::system(),
            entropy: Entropy::system(),
            challenge: Challenge::default(),
            routes: Routes::default(),
            strict_headers: false,
            stats: Stats::default(),
        }
    }
}

/// The settings of a server that does not run yet.
#[derive(Debug)]
#[must_use = "a server serves nothing before `bind`"]
pub struct ServerBuilder<A, T> {
    authenticate: A,
    toolset: T,
    public_url: Option<String>,
    hosts: Vec<String>,
    origins: Vec<String>,
    limits: Limits,
    session_limits: SessionLimits,
    session_key: Option<SessionKey>,
    ended_sessions: Option<Arc<dyn EndedSessions>>,
    clock: Clock,
    entropy: Entropy,
    challenge: Challenge,
    routes: Routes,
    strict_headers: bool,
    stats: Stats,
}

impl<A, T> ServerBuilder<A, T>
where
    A: Authenticate,
    T: ToolSet<Caller = A::Caller>,
{
    /// The URL that people enter, for example `https://mcp.example.com/mcp`. Requests to its
    /// host, and from pages of its origin, are let in.
    pub fn public_url(mut self, url: impl Into<String>) -> Self {
        self.public_url = Some(url.into());
        self
    }

    /// Further hosts that requests may name, with or without port. Loopback names need not be
    /// listed. A proxy that rewrites `Host` needs its own name here.
    pub fn allowed_hosts(mut self, hosts: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.hosts.extend(hosts.into_iter().map(Into::into));
        self
    }

    /// Origins of web pages that may use the server from a browser, as `https://claude.ai` or
    /// `http://localhost:*`. Programs send no `Origin` and need none. Without a public URL,
    /// pages of this machine (`http://localhost:*`) are let in as well.
    pub fn allowed_origins(mut self, origins: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.origins.extend(origins.into_iter().map(Into::into));
        self
    }

    /// Bounds of connections and requests.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The clock that sessions expire by.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// The random source of session ids.
    pub fn entropy(mut self, entropy: Entropy) -> Self {
        self.entropy = entropy;
        self
    }

    /// What a client without a good token is told.
    pub fn challenge(mut self, challenge: Challenge) -> Self {
        self.challenge = challenge;
        self
    }

    /// The service for every path but `/mcp`; without it they answer 404. Its requests come with
    /// their bodies read (see [`Limits::max_route_body_bytes`]) and, where a token was asked
    /// for, with the caller among their extensions.
    ///
    /// A path wants a token unless [`open_paths`](Self::open_paths) or
    /// [`probes`](Self::probes) names it.
    pub fn routes<R>(mut self, service: R) -> Self
    where
        R: Service<Request<Bytes>, Response = Response<Bytes>, Error = Infallible>,
        R: Clone + Send + Sync + 'static,
        R::Future: Send + 'static,
    {
        self.routes.serve(service);
        self
    }

    /// Paths that answer without a token; `/.well-known/*` stands for all below.
    pub fn open_paths(mut self, paths: impl IntoIterator<Item = impl Into<String>>) -> Self {
        paths
            .into_iter()
            .for_each(|path| self.routes.open(path.into()));
        self
    }

    /// Paths of health checks: they answer without a token, under every host name (an
    /// orchestrator asks by address), and also when the server is busy.
    pub fn probes(mut self, paths: impl IntoIterator<Item = impl Into<String>>) -> Self {
        for path in paths {
            let path = path.into();
            self.routes.open(path.clone());
            self.routes.any_host(path);
        }
        self
    }

    /// Refuses requests whose `MCP-Protocol-Version` header contradicts their `_meta` even in
    /// the one case that Claude's connectors are known for (header 2025-11-25, `_meta`
    /// 2026-07-28), as the letter of the protocol has it. Off by default: with it, every call
    /// of such a client fails.
    pub fn strict_headers(mut self, strict: bool) -> Self {
        self.strict_headers = strict;
        self
    }

    /// The server's counters, which pages of [`routes`](Self::routes) may show.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.stats.clone()
    }

    /// Checks the settings and opens the socket.
    ///
    /// # Errors
    /// [`BindError`], which names the setting that is wrong.
    pub async fn bind(self, address: impl ToSocketAddrs) -> Result<Bound<A, T>, BindError> {
        let listener = TcpListener::bind(address).await?;
        self.listen(listener)
    }

    /// Checks the settings for a socket that is open already, for programs that have to know
    /// its port before they can say what the server's own address is.
    ///
    /// # Errors
    /// [`BindError`], which names the setting that is wrong.
    pub fn listen(self, listener: TcpListener) -> Result<Bound<A, T>, BindError> {
        let gate = self.gate()?;
        let numbers = RequestNumbers::new(&self.entropy)?;
        let sessions = self.open_sessions()?;
        let local_addr = listener.local_addr()?;
        let limits = self.limits.clone();
        let (front, shared) = self.front(gate, &sessions);
        let front = Arc::new(front);
        Ok(Bound {
            front,
            shared,
            sessions,
            limits,
            numbers,
            listener,
            local_addr,
        })
    }

    fn front(self, gate: Gate, sessions: &Sessions) -> (Front<A, T>, Arc<Shared<T>>) {
        let Self { limits, stats, .. } = self;
        let shared = Arc::new(Shared::new(self.toolset, limits.call, stats.clone()));
        let setup = Setup {
            sessions: sessions.clone(),
            max_message_bytes: limits.max_message_bytes,
            max_body_bytes: limits.max_body_bytes,
            json: limits.json(),
            strict_headers: self.strict_headers,
        };
        let tokens = Tokens {
            authenticate: self.authenticate,
            challenge: self.challenge,
        };
        let front = Front {
            gate,
            routes: self.routes,
            tokens,
            endpoint: Endpoint::new(&shared, setup),
            admission: Admission::new(&limits, stats.clone()),
            json: limits.json(),
            max_route_body_bytes: limits.max_route_body_bytes,
            stats,
        };
        (front, shared)
    }

    fn gate(&self) -> Result<Gate, BindError> {
        let mut gate = Gate::default();
        for host in LOOPBACK {
            gate.allow_host(host)?;
        }
        // A server without a public name is one on somebody's own machine, where tools in the
        // browser (the MCP Inspector) are local pages.
        if self.public_url.is_none() {
            for host in LOOPBACK {
                gate.allow_origin(&format!("http://{host}:*"))?;
            }
        }
        if let Some(url) = &self.public_url {
            let bad = || BindError::PublicUrl(url.clone());
            let uri: Uri = url.parse().map_err(|_| bad())?;
            let (scheme, authority) = uri.scheme_str().zip(uri.authority()).ok_or_else(bad)?;
            gate.allow_host(authority.host())?;
            gate.allow_origin(&format!("{scheme}://{authority}"))
                .map_err(|_| bad())?;
        }
        for host in &self.hosts {
            gate.allow_host(host)?;
        }
        for origin in &self.origins {
            gate.allow_origin(origin)?;
        }
        Ok(gate)
    }
}

/// A server whose socket is open.
#[must_use = "a server serves nothing before `serve`"]
pub struct Bound<A: Authenticate, T: ToolSet<Caller = A::Caller>> {
    front: Arc<Front<A, T>>,
    shared: Arc<Shared<T>>,
    sessions: Sessions,
    limits: Limits,
    numbers: RequestNumbers,
    listener: TcpListener,
    local_addr: SocketAddr,
}

impl<A, T> Bound<A, T>
where
    A: Authenticate,
    T: ToolSet<Caller = A::Caller>,
{
    /// The address that the socket got.
    #[must_use]
    pub fn local_addr(&self) -> SocketAddr {
        self.local_addr
    }

    /// The server's counters.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.front.stats.clone()
    }

    /// The server's sessions.
    #[must_use]
    pub fn sessions(&self) -> Sessions {
        self.sessions.clone()
    }

    /// Serves until the token is cancelled. Then no connection is accepted any more, idle ones
    /// are closed, calls in work have [`Limits::drain`] to finish, and this returns.
    pub async fn serve(self, stop: CancellationToken) {
        let Self {
            front,
            shared,
            sessions,
            limits,
            numbers,
            listener,
            ..
        } = self;
        let stats = front.stats.clone();
        let service = stack(front, numbers, stats.clone());
        let acceptor = Acceptor::new(service, limits, stats);
        tokio::select! {
            () = acceptor.run(listener, stop, shared.detached()) => {}
            () = sweep_for_ever(&sessions) => {}
        }
    }
}

/// A server could not be started.
#[derive(Debug, thiserror::Error)]
pub enum BindError {
    /// The public URL is none.
    #[error("the public URL `{0}` is not understood; write it as https://mcp.example.com/mcp")]
    PublicUrl(String),
    /// An allowed host or origin cannot be read.
    #[error(transparent)]
    Entry(#[from] BadEntry),
    /// There are no random bytes.
    #[error(transparent)]
    Entropy(#[from] NoEntropy),
    /// The address cannot be listened on.
    #[error("the address cannot be listened on: {0}; is another server running there?")]
    Io(#[from] io::Error),
}

async fn sweep_for_ever(sessions: &Sessions) {
    loop {
        sleep(SWEEP).await;
        sessions.sweep().await;
    }
}
