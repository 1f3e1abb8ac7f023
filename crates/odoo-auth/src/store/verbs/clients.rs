//! Registered clients.

use jiff::Timestamp;

use super::grants;
use crate::{
    grant::{DeadReason, GrantId},
    register::ClientRecord,
    store::{
        StoreError, codec,
        connection::{Connection, Verb},
    },
};

pub(super) struct Lookup {
    pub(super) id: String,
}

impl Verb for Lookup {
    type Out = Option<ClientRecord>;
    const WRITES: bool = false;

    async fn run<C: Connection>(self, connection: &mut C) -> Result<Self::Out, StoreError> {
        lookup(connection, self.id).await
    }
}

pub(super) struct List;

impl Verb for List {
    type Out = Vec<(ClientRecord, u64)>;
    const WRITES: bool = false;

    async fn run<C: Connection>(self, connection: &mut C) -> Result<Self::Out, StoreError> {
        const SQL: &str = "SELECT (SELECT count(*) FROM grants \
             WHERE grants.client_id = clients.id AND grants.state = 'active'), \
             id, metadata, created_at, last_used_at FROM clients ORDER BY created_at DESC, id";
        let mut all = Vec::new();
        for mut row in connection.query(SQL, vec![]).await? {
            let living = u64::try_from(row.int()?).unwrap_or_default();
            all.push((codec::client(row)?, living));
        }
        Ok(all)
    }
}

pub(super) struct Add {
    pub(super) client: ClientRecord,
    pub(super) most: u32,
}

impl Verb for Add {
    type Out = Option<ClientRecord>;

    async fn run<C: Connection>(self, connection: &mut C) -> Result<Self::Out, StoreError> {
        const COUNT: &str = "SELECT count(*) FROM clients";
        const ADD: &str = "INSERT INTO clients (id, metadata, created_at, last_used_at) \
             VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING";
        let id = self.client.id.clone();
        if let Some(known) = lookup(connection, id.clone()).await? {
            return Ok(Some(known));
        }
        let count = match connection.first(COUNT, vec![]).await? {
            Some(mut row) => row.int()?,
            None => 0,
        };
        if count >= i64::from(self.most) && !make_room(connection).await? {
            return Ok(None);
        }
        let client = self.client;
        let values = vec![
            client.id.into(),
            client.metadata.into(),
            client.created_at.into(),
            client.last_used_at.into(),
        ];
        connection.query(ADD, values).await?;
        lookup(connection, id).await
    }
}

pub(super) struct Touch {
    pub(super) id: String,
    pub(super) at: Timestamp,
}

impl Verb for Touch {
    type Out = ();

    async fn run<C: Connection>(self, connection: &mut C) -> Result<Self::Out, StoreError> {
        const SQL: &str = "UPDATE clients SET last_used_at = $2 WHERE id = $1";
        connection
            .query(SQL, vec![self.id.into(), self.at.into()])
            .await
            .map(drop)
    }
}

pub(super) struct Remove {
    pub(super) id: String,
    pub(super) at: Timestamp,
}

impl Verb for Remove {
    type Out = Option<Vec<GrantId>>;

    async fn run<C: Connection>(self, connection: &mut C) -> Result<Self::Out, StoreError> {
        const REMOVE: &str = "DELETE FROM clients WHERE id = $1 RETURNING id";
        const GRANTS: &str = "SELECT id FROM grants WHERE client_id = $1 AND state <> 'dead'";
        if connection
            .touched(REMOVE, vec![self.id.as_str().into()])
            .await?
            == 0
        {
            return Ok(None);
        }
        let mut ended = Vec::new();
        for mut row in connection.query(GRANTS, vec![self.id.into()]).await? {
            let id = codec::grant_id(&row.text()?)?;
            if grants::end(connection, id, DeadReason::RevokedByOperator, self.at).await? {
                ended.push(id);
            }
        }
        Ok(Some(ended))
    }
}

pub(super) struct HasGrants {
    pub(super) client_id: String,
}

impl Verb for HasGrants {
    type Out = bool;
    const WRITES: bool = false;

    async fn run<C: Connection>(self, connection: &mut C) -> Result<Self::Out, StoreError> {
        const SQL: &str = "SELECT id FROM grants WHERE client_id = $1 LIMIT 1";
        let found = connection.first(SQL, vec![self.client_id.into()]).await?;
        Ok(found.is_some())
    }
}

/// Takes the place of the client that is missed least: the oldest that nobody ever allowed
/// anything; else, of those that have no connection left, the one that is unused for longest.
/// `false` when every client is in use.
async fn make_room<C: Connection>(connection: &mut C) -> Result<bool, StoreError> {
    const NEVER_USED: &str = "DELETE FROM clients WHERE id = (SELECT id FROM clients \
         WHERE last_used_at IS NULL ORDER BY created_at, id LIMIT 1) RETURNING id";
    const FORSAKEN: &str = "DELETE FROM clients WHERE id = (SELECT id FROM clients \
         WHERE NOT EXISTS (SELECT 1 FROM grants \
         WHERE grants.client_id = clients.id AND grants.state <> 'dead') \
         ORDER BY last_used_at, id LIMIT 1) RETURNING id";
    if connection.touched(NEVER_USED, vec![]).await? > 0 {
        return Ok(true);
    }
    Ok(connection.touched(FORSAKEN, vec![]).await? > 0)
}

async fn lookup<C: Connection>(
    connection: &mut C,
    id: String,
) -> Result<Option<ClientRecord>, StoreError> {
    const SQL: &str = "SELECT id, metadata, created_at, last_used_at FROM clients WHERE id = $1";
    connection
        .first(SQL, vec![id.into()])
        .await?
        .map(codec::client)
        .transpose()
}
