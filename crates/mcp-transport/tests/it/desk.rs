//! The tools that the tests call, and what was seen of the calls.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use mcp_transport::{
    Annotations, CallRefusal, Caller, Client, Completion, Execution, PromptArgument,
    PromptDescriptor, PromptText, ResourceContent, ResourceDescriptor, ServerIdentity, Stats,
    ToolCall, ToolDescriptor, ToolOutcome, ToolSet,
};
use serde_json::{Map, Value, json};
use tokio::sync::Semaphore;

/// A person, known by name.
#[derive(Clone, Debug)]
pub(crate) struct Person(pub(crate) Arc<str>);

impl Caller for Person {
    fn principal(&self) -> &str {
        &self.0
    }
}

/// What the tests look at afterwards.
#[derive(Debug)]
pub(crate) struct Seen {
    /// Calls of `wait` or `write` that have begun.
    pub(crate) begun: AtomicUsize,
    /// Calls of `wait` that were dropped before their end.
    pub(crate) dropped: AtomicUsize,
    /// Calls of `write` that came to their end.
    pub(crate) written: AtomicUsize,
    /// Lets `wait` and `write` go on.
    pub(crate) release: Semaphore,
    /// The clients of calls, as the tools saw them.
    pub(crate) clients: std::sync::Mutex<Vec<Option<Client>>>,
}

impl Seen {
    /// Waits until a counter has come to a number.
    pub(crate) async fn until(&self, counter: impl Fn(&Self) -> &AtomicUsize, number: usize) {
        let reached = async {
            while counter(self).load(Ordering::SeqCst) < number {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(5), reached)
            .await
            .expect("it never happened");
    }
}

impl Seen {
    /// Waits until the server has nothing in work.
    pub(crate) async fn until_idle(&self, stats: &Stats) {
        let idle = async {
            while stats.in_flight() > 0 {
                tokio::time::sleep(Duration::from_millis(2)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(5), idle)
            .await
            .expect("it never became idle");
    }
}

/// The tool set.
pub(crate) struct Desk {
    identity: ServerIdentity,
    tools: Arc<[ToolDescriptor]>,
    seen: Arc<Seen>,
}

impl Desk {
    pub(crate) fn new() -> (Self, Arc<Seen>) {
        let seen = Arc::new(Seen {
            begun: AtomicUsize::new(0),
            dropped: AtomicUsize::new(0),
            written: AtomicUsize::new(0),
            release: Semaphore::new(0),
            clients: std::sync::Mutex::default(),
        });
        let identity = ServerIdentity {
            name: "desk".to_owned(),
            title: "Desk".to_owned(),
            version: "0.0.1".to_owned(),
            instructions: "Ask who you are first.".to_owned(),
            website: Some("https://desk.example".to_owned()),
        };
        let tools = [
            "whoami", "wait", "write", "count", "panic", "refuse", "regional", "file",
        ]
        .map(tool);
        let desk = Self {
            identity,
            tools: Arc::new(tools),
            seen: Arc::clone(&seen),
        };
        (desk, seen)
    }

    async fn wait(&self) -> ToolOutcome {
        struct Dropped<'a>(Option<&'a Seen>);
        impl Drop for Dropped<'_> {
            fn drop(&mut self) {
                if let Some(seen) = self.0 {
                    seen.dropped.fetch_add(1, Ordering::SeqCst);
                }
            }
        }
        let mut guard = Dropped(Some(&self.seen));
        self.seen.begun.fetch_add(1, Ordering::SeqCst);
        self.seen.release.acquire().await.expect("open").forget();
        guard.0 = None;
        outcome("waited")
    }

    async fn write(&self) -> ToolOutcome {
        self.seen.begun.fetch_add(1, Ordering::SeqCst);
        self.seen.release.acquire().await.expect("open").forget();
        self.seen.written.fetch_add(1, Ordering::SeqCst);
        outcome("written")
    }
}

fn tool(name: &'static str) -> ToolDescriptor {
    let schema = match name {
        "regional" => json!({
            "type": "object",
            "properties": { "region": { "type": "string", "x-mcp-header": "Region" } },
        }),
        _ => json!({ "type": "object" }),
    };
    let read_only = !matches!(name, "write" | "panic");
    ToolDescriptor {
        name: name.into(),
        title: name.to_uppercase().into(),
        description: "For tests".into(),
        input_schema: Arc::new(schema.as_object().expect("an object").clone()),
        output_schema: None,
        annotations: Annotations {
            read_only,
            destructive: false,
            idempotent: false,
            open_world: false,
        },
        takes_file: name == "file",
    }
}

fn outcome(text: &str) -> ToolOutcome {
    ToolOutcome {
        structured: Some(json!({ "said": text })),
        text: text.to_owned(),
        is_error: false,
    }
}

/// What arrived: the arguments in their order, long texts by their length and ends.
fn described(arguments: &Map<String, Value>) -> String {
    let described = arguments.iter().map(|(name, value)| match value {
        Value::String(text) if text.len() > 10 => {
            let (start, end) = (&text[..2], &text[text.len() - 2..]);
            format!("{name}={start}..{end} ({})", text.len())
        }
        value => format!("{name}={value}"),
    });
    described.collect::<Vec<_>>().join(", ")
}

fn refusal(kind: &str) -> CallRefusal {
    match kind {
        "scope" => CallRefusal::InsufficientScope {
            required: "desk:write".to_owned(),
            held: "desk:read".to_owned(),
        },
        "grant" => CallRefusal::GrantEnded,
        _ => CallRefusal::Unavailable {
            message: "The desk is closed until nine.".to_owned(),
        },
    }
}

impl ToolSet for Desk {
    type Caller = Person;

