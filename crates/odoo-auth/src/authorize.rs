//! The authorization request (RFC 6749 section 4.1.1) and the two ways of answering it: a redirect
//! with a code, or one with an error.
//!
//! A pure function: request and client in, [`Pending`] out. What is pending is kept nowhere; the
//! form carries it, sealed, so that nobody fills a table by opening sign-in pages.

use std::borrow::Cow;

use jiff::Timestamp;
use oxide_auth::primitives::{
    registrar::{ClientUrl, ExactUrl, Registrar},
    scope::Scope,
};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::{
    client::{Admission, Client},
    crypto::Entropy,
    error::{ErrorCode, OAuthError},
    form::Parameters,
    grant::GrantId,
    own_key,
    policy::Policy,
    redirect, scope, {clock, pkce},
};

/// An authorization request as it came.
#[derive(Clone, Debug)]
pub struct AuthorizeRequest {
    /// The client.
    pub client_id: String,
    redirect_uri: Option<String>,
    response_type: Option<String>,
    state: Option<String>,
    scope: Option<String>,
    challenge: Option<String>,
    method: Option<String>,
    resources: Vec<String>,
}

/// A request that was found good and waits for the person's decision.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Pending {
    /// The grant that consent will make. One request makes one grant at most.
    pub grant: GrantId,
    /// A secret for the browser's cookie: a form that comes without it is another browser's.
    pub cookie: String,
    /// The client.
    pub client_id: String,
    /// Its name, fit to be shown.
    pub client_name: String,
    /// Whether any program on the person's computer could pose as this client.
    pub loopback_only: bool,
    /// Where the code goes.
    pub redirect_uri: String,
    /// What may be granted: asked for and on offer.
    #[serde(with = "scope::text")]
    pub scope: Scope,
    /// What the tokens will be for.
    pub resource: String,
    /// The client's own state, returned untouched.
    pub state: Option<String>,
    /// The S256 challenge, as PKCE verification keeps it.
    pub challenge: String,
    /// When the offer ends.
    pub expires_at: Timestamp,
}

/// Why a request is not pending.
#[derive(Clone, Debug, thiserror::Error)]
pub enum AuthorizeError {
    /// To be shown to the person; where to redirect to is not known or not trusted.
    #[error(transparent)]
    Shown(#[from] ShownError),
    /// To be sent to the client.
    #[error("redirected with an error")]
    Redirect(ErrorRedirect),
}

/// What a person reads when nobody can be redirected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShownError {
    /// The request cannot be read.
    #[error("This sign-in link is damaged: {0}. Go back to the application and connect again.")]
    Unreadable(String),
    /// It names no client.
    #[error(
        "This sign-in link does not say which application it is for. Connect again from the application."
    )]
    NoClient,
    /// The redirect URI is not one of the client's, or the operator does not allow it.
    #[error(
        "The application wants the answer sent to an address that is not registered for it. Nothing was sent."
    )]
    Redirect,
}

/// An error on its way to the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ErrorRedirect {
    redirect_uri: String,
    state: Option<String>,
    issuer: String,
    /// What went wrong.
    pub error: OAuthError,
}

impl AuthorizeRequest {
    /// Reads the query of `GET /authorize`.
    ///
    /// # Errors
    ///
    /// When it is unreadable, has a parameter twice, or names no client.
    pub fn parse(query: &str) -> Result<Self, ShownError> {
        let mut parameters = Parameters::read(query.as_bytes())
            .map_err(|error| ShownError::Unreadable(error.to_string()))?;
        Ok(Self {
            client_id: parameters.take("client_id").ok_or(ShownError::NoClient)?,
            redirect_uri: parameters.take("redirect_uri"),
            response_type: parameters.take("response_type"),
            state: parameters.take("state"),
            scope: parameters.take("scope"),
            challenge: parameters.take("code_challenge"),
            method: parameters.take("code_challenge_method"),
            resources: parameters.all("resource"),
        })
    }
}

/// Judges a request of this client.
pub(crate) fn authorize(
    request: &AuthorizeRequest,
    client: &Client,
    policy: &Policy,
    entropy: &Entropy,
    now: Timestamp,
) -> Result<Pending, AuthorizeError> {
    let registrar = Admission { client, policy };
    let named = request.redirect_uri.clone().map(ExactUrl::new).transpose();
    let bound = registrar
        .bound_redirect(ClientUrl {
            client_id: Cow::Borrowed(&request.client_id),
            redirect_uri: named.map_err(|_| ShownError::Redirect)?.map(Cow::Owned),
        })
        .map_err(|_| ShownError::Redirect)?;
    // From here on the redirect URI is known to be the client's, so errors go there.
    let redirect_uri = bound.redirect_uri.as_str().to_owned();
    let refuse = |error: OAuthError| {
        AuthorizeError::Redirect(ErrorRedirect {
            redirect_uri: redirect_uri.clone(),
            state: request.state.clone(),
            issuer: policy.issuer.clone(),
            error,
        })
    };
    let challenge = request.challenge().map_err(refuse)?;
    let resource = policy.audience(&request.resources).map_err(refuse)?;
    let asked = request.asked().map_err(refuse)?;
    let nothing = || OAuthError::new(ErrorCode::InvalidScope, "none of these scopes is offered");
    let agreed = registrar
        .negotiate(bound, asked)
        .map_err(|_| refuse(nothing()))?;
    Ok(Pending {
        grant: GrantId::fresh(entropy).map_err(|error| refuse(error.into()))?,
        cookie: fresh_cookie(entropy).map_err(refuse)?,
        client_id: agreed.client_id,
        client_name: client.name.clone(),
        loopback_only: client.loopback_only(),
        redirect_uri: agreed.redirect_uri.as_str().to_owned(),
        scope: agreed.scope,
        resource,
        state: request.state.clone(),
        challenge,
        expires_at: clock::after(now, policy.lifetimes.pending),
    })
}

