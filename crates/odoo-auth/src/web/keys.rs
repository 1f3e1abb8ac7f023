//! The Odoo keys of connections: made, renewed, and removed while their owner is signed in to Odoo,
//! because Odoo does all three only for somebody who has just typed the password.
//!
//! Not for signing in (`credentials.rs`).

use jiff::{SignedDuration, Timestamp};
use odoo_json2::{DateTime, KeyInfo, Session};

use super::{
    Inner,
    credentials::{Field, Proven, Trouble, network, trouble},
};
use crate::{
    Account, GrantFilter, GrantKind, GrantState, GrantSummary, OdooKey, Phase, clock, own_key,
};

/// The most keys that are removed, and the most that are renewed, along with a sign-in.
const AT_ONCE: usize = 5;

/// A key for a connection, and how to take it back.
pub(super) struct Obtained {
    pub(super) key: OdooKey,
    /// The session in which it was made; none for a key that the person had.
    made_in: Option<Session>,
}

impl Inner {
    /// The key of somebody proven: a new one of this name, or the one that was typed.
    pub(super) async fn key(&self, proven: Proven, name: &str) -> Result<Obtained, Trouble> {
        match proven {
            Proven::Session(session) => match self.mint(&session, name).await {
                Ok(key) => Ok(Obtained {
                    key,
                    made_in: Some(session),
                }),
                Err(error) => {
                    session.close().await;
                    Err(error)
                }
            },
            Proven::Key { odoo, secret } => {
                let key = OdooKey::brought(&odoo, secret).await;
                Ok(Obtained {
                    key: key.map_err(|error| network(&error, Field::Key))?,
                    made_in: None,
                })
            }
        }
    }

    /// After consent: ends the session in Odoo. A key that became no connection's is removed.
    pub(super) async fn settle(&self, obtained: Settled, account: &Account, connected: bool) {
        let Some(session) = obtained.made_in else {
            return;
        };
        match session.own_keys().await {
            Ok(keys) if connected => self.remove_spent_keys(&session, &keys, account).await,
            Ok(keys) => {
                let unused = keys.iter().filter(|key| key.name == obtained.name);
                remove(&session, unused.take(1)).await;
            }
            Err(error) => tracing::info!(%error, "keys in Odoo not tidied up"),
        }
        session.close().await;
    }

    /// Gives connections whose key ends soon a new one; how many.
    pub(super) async fn renew_keys(&self, session: &Session, account: &Account) -> usize {
        let now = self.provider.clock().now();
        let grants = self.provider.grants();
        let own = grants
            .list(GrantFilter::of(account))
            .await
            .unwrap_or_default();
        let ending = own.iter().filter(|grant| is_ending(grant, now));
        let mut renewed = 0;
        for grant in ending.take(AT_ONCE) {
            let Ok(key) = self.mint(session, &grant.key_name).await else {
                continue;
            };
            let later = key.expires_at.is_none() || key.expires_at > grant.key_expires_at;
            match grants.renew(&grant.id, account, key).await {
                Ok(()) => renewed += usize::from(later),
                Err(error) => tracing::warn!(grant = %grant.id.short(), %error, "key not renewed"),
            }
        }
        renewed
    }

    async fn mint(&self, session: &Session, name: &str) -> Result<OdooKey, Trouble> {
        let minted = session.mint_key(name, self.settings.key_days).await;
        let minted = minted.map_err(|error| trouble(&error, Field::Password))?;
        let expires_at = match session.own_keys().await {
            Ok(keys) => {
                let made = keys.iter().find(|key| key.name == name);
                made.and_then(|key| key.expiration_date)
                    .map(DateTime::timestamp)
            }
            // The key is there; a day less than it was made for is certainly not too long.
            Err(_) => {
                let days = i64::from(minted.days.saturating_sub(1));
                let life = SignedDuration::from_hours(24 * days);
                Some(clock::after(self.provider.clock().now(), life))
            }
        };
        Ok(OdooKey {
            secret: minted.key,
            name: name.to_owned(),
            expires_at,
        })
    }

    /// Removes the keys of connections that have ended. Best effort.
    async fn remove_spent_keys(&self, session: &Session, keys: &[KeyInfo], account: &Account) {
        let filter = GrantFilter::of(account);
        let Ok(grants) = self.provider.grants().list(filter).await else {
            return;
        };
        let ended = |name: &str| {
            let mut with_name = grants
                .iter()
                .filter(|grant| grant.key_name == name)
                .peekable();
            with_name.peek().is_some()
                && with_name.all(|grant| matches!(grant.state, GrantState::Dead { .. }))
        };
        let spent = keys
            .iter()
            .filter(|key| own_key::is_ours(key) && ended(&key.name));
        remove(session, spent.take(AT_ONCE)).await;
    }
}

/// What is left of an [`Obtained`] key once the connection has taken it over.
pub(super) struct Settled {
    name: String,
    made_in: Option<Session>,
}

impl Obtained {
    /// The key, and what has to be settled afterwards.
    pub(super) fn split(self) -> (OdooKey, Settled) {
        let settled = Settled {
            name: self.key.name.clone(),
            made_in: self.made_in,
        };
        (self.key, settled)
    }
}

async fn remove(session: &Session, keys: impl Iterator<Item = &KeyInfo>) {
    for key in keys {
        if let Err(error) = session.remove_key(key.id).await {
            tracing::info!(%error, "a key that is of no more use stays in Odoo");
        }
    }
}

fn is_ending(grant: &GrantSummary, now: Timestamp) -> bool {
    grant.kind == GrantKind::OAuth && matches!(grant.phase(now), Some(Phase::Expiring { .. }))
}
