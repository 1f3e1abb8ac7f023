//! Pairs of tokens: found, confirmed, rotated, reissued.

use jiff::Timestamp;

use super::{grant_of, hold, insert_pair, with_id};
use crate::{
    grant::{GrantId, GrantRecord},
    pair::{Pair, PairState, StoredToken},
    store::{
        Digest, Rotation, StoreError, codec,
        codec::pair_columns,
        connection::{Connection, Verb},
    },
};

const BY_REFRESH: &str = concat!(
    "SELECT ",
    pair_columns!(),
    " FROM pairs WHERE refresh_digest = $1"
);

pub(super) struct FindByAccess {
    pub(super) digests: Vec<Digest>,
}

impl Verb for FindByAccess {
    type Out = Option<(Pair, GrantRecord)>;
    const WRITES: bool = false;

    async fn run<C: Connection>(self, connection: &mut C) -> Result<Self::Out, StoreError> {
        const SQL: &str = concat!(
            "SELECT ",
            pair_columns!(),
            " FROM pairs WHERE access_digest = $1"
        );
        find(connection, SQL, self.digests).await
    }
}

pub(super) struct FindByRefresh {
    pub(super) digests: Vec<Digest>,
}

impl Verb for FindByRefresh {
    type Out = Option<(Pair, GrantRecord)>;
    const WRITES: bool = false;

    async fn run<C: Connection>(self, connection: &mut C) -> Result<Self::Out, StoreError> {
        find(connection, BY_REFRESH, self.digests).await
    }
}

pub(super) struct Confirm {
    pub(super) id: GrantId,
    pub(super) access: Digest,
    pub(super) at: Timestamp,
}

impl Verb for Confirm {
    type Out = bool;

    async fn run<C: Connection>(self, connection: &mut C) -> Result<Self::Out, StoreError> {
        const SQL: &str = "UPDATE pairs SET state = 'live', changed_at = $3 \
             WHERE grant_id = $1 AND access_digest = $2 AND state = 'issued' RETURNING generation";
        if !hold(connection, self.id, "active").await? {
            return Ok(false);
        }
        let values = with_id(self.id, [self.access.into(), self.at.into()]);
        if connection.touched(SQL, values).await? == 0 {
            return Ok(false);
        }
        spend_predecessor(connection, self.id, self.at).await?;
        Ok(true)
    }
}

pub(super) struct Rotate {
    pub(super) rotation: Rotation,
}

impl Verb for Rotate {
    type Out = bool;

    async fn run<C: Connection>(self, connection: &mut C) -> Result<Self::Out, StoreError> {
        const SQL: &str = "UPDATE pairs SET state = 'rotated', changed_at = $3, salt = $4 \
             WHERE grant_id = $1 AND refresh_digest = $2 AND state IN ('issued', 'live')";
        let Rotation {
            from,
            salt,
            successor,
            at,
        } = self.rotation;
        let id = successor.grant;
        if !hold(connection, id, "active").await? {
            return Ok(false);
        }
        let pair = by_refresh(connection, from).await?;
        let is_head = |pair: Pair| matches!(pair.state, PairState::Issued | PairState::Live);
        if !pair.is_some_and(is_head) {
            return Ok(false);
        }
        spend_predecessor(connection, id, at).await?;
        forget_salt(connection, id).await?;
        connection
            .query(SQL, with_id(id, [from.into(), at.into(), salt.into()]))
            .await?;
        insert_pair(connection, successor, at).await?;
        Ok(true)
    }
}

pub(super) struct Reissue {
    pub(super) rotation: Rotation,
    pub(super) replaced_salt: Digest,
}

impl Verb for Reissue {
    type Out = bool;

    async fn run<C: Connection>(self, connection: &mut C) -> Result<Self::Out, StoreError> {
        const DROP: &str = "DELETE FROM pairs WHERE grant_id = $1 AND state = 'issued'";
        const SQL: &str = "UPDATE pairs SET changed_at = $3, salt = $4 \
             WHERE grant_id = $1 AND refresh_digest = $2 AND state = 'rotated'";
        let Rotation {
            from,
            salt,
            successor,
            at,
        } = self.rotation;
        let id = successor.grant;
        if !hold(connection, id, "active").await? {
            return Ok(false);
        }
        let pair = by_refresh(connection, from).await?;
        let unchanged = pair.is_some_and(|pair| {
            matches!(pair.state, PairState::Rotated { salt, .. } if salt == self.replaced_salt)
        });
        if !unchanged {
            return Ok(false);
        }
        connection.query(DROP, with_id(id, [])).await?;
        connection
            .query(SQL, with_id(id, [from.into(), at.into(), salt.into()]))
            .await?;
        insert_pair(connection, successor, at).await?;
        Ok(true)
    }
}

pub(super) struct RekeyAccess {
    pub(super) pair: Pair,
    pub(super) access: StoredToken,
}

impl Verb for RekeyAccess {
    type Out = bool;

    async fn run<C: Connection>(self, connection: &mut C) -> Result<Self::Out, StoreError> {
        const SQL: &str = "UPDATE pairs SET access_digest = $3, access_kid = $4, \
             access_expires_at = $5, access_wrap = $6 \
             WHERE grant_id = $1 AND generation = $2 AND access_digest = $7 RETURNING generation";
        let (id, generation) = (self.pair.grant, self.pair.generation);
        if !hold(connection, id, "active").await? {
            return Ok(false);
        }
        let [digest, kid, expires_at, wrap] = codec::token_values(Some(self.access));
        let old = self.pair.access.digest.into();
        let values = with_id(id, [generation.into(), digest, kid, expires_at, wrap, old]);
        Ok(connection.touched(SQL, values).await? > 0)
    }
}

async fn find<C: Connection>(
    connection: &mut C,
    sql: &'static str,
    digests: Vec<Digest>,
) -> Result<Option<(Pair, GrantRecord)>, StoreError> {
    for digest in digests {
        if let Some(row) = connection.first(sql, vec![digest.into()]).await? {
            let pair = codec::pair(row)?;
            let grant = grant_of(connection, pair.grant).await?;
            return Ok(grant.map(|grant| (pair, grant)));
        }
    }
    Ok(None)
}

async fn by_refresh<C: Connection>(
    connection: &mut C,
    digest: Digest,
) -> Result<Option<Pair>, StoreError> {
    let found = find(connection, BY_REFRESH, vec![digest]).await?;
    Ok(found.map(|(pair, _)| pair))
}

/// The predecessor's refresh token opens nothing any more; its row stays, so that it is recognised.
/// Only the predecessor of the head keeps what tells the head's tokens.
async fn spend_predecessor<C: Connection>(
    connection: &mut C,
    id: GrantId,
    at: Timestamp,
) -> Result<(), StoreError> {
    const SPEND: &str = "UPDATE pairs SET state = 'spent', changed_at = $2, spent_salt = salt, \
         salt = NULL, refresh_wrap = NULL WHERE grant_id = $1 AND state = 'rotated'";
    connection
        .query(SPEND, with_id(id, [at.into()]))
        .await
        .map(drop)
}

/// No spent pair tells the head's tokens any more, because the head is refreshed.
async fn forget_salt<C: Connection>(connection: &mut C, id: GrantId) -> Result<(), StoreError> {
    const SQL: &str = "UPDATE pairs SET spent_salt = NULL \
         WHERE grant_id = $1 AND spent_salt IS NOT NULL";
    connection.query(SQL, with_id(id, [])).await.map(drop)
}
