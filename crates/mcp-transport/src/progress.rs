//! Progress reports on long work.
//!
//! Not for results: a report may be lost, and clients that did not ask get none.

use std::fmt;

use rmcp::RoleServer;
use rmcp::model::{ProgressNotificationParam, ProgressToken};
use rmcp::service::Peer;

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
        let mut report = ProgressNotificationParam::new(channel.token.clone(), done);
        report.total = total;
        report.message = Some(message.into());
        if let Err(error) = channel.peer.notify_progress(report).await {
            tracing::debug!(%error, "a progress report was lost");
        }
    }

    pub(crate) fn to_peer(peer: Peer<RoleServer>, token: Option<ProgressToken>) -> Self {
        Self(token.map(|token| Channel { peer, token }))
    }
}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Progress")
            .field("wanted", &self.is_wanted())
            .finish()
    }
}
