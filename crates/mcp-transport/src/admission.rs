//! Who may come in: places for requests in work, quotas for persons, and room for strangers.
//!
//! Not for connections (`accept`) and not for who somebody is (`front`). A place is held only
//! while the server is at work: not while a body comes in, not while an answer goes out, and not
//! while a person waits for their own earlier requests. So a place can be kept by work alone.

use std::sync::Arc;

use bytes::Bytes;
use http_body::Body;
use http_body_util::BodyExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

use crate::answer::Answer;
use crate::body::{BodyFault, BodyReader, Held, WholeBody};
use crate::guarded_body::{Guard, GuardedBody};
use crate::limits::Limits;
use crate::quota::{Crowded, QuotaLimits, Quotas, Turn};
use crate::stats::{Gauge, Stats};
use crate::waits::Waits;

/// What all requests share.
#[derive(Debug)]
pub(crate) struct Admission {
    /// Of requests whose sender is known.
    places: Arc<Semaphore>,
    /// Of requests on open paths.
    open_places: Arc<Semaphore>,
    quotas: Arc<Quotas>,
    /// Bodies without a known sender that come in.
    unfinished: Arc<Waits>,
    bodies: BodyReader,
    stats: Stats,
}

/// What lets a request in.
#[derive(Debug)]
enum Entry {
    /// Its sender is known.
    Person(Turn),
    /// Its path is open to everybody.
    Open,
    /// It is a health check, which needs no place: it must be answered when there is none.
    Probe,
}

/// What a request holds, until its answer has been sent.
#[derive(Debug)]
pub(crate) struct Ticket {
    entry: Entry,
    place: Option<OwnedSemaphorePermit>,
    memory: Held,
    _counted: Gauge,
}

impl Guard for Ticket {}

/// A body that has not been read, of a request that holds no place yet.
pub(crate) struct Unread<'a, B> {
    admission: &'a Admission,
    ticket: &'a mut Ticket,
    body: B,
}

impl Admission {
    pub(crate) fn new(limits: &Limits, stats: Stats) -> Self {
        let bodies = BodyReader::new(
            limits.max_buffered_bytes,
            limits.body_read,
            limits.body_total,
        );
        let quotas = Quotas::new(QuotaLimits {
            requests: limits.max_in_flight_per_caller,
            waiting: limits.max_waiting_per_caller,
            wait: limits.caller_wait,
            memory: limits.max_buffered_bytes_per_caller,
        });
        Self {
            places: Arc::new(Semaphore::new(limits.max_in_flight.max(1))),
            open_places: Arc::new(Semaphore::new(limits.max_open_in_flight.max(1))),
            quotas,
            unfinished: Waits::new(limits.max_open_reading),
            bodies,
            stats,
        }
    }

    /// A place for a moment, in which the sender is found out.
    pub(crate) fn look_up(&self) -> Option<OwnedSemaphorePermit> {
        self.take(&self.places)
    }

    /// Lets in a request of this person, when it is its turn.
    pub(crate) async fn person(&self, person: &str) -> Result<Ticket, Crowded> {
        match self.quotas.turn(person).await {
            Ok(turn) => Ok(self.ticket(Entry::Person(turn))),
            Err(crowded) => {
                self.stats.count_shed();
                Err(crowded)
            }
        }
    }

    /// Lets in a request on an open path.
    pub(crate) fn stranger(&self) -> Ticket {
        self.ticket(Entry::Open)
    }

    /// Lets in a health check.
    pub(crate) fn probe(&self) -> Ticket {
        self.ticket(Entry::Probe)
    }

    fn ticket(&self, entry: Entry) -> Ticket {
        Ticket {
            entry,
            place: None,
            memory: Held::default(),
            _counted: self.stats.request(),
        }
    }

    fn take(&self, places: &Arc<Semaphore>) -> Option<OwnedSemaphorePermit> {
        let place = Arc::clone(places).try_acquire_owned().ok();
        if place.is_none() {
            self.stats.count_shed();
        }
        place
    }

    /// Reads a body whose sender nobody knows.
    async fn read_unknown<B>(&self, body: B, max: usize) -> Result<WholeBody, BodyFault>
    where
        B: Body<Data = Bytes> + Send,
    {
        if body.is_end_stream() {
            return self.bodies.read(body, max, None).await;
        }
        let given_up = CancellationToken::new();
        let _wait = self.unfinished.add(given_up.clone());
        tokio::select! {
            biased;
            body = self.bodies.read(body, max, None) => body,
            () = given_up.cancelled() => Err(BodyFault::TooSlow),
        }
    }
}

impl<'a, B: Body<Data = Bytes> + Send> Unread<'a, B> {
    pub(crate) fn new(admission: &'a Admission, ticket: &'a mut Ticket, body: B) -> Self {
        Self {
            admission,
            ticket,
            body,
        }
    }

    /// Reads a body of at most `max` bytes, and then takes a place for the request.
    pub(crate) async fn read(self, max: usize) -> Result<Bytes, BodyFault> {
        let Self {
            admission,
            ticket,
            body,
        } = self;
        let body = match &ticket.entry {
            Entry::Person(turn) => admission.bodies.read(body, max, Some(turn.memory())).await,
            Entry::Open | Entry::Probe => admission.read_unknown(body, max).await,
        }?;
        ticket.memory = body.memory;
        let places = match &ticket.entry {
            Entry::Person(_) => &admission.places,
            Entry::Open => &admission.open_places,
            Entry::Probe => return Ok(body.bytes),
        };
        ticket.place = Some(admission.take(places).ok_or(BodyFault::Busy)?);
        Ok(body.bytes)
    }
}

impl Ticket {
    /// Lets the answer go out. The place and the memory are free at once when it is complete; an
    /// event stream keeps them until it ends, because the work goes on meanwhile.
    pub(crate) fn leave_with(mut self, answer: Answer) -> Answer {
        if answer.body().size_hint().exact().is_some() {
            self.place = None;
            self.memory = Held::default();
        }
        answer.map(|body| GuardedBody::new(body, self).boxed())
    }
}
