//! Which writes are remembered, for whom, how long and how many.
//!
//! A promise that was given to one person is not broken for the sake of another: what is remembered
//! stays for its time, and where there is no room for more, further writes are refused. Each person
//! has a share of the room, over all connections together, since nobody can be kept from opening
//! more of them; so no person fills it for the others. How a write is worked out is not known here.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::{Work, WriteKey};

/// Bytes of remembered outcomes that one person may have: two writes each second for ten minutes,
/// at the size that most outcomes have (below 1.5 kB).
const MAX_OF_PERSON: usize = 2 * 1024 * 1024;

/// Bytes of all remembered outcomes: 32 people at their bound.
const MAX_IN_ALL: usize = 64 * 1024 * 1024;

/// What a write takes beside the JSON of its outcome: the key, the places in two maps.
const OVERHEAD: usize = 512;

/// What is set aside for a write that is being done, whose outcome nobody knows yet.
const SET_ASIDE: usize = 4 * 1024;

/// How often what is over is looked for among everybody's writes, to give its room back.
const SWEEP: SignedDuration = SignedDuration::from_secs(30);

/// How many bytes may be remembered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    /// Of one person.
    pub(crate) of_person: usize,
    /// Of all people together.
    pub(crate) in_all: usize,
}

/// Whose room is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Full {
    Person,
    Everybody,
}

/// The writes of everybody.
#[derive(Debug)]
pub(super) struct Ledger {
    bounds: Bounds,
    people: HashMap<Box<str>, Account>,
    bytes: usize,
    swept: Timestamp,
}

/// The writes of one person.
#[derive(Debug, Default)]
struct Account {
    entries: HashMap<WriteKey, Entry>,
    bytes: usize,
}

/// A write that is being done, or was.
#[derive(Debug)]
struct Entry {
    work: Arc<Work>,
    bytes: usize,
    /// Until when a finished one is remembered.
    until: Option<Timestamp>,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            of_person: MAX_OF_PERSON,
            in_all: MAX_IN_ALL,
        }
    }
}

impl Ledger {
    pub(super) fn new(bounds: Bounds) -> Self {
        Self {
            bounds,
            people: HashMap::new(),
            bytes: 0,
            swept: Timestamp::MIN,
        }
    }

    /// The work on this write: that of an earlier call, or one that nobody has begun.
    pub(super) fn begin(&mut self, key: &WriteKey, now: Timestamp) -> Result<Arc<Work>, Full> {
        self.sweep(&key.person, now);
        let account = self.people.get(&key.person);
        if let Some(known) = account.and_then(|account| account.entries.get(key)) {
            return Ok(Arc::clone(&known.work));
        }
        if account.map_or(0, |account| account.bytes) + SET_ASIDE > self.bounds.of_person {
            return Err(Full::Person);
        }
        if self.bytes + SET_ASIDE > self.bounds.in_all {
            return Err(Full::Everybody);
        }
        let work = Arc::new(Work::new());
        let entry = Entry {
            work: Arc::clone(&work),
            bytes: SET_ASIDE,
            until: None,
        };
        let account = self.people.entry(key.person.clone()).or_default();
        account.entries.insert(key.clone(), entry);
        account.bytes += SET_ASIDE;
        self.bytes += SET_ASIDE;
        Ok(work)
    }

    /// The write is done, with an outcome of so many bytes. It is kept even beyond the bound: how
    /// long an outcome gets is known only now, and what was done was done.
    pub(super) fn keep(&mut self, key: &WriteKey, bytes: usize, until: Timestamp) {
        let Some(account) = self.people.get_mut(&key.person) else {
            return;
        };
        if let Some(entry) = account.entries.get_mut(key) {
            let bytes = OVERHEAD + bytes;
            account.bytes = account.bytes - entry.bytes + bytes;
            self.bytes = self.bytes - entry.bytes + bytes;
            entry.bytes = bytes;
            entry.until = Some(until);
        }
    }

    /// Nothing was done, and the next call may try.
    pub(super) fn forget(&mut self, key: &WriteKey) {
        let Some(account) = self.people.get_mut(&key.person) else {
            return;
        };
        if let Some(entry) = account.entries.remove(key) {
            account.bytes -= entry.bytes;
            self.bytes -= entry.bytes;
        }
    }

    /// Gives back the room of what is over: of this person now, of all others from time to time.
    fn sweep(&mut self, person: &str, now: Timestamp) {
        if now.duration_since(self.swept).abs() >= SWEEP {
            self.swept = now;
            let freed: usize = self.people.values_mut().map(|one| one.sweep(now)).sum();
            self.bytes -= freed;
            self.people.retain(|_, account| !account.entries.is_empty());
        } else if let Some(account) = self.people.get_mut(person) {
            self.bytes -= account.sweep(now);
        }
    }
}

impl Account {
    /// Drops what is over, and tells how many bytes that were.
    fn sweep(&mut self, now: Timestamp) -> usize {
        let before = self.bytes;
        let bytes = &mut self.bytes;
        self.entries.retain(|_, entry| {
            let stays = entry.stays(now);
            if !stays {
                *bytes -= entry.bytes;
            }
            stays
        });
        before - self.bytes
    }
}

impl Entry {
    /// Whether its time is not over; of an unfinished one, whether somebody is still at it.
    fn stays(&self, now: Timestamp) -> bool {
        match self.until {
            Some(until) => now < until,
            None => Arc::strong_count(&self.work) > 1,
        }
    }
}
