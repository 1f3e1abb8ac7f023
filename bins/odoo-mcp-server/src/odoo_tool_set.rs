//! The tools as the transport wants them: joins `odoo-tools` and `mcp-transport`, which do not
//! know each other.
//!
//! Not for what a tool does, nor for who may call: the first is `odoo-tools`', the second was
//! decided when the token became a [`Grant`].

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Arc;

use mcp_transport::{
    Annotations, CallRefusal, ServerIdentity, ToolCall, ToolDescriptor, ToolOutcome, ToolSet,
};
use odoo_auth::{KeyProbe, KeyState};
use odoo_json2::Clock;
use odoo_tools::{
    Access, Failure, INSTRUCTIONS, OpenError, Refusal, Registry, ToolError, ToolSpec, UserSession,
    UserSessions,
};
use tracing::{info, warn};
use url::Url;

use crate::grant::Grant;
use crate::notice::Notices;
use crate::odoo_name::OdooName;

/// The registry's tools, run with the session of whoever calls.
pub struct OdooToolSet {
    registry: Registry,
    sessions: UserSessions,
    clock: Clock,
    web_url: Option<Url>,
    probe: Option<KeyProbe>,
    notices: Notices,
    identity: ServerIdentity,
    descriptors: HashMap<&'static str, ToolDescriptor>,
}

impl OdooToolSet {
    /// The standard tools on the Odoo of that name. Answers link to `web_url`, or to the address of
    /// the API without one.
    #[must_use]
    pub fn new(
        sessions: UserSessions,
        clock: Clock,
        odoo: &OdooName,
        web_url: Option<Url>,
    ) -> Self {
        let registry = Registry::standard();
        let descriptors = registry
            .catalogue()
            .iter()
            .map(|spec| (spec.name, descriptor(spec)))
            .collect();
        Self {
            registry,
            sessions,
            clock,
            web_url,
            probe: None,
            notices: Notices::new(None),
            identity: identity(odoo),
            descriptors,
        }
    }

    /// For people who signed in: refused keys are probed once more and their grants ended, and who
    /// has a key near its end is told of the account page.
    #[must_use]
    pub fn with_sign_in(mut self, probe: KeyProbe, account_page: String) -> Self {
        self.probe = Some(probe);
        self.notices = Notices::new(Some(account_page));
        self
    }

    /// Opens the session of this grant ahead of its first call, to see whether Odoo takes its key.
    ///
    /// # Errors
    /// As a call of this grant would be refused.
    pub async fn open(&self, grant: &Grant) -> Result<(), CallRefusal> {
        self.session(grant).await.map(drop)
    }

    /// The session of this grant, opened at its first call.
    async fn session(&self, grant: &Grant) -> Result<UserSession, CallRefusal> {
        let (odoo, clock, web_url) = (
            grant.odoo().clone(),
            self.clock.clone(),
            self.web_url.clone(),
        );
        let open = async move {
            let session = UserSession::open(odoo, clock).await?.for_grant(grant.id());
            Ok(match web_url {
                Some(url) => session.with_web_url(url),
                None => session,
            })
        };
        match self.sessions.get(grant.id(), open).await {
            Ok(session) => Ok(session),
            Err(error) => match &*error {
                OpenError::KeyRejected => Err(self.end(grant).await),
                OpenError::Odoo(error) => Err(not_opened(grant, error)),
            },
        }
    }

    /// Odoo refused the key: the grant ends, unless another probe, or the number of keys that
    /// die at this moment, says that something else is wrong.
    async fn end(&self, grant: &Grant) -> CallRefusal {
        info!(grant = grant.id(), "Odoo refused the key of this grant");
        self.sessions.evict(grant.id()).await;
        let state = match (grant.live(), &self.probe) {
            (Some(live), Some(probe)) => probe.now(live).await,
            _ => KeyState::Ended,
        };
        match state {
            KeyState::Ended => CallRefusal::GrantEnded,
            KeyState::Good | KeyState::Unknown => CallRefusal::Unavailable {
                message: "Odoo refused the key of this connection a moment ago. Try again in a \
                          minute; if it stays so, reconnect to Odoo."
                    .to_owned(),
            },
        }
    }
}

