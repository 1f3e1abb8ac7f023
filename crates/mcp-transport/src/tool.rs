//! A tool as clients see it, a call of it, and its outcome.
//!
//! Not for running tools: that is what a [`ToolSet`](crate::ToolSet) is for.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::{Map, Value};
use tokio_util::sync::CancellationToken;

use crate::progress::Progress;

/// A tool in `tools/list`.
///
/// Texts are `Cow`s and schemas shared, so that a list of static tools is copied without
/// copying a text.
#[derive(Debug, Clone, PartialEq)]
pub struct ToolDescriptor {
    /// The name: 1 to 64 of `A-Z a-z 0-9 _ -`.
    pub name: Cow<'static, str>,
    /// The name that people read. Claude's directory wants one for every tool.
    pub title: Cow<'static, str>,
    /// What the tool does, for the model.
    pub description: Cow<'static, str>,
    /// JSON Schema (2020-12) of the arguments; its root is an object.
    pub input_schema: Arc<Map<String, Value>>,
    /// JSON Schema of [`ToolOutcome::structured`]; its root is an object.
    pub output_schema: Option<Arc<Map<String, Value>>>,
    /// What the tool does to the world.
    pub annotations: Annotations,
    /// Whether an argument holds a file. A call may then be as large as
    /// [`Limits::max_body_bytes`](crate::Limits::max_body_bytes), every other message only
    /// [`Limits::max_message_bytes`](crate::Limits::max_message_bytes).
    pub takes_file: bool,
}

/// What a tool does to the world: hints that decide whether Claude asks before it calls.
///
/// The protocol's defaults (destructive, open world) are the worst case, so what a tool does not do
/// is spelled out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Annotations {
    /// It changes nothing. Claude may run it without asking.
    pub read_only: bool,
    /// It may remove or overwrite something. Claude always asks.
    pub destructive: bool,
    /// Calling it twice with the same arguments changes nothing more than calling it once.
    pub idempotent: bool,
    /// It reaches beyond the one system it is connected to.
    pub open_world: bool,
}

/// One `tools/call`.
#[derive(Debug, Clone)]
pub struct ToolCall {
    /// The tool's name, as the client sent it.
    pub name: String,
    /// The arguments, as the client sent them; empty when it sent none.
    pub arguments: Map<String, Value>,
    /// Reports progress to clients that asked for it.
    pub progress: Progress,
    /// Cancelled when the client went away or cancelled the request.
    ///
    /// A call that is [`Detached`](crate::Execution::Detached) goes on regardless; it may look
    /// here before its first change.
    pub cancelled: CancellationToken,
    /// The program that calls, as far as it said so.
    pub client: Option<Client>,
    /// The number of the HTTP request, as in the logs and in `X-Request-Id`. Empty over stdio.
    pub request_id: Arc<str>,
}

impl ToolCall {
    /// A call that nobody waits for and that reports no progress, as tests make them.
    #[must_use]
    pub fn new(name: impl Into<String>, arguments: Map<String, Value>) -> Self {
        Self {
            name: name.into(),
            arguments,
            progress: Progress::silent(),
            cancelled: CancellationToken::new(),
            client: None,
            request_id: Arc::default(),
        }
    }
}

/// The program at the other end. It names itself, so this is good for logs, not for decisions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Its name, for example `claude-code`; at most 64 characters.
    pub name: String,
    /// Its version; at most 32 characters.
    pub version: String,
    /// The protocol revision in use, for example `2025-11-25`.
    pub protocol: String,
}

/// What a tool answers.
#[derive(Debug, Clone, PartialEq)]
pub struct ToolOutcome {
    /// The answer for programs (`structuredContent`); an object, matching the output schema.
    pub structured: Option<Value>,
    /// The answer as text. It should say the same: some clients show the model only the one,
    /// some only the other.
    pub text: String,
    /// Whether this tells of a failure.
    pub is_error: bool,
}

impl ToolOutcome {
    /// A failure that the model should read.
    #[must_use]
    pub fn error(text: impl Into<String>) -> Self {
        Self {
            structured: None,
            text: text.into(),
            is_error: true,
        }
    }
}
