//! An answer's body with something that lasts until it has been sent.
//!
//! Not for changing what is sent.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

/// What lasts as long as an answer is being sent, and may watch how that goes.
pub(crate) trait Guard {
    /// This many bytes are handed over, and the client has to take them.
    fn handed_over(&mut self, _bytes: usize) {}

    /// The client has taken everything there was, and waits for us.
    fn caught_up(&mut self) {}

    /// How many bytes of each piece are handed over apart.
    ///
    /// HTTP/2 takes a whole piece once a single byte of it may be sent, and asks for the next
    /// when the client has taken it. Only by holding a byte back can be seen that it has.
    fn holds_back(&self) -> usize {
        0
    }
}

/// A body, and a guard that is dropped with it: at its end, or when the client went away.
pub(crate) struct GuardedBody<B, G> {
    body: Pin<Box<B>>,
    held_back: Option<Bytes>,
    guard: G,
}

impl<B, G> GuardedBody<B, G> {
    pub(crate) fn new(body: B, guard: G) -> Self {
        Self {
            body: Box::pin(body),
            held_back: None,
            guard,
        }
    }
}

impl<B, G> Body for GuardedBody<B, G>
where
    B: Body<Data = Bytes>,
    G: Guard + Unpin,
{
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let this = self.get_mut();
        if let Some(rest) = this.held_back.take() {
            this.guard.handed_over(rest.len());
            return Poll::Ready(Some(Ok(Frame::data(rest))));
        }
        let next = this.body.as_mut().poll_frame(context);
        if next.is_pending() {
            this.guard.caught_up();
        }
        let Some(frame) = ready!(next).transpose()? else {
            return Poll::Ready(None);
        };
        Poll::Ready(Some(Ok(match frame.into_data() {
            Ok(mut data) => {
                let apart = this.guard.holds_back();
                if apart > 0 && data.len() > apart {
                    this.held_back = Some(data.split_off(data.len() - apart));
                }
                this.guard.handed_over(data.len());
                Frame::data(data)
            }
            Err(trailers) => trailers,
        })))
    }

    fn is_end_stream(&self) -> bool {
        self.held_back.is_none() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
