//! Housekeeping: is it there, what needs which key, what has expired.

use std::collections::BTreeMap;

use super::grants;
use crate::{
    grant::{DeadReason, GrantId},
    sealed,
    store::{
        Cleaned, CleanupLimits, KeyUse, StoreError, codec,
        connection::{Connection, Verb},
    },
};

pub(super) struct Ping;

impl Verb for Ping {
    type Out = ();

    async fn run<C: Connection>(self, connection: &mut C) -> Result<Self::Out, StoreError> {
        // A write that touches nothing needs the right and the room to write all the same.
        const SQL: &str = "UPDATE clients SET last_used_at = last_used_at WHERE id = ''";
        connection.query(SQL, vec![]).await.map(drop)
    }
}

pub(super) struct CountKeyUse;

impl Verb for CountKeyUse {
    type Out = BTreeMap<String, KeyUse>;
    const WRITES: bool = false;

    async fn run<C: Connection>(self, connection: &mut C) -> Result<Self::Out, StoreError> {
        const GRANTS: &str =
            "SELECT key_kid, count(*) FROM grants WHERE key_kid IS NOT NULL GROUP BY key_kid";
        const CODES: &str = "SELECT kid, count(*) FROM codes GROUP BY kid";
        const PAIRS: &str = "SELECT kid, count(*) FROM (\
             SELECT grant_id, generation, access_kid AS kid FROM pairs \
             UNION SELECT grant_id, generation, refresh_kid FROM pairs \
             WHERE refresh_kid IS NOT NULL) AS uses GROUP BY kid";
        const RENEWALS: &str = "SELECT renewal FROM grants WHERE renewal IS NOT NULL";
        let mut uses: BTreeMap<String, KeyUse> = BTreeMap::new();
        for (kid, count) in counts(connection, GRANTS).await? {
            uses.entry(kid).or_default().grants += count;
        }
        for (kid, count) in counts(connection, CODES).await? {
            uses.entry(kid).or_default().codes += count;
        }
        for (kid, count) in counts(connection, PAIRS).await? {
            uses.entry(kid).or_default().pairs += count;
        }
        for mut row in connection.query(RENEWALS, vec![]).await? {
            let renewal = row.optional_bytes()?.unwrap_or_default();
            if let Some(kid) = sealed::server_kid(&renewal) {
                uses.entry(kid.to_owned()).or_default().grants += 1;
            }
        }
        Ok(uses)
    }
}

pub(super) struct Cleanup {
    pub(super) limits: CleanupLimits,
}

impl Verb for Cleanup {
    type Out = Cleaned;

    async fn run<C: Connection>(self, connection: &mut C) -> Result<Self::Out, StoreError> {
        const CLIENTS: &str = "DELETE FROM clients WHERE last_used_at < $1 \
             OR (last_used_at IS NULL AND created_at < $2) RETURNING id";
        const PENDING: &str =
            "DELETE FROM grants WHERE state = 'pending' AND created_at < $1 RETURNING id";
        const CODES: &str = "DELETE FROM codes WHERE expires_at < $1 RETURNING grant_id";
        const PAIRS: &str = "DELETE FROM pairs \
             WHERE coalesce(refresh_expires_at, access_expires_at) <= $1 RETURNING grant_id";
        const DEAD: &str = "DELETE FROM grants WHERE state = 'dead' AND changed_at < $1";
        let limits = self.limits;
        let clients = vec![
            limits.idle_clients_before.into(),
            limits.unused_clients_before.into(),
        ];
        let mut cleaned = Cleaned {
            clients: connection.touched(CLIENTS, clients).await?,
            codes: connection
                .touched(PENDING, vec![limits.pending_before.into()])
                .await?
                + connection
                    .touched(CODES, vec![limits.codes_before.into()])
                    .await?,
            ..Cleaned::default()
        };
        erase(connection, limits).await?;
        cleaned.pairs = connection.touched(PAIRS, vec![limits.now.into()]).await?;
        cleaned.ended = end_expired(connection, limits).await?;
        connection
            .query(DEAD, vec![limits.dead_before.into()])
            .await?;
        Ok(cleaned)
    }
}

/// Erases what has had its time in rows that stay, and what nobody counts.
async fn erase<C: Connection>(connection: &mut C, limits: CleanupLimits) -> Result<(), StoreError> {
    const WRAPS: &str = "UPDATE pairs SET access_wrap = NULL \
         WHERE access_wrap IS NOT NULL AND access_expires_at <= $1";
    const SALTS: &str = "UPDATE pairs SET spent_salt = NULL \
         WHERE spent_salt IS NOT NULL AND changed_at < $1";
    const TOMBSTONES: &str = "DELETE FROM tombstones WHERE expires_at <= $1";
    let steps = [
        (WRAPS, limits.now),
        (SALTS, limits.salts_before),
        (TOMBSTONES, limits.now),
    ];
    for (statement, before) in steps {
        connection.query(statement, vec![before.into()]).await?;
    }
    Ok(())
}

async fn end_expired<C: Connection>(
    connection: &mut C,
    limits: CleanupLimits,
) -> Result<Vec<GrantId>, StoreError> {
    const KEYS: &str = "SELECT id FROM grants WHERE state = 'active' AND renewal IS NULL \
         AND key_expires_at <= $1";
    const LAPSED: &str = "SELECT id FROM grants WHERE state = 'active' \
         AND NOT EXISTS (SELECT 1 FROM pairs WHERE grant_id = grants.id)";
    let mut ended = Vec::new();
    let expired = connection.query(KEYS, vec![limits.now.into()]).await?;
    let lapsed = connection.query(LAPSED, vec![]).await?;
    let expired = expired.into_iter().map(|row| (row, DeadReason::KeyExpired));
    let lapsed = lapsed.into_iter().map(|row| (row, DeadReason::Lapsed));
    for (mut row, reason) in expired.chain(lapsed) {
        let id = codec::grant_id(&row.text()?)?;
        if grants::end(connection, id, reason, limits.now).await? {
            ended.push(id);
        }
    }
    Ok(ended)
}

async fn counts<C: Connection>(
    connection: &mut C,
    sql: &'static str,
) -> Result<Vec<(String, u64)>, StoreError> {
    let mut counts = Vec::new();
    for mut row in connection.query(sql, vec![]).await? {
        let (kid, count) = (row.text()?, row.int()?);
        counts.push((kid, u64::try_from(count).unwrap_or_default()));
    }
    Ok(counts)
}
