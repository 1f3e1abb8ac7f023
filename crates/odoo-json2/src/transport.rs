//! The HTTP service that a client uses unless it is given another: reqwest with everything off that
//! must not happen between a server and its Odoo.

use std::{
    error::Error as _,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context as TaskContext, Poll},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use http::{Request, Response};
use rustls::{ClientConfig, RootCertStore, crypto::ring};
use rustls_platform_verifier::BuilderVerifierExt;
use url::Url;

use crate::Limits;

/// How the exchange of a request for an answer can fail before there is an answer.
///
/// A service given to [`OdooBuilder::service`](crate::OdooBuilder::service) may return it (boxed) to
/// tell the client what happened. Any other error counts as [`TransportError::Interrupted`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TransportError {
    /// No connection came about, so that nothing was sent.
    #[error("no connection: {0}")]
    Connect(String),
    /// No answer in time; the request may have been carried out.
    #[error("no answer in time")]
    Timeout,
    /// The connection broke; the request may have been carried out.
    #[error("the connection broke: {0}")]
    Interrupted(String),
    /// The answer passed the limit and was not read further.
    #[error("the answer is larger than {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: usize,
    },
}

/// How long an unused connection is kept.
const IDLE_CONNECTION: Duration = Duration::from_secs(30);

/// reqwest without redirects (the key must not follow one), without proxies from the environment
/// and without cookies, reading bodies up to a limit.
#[derive(Clone, Debug)]
pub(crate) struct HttpClient {
    client: reqwest::Client,
    max_response_bytes: usize,
}

impl HttpClient {
    /// Fails when the operating system's certificates are needed and cannot be loaded.
    pub(crate) fn new(base: &Url, limits: &Limits) -> Result<Self, String> {
        let client = http_client_builder(base.scheme() == "https")
            .map_err(|error| error.to_string())?
            .tcp_nodelay(true)
            .connect_timeout(limits.connect)
            // Shorter than the usual keep-alive of proxies, so that writes seldom meet a connection
            // that is just being closed.
            .pool_idle_timeout(IDLE_CONNECTION)
            .pool_max_idle_per_host(limits.max_in_flight)
            .build()
            .map_err(|error| root_cause(&error))?;
        Ok(Self {
            client,
            max_response_bytes: limits.max_response_bytes,
        })
    }

    async fn exchange(self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let request = reqwest::Request::try_from(request)
            .map_err(|error| TransportError::Connect(root_cause(&error)))?;
        let mut answer = self
            .client
            .execute(request)
            .await
            .map_err(|error| classify(&error))?;
        let mut response = Response::new(Bytes::new());
        *response.status_mut() = answer.status();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        *response.body_mut() = read_body(&mut answer, self.max_response_bytes).await?;
        Ok(response)
    }
}

impl tower::Service<Request<Bytes>> for HttpClient {
    type Response = Response<Bytes>;
    type Error = TransportError;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Bytes>, TransportError>> + Send>>;

    fn poll_ready(&mut self, _: &mut TaskContext<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Bytes>) -> Self::Future {
        Box::pin(self.clone().exchange(request))
    }
}

/// Reads chunk by chunk, so that an endless or exploding answer costs no more than the limit.
async fn read_body(answer: &mut reqwest::Response, limit: usize) -> Result<Bytes, TransportError> {
    let mut body = BytesMut::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| classify(&error))? {
        if body.len() + chunk.len() > limit {
            return Err(TransportError::TooLarge { limit });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// A builder of HTTP clients as this crate uses them, for other errands of the same program: TLS by
/// rustls with ring and, when `https` is needed, the operating system's certificates; no redirects,
/// no retries, no proxies from the environment, no cookies.
///
/// # Errors
/// When the operating system's certificates are needed and cannot be loaded.
pub fn http_client_builder(https: bool) -> Result<reqwest::ClientBuilder, rustls::Error> {
    Ok(reqwest::Client::builder()
        .tls_backend_preconfigured(tls(https)?)
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .no_proxy())
}

/// ring is handed over here, so that nobody has to install a process-wide provider. Without TLS no
/// certificate is needed, which a container without any has to survive.
fn tls(needed: bool) -> Result<ClientConfig, rustls::Error> {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?;
    let builder = if needed {
        builder.with_platform_verifier()?
    } else {
        builder.with_root_certificates(RootCertStore::empty())
    };
    let mut config = builder.with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

fn classify(error: &reqwest::Error) -> TransportError {
    if error.is_connect() {
        TransportError::Connect(root_cause(error))
    } else if error.is_timeout() {
        TransportError::Timeout
    } else {
        TransportError::Interrupted(root_cause(error))
    }
}

/// The innermost error says what happened ("Connection refused"); the outer ones repeat the URL.
fn root_cause(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        return "timed out".to_owned();
    }
    let mut cause = error.source();
    let mut message = None;
    while let Some(inner) = cause {
        message = Some(inner.to_string());
        cause = inner.source();
    }
    message.unwrap_or_else(|| "the request could not be sent".to_owned())
}
