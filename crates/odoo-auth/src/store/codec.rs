//! Records to columns and back.
//!
//! Not for judging them: a row that was tampered with may well decode; that it does not open is
//! `sealed.rs`'s work.

use jiff::Timestamp;

use super::{
    StoreError,
    connection::{Row, Value},
};
use crate::{
    clock,
    grant::{Account, DeadReason, GrantId, GrantKind, GrantRecord, GrantState, SealedKey, Terms},
    pair::{Code, Pair, PairState, StoredToken},
    register::ClientRecord,
    scope,
};

/// The columns of a grant, in the order in which they are read and written.
macro_rules! grant_columns {
    () => {
        "id, kind, client_id, client_name, base_url, database_name, uid, login, person, scope, \
         resource, created_at, key_name, key_expires_at, state, dead_reason, changed_at, \
         last_used_at, key_kid, key_sealed, renewal"
    };
}

/// The columns of a pair.
macro_rules! pair_columns {
    () => {
        "grant_id, generation, state, changed_at, salt, spent_salt, access_digest, access_kid, \
         access_expires_at, access_wrap, refresh_digest, refresh_kid, refresh_expires_at, \
         refresh_wrap"
    };
}

/// The columns of a code.
macro_rules! code_columns {
    () => {
        "grant_id, digest, kid, expires_at, wrap, redirect_uri, challenge, used_at"
    };
}

pub(super) use {code_columns, grant_columns, pair_columns};

pub(super) fn client(mut row: Row) -> Result<ClientRecord, StoreError> {
    Ok(ClientRecord {
        id: row.text()?,
        metadata: row.text()?,
        created_at: row.time()?,
        last_used_at: row.optional_time()?,
    })
}

pub(super) fn grant_id(text: &str) -> Result<GrantId, StoreError> {
    text.parse()
        .map_err(|_| StoreError::Damaged("a grant id is not one"))
}

pub(super) fn grant(mut row: Row) -> Result<GrantRecord, StoreError> {
    let id = grant_id(&row.text()?)?;
    let terms = Terms {
        kind: kind(&row.text()?)?,
        client_id: row.text()?,
        client_name: row.text()?,
        account: Account {
            base_url: row.text()?,
            database: row.text()?,
            uid: row.int()?,
            login: row.text()?,
            name: row.text()?,
        },
        scope: row
            .text()?
            .parse()
            .map_err(|_| StoreError::Damaged("a scope is not one"))?,
        resource: row.text()?,
        created_at: row.time()?,
        key_name: row.text()?,
        key_expires_at: row.optional_time()?,
    };
    let state = state(&row.text()?, row.optional_text()?, row.time()?)?;
    let last_used_at = row.optional_time()?;
    let key = row.optional_text()?.zip(row.optional_bytes()?);
    let key = key.map(|(kid, bytes)| SealedKey { kid, bytes });
    Ok(GrantRecord {
        id,
        terms,
        state,
        last_used_at,
        key,
        renewal: row.optional_bytes()?,
    })
}

pub(super) fn grant_values(grant: GrantRecord, at: Timestamp) -> Vec<Value> {
    let terms = grant.terms;
    let (kid, sealed) = grant.key.map(|key| (key.kid, key.bytes)).unzip();
    let (state, reason, changed_at) = match grant.state {
        GrantState::Pending => ("pending", None, at),
        GrantState::Active => ("active", None, at),
        GrantState::Dead { reason, at } => ("dead", Some(reason.as_str()), at),
    };
    vec![
        grant.id.to_string().into(),
        terms.kind.as_str().into(),
        terms.client_id.into(),
        terms.client_name.into(),
        terms.account.base_url.into(),
        terms.account.database.into(),
        terms.account.uid.into(),
        terms.account.login.into(),
        terms.account.name.into(),
        scope::canonical(&terms.scope).into(),
        terms.resource.into(),
        terms.created_at.into(),
        terms.key_name.into(),
        terms.key_expires_at.into(),
        state.into(),
        reason.into(),
        changed_at.into(),
        grant.last_used_at.into(),
        kid.into(),
        sealed.into(),
        grant.renewal.into(),
    ]
}

