//! What travels with a request from the endpoint through rmcp to the handler, and back.
//!
//! Not for the message itself. rmcp carries the extensions of the HTTP request to the handler
//! untouched, which is how the handler learns who calls; nothing else of the request (above all
//! not its Authorization header) is given to rmcp.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rmcp::RoleServer;
use rmcp::service::RequestContext;
use serde_json::{Map, Value};

use crate::attachment::Attachments;
use crate::tool::Client;
use crate::toolset::CallRefusal;

/// The request as the handler needs to know it.
#[derive(Debug, Clone)]
pub(crate) struct Visit<C> {
    pub(crate) caller: C,
    pub(crate) client: Option<Client>,
    pub(crate) request_id: Arc<str>,
    /// Whether the client can read an event stream, without which there is no progress.
    pub(crate) reads_streams: bool,
    pub(crate) notes: Arc<Notes>,
}

/// What endpoint and handler tell each other beside message and answer.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    attachments: Mutex<Attachments>,
    refusal: OnceLock<CallRefusal>,
    agreed: OnceLock<String>,
}

impl Notes {
    /// Notes for a message whose long texts were taken out.
    pub(crate) fn with(attachments: Attachments) -> Self {
        Self {
            attachments: Mutex::new(attachments),
            ..Self::default()
        }
    }

    /// Puts the long texts back into the arguments, once.
    pub(crate) fn restore(&self, arguments: &mut Map<String, Value>) {
        let mut attachments = self
            .attachments
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *attachments).restore(arguments);
    }

    /// Notes a refusal that becomes an HTTP status.
    pub(crate) fn refuse(&self, refusal: &CallRefusal) {
        // A request has one answer; the first refusal is it.
        let _ = self.refusal.set(refusal.clone());
    }

    /// Notes the protocol revision that `initialize` agreed on.
    pub(crate) fn agree(&self, version: &str) {
        let _ = self.agreed.set(version.to_owned());
    }

    pub(crate) fn refusal(&self) -> Option<&CallRefusal> {
        self.refusal.get()
    }

    pub(crate) fn agreed(&self) -> Option<&str> {
        self.agreed.get().map(String::as_str)
    }
}

impl<C: Clone + Send + Sync + 'static> Visit<C> {
    /// The visit that a handler's context belongs to, for requests that came over HTTP.
    pub(crate) fn of(context: &RequestContext<RoleServer>) -> Option<Self> {
        let parts = context.extensions.get::<http::request::Parts>()?;
        parts.extensions.get::<Self>().cloned()
    }
}
