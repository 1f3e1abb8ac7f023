//! What the application serves: the trait between the protocol and the tools behind it.
//!
//! Not for HTTP, sessions or tokens: a [`ToolSet`] sees a caller, a name and arguments.

use std::future::{Future, ready};
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value};

use crate::caller::Caller;
use crate::library::{
    Completion, PromptDescriptor, PromptText, ResourceContent, ResourceDescriptor,
};
use crate::tool::{ToolCall, ToolDescriptor, ToolOutcome};

/// Tools, resources and prompts for callers of one kind.
///
/// Lists may differ from caller to caller (they do not differ between two requests of one
/// caller unless the caller's rights changed), so clients are told to cache them privately.
pub trait ToolSet: Send + Sync + 'static {
    /// Who calls; the same type as [`Authenticate::Caller`](crate::Authenticate::Caller).
    type Caller: Caller;

    /// The name, version and instructions of this server.
    fn identity(&self) -> &ServerIdentity;

    /// The tools that this caller may see, in an order that stays the same (a changed order
    /// costs every client its prompt cache).
    fn tools(
        &self,
        caller: &Self::Caller,
    ) -> impl Future<Output = Result<Arc<[ToolDescriptor]>, CallRefusal>> + Send;

    /// Runs a tool.
    ///
    /// Whatever the model should read and react to (bad arguments, missing records, an Odoo
    /// error) is a [`ToolOutcome`] with `is_error`, not a refusal: most clients hide the text
    /// of protocol errors.
    fn call(
        &self,
        caller: &Self::Caller,
        call: ToolCall,
    ) -> impl Future<Output = Result<ToolOutcome, CallRefusal>> + Send;

    /// The tool of this name whoever calls, if there is one. It must not wait.
    ///
    /// The transport reads its annotations (see [`execution`](Self::execution)) and checks
    /// `Mcp-Param-*` headers against its input schema.
    fn descriptor(&self, name: &str) -> Option<ToolDescriptor> {
        let _ = name;
        None
    }

    /// Whether a call of this tool ends when the client goes away.
    ///
    /// The default reads the tool's annotations: what only reads is dropped, everything else
    /// (unknown names too) runs to its end on a task of its own.
    fn execution(&self, name: &str) -> Execution {
        match self.descriptor(name) {
            Some(tool) if tool.annotations.read_only => Execution::Attached,
            _ => Execution::Detached,
        }
    }

    /// Whether a call of this tool may be larger than other messages, because it brings a file.
    /// It must not wait. The default reads the tool's descriptor.
    fn takes_file(&self, name: &str) -> bool {
        self.descriptor(name).is_some_and(|tool| tool.takes_file)
    }

    /// How long clients of the 2026-07-28 revision may reuse a list (`ttlMs`). Five minutes
    /// unless overridden.
    fn list_ttl(&self) -> Duration {
        Duration::from_secs(300)
    }

    /// The resources that this caller may read. None unless overridden.
    fn resources(
        &self,
        caller: &Self::Caller,
    ) -> impl Future<Output = Result<Arc<[ResourceDescriptor]>, CallRefusal>> + Send {
        let _ = caller;
        ready(Ok(Arc::default()))
    }

    /// Reads a resource; `None` when there is none at this URI for this caller.
    fn read_resource(
        &self,
        caller: &Self::Caller,
        uri: &str,
    ) -> impl Future<Output = Result<Option<ResourceContent>, CallRefusal>> + Send {
        let _ = (caller, uri);
        ready(Ok(None))
    }

    /// The prompts that this caller may use. None unless overridden.
    fn prompts(
        &self,
        caller: &Self::Caller,
    ) -> impl Future<Output = Result<Arc<[PromptDescriptor]>, CallRefusal>> + Send {
        let _ = caller;
        ready(Ok(Arc::default()))
    }

    /// Fills a prompt in; `None` when there is none of this name for this caller.
    fn get_prompt(
        &self,
        caller: &Self::Caller,
        name: &str,
        arguments: Map<String, Value>,
    ) -> impl Future<Output = Result<Option<PromptText>, CallRefusal>> + Send {
        let _ = (caller, name, arguments);
        ready(Ok(None))
    }

    /// Suggests values for an argument of a prompt or a resource template, best first. At most
    /// 100 of them are sent. None unless overridden.
    fn complete(
        &self,
        caller: &Self::Caller,
        completion: Completion,
    ) -> impl Future<Output = Result<Vec<String>, CallRefusal>> + Send {
        let _ = (caller, completion);
        ready(Ok(Vec::new()))
    }
}

/// How this server introduces itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerIdentity {
    /// The programmatic name, for example `odoo-mcp-server`.
    pub name: String,
    /// The name that people read.
    pub title: String,
    /// The version of the program.
    pub version: String,
    /// What a model should know before its first call. Claude Code cuts it at 2,048
    /// characters. Both protocol eras get the same text.
    pub instructions: String,
    /// A page about the server.
    pub website: Option<String>,
}

/// What happens to a running call when its client goes away or its time is up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Execution {
    /// The call's future is dropped: right for tools that only read.
    Attached,
    /// The call goes on to its end on a task of its own, and the drain waits for it: right for
    /// everything that changes something, since half a change is worse than an unread answer.
    Detached,
}

/// Why a request was not carried out at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallRefusal {
    /// No tool of this name for this caller: JSON-RPC error -32602.
    #[error("there is no tool of this name for you; ask for the list of tools")]
    UnknownTool,
    /// The token lacks a scope: HTTP 403 with a challenge that names what is missing and what is
    /// there, since clients ask for exactly the scopes that it names.
    #[error("this needs the permission {required}, which was not granted at sign-in")]
    InsufficientScope {
        /// The missing scopes, separated by spaces.
        required: String,
        /// The scopes that the token has, separated by spaces.
        held: String,
    },
    /// The grant behind the token is gone: HTTP 401 `invalid_token`, upon which clients ask the
    /// person to sign in again.
    #[error("the connection to your account has ended; sign in again")]
    GrantEnded,
    /// The arguments of a prompt, completion or resource are wrong: JSON-RPC error -32602.
    /// (Wrong arguments of a tool are an outcome with `is_error`.)
    #[error("{message}")]
    InvalidArguments {
        /// What is wrong, and what would be right.
        message: String,
    },
    /// The request cannot be served now. A tool call answers it as an outcome with `is_error`,
    /// so that the model can tell the person.
    #[error("{message}")]
    Unavailable {
        /// What happened and what to do next.
        message: String,
    },
}
