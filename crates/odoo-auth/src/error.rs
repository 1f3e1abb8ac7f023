//! What a client is told when it is refused, in the words of the RFCs.
//!
//! Not for what a person reads in the browser before a redirect is trusted (`authorize.rs`).

use std::fmt;

use serde_json::{Value, json};

use crate::{crypto::CryptoError, store::StoreError};

/// The error codes of RFC 6749, 7591 and 8707 that we use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorCode {
    /// RFC 6749 section 4.1.2.1: the person said no.
    AccessDenied,
    /// RFC 6749 section 5.2: the client is unknown; it should register again.
    InvalidClient,
    /// RFC 7591 section 3.2.2.
    InvalidClientMetadata,
    /// RFC 6749 section 5.2: the code or token is wrong, used, expired or another client's.
    InvalidGrant,
    /// RFC 7591 section 3.2.2.
    InvalidRedirectUri,
    /// RFC 6749 sections 4.1.2.1 and 5.2.
    InvalidRequest,
    /// RFC 6749 sections 4.1.2.1 and 5.2.
    InvalidScope,
    /// RFC 8707 section 2: the resource is not ours.
    InvalidTarget,
    /// RFC 6749 section 4.1.2.1: the store or the key ring does not answer.
    TemporarilyUnavailable,
    /// RFC 6749 section 5.2.
    UnsupportedGrantType,
    /// RFC 6749 section 4.1.2.1.
    UnsupportedResponseType,
}

/// A refusal as it is sent to a client.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {description}")]
pub struct OAuthError {
    /// The code that programs read.
    pub code: ErrorCode,
    /// The text that developers read: printable ASCII without quotes, and never a secret.
    pub description: String,
}

impl ErrorCode {
    /// As the RFCs spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AccessDenied => "access_denied",
            Self::InvalidClient => "invalid_client",
            Self::InvalidClientMetadata => "invalid_client_metadata",
            Self::InvalidGrant => "invalid_grant",
            Self::InvalidRedirectUri => "invalid_redirect_uri",
            Self::InvalidRequest => "invalid_request",
            Self::InvalidScope => "invalid_scope",
            Self::InvalidTarget => "invalid_target",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::UnsupportedResponseType => "unsupported_response_type",
        }
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl OAuthError {
    /// An error with a text for developers.
    pub fn new(code: ErrorCode, description: impl Into<String>) -> Self {
        Self {
            code,
            description: description.into(),
        }
    }

    /// The HTTP status of a JSON answer with this error.
    pub fn status(&self) -> u16 {
        match self.code {
            ErrorCode::InvalidClient => 401,
            ErrorCode::TemporarilyUnavailable => 503,
            _ => 400,
        }
    }

    /// The JSON body (RFC 6749 section 5.2, RFC 7591 section 3.2.2).
    pub fn to_json(&self) -> Value {
        json!({ "error": self.code.as_str(), "error_description": self.description })
    }

    pub(crate) fn invalid_grant(description: &str) -> Self {
        Self::new(ErrorCode::InvalidGrant, description)
    }

    pub(crate) fn invalid_request(description: impl Into<String>) -> Self {
        Self::new(ErrorCode::InvalidRequest, description)
    }

    pub(crate) fn unavailable() -> Self {
        let text = "the server cannot reach its store right now; try again in a moment";
        Self::new(ErrorCode::TemporarilyUnavailable, text)
    }
}

impl From<StoreError> for OAuthError {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the store failed");
        Self::unavailable()
    }
}

impl From<CryptoError> for OAuthError {
    fn from(error: CryptoError) -> Self {
        tracing::error!(%error, "sealing failed");
        Self::unavailable()
    }
}
