//! Registered clients.

use jiff::Timestamp;

use crate::{
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

pub(super) struct Add {
    pub(super) client: ClientRecord,
    pub(super) most: u32,
}

impl Verb for Add {
    type Out = Option<ClientRecord>;

    async fn run<C: Connection>(self, connection: &mut C) -> Result<Self::Out, StoreError> {
        const COUNT: &str = "SELECT count(*) FROM clients";
        const MAKE_ROOM: &str = "DELETE FROM clients WHERE id = (SELECT id FROM clients \
             WHERE last_used_at IS NULL ORDER BY created_at LIMIT 1) RETURNING id";
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
        if count >= i64::from(self.most) && connection.touched(MAKE_ROOM, vec![]).await? == 0 {
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
