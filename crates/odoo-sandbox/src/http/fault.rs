//! What can go wrong between a client and Odoo, on request.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http_body::{Body, Frame};

/// A way for a request to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The connection is reset before anything is answered.
    Down,
    /// The answer comes, but only after this time.
    Slow(Duration),
    /// Status 200 with an HTML page, as from a proxy's sign-in page.
    Html,
    /// This status with an HTML page, as from a proxy.
    Status(u16),
    /// Status 404 with Odoo's page for a database that is not there.
    WrongDatabase,
    /// A JSON text that never ends.
    TooLarge,
    /// The connection is reset in the middle of the answer.
    ResetMidBody,
    /// JSON with bytes that are no UTF-8.
    InvalidUtf8,
}

/// A body that breaks off after its first part, or goes on for ever.
pub(super) struct Broken {
    first: Option<Bytes>,
    endless: bool,
}

impl Broken {
    /// Sends `first`, then breaks the connection.
    pub(super) fn after(first: Bytes) -> Self {
        Self {
            first: Some(first),
            endless: false,
        }
    }

    /// Sends a JSON text without end.
    pub(super) fn endless() -> Self {
        Self {
            first: Some(Bytes::from_static(b"[\"")),
            endless: true,
        }
    }
}

impl Body for Broken {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        static FILLING: [u8; 65_536] = [b'x'; 65_536];
        Poll::Ready(Some(match self.first.take() {
            Some(first) => Ok(Frame::data(first)),
            None if self.endless => Ok(Frame::data(Bytes::from_static(&FILLING))),
            None => Err(io::ErrorKind::ConnectionReset.into()),
        }))
    }
}
