//! What was ended and must not come back.

use crate::store::{
    StoreError, Tombstone,
    connection::{Connection, Verb},
};

pub(super) struct Add {
    pub(super) stone: Tombstone,
    pub(super) most: u32,
}

impl Verb for Add {
    type Out = ();

    async fn run<C: Connection>(self, connection: &mut C) -> Result<Self::Out, StoreError> {
        const ADD: &str = "INSERT INTO tombstones (id, owner, expires_at) VALUES ($1, $2, $3) \
             ON CONFLICT (id) DO NOTHING";
        const MAKE_ROOM: &str = "DELETE FROM tombstones WHERE owner = $1 AND id NOT IN (\
             SELECT id FROM tombstones WHERE owner = $1 ORDER BY expires_at DESC, id LIMIT $2)";
        let Self { stone, most } = self;
        let owner = stone.owner.to_vec();
        let values = vec![
            stone.id.to_vec().into(),
            owner.clone().into(),
            stone.expires_at.into(),
        ];
        connection.query(ADD, values).await?;
        let values = vec![owner.into(), i64::from(most).into()];
        connection.query(MAKE_ROOM, values).await.map(drop)
    }
}

pub(super) struct Has {
    pub(super) id: [u8; 16],
}

impl Verb for Has {
    type Out = bool;
    const WRITES: bool = false;

    async fn run<C: Connection>(self, connection: &mut C) -> Result<Self::Out, StoreError> {
        const SQL: &str = "SELECT expires_at FROM tombstones WHERE id = $1";
        let found = connection.first(SQL, vec![self.id.to_vec().into()]).await?;
        Ok(found.is_some())
    }
}
