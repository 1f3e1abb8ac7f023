//! Answers that take longer than a moment: begun as event streams before there is anything to say.
//!
//! Not for what is said; rmcp writes that, as JSON or, with progress, as a stream of its own.
//!
//! Clients hold locks until the headers of an answer are there (the Python client does so while it
//! has signed in, and makes parallel calls one after the other), and proxies give up on those that
//! keep silent. Both are cured by headers that come early. A quick answer stays plain JSON.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{BufMut as _, Bytes, BytesMut};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderName, HeaderValue, Response};
use http_body::{Body, Frame};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Empty};
use tokio::time::{Instant, Sleep, sleep, timeout};

use crate::answer::{Answer, is_json};

/// How long an answer may take before its headers go out. Below what a person notices, and above
/// what most calls take: those get the cheaper form, and a refusal gets its HTTP status.
const MOMENT: Duration = Duration::from_millis(200);

/// How often a stream without news shows that it lives. Proxies close connections that are silent
/// for a minute.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// A comment, which clients skip (HTML, Server-sent events, section 9.2.6).
const COMMENT: &[u8] = b":\n\n";

type Work = Pin<Box<dyn Future<Output = Answer> + Send>>;

/// The answer, or after a moment the beginning of one.
pub(crate) async fn timely(work: impl Future<Output = Answer> + Send + 'static) -> Answer {
    let mut work: Work = Box::pin(work);
    match timeout(MOMENT, &mut work).await {
        Ok(answer) => answer,
        Err(_) => event_stream(LateAnswer::new(work).boxed()),
    }
}

/// An event stream that ends without an event.
pub(crate) fn silence() -> Answer {
    event_stream(Empty::new().boxed())
}

fn event_stream(body: BoxBody<Bytes, Infallible>) -> Answer {
    let mut answer = Response::new(body);
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // nginx would keep the stream back until it is complete.
    let buffering = HeaderName::from_static("x-accel-buffering");
    headers.insert(buffering, HeaderValue::from_static("no"));
    answer
}

/// The rest of an answer that has begun. When it is dropped, so is the work.
struct LateAnswer {
    /// Never locked: bodies have to be `Sync`, which nothing but the mutex is.
    work: Mutex<Option<Work>>,
    body: Option<BoxBody<Bytes, Infallible>>,
    is_event: bool,
    begun: Instant,
    silence: Pin<Box<Sleep>>,
}

impl LateAnswer {
    fn new(work: Work) -> Self {
        Self {
            work: Mutex::new(Some(work)),
            body: None,
            is_event: false,
            begun: Instant::now(),
            // The first comment goes out at once, since some proxies wait for a first byte.
            silence: Box::pin(sleep(Duration::ZERO)),
        }
    }

    /// The answer's own body, once there is one; a comment while there is none.
    fn poll_work(&mut self, context: &mut Context<'_>) -> Poll<Option<Bytes>> {
        let work = self.work.get_mut().unwrap_or_else(PoisonError::into_inner);
        let Some(running) = work else {
            return Poll::Ready(None);
        };
        if let Poll::Ready(answer) = running.as_mut().poll(context) {
            *work = None;
            let milliseconds = u64::try_from(self.begun.elapsed().as_millis());
            let milliseconds = milliseconds.unwrap_or(u64::MAX);
            tracing::info!(milliseconds, "an answer that began as a stream is there");
            self.is_event = is_json(&answer);
            self.body = Some(answer.into_body());
            return Poll::Ready(None);
        }
        ready!(self.silence.as_mut().poll(context));
        self.silence.as_mut().reset(Instant::now() + KEEP_ALIVE);
        Poll::Ready(Some(Bytes::from_static(COMMENT)))
    }
}

impl Body for LateAnswer {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let this = self.get_mut();
        if this.body.is_none()
            && let Some(comment) = ready!(this.poll_work(context))
        {
            return Poll::Ready(Some(Ok(Frame::data(comment))));
        }
        let Some(body) = &mut this.body else {
            return Poll::Ready(None);
        };
        let frame = ready!(Pin::new(body).poll_frame(context));
        let is_event = this.is_event;
        Poll::Ready(frame.map(|Ok(frame)| Ok(frame.map_data(|data| event(data, is_event)))))
    }
}

/// A JSON message, which comes in one frame and has no line breaks, as an event.
fn event(data: Bytes, is_message: bool) -> Bytes {
    if !is_message {
        return data;
    }
    let mut event = BytesMut::with_capacity(data.len() + 8);
    event.put_slice(b"data: ");
    event.put(data);
    event.put_slice(b"\n\n");
    event.freeze()
}
