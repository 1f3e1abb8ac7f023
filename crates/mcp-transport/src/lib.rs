//! The Model Context Protocol over HTTP and stdio, with sessions bound to their user.
//!
//! An application implements two traits and gets a server:
//!
//! * [`Authenticate`] turns a bearer token into a [`Caller`];
//! * [`ToolSet`] lists and runs tools (and gives resources and prompts) for that caller.
//!
//! Everything else is here: both protocol eras on one `/mcp` (`initialize` with 2025-03-26 to
//! 2025-11-25, and 2026-07-28 without), sessions, Host and Origin checks, the OAuth challenges,
//! limits, load shedding, the graceful drain, and cures for what real clients get wrong.
//! This crate knows no Odoo and no OAuth provider, and no other crate names rmcp.
//!
//! # The way of a request
//!
//! `accept` (connections and their time-outs) -> `layers` (number, trace, panics) -> `front`
//! (Host, Origin, token, and with `admission` the person's turn) -> `endpoint` (body, place, JSON,
//! session, quirks) -> rmcp -> `handler` -> [`ToolSet`], and back. An answer that takes longer than
//! a moment begins as an event stream (`late`), and a client can cancel it (`open_requests`). A
//! refusal that a tool set gives becomes an HTTP status in
//! `endpoint` although rmcp answers it as a JSON-RPC error: clients act on 401 and 403 only.
//!
//! # Logs
//!
//! Requests are logged at INFO with number, method, path, status and time; never with headers,
//! query or body. rmcp logs a line or more for each request, and an error whenever a client
//! hangs up; [`LOG_FILTER`] are the directives that keep it quiet.

#![forbid(unsafe_code)]

mod accept;
mod activity;
mod admission;
mod answer;
mod attachment;
mod batch;
mod bearer;
mod body;
mod caller;
mod challenge;
mod clock;
mod compat;
mod connections;
mod crypto;
mod ended;
mod endpoint;
mod envelope;
mod front;
mod gate;
mod guarded_body;
mod handler;
mod id;
mod late;
mod layers;
mod lenient;
mod library;
mod limits;
mod message;
mod open_requests;
mod post;
mod progress;
mod quota;
mod routes;
mod run;
mod scan;
mod server;
mod session;
mod session_id;
mod stats;
pub mod stdio;
mod strict;
mod tool;
mod toolset;
mod visit;
mod waits;
mod wire;

pub use self::caller::{Authenticate, Caller, Refusal};
pub use self::challenge::Challenge;
pub use self::clock::{Clock, ManualClock};
pub use self::crypto::{Entropy, NoEntropy, SessionKey, WeakKey};
pub use self::ended::{EndedSession, EndedSessions, NotRemembered, Remembered};
pub use self::gate::{BadEntry, is_origin};
pub use self::library::{
    Completion, CompletionTarget, PromptArgument, PromptDescriptor, PromptText, ResourceContent,
    ResourceDescriptor,
};
pub use self::limits::{Limits, SessionLimits};
pub use self::progress::Progress;
pub use self::routes::PeerAddress;
pub use self::server::{BindError, Bound, Server, ServerBuilder};
pub use self::session::Sessions;
pub use self::stats::Stats;
pub use self::tool::{Annotations, Client, ToolCall, ToolDescriptor, ToolOutcome};
pub use self::toolset::{CallRefusal, Execution, ServerIdentity, ToolSet};

/// The cancellation token in [`ToolCall`] and [`Bound::serve`], so that callers need not name
/// the crate it comes from.
pub use tokio_util::sync::CancellationToken;

/// Directives for a log filter that silence what the libraries below say about every request.
///
/// Not for a filter that turns them up again: rmcp writes whole messages, arguments and answers
/// included, at DEBUG and TRACE.
pub const LOG_FILTER: &str = "rmcp=warn,rmcp::service=off,hyper=warn,h2=warn";
