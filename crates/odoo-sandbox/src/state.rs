//! What a running sandbox holds: the database, the sessions, the clock, the record of calls and the faults to come.
//!
//! Not for HTTP; see `http`.

use std::{
    collections::{HashMap, VecDeque},
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, atomic::AtomicUsize},
};

use jiff::Timestamp;

use crate::{
    engine::{
        env::{Env, SUPERUSER},
        error::Result,
        registry::Registry,
        store::Database,
    },
    http::{fault::Fault, session::Sessions},
};

/// How many calls are remembered at most; older ones are forgotten.
const MOST_CALLS: usize = 100_000;
/// How many failed sign-ins put an address on cooldown, and for how many seconds.
const COOLDOWN_AFTER: u32 = 5;
const COOLDOWN_SECONDS: i64 = 60;

/// Tells the time.
pub(crate) type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// A request that reached the sandbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordedCall {
    /// The user whose key or session it carried, if it was valid.
    pub uid: Option<i64>,
    /// The path, `/json/2/res.partner/search_read`.
    pub path: String,
    /// Bytes of the answer's body; 0 for anything but a JSON-2 call with a valid key.
    pub bytes: usize,
}

/// How a sandbox behaves.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manners {
    /// Whether failed sign-ins put an address on cooldown.
    pub(crate) cooldown: bool,
    /// Whether there seem to be several databases, so that `X-Odoo-Database` is needed.
    pub(crate) several_databases: bool,
}

/// Everything that calls share.
pub(crate) struct State {
    registry: Arc<Registry>,
    database: RwLock<Database>,
    /// Held while a call that may write runs, so that there is one at a time.
    writer: Mutex<()>,
    clock: Clock,
    pub(crate) manners: Manners,
    pub(crate) sessions: Mutex<Sessions>,
    calls: Mutex<VecDeque<RecordedCall>>,
    faults: Mutex<VecDeque<Fault>>,
    /// Requests whose caller went away while they were slow.
    pub(crate) abandoned: AtomicUsize,
    failures: Mutex<HashMap<IpAddr, (u32, Timestamp)>>,
}

impl State {
    /// A sandbox over that database.
    pub(crate) fn new(
        registry: Arc<Registry>,
        database: Database,
        clock: Clock,
        manners: Manners,
    ) -> Self {
        Self {
            registry,
            database: RwLock::new(database),
            writer: Mutex::default(),
            clock,
            manners,
            sessions: Mutex::default(),
            calls: Mutex::default(),
            faults: Mutex::default(),
            abandoned: AtomicUsize::new(0),
            failures: Mutex::default(),
        }
    }

    /// The moment.
    pub(crate) fn now(&self) -> Timestamp {
        (self.clock)()
    }

    /// Everything that is declared.
    pub(crate) fn registry(&self) -> &Registry {
        &self.registry
    }

    /// Runs something that only reads, on the database as it is now; what it changes is dropped.
    pub(crate) fn read<T>(&self, uid: i64, work: impl FnOnce(&Env) -> T) -> T {
        let database = self
            .database
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        work(&Env::new(
            Arc::clone(&self.registry),
            database,
            self.now(),
            uid,
        ))
    }

    /// Runs something that may write; its changes stay only if it succeeds.
    pub(crate) fn write<T>(&self, uid: i64, work: impl FnOnce(&Env) -> Result<T>) -> Result<T> {
        let _turn = lock(&self.writer);
        let database = self
            .database
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let env = Env::new(Arc::clone(&self.registry), database, self.now(), uid);
        let answer = work(&env)?;
        *self
            .database
            .write()
            .unwrap_or_else(PoisonError::into_inner) = env.into_database();
        Ok(answer)
    }

    /// The same as the superuser.
    pub(crate) fn administer<T>(&self, work: impl FnOnce(&Env) -> Result<T>) -> Result<T> {
        self.write(SUPERUSER, work)
    }

    /// Remembers a call that was answered without looking into the database.
    pub(crate) fn record(&self, uid: Option<i64>, path: &str) {
        self.record_answered(uid, path, 0);
    }

    /// Remembers a call and how large its answer was.
    pub(crate) fn record_answered(&self, uid: Option<i64>, path: &str, bytes: usize) {
        let mut calls = lock(&self.calls);
        if calls.len() >= MOST_CALLS {
            calls.pop_front();
        }
        calls.push_back(RecordedCall {
            uid,
            path: path.to_owned(),
            bytes,
        });
    }

    /// The calls since the start or the last reset.
    pub(crate) fn calls(&self) -> Vec<RecordedCall> {
        lock(&self.calls).iter().cloned().collect()
    }

    /// Forgets the calls.
    pub(crate) fn reset_calls(&self) {
        lock(&self.calls).clear();
    }

    /// Makes the next `count` requests fail so.
    pub(crate) fn inject(&self, fault: Fault, count: usize) {
        lock(&self.faults).extend(std::iter::repeat_n(fault, count));
    }

    /// The fault of this request, if it is to fail.
    pub(crate) fn next_fault(&self) -> Option<Fault> {
        lock(&self.faults).pop_front()
    }

    /// Whether sign-in attempts of an address are refused for now.
    pub(crate) fn is_cooling(&self, address: IpAddr) -> bool {
        let failures = lock(&self.failures);
        self.manners.cooldown
            && failures.get(&address).is_some_and(|(count, last)| {
                *count >= COOLDOWN_AFTER
                    && self.now().as_second() - last.as_second() < COOLDOWN_SECONDS
            })
    }

    /// Counts a failed sign-in, or forgets them after a good one.
    pub(crate) fn signed_in(&self, address: IpAddr, success: bool) {
        let mut failures = lock(&self.failures);
        if success {
            failures.remove(&address);
        } else {
            let now = self.now();
            let entry = failures.entry(address).or_insert((0, now));
            *entry = (entry.0 + 1, now);
        }
    }
}

/// Locks, also after a panic elsewhere: what these locks guard is never left half changed.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