    fn identity(&self) -> &ServerIdentity {
        &self.identity
    }

    async fn tools(&self, person: &Person) -> Result<Arc<[ToolDescriptor]>, CallRefusal> {
        match &*person.0 {
            "gone" => Err(CallRefusal::GrantEnded),
            _ => Ok(Arc::clone(&self.tools)),
        }
    }

    async fn call(&self, person: &Person, call: ToolCall) -> Result<ToolOutcome, CallRefusal> {
        self.seen
            .clients
            .lock()
            .expect("unpoisoned")
            .push(call.client.clone());
        match call.name.as_str() {
            "whoami" => {
                // Others get their turn between question and answer, as they do with a database.
                tokio::task::yield_now().await;
                Ok(outcome(&format!("canary-{}", person.0)))
            }
            "wait" => Ok(self.wait().await),
            "write" => Ok(self.write().await),
            "count" => {
                if call.arguments.contains_key("after") {
                    self.wait().await;
                }
                call.progress.report(1.0, Some(2.0), "half").await;
                if call.arguments.contains_key("between") {
                    self.wait().await;
                }
                call.progress.report(2.0, Some(2.0), "done").await;
                let kind = call.arguments.get("then").and_then(Value::as_str);
                kind.map_or(Ok(outcome("counted")), |kind| Err(refusal(kind)))
            }
            "regional" => Ok(outcome("there")),
            "file" => Ok(outcome(&described(&call.arguments))),
            "panic" => panic!("as told"),
            "refuse" => {
                let kind = call
                    .arguments
                    .get("kind")
                    .and_then(Value::as_str)
                    .unwrap_or_default();
                Err(refusal(kind))
            }
            _ => Err(CallRefusal::UnknownTool),
        }
    }

    fn descriptor(&self, name: &str) -> Option<ToolDescriptor> {
        self.tools.iter().find(|tool| tool.name == name).cloned()
    }

    fn execution(&self, name: &str) -> Execution {
        match self.descriptor(name) {
            Some(tool) if tool.annotations.read_only => Execution::Attached,
            _ => Execution::Detached,
        }
    }

    async fn resources(&self, _: &Person) -> Result<Arc<[ResourceDescriptor]>, CallRefusal> {
        Ok(Arc::new([ResourceDescriptor {
            uri: "desk://rules".into(),
            name: "rules".into(),
            title: "Rules".into(),
            description: "The rules of the desk".into(),
            mime_type: "text/markdown".into(),
        }]))
    }

    async fn read_resource(
        &self,
        person: &Person,
        uri: &str,
    ) -> Result<Option<ResourceContent>, CallRefusal> {
        Ok((uri == "desk://rules").then(|| ResourceContent {
            uri: uri.to_owned(),
            mime_type: "text/markdown".to_owned(),
            text: format!("Be kind, {}.", person.0),
        }))
    }

    async fn prompts(&self, _: &Person) -> Result<Arc<[PromptDescriptor]>, CallRefusal> {
        Ok(Arc::new([PromptDescriptor {
            name: "tidy".into(),
            title: "Tidy up".into(),
            description: "Tidy a desk".into(),
            arguments: vec![PromptArgument {
                name: "which".into(),
                description: "Whose desk".into(),
                required: true,
            }],
        }]))
    }

    async fn get_prompt(
        &self,
        _: &Person,
        name: &str,
        arguments: Map<String, Value>,
    ) -> Result<Option<PromptText>, CallRefusal> {
        let which = arguments.get("which").and_then(Value::as_str);
        match (name, which) {
            ("tidy", Some(which)) => Ok(Some(PromptText {
                description: "Tidy a desk".to_owned(),
                text: format!("Tidy the desk of {which}."),
            })),
            ("tidy", None) => Err(CallRefusal::InvalidArguments {
                message: "Say `which` desk.".to_owned(),
            }),
            _ => Ok(None),
        }
    }

    async fn complete(&self, _: &Person, ask: Completion) -> Result<Vec<String>, CallRefusal> {
        let names = (0..150).map(|number| format!("{}{number}", ask.typed));
        Ok(names.collect())
    }
}
