//! The writes of the last minutes: a write never runs twice.
//!
//! Assistants repeat a call whose answer they did not see, and clients repeat it for them. The same
//! tool with the same arguments over the same connection is answered with the first outcome for ten
//! minutes, and waits for it while it is being worked out. A refusal is forgotten at once, so that a
//! corrected Odoo can be tried again. A failure that left something behind is kept like a success;
//! one whose effect is unknown, for as long as Odoo may still be working on it.
//!
//! What is kept, for whom and how much of it, is `ledger.rs`' business.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use odoo_json2::Clock;
use serde_json::{Map, Value};
use tokio::sync::OnceCell;

use crate::answer::Outcome;
use crate::digest;
use crate::error::{FailureKind, ToolError};
use crate::session::UserSession;
use ledger::{Full, Ledger};

pub(crate) use ledger::Bounds;

mod ledger;

/// How long a finished write answers for its repetitions.
const MEMORY: Duration = Duration::from_secs(600);

/// How long Odoo may still be working on a request whose connection broke: its own limit for one
/// is two minutes.
const DOUBT: Duration = Duration::from_secs(180);

/// What an answer says that was given before.
const REPEATED: &str = "The same call came a moment ago and this is its outcome; nothing was done \
                        twice. To do it once more on purpose, change an argument or wait ten minutes.";

/// One write: over whose connection, what, with which arguments.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct WriteKey {
    grant: Box<str>,
    person: Box<str>,
    tool: &'static str,
    arguments: [u8; 32],
}

/// The outcomes of recent writes, cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct RecentWrites {
    ledger: Arc<Mutex<Ledger>>,
}

/// How a write came out, and whether it was done before.
pub(crate) struct Written {
    pub(crate) outcome: Outcome,
    pub(crate) repeated: bool,
}

/// The work on a write, begun by whoever came first, and what it came to.
type Work = OnceCell<Result<Kept, ToolError>>;

/// An outcome as it is kept: its JSON, of which the text is written anew.
#[derive(Clone, Debug)]
struct Kept {
    json: Box<str>,
    is_error: bool,
}

impl WriteKey {
    /// The key of a call with checked arguments, in whatever order they were given.
    pub(crate) fn new(
        user: &UserSession,
        tool: &'static str,
        arguments: &Map<String, Value>,
    ) -> Self {
        Self {
            grant: user.grant().into(),
            person: user.person().into(),
            tool,
            arguments: digest::of_call(&[], arguments, &[]),
        }
    }
}

impl RecentWrites {
    /// None yet; what comes is remembered within these bounds.
    pub(crate) fn new(bounds: Bounds) -> Self {
        Self {
            ledger: Arc::new(Mutex::new(Ledger::new(bounds))),
        }
    }

    /// Does the work, unless it was done a moment ago or is being done; or refuses it, where its
    /// outcome could not be kept.
    pub(crate) async fn once(
        &self,
        key: &WriteKey,
        clock: &Clock,
        work: impl Future<Output = Result<Outcome, ToolError>>,
    ) -> Result<Written, ToolError> {
        let begun = self.ledger().begin(key, clock.now());
        let begun = begun.map_err(refused)?;
        let mut fresh = None;
        let work = async {
            let outcome = match work.await {
                Err(error) if error.left_something() => Ok(Outcome::of(&error.explain(), true)),
                other => other,
            };
            let kept = self.settle(key, clock.now(), outcome.as_ref());
            fresh = outcome.ok();
            kept
        };
        let done = begun.get_or_init(|| work).await;
        let done = done.as_ref().map_err(Clone::clone)?;
        let repeated = fresh.is_none();
        let outcome = fresh.unwrap_or_else(|| done.again());
        Ok(Written { outcome, repeated })
    }

    /// Remembers what was done, and forgets what was not.
    fn settle(
        &self,
        key: &WriteKey,
        now: Timestamp,
        outcome: Result<&Outcome, &ToolError>,
    ) -> Result<Kept, ToolError> {
        match outcome {
            Ok(outcome) => {
                let kept = Kept::of(outcome);
                let in_doubt = outcome.is_error && !outcome.is_partly_done();
                let time = if in_doubt { DOUBT } else { MEMORY };
                // An addition of seconds that stays within the calendar cannot fail.
                let until = now.saturating_add(time).unwrap_or(now);
                self.ledger().keep(key, kept.json.len(), until);
                Ok(kept)
            }
            Err(error) => {
                self.ledger().forget(key);
                Err(error.clone())
            }
        }
    }

    fn ledger(&self) -> MutexGuard<'_, Ledger> {
        // Each change of it is complete before anything in it can panic.
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    fn of(outcome: &Outcome) -> Self {
        Self {
            json: outcome.structured.to_string().into(),
            is_error: outcome.is_error,
        }
    }

    /// The outcome for somebody who comes again.
    fn again(&self) -> Outcome {
        // It was written by `of`, so that it can be read.
        let structured: Value = serde_json::from_str(&self.json).unwrap_or_default();
        let mut outcome = Outcome::of(&structured, self.is_error);
        outcome.mark_repeated(REPEATED);
        outcome
    }
}

/// Rather no write than one that could be done twice.
fn refused(full: Full) -> ToolError {
    let who = match full {
        Full::Person => "you have",
        Full::Everybody => {
            tracing::warn!("no more writes can be remembered; further ones are refused");
            "all people together have"
        }
    };
    ToolError::of(
        FailureKind::Unavailable,
        format!(
            "{who} changed so much through this server within ten minutes that it could not \
             remember one more change, and a repeated call would do it twice"
        ),
        "Nothing was done. Go on with this call in a few minutes.",
    )
}

#[cfg(test)]
mod tests;
