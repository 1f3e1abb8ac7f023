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
