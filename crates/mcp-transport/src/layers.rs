//! The tower layers around the front door: what every request gets, whoever sent it.
//!
//! Not for anything that looks into a request; the front door does that, in its own order.

use std::any::Any;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::header::{AUTHORIZATION, COOKIE, SET_COOKIE};
use http::{HeaderName, HeaderValue, Request, Response, StatusCode};
use http_body::Body;
use http_body_util::combinators::BoxBody;
use tower::{Service, ServiceBuilder, service_fn};
use tower_http::catch_panic::{CatchPanicLayer, ResponseForPanic};
use tower_http::request_id::{
    MakeRequestId, PropagateRequestIdLayer, RequestId, SetRequestIdLayer,
};
use tower_http::sensitive_headers::{
    SetSensitiveRequestHeadersLayer, SetSensitiveResponseHeadersLayer,
};
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::trace::TraceLayer;
use tracing::Span;

use crate::answer::plain_error;
use crate::caller::Authenticate;
use crate::crypto::{Entropy, NoEntropy};
use crate::envelope::SESSION_ID;
use crate::front::Front;
use crate::stats::Stats;
use crate::toolset::ToolSet;

/// Longer paths are cut in logs.
const MAX_LOGGED_PATH: usize = 200;

/// Puts the layers around the front door.
pub(crate) fn stack<A, T, B>(
    front: Arc<Front<A, T>>,
    numbers: RequestNumbers,
    stats: Stats,
) -> impl Service<
    Request<B>,
    Response = Response<
        impl Body<Data = Bytes, Error = impl Into<tower::BoxError>> + Send + 'static,
    >,
    Error = Infallible,
    Future: Send,
> + Clone
+ Send
where
    A: Authenticate,
    T: ToolSet<Caller = A::Caller>,
    B: Body<Data = Bytes> + Send + 'static,
{
    ServiceBuilder::new()
        // First of all, so that every line of the log below can name the request. A number that
        // the client sent would let it write into our logs, so ours takes its place.
        .layer(DropRequestIdLayer)
        .layer(SetRequestIdLayer::x_request_id(numbers))
        // Before the trace, which could otherwise print them.
        .layer(SetSensitiveRequestHeadersLayer::new([
            AUTHORIZATION,
            COOKIE,
            SESSION_ID,
        ]))
        // Around everything that can refuse, so that refusals are logged as well.
        .layer(
            TraceLayer::new_for_http()
                .make_span_with(span)
                .on_request(())
                .on_response(log_response)
                .on_body_chunk(())
                .on_eos(())
                .on_failure(()),
        )
        .layer(PropagateRequestIdLayer::x_request_id())
        .layer(SetSensitiveResponseHeadersLayer::new([
            SET_COOKIE, SESSION_ID,
        ]))
        .layer(SetResponseHeaderLayer::if_not_present(
            HeaderName::from_static("x-content-type-options"),
            HeaderValue::from_static("nosniff"),
        ))
        // Inside the trace, so that the 500 is logged with its number; around our own code, so
        // that a panic costs one request and not the connection with all others on it.
        .layer(CatchPanicLayer::custom(PanicAnswer(stats)))
        .service(service_fn(move |request: Request<B>| {
            let front = Arc::clone(&front);
            // Boxed here, at its smallest, since every layer moves the future once.
            Box::pin(async move { Ok::<_, Infallible>(front.answer(request).await) })
        }))
}

/// Numbers requests: eight random hexadecimal digits of this start, a dash, and a count.
#[derive(Clone)]
pub(crate) struct RequestNumbers {
    start: Arc<str>,
    count: Arc<AtomicU64>,
}

impl RequestNumbers {
    pub(crate) fn new(entropy: &Entropy) -> Result<Self, NoEntropy> {
        let mut start = [0; 4];
        entropy.fill(&mut start)?;
        let start = format!("{:08x}", u32::from_be_bytes(start)).into();
        Ok(Self {
            start,
            count: Arc::default(),
        })
    }
}

impl MakeRequestId for RequestNumbers {
    fn make_request_id<B>(&mut self, _: &Request<B>) -> Option<RequestId> {
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        let number = format!("{}-{count:x}", self.start);
        HeaderValue::try_from(number).ok().map(RequestId::new)
    }
}

/// Removes the request number that a client sent.
#[derive(Debug, Clone, Copy)]
struct DropRequestIdLayer;

#[derive(Debug, Clone)]
struct DropRequestId<S>(S);

impl<S> tower::Layer<S> for DropRequestIdLayer {
    type Service = DropRequestId<S>;

    fn layer(&self, inner: S) -> Self::Service {
        DropRequestId(inner)
    }
}

impl<S: Service<Request<B>>, B> Service<Request<B>> for DropRequestId<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(
        &mut self,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, mut request: Request<B>) -> S::Future {
        request.headers_mut().remove("x-request-id");
        self.0.call(request)
    }
}

/// The answer to a request whose handling panicked.
#[derive(Clone)]
struct PanicAnswer(Stats);

impl ResponseForPanic for PanicAnswer {
    type ResponseBody = BoxBody<Bytes, Infallible>;

    fn response_for_panic(
        &mut self,
        _: Box<dyn Any + Send + 'static>,
    ) -> Response<Self::ResponseBody> {
        self.0.count_panic();
        tracing::error!("the handling of a request panicked; this is a defect of the server");
        let message = "The request could not be answered because of a defect in the server.";
        plain_error(StatusCode::INTERNAL_SERVER_ERROR, "server_error", message)
    }
}

/// What is logged of a request: never its query, its headers or its body.
fn span<B>(request: &Request<B>) -> Span {
    let id = request.extensions().get::<RequestId>();
    let id = id
        .and_then(|id| id.header_value().to_str().ok())
        .unwrap_or_default();
    let path: String = request.uri().path().chars().take(MAX_LOGGED_PATH).collect();
    tracing::info_span!("http", id, method = %request.method(), path)
}

fn log_response<B>(response: &Response<B>, latency: Duration, _: &Span) {
    let milliseconds = u64::try_from(latency.as_millis()).unwrap_or(u64::MAX);
    tracing::info!(
        status = response.status().as_u16(),
        milliseconds,
        "answered"
    );
}
