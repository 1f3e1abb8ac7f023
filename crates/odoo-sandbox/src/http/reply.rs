//! Answers: JSON as Python writes it, error bodies with their traceback, and HTML pages.

use std::io;

use bytes::Bytes;
use http::{Response, StatusCode, header};
use http_body_util::{BodyExt, Full, combinators::UnsyncBoxBody};
use serde::Serialize;
use serde_json::{Value as Json, json, ser::Formatter};

use super::page;
use crate::engine::error::OdooError;

/// A body of any kind.
pub(super) type AnyBody = UnsyncBoxBody<Bytes, io::Error>;
/// An answer.
pub(super) type Answer = Response<AnyBody>;

/// A body of bytes.
pub(super) fn full(bytes: impl Into<Bytes>) -> AnyBody {
    Full::new(bytes.into())
        .map_err(|never| match never {})
        .boxed_unsync()
}

/// JSON with a status.
pub(super) fn json(status: u16, value: &Json) -> Answer {
    let mut answer = Response::new(full(text(value)));
    set_status(&mut answer, status);
    let kind = header::HeaderValue::from_static("application/json; charset=utf-8");
    answer.headers_mut().insert(header::CONTENT_TYPE, kind);
    answer
}

/// An HTML page with a status.
pub(super) fn html(status: u16, page: impl Into<Bytes>) -> Answer {
    let mut answer = Response::new(full(page));
    set_status(&mut answer, status);
    let kind = header::HeaderValue::from_static("text/html; charset=utf-8");
    answer.headers_mut().insert(header::CONTENT_TYPE, kind);
    answer
}

/// The page for an address that does not exist, which the website layer of Odoo renders.
pub(super) fn no_page(page: impl Into<Bytes>) -> Answer {
    let mut answer = html(404, page);
    let kind = header::HeaderValue::from_static("text/html;charset=utf-8");
    answer.headers_mut().insert(header::CONTENT_TYPE, kind);
    answer
}

/// A redirection to another page.
pub(super) fn see_other(location: &'static str) -> Answer {
    let mut answer = html(303, page::redirecting(location));
    let location = header::HeaderValue::from_static(location);
    answer.headers_mut().insert(header::LOCATION, location);
    answer
}

/// The body that JSON-2 gives an exception.
pub(super) fn error(error: &OdooError) -> Answer {
    if error.name.is_empty() {
        return html(error.status, page::INTERNAL_ERROR);
    }
    let mut answer = json(error.status, &body(error));
    if error.status == 401 {
        let challenge = header::HeaderValue::from_static("Bearer ");
        answer
            .headers_mut()
            .insert(header::WWW_AUTHENTICATE, challenge);
    }
    answer
}

/// The description of an exception, with the traceback that Odoo always sends along.
pub(super) fn body(error: &OdooError) -> Json {
    let debug = if error.name == "odoo.exceptions.AccessDenied" {
        format!("{}: {}\n", error.name, error.message)
    } else {
        traceback(error)
    };
    json!({
        "name": error.name,
        "message": error.message,
        "arguments": error.arguments(),
        "context": error.context.as_deref().unwrap_or(&json!({})),
        "debug": debug,
    })
}

/// JSON as Python's `json.dumps` writes it: with a space after each comma and colon.
pub(super) fn text(value: &Json) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(256);
    let mut writer = serde_json::Serializer::with_formatter(&mut bytes, Python);
    match value.serialize(&mut writer) {
        Ok(()) => bytes,
        // Writing a JSON value into memory cannot fail; an empty answer is what a client would have to bear.
        Err(_) => Vec::new(),
    }
}

fn set_status(answer: &mut Answer, status: u16) {
    *answer.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
}

fn traceback(error: &OdooError) -> String {
    format!(
        "Traceback (most recent call last):\n  \
         File \"/opt/odoo/odoo/http.py\", line 2273, in _serve_db\n    \
         return service_model.retrying(serve_func, env=self.env)\n  \
         File \"/opt/odoo/odoo/service/model.py\", line 184, in retrying\n    result = func()\n  \
         File \"/opt/odoo/addons/rpc/controllers/json2.py\", line 83, in web_json_2_rpc\n    \
         result = func(records, **kwargs)\n{}: {}\n",
        error.name, error.message
    )
}

struct Python;

impl Formatter for Python {
    fn begin_array_value<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        if first {
            Ok(())
        } else {
            writer.write_all(b", ")
        }
    }

    fn begin_object_key<W: ?Sized + io::Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        if first {
            Ok(())
        } else {
            writer.write_all(b", ")
        }
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }
}