impl AuthorizeRequest {
    fn challenge(&self) -> Result<String, OAuthError> {
        if self.response_type.as_deref() != Some("code") {
            let text = "response_type must be code";
            return Err(match self.response_type {
                None => OAuthError::invalid_request(text),
                Some(_) => OAuthError::new(ErrorCode::UnsupportedResponseType, text),
            });
        }
        pkce::challenge(self.method.as_deref(), self.challenge.as_deref()).ok_or_else(|| {
            OAuthError::invalid_request(
                "a code_challenge with code_challenge_method S256 is required (RFC 7636)",
            )
        })
    }

    fn asked(&self) -> Result<Option<Scope>, OAuthError> {
        let bad = |_| OAuthError::new(ErrorCode::InvalidScope, "the scope is malformed");
        self.scope
            .as_deref()
            .map(str::parse)
            .transpose()
            .map_err(bad)
    }
}

impl Pending {
    /// The name for the Odoo key of this grant, by which the person finds it in Odoo.
    pub fn key_name(&self) -> String {
        own_key::name(&self.client_name, &self.grant)
    }

    /// Who gets the code: the host, with the port where it has one, or the application's scheme.
    pub fn redirect_host(&self) -> String {
        let url = Url::parse(&self.redirect_uri).ok();
        let host = url
            .as_ref()
            .and_then(Url::host_str)
            .unwrap_or_default()
            .to_owned();
        if let Some(scheme) = redirect::application_scheme(&self.redirect_uri) {
            return format!("{scheme}://{host}");
        }
        let port = url.as_ref().and_then(Url::port);
        port.map_or_else(|| host.clone(), |port| format!("{host}:{port}"))
    }

    /// What gets the code, for the page's `form-action`: an origin, or the scheme of an
    /// application, which has none.
    pub fn redirect_origin(&self) -> String {
        if let Some(scheme) = redirect::application_scheme(&self.redirect_uri) {
            return format!("{scheme}:");
        }
        Url::parse(&self.redirect_uri)
            .map(|url| url.origin().ascii_serialization())
            .unwrap_or_default()
    }

    /// Whether the code goes to a program on the person's own computer.
    pub fn redirects_locally(&self) -> bool {
        redirect::is_local(&self.redirect_uri)
    }

    /// The redirect of a person who said no.
    pub(crate) fn denied(&self, issuer: &str) -> String {
        let error = OAuthError::new(ErrorCode::AccessDenied, "the user did not allow it");
        ErrorRedirect {
            redirect_uri: self.redirect_uri.clone(),
            state: self.state.clone(),
            issuer: issuer.to_owned(),
            error,
        }
        .location()
    }

    /// The redirect with a code.
    pub(crate) fn granted(&self, issuer: &str, code: &str) -> String {
        location(
            &self.redirect_uri,
            &[("code", code)],
            self.state.as_deref(),
            issuer,
        )
    }
}

impl ErrorRedirect {
    /// The address to redirect to, with `error`, `error_description`, `state` and `iss` (RFC 9207).
    pub fn location(&self) -> String {
        let error = [
            ("error", self.error.code.as_str()),
            ("error_description", self.error.description.as_str()),
        ];
        location(
            &self.redirect_uri,
            &error,
            self.state.as_deref(),
            &self.issuer,
        )
    }
}

fn location(uri: &str, answer: &[(&str, &str)], state: Option<&str>, issuer: &str) -> String {
    // Redirect URIs were parsed before they were trusted, so the fallback is never reached; it
    // redirects without an answer.
    let Ok(mut url) = Url::parse(uri) else {
        return uri.to_owned();
    };
    let state = state.map(|state| ("state", state));
    url.query_pairs_mut()
        .extend_pairs(answer)
        .extend_pairs(state)
        .append_pair("iss", issuer);
    url.into()
}

fn fresh_cookie(entropy: &Entropy) -> Result<String, OAuthError> {
    let bytes: [u8; 32] = entropy.bytes()?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
