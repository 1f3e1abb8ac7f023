//! An Odoo that answers what a test says, without a socket.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{Request, Response};
use jiff::Timestamp;
use odoo_json2::{Clock, Odoo};
use odoo_tools::UserSession;
use serde_json::{Value, json};
use tower::Service;

/// What a call is answered with: HTTP status and JSON body.
pub(crate) type Reply = (u16, Value);

type Script = dyn Fn(&str, &Value) -> Option<Reply> + Send + Sync;

/// Answers `model/method` by the script first, else as an Odoo that serves Alice.
#[derive(Clone)]
pub(crate) struct ScriptedOdoo {
    script: Arc<Script>,
    calls: Arc<Mutex<Vec<String>>>,
}

impl ScriptedOdoo {
    pub(crate) fn new(
        script: impl Fn(&str, &Value) -> Option<Reply> + Send + Sync + 'static,
    ) -> Self {
        Self {
            script: Arc::new(script),
            calls: Arc::default(),
        }
    }

    /// The calls since the start, or since they were taken last.
    pub(crate) fn take_calls(&self) -> Vec<String> {
        std::mem::take(&mut *self.calls.lock().unwrap())
    }

    pub(crate) fn client(&self) -> Odoo {
        Odoo::builder("http://odoo.test")
            .database("larkspur")
            .api_key("0123456789abcdef0123456789abcdef01234567")
            .service(self.clone())
            .build()
            .unwrap()
    }

    pub(crate) async fn session(&self) -> UserSession {
        UserSession::open(self.client(), noon()).await.unwrap()
    }
}

/// The clock of all tests: noon UTC of a Wednesday.
pub(crate) fn noon() -> Clock {
    Clock::fixed("2026-11-18T12:00:00Z".parse::<Timestamp>().unwrap())
}

/// An error as Odoo words it, traceback included.
pub(crate) fn odoo_error(status: u16, name: &str, message: &str) -> Reply {
    let body = json!({
        "name": name, "message": message, "arguments": [message], "context": {},
        "debug": "Traceback (most recent call last):\n  File \"secret.py\"",
    });
    (status, body)
}

fn usual(call: &str) -> Reply {
    let company = json!({"id": 1, "display_name": "Larkspur Instruments", "currency_id": {"id": 2, "display_name": "USD"}});
    let user = json!({
        "id": 7, "login": "alice", "name": "Alice Marchetti", "email": "alice@larkspur.example",
        "lang": "en_US", "tz": "Europe/Rome", "company_id": company, "company_ids": [company],
        "employee_id": {"id": 3, "display_name": "Alice Marchetti"}, "share": false,
    });
    let models = [
        "account.move",
        "account.move.line",
        "account.account",
        "res.company",
        "project.task",
    ];
    let models: Vec<Value> = models
        .map(|model| json!({"model": model, "display_name": model}))
        .into();
    (
        200,
        match call {
            "res.users/context_get" => json!({"uid": 7, "lang": "en_US", "tz": "Europe/Rome"}),
            "res.users/web_read" => json!([user]),
            "ir.model/get_available_models" => json!(models),
            call if call.ends_with("/web_search_read") => json!({"length": 0, "records": []}),
            call if call.ends_with("/fields_get") => json!({}),
            _ => json!([]),
        },
    )
}

impl Service<Request<Bytes>> for ScriptedOdoo {
    type Response = Response<Bytes>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Bytes>) -> Self::Future {
        let call = request
            .uri()
            .path()
            .trim_start_matches("/json/2/")
            .to_owned();
        let body = serde_json::from_slice(request.body()).unwrap();
        self.calls.lock().unwrap().push(call.clone());
        let (status, body) = (self.script)(&call, &body).unwrap_or_else(|| usual(&call));
        let response = Response::builder()
            .status(status)
            .header("content-type", "application/json; charset=utf-8")
            .body(Bytes::from(body.to_string()));
        ready(Ok(response.unwrap()))
    }
}
