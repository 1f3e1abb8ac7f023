//! MCP over standard input and output, for one local user.
//!
//! Not for tokens, sessions or limits of connections: whoever started this process is the
//! caller. Nothing else may be written to standard output, so logs belong on standard error.

use std::sync::Arc;
use std::time::Duration;

use rmcp::ServiceExt as _;
use rmcp::transport::io::stdio_pipes;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;

use crate::handler::{Handler, Shared};
use crate::limits::Limits;
use crate::stats::Stats;
use crate::toolset::ToolSet;
use crate::visit::{Notes, Visit};

/// Time for changes in work to finish after the input ended.
const DRAIN: Duration = Duration::from_secs(60);

/// Serves until standard input ends.
///
/// # Errors
/// [`StdioError`] when the client's first message is none, or when the runtime shuts down.
pub async fn serve<T: ToolSet>(toolset: T, caller: T::Caller) -> Result<(), StdioError> {
    serve_on(toolset, caller, stdio_pipes()).await
}

/// Serves over any pair of streams, each message on a line of its own.
///
/// # Errors
/// As [`serve`].
pub async fn serve_on<T, R, W>(
    toolset: T,
    caller: T::Caller,
    streams: (R, W),
) -> Result<(), StdioError>
where
    T: ToolSet,
    R: AsyncRead + Send + Unpin + 'static,
    W: AsyncWrite + Send + Unpin + 'static,
{
    let shared = Arc::new(Shared::new(
        toolset,
        Limits::default().call,
        Stats::default(),
    ));
    let visit = Visit {
        caller,
        client: None,
        request_id: Arc::default(),
        reads_streams: true,
        notes: Arc::new(Notes::default()),
    };
    let handler = Handler::for_one(Arc::clone(&shared), visit);
    let service = handler
        .serve(streams)
        .await
        .map_err(|error| StdioError(error.to_string()))?;
    let end = service
        .waiting()
        .await
        .map_err(|error| StdioError(error.to_string()));
    shared.detached().close();
    if timeout(DRAIN, shared.detached().wait()).await.is_err() {
        tracing::warn!("a change was still in work when its time was over");
    }
    end.map(|_| ())
}

/// The conversation could not begin, or broke off.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the conversation over standard input and output failed: {0}")]
pub struct StdioError(String);
