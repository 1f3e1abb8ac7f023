//! What a connection is doing, and how long it may go on doing it.
//!
//! Not for the time a request takes between its headers and its answer (`body` and `run` bound
//! that).
//!
//! hyper has a time-out for reading headers, but it also runs between requests, so that one
//! value would have to serve both the slow attacker and the idle client; and none runs while
//! the protocol of a new connection is being found out. Hence this watch over the socket.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::guarded_body::Guard;
use crate::limits::MIN_BYTES_PER_SECOND;
use crate::waits::{Wait, Waits};

/// The times a connection may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patience {
    /// From a request's first byte, or a connection's opening, to the end of the headers.
    pub(crate) header: Duration,
    /// Between requests.
    pub(crate) idle: Duration,
    /// For the client to take what we send, and for an answer's first bytes.
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
    /// Numbers of requests whose answers the client has to take, and until when.
    owed: Mutex<Vec<(u64, Instant)>>,
    answers: AtomicU64,
    /// Unsent answers of all connections.
    unsent: Arc<Waits>,
    closed: CancellationToken,
}

impl Activity {
    /// The state of a connection that was just opened and ends with `closed`.
    pub(crate) fn new(
        patience: Patience,
        unsent: Arc<Waits>,
        closed: CancellationToken,
    ) -> Arc<Self> {
        Arc::new(Self {
            patience,
            opened: Instant::now(),
            requests: AtomicUsize::new(0),
            served: AtomicBool::new(false),
            http2: AtomicBool::new(false),
            idle_since: AtomicU64::new(0),
            heading_since: AtomicU64::new(0),
            stuck_since: AtomicU64::new(0),
            owed: Mutex::default(),
            answers: AtomicU64::new(0),
            unsent,
            closed,
        })
    }

    /// When the connection's time is over, as things are; `None` while it is at work.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        let stuck = self.read(&self.stuck_since);
        let stuck = stuck.map(|since| since + self.patience.write);
        let owed = self.owed().iter().map(|(_, until)| *until).min();
        let deadlines = [stuck, owed, self.end_of_rest()];
        deadlines.into_iter().flatten().min()
    }

    /// Since when the connection has been without a request.
    pub(crate) fn idle_since(&self) -> Option<Instant> {
        if self.requests.load(Ordering::Relaxed) > 0 || self.closed.is_cancelled() {
            return None;
        }
        Some(self.read(&self.idle_since).unwrap_or(self.opened))
    }

    /// Ends the connection.
    pub(crate) fn close(&self) {
        self.closed.cancel();
    }

    /// Waits until somebody ended the connection.
    pub(crate) async fn closed(&self) {
        self.closed.cancelled().await;
    }

    /// When a connection without a request has had its time.
    fn end_of_rest(&self) -> Option<Instant> {
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
        InRequest {
            activity: Arc::clone(self),
            number: self.answers.fetch_add(1, Ordering::Relaxed),
            is_http2: http2,
            sending: None,
        }
    }

    /// Sets until when the client has to take an answer.
    fn owe(&self, number: u64, until: Instant) {
        let mut owed = self.owed();
        match owed.iter_mut().find(|(answer, _)| *answer == number) {
            Some((_, known)) => *known = until,
            None => owed.push((number, until)),
        }
    }

    fn settle(&self, number: u64) {
        self.owed().retain(|(answer, _)| *answer != number);
    }

    /// No code panics while it holds this lock, and a list is one after a panic too.
    fn owed(&self) -> MutexGuard<'_, Vec<(u64, Instant)>> {
        self.owed.lock().unwrap_or_else(PoisonError::into_inner)
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

/// A request in work, or its answer on the way.
#[derive(Debug)]
pub(crate) struct InRequest {
    activity: Arc<Activity>,
    number: u64,
    is_http2: bool,
    sending: Option<Sending>,
}

/// What the client has to take.
#[derive(Debug)]
struct Sending {
    since: Instant,
    bytes: u64,
    _wait: Wait,
}

impl Guard for InRequest {
    /// Over HTTP/2 a client can leave an answer lying while the socket has room. (Over HTTP/1 an
    /// answer that is not taken fills the socket, which is watched.)
    fn handed_over(&mut self, bytes: usize) {
        if !self.is_http2 {
            return;
        }
        let activity = &self.activity;
        let sending = self.sending.get_or_insert_with(|| Sending {
            since: Instant::now(),
            bytes: 0,
            _wait: activity.unsent.add(activity.closed.clone()),
        });
        sending.bytes = sending.bytes.saturating_add(bytes as u64);
        let earned = Duration::from_secs(sending.bytes / MIN_BYTES_PER_SECOND);
        let until = sending.since + activity.patience.write + earned;
        activity.owe(self.number, until);
    }

    fn caught_up(&mut self) {
        if self.sending.take().is_some() {
            self.activity.settle(self.number);
        }
    }

    fn holds_back(&self) -> usize {
        usize::from(self.is_http2)
    }
}

impl Drop for InRequest {
    fn drop(&mut self) {
        self.caught_up();
        if self.activity.requests.fetch_sub(1, Ordering::Relaxed) == 1 {
            self.activity.mark(&self.activity.idle_since);
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
