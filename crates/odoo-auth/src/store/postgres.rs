//! PostgreSQL: for several replicas.
//!
//! Races are settled by the verbs themselves (each first takes hold of the grant's row), so the
//! default isolation is enough and no advisory lock is held while serving. Not for TLS: reach the
//! database through a socket, a private network or a local proxy.

use std::{collections::HashMap, sync::Arc, time::Duration};

use bytes::BytesMut;
use tokio::{
    sync::{Mutex, Semaphore, SemaphorePermit},
    time::timeout,
};
use tokio_postgres::{
    Config, NoTls, Statement,
    config::SslMode,
    types::{FromSql, IsNull, ToSql, Type, to_sql_checked},
};

use super::{
    StoreError,
    connection::{Connection, Driver, Row, Value, Verb},
    schema,
};

/// Connections of one process; more callers wait.
const CONNECTIONS: usize = 8;
/// How long one verb may take before its connection is given up.
const LONGEST_VERB: Duration = Duration::from_secs(10);
/// Any number that no other program uses for its migrations.
const MIGRATION_LOCK: &str = "SELECT pg_advisory_xact_lock(7012026092)";

const DIALECT: schema::Dialect = schema::Dialect {
    int: "BIGINT",
    bytes: "BYTEA",
    table: "",
};

/// A store in a PostgreSQL database.
#[derive(Clone)]
pub struct PostgresStore {
    pool: Arc<Pool>,
}

struct Pool {
    config: Config,
    permits: Semaphore,
    idle: Mutex<Vec<Session>>,
}

/// A connection with its prepared statements. Dropped in the middle of a transaction, it closes,
/// and the database rolls back.
struct Session {
    client: tokio_postgres::Client,
    statements: HashMap<&'static str, Statement>,
}

/// The database took longer than [`LONGEST_VERB`].
#[derive(Debug, thiserror::Error)]
#[error("the database did not answer in time")]
struct TooSlow;

impl PostgresStore {
    /// Connects to a database, makes the tables if they are not there, and brings them up to date.
    ///
    /// # Errors
    ///
    /// When the address is wrong or demands TLS, the database is out of reach, or a newer program
    /// has written to it.
    pub async fn connect(address: &str) -> Result<Self, StoreError> {
        let mut config: Config = address
            .parse()
            .map_err(|error: tokio_postgres::Error| StoreError::Address(error.to_string()))?;
        if !matches!(config.get_ssl_mode(), SslMode::Disable | SslMode::Prefer) {
            let text = "it demands TLS; reach the database through a socket, a private network or \
                        a local TLS proxy";
            return Err(StoreError::Address(text.to_owned()));
        }
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(Duration::from_secs(5));
        }
        let permits = Semaphore::new(CONNECTIONS);
        let pool = Pool {
            config,
            permits,
            idle: Mutex::default(),
        };
        let mut session = pool.open().await?;
        migrate(&mut session).await?;
        pool.idle.lock().await.push(session);
        Ok(Self {
            pool: Arc::new(pool),
        })
    }
}

impl From<tokio_postgres::Error> for StoreError {
    fn from(error: tokio_postgres::Error) -> Self {
        Self::failed(error)
    }
}

impl Driver for PostgresStore {
    async fn perform<V: Verb>(&self, verb: V) -> Result<V::Out, StoreError> {
        let (mut session, _permit) = self.pool.session().await?;
        let work = async {
            let begin = if V::WRITES {
                "BEGIN"
            } else {
                "BEGIN READ ONLY"
            };
            session.client.batch_execute(begin).await?;
            let outcome = verb.run(&mut session).await;
            let end = if outcome.is_ok() {
                "COMMIT"
            } else {
                "ROLLBACK"
            };
            session.client.batch_execute(end).await?;
            Ok::<_, StoreError>(outcome)
        };
        // Only a session whose transaction is known to be over goes back; any other is dropped here
        // and closes.
        let outcome = timeout(LONGEST_VERB, work)
            .await
            .map_err(|_| StoreError::failed(TooSlow))??;
        self.pool.idle.lock().await.push(session);
        outcome
    }
}

