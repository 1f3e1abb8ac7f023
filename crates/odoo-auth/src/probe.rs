//! Asks Odoo whether a grant's key is still good.
//!
//! Not for deciding what follows from a dead key (`Grants::key_rejected` holds the mass-kill
//! guard). An archived user, a deleted and an expired key look the same to us: HTTP 401 with
//! Odoo's own JSON body. A proxy's 401 has no such body and ends nothing.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use moka::future::Cache;
use odoo_json2::{Clock, Odoo};

use crate::{GrantId, Grants, LiveGrant, Rejection};

/// How often a grant is probed by refreshes at most.
const INTERVAL: SignedDuration = SignedDuration::from_hours(1);

/// What a probe found out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// Odoo accepts the key.
    Good,
    /// Odoo refused the key twice; the grant has ended.
    Ended,
    /// It cannot be said now: Odoo was not reached, or so many keys died at once that it is more
    /// likely Odoo's fault.
    Unknown,
}

/// Probes keys, each grant's at most once an hour unless a call was refused.
#[derive(Clone, Debug)]
pub struct KeyProbe {
    odoo: Odoo,
    grants: Grants,
    clock: Clock,
    probed: Cache<GrantId, Timestamp>,
}

impl KeyProbe {
    /// A probe that asks this Odoo.
    pub fn new(odoo: Odoo, grants: Grants, clock: Clock) -> Self {
        let hour = Duration::from_secs(3600);
        let probed = Cache::builder()
            .max_capacity(10_000)
            .time_to_live(hour)
            .build();
        Self {
            odoo,
            grants,
            clock,
            probed,
        }
    }

    /// Asks when the last time is over an hour ago; else what was true then counts as true.
    pub async fn when_due(&self, grant: &LiveGrant) -> KeyState {
        let now = self.clock.now();
        let last = self.probed.get(&grant.id).await;
        if last.is_some_and(|at| now.duration_since(at) < INTERVAL) {
            return KeyState::Good;
        }
        self.now(grant).await
    }

    /// Asks now, and a second time before a grant ends.
    pub async fn now(&self, grant: &LiveGrant) -> KeyState {
        let odoo = self.odoo.with_key(grant.key.clone());
        for _ in 0..2 {
            match odoo.context_get().await {
                Ok(_) => {
                    self.probed.insert(grant.id, self.clock.now()).await;
                    return KeyState::Good;
                }
                Err(error) if error.is_invalid_key() => {}
                Err(error) => {
                    tracing::warn!(grant = %grant.id.short(), %error, "key not probed");
                    return KeyState::Unknown;
                }
            }
        }
        match self.grants.key_rejected(&grant.id).await {
            Ok(Rejection::Ended) => KeyState::Ended,
            Ok(Rejection::Held) => KeyState::Unknown,
            Err(error) => {
                tracing::error!(grant = %grant.id.short(), %error, "dead key not recorded");
                KeyState::Unknown
            }
        }
    }
}
