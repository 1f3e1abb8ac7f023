//! The sessions of clients that begin with `initialize`.
//!
//! Not for authentication, and not for the 2026-07-28 revision, which has no sessions. A session
//! holds no state of the conversation; it exists because those revisions promise a client that
//! an ended session answers 404, and because an id must not be of use to anyone else.
//!
//! An id is found only under the principal who sends it, so another one's id is as unknown as a
//! forged one. Ids of this process must be in memory to be alive. Ids of another process with
//! the same key (a replica, or this server before a restart) are taken in when they first
//! appear: their seal says all there is to know but for one thing, whether a client ended the
//! session, and that is what [`EndedSessions`] remembers.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use moka::future::Cache;
use moka::policy::EvictionPolicy;

use crate::clock::Clock;
use crate::crypto::{Entropy, NoEntropy, SessionKey};
use crate::ended::{EndedSession, EndedSessions, NotRemembered};
use crate::limits::SessionLimits;
use crate::session_id::{Instance, Nonce, PrincipalDigest, SessionId};
use crate::tool::Client;

/// The open sessions. Clones share them.
#[derive(Clone)]
pub struct Sessions(Arc<Inner>);

struct Inner {
    key: SessionKey,
    clock: Clock,
    entropy: Entropy,
    limits: SessionLimits,
    /// Tells ids of this process from those of others.
    instance: Instance,
    live: Cache<PrincipalDigest, Arc<Mutex<Vec<Session>>>>,
    /// Ids of other processes that are known to be over.
    ended: Cache<Nonce, ()>,
    /// What is known of ended sessions beyond this process.
    memory: Option<Arc<dyn EndedSessions>>,
}

/// A living session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Live {
    pub(crate) nonce: Nonce,
    pub(crate) client: Client,
}

/// Some sixty bytes: everything else a session needs is in the id.
struct Session {
    nonce: Nonce,
    created: i64,
    last_seen: i64,
    foreign: bool,
}

impl Sessions {
    /// No sessions yet. Without a `memory`, what was ended lives again after a restart.
    ///
    /// # Errors
    /// [`NoEntropy`] when the random source fails.
    pub fn new(
        limits: SessionLimits,
        key: SessionKey,
        clock: Clock,
        entropy: Entropy,
        memory: Option<Arc<dyn EndedSessions>>,
    ) -> Result<Self, NoEntropy> {
        let mut instance = Instance::default();
        entropy.fill(&mut instance)?;
        let live = Cache::builder()
            .max_capacity(u64::try_from(limits.total).unwrap_or(u64::MAX))
            // A principal weighs as many as there are sessions; a weight of 0 would never leave.
            .weigher(|_, sessions: &Arc<Mutex<Vec<Session>>>| {
                u32::try_from(lock(sessions).len())
                    .unwrap_or(u32::MAX)
                    .max(1)
            })
            // The default policy may turn away newcomers, who would then meet 404 at once.
            .eviction_policy(EvictionPolicy::lru())
            .build();
        let ended = Cache::builder()
            .max_capacity(u64::try_from(limits.total).unwrap_or(u64::MAX))
            .time_to_live(limits.lifetime.min(MAX_CACHE_TIME))
            .eviction_policy(EvictionPolicy::lru())
            .build();
        Ok(Self(Arc::new(Inner {
            key,
            clock,
            entropy,
            limits,
            instance,
            live,
            ended,
            memory,
        })))
    }

    /// How many sessions are open, expired ones not counted.
    #[must_use]
    pub fn len(&self) -> usize {
        let now = self.now();
        let alive = |sessions: &Arc<Mutex<Vec<Session>>>| {
            lock(sessions)
                .iter()
                .filter(|session| self.is_alive(session, now))
                .count()
        };
        self.0
            .live
            .iter()
            .map(|(_, sessions)| alive(&sessions))
            .sum()
    }

    /// Whether no session is open.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many sessions are held in memory, expired ones included until the next
    /// [`sweep`](Self::sweep).
    #[must_use]
    pub fn held(&self) -> usize {
        self.0
            .live
            .iter()
            .map(|(_, sessions)| lock(&sessions).len())
            .sum()
    }

    /// Forgets sessions whose time is over. The server does so every minute.
    pub async fn sweep(&self) {
        let now = self.now();
        for (principal, sessions) in &self.0.live {
            let expired = {
                let mut sessions = lock(&sessions);
                let expired = self.take_expired(&mut sessions, now);
                sessions.shrink_to_fit();
                (expired, sessions.is_empty())
            };
            self.bury(expired.0).await;
            if expired.1 {
                self.0.live.invalidate(&*principal).await;
            }
        }
        self.0.live.run_pending_tasks().await;
        self.0.ended.run_pending_tasks().await;
    }

    /// Opens a session and gives its id.
    pub(crate) async fn open(&self, principal: &str, client: Client) -> Result<String, NoEntropy> {
        let mut nonce = Nonce::default();
        self.0.entropy.fill(&mut nonce)?;
        let id = SessionId {
            principal: SessionId::digest(&self.0.key, principal),
            instance: self.0.instance,
            nonce,
            created: self.now(),
            client,
        };
        self.admit(&id).await;
        Ok(id.encode(&self.0.key))
    }

