//! The token request (RFC 6749 sections 4.1.3 and 6) and its answer.
//!
//! Not for the decisions: `exchange.rs` and `refresh.rs`.

use std::sync::Arc;

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::{
    crypto::sha256,
    error::{ErrorCode, OAuthError},
    form::Parameters,
    realm::LiveGrant,
};

/// The largest form, in bytes.
pub const LARGEST_FORM: usize = 8 * 1024;

/// A token request as it came.
#[derive(Clone, Debug)]
pub struct TokenRequest {
    pub(crate) client_id: String,
    pub(crate) resources: Vec<String>,
    pub(crate) presented: Presented,
}

#[derive(Clone, Debug)]
pub(crate) enum Presented {
    Code {
        code: SecretString,
        redirect_uri: Option<String>,
        verifier: Option<SecretString>,
    },
    Refresh {
        token: SecretString,
        scope: Option<String>,
    },
}

/// An answer to a token request.
#[derive(Clone, Debug)]
pub struct TokenAnswer {
    pub(crate) access_token: SecretString,
    pub(crate) refresh_token: SecretString,
    pub(crate) scope: String,
    pub(crate) expires_in: i64,
}

/// What a token request gave.
#[derive(Clone, Debug)]
pub struct Issued {
    /// The answer for the client.
    pub answer: TokenAnswer,
    /// The grant, opened.
    pub grant: Arc<LiveGrant>,
    /// Whether a refresh token was presented, not a code.
    pub refreshed: bool,
    /// When.
    pub at: Timestamp,
}

impl TokenRequest {
    /// Reads the form of `POST /token`.
    ///
    /// # Errors
    ///
    /// `invalid_request`, `unsupported_grant_type`, and `invalid_client` when it names no client.
    pub fn parse(form: &[u8]) -> Result<Self, OAuthError> {
        let mut parameters = read(form)?;
        let kind = parameters.take("grant_type");
        let client_id = parameters.take("client_id");
        let resources = parameters.all("resource");
        let presented = match kind.as_deref() {
            Some("authorization_code") => Presented::Code {
                code: required(&mut parameters, "code")?,
                redirect_uri: parameters.take("redirect_uri"),
                verifier: parameters.take("code_verifier").map(SecretString::from),
            },
            Some("refresh_token") => Presented::Refresh {
                token: required(&mut parameters, "refresh_token")?,
                scope: parameters.take("scope"),
            },
            Some(_) => {
                let text = "grant_type must be authorization_code or refresh_token";
                return Err(OAuthError::new(ErrorCode::UnsupportedGrantType, text));
            }
            None => return Err(OAuthError::invalid_request("grant_type is missing")),
        };
        let client_id = client_id
            .ok_or_else(|| OAuthError::new(ErrorCode::InvalidClient, "client_id is missing"))?;
        Ok(Self {
            client_id,
            resources,
            presented,
        })
    }

    /// The client that asks.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// What throttling may count by: client and presented token, without giving the token away.
    pub fn limit_key(&self) -> String {
        let secret = match &self.presented {
            Presented::Code { code, .. } => code,
            Presented::Refresh { token, .. } => token,
        };
        let digest = sha256(secret.expose_secret().as_bytes());
        let digest: String = digest
            .iter()
            .take(8)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        format!("{}|{digest}", self.client_id)
    }
}

impl TokenAnswer {
    /// The JSON body; it has both tokens in the clear.
    pub fn to_json(&self) -> Value {
        json!({
            "access_token": self.access_token.expose_secret(),
            "token_type": "Bearer",
            "expires_in": self.expires_in,
            "refresh_token": self.refresh_token.expose_secret(),
            "scope": self.scope,
        })
    }
}

/// Reads a form of `/token` or `/revoke`.
pub(crate) fn read(form: &[u8]) -> Result<Parameters, OAuthError> {
    if form.len() > LARGEST_FORM {
        return Err(OAuthError::invalid_request("the form is larger than 8 KiB"));
    }
    Parameters::read(form).map_err(|error| OAuthError::invalid_request(error.to_string()))
}

/// A secret that must be there.
pub(crate) fn required(
    parameters: &mut Parameters,
    name: &str,
) -> Result<SecretString, OAuthError> {
    let value = parameters.take(name).map(SecretString::from);
    value.ok_or_else(|| OAuthError::invalid_request(format!("{name} is missing")))
}
