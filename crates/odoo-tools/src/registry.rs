//! All tools by name, and the one way in which any of them is called.
//!
//! [`Registry::call`] is the only door: scope, rights, arguments, the work, the size of the answer
//! and the wording of failures are dealt with here for every tool alike. So is what holds for every
//! write, by [`ToolSpec::access`]: it leaves a line in the log, and a repeated call is answered with
//! the first outcome. And what holds for every list: a cursor goes on with its own question only.

use std::pin::Pin;
use std::sync::Arc;

use odoo_json2::{Error, Operation};
use serde_json::{Map, Value};

use crate::access::Access;
use crate::answer::{self, Outcome};
use crate::cursor::Question;
use crate::error::{FailureKind, ToolError};
use crate::recent::{Bounds, RecentWrites, WriteKey};
use crate::session::UserSession;
use crate::tool::Tool;
use crate::upload::UploadQueue;
use crate::{accounting, arguments, expenses, identity, people, projects, schema, time_off};

/// The arguments of a call, or a schema.
type Object = Map<String, Value>;

/// What a tool does when it is called, whatever its type.
type Perform = for<'a> fn(
    &'a UserSession,
    Call,
) -> Pin<Box<dyn Future<Output = Result<Outcome, ToolError>> + Send + 'a>>;

/// What a tool is called with: checked arguments, and the question that cursors belong to.
struct Call {
    arguments: Object,
    question: Option<Question>,
}

/// What is kept of a tool beside what is listed.
#[derive(Clone, Debug)]
struct Work {
    perform: Perform,
    /// The schema that arguments are read by.
    rules: Object,
}

/// A tool as it is listed.
#[derive(Clone, Debug)]
pub struct ToolSpec {
    /// The name it is called by.
    pub name: &'static str,
    /// What people see.
    pub title: &'static str,
    /// What an assistant chooses it by.
    pub description: String,
    /// What it does; scope and annotations follow from it.
    pub access: Access,
    /// The models it cannot work without.
    pub needs: &'static [&'static str],
    /// Whether an argument holds a file. Only such a call may be large.
    pub takes_file: bool,
    /// The JSON Schema of its arguments: flat, without references.
    pub input_schema: Arc<Object>,
    /// The JSON Schema of its answer, for the reference and for tests.
    ///
    /// Not for `tools/list`: it would double the size of a list that every conversation pays for,
    /// and no assistant is shown it.
    pub output_schema: Arc<Object>,
}

/// Why there is no outcome at all: the connection is at fault, not the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no tool of that name.
    #[error("there is no tool of this name")]
    UnknownTool,
    /// The connection was not granted what the tool does.
    #[error("this connection was not granted `{}`", .0.scope())]
    MissingScope(Access),
    /// Odoo does not accept the key any more, asked twice.
    #[error("Odoo does not accept this connection's key any more")]
    KeyRejected,
}

/// The tools, cheap to clone.
#[derive(Clone, Debug)]
pub struct Registry {
    specs: Arc<[ToolSpec]>,
    works: Arc<[Work]>,
    recent: RecentWrites,
    uploads: UploadQueue,
}

/// Collects tools into a [`Registry`].
#[derive(Debug, Default)]
pub struct RegistryBuilder {
    tools: Vec<(ToolSpec, Work)>,
}

impl Registry {
    /// All tools of this crate.
    #[must_use]
    pub fn standard() -> Self {
        let builder = identity::register(Self::builder());
        let builder = accounting::register(builder);
        let builder = people::register(builder);
        let builder = time_off::register(builder);
        let builder = expenses::register(builder);
        projects::register(builder).build()
    }

    /// None yet.
    #[must_use]
    pub fn builder() -> RegistryBuilder {
        RegistryBuilder::default()
    }

    /// Every tool, by name.
    #[must_use]
    pub fn catalogue(&self) -> &[ToolSpec] {
        &self.specs
    }

    /// The tools that this user can do something with: granted, and on models they may read.
    #[must_use]
    pub fn visible_to(&self, user: &UserSession, granted: &[Access]) -> Vec<&ToolSpec> {
        self.specs
            .iter()
            .filter(|spec| granted.contains(&spec.access))
            .filter(|spec| spec.needs.iter().all(|model| user.reads(model)))
            .collect()
    }

    /// Calls a tool for a user.
    ///
    /// Whatever goes wrong inside the call is an [`Outcome`] with `is_error`, written for the
    /// assistant; a [`Refusal`] ends or widens the connection.
    pub async fn call(
        &self,
        user: &UserSession,
        granted: &[Access],
        name: &str,
        arguments: Object,
    ) -> Result<Outcome, Refusal> {
        let index = self
            .specs
            .binary_search_by_key(&name, |spec| spec.name)
            .map_err(|_| Refusal::UnknownTool)?;
        let spec = &self.specs[index];
        if !granted.contains(&spec.access) {
            return Err(Refusal::MissingScope(spec.access));
        }
        let user = user.with_granted(granted).with_uploads(&self.uploads);
        let Work { perform, rules } = &self.works[index];
        let outcome = match check((spec, rules), &user, arguments).await {
            Ok(call) if spec.access.is_read_only() => perform(&user, call).await,
            Ok(call) => self.write(spec, *perform, &user, call).await,
            Err(error) => Err(error),
        };
        match outcome {
            Ok(outcome) => Ok(outcome),
            Err(error) => fail(spec, &user, error).await,
        }
    }

