//! Answers and the headers that each of them must carry.
//!
//! Not for what they say.

use bytes::Bytes;
use http::{HeaderValue, Response, StatusCode, header};
use jiff::SignedDuration;
use serde_json::{Value, json};

use super::{Answer, incoming::LARGEST};
use crate::OAuthError;

/// An answer of the token endpoints: never stored (RFC 6749 section 5.1).
pub(super) fn json(status: StatusCode, body: &Value) -> Answer {
    let mut answer = with_type(status, "application/json", body.to_string());
    answer
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
        .headers_mut()
        .insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    answer
}

/// A metadata document: public and readable by pages of any origin, since it holds no secret.
pub(super) fn metadata(body: &Value) -> Answer {
    let mut answer = with_type(StatusCode::OK, "application/json", body.to_string());
    let headers = answer.headers_mut();
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=300"),
    );
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_ORIGIN,
        HeaderValue::from_static("*"),
    );
    answer
}

/// An error as RFC 6749 section 5.2 names it.
pub(super) fn oauth_error(error: &OAuthError) -> Answer {
    let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::BAD_REQUEST);
    json(status, &error.to_json())
}

/// Names the scheme by which a refused client tried to say who it is.
pub(super) fn challenge_basic(answer: &mut Answer) {
    let challenge = HeaderValue::from_static("Basic realm=\"token\", charset=\"UTF-8\"");
    answer
        .headers_mut()
        .insert(header::WWW_AUTHENTICATE, challenge);
}

/// Somebody asks too often.
pub(super) fn slow_down(wait: SignedDuration) -> Answer {
    let body = json!({
        "error": "temporarily_unavailable",
        "error_description": "too many requests; try again after the time in Retry-After",
    });
    let mut answer = json(StatusCode::TOO_MANY_REQUESTS, &body);
    answer
        .headers_mut()
        .insert(header::RETRY_AFTER, seconds(wait));
    answer
}

/// A page. `form_action` lists where its form may lead: ourselves, and the client that the browser
/// is sent back to, because browsers apply the rule to redirects after a form as well.
pub(super) fn page(status: StatusCode, html: String, form_action: &str) -> Answer {
    let mut answer = with_type(status, "text/html; charset=utf-8", html);
    let policy = format!(
        "default-src 'none'; style-src 'self'; form-action 'self'{form_action}; \
         frame-ancestors 'none'; base-uri 'none'"
    );
    let headers = answer.headers_mut();
    // Origins come out of the URL parser, which leaves nothing in them that a header cannot hold.
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    answer
}

/// The pages' style sheet.
pub(super) fn style_sheet(style: &'static str) -> Answer {
    let mut answer = with_type(StatusCode::OK, "text/css; charset=utf-8", style.to_owned());
    let kept = HeaderValue::from_static("public, max-age=3600");
    answer.headers_mut().insert(header::CACHE_CONTROL, kept);
    answer
}

/// On to somewhere else, with GET.
pub(super) fn see_other(location: &str) -> Answer {
    let mut answer = with_type(
        StatusCode::SEE_OTHER,
        "text/plain; charset=utf-8",
        String::new(),
    );
    let headers = answer.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    match HeaderValue::from_str(location) {
        Ok(location) => {
            headers.insert(header::LOCATION, location);
            answer
        }
        Err(_) => broken(),
    }
}

/// Sets or, without a value, removes a cookie of the sign-in.
pub(super) fn set_cookie(answer: &mut Answer, cookie: &str) {
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        answer.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// Tells after how long to come back.
pub(super) fn retry_after(answer: &mut Answer, wait: SignedDuration) {
    answer
        .headers_mut()
        .insert(header::RETRY_AFTER, seconds(wait));
}

/// Nothing is here. JSON, because OAuth clients parse the answers of places where they look for
/// metadata even then.
pub(super) fn not_found() -> Answer {
    json(StatusCode::NOT_FOUND, &json!({"error": "not_found"}))
}

/// Our own fault.
pub(super) fn broken() -> Answer {
    let body = json!({"error": "server_error"});
    json(StatusCode::INTERNAL_SERVER_ERROR, &body)
}

pub(super) fn too_large() -> Answer {
    let text = format!("the body is larger than {LARGEST} bytes");
    let body = json!({"error": "invalid_request", "error_description": text});
    json(StatusCode::PAYLOAD_TOO_LARGE, &body)
}

pub(super) fn method_not_allowed(allowed: &'static str) -> Answer {
    let body = json!({"error": "invalid_request", "error_description": "wrong HTTP method"});
    let mut answer = json(StatusCode::METHOD_NOT_ALLOWED, &body);
    answer
        .headers_mut()
        .insert(header::ALLOW, HeaderValue::from_static(allowed));
    answer
}

fn with_type(status: StatusCode, kind: &'static str, body: String) -> Answer {
    let mut answer = Response::new(Bytes::from(body));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    // Not `no-referrer`: with it browsers send `Origin: null` along with our own forms.
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("same-origin"),
    );
    let hsts = HeaderValue::from_static("max-age=31536000");
    headers.insert(header::STRICT_TRANSPORT_SECURITY, hsts);
    answer
}

fn seconds(wait: SignedDuration) -> HeaderValue {
    HeaderValue::from(u64::try_from(wait.as_secs()).unwrap_or(0).saturating_add(1))
}
