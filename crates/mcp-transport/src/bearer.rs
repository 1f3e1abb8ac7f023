//! The bearer token of a request (RFC 6750 section 2.1): from the header, and nowhere else.
//!
//! Not for checking it; that is [`Authenticate`](crate::Authenticate)'s.
//!
//! A token in the query string or in a form is ignored, as the MCP authorization chapter
//! demands: URLs end up in logs.

use http::HeaderMap;
use http::header::AUTHORIZATION;

/// Longer ones are nobody's and are not looked up.
const MAX_TOKEN: usize = 4_096;

/// What stands in the `Authorization` header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bearer<'a> {
    /// No header, or one of another scheme.
    Missing,
    /// A header that cannot be a token.
    Malformed,
    /// A token.
    Token(&'a str),
}

impl<'a> Bearer<'a> {
    /// Reads the header.
    pub(crate) fn of(headers: &'a HeaderMap) -> Self {
        let mut values = headers.get_all(AUTHORIZATION).iter();
        let Some(value) = values.next() else {
            return Self::Missing;
        };
        // Two headers are two identities, and which one a proxy looked at cannot be known.
        if values.next().is_some() {
            return Self::Malformed;
        }
        let Ok(value) = value.to_str() else {
            return Self::Malformed;
        };
        let Some((scheme, token)) = value.split_once(' ') else {
            return Self::Missing;
        };
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Self::Missing;
        }
        let token = token.trim();
        if token.is_empty() || token.len() > MAX_TOKEN || !token.bytes().all(is_token_byte) {
            return Self::Malformed;
        }
        Self::Token(token)
    }
}

/// The `b64token` of RFC 6750.
fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'+' | b'/' | b'=')
}
