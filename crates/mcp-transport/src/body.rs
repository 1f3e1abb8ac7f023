//! Reading a request's body within bounds of size, time and memory.
//!
//! Not for what is in it.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body::Body;
use http_body_util::BodyExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

/// After the first pause is used up, a body must come in at this many bytes a second.
const MIN_BYTES_PER_SECOND: u64 = 16 * 1024;

/// A body that is too large is read on and thrown away up to this many times the allowed size,
/// so that the client gets to read the refusal: it cannot while it is still sending into a
/// connection that we closed.
const DISCARDED: usize = 5;

/// Memory is handed out in steps of this many bytes.
const STEP: usize = 1_024;

/// The memory that bodies share, and the time that one may take.
#[derive(Debug, Clone)]
pub(crate) struct BodyReader {
    memory: Arc<Semaphore>,
    pause: Duration,
}

/// A body, and its share of the memory for as long as it is kept.
#[derive(Debug)]
pub(crate) struct WholeBody {
    pub(crate) bytes: Bytes,
    _memory: Option<OwnedSemaphorePermit>,
}

/// Why a body was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BodyFault {
    /// It is larger than allowed.
    TooLarge,
    /// It comes in too slowly.
    TooSlow,
    /// The connection broke.
    Broken,
    /// The bodies of other requests take all the memory there is for them.
    NoMemory,
}

impl BodyReader {
    /// A reader that gives all bodies together `memory` bytes, and each pauses of `pause`.
    pub(crate) fn new(memory: usize, pause: Duration) -> Self {
        let steps = memory.div_ceil(STEP).min(Semaphore::MAX_PERMITS);
        Self {
            memory: Arc::new(Semaphore::new(steps)),
            pause,
        }
    }

    /// Reads a body of at most `max` bytes.
    pub(crate) async fn read<B>(&self, body: B, max: usize) -> Result<WholeBody, BodyFault>
    where
        B: Body<Data = Bytes> + Send,
    {
        let mut body = Box::pin(body);
        let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
        if announced > max {
            self.discard(body, announced, max).await;
            return Err(BodyFault::TooLarge);
        }
        let mut collected = Collected::new(&self.memory);
        let mut pace = Pace::new(self.pause);
        while let Some(data) = pace.next(&mut body).await? {
            if data.len() > max - collected.len() {
                drop(collected);
                self.discard(body, 0, max).await;
                return Err(BodyFault::TooLarge);
            }
            collected.push(data)?;
        }
        Ok(collected.finish())
    }

    async fn discard<B>(&self, mut body: Pin<Box<B>>, announced: usize, max: usize)
    where
        B: Body<Data = Bytes> + Send,
    {
        let mut seen = 0_usize;
        let mut pace = Pace::new(self.pause);
        while announced.max(seen) <= max.saturating_mul(DISCARDED) {
            let Ok(Some(data)) = pace.next(&mut body).await else {
                return;
            };
            seen = seen.saturating_add(data.len());
        }
    }
}

/// What has come in so far.
struct Collected<'a> {
    memory: &'a Arc<Semaphore>,
    permit: Option<OwnedSemaphorePermit>,
    first: Bytes,
    rest: BytesMut,
}

impl<'a> Collected<'a> {
    fn new(memory: &'a Arc<Semaphore>) -> Self {
        Self {
            memory,
            permit: None,
            first: Bytes::new(),
            rest: BytesMut::new(),
        }
    }

    fn len(&self) -> usize {
        self.first.len() + self.rest.len()
    }

    /// Most bodies come in one piece, which is kept as it is.
    fn push(&mut self, data: Bytes) -> Result<(), BodyFault> {
        self.reserve(self.len() + data.len())?;
        if self.len() == 0 {
            self.first = data;
            return Ok(());
        }
        if self.rest.is_empty() {
            self.rest
                .extend_from_slice(&std::mem::take(&mut self.first));
        }
        self.rest.extend_from_slice(&data);
        Ok(())
    }

    fn reserve(&mut self, bytes: usize) -> Result<(), BodyFault> {
        let held = self
            .permit
            .as_ref()
            .map_or(0, OwnedSemaphorePermit::num_permits);
        let missing = bytes.div_ceil(STEP).saturating_sub(held);
        let missing = u32::try_from(missing).map_err(|_| BodyFault::NoMemory)?;
        let more = Arc::clone(self.memory)
            .try_acquire_many_owned(missing)
            .map_err(|_| BodyFault::NoMemory)?;
        match &mut self.permit {
            Some(permit) => permit.merge(more),
            permit @ None => *permit = Some(more),
        }
        Ok(())
    }

    fn finish(self) -> WholeBody {
        let bytes = if self.rest.is_empty() {
            self.first
        } else {
            self.rest.freeze()
        };
        WholeBody {
            bytes,
            _memory: self.permit,
        }
    }
}

/// Watches how fast a body comes in.
struct Pace {
    pause: Duration,
    started: Instant,
    seen: u64,
}

impl Pace {
    fn new(pause: Duration) -> Self {
        Self {
            pause,
            started: Instant::now(),
            seen: 0,
        }
    }

    /// The next piece of data; `None` at the end.
    async fn next<B>(&mut self, body: &mut Pin<Box<B>>) -> Result<Option<Bytes>, BodyFault>
    where
        B: Body<Data = Bytes> + Send,
    {
        loop {
            let earned = Duration::from_secs(self.seen / MIN_BYTES_PER_SECOND);
            let left = (self.pause + earned).saturating_sub(self.started.elapsed());
            let frame = timeout(left.min(self.pause), body.frame());
            let Some(frame) = frame.await.map_err(|_| BodyFault::TooSlow)? else {
                return Ok(None);
            };
            // Trailers mean nothing here.
            if let Ok(data) = frame.map_err(|_| BodyFault::Broken)?.into_data() {
                self.seen = self.seen.saturating_add(data.len() as u64);
                return Ok(Some(data));
            }
        }
    }
}
