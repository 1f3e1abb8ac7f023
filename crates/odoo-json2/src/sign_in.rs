//! Signing in with login and password, once, in order to get an API key.
//!
//! JSON-2 knows only keys. This goes the way a browser goes: open a web session, prove the second
//! factor where there is one, make a key in it, end it. The session's cookie never leaves this
//! module. Two things to know before using it:
//!
//! * Odoo slows down failed sign-ins per *source address*, which is the address of this program for
//!   everybody who signs in through it. Limit the attempts per person yourself, below Odoo's limit.
//! * When an administrator signs in, Odoo may take over the address used here as its own
//!   `web.base.url`, unless the parameter `web.base.url.freeze` is set.

mod page;
mod session;

pub use session::{Session, TotpChallenge};

use secrecy::SecretString;

use crate::{Error, Odoo};
use session::WebSession;

/// How far a sign-in has come.
#[derive(Debug)]
pub enum SignIn {
    /// The user is signed in.
    Complete(Session),
    /// The user has to prove a second factor.
    Totp(TotpChallenge),
}

/// Why a sign-in, or something that needs the password, did not succeed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignInError {
    /// Login or password is wrong, or the user has no password (single sign-on, passkey only).
    /// Odoo does not tell which.
    #[error("Odoo does not accept this login and password")]
    WrongCredentials,
    /// Too many sign-ins from this address failed; Odoo refuses everybody's for a while.
    #[error(
        "Odoo refuses sign-ins from here for a moment, after too many failed ones; wait a minute"
    )]
    Cooldown,
    /// The code of the second factor is wrong or was used before.
    #[error("the code is not accepted: {message}")]
    WrongCode {
        /// Odoo's explanation.
        message: String,
    },
    /// Too many wrong codes; Odoo takes five an hour.
    #[error("too many wrong codes; try again in an hour")]
    TooManyCodes,
    /// The code was asked for too long ago.
    #[error("the sign-in took too long; begin again")]
    Expired,
    /// Portal and public users cannot have API keys.
    #[error("only internal users can have API keys")]
    NotInternal,
    /// The identity of this user can be checked with a passkey only; a key has to be made in Odoo.
    #[error("this user signs in with a passkey; create the API key in Odoo itself")]
    PasskeyOnly,
    /// Odoo refuses for another reason.
    #[error("Odoo refuses: {message}")]
    Refused {
        /// Odoo's explanation.
        message: String,
    },
    /// The sign-in did not get as far as a decision.
    #[error(transparent)]
    Odoo(#[from] Error),
}

impl SignInError {
    /// Whether the person did something wrong, rather than Odoo or the network.
    pub fn is_refusal(&self) -> bool {
        !matches!(self, Self::Odoo(_))
    }

    /// What a failure in a key wizard means.
    pub(crate) fn of_wizard(error: Error) -> Self {
        match error {
            Error::AccessDenied { .. } => Self::NotInternal,
            Error::UserError { message } | Error::Validation { message } => {
                Self::Refused { message }
            }
            other => Self::Odoo(other),
        }
    }
}

impl Odoo {
    /// Signs in with login and password. The key of this client, if any, plays no part.
    ///
    /// ```no_run
    /// use odoo_json2::{Odoo, SecretString, SignIn};
    ///
    /// # async fn example(password: SecretString) -> Result<(), Box<dyn std::error::Error>> {
    /// let odoo = Odoo::builder("https://odoo.example.com").database("larkspur").build()?;
    /// let session = match odoo.sign_in("alice", password).await? {
    ///     SignIn::Complete(session) => session,
    ///     SignIn::Totp(mut challenge) => challenge.verify("123456").await?,
    /// };
    /// let minted = session.mint_key("Reports on alice's laptop", 90).await?;
    /// session.close().await;
    /// let odoo = odoo.with_key(minted.key);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// Every [`SignInError`].
    pub async fn sign_in(
        &self,
        login: &str,
        password: SecretString,
    ) -> Result<SignIn, SignInError> {
        WebSession::open(self)
            .await?
            .authenticate(login, password)
            .await
    }
}
