//! What one person may take of the server at once, so that nobody takes it from the others.
//!
//! Not for what all may take together; that is `admission`. A person who wants more waits for
//! their own earlier requests and holds nothing of the common places meanwhile.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use crate::body::memory;

/// The bounds for one person.
#[derive(Debug, Clone, Copy)]
pub(crate) struct QuotaLimits {
    /// Requests at once.
    pub(crate) requests: usize,
    /// Requests that wait for those.
    pub(crate) waiting: usize,
    /// How long one waits.
    pub(crate) wait: Duration,
    /// Bytes of bodies.
    pub(crate) memory: usize,
}

/// The quotas of those who have requests at this moment; of nobody else is anything kept.
#[derive(Debug)]
pub(crate) struct Quotas {
    limits: QuotaLimits,
    people: Mutex<HashMap<Arc<str>, Entry>>,
}

#[derive(Debug)]
struct Entry {
    quota: Arc<Quota>,
    /// Requests that were let in or wait.
    users: usize,
}

#[derive(Debug)]
struct Quota {
    requests: Arc<Semaphore>,
    waiting: Semaphore,
    memory: Arc<Semaphore>,
}

/// The person has too many requests at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Crowded;

/// One request of a person within their quota, until it is dropped.
#[derive(Debug)]
pub(crate) struct Turn {
    // Given back before the membership, which may forget the quota.
    _request: OwnedSemaphorePermit,
    member: Member,
}

impl Turn {
    /// The person's memory for bodies.
    pub(crate) fn memory(&self) -> &Arc<Semaphore> {
        &self.member.quota.memory
    }
}

/// Somebody with a request. The last one to go takes the quota along.
#[derive(Debug)]
struct Member {
    quotas: Arc<Quotas>,
    person: Arc<str>,
    quota: Arc<Quota>,
}

impl Drop for Member {
    fn drop(&mut self) {
        let mut people = self.quotas.lock();
        if let Some(entry) = people.get_mut(&self.person) {
            entry.users -= 1;
            if entry.users == 0 {
                people.remove(&self.person);
            }
        }
    }
}

impl Quotas {
    pub(crate) fn new(limits: QuotaLimits) -> Arc<Self> {
        Arc::new(Self {
            limits,
            people: Mutex::default(),
        })
    }

    /// Lets a request of this person in, after those that wait already.
    pub(crate) async fn turn(self: &Arc<Self>, person: &str) -> Result<Turn, Crowded> {
        let member = self.join(person);
        let requests = Arc::clone(&member.quota.requests);
        let request = match Arc::clone(&requests).try_acquire_owned() {
            Ok(request) => request,
            Err(_) => {
                let _queued = member.quota.waiting.try_acquire().map_err(|_| Crowded)?;
                match timeout(self.limits.wait, requests.acquire_owned()).await {
                    Ok(Ok(request)) => request,
                    _ => return Err(Crowded),
                }
            }
        };
        Ok(Turn {
            _request: request,
            member,
        })
    }

    fn join(self: &Arc<Self>, person: &str) -> Member {
        let mut people = self.lock();
        let known = people
            .get_key_value(person)
            .map(|(name, _)| Arc::clone(name));
        let person = known.unwrap_or_else(|| person.into());
        let entry = people.entry(Arc::clone(&person)).or_insert_with(|| Entry {
            quota: Arc::new(Quota::new(self.limits)),
            users: 0,
        });
        entry.users += 1;
        let quota = Arc::clone(&entry.quota);
        drop(people);
        Member {
            quotas: Arc::clone(self),
            person,
            quota,
        }
    }

    /// No code panics while it holds this lock, and a map of counters is one after a panic too.
    fn lock(&self) -> MutexGuard<'_, HashMap<Arc<str>, Entry>> {
        self.people.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Quota {
    fn new(limits: QuotaLimits) -> Self {
        Self {
            requests: Arc::new(Semaphore::new(limits.requests.max(1))),
            waiting: Semaphore::new(limits.waiting),
            memory: memory(limits.memory),
        }
    }
}
