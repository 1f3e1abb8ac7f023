//! Sessions of people who sign in with a password.

use std::collections::{HashMap, VecDeque};

use jiff::Timestamp;

use crate::base::secret;

/// How many sessions there are at most; the oldest go first.
const MOST_SESSIONS: usize = 10_000;
/// How long a password check holds for sensitive methods, in seconds.
const IDENTITY_SECONDS: i64 = 600;
/// How many one-time codes may be tried in an hour.
const CODES_AN_HOUR: usize = 5;

/// One session.
#[derive(Clone, Debug, Default)]
pub(crate) struct Session {
    /// Who is signed in.
    pub(crate) uid: Option<i64>,
    /// Who gave the right password and still owes a one-time code.
    pub(crate) pre_uid: Option<i64>,
    /// The token that forms of this session carry.
    pub(crate) token: String,
    /// When the password was last checked for a sensitive method.
    pub(crate) identity_checked: Option<Timestamp>,
}

impl Session {
    /// Whether the password was checked a short while ago.
    pub(crate) fn is_identity_checked(&self, now: Timestamp) -> bool {
        let ago = self
            .identity_checked
            .map(|then| now.as_second() - then.as_second());
        ago.is_some_and(|seconds| seconds < IDENTITY_SECONDS)
    }
}

/// All sessions by their id.
#[derive(Debug, Default)]
pub(crate) struct Sessions {
    by_id: HashMap<String, Session>,
    ages: VecDeque<String>,
    codes: HashMap<i64, VecDeque<Timestamp>>,
}

impl Sessions {
    /// Opens a session and returns its id.
    pub(crate) fn open(&mut self, mut session: Session) -> String {
        while self.by_id.len() >= MOST_SESSIONS {
            let Some(oldest) = self.ages.pop_front() else {
                break;
            };
            self.by_id.remove(&oldest);
        }
        let id = secret::random_key(42);
        session.token = secret::random_key(20);
        self.by_id.insert(id.clone(), session);
        self.ages.push_back(id.clone());
        id
    }

    /// The session of that id.
    pub(crate) fn get(&self, id: &str) -> Option<&Session> {
        self.by_id.get(id)
    }

    /// The session of that id, to be changed.
    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut Session> {
        self.by_id.get_mut(id)
    }

    /// Ends a session.
    pub(crate) fn close(&mut self, id: &str) {
        self.by_id.remove(id);
        self.ages.retain(|known| known != id);
    }

    /// Counts a one-time code that a user tries; false if there were too many within the hour.
    pub(crate) fn may_try_code(&mut self, uid: i64, now: Timestamp) -> bool {
        let tries = self.codes.entry(uid).or_default();
        tries.retain(|then| now.as_second() - then.as_second() < 3600);
        tries.push_back(now);
        tries.len() <= CODES_AN_HOUR
    }

    /// Forgets the tries of a user who gave the right code.
    pub(crate) fn forget_codes(&mut self, uid: i64) {
        self.codes.remove(&uid);
    }
}
