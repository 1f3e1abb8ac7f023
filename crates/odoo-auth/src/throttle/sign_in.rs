//! Limits on password sign-in, chosen so that they trip before Odoo's own.
//!
//! Odoo counts failed passwords by the address they come from, which for all our users is this
//! server's: after five failures without a success between them it refuses everybody for a minute
//! from the last one, and time alone never lowers its count (`res.users._on_login_cooldown`). The
//! rules that keep one person's failures from becoming everybody's are in `tally.rs`
//! (docs/decisions/0015); this is the door in front of them.

use std::{
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use jiff::SignedDuration;
use odoo_json2::Clock;
use tokio::sync::Notify;

use super::{
    line::Line,
    records::{Name, Who},
    tally::Tally,
};

/// How long an attempt waits for others that are under way.
const PATIENCE: Duration = Duration::from_secs(20);

/// Odoo's cooldown, as its system parameters `base.login_cooldown_after` and
/// `base.login_cooldown_duration` set it.
#[derive(Clone, Copy, Debug)]
pub struct OdooCooldown {
    /// After how many failures without a success Odoo refuses everybody; 0 is never.
    pub after: u32,
    /// For how long from the last failure.
    pub pause: SignedDuration,
}

/// Decides who may try a password now. One instance for all requests.
#[derive(Debug)]
pub struct SignInThrottle {
    clock: Clock,
    tally: Mutex<Tally>,
    turn: Notify,
    line: Line,
}

/// An attempt that was let through. Dropped without a word, it counts as neither failed nor
/// succeeded: Odoo was not reached.
#[derive(Debug)]
#[must_use]
pub struct Attempt<'a> {
    throttle: &'a SignInThrottle,
    who: Who,
    failures_before: u32,
}

/// An attempt that was not let through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("held back for {} seconds", .wait.as_secs())]
pub struct Held {
    /// How long to wait.
    pub wait: SignedDuration,
    /// What for.
    pub by: HeldBy,
}

/// Which limit held an attempt back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeldBy {
    /// The same login name failed too often from this network.
    Login,
    /// Too many failures from this network.
    Address,
    /// Few more failures would make Odoo refuse everybody, and this network failed before.
    Record,
    /// Odoo is about to refuse, or refuses, passwords from everybody.
    Everybody,
    /// As many are under way as could fail together without a cooldown.
    Turn,
}

impl Default for OdooCooldown {
    fn default() -> Self {
        Self {
            after: 5,
            pause: SignedDuration::from_secs(60),
        }
    }
}

impl SignInThrottle {
    /// A throttle with no failures so far.
    pub fn new(clock: Clock, cooldown: OdooCooldown) -> Self {
        Self {
            clock,
            tally: Mutex::new(Tally::new(cooldown)),
            turn: Notify::new(),
            line: Line::default(),
        }
    }

    /// Lets one attempt through, or says how long to wait.
    ///
    /// # Errors
    ///
    /// When a limit holds it back.
    pub fn admit(&self, login: &str, address: IpAddr) -> Result<Attempt<'_>, Held> {
        let who = Who {
            name: Name::of(login),
            network: address.into(),
        };
        let failures_before = self.tally().admit(&who, self.clock.now())?;
        Ok(Attempt {
            throttle: self,
            who,
            failures_before,
        })
    }

    /// As [`admit`](Self::admit), but waits while it is only others' turn: for seconds, among a
    /// bounded number.
    ///
    /// # Errors
    ///
    /// When a limit holds it back.
    pub async fn admit_in_turn(&self, login: &str, address: IpAddr) -> Result<Attempt<'_>, Held> {
        let Some(_place) = self.line.enter(address.into()) else {
            return self.admit(login, address);
        };
        let admitted = async {
            loop {
                // Made before asking, so that a turn that ends in between is not missed.
                let turn = self.turn.notified();
                match self.admit(login, address) {
                    Err(held) if held.by == HeldBy::Turn => turn.await,
                    decided => return decided,
                }
            }
        };
        match tokio::time::timeout(PATIENCE, admitted).await {
            Ok(decided) => decided,
            Err(_) => self.admit(login, address),
        }
    }

    /// Lets one pasted API key through, or says how long to wait. Keys are 160 random bits and Odoo
    /// has no cooldown for them, so this is about load alone.
    ///
    /// # Errors
    ///
    /// When too many came from this address.
    pub fn admit_key(&self, address: IpAddr) -> Result<(), Held> {
        self.tally().admit_key(address.into(), self.clock.now())
    }

    /// Odoo refused somebody for its cooldown: nobody need try before it is over.
    pub fn odoo_refuses(&self) {
        self.tally().odoo_refuses(self.clock.now());
    }

    /// Whether somebody signed in with this login lately. After a restart nobody did.
    pub(crate) fn has_signed_in(&self, login: &str) -> bool {
        self.tally()
            .has_signed_in(&Name::of(login), self.clock.now())
    }

    fn tally(&self) -> MutexGuard<'_, Tally> {
        // The tally is valid after each statement, so a panic elsewhere has not spoilt it.
        self.tally.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Attempt<'_> {
    /// Odoo accepted the password, and with that forgot all failures.
    pub fn succeeded(self) {
        let now = self.throttle.clock.now();
        let before = self.failures_before;
        self.throttle.tally().succeeded(&self.who, before, now);
    }

    /// Odoo refused the password. How long the same login now waits on this network; zero or less
    /// means that it may go on.
    pub fn failed(self) -> SignedDuration {
        let now = self.throttle.clock.now();
        self.throttle.tally().failed(&self.who, now)
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        self.throttle.tally().is_over(&self.who);
        self.throttle.turn.notify_waiters();
    }
}
