//! What a connection is doing, and how long it may go on doing it.
//!
//! Not for the time a request takes once its headers are there (`body` and `run` bound that).
//!
//! hyper has a time-out for reading headers, but it also runs between requests, so that one
//! value would have to serve both the slow attacker and the idle client; and none runs while
//! the protocol of a new connection is being found out. Hence this watch over the socket.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

/// The times a connection may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    /// From a request's first byte, or a connection's opening, to the end of the headers.
    pub(crate) header: Duration,
    /// Between requests.
    pub(crate) idle: Duration,
    /// For the client to take what we send.
    pub(crate) write: Duration,
}

/// The state of one connection, shared by its socket, its requests and its watch.
#[derive(Debug)]
pub(crate) struct Activity {
    patience: Patience,
    opened: Instant,
    requests: AtomicUsize,
    served: AtomicBool,
    http2: AtomicBool,
    /// Milliseconds since `opened`, plus one; 0 stands for "not so".
    idle_since: AtomicU64,
    heading_since: AtomicU64,
    stuck_since: AtomicU64,
}

impl Activity {
    pub(crate) fn new(patience: Patience) -> Arc<Self> {
        Arc::new(Self {
            patience,
            opened: Instant::now(),
            requests: AtomicUsize::new(0),
            served: AtomicBool::new(false),
            http2: AtomicBool::new(false),
            idle_since: AtomicU64::new(0),
            heading_since: AtomicU64::new(0),
            stuck_since: AtomicU64::new(0),
        })
    }

    /// When the connection's time is over, as things are; `None` while it is at work.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        if let Some(stuck) = self.read(&self.stuck_since) {
            return Some(stuck + self.patience.write);
        }
        if self.requests.load(Ordering::Relaxed) > 0 {
            return None;
        }
        let idle = self.read(&self.idle_since).unwrap_or(self.opened);
        let served = self.served.load(Ordering::Relaxed);
        // HTTP/2 sends bytes without a request (pings), so only its idle time counts.
        if served && self.http2.load(Ordering::Relaxed) {
            return Some(idle + self.patience.idle);
        }
        match self.read(&self.heading_since) {
            Some(first_byte) => Some(first_byte + self.patience.header),
            None if served => Some(idle + self.patience.idle),
            None => Some(self.opened + self.patience.header),
        }
    }

    /// A request has begun; it lasts until the guard is dropped.
    pub(crate) fn request(self: &Arc<Self>, http2: bool) -> InRequest {
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.served.store(true, Ordering::Relaxed);
        self.http2.store(http2, Ordering::Relaxed);
        self.heading_since.store(0, Ordering::Relaxed);
        InRequest(Arc::clone(self))
    }

    fn heard(&self) {
        let between = self.requests.load(Ordering::Relaxed) == 0;
        if between && self.heading_since.load(Ordering::Relaxed) == 0 {
            self.mark(&self.heading_since);
        }
    }

    fn wrote<V>(&self, poll: Poll<V>) -> Poll<V> {
        if poll.is_ready() {
            self.stuck_since.store(0, Ordering::Relaxed);
        } else if self.stuck_since.load(Ordering::Relaxed) == 0 {
            self.mark(&self.stuck_since);
        }
        poll
    }

    fn mark(&self, moment: &AtomicU64) {
        let millis = u64::try_from(self.opened.elapsed().as_millis()).unwrap_or(u64::MAX - 1);
        moment.store(millis + 1, Ordering::Relaxed);
    }

    fn read(&self, moment: &AtomicU64) -> Option<Instant> {
        let millis = moment.load(Ordering::Relaxed).checked_sub(1)?;
        Some(self.opened + Duration::from_millis(millis))
    }
}

/// A request in work.
#[derive(Debug)]
pub(crate) struct InRequest(Arc<Activity>);

impl Drop for InRequest {
    fn drop(&mut self) {
        if self.0.requests.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.0.mark(&self.0.idle_since);
        }
    }
}

/// A socket that reports what comes in and whether anything goes out.
pub(crate) struct Watched<S> {
    socket: S,
    activity: Arc<Activity>,
}

impl<S> Watched<S> {
    pub(crate) fn new(socket: S, activity: Arc<Activity>) -> Self {
        Self { socket, activity }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buffer.filled().len();
        ready!(Pin::new(&mut this.socket).poll_read(context, buffer))?;
        if buffer.filled().len() > before {
            this.activity.heard();
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let poll = Pin::new(&mut this.socket).poll_write(context, bytes);
        this.activity.wrote(poll)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let poll = Pin::new(&mut this.socket).poll_write_vectored(context, slices);
        this.activity.wrote(poll)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().socket).poll_flush(context)
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().socket).poll_shutdown(context)
    }
}
