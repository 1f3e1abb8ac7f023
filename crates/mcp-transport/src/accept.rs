//! The accept loop: from a listening socket to requests, and the drain at the end.
//!
//! Not for what is in a request.

use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, Version};
use http_body::Body;
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::{BoxError, Service, ServiceExt as _};

use crate::activity::{Activity, InRequest, Patience, Watched};
use crate::connections::{Connections, Place, Reserved};
use crate::guarded_body::{Guard as _, GuardedBody};
use crate::limits::Limits;
use crate::routes::PeerAddress;
use crate::stats::Stats;
use crate::waits::Waits;

/// How long to wait after the system could not accept a connection (too many open files).
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Streams of one HTTP/2 connection.
const MAX_STREAMS: u32 = 100;

/// HTTP/2 answers of all connections that their clients have yet to take; one more closes the
/// connection whose answer has lain longest. At some 48 KiB for the largest ones, 96 MiB.
const MAX_UNSENT: usize = 2_048;

/// How often a connection at work is looked at.
const LOOK_AGAIN: Duration = Duration::from_secs(1);

/// hyper accepts no smaller buffer.
const MIN_BUFFER: usize = 8_192;

/// How often an HTTP/2 client is asked whether it is still there, and how long it may think.
const PING: Duration = Duration::from_secs(20);

/// A server's connections.
pub(crate) struct Acceptor<S> {
    service: S,
    http: auto::Builder<TokioExecutor>,
    limits: Limits,
    stats: Stats,
    connections: Arc<Connections>,
    unsent: Arc<Waits>,
    tasks: TaskTracker,
    /// Cut connections off when the drain's time is over.
    cut: CancellationToken,
}

impl<S, R> Acceptor<S>
where
    S: Service<Request<Incoming>, Response = Response<R>, Error = Infallible>,
    S: Clone + Send + 'static,
    S::Future: Send + 'static,
    R: Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    pub(crate) fn new(service: S, limits: Limits, stats: Stats) -> Self {
        let http = http_builder(&limits);
        let connections = Connections::new(&limits);
        let unsent = Waits::new(MAX_UNSENT);
        let (tasks, cut) = (TaskTracker::new(), CancellationToken::new());
        Self {
            service,
            http,
            limits,
            stats,
            connections,
            unsent,
            tasks,
            cut,
        }
    }

    /// Accepts connections until told to stop, then lets those that are open finish: idle ones
    /// are closed at once, others after the request they are in, and what is left when the
    /// drain's time is over is cut off. `background` is waited for as well.
    pub(crate) async fn run(
        &self,
        listener: TcpListener,
        stop: CancellationToken,
        background: &TaskTracker,
    ) {
        // Also when this future is dropped, no connection outlives it.
        let _cut = self.cut.clone().drop_guard();
        let graceful = GracefulShutdown::new();
        while let Some((socket, permit)) = self.next(&listener, &stop).await {
            // Answers are small and complete, so waiting for more to send only costs time
            // (measured: 44 ms a call for event streams).
            if let Err(error) = socket.set_nodelay(true) {
                tracing::debug!(%error, "a connection was gone before it began");
                continue;
            }
            self.connect(socket, permit, graceful.watcher());
        }
        drop(listener);
        background.close();
        let finish = async {
            graceful.shutdown().await;
            background.wait().await;
        };
        if timeout(self.limits.drain, finish).await.is_err() {
            tracing::warn!("the drain's time is over; open connections are cut off");
        }
        self.cut.cancel();
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// The next connection and its place among the allowed ones; `None` to stop.
    async fn next(
        &self,
        listener: &TcpListener,
        stop: &CancellationToken,
    ) -> Option<(TcpStream, OwnedSemaphorePermit)> {
        let next = async {
            let socket = loop {
                match listener.accept().await {
                    Ok((socket, _)) => break socket,
                    Err(error) => {
                        tracing::warn!(%error, "no connection could be accepted");
                        sleep(ACCEPT_PAUSE).await;
                    }
                }
            };
            // Only one that is there may cost another its place. While it waits for it, the
            // kernel's backlog holds those behind.
            Some((socket, self.connections.vacancy().await?))
        };
        tokio::select! {
            biased;
            () = stop.cancelled() => None,
            next = next => next,
        }
    }

    fn connect(&self, socket: TcpStream, permit: OwnedSemaphorePermit, graceful: Watcher) {
        // A connection that is already gone has none, and will send no request either.
        let peer = socket.peer_addr().ok().map(PeerAddress);
        let patience = Patience {
            header: self.limits.header_read,
            idle: self.limits.idle,
            write: self.limits.answer_send,
        };
        let unsent = Arc::clone(&self.unsent);
        let activity = Activity::new(patience, unsent, self.cut.child_token());
        let service = Tracked {
            service: self.service.clone(),
            activity: Arc::clone(&activity),
            place: self.connections.open(permit, &activity),
            peer,
        };
        let io = TokioIo::new(Watched::new(socket, Arc::clone(&activity)));
        let connection = self.http.serve_connection(io, service).into_owned();
        let connection = graceful.watch(connection);
        let counted = self.stats.connection();
        self.tasks.spawn(async move {
            let _counted = counted;
            tokio::select! {
                () = activity.closed() => {}
                () = watched(connection, &activity) => {}
            }
        });
    }
}

