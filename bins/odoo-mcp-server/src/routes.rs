//! The paths beside `/mcp`: the health check, and a word for a person who opens the address in a
//! browser.

use bytes::Bytes;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use odoo_auth::Store;
use serde_json::{Value, json};
use tracing::warn;

/// Whether the process and its store serve; asks nothing of Odoo, because a restart does not mend Odoo.
pub(crate) const HEALTH: &str = "/healthz";
/// Where people land who try the address in a browser.
pub(crate) const HOME: &str = "/";

const WELCOME: &str = "This is an MCP server for Odoo. Add this address with /mcp at its end as a \
                       connector in Claude.\n";

/// Answers a request for any path but `/mcp`.
pub(crate) async fn answer(store: &dyn Store, request: &Request<Bytes>) -> Response<Bytes> {
    match (request.uri().path(), request.method()) {
        (HEALTH, &Method::GET | &Method::HEAD) => health(store).await,
        (HOME, &Method::GET | &Method::HEAD) => respond(
            StatusCode::OK,
            "text/plain; charset=utf-8",
            Bytes::from_static(WELCOME.as_bytes()),
        ),
        (HEALTH | HOME, _) => {
            let mut answer = json(
                StatusCode::METHOD_NOT_ALLOWED,
                &error("method_not_allowed", "Use GET."),
            );
            answer
                .headers_mut()
                .insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            answer
        }
        _ => json(
            StatusCode::NOT_FOUND,
            &error("not_found", "There is nothing here; MCP is at /mcp."),
        ),
    }
}

async fn health(store: &dyn Store) -> Response<Bytes> {
    let (status, word) = match store.ping().await {
        Ok(()) => (StatusCode::OK, "ok"),
        Err(error) => {
            warn!(%error, "the store does not answer the health check");
            (StatusCode::SERVICE_UNAVAILABLE, "the store does not answer")
        }
    };
    let body = json!({ "status": word, "version": env!("CARGO_PKG_VERSION") });
    json(status, &body)
}

fn error(name: &str, description: &str) -> Value {
    json!({ "error": name, "error_description": description })
}

fn json(status: StatusCode, body: &Value) -> Response<Bytes> {
    respond(status, "application/json", Bytes::from(body.to_string()))
}

fn respond(status: StatusCode, kind: &'static str, body: Bytes) -> Response<Bytes> {
    let mut answer = Response::new(body);
    *answer.status_mut() = status;
    answer
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    answer
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}
