//! Log lines: to standard error, never with a secret.
//!
//! Standard output belongs to what a person or a program reads (`ready: …`, MCP over stdio), so
//! nothing here writes to it.

use std::io::{self, IsTerminal as _};

use mcp_transport::LOG_FILTER;
use tracing::{Level, Metadata};
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::{SubscriberInitExt as _, TryInitError};
use tracing_subscriber::{EnvFilter, Layer as _, fmt};

use crate::config::{LogFormat, LogSettings};

/// Libraries that print whole messages and headers, bearer tokens among them, at `debug` or
/// `trace`. No setting makes them do that here.
const TALKATIVE: [&str; 7] = [
    "rmcp",
    "hyper",
    "hyper_util",
    "h2",
    "reqwest",
    "rustls",
    "tower",
];

/// Starts logging for the whole process.
///
/// # Errors
/// When logging was started before.
pub fn start(settings: &LogSettings) -> Result<(), TryInitError> {
    // The operator's directives come last, so they win where both speak of the same module.
    let filter = EnvFilter::new(format!("{LOG_FILTER},{}", settings.filter));
    let colours = io::stderr().is_terminal();
    let lines = match settings.format {
        LogFormat::Pretty => fmt::layer()
            .with_ansi(colours)
            .with_writer(io::stderr)
            .boxed(),
        LogFormat::Json => fmt::layer()
            .json()
            .flatten_event(true)
            .with_writer(io::stderr)
            .boxed(),
    };
    tracing_subscriber::registry()
        .with(lines.with_filter(filter_fn(is_discreet)))
        .with(filter)
        .try_init()
}

/// May this be printed, whatever the filter says?
fn is_discreet(event: &Metadata<'_>) -> bool {
    let source = event.target().split("::").next().unwrap_or_default();
    !TALKATIVE.contains(&source) || *event.level() <= Level::INFO
}
