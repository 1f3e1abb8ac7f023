//! What all clients of one Odoo share: the HTTP service, the limits and the budget for retries.

use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response};
use tower::{BoxError, ServiceExt, util::BoxCloneSyncService};

use crate::{
    Error, TransportError,
    queue::{Flow, NoPlace, Place, Queue},
    wire::Intent,
};

/// The service below the client, whatever it is made of.
pub(crate) type HttpService = BoxCloneSyncService<Request<Bytes>, Response<Bytes>, BoxError>;

/// How long and how much a client waits for. The defaults fit an Odoo behind a proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Until the TCP and TLS connection stands. Two seconds.
    pub connect: Duration,
    /// For a call that only reads, from sending to the last byte of the answer. 25 seconds.
    pub read: Duration,
    /// For a call that may write. Odoo repeats conflicting transactions up to five times, so this
    /// is longer: 55 seconds.
    pub write: Duration,
    /// For a free place among the calls in flight. Two seconds.
    pub queue: Duration,
    /// Before a read that failed in passing is sent once more. A tenth of a second.
    pub retry_pause: Duration,
    /// The largest answer accepted, in bytes after decompression. 16 MiB.
    pub max_response_bytes: usize,
    /// Calls in flight at once over all clients that share the pool. 32; Odoo's workers are few.
    pub max_in_flight: usize,
    /// Of these, calls of one flow ([`Odoo::with_flow`](crate::Odoo::with_flow)); further ones wait
    /// in order, and the flows that wait take turns. 32, which is no further bound: a program that
    /// serves several people sets a small part of `max_in_flight`.
    pub max_in_flight_per_flow: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(2),
            read: Duration::from_secs(25),
            write: Duration::from_secs(55),
            queue: Duration::from_secs(2),
            retry_pause: Duration::from_millis(100),
            max_response_bytes: 16 * 1024 * 1024,
            max_in_flight: 32,
            max_in_flight_per_flow: 32,
        }
    }
}

pub(crate) struct Pool {
    service: HttpService,
    limits: Limits,
    queue: Queue,
    budget: RetryBudget,
}

impl Pool {
    pub(crate) fn new(service: HttpService, limits: Limits) -> Self {
        let queue = Queue::new(limits.max_in_flight, limits.max_in_flight_per_flow);
        Self {
            service,
            limits,
            queue,
            budget: RetryBudget::new(),
        }
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    pub(crate) fn budget(&self) -> &RetryBudget {
        &self.budget
    }

    /// Sends one request once, when its flow's turn has come.
    pub(crate) async fn exchange(
        &self,
        flow: &Flow,
        request: Request<Bytes>,
        intent: Intent,
    ) -> Result<Response<Bytes>, Error> {
        let _place = self.place(flow).await?;
        let limit = match intent {
            Intent::Read => self.limits.read,
            Intent::Write => self.limits.write,
        };
        let answer = self.service.clone().oneshot(request);
        match tokio::time::timeout(limit, answer).await {
            Ok(Ok(response)) => Ok(response),
            Ok(Err(error)) => Err(failed(&error, intent)),
            Err(_) => Err(Error::Timeout {
                write_may_have_happened: intent == Intent::Write,
            }),
        }
    }

    async fn place(&self, flow: &Flow) -> Result<Place, Error> {
        let place = self.queue.place(flow, self.limits.queue).await;
        place.map_err(|reason| match reason {
            NoPlace::OwnCalls => Error::TooManyAtOnce {
                limit: self.queue.max_of(flow),
            },
            NoPlace::AllCalls => Error::Busy {
                message: format!("{} calls are already in flight", self.limits.max_in_flight),
            },
        })
    }
}

fn failed(error: &BoxError, intent: Intent) -> Error {
    let write = intent == Intent::Write;
    match error.downcast_ref::<TransportError>() {
        Some(TransportError::Connect(message)) => Error::Unavailable {
            message: message.clone(),
            write_may_have_happened: false,
        },
        Some(TransportError::TooLarge { limit }) => Error::TooLarge { limit: *limit },
        Some(TransportError::Timeout) => Error::Timeout {
            write_may_have_happened: write,
        },
        Some(TransportError::Interrupted(message)) => Error::Unavailable {
            message: message.clone(),
            write_may_have_happened: write,
        },
        None => Error::Unavailable {
            message: error.to_string(),
            write_may_have_happened: write,
        },
    }
}

/// Lets through at most one retry for every five calls, and a few at the start, so that an Odoo in
/// trouble does not get more load from its clients. Counted in fifths of a retry; needs no clock.
pub(crate) struct RetryBudget {
    balance: AtomicI64,
}

impl RetryBudget {
    const PER_CALL: i64 = 1;
    const PER_RETRY: i64 = 5;
    const AT_START: i64 = 3 * Self::PER_RETRY;
    const AT_MOST: i64 = 10 * Self::PER_RETRY;

    fn new() -> Self {
        Self {
            balance: AtomicI64::new(Self::AT_START),
        }
    }

    /// Notes a call.
    pub(crate) fn deposit(&self) {
        let add = |balance: i64| Some((balance + Self::PER_CALL).min(Self::AT_MOST));
        let _ = self
            .balance
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
    }

    /// Asks for a retry.
    pub(crate) fn withdraw(&self) -> bool {
        let take = |balance: i64| (balance >= Self::PER_RETRY).then(|| balance - Self::PER_RETRY);
        self.balance
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, take)
            .is_ok()
    }
}
