//! What the store can do, each verb one transaction, written once for both databases.
//!
//! Here: how the trait's methods become verbs. The verbs themselves stand in the files below.

mod clients;
mod codes;
mod epochs;
mod grants;
mod key_marks;
mod pairs;
mod tombstones;
mod upkeep;

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{
    Answer, Cleaned, CleanupLimits, Digest, EpochEntry, GrantFilter, KeyChange, KeyMark, KeyUse,
    Rotation, Store, StoreError, Tombstone, codec,
    codec::grant_columns,
    connection::{Connection, Driver, Value},
};
use crate::{
    grant::{DeadReason, GrantId, GrantRecord},
    pair::{Code, Pair, StoredToken},
    register::ClientRecord,
};

impl<D: Driver> Store for D {
    fn ping(&self) -> Answer<'_, ()> {
        Box::pin(async {
            if !self.is_in_place() {
                let gone = std::io::Error::from(std::io::ErrorKind::NotFound);
                return Err(StoreError::Failed(Box::new(gone)));
            }
            self.perform(upkeep::Ping).await
        })
    }

    fn lookup_client(&self, id: &str) -> Answer<'_, Option<ClientRecord>> {
        Box::pin(self.perform(clients::Lookup { id: id.to_owned() }))
    }

    fn add_client(&self, client: ClientRecord, most: u32) -> Answer<'_, Option<ClientRecord>> {
        Box::pin(self.perform(clients::Add { client, most }))
    }

    fn touch_client(&self, id: &str, at: Timestamp) -> Answer<'_, ()> {
        Box::pin(self.perform(clients::Touch {
            id: id.to_owned(),
            at,
        }))
    }

    fn list_clients(&self) -> Answer<'_, Vec<(ClientRecord, u64)>> {
        Box::pin(self.perform(clients::List))
    }

    fn remove_client(&self, id: &str, at: Timestamp) -> Answer<'_, Option<Vec<GrantId>>> {
        let id = id.to_owned();
        Box::pin(self.perform(clients::Remove { id, at }))
    }

    fn has_grants(&self, client_id: &str) -> Answer<'_, bool> {
        let client_id = client_id.to_owned();
        Box::pin(self.perform(clients::HasGrants { client_id }))
    }

    fn lookup_grant(&self, id: GrantId) -> Answer<'_, Option<GrantRecord>> {
        Box::pin(self.perform(grants::Lookup { id }))
    }

    fn find_grants(&self, filter: GrantFilter) -> Answer<'_, Vec<GrantRecord>> {
        Box::pin(self.perform(grants::Find { filter }))
    }

    fn count_active_grants(&self) -> Answer<'_, u64> {
        Box::pin(self.perform(grants::CountActive))
    }

    fn add_grant(&self, grant: GrantRecord, code: Code) -> Answer<'_, bool> {
        Box::pin(self.perform(grants::AddPending { grant, code }))
    }

    fn add_personal_grant(&self, grant: GrantRecord, pair: Pair) -> Answer<'_, bool> {
        Box::pin(self.perform(grants::AddPersonal { grant, pair }))
    }

    fn end_grant(&self, id: GrantId, reason: DeadReason, at: Timestamp) -> Answer<'_, bool> {
        Box::pin(self.perform(grants::End { id, reason, at }))
    }

    fn set_renewal(&self, id: GrantId, renewal: Vec<u8>) -> Answer<'_, bool> {
        Box::pin(self.perform(grants::SetRenewal { id, renewal }))
    }

    fn replace_key(&self, change: KeyChange) -> Answer<'_, bool> {
        Box::pin(self.perform(grants::ReplaceKey { change }))
    }

    fn touch_grants(&self, used: Vec<(GrantId, Timestamp)>) -> Answer<'_, ()> {
        Box::pin(self.perform(grants::Touch { used }))
    }

    fn find_code(&self, digests: Vec<Digest>) -> Answer<'_, Option<(Code, GrantRecord)>> {
        Box::pin(self.perform(codes::Find { digests }))
    }

    fn consume_code(&self, first: Pair, at: Timestamp) -> Answer<'_, bool> {
        Box::pin(self.perform(codes::Consume { first, at }))
    }

    fn find_by_access(&self, digests: Vec<Digest>) -> Answer<'_, Option<(Pair, GrantRecord)>> {
        Box::pin(self.perform(pairs::FindByAccess { digests }))
    }

    fn find_by_refresh(&self, digests: Vec<Digest>) -> Answer<'_, Option<(Pair, GrantRecord)>> {
        Box::pin(self.perform(pairs::FindByRefresh { digests }))
    }

    fn confirm_pair(&self, id: GrantId, access: Digest, at: Timestamp) -> Answer<'_, bool> {
        Box::pin(self.perform(pairs::Confirm { id, access, at }))
    }

    fn rotate_pair(&self, rotation: Rotation) -> Answer<'_, bool> {
        Box::pin(self.perform(pairs::Rotate { rotation }))
    }

    fn reissue_pair(&self, rotation: Rotation, replaced_salt: Digest) -> Answer<'_, bool> {
        Box::pin(self.perform(pairs::Reissue {
            rotation,
            replaced_salt,
        }))
    }

    fn rekey_access(&self, pair: Pair, access: StoredToken) -> Answer<'_, bool> {
        Box::pin(self.perform(pairs::RekeyAccess { pair, access }))
    }

    fn epoch(&self) -> Answer<'_, i64> {
        Box::pin(self.perform(epochs::Current))
    }

    fn enter_epoch(&self, epoch: i64, at: Timestamp) -> Answer<'_, EpochEntry> {
        Box::pin(self.perform(epochs::Enter { epoch, at }))
    }

    fn add_tombstone(&self, stone: Tombstone, most: u32) -> Answer<'_, ()> {
        Box::pin(self.perform(tombstones::Add { stone, most }))
    }

    fn has_tombstone(&self, id: [u8; 16]) -> Answer<'_, bool> {
        Box::pin(self.perform(tombstones::Has { id }))
    }

    fn compare_keys(&self, marks: Vec<KeyMark>, needed: Vec<String>) -> Answer<'_, Vec<String>> {
        Box::pin(self.perform(key_marks::Compare { marks, needed }))
    }

    fn count_key_use(&self) -> Answer<'_, BTreeMap<String, KeyUse>> {
        Box::pin(self.perform(upkeep::CountKeyUse))
    }

    fn cleanup(&self, limits: CleanupLimits) -> Answer<'_, Cleaned> {
        Box::pin(self.perform(upkeep::Cleanup { limits }))
    }
}

