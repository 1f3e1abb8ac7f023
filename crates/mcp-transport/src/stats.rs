//! What the server counts, for health pages and metrics.
//!
//! Not for logs or traces, which are written where things happen.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use crate::session::Sessions;

/// Counters of a server. Clones share them.
#[derive(Debug, Clone, Default)]
pub struct Stats(Arc<Counters>);

#[derive(Debug, Default)]
struct Counters {
    connections: AtomicUsize,
    in_flight: AtomicUsize,
    panics: AtomicU64,
    shed: AtomicU64,
    sessions: OnceLock<Sessions>,
}

impl Stats {
    /// Connections that are open.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.0.connections.load(Ordering::Relaxed)
    }

    /// Requests in work, answers that are still being sent included.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.0.in_flight.load(Ordering::Relaxed)
    }

    /// Panics that were caught since the start. Anything but 0 is a defect.
    #[must_use]
    pub fn panics(&self) -> u64 {
        self.0.panics.load(Ordering::Relaxed)
    }

    /// Requests that were turned away with 503 since the start.
    #[must_use]
    pub fn shed(&self) -> u64 {
        self.0.shed.load(Ordering::Relaxed)
    }

    /// Sessions that are open. This looks at each of them, so ask every few seconds, not on
    /// every request.
    #[must_use]
    pub fn sessions(&self) -> usize {
        self.0.sessions.get().map_or(0, Sessions::len)
    }

    pub(crate) fn count_panic(&self) {
        self.0.panics.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn count_shed(&self) {
        self.0.shed.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn connection(&self) -> Gauge {
        Gauge::raise(self, |counters| &counters.connections)
    }

    pub(crate) fn request(&self) -> Gauge {
        Gauge::raise(self, |counters| &counters.in_flight)
    }

    pub(crate) fn attach(&self, sessions: &Sessions) {
        // A second server over the same counters keeps the first one's sessions.
        let _ = self.0.sessions.set(sessions.clone());
    }
}

/// Counts one more until it is dropped.
#[derive(Debug)]
pub(crate) struct Gauge {
    stats: Stats,
    counter: fn(&Counters) -> &AtomicUsize,
}

impl Gauge {
    fn raise(stats: &Stats, counter: fn(&Counters) -> &AtomicUsize) -> Self {
        counter(&stats.0).fetch_add(1, Ordering::Relaxed);
        Self {
            stats: stats.clone(),
            counter,
        }
    }
}

impl Drop for Gauge {
    fn drop(&mut self) {
        (self.counter)(&self.stats.0).fetch_sub(1, Ordering::Relaxed);
    }
}
