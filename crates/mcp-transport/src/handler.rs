//! The MCP methods, answered from a [`ToolSet`].
//!
//! Not for HTTP: over HTTP and over stdio the same handler runs. rmcp reads and writes the
//! messages, checks the protocol revision, and calls this.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CompleteRequestParams, CompleteResult, CustomRequest,
    CustomResult, DiscoverResult, ErrorCode, ErrorData, GetPromptRequestParams, GetPromptResponse,
    InitializeRequestParams, InitializeResult, ListPromptsResult, ListResourceTemplatesResult,
    ListResourcesResult, ListToolsResult, MetaObject, PaginatedRequestParams, ProtocolVersion,
    ReadResourceRequestParams, ReadResourceResponse, ServerConfig, Tool,
};
use rmcp::service::RequestContext;
use rmcp::{RoleServer, ServerHandler};
use tokio_util::task::TaskTracker;

use crate::compat::MODERN;
use crate::progress::Progress;
use crate::run::{self, Running};
use crate::session_id;
use crate::stats::Stats;
use crate::tool::{Client, ToolCall};
use crate::toolset::{CallRefusal, ToolSet};
use crate::visit::Visit;
use crate::wire::{self, Stamp};

/// Answers requests, for one caller each over HTTP and for one fixed caller over stdio.
pub(crate) struct Handler<T: ToolSet> {
    shared: Arc<Shared<T>>,
    fixed: Option<Visit<T::Caller>>,
}

/// What all requests share; rmcp makes a handler for each request, which copies the `Arc`.
pub(crate) struct Shared<T> {
    toolset: Arc<T>,
    config: ServerConfig,
    server_meta: MetaObject,
    call_limit: Duration,
    /// Calls that go on when their client is gone; the drain waits for them.
    detached: TaskTracker,
    stats: Stats,
}

type Context = RequestContext<RoleServer>;

impl<T: ToolSet> Shared<T> {
    pub(crate) fn new(toolset: T, call_limit: Duration, stats: Stats) -> Self {
        let identity = toolset.identity();
        let (config, server_meta) = (wire::config(identity), wire::server_meta(identity));
        let detached = TaskTracker::new();
        Self {
            toolset: Arc::new(toolset),
            config,
            server_meta,
            call_limit,
            detached,
            stats,
        }
    }

    /// Whether calls of this tool may be large.
    pub(crate) fn takes_file(&self, name: &str) -> bool {
        self.toolset.takes_file(name)
    }

    /// The tasks of calls that outlive their client.
    pub(crate) fn detached(&self) -> &TaskTracker {
        &self.detached
    }
}

impl<T: ToolSet> Handler<T> {
    /// A handler whose caller comes with each request.
    pub(crate) fn new(shared: Arc<Shared<T>>) -> Self {
        Self {
            shared,
            fixed: None,
        }
    }

    /// A handler for one caller.
    pub(crate) fn for_one(shared: Arc<Shared<T>>, visit: Visit<T::Caller>) -> Self {
        Self {
            shared,
            fixed: Some(visit),
        }
    }

    /// Who calls. Without that nothing is answered.
    fn visit(&self, context: &Context) -> Result<Visit<T::Caller>, ErrorData> {
        let visit = self.fixed.clone().or_else(|| Visit::of(context));
        visit.ok_or_else(|| ErrorData::internal_error("The request has no caller", None))
    }

    /// The program at the other end, where rmcp has heard its `initialize`: not over HTTP, where
    /// each request stands alone.
    fn peer(&self, context: &Context) -> Option<Client> {
        self.fixed.as_ref()?;
        let (program, version) = (context.client_info()?, context.protocol_version()?);
        Some(session_id::client(
            &program.name,
            &program.version,
            version.as_str(),
        ))
    }

    fn finish<R: Stamp>(&self, context: &Context, mut result: R, ttl: Duration) -> R {
        if is_modern(context) {
            result.stamp(&self.shared.server_meta);
            result.keep(u64::try_from(ttl.as_millis()).unwrap_or(u64::MAX));
        }
        result
    }

    fn list_ttl(&self) -> Duration {
        self.shared.toolset.list_ttl()
    }
}

fn is_modern(context: &Context) -> bool {
    context
        .protocol_version()
        .is_some_and(|version| version.as_str() >= MODERN)
}

