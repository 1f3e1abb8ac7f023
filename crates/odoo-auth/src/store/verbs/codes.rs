//! Authorization codes: found, and consumed once.

use jiff::Timestamp;

use super::{grant_of, insert_pair, with_id};
use crate::{
    grant::GrantRecord,
    pair::{Code, Pair},
    store::{
        Digest, StoreError, codec,
        codec::code_columns,
        connection::{Connection, Verb},
    },
};

pub(super) struct Find {
    pub(super) digests: Vec<Digest>,
}

impl Verb for Find {
    type Out = Option<(Code, GrantRecord)>;
    const WRITES: bool = false;

    async fn run<C: Connection>(self, connection: &mut C) -> Result<Self::Out, StoreError> {
        const SQL: &str = concat!("SELECT ", code_columns!(), " FROM codes WHERE digest = $1");
        for digest in self.digests {
            if let Some(row) = connection.first(SQL, vec![digest.into()]).await? {
                let code = codec::code(row)?;
                let grant = grant_of(connection, code.grant).await?;
                return Ok(grant.map(|grant| (code, grant)));
            }
        }
        Ok(None)
    }
}

pub(super) struct Consume {
    pub(super) first: Pair,
    pub(super) at: Timestamp,
}

impl Verb for Consume {
    type Out = bool;

    async fn run<C: Connection>(self, connection: &mut C) -> Result<Self::Out, StoreError> {
        const ACTIVATE: &str = "UPDATE grants SET state = 'active', changed_at = $2 \
             WHERE id = $1 AND state = 'pending' RETURNING id";
        const CONSUME: &str = "UPDATE codes SET used_at = $2, wrap = NULL \
             WHERE grant_id = $1 AND used_at IS NULL RETURNING grant_id";
        let values = with_id(self.first.grant, [self.at.into()]);
        if connection.touched(ACTIVATE, values.clone()).await? == 0 {
            return Ok(false);
        }
        if connection.touched(CONSUME, values).await? == 0 {
            return Err(StoreError::Damaged("a pending grant has no unused code"));
        }
        insert_pair(connection, self.first, self.at).await?;
        Ok(true)
    }
}
