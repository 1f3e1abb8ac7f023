//! Who calls: the boundary to whatever knows tokens and people.
//!
//! Not for the HTTP side of it (`bearer` reads the header, `challenge` writes the refusal).

use std::future::Future;
use std::time::Duration;

/// The person on whose behalf a request is made, and the program through which.
///
/// It is cloned once for each request, so it should be an `Arc` or a few words.
pub trait Caller: Clone + Send + Sync + 'static {
    /// A stable name of the person together with the program: never a secret, never shown.
    ///
    /// Sessions are bound to it: two callers share a session only when this is equal. It must not
    /// change when the same person signs in anew with the same program, since most clients keep
    /// their session then and never begin another.
    fn principal(&self) -> &str;

    /// A stable name of the person, for those who have several grants: what one person may take
    /// of the server is counted by it. Never shown. The grant itself unless overridden.
    fn person(&self) -> &str {
        self.principal()
    }
}

/// Turns a bearer token into a [`Caller`].
///
/// It is asked for every request, before the request's body is read, so a warm answer should
/// come from memory.
pub trait Authenticate: Send + Sync + 'static {
    /// What a valid token stands for.
    type Caller: Caller;

    /// Checks the token as it came after `Bearer `.
    ///
    /// The token has the characters that RFC 6750 section 2.1 allows and at most 4,096 bytes.
    ///
    /// # Errors
    /// [`Refusal::InvalidToken`] when it is unknown, expired, revoked or meant for another
    /// resource; [`Refusal::Unavailable`] when that cannot be known at the moment.
    fn authenticate(
        &self,
        bearer: &str,
    ) -> impl Future<Output = Result<Self::Caller, Refusal>> + Send;
}

/// Why a token was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The token opens nothing: HTTP 401 with `error="invalid_token"`, upon which clients
    /// refresh it or ask the person to sign in again.
    #[error("the token is unknown, expired or revoked")]
    InvalidToken,
    /// Whether the token is good cannot be known now: HTTP 503, upon which clients retry and
    /// keep the token.
    #[error("tokens cannot be checked at the moment")]
    Unavailable {
        /// When a retry is worth while (`Retry-After`, whole seconds).
        retry_after: Duration,
    },
}