/// A refusal as a JSON-RPC error. Those that become HTTP statuses are noted for the endpoint.
fn refused<C>(visit: &Visit<C>, refusal: &CallRefusal) -> ErrorData {
    let code = match refusal {
        CallRefusal::UnknownTool | CallRefusal::InvalidArguments { .. } => {
            ErrorCode::INVALID_PARAMS
        }
        CallRefusal::Unavailable { .. } => ErrorCode::INTERNAL_ERROR,
        CallRefusal::GrantEnded | CallRefusal::InsufficientScope { .. } => {
            visit.notes.refuse(refusal);
            ErrorCode::INVALID_REQUEST
        }
    };
    ErrorData::new(code, refusal.to_string(), None)
}

/// Lists come in one page, so no cursor was ever given out.
fn no_cursor(page: Option<PaginatedRequestParams>) -> Result<(), ErrorData> {
    match page.and_then(|page| page.cursor) {
        None => Ok(()),
        Some(_) => Err(ErrorData::invalid_params(
            "There is no such cursor; ask without one",
            None,
        )),
    }
}

impl<T: ToolSet> ServerHandler for Handler<T> {
    fn get_info(&self) -> ServerConfig {
        self.shared.config.clone()
    }

    fn supported_protocol_versions(&self) -> Cow<'static, [ProtocolVersion]> {
        const SERVED: &[ProtocolVersion] = &[
            ProtocolVersion::V_2025_03_26,
            ProtocolVersion::V_2025_06_18,
            ProtocolVersion::V_2025_11_25,
            ProtocolVersion::V_2026_07_28,
        ];
        Cow::Borrowed(SERVED)
    }

    async fn initialize(
        &self,
        request: InitializeRequestParams,
        context: Context,
    ) -> Result<InitializeResult, ErrorData> {
        context.peer.set_peer_info(request.clone());
        let result = self.negotiate_initialize(&request)?;
        self.visit(&context)?
            .notes
            .agree(result.protocol_version.as_str());
        Ok(result)
    }

    async fn discover(&self, _: Context) -> Result<DiscoverResult, ErrorData> {
        let versions = self.supported_protocol_versions().into_owned();
        let mut result = DiscoverResult::from_server_info(versions, self.get_info());
        result.ttl_ms = u64::try_from(self.list_ttl().as_millis()).unwrap_or(u64::MAX);
        Ok(result)
    }

    async fn list_tools(
        &self,
        page: Option<PaginatedRequestParams>,
        context: Context,
    ) -> Result<ListToolsResult, ErrorData> {
        no_cursor(page)?;
        let visit = self.visit(&context)?;
        let tools = self.shared.toolset.tools(&visit.caller).await;
        let tools = tools.map_err(|refusal| refused(&visit, &refusal))?;
        let result = ListToolsResult::with_all_items(tools.iter().map(wire::tool).collect());
        Ok(self.finish(&context, result, self.list_ttl()))
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: Context,
    ) -> Result<CallToolResponse, ErrorData> {
        let visit = self.visit(&context)?;
        let token = context
            .meta
            .get_progress_token()
            .filter(|_| visit.reads_streams);
        let mut arguments = request.arguments.unwrap_or_default();
        visit.notes.restore(&mut arguments);
        let progress = Progress::to_peer(context.peer.clone(), token);
        let call = ToolCall {
            name: request.name.into_owned(),
            arguments,
            progress: progress.clone(),
            cancelled: context.ct.clone(),
            client: visit.client.clone().or_else(|| self.peer(&context)),
            request_id: Arc::clone(&visit.request_id),
        };
        let running = Running {
            toolset: &self.shared.toolset,
            detached: &self.shared.detached,
            limit: self.shared.call_limit,
            stats: &self.shared.stats,
        };
        let outcome = running.run(visit.caller.clone(), call);
        let outcome = match progress.accompany(outcome).await {
            Ok(outcome) => outcome,
            Err(CallRefusal::Unavailable { message }) => run::failure(message),
            Err(refusal) => return Err(refused(&visit, &refusal)),
        };
        Ok(self
            .finish(&context, wire::outcome(outcome), Duration::ZERO)
            .into())
    }

    /// Only the schema is looked at, so only the schema is copied.
    fn get_tool(&self, name: &str) -> Option<Tool> {
        let tool = self.shared.toolset.descriptor(name)?;
        Some(Tool::new_with_raw(tool.name, None, tool.input_schema))
    }

    async fn list_resources(
        &self,
        page: Option<PaginatedRequestParams>,
        context: Context,
    ) -> Result<ListResourcesResult, ErrorData> {
        no_cursor(page)?;
        let visit = self.visit(&context)?;
        let resources = self.shared.toolset.resources(&visit.caller).await;
        let resources = resources.map_err(|refusal| refused(&visit, &refusal))?;
        let items = resources.iter().map(wire::resource).collect();
        let result = ListResourcesResult::with_all_items(items);
        Ok(self.finish(&context, result, self.list_ttl()))
    }

    async fn list_resource_templates(
        &self,
        page: Option<PaginatedRequestParams>,
        context: Context,
    ) -> Result<ListResourceTemplatesResult, ErrorData> {
        no_cursor(page)?;
        self.visit(&context)?;
        let result = ListResourceTemplatesResult::default();
        Ok(self.finish(&context, result, self.list_ttl()))
    }

    async fn read_resource(
        &self,
        request: ReadResourceRequestParams,
        context: Context,
    ) -> Result<ReadResourceResponse, ErrorData> {
        let visit = self.visit(&context)?;
        let content = self
            .shared
            .toolset
            .read_resource(&visit.caller, &request.uri)
            .await;
        let content = content.map_err(|refusal| refused(&visit, &refusal))?;
        let Some(content) = content else {
            let data = serde_json::json!({ "uri": request.uri });
            return Err(ErrorData::resource_not_found(
                "There is no such resource",
                Some(data),
            ));
        };
        Ok(self
            .finish(&context, wire::resource_content(content), Duration::ZERO)
            .into())
    }

    async fn list_prompts(
        &self,
        page: Option<PaginatedRequestParams>,
        context: Context,
    ) -> Result<ListPromptsResult, ErrorData> {
        no_cursor(page)?;
        let visit = self.visit(&context)?;
        let prompts = self.shared.toolset.prompts(&visit.caller).await;
        let prompts = prompts.map_err(|refusal| refused(&visit, &refusal))?;
        let result = ListPromptsResult::with_all_items(prompts.iter().map(wire::prompt).collect());
        Ok(self.finish(&context, result, self.list_ttl()))
    }

    async fn get_prompt(
        &self,
        request: GetPromptRequestParams,
        context: Context,
    ) -> Result<GetPromptResponse, ErrorData> {
        let visit = self.visit(&context)?;
        let arguments = request.arguments.unwrap_or_default();
        let prompt = self
            .shared
            .toolset
            .get_prompt(&visit.caller, &request.name, arguments)
            .await;
        let prompt = prompt.map_err(|refusal| refused(&visit, &refusal))?;
        let Some(prompt) = prompt else {
            return Err(ErrorData::invalid_params("There is no such prompt", None));
        };
        Ok(self
            .finish(&context, wire::prompt_text(prompt), Duration::ZERO)
            .into())
    }

    async fn complete(
        &self,
        request: CompleteRequestParams,
        context: Context,
    ) -> Result<CompleteResult, ErrorData> {
        let visit = self.visit(&context)?;
        let Some(completion) = wire::completion(request) else {
            return Err(ErrorData::invalid_params(
                "Only prompts and resources complete",
                None,
            ));
        };
        let values = self
            .shared
            .toolset
            .complete(&visit.caller, completion)
            .await;
        let values = values.map_err(|refusal| refused(&visit, &refusal))?;
        Ok(self.finish(&context, wire::suggestions(values), Duration::ZERO))
    }

    async fn on_custom_request(
        &self,
        request: CustomRequest,
        context: Context,
    ) -> Result<CustomResult, ErrorData> {
        if wire::is_known_method(&request.method, is_modern(&context)) {
            let message = format!("The parameters of {} have wrong types", request.method);
            return Err(ErrorData::invalid_params(message, None));
        }
        Err(ErrorData::new(
            ErrorCode::METHOD_NOT_FOUND,
            "There is no such method",
            None,
        ))
    }
}
