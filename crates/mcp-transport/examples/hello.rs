//! A server with two tools, for trying clients out.
//!
//! ```text
//! cargo run -p mcp-transport --example hello -- 127.0.0.1:8731
//! curl -s http://127.0.0.1:8731/mcp -H 'Authorization: Bearer alice-token' \
//!   -H 'Content-Type: application/json' \
//!   -d '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"greet","arguments":{}}}'
//! ```
//! The tokens are `alice-token` and `bob-token`. `-- --stdio` serves standard input instead.

use std::io::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use mcp_transport::{
    Annotations, Authenticate, CallRefusal, Caller, CancellationToken, Challenge, PromptDescriptor,
    PromptText, Refusal, ResourceContent, ResourceDescriptor, Server, ServerIdentity, ToolCall,
    ToolDescriptor, ToolOutcome, ToolSet, stdio,
};
use serde_json::{Map, Value, json};

#[derive(Clone)]
struct Person(&'static str);

impl Caller for Person {
    fn principal(&self) -> &str {
        self.0
    }
}

struct Tokens;

impl Authenticate for Tokens {
    type Caller = Person;

    async fn authenticate(&self, bearer: &str) -> Result<Person, Refusal> {
        match bearer {
            "alice-token" => Ok(Person("alice")),
            "bob-token" => Ok(Person("bob")),
            _ => Err(Refusal::InvalidToken),
        }
    }
}

struct Hello {
    identity: ServerIdentity,
    tools: Arc<[ToolDescriptor]>,
    notes: Mutex<Vec<String>>,
}

impl ToolSet for Hello {
    type Caller = Person;

    fn identity(&self) -> &ServerIdentity {
        &self.identity
    }

    async fn tools(&self, _: &Person) -> Result<Arc<[ToolDescriptor]>, CallRefusal> {
        Ok(Arc::clone(&self.tools))
    }

    async fn call(&self, person: &Person, call: ToolCall) -> Result<ToolOutcome, CallRefusal> {
        let text = call
            .arguments
            .get("text")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let answer = match call.name.as_str() {
            "greet" => format!("Hello, {}!", person.0),
            "add_note" if text.is_empty() => {
                return Ok(ToolOutcome::error("Give the note a `text`."));
            }
            "add_note" => {
                let mut notes = self.notes.lock().unwrap_or_else(PoisonError::into_inner);
                notes.push(text.to_owned());
                notes.truncate(1_000);
                format!("There are {} notes now.", notes.len())
            }
            _ => return Err(CallRefusal::UnknownTool),
        };
        let structured = Some(json!({ "answer": answer }));
        Ok(ToolOutcome {
            structured,
            text: answer,
            is_error: false,
        })
    }

    fn descriptor(&self, name: &str) -> Option<ToolDescriptor> {
        self.tools.iter().find(|tool| tool.name == name).cloned()
    }

    async fn resources(&self, _: &Person) -> Result<Arc<[ResourceDescriptor]>, CallRefusal> {
        Ok(Arc::new([ResourceDescriptor {
            uri: "hello://manners".into(),
            name: "manners".into(),
            title: "Manners".into(),
            description: "How to greet".into(),
            mime_type: "text/plain".into(),
        }]))
    }

    async fn read_resource(
        &self,
        _: &Person,
        uri: &str,
    ) -> Result<Option<ResourceContent>, CallRefusal> {
        Ok((uri == "hello://manners").then(|| ResourceContent {
            uri: uri.to_owned(),
            mime_type: "text/plain".to_owned(),
            text: "Say the name.".to_owned(),
        }))
    }

    async fn prompts(&self, _: &Person) -> Result<Arc<[PromptDescriptor]>, CallRefusal> {
        Ok(Arc::new([PromptDescriptor {
            name: "welcome".into(),
            title: "Welcome".into(),
            description: "Greet the person".into(),
            arguments: Vec::new(),
        }]))
    }

    async fn get_prompt(
        &self,
        _: &Person,
        name: &str,
        _: Map<String, Value>,
    ) -> Result<Option<PromptText>, CallRefusal> {
        Ok((name == "welcome").then(|| PromptText {
            description: "Greet the person".to_owned(),
            text: "Call the greet tool.".to_owned(),
        }))
    }
}

fn tool(name: &'static str, title: &'static str, schema: Value, read_only: bool) -> ToolDescriptor {
    let answer = json!({
        "type": "object",
        "properties": { "answer": { "type": "string" } },
        "required": ["answer"],
    });
    let members = |schema: Value| match schema {
        Value::Object(members) => Arc::new(members),
        _ => Arc::default(),
    };
    ToolDescriptor {
        name: name.into(),
        title: title.into(),
        description: title.into(),
        input_schema: members(schema),
        output_schema: Some(members(answer)),
        annotations: Annotations {
            read_only,
            destructive: false,
            idempotent: read_only,
            open_world: false,
        },
        takes_file: false,
    }
}

fn hello() -> Hello {
    let nothing = json!({ "type": "object", "additionalProperties": false });
    let text = json!({
        "type": "object",
        "properties": { "text": { "type": "string", "description": "What to remember" } },
        "required": ["text"],
    });
    Hello {
        identity: ServerIdentity {
            name: "hello".to_owned(),
            title: "Hello".to_owned(),
            version: "1.0.0".to_owned(),
            instructions: "Greets people and keeps their notes.".to_owned(),
            website: None,
        },
        tools: Arc::new([
            tool("greet", "Greet the caller", nothing, true),
            tool("add_note", "Remember a note", text, false),
        ]),
        notes: Mutex::default(),
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let address = std::env::args()
        .nth(1)
        .unwrap_or_else(|| "127.0.0.1:8731".to_owned());
    if address == "--stdio" {
        return Ok(stdio::serve(hello(), Person("alice")).await?);
    }
    let challenge = Challenge {
        resource_metadata: Some(format!(
            "http://{address}/.well-known/oauth-protected-resource"
        )),
        scope: Some("hello".to_owned()),
    };
    let server = Server::builder(Tokens, hello())
        .challenge(challenge)
        .bind(&address)
        .await?;
    writeln!(
        std::io::stdout(),
        "ready: http://{}/mcp",
        server.local_addr()
    )?;
    let stop = CancellationToken::new();
    let on_signal = stop.clone();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            on_signal.cancel();
        }
    });
    server.serve(stop).await;
    Ok(())
}
