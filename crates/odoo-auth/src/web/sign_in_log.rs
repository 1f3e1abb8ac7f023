//! The log's lines about sign-ins that failed or were held back: login, reason and network.
//!
//! Not for what people are told (`credentials.rs`). People type passwords where the login belongs,
//! and a log never holds one. So a login is shown whole when somebody has signed in with it lately;
//! of any other the line has its first characters and its length, in which an operator recognises
//! the people of the company.

use std::{
    net::IpAddr,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use jiff::{SignedDuration, Timestamp};
use odoo_json2::SignInError;

use crate::{
    Held, HeldBy, SignInThrottle,
    throttle::{Buckets, Network},
};

/// The most characters of a login in a line.
const MAX_SHOWN: usize = 64;
/// The most characters of a login with which nobody signed in.
const MAX_SHOWN_OF_UNKNOWN: usize = 2;
/// The most lines at once about attempts that were held back, which cost a stranger nothing; then
/// one more each `HELD_LINE_EVERY`. Failures need no such limit, the throttle being theirs.
const HELD_LINES: i64 = 20;
const HELD_LINE_EVERY: SignedDuration = SignedDuration::from_secs(3);

/// Writes the lines.
pub(super) struct SignInLog {
    held: Mutex<Buckets<()>>,
    /// Attempts that were held back and left no line.
    untold: AtomicU64,
}

/// Who tries, as a line has it.
pub(super) struct Visitor {
    login: String,
    network: Network,
}

impl Visitor {
    pub(super) fn new(login: &str, address: IpAddr, throttle: &SignInThrottle) -> Self {
        Self {
            login: shown(login, throttle.has_signed_in(login)),
            network: address.into(),
        }
    }
}

impl Default for SignInLog {
    fn default() -> Self {
        Self {
            held: Mutex::new(Buckets::new(HELD_LINES, HELD_LINE_EVERY)),
            untold: AtomicU64::new(0),
        }
    }
}

impl SignInLog {
    /// Odoo did not let somebody in; for how long the login waits now, where that follows.
    pub(super) fn failed(&self, who: &Visitor, error: &SignInError, wait: SignedDuration) {
        let Visitor { login, network } = who;
        let (reason, wait) = (reason(error), wait.as_secs().max(0));
        tracing::warn!(login = login.as_str(), %network, reason, wait, "sign-in failed");
    }

    /// We held somebody back.
    pub(super) fn held(&self, who: &Visitor, held: &Held, now: Timestamp) {
        let mut lines = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.take(&(), now).is_err() {
            self.untold.fetch_add(1, Ordering::Relaxed);
            return;
        }
        drop(lines);
        let untold = self.untold.swap(0, Ordering::Relaxed);
        let Visitor { login, network } = who;
        let (reason, wait) = (limit(held.by), held.wait.as_secs());
        tracing::warn!(
            login = login.as_str(), %network, reason, wait, untold,
            "sign-in held back"
        );
    }
}

/// A login as a line may have it: nothing in it ends a line or colours a terminal.
fn shown(login: &str, known: bool) -> String {
    let plain = |c: char| match c.is_alphanumeric() || "@._+-".contains(c) {
        true => c,
        false => '?',
    };
    let count = login.chars().count();
    let most = match known {
        true => MAX_SHOWN,
        false => MAX_SHOWN_OF_UNKNOWN.min(count / 3),
    };
    let start: String = login.chars().take(most).map(plain).collect();
    match count > most {
        true => format!("{start}... ({count} characters)"),
        false => start,
    }
}

fn reason(error: &SignInError) -> &'static str {
    match error {
        SignInError::WrongCredentials => "wrong login or password",
        SignInError::Cooldown => "cooldown: Odoo refuses passwords from everybody",
        SignInError::WrongCode { .. } => "wrong code",
        SignInError::TooManyCodes => "too many wrong codes",
        SignInError::Expired => "took too long",
        SignInError::NotInternal => "portal account",
        SignInError::PasskeyOnly => "signs in with a passkey only",
        SignInError::Odoo(error) if error.is_invalid_key() => "wrong API key",
        SignInError::Odoo(_) => "Odoo cannot be reached",
        SignInError::Refused { .. } => "refused by Odoo",
        _ => "not let in by Odoo",
    }
}

fn limit(by: HeldBy) -> &'static str {
    match by {
        HeldBy::Login => "this login failed too often from this network",
        HeldBy::Address => "too many attempts from this network",
        HeldBy::Record => "this network failed before, and Odoo's cooldown is near",
        HeldBy::Everybody => "cooldown: Odoo refuses passwords from everybody",
        HeldBy::Turn => "too many sign-ins at the same time",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_that_may_be_a_password_is_not_shown() {
        let long = "x".repeat(1000);
        let cases = [
            ("alice", true, "alice"),
            ("alice", false, "a... (5 characters)"),
            ("hanna@larkspur.example", false, "ha... (22 characters)"),
            ("pw", false, "... (2 characters)"),
            ("", false, ""),
            ("a\nWARN b\u{1b}[31m\u{202e}", true, "a?WARN?b??31m?"),
        ];
        for (login, known, line) in cases {
            assert_eq!(shown(login, known), line);
        }
        assert!(shown(&long, true).len() < 100);
    }
}
