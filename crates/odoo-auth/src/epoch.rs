//! Epochs: how a store that came back from a backup is known, and what it brought back is ended.
//!
//! The key ring names the present epoch, the store the one in which it was used last. A copy of the
//! store that is put back is of an earlier epoch once the ring has moved on, which the operator does
//! by `store restored`; the ring is kept apart from the store, so it does not go back with it.
//! Not for moving the ring's epoch where the ring lies: it is printed, as all rings are.

use crate::{
    keyring::KeyRing,
    provider::Provider,
    store::{EpochEntry, StoreError},
};

/// Why a store is not served.
#[derive(Debug, thiserror::Error)]
pub enum EpochError {
    /// The key ring is an older one than the store was used with.
    #[error(
        "the key ring is of epoch {ring} and the store of epoch {store}: this is an older key ring. \
         Put the present one in its place; if there is none, `odoo-mcp-server store restored` \
         prints one"
    )]
    OlderRing {
        /// The ring's.
        ring: u32,
        /// The store's.
        store: i64,
    },
    /// There is no next epoch.
    #[error("the epoch {0} is the last one that can be counted")]
    Last(i64),
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Provider {
    /// Brings the store into the key ring's epoch: to be called before anybody is served, and
    /// harmless afterwards. If the store is of an earlier one, all its grants end first, because
    /// it holds what was used up or revoked since it was copied. Gives how many.
    ///
    /// # Errors
    ///
    /// When the key ring is older than the store, or the store does not answer.
    pub async fn enter_epoch(&self) -> Result<usize, EpochError> {
        self.begin_epoch(self.keys()).await
    }

    /// The key ring in the epoch after the present one, of the ring or of the store, whichever is
    /// later; for the caller to put in the old one's place. Nothing has changed yet.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    pub async fn next_epoch(&self) -> Result<KeyRing, EpochError> {
        let present = self.realm.store.epoch().await?;
        let present = present.max(i64::from(self.keys().epoch()));
        let next = u32::try_from(present.saturating_add(1));
        let next = next.map_err(|_| EpochError::Last(present))?;
        Ok(self.keys().clone().in_epoch(next))
    }

    /// Brings the store into the epoch of a ring that [`next_epoch`](Self::next_epoch) gave, and
    /// ends all its grants. Gives how many.
    ///
    /// # Errors
    ///
    /// As [`enter_epoch`](Self::enter_epoch).
    pub async fn begin_epoch(&self, ring: &KeyRing) -> Result<usize, EpochError> {
        let (ring, now) = (ring.epoch(), self.realm.now());
        match self.realm.store.enter_epoch(i64::from(ring), now).await? {
            EpochEntry::Same => Ok(0),
            EpochEntry::Newer(store) => Err(EpochError::OlderRing { ring, store }),
            EpochEntry::Entered(ended) => {
                for id in &ended {
                    self.realm.ended.insert(*id, ()).await;
                }
                let count = ended.len();
                tracing::warn!(
                    epoch = ring,
                    count,
                    "a new epoch begins; all connections ended"
                );
                Ok(count)
            }
        }
    }
}
