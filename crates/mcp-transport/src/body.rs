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

use crate::limits::MIN_BYTES_PER_SECOND;

/// A body that is too large is read on and thrown away up to this many times the allowed size,
/// so that the client gets to read the refusal: it cannot while it is still sending into a
/// connection that we closed.
const DISCARDED: usize = 5;

/// Memory is handed out in steps of this many bytes.
const STEP: usize = 1_024;

/// A body that announces more than this waits for all of its person's memory before it is read,
/// so that several large ones come in one after another and not each in half.
const LARGE: usize = 64 * 1_024;

/// How bodies are read: the memory that they share, and the time that one may take.
#[derive(Debug, Clone)]
pub(crate) struct BodyReader {
    memory: Arc<Semaphore>,
    pause: Duration,
    total: Duration,
}

/// A body, and its share of the memory for as long as that is kept.
#[derive(Debug)]
pub(crate) struct WholeBody {
    pub(crate) bytes: Bytes,
    pub(crate) memory: Held,
}

/// Memory that a body takes: of its person's, and of everybody's.
#[derive(Debug, Default)]
pub(crate) struct Held {
    own: Option<OwnedSemaphorePermit>,
    all: Option<OwnedSemaphorePermit>,
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
    /// The bodies of other requests take all the memory there is for them, or there is no place
    /// for one more request.
    Busy,
    /// Other bodies of the same person take all that one may have.
    Crowded,
}

/// Memory to be handed out in steps.
pub(crate) fn memory(bytes: usize) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(
        bytes.div_ceil(STEP).min(Semaphore::MAX_PERMITS),
    ))
}

impl BodyReader {
    /// A reader that gives all bodies together so much memory, and each pauses of `pause` and
    /// `total` altogether.
    pub(crate) fn new(max_bytes: usize, pause: Duration, total: Duration) -> Self {
        Self {
            memory: memory(max_bytes),
            pause,
            total,
        }
    }

    /// Reads a body of at most `max` bytes, of which `own` is its person's memory. Without one
    /// the memory is not counted, and whoever asks bounds the number of bodies.
    pub(crate) async fn read<B>(
        &self,
        body: B,
        max: usize,
        own: Option<&Arc<Semaphore>>,
    ) -> Result<WholeBody, BodyFault>
    where
        B: Body<Data = Bytes> + Send,
    {
        let mut body = Box::pin(body);
        let announced = usize::try_from(body.size_hint().lower()).unwrap_or(usize::MAX);
        if announced > max {
            self.discard(body, announced, max).await;
            return Err(BodyFault::TooLarge);
        }
        let mut collected = Collected {
            budget: own.map(|own| (own, &self.memory)),
            memory: Held::default(),
            announced,
            first: Bytes::new(),
            rest: BytesMut::new(),
        };
        if announced > LARGE {
            collected.wait_for(announced, self.pause).await?;
        }
        let mut pace = self.pace();
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
        let mut pace = self.pace();
        while announced.max(seen) <= max.saturating_mul(DISCARDED) {
            let Ok(Some(data)) = pace.next(&mut body).await else {
                return;
            };
            seen = seen.saturating_add(data.len());
        }
    }

    fn pace(&self) -> Pace {
        Pace {
            pause: self.pause,
            total: self.total,
            started: Instant::now(),
            seen: 0,
        }
    }
}

/// What has come in so far.
struct Collected<'a> {
    /// The person's memory and everybody's.
    budget: Option<(&'a Arc<Semaphore>, &'a Arc<Semaphore>)>,
    memory: Held,
    announced: usize,
    first: Bytes,
    rest: BytesMut,
}

impl Collected<'_> {
    fn len(&self) -> usize {
        self.first.len() + self.rest.len()
    }

    /// Waits in order for the person's memory.
    async fn wait_for(&mut self, bytes: usize, patience: Duration) -> Result<(), BodyFault> {
        let Some((own, _)) = self.budget else {
            return Ok(());
        };
        let steps = u32::try_from(bytes.div_ceil(STEP)).map_err(|_| BodyFault::Crowded)?;
        let granted = timeout(patience, Arc::clone(own).acquire_many_owned(steps)).await;
        let Ok(Ok(granted)) = granted else {
            return Err(BodyFault::Crowded);
        };
        self.memory.own = Some(granted);
        Ok(())
    }

    /// Most bodies come in one piece, which is kept as it is.
    fn push(&mut self, data: Bytes) -> Result<(), BodyFault> {
        let length = self.len() + data.len();
        if let Some((own, all)) = self.budget {
            reserve(own, &mut self.memory.own, length).ok_or(BodyFault::Crowded)?;
            // Memory of everybody is taken for what is there, not for what was announced.
            reserve(all, &mut self.memory.all, length).ok_or(BodyFault::Busy)?;
        }
        if self.len() == 0 {
            self.first = data;
            return Ok(());
        }
        if self.rest.is_empty() {
            // A buffer that grew would be copied again and again.
            self.rest.reserve(self.announced.max(length));
            self.rest
                .extend_from_slice(&std::mem::take(&mut self.first));
        }
        self.rest.extend_from_slice(&data);
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
            memory: self.memory,
        }
    }
}

/// Makes a permit stand for so many bytes, if there are as many.
fn reserve(
    memory: &Arc<Semaphore>,
    permit: &mut Option<OwnedSemaphorePermit>,
    bytes: usize,
) -> Option<()> {
    let held = permit.as_ref().map_or(0, OwnedSemaphorePermit::num_permits);
    let missing = u32::try_from(bytes.div_ceil(STEP).saturating_sub(held)).ok()?;
    if missing == 0 && permit.is_some() {
        return Some(());
    }
    let more = Arc::clone(memory).try_acquire_many_owned(missing).ok()?;
    match permit {
        Some(permit) => permit.merge(more),
        permit @ None => *permit = Some(more),
    }
    Some(())
}

/// Watches how fast a body comes in.
struct Pace {
    pause: Duration,
    total: Duration,
    started: Instant,
    seen: u64,
}

impl Pace {
    /// The next piece of data; `None` at the end.
    async fn next<B>(&mut self, body: &mut Pin<Box<B>>) -> Result<Option<Bytes>, BodyFault>
    where
        B: Body<Data = Bytes> + Send,
    {
        loop {
            let earned = Duration::from_secs(self.seen / MIN_BYTES_PER_SECOND);
            let allowed = (self.pause + earned).min(self.total);
            let left = allowed.saturating_sub(self.started.elapsed());
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