impl ToolSet for OdooToolSet {
    type Caller = Grant;

    fn identity(&self) -> &ServerIdentity {
        &self.identity
    }

    async fn tools(&self, grant: &Grant) -> Result<Arc<[ToolDescriptor]>, CallRefusal> {
        let session = self.session(grant).await?;
        let visible = self.registry.visible_to(&session, grant.access());
        Ok(visible
            .iter()
            .filter_map(|spec| self.descriptors.get(spec.name).cloned())
            .collect())
    }

    async fn call(&self, grant: &Grant, call: ToolCall) -> Result<ToolOutcome, CallRefusal> {
        // Before Odoo is asked for anything: a client acts on this refusal only as long as its
        // answer has not begun.
        let mut specs = self.registry.catalogue().iter();
        let spec = specs.find(|spec| spec.name == call.name);
        if let Some(spec) = spec.filter(|spec| !grant.access().contains(&spec.access)) {
            return Err(missing(grant, spec.access));
        }
        let session = self.session(grant).await?;
        let outcome = self
            .registry
            .call(&session, grant.access(), &call.name, call.arguments)
            .await;
        match outcome {
            Ok(outcome) => Ok(self.notices.attach(grant, self.clock.now(), outcome).await),
            Err(Refusal::UnknownTool) => Err(CallRefusal::UnknownTool),
            Err(Refusal::MissingScope(access)) => Err(missing(grant, access)),
            Err(Refusal::KeyRejected) => Err(self.end(grant).await),
        }
    }

    fn descriptor(&self, name: &str) -> Option<ToolDescriptor> {
        self.descriptors.get(name).cloned()
    }

    fn takes_file(&self, name: &str) -> bool {
        self.descriptors
            .get(name)
            .is_some_and(|tool| tool.takes_file)
    }
}

/// A grant lacks what a tool does.
fn missing(grant: &Grant, access: Access) -> CallRefusal {
    let held: Vec<_> = grant.access().iter().map(|access| access.scope()).collect();
    CallRefusal::InsufficientScope {
        required: access.scope().to_owned(),
        held: held.join(" "),
    }
}

fn not_opened(grant: &Grant, error: &odoo_json2::Error) -> CallRefusal {
    warn!(grant = grant.id(), %error, "no session with Odoo");
    // As a tool would tell of it; the error's own words are for the log.
    let Failure {
        message, next_step, ..
    } = ToolError::from(error.clone()).explain();
    CallRefusal::Unavailable {
        message: format!("{message}. {next_step}"),
    }
}

/// Clients show the title, and assistants read the instructions: both say which Odoo this is.
fn identity(odoo: &OdooName) -> ServerIdentity {
    ServerIdentity {
        name: env!("CARGO_PKG_NAME").to_owned(),
        title: odoo.to_string(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        instructions: format!("{INSTRUCTIONS}\n\nThis server is for {odoo}."),
        website: None,
    }
}

/// Output schemas are left out: they double the size of the list, and no Claude client reads them.
fn descriptor(spec: &ToolSpec) -> ToolDescriptor {
    ToolDescriptor {
        name: Cow::Borrowed(spec.name),
        title: Cow::Borrowed(spec.title),
        description: Cow::Owned(spec.description.clone()),
        input_schema: Arc::clone(&spec.input_schema),
        output_schema: None,
        annotations: annotations(spec.access),
        takes_file: spec.takes_file,
    }
}

fn annotations(access: Access) -> Annotations {
    Annotations {
        read_only: access.is_read_only(),
        destructive: access.is_destructive(),
        idempotent: access.is_idempotent(),
        // Odoo is a system of its own, in which other people work at the same time.
        open_world: true,
    }
}
