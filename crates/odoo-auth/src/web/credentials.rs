//! From what a person typed to an Odoo account.
//!
//! Not for pages, nor for what is done with the account (`keys.rs`). Passwords live from the form to
//! Odoo's answer; only when Odoo wants a second factor are they kept, in memory, until the code
//! comes or five minutes are over.

use std::{net::IpAddr, sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp};
use odoo_json2::{Error, Odoo, Session, SignIn, SignInError, TotpChallenge};
use secrecy::{ExposeSecret, SecretString};
use tokio::{sync::Mutex, time::Instant};

use super::{Inner, sign_in_log::Visitor, transaction::PageForm};
use crate::{Account, Attempt, Held, HeldBy};

/// How long a refusal takes at least, so that its time tells nothing about which part was wrong.
const FLOOR: Duration = Duration::from_millis(300);

/// A sign-in that waits for its second factor.
#[derive(Clone)]
pub(super) struct WaitingCode {
    challenge: Arc<Mutex<TotpChallenge>>,
    visitor: Arc<Visitor>,
}

impl WaitingCode {
    fn new(challenge: TotpChallenge, visitor: Visitor) -> Self {
        Self {
            challenge: Arc::new(Mutex::new(challenge)),
            visitor: Arc::new(visitor),
        }
    }
}

/// Somebody who has proved who they are.
pub(super) enum Proven {
    /// By password: a key can be made.
    Session(Session),
    /// By a key they had.
    Key { odoo: Odoo, secret: SecretString },
}

/// How far a proof has come.
pub(super) enum Progress {
    Proven(Proven),
    /// Odoo wants a code now.
    CodeWanted,
}

/// What a person is told when it does not work, and for which field.
#[derive(Debug)]
pub(super) struct Trouble {
    pub(super) status: u16,
    pub(super) message: String,
    pub(super) field: Field,
    pub(super) wait: Option<SignedDuration>,
}

/// The part of the form that trouble is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Password,
    Code,
    Key,
    Other,
}

impl Trouble {
    pub(super) fn new(status: u16, field: Field, message: impl Into<String>) -> Self {
        Self {
            status,
            message: message.into(),
            field,
            wait: None,
        }
    }
}

impl Inner {
    /// Checks what was typed: a code for a waiting sign-in, a key, or login and password.
    pub(super) async fn prove(
        &self,
        form: &PageForm,
        address: IpAddr,
        visit: &str,
    ) -> Result<Progress, Trouble> {
        let start = Instant::now();
        let outcome = self.prove_now(form, address, visit).await;
        // What this server decides by itself tells nothing that would have to be hidden.
        if outcome.as_ref().is_err_and(|trouble| trouble.status == 403) {
            tokio::time::sleep_until(start + FLOOR).await;
        }
        outcome
    }

    async fn prove_now(
        &self,
        form: &PageForm,
        address: IpAddr,
        visit: &str,
    ) -> Result<Progress, Trouble> {
        if let Some(secret) = &form.api_key {
            return self.prove_key(secret, address).await.map(Progress::Proven);
        }
        if form.password.is_none() && !form.totp.is_empty() {
            let proven = self.prove_code(&form.totp, visit).await?;
            return Ok(Progress::Proven(Proven::Session(proven)));
        }
        let Some(password) = form.password.clone().filter(|_| !form.login.is_empty()) else {
            let text = "Type your Odoo login and password, or use an API key.";
            return Err(Trouble::new(400, Field::Password, text));
        };
        let visitor = Visitor::new(&form.login, address, &self.throttle);
        let admitted = self.throttle.admit_in_turn(&form.login, address).await;
        let attempt = admitted.map_err(|held| self.held(&visitor, held))?;
        match self.odoo.sign_in(&form.login, password).await {
            Ok(SignIn::Complete(session)) => {
                attempt.succeeded();
                Ok(Progress::Proven(Proven::Session(session)))
            }
            Ok(SignIn::Totp(challenge)) => {
                // The password was right, which is what Odoo's count is about.
                attempt.succeeded();
                let waiting = WaitingCode::new(challenge, visitor);
                self.waiting.insert(visit.to_owned(), waiting).await;
                if form.totp.is_empty() {
                    return Ok(Progress::CodeWanted);
                }
                let proven = self.prove_code(&form.totp, visit).await?;
                Ok(Progress::Proven(Proven::Session(proven)))
            }
            Err(error) => Err(self.refused(attempt, &visitor, &error)),
        }
    }

    async fn prove_code(&self, code: &str, visit: &str) -> Result<Session, Trouble> {
        let Some(waiting) = self.waiting.get(visit).await else {
            let text = "The sign-in took too long. Type your login and password again.";
            return Err(Trouble::new(400, Field::Password, text));
        };
        let verified = waiting.challenge.lock().await.verify(code).await;
        if let Err(error) = &verified {
            self.log
                .failed(&waiting.visitor, error, SignedDuration::ZERO);
        }
        // The code can be tried again when it was wrong, or when Odoo was not reached.
        let again = matches!(
            verified,
            Err(SignInError::WrongCode { .. } | SignInError::Odoo(_))
        );
        let field = if again { Field::Code } else { Field::Password };
        if !again {
            self.forget(visit).await;
        }
        verified.map_err(|error| trouble(&error, field))
    }

    /// Forgets a sign-in that waits for its code, with its password.
    pub(super) async fn forget(&self, visit: &str) {
        self.waiting.invalidate(visit).await;
    }

