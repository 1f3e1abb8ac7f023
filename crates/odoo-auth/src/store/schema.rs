//! The tables, as migrations that only go forward.
//!
//! Written once for both databases: `{int}`, `{bytes}` and `{table}` stand for what they spell
//! differently. Times are milliseconds since 1970, UTC. Not for statements (`verbs/`).

/// One migration each; a store's version is how many it has had.
const MIGRATIONS: [&str; 6] = [
    FIRST,
    CLIENTS_IN_USE,
    SPENT_SALT,
    EPOCH,
    TOMBSTONES,
    KEY_MARKS,
];

/// Two indexes carry the promise of one living branch: a grant has one head at most, and one
/// predecessor of it at most.
const FIRST: &str = "
CREATE TABLE clients (
    id TEXT PRIMARY KEY,
    metadata TEXT NOT NULL,
    created_at {int} NOT NULL,
    last_used_at {int}
){table};
CREATE TABLE grants (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    client_id TEXT NOT NULL,
    client_name TEXT NOT NULL,
    base_url TEXT NOT NULL,
    database_name TEXT NOT NULL,
    uid {int} NOT NULL,
    login TEXT NOT NULL,
    person TEXT NOT NULL,
    scope TEXT NOT NULL,
    resource TEXT NOT NULL,
    created_at {int} NOT NULL,
    key_name TEXT NOT NULL,
    key_expires_at {int},
    state TEXT NOT NULL CHECK (state IN ('pending', 'active', 'dead')),
    dead_reason TEXT,
    changed_at {int} NOT NULL,
    last_used_at {int},
    key_kid TEXT,
    key_sealed {bytes},
    renewal {bytes},
    CHECK (state <> 'dead' OR (key_sealed IS NULL AND renewal IS NULL))
){table};
CREATE INDEX grants_person ON grants (base_url, database_name, uid);
CREATE INDEX grants_state ON grants (state, created_at);
CREATE TABLE codes (
    grant_id TEXT PRIMARY KEY REFERENCES grants (id) ON DELETE CASCADE,
    digest {bytes} NOT NULL UNIQUE,
    kid TEXT NOT NULL,
    expires_at {int} NOT NULL,
    wrap {bytes},
    redirect_uri TEXT NOT NULL,
    challenge TEXT NOT NULL,
    used_at {int},
    CHECK (used_at IS NULL OR wrap IS NULL)
){table};
CREATE TABLE pairs (
    grant_id TEXT NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
    generation {int} NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('issued', 'live', 'rotated', 'spent')),
    changed_at {int} NOT NULL,
    salt {bytes},
    access_digest {bytes} NOT NULL UNIQUE,
    access_kid TEXT NOT NULL,
    access_expires_at {int} NOT NULL,
    access_wrap {bytes},
    refresh_digest {bytes} UNIQUE,
    refresh_kid TEXT,
    refresh_expires_at {int},
    refresh_wrap {bytes},
    PRIMARY KEY (grant_id, generation),
    CHECK ((state = 'rotated') = (salt IS NOT NULL)),
    CHECK (state <> 'spent' OR refresh_wrap IS NULL)
){table};
CREATE UNIQUE INDEX pairs_head ON pairs (grant_id) WHERE state IN ('issued', 'live');
CREATE UNIQUE INDEX pairs_predecessor ON pairs (grant_id) WHERE state = 'rotated';
";

/// A client whose code nobody accepted is not in use, whatever an earlier version noted; and the
/// grants of a client are asked for.
const CLIENTS_IN_USE: &str = "
CREATE INDEX grants_client ON grants (client_id);
UPDATE clients SET last_used_at = NULL
    WHERE NOT EXISTS (SELECT 1 FROM grants WHERE grants.client_id = clients.id);
";

/// The salt of the head's predecessor after the head was used. A column of its own, because the
/// first migration ties `salt` to the state before.
const SPENT_SALT: &str = "
ALTER TABLE pairs ADD COLUMN spent_salt {bytes};
";

/// One row: the epoch of the key ring under which this store was used last.
const EPOCH: &str = "
CREATE TABLE epochs (
    id {int} PRIMARY KEY CHECK (id = 1),
    epoch {int} NOT NULL
){table};
INSERT INTO epochs (id, epoch) VALUES (1, 0);
";

/// Names that were ended, until they would have ended in any case.
const TOMBSTONES: &str = "
CREATE TABLE tombstones (
    id {bytes} PRIMARY KEY,
    owner {bytes} NOT NULL,
    expires_at {int} NOT NULL
){table};
CREATE INDEX tombstones_owner ON tombstones (owner, expires_at);
";

/// What tells the master keys that the store was used with from others of the same ids.
const KEY_MARKS: &str = "
CREATE TABLE key_marks (
    kid TEXT PRIMARY KEY,
    mark {bytes} NOT NULL
){table};
";

/// How a database spells what they spell differently.
pub(super) struct Dialect {
    pub(super) int: &'static str,
    pub(super) bytes: &'static str,
    pub(super) table: &'static str,
}

/// The version that this program knows.
pub(super) const VERSION: i64 = MIGRATIONS.len() as i64;

/// The migrations that a store of some version still lacks.
pub(super) fn missing(version: i64, dialect: &Dialect) -> Vec<String> {
    let done = usize::try_from(version).unwrap_or_default();
    let spelled = |text: &&str| {
        text.replace("{int}", dialect.int)
            .replace("{bytes}", dialect.bytes)
            .replace("{table}", dialect.table)
    };
    MIGRATIONS.iter().skip(done).map(spelled).collect()
}
