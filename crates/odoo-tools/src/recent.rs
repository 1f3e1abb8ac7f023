//! The writes of the last minutes: a write never runs twice.
//!
//! Assistants repeat a call whose answer they did not see, and clients repeat it for them. The same
//! tool with the same arguments over the same connection is answered with the first outcome for ten
//! minutes, and waits for it while it is being worked out. A refusal is forgotten at once, so that a
//! corrected Odoo can be tried again. A failure that left something behind is kept like a success;
//! one whose effect is unknown, for as long as Odoo may still be working on it.

use std::time::{Duration, Instant};

use moka::Expiry;
use moka::future::Cache;
use serde_json::{Map, Value};

use crate::answer::Outcome;
use crate::digest;
use crate::error::ToolError;

/// How long a finished write answers for its repetitions.
pub(crate) const MEMORY: Duration = Duration::from_secs(600);

/// How long Odoo may still be working on a request whose connection broke: its own limit for one
/// is two minutes.
const DOUBT: Duration = Duration::from_secs(180);

/// What an answer says that was given before.
const REPEATED: &str = "The same call came a moment ago and this is its outcome; nothing was done \
                        twice. To do it once more on purpose, change an argument or wait ten minutes.";

/// Characters of all remembered outcomes together; a usual one has a few hundred.
const MOST_CHARACTERS: u64 = 16 * 1024 * 1024;

/// One write: who, what, with which arguments. Begins with the grant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct WriteKey {
    grant: Box<str>,
    tool: &'static str,
    arguments: [u8; 32],
}

/// The outcomes of recent writes.
#[derive(Clone, Debug)]
pub(crate) struct RecentWrites {
    outcomes: Cache<WriteKey, Outcome>,
}

/// How a write came out, and whether it was done before.
pub(crate) struct Written {
    pub(crate) outcome: Outcome,
    pub(crate) repeated: bool,
}

impl WriteKey {
    /// The key of a call with checked arguments, in whatever order they were given.
    pub(crate) fn new(grant: &str, tool: &'static str, arguments: &Map<String, Value>) -> Self {
        let mut sorted: Vec<_> = arguments.iter().collect();
        sorted.sort_unstable_by_key(|(name, _)| *name);
        // As JSON, in which no name or value can pass for another.
        let parts = sorted
            .into_iter()
            .flat_map(|(name, value)| [Value::from(name.as_str()).to_string(), value.to_string()]);
        Self {
            grant: grant.into(),
            tool,
            arguments: digest::sha256(parts),
        }
    }
}

impl RecentWrites {
    /// None yet; each will be remembered for so long.
    pub(crate) fn new(memory: Duration) -> Self {
        let outcomes = Cache::builder()
            .max_capacity(MOST_CHARACTERS)
            .weigher(|_, outcome: &Outcome| {
                u32::try_from(outcome.text.len() * 2).unwrap_or(u32::MAX)
            })
            .expire_after(Lifetime { memory })
            .build();
        Self { outcomes }
    }

    /// Does the work, unless it was done a moment ago or is being done.
    pub(crate) async fn once(
        &self,
        key: WriteKey,
        work: impl Future<Output = Result<Outcome, ToolError>>,
    ) -> Result<Written, ToolError> {
        let work = async {
            match work.await {
                Err(error) if error.left_something() => Ok(Outcome::of(&error.explain(), true)),
                other => other,
            }
        };
        let entry = self.outcomes.entry(key).or_try_insert_with(work).await;
        let entry = entry.map_err(|error| (*error).clone())?;
        let repeated = !entry.is_fresh();
        let mut outcome = entry.into_value();
        if repeated {
            outcome.mark_repeated(REPEATED);
        }
        Ok(Written { outcome, repeated })
    }
}

/// How long each outcome is remembered.
struct Lifetime {
    memory: Duration,
}

impl Expiry<WriteKey, Outcome> for Lifetime {
    fn expire_after_create(&self, _: &WriteKey, outcome: &Outcome, _: Instant) -> Option<Duration> {
        Some(if outcome.is_error && !outcome.is_partly_done() {
            self.memory.min(DOUBT)
        } else {
            self.memory
        })
    }
}