pub(super) fn code(mut row: Row) -> Result<Code, StoreError> {
    let grant = grant_id(&row.text()?)?;
    let token = stored_token(&mut row)?.ok_or(StoreError::Damaged("a code has no digest"))?;
    Ok(Code {
        grant,
        token,
        redirect_uri: row.text()?,
        challenge: row.text()?,
        used_at: row.optional_time()?,
    })
}

pub(super) fn code_values(code: Code) -> Vec<Value> {
    let mut values = vec![code.grant.to_string().into()];
    values.extend(token_values(Some(code.token)));
    values.extend([
        code.redirect_uri.into(),
        code.challenge.into(),
        code.used_at.into(),
    ]);
    values
}

pub(super) fn pair(mut row: Row) -> Result<Pair, StoreError> {
    let grant = grant_id(&row.text()?)?;
    let generation = row.int()?;
    let (name, at) = (row.text()?, row.time()?);
    let (salt, spent_salt) = (row.optional_digest()?, row.optional_digest()?);
    let state = match (name.as_str(), salt, spent_salt) {
        ("issued", None, None) => PairState::Issued,
        ("live", None, None) => PairState::Live,
        ("rotated", Some(salt), None) => PairState::Rotated { at, salt },
        ("spent", None, salt) => PairState::Spent { at, salt },
        _ => return Err(StoreError::Damaged("a pair has no such state")),
    };
    let access = stored_token(&mut row)?;
    Ok(Pair {
        grant,
        generation,
        state,
        access: access.ok_or(StoreError::Damaged("a pair has no access token"))?,
        refresh: stored_token(&mut row)?,
    })
}

pub(super) fn pair_values(pair: Pair, at: Timestamp) -> Vec<Value> {
    let (changed_at, salt, spent_salt) = match pair.state {
        PairState::Issued | PairState::Live => (at, None, None),
        PairState::Rotated { at, salt } => (at, Some(salt), None),
        PairState::Spent { at, salt } => (at, None, salt),
    };
    let mut values = vec![
        pair.grant.to_string().into(),
        pair.generation.into(),
        pair.state.as_str().into(),
        changed_at.into(),
        salt.into(),
        spent_salt.into(),
    ];
    values.extend(token_values(Some(pair.access)));
    values.extend(token_values(pair.refresh));
    values
}

pub(super) fn token_values(token: Option<StoredToken>) -> [Value; 4] {
    match token {
        Some(token) => [
            token.digest.into(),
            token.kid.into(),
            token.expires_at.into(),
            token.wrap.into(),
        ],
        None => [Value::Null, Value::Null, Value::Null, Value::Null],
    }
}

fn stored_token(row: &mut Row) -> Result<Option<StoredToken>, StoreError> {
    let (digest, kid) = (row.optional_digest()?, row.optional_text()?);
    let (expires_at, wrap) = (row.optional_int()?, row.optional_bytes()?);
    let (Some(digest), Some(kid), Some(millis)) = (digest, kid, expires_at) else {
        return Ok(None);
    };
    Ok(Some(StoredToken {
        digest,
        kid,
        expires_at: clock::from_millis(millis),
        wrap,
    }))
}

fn kind(name: &str) -> Result<GrantKind, StoreError> {
    [GrantKind::OAuth, GrantKind::Personal]
        .into_iter()
        .find(|kind| kind.as_str() == name)
        .ok_or(StoreError::Damaged("a grant has no such kind"))
}

fn state(name: &str, reason: Option<String>, at: Timestamp) -> Result<GrantState, StoreError> {
    let known = |name: String| DeadReason::ALL.into_iter().find(|one| one.as_str() == name);
    match (name, reason.and_then(known)) {
        ("pending", None) => Ok(GrantState::Pending),
        ("active", None) => Ok(GrantState::Active),
        ("dead", Some(reason)) => Ok(GrantState::Dead { reason, at }),
        _ => Err(StoreError::Damaged("a grant has no such state")),
    }
}
