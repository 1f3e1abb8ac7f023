//! An Odoo of prepared answers that remembers what it was asked.

use std::{
    borrow::Borrow,
    collections::VecDeque,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context as TaskContext, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response, StatusCode};
use odoo_json2::{Context, Limits, Odoo, TransportError};
use serde_json::{Value, json};
use tower::Service;

/// What the double does with a request.
#[derive(Clone)]
pub(crate) enum Answer {
    Http {
        status: u16,
        kind: &'static str,
        headers: Vec<(&'static str, String)>,
        body: Bytes,
    },
    Broken(TransportError),
    Never,
}

impl Answer {
    pub(crate) fn json(body: impl Borrow<Value>) -> Self {
        Self::status(200, body)
    }

    pub(crate) fn status(status: u16, body: impl Borrow<Value>) -> Self {
        let body = body.borrow().to_string().into();
        Self::Http {
            status,
            kind: "application/json; charset=utf-8",
            headers: Vec::new(),
            body,
        }
    }

    pub(crate) fn html(status: u16, body: &'static str) -> Self {
        let body = Bytes::from_static(body.as_bytes());
        Self::Http {
            status,
            kind: "text/html; charset=utf-8",
            headers: Vec::new(),
            body,
        }
    }

    /// An exception as Odoo describes it, with its traceback.
    pub(crate) fn exception(status: u16, name: &str, message: &str) -> Self {
        let debug = format!("Traceback (most recent call last):\n  CANARY\n{name}: {message}");
        let arguments = json!([message]);
        Self::status(
            status,
            json!({"name": name, "message": message, "arguments": arguments, "context": {}, "debug": debug}),
        )
    }

    pub(crate) fn with_header(self, name: &'static str, value: &str) -> Self {
        let Self::Http {
            status,
            kind,
            mut headers,
            body,
        } = self
        else {
            return self;
        };
        headers.push((name, value.to_owned()));
        Self::Http {
            status,
            kind,
            headers,
            body,
        }
    }
}

/// The double. Clones share answers and memory.
#[derive(Clone, Default)]
pub(crate) struct FakeOdoo {
    answers: Arc<Mutex<VecDeque<Answer>>>,
    requests: Arc<Mutex<Vec<Request<Bytes>>>>,
}

impl FakeOdoo {
    /// Gives these answers in turn, the last one for ever.
    pub(crate) fn answering(answers: impl IntoIterator<Item = Answer>) -> Self {
        let answers = Arc::new(Mutex::new(answers.into_iter().collect()));
        Self {
            answers,
            requests: Arc::default(),
        }
    }

    /// A client of it, as alice the accountant.
    pub(crate) fn alice(&self) -> Odoo {
        self.client(Limits::default())
    }

    pub(crate) fn client(&self, limits: Limits) -> Odoo {
        Odoo::builder("https://odoo.example.com")
            .database("larkspur")
            .api_key("alices-key")
            .context(
                Context::new()
                    .lang("en_US")
                    .tz("Europe/Rome")
                    .companies([1, 2]),
            )
            .limits(limits)
            .service(self.clone())
            .build()
            .expect("the double needs nothing")
    }

    pub(crate) fn count(&self) -> usize {
        self.requests.lock().unwrap().len()
    }

    pub(crate) fn requests(&self) -> Vec<Request<Bytes>> {
        self.requests.lock().unwrap().clone()
    }

    /// Path and body of the only request.
    pub(crate) fn only_call(&self) -> Value {
        let requests = self.requests();
        assert_eq!(requests.len(), 1, "one call, and no more");
        let body: Value = serde_json::from_slice(requests[0].body()).unwrap();
        json!({"path": requests[0].uri().path(), "body": body})
    }
}

impl Service<Request<Bytes>> for FakeOdoo {
    type Response = Response<Bytes>;
    type Error = TransportError;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Bytes>, TransportError>> + Send>>;

    fn poll_ready(&mut self, _: &mut TaskContext<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Bytes>) -> Self::Future {
        self.requests.lock().unwrap().push(request);
        let mut answers = self.answers.lock().unwrap();
        let answer = match answers.len() {
            0 => panic!("a request came that the test does not expect"),
            1 => answers[0].clone(),
            _ => answers.pop_front().unwrap(),
        };
        Box::pin(give(answer))
    }
}

async fn give(answer: Answer) -> Result<Response<Bytes>, TransportError> {
    match answer {
        Answer::Http {
            status,
            kind,
            headers,
            body,
        } => {
            let status = StatusCode::from_u16(status).unwrap();
            let mut response = Response::builder()
                .status(status)
                .header("content-type", kind);
            for (name, value) in headers {
                response = response.header(name, value);
            }
            Ok(response.body(body).unwrap())
        }
        Answer::Broken(error) => Err(error),
        Answer::Never => {
            tokio::time::sleep(Duration::from_secs(86_400)).await;
            Err(TransportError::Timeout)
        }
    }
}
