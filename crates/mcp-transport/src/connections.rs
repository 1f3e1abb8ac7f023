//! The open connections: how many there may be, and which one goes when there are too many.
//!
//! Not for what is said on them. A connection that is idle costs us little and others a place, so
//! when places run short the one that has been idle longest is closed. Its client loses nothing
//! but the time to open another.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::activity::Activity;
use crate::limits::Limits;

/// When all places are taken and none of them idle, how often to look again.
const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// The last part of the places, from which on idle connections are closed: one in this many.
const NEARLY_FULL: usize = 16;

/// The connections of a server.
#[derive(Debug)]
pub(crate) struct Connections {
    places: Arc<Semaphore>,
    max: usize,
    open: Mutex<Open>,
}

#[derive(Debug, Default)]
struct Open {
    next: u64,
    activities: HashMap<u64, Arc<Activity>>,
}

/// A connection among the open ones, until it is dropped.
#[derive(Debug)]
pub(crate) struct Place {
    connections: Arc<Connections>,
    number: u64,
    /// There were `max` others when it was opened.
    beyond: bool,
    _permit: OwnedSemaphorePermit,
}

/// Marks requests on a connection that is kept for health checks.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reserved;

impl Connections {
    pub(crate) fn new(limits: &Limits) -> Arc<Self> {
        let max = limits.max_connections.max(1);
        Arc::new(Self {
            places: Arc::new(Semaphore::new(max + limits.reserved_connections)),
            max,
            open: Mutex::default(),
        })
    }

    /// Waits for a place for a connection that was accepted, closing idle ones.
    pub(crate) async fn vacancy(&self) -> Option<OwnedSemaphorePermit> {
        if let Ok(permit) = Arc::clone(&self.places).try_acquire_owned() {
            return Some(permit);
        }
        loop {
            self.close_longest_idle(&self.lock(), None);
            let permit = Arc::clone(&self.places).acquire_owned();
            if let Ok(permit) = timeout(LOOK_AGAIN, permit).await {
                return permit.ok();
            }
        }
    }

    /// Counts a connection among the open ones.
    pub(crate) fn open(
        self: &Arc<Self>,
        permit: OwnedSemaphorePermit,
        activity: &Arc<Activity>,
    ) -> Place {
        let mut open = self.lock();
        let number = open.next;
        open.next += 1;
        open.activities.insert(number, Arc::clone(activity));
        let count = open.activities.len();
        if count > self.max - self.max / NEARLY_FULL {
            self.close_longest_idle(&open, Some(number));
        }
        drop(open);
        Place {
            connections: Arc::clone(self),
            number,
            beyond: count > self.max,
            _permit: permit,
        }
    }

    fn close_longest_idle(&self, open: &Open, except: Option<u64>) {
        let idle = open.activities.iter().filter_map(|(number, activity)| {
            let since = activity.idle_since()?;
            (Some(*number) != except).then_some((since, activity))
        });
        match idle.min_by_key(|(since, _)| *since) {
            Some((_, activity)) => activity.close(),
            None => tracing::debug!(max = self.max, "no connection is idle, and no place free"),
        }
    }

    /// No code panics while it holds this lock, and a map is one after a panic too.
    fn lock(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Whether only health checks are answered here, because all other places are taken.
    pub(crate) fn is_reserved(&self) -> bool {
        self.beyond && self.connections.lock().activities.len() > self.connections.max
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.connections.lock().activities.remove(&self.number);
    }
}