    /// What changes something: once, and with a line in the log that says who did what.
    async fn write(
        &self,
        spec: &ToolSpec,
        perform: Perform,
        user: &UserSession,
        call: Call,
    ) -> Result<Outcome, ToolError> {
        let key = WriteKey::new(user, spec.name, &call.arguments);
        let work = perform(user, call);
        let written = self.recent.once(&key, user.clock(), work).await;
        let result = match &written {
            Ok(written) if written.repeated => "repeated",
            Ok(written) if written.outcome.is_partly_done() => "partly",
            Ok(written) if written.outcome.is_error => "unknown",
            Ok(_) => "done",
            Err(_) => "refused",
        };
        // Neither arguments nor answer: they are the company's business, and its Odoo keeps them.
        tracing::info!(
            target: "odoo_tools::audit",
            grant = user.grant(),
            user = %user.profile().login,
            tool = spec.name,
            access = spec.access.scope(),
            result,
        );
        Ok(written?.outcome)
    }
}

impl RegistryBuilder {
    /// Adds a tool.
    #[must_use]
    pub fn tool<T: Tool>(mut self) -> Self {
        let (description, rules) = schema::of_arguments::<T>();
        let output_schema = schema::of_answer::<T::Answer>(T::ACCESS.is_read_only());
        let spec = ToolSpec {
            name: T::NAME,
            title: T::TITLE,
            description,
            access: T::ACCESS,
            needs: T::NEEDS,
            takes_file: T::TAKES_FILE,
            input_schema: Arc::new(schema::listed(&rules)),
            output_schema,
        };
        let work = Work {
            perform: |user, call| Box::pin(perform::<T>(user, call)),
            rules,
        };
        self.tools.push((spec, work));
        self
    }

    /// The registry of these tools, in the order of their names. Of two with one name the first counts.
    #[must_use]
    pub fn build(mut self) -> Registry {
        self.tools.sort_by_key(|(spec, _)| spec.name);
        self.tools.dedup_by_key(|(spec, _)| spec.name);
        let (specs, works): (Vec<_>, Vec<_>) = self.tools.into_iter().unzip();
        Registry {
            specs: specs.into(),
            works: works.into(),
            recent: RecentWrites::new(Bounds::default()),
            uploads: UploadQueue::default(),
        }
    }
}

async fn perform<T: Tool>(user: &UserSession, call: Call) -> Result<Outcome, ToolError> {
    let tool: T = serde_json::from_value(Value::Object(call.arguments)).map_err(|error| {
        ToolError::argument(
            format!("the arguments do not fit: {error}"),
            "Look at the tool's schema.",
        )
    })?;
    answer::fit(tool.run(user).await?, call.question.as_ref())
}

/// Everything between the door and the tool: the arguments as the tool takes them.
async fn check(
    (spec, rules): (&ToolSpec, &Object),
    user: &UserSession,
    arguments: Object,
) -> Result<Call, ToolError> {
    if let Some(model) = spec.needs.iter().find(|model| !user.reads(model)) {
        return Err(unreadable(spec, user, model).await);
    }
    let mut arguments = arguments::check(rules, arguments).map_err(|mistakes| {
        ToolError::argument(
            mistakes.join("; "),
            format!("Correct this and call {} again.", spec.name),
        )
    })?;
    let question = Question::of(rules, (user.profile().uid, spec.name), &arguments);
    if let Some(question) = &question {
        question.take(&mut arguments)?;
    }
    Ok(Call {
        arguments,
        question,
    })
}

/// Why a model cannot be read: its app is missing, or this user has no right to it.
async fn unreadable(spec: &ToolSpec, user: &UserSession, model: &str) -> ToolError {
    match user.odoo().has_access(model, Operation::Read).await {
        Ok(true) => ToolError::of(
            FailureKind::NoAccess,
            format!(
                "your rights in Odoo were widened just now; {} will work soon",
                spec.name
            ),
            "Try again in a quarter of an hour, or reconnect.",
        ),
        Ok(false) => ToolError::of(
            FailureKind::NoAccess,
            format!(
                "{} needs to read `{model}` in Odoo, and the rights of {} do not include it",
                spec.name,
                user.profile().name
            ),
            "If it belongs to this person's work, an Odoo administrator can grant it.",
        ),
        Err(error) => ToolError::Odoo(error),
    }
}

/// Puts a failure into words, after finding out whether the key is dead.
async fn fail(spec: &ToolSpec, user: &UserSession, error: ToolError) -> Result<Outcome, Refusal> {
    if let ToolError::Odoo(cause) = &error {
        // A single 401 may come from a database that is being restored; two in a row are an answer.
        if cause.is_invalid_key()
            && user
                .odoo()
                .context_get()
                .await
                .is_err_and(|again| again.is_invalid_key())
        {
            return Err(Refusal::KeyRejected);
        }
        if cause.is_access() {
            user.forget_fields();
        }
        log(spec, cause);
    }
    Ok(Outcome::of(&error.explain(), true))
}

/// Our own mistakes and Odoo's go to the log; what the user or the network did is only counted.
fn log(spec: &ToolSpec, error: &Error) {
    match error {
        // The message may repeat what the user wrote, so only its class is logged.
        Error::BadArguments { name, .. } => {
            tracing::error!(tool = spec.name, class = %name, "Odoo could not read a call of ours");
        }
        Error::Decode(_) | Error::Server { .. } | Error::UnknownMethod { .. } => {
            tracing::error!(tool = spec.name, %error, "a call to Odoo failed");
        }
        _ => tracing::debug!(tool = spec.name, %error, "a call to Odoo was refused"),
    }
}
