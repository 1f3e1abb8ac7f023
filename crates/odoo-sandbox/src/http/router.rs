//! Which address is answered by what.

use std::{
    io,
    net::IpAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, Method, Request, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use hyper::body::Incoming;
use serde_json::json;

use super::{
    fault::{Broken, Fault},
    json2, page, record_page,
    reply::{self, Answer, AnyBody},
    rpc,
    socket::Reset,
    totp,
};
use crate::{engine::error::OdooError, sandbox::DATABASE, state::State};

/// The largest body that is read.
const MOST_BYTES: usize = 128 * 1024 * 1024;

/// A request with its body read.
pub(super) struct Call {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) address: IpAddr,
}

impl Call {
    /// A header as text.
    pub(super) fn header(&self, name: header::HeaderName) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The session id in the cookies.
    pub(super) fn session(&self) -> Option<&str> {
        let cookies = self.header(header::COOKIE)?.split(';').map(str::trim);
        cookies
            .into_iter()
            .find_map(|cookie| cookie.strip_prefix("session_id="))
    }
}

/// Where requests of one connection go.
#[derive(Clone)]
pub(super) struct Router {
    pub(super) state: Arc<State>,
    pub(super) address: IpAddr,
    pub(super) reset: Reset,
}

impl Router {
    /// Answers a request; an error ends the connection.
    pub(super) async fn answer(self, request: Request<Incoming>) -> io::Result<Answer> {
        if let Some(fault) = self.state.next_fault() {
            self.state.record(None, request.uri().path());
            match self.fail(fault) {
                Ok(Some(answer)) => return Ok(answer),
                Ok(None) => {}
                Err(error) => return Err(error),
            }
            if let Fault::Slow(time) = fault {
                self.wait(time).await;
            }
        }
        let call = match self.read(request).await? {
            Ok(call) => call,
            Err(error) => return Ok(reply::error(&error)),
        };
        Ok(self.route(&call))
    }

    /// Waits, and counts a caller who does not.
    async fn wait(&self, time: Duration) {
        struct Waiting<'a>(Option<&'a AtomicUsize>);
        impl Drop for Waiting<'_> {
            fn drop(&mut self) {
                if let Some(abandoned) = self.0 {
                    abandoned.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
        let mut waiting = Waiting(Some(&self.state.abandoned));
        tokio::time::sleep(time).await;
        waiting.0 = None;
    }

    fn fail(&self, fault: Fault) -> io::Result<Option<Answer>> {
        Ok(Some(match fault {
            Fault::Down => {
                self.reset.demand();
                return Err(io::ErrorKind::ConnectionReset.into());
            }
            Fault::Slow(_) => return Ok(None),
            Fault::Html => reply::html(200, page::PROXY),
            Fault::Status(status) => reply::html(status, page::PROXY),
            Fault::WrongDatabase => reply::html(404, page::NO_DATABASE),
            Fault::TooLarge => broken(Broken::endless()),
            Fault::ResetMidBody => {
                self.reset.demand();
                broken(Broken::after(Bytes::from_static(
                    b"{\"length\": 2, \"records\": [{\"id\"",
                )))
            }
            Fault::InvalidUtf8 => {
                let mut answer = reply::json(200, &json!(null));
                *answer.body_mut() = reply::full(&b"{\"name\": \"\xff\xfe\"}"[..]);
                answer
            }
        }))
    }

    /// Reads the body. Odoo looks at Content-Length only: without it the body counts as empty.
    async fn read(&self, request: Request<Incoming>) -> io::Result<Result<Call, OdooError>> {
        let (head, body) = request.into_parts();
        let sized = head.headers.contains_key(header::CONTENT_LENGTH);
        let body = match Limited::new(body, MOST_BYTES).collect().await {
            Ok(body) if sized => body.to_bytes(),
            Ok(_) => Bytes::new(),
            Err(error) if error.is::<LengthLimitError>() => return Ok(Err(OdooError::too_large())),
            Err(_) => return Err(io::ErrorKind::UnexpectedEof.into()),
        };
        Ok(Ok(Call {
            method: head.method,
            path: head.uri.path().to_owned(),
            headers: head.headers,
            body,
            address: self.address,
        }))
    }

    fn route(&self, call: &Call) -> Answer {
        let state = &self.state;
        match call.path.as_str() {
            "/web/version" | "/json/version" => {
                return reply::json(
                    200,
                    &json!({
                        "version_info": [19, 0, 0, "final", 0, ""], "version": "19.0",
                    }),
                );
            }
            "/web/health" => return reply::json(200, &json!({"status": "pass"})),
            _ => {}
        }
        if !has_database(state, call) {
            state.record(None, &call.path);
            return reply::html(404, page::NO_DATABASE);
        }
        if let Some(rest) = call.path.strip_prefix("/json/2") {
            return json2::answer(state, call, rest);
        }
        state.record(None, &call.path);
        let posted = call.method == Method::POST;
        if let (Some(record), false) = (call.path.strip_prefix("/odoo/"), posted) {
            return record_page::answer(state, record);
        }
        match (call.path.as_str(), posted) {
            ("/web/session/authenticate", true) => rpc::authenticate(state, call),
            ("/web/session/get_session_info", true) => rpc::info(state, call),
            ("/web/session/destroy", true) => rpc::destroy(state, call),
            ("/web/login/totp", true) => totp::submit(state, call),
            ("/web/login/totp", false) => totp::show(state, call),
            ("/", _) => reply::see_other("/odoo"),
            ("/odoo" | "/web", _) => reply::see_other("/web/login"),
            (path, true) if path.starts_with("/web/dataset/call_kw") => rpc::call(state, call),
            _ => reply::no_page(page::NOT_FOUND),
        }
    }
}

fn has_database(state: &State, call: &Call) -> bool {
    match call.headers.get("x-odoo-database") {
        Some(name) => name.as_bytes() == DATABASE.as_bytes(),
        None => {
            !state.manners.several_databases
                || call.session().is_some()
                || call.path.starts_with("/web/session")
        }
    }
}

fn broken(body: Broken) -> Answer {
    let mut answer = reply::json(200, &json!(null));
    let body: AnyBody = body.boxed_unsync();
    *answer.body_mut() = body;
    answer
}
