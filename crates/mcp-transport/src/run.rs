//! Running one tool call: what ends it, and what a panic or the time limit turns into.
//!
//! Not for what the call does.

use std::future::{Future, poll_fn};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::Instrument as _;

use crate::stats::Stats;
use crate::tool::{ToolCall, ToolOutcome};
use crate::toolset::{CallRefusal, Execution, ToolSet};

/// The surroundings of a call.
pub(crate) struct Running<'a, T> {
    pub(crate) toolset: &'a Arc<T>,
    pub(crate) detached: &'a TaskTracker,
    pub(crate) limit: Duration,
    pub(crate) stats: &'a Stats,
}

type Answered = Result<ToolOutcome, CallRefusal>;
type Work = Pin<Box<dyn Future<Output = Answered> + Send>>;

impl<T: ToolSet> Running<'_, T> {
    /// Runs the call to its end, to its cancellation or to the time limit.
    pub(crate) async fn run(&self, caller: T::Caller, call: ToolCall) -> Answered {
        let execution = self.toolset.execution(&call.name);
        let cancelled = call.cancelled.clone();
        let name = call.name.clone();
        let work = self.work(caller, call);
        match execution {
            Execution::Attached => tokio::select! {
                biased;
                () = cancelled.cancelled() => Ok(failure("The request was cancelled.")),
                answer = timeout(self.limit, work) => answer.unwrap_or_else(|_| self.overdue(execution)),
            },
            Execution::Detached => {
                let work = to_its_end(work, name, cancelled);
                let task = tokio::spawn(self.detached.track_future(work.in_current_span()));
                match timeout(self.limit, task).await {
                    Ok(Ok(answer)) => answer,
                    // The work catches its own panics, so this is the runtime shutting down.
                    Ok(Err(_)) => Ok(failure(DEFECT)),
                    Err(_) => self.overdue(execution),
                }
            }
        }
    }

    /// The call itself, in a place of its own: what a tool does makes a large future, and every
    /// one around it that moves it would take as much of the stack again.
    fn work(&self, caller: T::Caller, call: ToolCall) -> Work {
        let (toolset, stats) = (Arc::clone(self.toolset), self.stats.clone());
        Box::pin(async move {
            let name = call.name.clone();
            let answer = caught(toolset.call(&caller, call)).await;
            answer.unwrap_or_else(|Panicked| {
                stats.count_panic();
                tracing::error!(tool = name, "a tool panicked; this is a defect of the tool");
                Ok(failure(DEFECT))
            })
        })
    }

    fn overdue(&self, execution: Execution) -> Answered {
        let seconds = self.limit.as_secs();
        Ok(failure(match execution {
            Execution::Attached => format!(
                "This took more than {seconds} seconds and was stopped. Nothing was changed. Ask \
                 for less at once."
            ),
            Execution::Detached => format!(
                "This takes more than {seconds} seconds and goes on in the background. Do not \
                 repeat it; look at the record in a while to see whether it was done."
            ),
        }))
    }
}

/// Runs what changes something to its end, and tells the log when nobody waits for it any more.
async fn to_its_end(mut work: Work, tool: String, cancelled: CancellationToken) -> Answered {
    let done = tokio::select! {
        biased;
        answer = &mut work => Some(answer),
        () = cancelled.cancelled() => None,
    };
    if let Some(answer) = done {
        return answer;
    }
    tracing::info!(
        tool,
        "the client gave this call up; it changes something, so it goes on"
    );
    let answer = work.await;
    let is_error = answer.as_ref().map_or(true, |outcome| outcome.is_error);
    tracing::info!(
        tool,
        is_error,
        "a call that its client gave up came to its end"
    );
    answer
}

const DEFECT: &str = "This tool failed because of a defect in the server, so it is not known \
                      whether anything was changed. Look at the record before trying again, and \
                      tell the administrator.";

/// An outcome that tells of a failure.
pub(crate) fn failure(text: impl Into<String>) -> ToolOutcome {
    ToolOutcome::error(text)
}

struct Panicked;

/// Polls a future to its end and stops at a panic. rmcp would otherwise lose the answer, and the
/// client would wait for ever.
async fn caught<F: Future>(future: F) -> Result<F::Output, Panicked> {
    let mut future = pin!(future);
    poll_fn(move |context| {
        // The future is not touched again after a panic, so a broken state is never seen.
        match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
            Ok(poll) => poll.map(Ok),
            Err(_) => Poll::Ready(Err(Panicked)),
        }
    })
    .await
}
