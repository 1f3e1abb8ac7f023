//! From this crate's types to rmcp's.
//!
//! Not for decisions; the handler makes them.

use std::sync::Arc;

use rmcp::model::{
    CacheScope, CallToolResult, CompleteRequestParams, CompleteResult, CompletionInfo,
    ContentBlock, GetPromptResult, Implementation, ListPromptsResult, ListResourceTemplatesResult,
    ListResourcesResult, ListToolsResult, MetaObject, Prompt, PromptArgument, PromptMessage,
    ReadResourceResult, Reference, Resource, ResourceContents, Role, ServerCapabilities,
    ServerConfig, Tool, ToolAnnotations,
};
use serde_json::{Map, Value};

use crate::library::{
    Completion, CompletionTarget, PromptDescriptor, PromptText, ResourceContent, ResourceDescriptor,
};
use crate::tool::{Annotations, ToolDescriptor, ToolOutcome};
use crate::toolset::ServerIdentity;

/// What `initialize` and `server/discover` say.
pub(crate) fn config(identity: &ServerIdentity) -> ServerConfig {
    // All are declared, so that a client gets an empty list rather than an error.
    let capabilities = ServerCapabilities::builder()
        .enable_tools()
        .enable_resources()
        .enable_prompts()
        .enable_completions()
        .build();
    let mut implementation = short_implementation(identity);
    implementation.website_url.clone_from(&identity.website);
    let config = ServerConfig::new(capabilities).with_server_info(implementation);
    if identity.instructions.is_empty() {
        return config;
    }
    config.with_instructions(&identity.instructions)
}

/// The `_meta` of every result in the 2026-07-28 revision: who answered.
pub(crate) fn server_meta(identity: &ServerIdentity) -> MetaObject {
    let mut meta = MetaObject::new();
    let implementation = serde_json::to_value(short_implementation(identity));
    meta.insert(
        "io.modelcontextprotocol/serverInfo".to_owned(),
        implementation.unwrap_or(Value::Null),
    );
    meta
}

fn short_implementation(identity: &ServerIdentity) -> Implementation {
    Implementation::new(&identity.name, &identity.version).with_title(&identity.title)
}

pub(crate) fn tool(tool: &ToolDescriptor) -> Tool {
    let hints = hints(tool.annotations);
    let schema = Arc::clone(&tool.input_schema);
    let mut wire =
        Tool::new(tool.name.clone(), tool.description.clone(), schema).with_annotations(hints);
    wire.title = Some(tool.title.clone().into_owned());
    wire.output_schema.clone_from(&tool.output_schema);
    wire
}

/// Whether a tool reads and whether it destroys is always spelled out; of the other two hints only
/// what differs from the protocol's defaults, and repetition only of what changes something.
fn hints(annotations: Annotations) -> ToolAnnotations {
    let mut hints = ToolAnnotations::new()
        .read_only(annotations.read_only)
        .destructive(annotations.destructive);
    if annotations.idempotent && !annotations.read_only {
        hints = hints.idempotent(true);
    }
    if !annotations.open_world {
        hints = hints.open_world(false);
    }
    hints
}

pub(crate) fn outcome(outcome: ToolOutcome) -> CallToolResult {
    let content = vec![ContentBlock::text(outcome.text)];
    let mut result = if outcome.is_error {
        CallToolResult::error(content)
    } else {
        CallToolResult::success(content)
    };
    result.structured_content = outcome.structured;
    result
}

pub(crate) fn resource(resource: &ResourceDescriptor) -> Resource {
    Resource::new(&*resource.uri, &*resource.name)
        .with_title(&*resource.title)
        .with_description(&*resource.description)
        .with_mime_type(&*resource.mime_type)
}

pub(crate) fn resource_content(content: ResourceContent) -> ReadResourceResult {
    let text = ResourceContents::text(content.text, content.uri).with_mime_type(content.mime_type);
    ReadResourceResult::new(vec![text])
}

pub(crate) fn prompt(prompt: &PromptDescriptor) -> Prompt {
    let arguments = prompt.arguments.iter().map(|argument| {
        PromptArgument::new(&*argument.name)
            .with_description(&*argument.description)
            .with_required(argument.required)
    });
    Prompt::new(
        &*prompt.name,
        Some(&*prompt.description),
        Some(arguments.collect()),
    )
    .with_title(&*prompt.title)
}

pub(crate) fn prompt_text(prompt: PromptText) -> GetPromptResult {
    GetPromptResult::new(vec![PromptMessage::new_text(Role::User, prompt.text)])
        .with_description(prompt.description)
}

/// A question for suggestions; `None` for targets that this crate does not know.
pub(crate) fn completion(request: CompleteRequestParams) -> Option<Completion> {
    let target = match request.r#ref {
        Reference::Prompt(prompt) => CompletionTarget::Prompt(prompt.name),
        Reference::Resource(resource) => CompletionTarget::Resource(resource.uri),
        _ => return None,
    };
    let filled = request
        .context
        .and_then(|context| context.arguments)
        .unwrap_or_default();
    let filled: Map<_, _> = filled
        .into_iter()
        .map(|(name, value)| (name, Value::String(value)))
        .collect();
    let (argument, typed) = (request.argument.name, request.argument.value);
    Some(Completion {
        target,
        argument,
        typed,
        filled,
    })
}

pub(crate) fn suggestions(mut values: Vec<String>) -> CompleteResult {
    let total = u32::try_from(values.len()).ok();
    let has_more = values.len() > CompletionInfo::MAX_VALUES;
    values.truncate(CompletionInfo::MAX_VALUES);
    let mut info = CompletionInfo::default();
    info.values = values;
    info.total = total;
    info.has_more = Some(has_more);
    CompleteResult::new(info)
}

/// Results that carry cache hints and `_meta` in the 2026-07-28 revision. Older revisions do not
/// know these members and get none.
pub(crate) trait Stamp {
    /// Adds who answered.
    fn stamp(&mut self, meta: &MetaObject);
    /// Adds how long the result may be kept, by this caller only.
    fn keep(&mut self, ttl_ms: u64);
}

macro_rules! stamp {
    ($($result:ty: $keeps:tt),* $(,)?) => {
        $(
            impl Stamp for $result {
                fn stamp(&mut self, meta: &MetaObject) {
                    self.meta = Some(meta.clone());
                }

                stamp!(@keep $keeps);
            }
        )*
    };
    (@keep true) => {
        fn keep(&mut self, ttl_ms: u64) {
            self.ttl_ms = Some(ttl_ms);
            self.cache_scope = Some(CacheScope::Private);
        }
    };
    (@keep false) => {
        fn keep(&mut self, _: u64) {}
    };
}

stamp! {
    ListToolsResult: true,
    ListResourcesResult: true,
    ListResourceTemplatesResult: true,
    ListPromptsResult: true,
    ReadResourceResult: true,
    CallToolResult: false,
    GetPromptResult: false,
    CompleteResult: false,
}

/// Whether this method is served. (rmcp hands a request of a known method over as an unknown
/// one when it could not read the parameters.)
pub(crate) fn is_known_method(method: &str, modern: bool) -> bool {
    if matches!(method, "initialize" | "ping") {
        return !modern;
    }
    matches!(
        method,
        "server/discover"
            | "tools/list"
            | "tools/call"
            | "resources/list"
            | "resources/templates/list"
            | "resources/read"
            | "prompts/list"
            | "prompts/get"
            | "completion/complete"
    )
}
