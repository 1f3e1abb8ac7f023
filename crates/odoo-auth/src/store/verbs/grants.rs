//! Grants: made, listed, renewed, ended.

use jiff::Timestamp;

use super::{grant_of, hold, insert_pair, with_id};
use crate::{
    grant::{DeadReason, GrantId, GrantRecord},
    pair::{Code, Pair},
    store::{
        GrantFilter, KeyChange, StoreError, codec,
        codec::{code_columns, grant_columns},
        connection::{Connection, Value, Verb},
    },
};

pub(super) struct Lookup {
    pub(super) id: GrantId,
}

impl Verb for Lookup {
    type Out = Option<GrantRecord>;
    const WRITES: bool = false;

    async fn run<C: Connection>(self, connection: &mut C) -> Result<Self::Out, StoreError> {
        grant_of(connection, self.id).await
    }
}

pub(super) struct Find {
    pub(super) filter: GrantFilter,
}

impl Verb for Find {
    type Out = Vec<GrantRecord>;
    const WRITES: bool = false;

    async fn run<C: Connection>(self, connection: &mut C) -> Result<Self::Out, StoreError> {
        const ALL: &str = concat!(
            "SELECT ",
            grant_columns!(),
            " FROM grants WHERE state <> 'pending' ORDER BY created_at DESC, id"
        );
        const PERSON: &str = concat!(
            "SELECT ",
            grant_columns!(),
            " FROM grants WHERE base_url = $1 AND database_name = $2 AND uid = $3 \
             AND state <> 'pending' ORDER BY created_at DESC, id"
        );
        let rows = match self.filter.person {
            None => connection.query(ALL, vec![]).await?,
            Some((base_url, database, uid)) => {
                connection
                    .query(PERSON, vec![base_url.into(), database.into(), uid.into()])
                    .await?
            }
        };
        rows.into_iter().map(codec::grant).collect()
    }
}

pub(super) struct CountActive;

impl Verb for CountActive {
    type Out = u64;
    const WRITES: bool = false;

    async fn run<C: Connection>(self, connection: &mut C) -> Result<Self::Out, StoreError> {
        const SQL: &str = "SELECT count(*) FROM grants WHERE state = 'active'";
        let row = connection.first(SQL, vec![]).await?;
        let count = row
            .ok_or(StoreError::Damaged("a count has no row"))?
            .int()?;
        Ok(u64::try_from(count).unwrap_or_default())
    }
}

pub(super) struct AddPending {
    pub(super) grant: GrantRecord,
    pub(super) code: Code,
}

impl Verb for AddPending {
    type Out = bool;

    async fn run<C: Connection>(self, connection: &mut C) -> Result<Self::Out, StoreError> {
        const SQL: &str = concat!(
            "INSERT INTO codes (",
            code_columns!(),
            ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
        );
        if !insert_grant(connection, self.grant).await? {
            return Ok(false);
        }
        connection.query(SQL, codec::code_values(self.code)).await?;
        Ok(true)
    }
}

pub(super) struct AddPersonal {
    pub(super) grant: GrantRecord,
    pub(super) pair: Pair,
}

impl Verb for AddPersonal {
    type Out = bool;

    async fn run<C: Connection>(self, connection: &mut C) -> Result<Self::Out, StoreError> {
        let at = self.grant.terms.created_at;
        if !insert_grant(connection, self.grant).await? {
            return Ok(false);
        }
        insert_pair(connection, self.pair, at).await?;
        Ok(true)
    }
}

pub(super) struct End {
    pub(super) id: GrantId,
    pub(super) reason: DeadReason,
    pub(super) at: Timestamp,
}

impl Verb for End {
    type Out = bool;

    async fn run<C: Connection>(self, connection: &mut C) -> Result<Self::Out, StoreError> {
        end(connection, self.id, self.reason, self.at).await
    }
}

pub(super) struct SetRenewal {
    pub(super) id: GrantId,
    pub(super) renewal: Vec<u8>,
}

impl Verb for SetRenewal {
    type Out = bool;

    async fn run<C: Connection>(self, connection: &mut C) -> Result<Self::Out, StoreError> {
        const SQL: &str =
            "UPDATE grants SET renewal = $2 WHERE id = $1 AND state = 'active' RETURNING id";
        let touched = connection
            .touched(SQL, with_id(self.id, [self.renewal.into()]))
            .await?;
        Ok(touched > 0)
    }
}

pub(super) struct ReplaceKey {
    pub(super) change: KeyChange,
}

impl Verb for ReplaceKey {
    type Out = bool;

    async fn run<C: Connection>(self, connection: &mut C) -> Result<Self::Out, StoreError> {
        const SQL: &str = "UPDATE grants SET key_kid = $2, key_sealed = $3, key_name = $4, \
             key_expires_at = $5, renewal = NULL WHERE id = $1 RETURNING id";
        let change = self.change;
        if !hold(connection, change.grant, "active").await? {
            return Ok(false);
        }
        let there = grant_of(connection, change.grant).await?;
        let same = |grant: &GrantRecord| {
            grant.key.as_ref() == Some(&change.old) && grant.renewal == change.renewal
        };
        if !there.as_ref().is_some_and(same) {
            return Ok(false);
        }
        let values = with_id(
            change.grant,
            [
                change.new.kid.into(),
                change.new.bytes.into(),
                change.key_name.into(),
                change.key_expires_at.into(),
            ],
        );
        Ok(connection.touched(SQL, values).await? > 0)
    }
}

pub(super) struct Touch {
    pub(super) used: Vec<(GrantId, Timestamp)>,
}

impl Verb for Touch {
    type Out = ();

    async fn run<C: Connection>(self, connection: &mut C) -> Result<Self::Out, StoreError> {
        const SQL: &str = "UPDATE grants SET last_used_at = $2 WHERE id = $1";
        for (id, at) in self.used {
            connection.query(SQL, with_id(id, [at.into()])).await?;
        }
        Ok(())
    }
}

/// Ends a grant that lives or is pending, and erases all that opens its key.
pub(super) async fn end<C: Connection>(
    connection: &mut C,
    id: GrantId,
    reason: DeadReason,
    at: Timestamp,
) -> Result<bool, StoreError> {
    const END: &str = "UPDATE grants SET state = 'dead', dead_reason = $2, changed_at = $3, \
         key_kid = NULL, key_sealed = NULL, renewal = NULL \
         WHERE id = $1 AND state <> 'dead' RETURNING id";
    const CODES: &str = "DELETE FROM codes WHERE grant_id = $1";
    const PAIRS: &str = "DELETE FROM pairs WHERE grant_id = $1";
    let values = with_id(id, [reason.as_str().into(), at.into()]);
    if connection.touched(END, values).await? == 0 {
        return Ok(false);
    }
    connection.query(CODES, with_id(id, [])).await?;
    connection.query(PAIRS, with_id(id, [])).await?;
    Ok(true)
}

async fn insert_grant<C: Connection>(
    connection: &mut C,
    grant: GrantRecord,
) -> Result<bool, StoreError> {
    const SQL: &str = concat!(
        "INSERT INTO grants (",
        grant_columns!(),
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, \
         $18, $19, $20, $21) ON CONFLICT (id) DO NOTHING RETURNING id"
    );
    let at = grant.terms.created_at;
    let values: Vec<Value> = codec::grant_values(grant, at);
    Ok(connection.touched(SQL, values).await? > 0)
}