impl Pool {
    async fn session(&self) -> Result<(Session, SemaphorePermit<'_>), StoreError> {
        let permit = timeout(LONGEST_VERB, self.permits.acquire())
            .await
            .map_err(|_| StoreError::failed(TooSlow))?
            .map_err(|_| StoreError::Closed)?;
        while let Some(session) = self.idle.lock().await.pop() {
            if !session.client.is_closed() {
                return Ok((session, permit));
            }
        }
        Ok((self.open().await?, permit))
    }

    async fn open(&self) -> Result<Session, StoreError> {
        let (client, connection) = self.config.connect(NoTls).await?;
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::warn!(%error, "a connection to the credential store ended");
            }
        });
        Ok(Session {
            client,
            statements: HashMap::new(),
        })
    }
}

impl Connection for Session {
    async fn query(
        &mut self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> Result<Vec<Row>, StoreError> {
        let statement = match self.statements.get(sql) {
            Some(statement) => statement.clone(),
            None => {
                let statement = self.client.prepare(sql).await?;
                self.statements.insert(sql, statement.clone());
                statement
            }
        };
        let values: Vec<&(dyn ToSql + Sync)> = values
            .iter()
            .map(|value| -> &(dyn ToSql + Sync) { value })
            .collect();
        let rows = self.client.query(&statement, &values).await?;
        rows.iter().map(row_of).collect()
    }
}

impl ToSql for Value {
    fn to_sql(
        &self,
        kind: &Type,
        out: &mut BytesMut,
    ) -> Result<IsNull, Box<dyn std::error::Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Int(value) => value.to_sql(kind, out),
            Self::Text(value) => value.to_sql(kind, out),
            Self::Bytes(value) => value.to_sql(kind, out),
        }
    }

    fn accepts(kind: &Type) -> bool {
        matches!(*kind, Type::INT8 | Type::TEXT | Type::BYTEA)
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(
        kind: &Type,
        raw: &'a [u8],
    ) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        match *kind {
            Type::INT8 => i64::from_sql(kind, raw).map(Self::Int),
            Type::TEXT => String::from_sql(kind, raw).map(Self::Text),
            _ => Vec::from_sql(kind, raw).map(Self::Bytes),
        }
    }

    fn from_sql_null(_kind: &Type) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(kind: &Type) -> bool {
        matches!(*kind, Type::INT8 | Type::TEXT | Type::BYTEA | Type::INT4)
    }
}

fn row_of(row: &tokio_postgres::Row) -> Result<Row, StoreError> {
    let values: Result<Vec<_>, _> = (0..row.len())
        .map(|index| row.try_get::<_, Value>(index))
        .collect();
    Ok(Row::new(values?))
}

async fn migrate(session: &mut Session) -> Result<(), StoreError> {
    const TABLE: &str = "CREATE TABLE IF NOT EXISTS odoo_mcp_schema (version BIGINT NOT NULL)";
    const FOUND: &str = "SELECT coalesce(max(version), 0) FROM odoo_mcp_schema";
    const DONE: &str = "INSERT INTO odoo_mcp_schema (version) VALUES ($1)";
    let transaction = session.client.transaction().await?;
    transaction.batch_execute(MIGRATION_LOCK).await?;
    transaction.batch_execute(TABLE).await?;
    let row = transaction.query_one(FOUND, &[]).await?;
    let found: i64 = row.try_get(0)?;
    if found > schema::VERSION {
        return Err(StoreError::NewerSchema {
            found,
            known: schema::VERSION,
        });
    }
    if found < schema::VERSION {
        for step in schema::missing(found, &DIALECT) {
            transaction.batch_execute(&step).await?;
        }
        transaction.execute(DONE, &[&schema::VERSION]).await?;
    }
    Ok(transaction.commit().await?)
}
