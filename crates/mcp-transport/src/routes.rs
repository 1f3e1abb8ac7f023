//! Every path but `/mcp`: the program's own pages, and who may see them without a token.
//!
//! Not for what is on them.

use std::convert::Infallible;
use std::net::SocketAddr;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Request, Response, StatusCode};
use tower::util::BoxCloneSyncService;
use tower::{Service, ServiceExt as _, service_fn};

use crate::answer::{Answer, full};

/// The program's service for other paths. It gets requests with their bodies read.
pub(crate) type Pages = BoxCloneSyncService<Request<Bytes>, Response<Bytes>, Infallible>;

/// The other end of a request's connection, among the request's extensions. Behind a proxy it is
/// the proxy's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeerAddress(pub SocketAddr);

/// The other paths.
#[derive(Debug, Clone)]
pub(crate) struct Routes {
    service: Pages,
    open: Vec<String>,
    any_host: Vec<String>,
}

impl Default for Routes {
    fn default() -> Self {
        let service = service_fn(|_| async { Ok(not_found()) });
        Self {
            service: BoxCloneSyncService::new(service),
            open: Vec::new(),
            any_host: Vec::new(),
        }
    }
}

impl Routes {
    pub(crate) fn serve<R>(&mut self, service: R)
    where
        R: Service<Request<Bytes>, Response = Response<Bytes>, Error = Infallible>
            + Clone
            + Send
            + Sync
            + 'static,
        R::Future: Send + 'static,
    {
        self.service = BoxCloneSyncService::new(service);
    }

    pub(crate) fn open(&mut self, path: String) {
        self.open.push(path);
    }

    pub(crate) fn any_host(&mut self, path: String) {
        self.any_host.push(path);
    }

    /// Whether a path answers without a token. Paths are closed unless the program opened them,
    /// so that a forgotten one fails safe.
    pub(crate) fn is_open(&self, path: &str) -> bool {
        self.open.iter().any(|pattern| matches(pattern, path))
    }

    /// Whether a path answers under every host name, as health checks by address need it.
    pub(crate) fn is_for_any_host(&self, path: &str) -> bool {
        self.any_host.iter().any(|pattern| matches(pattern, path))
    }

    pub(crate) async fn answer(&self, request: Request<Bytes>) -> Answer {
        let answer = self.service.clone().oneshot(request).await;
        answer.unwrap_or_else(|never| match never {}).map(full)
    }
}

/// A pattern is a path, or ends in `/*` and stands for everything below.
fn matches(pattern: &str, path: &str) -> bool {
    pattern
        .strip_suffix('*')
        .map_or(pattern == path, |start| path.starts_with(start))
}

fn not_found() -> Response<Bytes> {
    let body = br#"{"error":"not_found","error_description":"There is nothing here."}"#;
    let mut answer = Response::new(Bytes::from_static(body));
    *answer.status_mut() = StatusCode::NOT_FOUND;
    answer
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    answer
}
