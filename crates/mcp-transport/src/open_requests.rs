//! The requests of sessions that are being answered, so that a client can cancel one.
//!
//! Not for what a cancelled request turns into (`endpoint`), and not for clients that go away:
//! those take the connection with them, and the answer's future is dropped.

use std::collections::HashMap;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame};
use http_body_util::BodyExt as _;
use http_body_util::combinators::BoxBody;
use tokio::sync::Notify;
use tokio::sync::futures::OwnedNotified;

use crate::answer::Answer;
use crate::id::Id;
use crate::session_id::Nonce;

/// A session is found by its owner only, so its nonce names both; requests of two sessions may
/// have the same id.
type Key = (Nonce, Id);

/// Open requests. Clones share them. There are as many as the server has in work at most.
#[derive(Debug, Clone, Default)]
pub(crate) struct OpenRequests(Arc<Mutex<HashMap<Key, Arc<Notify>>>>);

/// A request that can be cancelled for as long as this is kept.
#[derive(Debug)]
pub(crate) struct OpenRequest {
    requests: OpenRequests,
    key: Key,
    cancelled: Arc<Notify>,
}

impl OpenRequests {
    /// Enters a request. Of two with the same id, which no client may send, the later is found.
    pub(crate) fn enter(&self, session: Nonce, id: Id) -> OpenRequest {
        let (key, cancelled) = ((session, id), Arc::new(Notify::new()));
        self.lock().insert(key.clone(), Arc::clone(&cancelled));
        OpenRequest {
            requests: self.clone(),
            key,
            cancelled,
        }
    }

    /// Cancels a request; one that is unknown or answered already is none (MCP utilities chapter,
    /// Cancellation: such notifications are ignored).
    pub(crate) fn cancel(&self, session: Nonce, id: Id) {
        if let Some(cancelled) = self.lock().get(&(session, id)) {
            cancelled.notify_one();
        }
    }

    /// No code panics while it holds this lock.
    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Arc<Notify>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl OpenRequest {
    /// Ends when the client cancels the request.
    pub(crate) async fn cancelled(&self) {
        self.cancelled.notified().await;
    }

    /// The answer of a stream, which ends early when the client cancels the request.
    pub(crate) fn until_cancelled(self, answer: Answer) -> Answer {
        let cancelled = Box::pin(Arc::clone(&self.cancelled).notified_owned());
        answer.map(|body| {
            let stream = CancellableStream {
                body: Some(body),
                cancelled,
                _open: self,
            };
            stream.boxed()
        })
    }
}

/// A body that has begun before its request was answered.
struct CancellableStream {
    /// Dropped when the request is cancelled, and what works for it with it.
    body: Option<BoxBody<Bytes, Infallible>>,
    cancelled: Pin<Box<OwnedNotified>>,
    _open: OpenRequest,
}

impl Body for CancellableStream {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let this = self.get_mut();
        if this.body.is_some() && this.cancelled.as_mut().poll(context).is_ready() {
            this.body = None;
        }
        match &mut this.body {
            Some(body) => Pin::new(body).poll_frame(context),
            None => Poll::Ready(None),
        }
    }
}

impl Drop for OpenRequest {
    fn drop(&mut self) {
        let mut requests = self.requests.lock();
        let is_this = |known: &Arc<Notify>| Arc::ptr_eq(known, &self.cancelled);
        if requests.get(&self.key).is_some_and(is_this) {
            requests.remove(&self.key);
        }
    }
}
