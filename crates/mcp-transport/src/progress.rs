//! Progress reports on long work.
//!
//! Not for results: a report may be lost, and clients that did not ask get none.

use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use rmcp::RoleServer;
use rmcp::model::{ProgressNotificationParam, ProgressToken};
use rmcp::service::Peer;
use tokio::time::{Instant, timeout_at};

/// How often a client hears of a tool that reports nothing itself. Some count a call's time-out
/// from the last report.
const BEAT: Duration = Duration::from_secs(5);

/// Reports how far a call got. Does nothing for clients that sent no progress token.
///
/// The first report turns the HTTP answer into an event stream, after which a refusal can no
/// longer become an HTTP status. A tool should therefore report only once it is under way.
#[derive(Clone)]
pub struct Progress(Option<Channel>);

#[derive(Clone)]
struct Channel {
    peer: Peer<RoleServer>,
    token: ProgressToken,
    /// Whether the tool reports by itself: its numbers and ours would not go together.
    is_told: Arc<AtomicBool>,
}

impl Progress {
    /// A handle that reports to nobody.
    #[must_use]
    pub fn silent() -> Self {
        Self(None)
    }

    /// Whether a client wants to hear of it. Counting work only for reports is wasted otherwise.
    #[must_use]
    pub fn is_wanted(&self) -> bool {
        self.0.is_some()
    }

    /// Says that `done` of `total` (when known) units of work are done, with a short message for
    /// the person who waits. `done` must grow from report to report.
    ///
    /// A client that went away is no error here: the call's cancellation token tells of it.
    pub async fn report(&self, done: f64, total: Option<f64>, message: impl Into<String>) {
        let Some(channel) = &self.0 else { return };
        channel.is_told.store(true, Ordering::Relaxed);
        channel.report(done, total, message.into()).await;
    }

    /// Runs a call and tells its client every few seconds that it is still at work, unless the
    /// tool reports by itself.
    pub(crate) async fn accompany<F: Future>(&self, call: F) -> F::Output {
        let Some(channel) = &self.0 else {
            return call.await;
        };
        let (mut call, begun) = (pin!(call), Instant::now());
        let mut next = begun + BEAT;
        loop {
            if let Ok(answer) = timeout_at(next, &mut call).await {
                return answer;
            }
            if channel.is_told.load(Ordering::Relaxed) {
                return call.await;
            }
            let seconds = begun.elapsed().as_secs();
            let message = format!("At work for {seconds} seconds");
            channel
                .report(begun.elapsed().as_secs_f64(), None, message)
                .await;
            next = Instant::now() + BEAT;
        }
    }

    pub(crate) fn to_peer(peer: Peer<RoleServer>, token: Option<ProgressToken>) -> Self {
        Self(token.map(|token| Channel {
            peer,
            token,
            is_told: Arc::default(),
        }))
    }
}

impl Channel {
    async fn report(&self, done: f64, total: Option<f64>, message: String) {
        let mut report = ProgressNotificationParam::new(self.token.clone(), done);
        report.total = total;
        report.message = Some(message);
        if let Err(error) = self.peer.notify_progress(report).await {
            tracing::debug!(%error, "a progress report was lost");
        }
    }
}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Progress")
            .field("wanted", &self.is_wanted())
            .finish()
    }
}
