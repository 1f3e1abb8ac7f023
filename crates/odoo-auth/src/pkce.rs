//! Proof keys (RFC 7636), S256 only, over [`oxide_auth`]'s constant-time verification.
//!
//! Not for storing challenges.

use std::borrow::Cow;

use oxide_auth::{code_grant::extensions::Pkce, primitives::grant::Value};

/// A SHA-256 in base64url has 43 characters.
const CHALLENGE_LEN: usize = 43;

/// Checks a challenge of an authorization request. A missing method means `plain` (RFC 7636 section
/// 4.3), which is refused, as is everything that is no SHA-256.
pub(crate) fn challenge(method: Option<&str>, challenge: Option<&str>) -> Option<String> {
    let fits = |text: &str| text.len() == CHALLENGE_LEN && text.bytes().all(is_base64url);
    challenge.filter(|text| fits(text))?;
    let encoded = Pkce::required()
        .challenge(method.map(Cow::Borrowed), challenge.map(Cow::Borrowed))
        .ok()??;
    encoded.into_private_value().ok()?
}

/// Whether a verifier of a token request has this challenge.
pub(crate) fn verifies(stored: &str, verifier: Option<&str>) -> bool {
    let unreserved = |byte: u8| is_base64url(byte) || byte == b'.' || byte == b'~';
    let fits = |text: &&str| (43..=128).contains(&text.len()) && text.bytes().all(unreserved);
    let Some(verifier) = verifier.filter(fits) else {
        return false;
    };
    let stored = Value::private(Some(stored.to_owned()));
    Pkce::required()
        .verify(Some(stored), Some(Cow::Borrowed(verifier)))
        .is_ok()
}

fn is_base64url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}