    /// The session, if the id names a living one of this principal. Counts as a use of it.
    ///
    /// # Errors
    /// When a session of another process appears and whether it was ended cannot be known now.
    pub(crate) async fn resume(
        &self,
        principal: &str,
        id: &str,
    ) -> Result<Option<Live>, NotRemembered> {
        let Some(id) = self.own(principal, id) else {
            return Ok(None);
        };
        let now = self.now();
        if let Some(sessions) = self.0.live.get(&id.principal).await {
            let mut sessions = lock(&sessions);
            if let Some(session) = sessions
                .iter_mut()
                .find(|session| session.nonce == id.nonce)
            {
                let alive = self.is_alive(session, now);
                // The expired one stays until the sweep, so that it cannot be taken in again.
                session.last_seen = if alive { now } else { session.last_seen };
                return Ok(alive.then(|| Live::from(id)));
            }
        }
        let unknown_here = id.instance != self.0.instance && !self.0.ended.contains_key(&id.nonce);
        if !unknown_here || self.is_over(id.created, now) {
            return Ok(None);
        }
        if let Some(memory) = &self.0.memory
            && memory.has_ended(id.nonce).await?
        {
            self.0.ended.insert(id.nonce, ()).await;
            return Ok(None);
        }
        self.admit(&id).await;
        Ok(Some(Live::from(id)))
    }

    /// Ends a session of this principal. `false` when the id names no living one.
    ///
    /// # Errors
    /// When the end cannot be remembered; the session lives on then.
    pub(crate) async fn end(&self, principal: &str, id: &str) -> Result<bool, NotRemembered> {
        if self.resume(principal, id).await?.is_none() {
            return Ok(false);
        }
        let Some(id) = self.own(principal, id) else {
            return Ok(false);
        };
        if let Some(memory) = &self.0.memory {
            memory.remember(self.ended(&id)).await?;
        }
        if let Some(sessions) = self.0.live.get(&id.principal).await {
            lock(&sessions).retain(|session| session.nonce != id.nonce);
        }
        if id.instance != self.0.instance {
            self.0.ended.insert(id.nonce, ()).await;
        }
        Ok(true)
    }

    fn ended(&self, id: &SessionId) -> EndedSession {
        let until = id.created.saturating_add(seconds(self.0.limits.lifetime));
        EndedSession {
            id: id.nonce,
            owner: id.principal,
            until: Timestamp::from_second(until).unwrap_or(Timestamp::MAX),
        }
    }

    /// The id, if its seal holds and it names this principal.
    fn own(&self, principal: &str, id: &str) -> Option<SessionId> {
        let id = SessionId::decode(&self.0.key, id)?;
        (id.principal == SessionId::digest(&self.0.key, principal)).then_some(id)
    }

    /// Puts a session into memory, making room among the principal's own if need be.
    async fn admit(&self, id: &SessionId) {
        let now = self.now();
        let sessions = self
            .0
            .live
            .get_with(id.principal, async { Arc::default() })
            .await;
        let mut gone = Vec::new();
        {
            let mut sessions = lock(&sessions);
            gone.extend(self.take_expired(&mut sessions, now));
            while sessions.len() >= self.0.limits.per_principal.max(1) {
                let oldest = sessions
                    .iter()
                    .enumerate()
                    .min_by_key(|(_, session)| session.last_seen);
                let Some((oldest, _)) = oldest else { break };
                gone.push(sessions.swap_remove(oldest));
            }
            sessions.push(Session {
                nonce: id.nonce,
                created: id.created,
                last_seen: now,
                foreign: id.instance != self.0.instance,
            });
        }
        self.bury(gone).await;
        // Put in again, so that the cache weighs the entry anew and a removal that crossed us
        // is undone.
        self.0.live.insert(id.principal, sessions).await;
    }

    fn take_expired(&self, sessions: &mut Vec<Session>, now: i64) -> Vec<Session> {
        sessions
            .extract_if(.., |session| !self.is_alive(session, now))
            .collect()
    }

    /// Remembers that ids of other processes are over; our own are dead by not being in memory.
    async fn bury(&self, gone: Vec<Session>) {
        for session in gone.into_iter().filter(|session| session.foreign) {
            self.0.ended.insert(session.nonce, ()).await;
        }
    }

    fn is_alive(&self, session: &Session, now: i64) -> bool {
        now.saturating_sub(session.last_seen) < seconds(self.0.limits.idle)
            && !self.is_over(session.created, now)
    }

    /// Whether a session of this age has had its time. One from the future (the clocks of two
    /// replicas never agree) counts as new.
    fn is_over(&self, created: i64, now: i64) -> bool {
        now.saturating_sub(created) >= seconds(self.0.limits.lifetime)
    }

    fn now(&self) -> i64 {
        self.0.clock.now().as_second()
    }
}

impl From<SessionId> for Live {
    fn from(id: SessionId) -> Self {
        Self {
            nonce: id.nonce,
            client: id.client,
        }
    }
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sessions")
            .field("limits", &self.0.limits)
            .finish_non_exhaustive()
    }
}

/// The cache refuses times of more than a thousand years.
const MAX_CACHE_TIME: Duration = Duration::from_secs(10 * 365 * 24 * 3_600);

fn seconds(time: Duration) -> i64 {
    i64::try_from(time.as_secs()).unwrap_or(i64::MAX)
}

/// No code panics while it holds this lock, and if one ever does, a list of sessions is still a
/// list of sessions.
fn lock(sessions: &Mutex<Vec<Session>>) -> MutexGuard<'_, Vec<Session>> {
    sessions.lock().unwrap_or_else(PoisonError::into_inner)
}