fn http_builder(limits: &Limits) -> auto::Builder<TokioExecutor> {
    let mut http = auto::Builder::new(TokioExecutor::new());
    http.http1()
        .timer(TokioTimer::new())
        // `activity` does this, see there.
        .header_read_timeout(None)
        // The headers must fit into this buffer (431 otherwise). Bodies pass through it in
        // pieces.
        .max_buf_size(limits.max_header_bytes.max(MIN_BUFFER));
    http.http2()
        .timer(TokioTimer::new())
        .max_header_list_size(u32::try_from(limits.max_header_bytes).unwrap_or(u32::MAX))
        .max_concurrent_streams(MAX_STREAMS)
        .keep_alive_interval(PING)
        .keep_alive_timeout(PING);
    http
}

/// Drives a connection until it ends or its time is over.
async fn watched<C>(connection: C, activity: &Activity)
where
    C: Future<Output = Result<(), BoxError>>,
{
    let mut connection = pin!(connection);
    let first = activity.deadline().unwrap_or_else(Instant::now);
    let mut alarm = pin!(sleep_until(first));
    poll_fn(|context| {
        if let Poll::Ready(end) = connection.as_mut().poll(context) {
            if let Err(error) = end {
                tracing::debug!(error, "a connection broke");
            }
            return Poll::Ready(());
        }
        // What the connection just did may have moved its deadline. (The alarm of a connection at
        // work is left alone: the next look is soon enough.)
        if let Some(deadline) = activity.deadline().filter(|due| *due != alarm.deadline()) {
            alarm.as_mut().reset(deadline);
        }
        loop {
            ready!(alarm.as_mut().poll(context));
            let now = Instant::now();
            match activity.deadline() {
                Some(due) if due <= now => return Poll::Ready(()),
                // What makes a deadline earlier may happen on another task.
                Some(due) => alarm.as_mut().reset(due.min(now + LOOK_AGAIN)),
                None => alarm.as_mut().reset(now + LOOK_AGAIN),
            }
        }
    })
    .await;
}

/// The service of one connection, which tells the connection's watch of its requests.
struct Tracked<S> {
    service: S,
    activity: Arc<Activity>,
    place: Place,
    peer: Option<PeerAddress>,
}

impl<S, R> hyper::service::Service<Request<Incoming>> for Tracked<S>
where
    S: Service<Request<Incoming>, Response = Response<R>, Error = Infallible> + Clone,
    S: Send + 'static,
    S::Future: Send + 'static,
    R: Body<Data = Bytes> + Send + 'static,
{
    type Response = Response<GuardedBody<R, InRequest>>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn call(&self, mut request: Request<Incoming>) -> Self::Future {
        if let Some(peer) = self.peer {
            request.extensions_mut().insert(peer);
        }
        if self.place.is_reserved() {
            request.extensions_mut().insert(Reserved);
        }
        let mut guard = self.activity.request(request.version() == Version::HTTP_2);
        let answer = self.service.clone().oneshot(request);
        Box::pin(async move {
            let answer = answer.await?;
            guard.handed_over(0);
            Ok(answer.map(|body| GuardedBody::new(body, guard)))
        })
    }
}