    async fn prove_key(&self, secret: &SecretString, address: IpAddr) -> Result<Proven, Trouble> {
        let visitor = Visitor::new("", address, &self.throttle);
        let admitted = self.throttle.admit_key(address);
        admitted.map_err(|held| self.held(&visitor, held))?;
        let refused = |error: Error| {
            let error = SignInError::Odoo(error);
            self.log.failed(&visitor, &error, SignedDuration::ZERO);
            trouble(&error, Field::Key)
        };
        // What no header can carry is no key either.
        if !secret
            .expose_secret()
            .bytes()
            .all(|byte| byte.is_ascii_graphic())
        {
            return Err(refused(Error::InvalidKey));
        }
        let odoo = self.odoo.with_key(secret.clone());
        match odoo.context_get().await {
            Ok(_) => Ok(Proven::Key {
                odoo,
                secret: secret.clone(),
            }),
            Err(error) => Err(refused(error)),
        }
    }

    fn refused(&self, attempt: Attempt<'_>, who: &Visitor, error: &SignInError) -> Trouble {
        let mut wait = SignedDuration::ZERO;
        match error {
            SignInError::WrongCredentials => wait = attempt.failed(),
            SignInError::Cooldown => self.throttle.odoo_refuses(),
            _ => {}
        }
        self.log.failed(who, error, wait);
        trouble(error, Field::Password)
    }

    fn held(&self, who: &Visitor, held: Held) -> Trouble {
        self.log.held(who, &held, self.provider.clock().now());
        held_back(held)
    }

    /// The account of somebody proven.
    pub(super) async fn account(&self, proven: &Proven) -> Result<Account, Trouble> {
        let (uid, login, name) = match proven {
            Proven::Session(session) if !session.is_internal() => {
                return Err(trouble(&SignInError::NotInternal, Field::Password));
            }
            Proven::Session(session) => (
                session.uid(),
                session.login().to_owned(),
                session.name().to_owned(),
            ),
            Proven::Key { odoo, .. } => {
                let profile = odoo
                    .profile()
                    .await
                    .map_err(|error| network(&error, Field::Key))?;
                if profile.share {
                    return Err(trouble(&SignInError::NotInternal, Field::Key));
                }
                (profile.uid, profile.login, profile.name)
            }
        };
        Ok(Account::of(&self.odoo, uid, login, name))
    }
}

fn held_back(held: Held) -> Trouble {
    let wait = in_words(held.wait);
    let message = match held.by {
        HeldBy::Login | HeldBy::Address => {
            format!("Too many attempts. Wait {wait}, or use an API key.")
        }
        HeldBy::Record => format!(
            "Too many wrong passwords came from your network. Wait {wait}, or until somebody else \
             has signed in, or use an API key."
        ),
        HeldBy::Everybody => format!(
            "Odoo takes no passwords at the moment, after several wrong ones. Wait {wait}, or use \
             an API key."
        ),
        HeldBy::Turn => {
            format!("Many people sign in at this moment. Wait {wait}, or use an API key.")
        }
    };
    Trouble {
        status: 429,
        message,
        field: Field::Password,
        wait: Some(held.wait),
    }
}

/// How long to wait, rounded up.
fn in_words(wait: SignedDuration) -> String {
    match wait.as_secs() + 1 {
        seconds @ ..=120 => format!("{seconds} seconds"),
        seconds => format!("{} minutes", (seconds + 59) / 60),
    }
}

pub(super) fn network(error: &Error, field: Field) -> Trouble {
    tracing::warn!(%error, "sign-in did not reach a decision");
    trouble(&SignInError::Odoo(error.clone()), field)
}

/// What a person reads. Unknown login, wrong password and no password read alike.
pub(super) fn trouble(error: &SignInError, field: Field) -> Trouble {
    let text = match error {
        SignInError::WrongCredentials => {
            "Odoo does not accept this login and password. If you sign in to Odoo with Google, \
             Microsoft or a passkey, use an API key instead."
        }
        SignInError::Cooldown => {
            "Odoo takes no passwords for a minute, after several wrong ones. Wait, or use an API \
             key."
        }
        SignInError::WrongCode { .. } => "Odoo does not accept this code. Type the current one.",
        SignInError::TooManyCodes => "Too many wrong codes. Odoo takes new ones in an hour.",
        SignInError::Expired => "The sign-in took too long. Type your login and password again.",
        SignInError::NotInternal => {
            "This is a portal account. Only internal users of Odoo can connect."
        }
        SignInError::PasskeyOnly => {
            "You sign in to Odoo with a passkey. Make an API key in Odoo (My Preferences, \
             Security) and use it here."
        }
        SignInError::Odoo(error) if error.is_invalid_key() => {
            "Odoo does not accept this API key. It is mistyped, expired, or of another database."
        }
        SignInError::Odoo(_) => {
            "Odoo cannot be reached at the moment. Nothing was changed; try again in a minute."
        }
        SignInError::Refused { message } => {
            return Trouble::new(403, field, format!("Odoo refuses: {message}"));
        }
        _ => "Odoo did not let you in. Try again, or use an API key.",
    };
    let status = match error {
        SignInError::Cooldown | SignInError::TooManyCodes => 429,
        SignInError::Odoo(error) if !error.is_invalid_key() => 503,
        _ => 403,
    };
    Trouble::new(status, field, text)
}

/// A day, as pages say it.
pub(super) fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}
