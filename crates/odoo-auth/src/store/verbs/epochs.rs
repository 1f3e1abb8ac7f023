//! The epoch of a store, and the end of everything that an older one brought back.

use jiff::Timestamp;

use crate::{
    grant::DeadReason,
    store::{
        EpochEntry, StoreError, codec,
        connection::{Connection, Row, Verb},
    },
};

pub(super) struct Current;

impl Verb for Current {
    type Out = i64;
    const WRITES: bool = false;

    async fn run<C: Connection>(self, connection: &mut C) -> Result<Self::Out, StoreError> {
        const SQL: &str = "SELECT epoch FROM epochs WHERE id = 1";
        number(connection.first(SQL, vec![]).await?)
    }
}

pub(super) struct Enter {
    pub(super) epoch: i64,
    pub(super) at: Timestamp,
}

impl Verb for Enter {
    type Out = EpochEntry;

    async fn run<C: Connection>(self, connection: &mut C) -> Result<Self::Out, StoreError> {
        // Takes hold of the row: of several servers that start at once, one does the work.
        const HOLD: &str = "UPDATE epochs SET epoch = epoch WHERE id = 1 RETURNING epoch";
        const ENTER: &str = "UPDATE epochs SET epoch = $1 WHERE id = 1";
        const PENDING: &str = "DELETE FROM grants WHERE state = 'pending'";
        const END: &str = "UPDATE grants SET state = 'dead', dead_reason = $1, changed_at = $2, \
             key_kid = NULL, key_sealed = NULL, renewal = NULL WHERE state <> 'dead' RETURNING id";
        let found = number(connection.first(HOLD, vec![]).await?)?;
        if found == self.epoch {
            return Ok(EpochEntry::Same);
        }
        if found > self.epoch {
            return Ok(EpochEntry::Newer(found));
        }
        // With nothing left that an old key could open, any ring will do.
        const MARKS: &str = "DELETE FROM key_marks";
        for erase in ["DELETE FROM codes", "DELETE FROM pairs", PENDING, MARKS] {
            connection.query(erase, vec![]).await?;
        }
        let reason = DeadReason::Restored.as_str();
        let ended = connection
            .query(END, vec![reason.into(), self.at.into()])
            .await?;
        connection.query(ENTER, vec![self.epoch.into()]).await?;
        let ids = ended
            .into_iter()
            .map(|mut row| codec::grant_id(&row.text()?));
        Ok(EpochEntry::Entered(ids.collect::<Result<_, _>>()?))
    }
}

fn number(row: Option<Row>) -> Result<i64, StoreError> {
    row.ok_or(StoreError::Damaged("the store has no epoch"))?
        .int()
}
