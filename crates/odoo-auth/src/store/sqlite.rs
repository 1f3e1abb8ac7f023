//! SQLite: one file, for one node.
//!
//! Two threads of its own do the work, one that writes and one that reads, so that no async worker
//! ever blocks; verbs reach them through bounded queues. WAL with `synchronous = FULL`: after power
//! loss nothing that was acknowledged is missing, so no refresh token that was replaced comes back.
//! WAL needs a local disk. Not for several processes that serve; a second process may administrate.

use std::{
    path::{Path, PathBuf},
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Waker},
    thread,
    time::Duration,
};

use rusqlite::{
    ToSql,
    types::{ToSqlOutput, ValueRef},
};
use tokio::sync::{mpsc, oneshot};

use super::{
    StoreError,
    connection::{Connection, Driver, Row, Value, Verb},
    schema,
};
use crate::files;

/// How many verbs may wait for a thread; more callers wait for room.
const QUEUE: usize = 256;

/// What every connection is set to. `secure_delete` overwrites what is deleted with zeros.
const PRAGMAS: &str = "
PRAGMA journal_mode = WAL;
PRAGMA synchronous = FULL;
PRAGMA foreign_keys = ON;
PRAGMA secure_delete = ON;
PRAGMA trusted_schema = OFF;
";

const DIALECT: schema::Dialect = schema::Dialect {
    int: "INTEGER",
    bytes: "BLOB",
    table: " STRICT",
};

/// How to open a SQLite store.
#[derive(Clone, Copy, Debug)]
pub struct SqliteOptions {
    /// How long a statement waits for another process before it gives up.
    pub busy_timeout: Duration,
    /// Whether to check the whole file at start.
    pub integrity_check: bool,
}

/// A store in a SQLite file.
#[derive(Clone)]
pub struct SqliteStore {
    path: Arc<PathBuf>,
    writer: mpsc::Sender<Job>,
    reader: mpsc::Sender<Job>,
}

type Job = Box<dyn FnOnce(&mut rusqlite::Connection) + Send>;

/// A transaction on the thread that owns the connection.
struct Transaction<'a> {
    connection: &'a mut rusqlite::Connection,
}

impl SqliteStore {
    /// Opens a store, makes it if it is not there, and brings it up to date.
    ///
    /// # Errors
    ///
    /// When the file or its folder may be read by others, was written by a newer program, is
    /// damaged, or cannot be opened.
    pub fn open(path: &Path, options: &SqliteOptions) -> Result<Self, StoreError> {
        prepare_files(path)?;
        let mut writer = connect(path, options)?;
        migrate(&mut writer)?;
        if options.integrity_check {
            check_integrity(&writer)?;
        }
        let reader = connect(path, options)?;
        reader
            .pragma_update(None, "query_only", true)
            .map_err(StoreError::failed)?;
        Ok(Self {
            path: Arc::new(path.to_owned()),
            writer: lane("store-writer", writer)?,
            reader: lane("store-reader", reader)?,
        })
    }

    /// Writes a consistent copy to a new file, while the store is in use. The key ring is not in
    /// it and must be kept elsewhere.
    ///
    /// # Errors
    ///
    /// When the file is there already or cannot be written.
    pub async fn backup(&self, to: &Path) -> Result<(), StoreError> {
        let target = to.to_string_lossy().into_owned();
        if to.exists() {
            return Err(StoreError::Address(format!("{target} exists already")));
        }
        files::private_file(to).map_err(StoreError::failed)?;
        let from = Arc::clone(&self.path);
        // A connection of its own, so that nobody's call waits while the copy is written.
        let copying = tokio::task::spawn_blocking(move || {
            let connection = connect(&from, &SqliteOptions::default())?;
            let copied = connection.execute("VACUUM INTO ?1", [target]);
            copied.map(drop).map_err(StoreError::failed)
        });
        copying.await.map_err(StoreError::failed)?
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    async fn on<T: Send + 'static>(
        &self,
        lane: &mpsc::Sender<Job>,
        work: impl FnOnce(&mut rusqlite::Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (answer, answered) = oneshot::channel();
        let job: Job = Box::new(move |connection| {
            // Whoever asked may be gone; the work is done all the same.
            let _ = answer.send(work(connection));
        });
        lane.send(job).await.map_err(|_| StoreError::Closed)?;
        answered.await.map_err(|_| StoreError::Closed)?
    }
}

impl Default for SqliteOptions {
    fn default() -> Self {
        Self {
            busy_timeout: Duration::from_secs(5),
            integrity_check: false,
        }
    }
}

impl Driver for SqliteStore {
    /// A file that was deleted, or whose volume went away, can be written to until it is closed;
    /// all of that is lost then.
    fn is_in_place(&self) -> bool {
        self.path.exists()
    }