/// Takes hold of a grant until the transaction ends, if it is in this state. Whoever comes second
/// waits here and then sees what the first one left.
async fn hold<C: Connection>(
    connection: &mut C,
    id: GrantId,
    state: &'static str,
) -> Result<bool, StoreError> {
    const SQL: &str = "UPDATE grants SET state = state WHERE id = $1 AND state = $2 RETURNING id";
    let held = connection
        .touched(SQL, vec![id.to_string().into(), state.into()])
        .await?;
    Ok(held > 0)
}

async fn grant_of<C: Connection>(
    connection: &mut C,
    id: GrantId,
) -> Result<Option<GrantRecord>, StoreError> {
    const SQL: &str = concat!("SELECT ", grant_columns!(), " FROM grants WHERE id = $1");
    connection
        .first(SQL, vec![id.to_string().into()])
        .await?
        .map(codec::grant)
        .transpose()
}

async fn insert_pair<C: Connection>(
    connection: &mut C,
    pair: Pair,
    at: Timestamp,
) -> Result<(), StoreError> {
    const SQL: &str = concat!(
        "INSERT INTO pairs (",
        codec::pair_columns!(),
        ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
    );
    connection
        .query(SQL, codec::pair_values(pair, at))
        .await
        .map(drop)
}

/// The value list of a statement with a grant's id first.
fn with_id<const N: usize>(id: GrantId, more: [Value; N]) -> Vec<Value> {
    std::iter::once(Value::from(id.to_string()))
        .chain(more)
        .collect()
}
