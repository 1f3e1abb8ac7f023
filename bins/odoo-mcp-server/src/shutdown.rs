//! When to stop: the first SIGTERM or SIGINT drains, a second one ends the program at once.

use std::io;

use mcp_transport::CancellationToken;
use tracing::{info, warn};

/// The two steps of stopping.
#[derive(Debug, Clone)]
pub struct Shutdown {
    /// Cancelled by the first signal: take no new work, finish what was begun.
    pub drain: CancellationToken,
    /// Cancelled by the second signal: somebody is in a hurry.
    pub now: CancellationToken,
}

/// Listens for the signals from here on.
///
/// # Errors
/// When the operating system refuses to tell of them.
pub fn on_signals() -> io::Result<Shutdown> {
    let shutdown = Shutdown {
        drain: CancellationToken::new(),
        now: CancellationToken::new(),
    };
    let mut signals = Signals::new()?;
    let steps = shutdown.clone();
    tokio::spawn(async move {
        signals.next().await;
        info!("stopping: calls in work are finished first, a second signal ends them");
        steps.drain.cancel();
        signals.next().await;
        warn!("stopping at once");
        steps.now.cancel();
    });
    Ok(shutdown)
}

#[cfg(unix)]
struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
        })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

#[cfg(not(unix))]
struct Signals;

#[cfg(not(unix))]
impl Signals {
    fn new() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) {
        // An error would mean that there is no console to press Ctrl-C at.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
