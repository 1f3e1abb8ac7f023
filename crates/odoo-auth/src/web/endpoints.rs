//! `/token`, `/revoke` and `/register`: what clients call themselves.
//!
//! Not for people; their pages are in `authorize.rs` and `account.rs`. Nothing that a known client
//! asks is limited by address: all of Claude's requests come from a handful of them.

use std::time::Duration;

use http::StatusCode;
use serde_json::json;

use super::{Answer, Inner, answer, incoming::Incoming, limits::network};
use crate::{ErrorCode, KeyState, LiveGrant, OAuthError, RevokeRequest, TokenRequest};

/// For how long a refresh waits for Odoo.
const PATIENCE: Duration = Duration::from_secs(5);

impl Inner {
    /// RFC 6749 sections 4.1.3 and 6.
    pub(super) async fn token(&self, request: &Incoming) -> Answer {
        if !request.is_form() {
            return answer::oauth_error(&not_a_form());
        }
        let parsed = match TokenRequest::parse(&request.body) {
            Ok(parsed) => parsed,
            Err(error) => return refused(&error, request),
        };
        let (key, now) = (parsed.limit_key(), self.provider.clock().now());
        if let Err(wait) = self.limit(|limits| limits.tokens.take(&key, now)) {
            return answer::slow_down(wait);
        }
        let issued = match self.provider.token(&parsed).await {
            Ok(issued) => issued,
            Err(error) => return refused(&error, request),
        };
        // A refresh is the one moment at which an idle connection shows itself; a person whose
        // key died in Odoo learns of it here instead of in the middle of a conversation.
        if issued.refreshed && self.probed(&issued.grant).await == KeyState::Ended {
            let text = "Odoo no longer accepts this connection's key; sign in again";
            return answer::oauth_error(&OAuthError::new(ErrorCode::InvalidGrant, text));
        }
        answer::json(StatusCode::OK, &issued.answer.to_json())
    }

    /// Clients wait half a minute for a refresh; an Odoo that does not answer must not use it up.
    async fn probed(&self, grant: &LiveGrant) -> KeyState {
        let probe = tokio::time::timeout(PATIENCE, self.probe.when_due(grant));
        probe.await.unwrap_or(KeyState::Unknown)
    }

    /// RFC 7009.
    pub(super) async fn revoke(&self, request: &Incoming) -> Answer {
        if !request.is_form() {
            return answer::oauth_error(&not_a_form());
        }
        let outcome = match RevokeRequest::parse(&request.body) {
            Ok(parsed) => self.provider.revoke(&parsed).await,
            Err(error) => Err(error),
        };
        match outcome {
            Ok(()) => answer::json(StatusCode::OK, &json!({})),
            Err(error) => answer::oauth_error(&error),
        }
    }

    /// RFC 7591. Each refusal has its own count, and what is known has none.
    pub(super) async fn register(&self, request: &Incoming) -> Answer {
        let judged = if request.is_json() {
            self.provider.judge_registration(&request.body)
        } else {
            Err(not_json())
        };
        let (network, now) = (network(request.address), self.provider.clock().now());
        let registration = match judged {
            Ok(registration) => registration,
            Err(error) => {
                return match self.limit(|limits| limits.malformed.take(&network, now)) {
                    Ok(()) => answer::oauth_error(&error),
                    Err(wait) => answer::slow_down(wait),
                };
            }
        };
        match self.provider.find_registration(&registration).await {
            Ok(Some(known)) => return answer::json(StatusCode::CREATED, &known),
            Ok(None) => {}
            Err(error) => return answer::oauth_error(&error),
        }
        if let Err(wait) = self.limit(|limits| limits.registrations.take(network, now)) {
            return answer::slow_down(wait);
        }
        match self.provider.add_registration(registration).await {
            Ok(client) => answer::json(StatusCode::CREATED, &client),
            Err(error) => answer::oauth_error(&error),
        }
    }
}

fn not_json() -> OAuthError {
    let text = "send the client's metadata as application/json";
    OAuthError::new(ErrorCode::InvalidClientMetadata, text)
}

/// A refusal of the token endpoint. A client that is refused after it named itself in the
/// Authorization header is told which scheme that was (RFC 6749 section 5.2).
fn refused(error: &OAuthError, request: &Incoming) -> Answer {
    let mut answer = answer::oauth_error(error);
    if error.code == ErrorCode::InvalidClient && request.has_basic_credentials() {
        answer::challenge_basic(&mut answer);
    }
    answer
}

fn not_a_form() -> OAuthError {
    let text = "send the parameters as application/x-www-form-urlencoded";
    OAuthError::new(ErrorCode::InvalidRequest, text)
}
