//! The official Rust client from its first request to a refreshed token: all that a person does is to fill in the
//! sign-in page. The clients in other languages are tried by `cargo xtask clients`.

use anyhow::Context as _;
use mcp_transport::CancellationToken;
use odoo_mcp_server::demo::Demo;
use odoo_sandbox::Sandbox;
use reqwest::redirect::Policy;
use rmcp::model::{CallToolRequestParams, ClientConfig};
use rmcp::service::RunningService;
use rmcp::transport::auth::{
    AuthorizationRequest, CredentialStore as _, InMemoryCredentialStore, OAuthState,
    StoredCredentials,
};
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;
use rmcp::transport::{AuthClient, AuthorizationManager, StreamableHttpClientTransport};
use rmcp::{RoleClient, ServiceExt as _};
use serde_json::{Map, Value, json};

use crate::sign_in_page::sign_in;

const REDIRECT: &str = "http://localhost:43120/callback";
/// A client that is known by the address of its metadata document and whose document the server knows.
const KNOWN_CLIENT: &str = "https://claude.ai/oauth/claude-code-client-metadata";

type Client = RunningService<RoleClient, ClientConfig>;

#[tokio::test]
async fn rmcp_registers_signs_in_calls_and_refreshes() -> anyhow::Result<()> {
    let client_id =
        journey(AuthorizationRequest::new(REDIRECT).with_client_name("Rust journey")).await?;
    assert!(client_id.starts_with("omcp_cl_"), "{client_id}");
    Ok(())
}

#[tokio::test]
async fn rmcp_signs_in_by_its_metadata_document_calls_and_refreshes() -> anyhow::Result<()> {
    let request = AuthorizationRequest::new(REDIRECT).with_client_metadata_url(KNOWN_CLIENT);
    assert_eq!(journey(request).await?, KNOWN_CLIENT);
    Ok(())
}

/// Gives the client id that was signed in with.
async fn journey(request: AuthorizationRequest) -> anyhow::Result<String> {
    // rmcp's own HTTP client takes the process's provider. Another journey may have been first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let sandbox = Sandbox::builder().start().await?;
    let demo = Demo::start("127.0.0.1:0".parse()?, &sandbox).await?;
    let url = demo.url();
    let drain = CancellationToken::new();
    let serving = tokio::spawn(demo.serve(drain.clone()));

    let store = InMemoryCredentialStore::new();
    let client = connect(&url, authorize(&url, request, &store).await?).await?;
    call_tools(&client).await?;

    let first = kept(&store).await?;
    expire(&store, first.clone()).await?;
    call(&client, "whoami", json!({})).await?;
    let second = kept(&store).await?;
    assert_ne!(
        token(&first)?,
        token(&second)?,
        "the token was not refreshed"
    );

    client.cancel().await?;
    drain.cancel();
    serving.await?;
    Ok(second.client_id)
}

/// From the address alone to a client that may come in.
async fn authorize(
    url: &str,
    request: AuthorizationRequest,
    store: &InMemoryCredentialStore,
) -> anyhow::Result<AuthorizationManager> {
    let mut manager = AuthorizationManager::new(url).await?;
    manager.set_credential_store(store.clone());
    let mut state = OAuthState::Unauthorized(manager);
    state.start_authorization(request).await?;
    let page = state.get_authorization_url().await?;
    let browser = reqwest::Client::builder()
        .redirect(Policy::none())
        .build()?;
    let answer = sign_in(&browser, &page, "alice", "alice-demo").await?;
    state.handle_callback_url(&answer).await?;
    let manager = state.into_authorization_manager();
    manager.context("the sign-in was not completed")
}

async fn connect(url: &str, manager: AuthorizationManager) -> anyhow::Result<Client> {
    let http = reqwest::Client::builder().build()?;
    let config = StreamableHttpClientTransportConfig::with_uri(url);
    let transport =
        StreamableHttpClientTransport::with_client(AuthClient::new(http, manager), config);
    Ok(ClientConfig::default().serve(transport).await?)
}

/// Calls one tool of each kind, all of which must be in the list.
async fn call_tools(client: &Client) -> anyhow::Result<()> {
    let listed = client.list_all_tools().await?;
    for name in [
        "whoami",
        "list_companies",
        "pl_summary",
        "search_employees",
        "list_tasks",
    ] {
        assert!(listed.iter().any(|tool| tool.name == name), "{name}");
        call(client, name, json!({})).await?;
    }
    let invoices = call(client, "list_invoices", json!({})).await?;
    let id = &invoices["records"][0]["id"];
    let invoice = call(client, "read_invoice", json!({ "id": id })).await?;
    assert_eq!(&invoice["id"], id);
    Ok(())
}

/// The structured answer of a tool.
async fn call(client: &Client, name: &'static str, arguments: Value) -> anyhow::Result<Value> {
    let arguments: Map<String, Value> = serde_json::from_value(arguments)?;
    let request = CallToolRequestParams::new(name).with_arguments(arguments);
    let answer = client.call_tool(request).await?;
    assert_ne!(answer.is_error, Some(true), "{name}: {answer:?}");
    answer.structured_content.context("no structured answer")
}

async fn kept(store: &InMemoryCredentialStore) -> anyhow::Result<StoredCredentials> {
    store.load().await?.context("the client kept nothing")
}

/// Lets the client believe that its token came long ago.
async fn expire(
    store: &InMemoryCredentialStore,
    mut credentials: StoredCredentials,
) -> anyhow::Result<()> {
    credentials.token_received_at = Some(1);
    Ok(store.save(credentials).await?)
}

fn token(credentials: &StoredCredentials) -> anyhow::Result<String> {
    let response = credentials.token_response.as_ref();
    let response = serde_json::to_value(response.context("no token")?)?;
    let token = response["access_token"].as_str();
    Ok(token.context("no access token")?.to_owned())
}
