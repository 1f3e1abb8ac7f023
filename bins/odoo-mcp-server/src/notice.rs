//! A word about a connection that is about to end, added to a tool's answer.
//!
//! Not for `whoami`, which always tells when keys expire. From fourteen days before the Odoo key
//! expires the first answer of each day says so, in the last three days every one: a person who
//! learns of it from a failure in the middle of work has to stop.

use std::time::Duration;

use jiff::Timestamp;
use mcp_transport::ToolOutcome;
use moka::future::Cache;
use odoo_auth::Phase;
use odoo_tools::{CAP, Outcome};
use serde_json::Value;

use crate::grant::Grant;

/// From how many days before the end every answer says so.
const EVERY_ANSWER: i64 = 3;
/// After how long it is said again before that.
const PAUSE: Duration = Duration::from_secs(24 * 60 * 60);
/// The most grants remembered as told; a forgotten one is told again.
const MOST: u64 = 10_000;

/// Remembers who was told today.
#[derive(Debug)]
pub(crate) struct Notices {
    told: Cache<String, ()>,
    /// Where people renew their keys.
    account_page: Option<String>,
}

impl Notices {
    /// Nobody was told so far.
    pub(crate) fn new(account_page: Option<String>) -> Self {
        let told = Cache::builder().max_capacity(MOST).time_to_live(PAUSE);
        Self {
            told: told.build(),
            account_page,
        }
    }

    /// The outcome as the transport sends it, with the notice when it is due.
    pub(crate) async fn attach(
        &self,
        grant: &Grant,
        now: Timestamp,
        outcome: Outcome,
    ) -> ToolOutcome {
        let Outcome {
            mut structured,
            mut text,
            is_error,
        } = outcome;
        if let Some(days) = self.due(grant, now).await
            && let Value::Object(fields) = &mut structured
        {
            let notice = self.notice(days);
            // An answer at its cap keeps it; the next one tells.
            if text.len() + notice.len() < CAP {
                text = format!("{notice}\n\n{text}");
                fields.insert("notice".to_owned(), Value::String(notice));
            }
        }
        ToolOutcome {
            structured: Some(structured),
            text,
            is_error,
        }
    }

    /// The days that are left, when it is time to say so.
    async fn due(&self, grant: &Grant, now: Timestamp) -> Option<i64> {
        let Phase::Expiring { days } = grant.live()?.phase(now) else {
            return None;
        };
        if days > EVERY_ANSWER {
            let entry = self.told.entry_by_ref(grant.id()).or_insert(()).await;
            return entry.is_fresh().then_some(days);
        }
        Some(days)
    }

    fn notice(&self, days: i64) -> String {
        let when = match days {
            0 => "today".to_owned(),
            1 => "tomorrow".to_owned(),
            days => format!("in {days} days"),
        };
        let page = self
            .account_page
            .as_ref()
            .map(|page| format!("sign in with your password at {page}, or "))
            .unwrap_or_default();
        format!(
            "The connection to Odoo expires {when}. To renew it, {page}disconnect and connect Odoo \
             again in Claude's settings."
        )
    }
}