    async fn perform<V: Verb>(&self, verb: V) -> Result<V::Out, StoreError> {
        let (lane, begin) = if V::WRITES {
            (&self.writer, "BEGIN IMMEDIATE")
        } else {
            (&self.reader, "BEGIN")
        };
        self.on(lane, move |connection| {
            connection
                .execute_batch(begin)
                .map_err(StoreError::failed)?;
            let outcome = complete(verb.run(&mut Transaction { connection }));
            let end = if outcome.is_ok() {
                "COMMIT"
            } else {
                "ROLLBACK"
            };
            let ended = connection.execute_batch(end).map_err(StoreError::failed);
            if ended.is_err() && !connection.is_autocommit() {
                // A commit that failed leaves the transaction open; the next verb needs it closed.
                connection
                    .execute_batch("ROLLBACK")
                    .map_err(StoreError::failed)?;
            }
            outcome.and_then(|out| ended.map(|()| out))
        })
        .await
    }
}

impl Connection for Transaction<'_> {
    async fn query(
        &mut self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<Vec<Row>, StoreError> {
        // `$1` is a name for SQLite, numbered by its place in the text; `?1` is the number itself.
        let sql = sql.replace('$', "?");
        let mut statement = self
            .connection
            .prepare_cached(&sql)
            .map_err(StoreError::failed)?;
        let columns = statement.column_count();
        let read = |row: &rusqlite::Row<'_>| {
            (0..columns)
                .map(|index| row.get_ref(index).map(value_of))
                .collect()
        };
        let rows = statement
            .query_map(rusqlite::params_from_iter(values), |row| {
                let values: rusqlite::Result<Vec<_>> = read(row);
                values.map(Row::new)
            })
            .map_err(StoreError::failed)?;
        rows.collect::<rusqlite::Result<_>>()
            .map_err(StoreError::failed)
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(value) => ValueRef::Integer(*value),
            Self::Text(value) => ValueRef::Text(value.as_bytes()),
            Self::Bytes(value) => ValueRef::Blob(value),
        }))
    }
}

fn value_of(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Integer(value) => Value::Int(value),
        ValueRef::Text(value) => Value::Text(String::from_utf8_lossy(value).into_owned()),
        ValueRef::Blob(value) => Value::Bytes(value.to_vec()),
        // STRICT tables have no column of real numbers.
        ValueRef::Null | ValueRef::Real(_) => Value::Null,
    }
}

/// Runs a verb to its end. On this thread nothing ever waits, so one poll is enough.
fn complete<T>(future: impl Future<Output = Result<T, StoreError>>) -> Result<T, StoreError> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(outcome) => outcome,
        Poll::Pending => Err(StoreError::Closed),
    }
}

fn lane(name: &str, mut connection: rusqlite::Connection) -> Result<mpsc::Sender<Job>, StoreError> {
    let (sender, mut jobs) = mpsc::channel::<Job>(QUEUE);
    thread::Builder::new()
        .name(name.to_owned())
        .spawn(move || {
            while let Some(job) = jobs.blocking_recv() {
                job(&mut connection);
            }
        })
        .map_err(StoreError::failed)?;
    Ok(sender)
}

/// SQLite gives its side files the mode of the main file, so that one is made first.
fn prepare_files(path: &Path) -> Result<(), StoreError> {
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or(Path::new("."));
    files::private_folder(folder).map_err(StoreError::failed)?;
    files::private_file(path).map_err(StoreError::failed)?;
    for path in [folder, path] {
        if let Some(mode) = files::exposed_mode(path).map_err(StoreError::failed)? {
            return Err(StoreError::Exposed {
                path: path.to_owned(),
                mode,
            });
        }
    }
    Ok(())
}

fn connect(path: &Path, options: &SqliteOptions) -> Result<rusqlite::Connection, StoreError> {
    let connection = rusqlite::Connection::open(path).map_err(StoreError::failed)?;
    connection
        .busy_timeout(options.busy_timeout)
        .map_err(StoreError::failed)?;
    connection
        .execute_batch(PRAGMAS)
        .map_err(StoreError::failed)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

fn migrate(connection: &mut rusqlite::Connection) -> Result<(), StoreError> {
    let transaction = connection
        .transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)
        .map_err(StoreError::failed)?;
    let found: i64 = transaction
        .pragma_query_value(None, "user_version", |row| row.get(0))
        .map_err(StoreError::failed)?;
    if found > schema::VERSION {
        return Err(StoreError::NewerSchema {
            found,
            known: schema::VERSION,
        });
    }
    for step in schema::missing(found, &DIALECT) {
        transaction
            .execute_batch(&step)
            .map_err(StoreError::failed)?;
    }
    transaction
        .pragma_update(None, "user_version", schema::VERSION)
        .map_err(StoreError::failed)?;
    transaction.commit().map_err(StoreError::failed)
}

fn check_integrity(connection: &rusqlite::Connection) -> Result<(), StoreError> {
    let verdict: String = connection
        .pragma_query_value(None, "integrity_check", |row| row.get(0))
        .map_err(StoreError::failed)?;
    if verdict == "ok" {
        Ok(())
    } else {
        Err(StoreError::Damaged("the integrity check failed"))
    }
}
