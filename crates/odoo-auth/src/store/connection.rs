//! The narrow waist between verbs and databases: a statement with values goes in, rows come out.
//!
//! So each verb is written once, and a back end is only a way to run a statement and a transaction.
//! Not for building SQL: statements are constants, with `$1`-style parameters.

use std::vec;

use jiff::Timestamp;

use crate::{clock, crypto::KEY_LEN, store::StoreError};

/// A value of a parameter or a column.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Null,
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

/// A row, read from left to right.
#[derive(Debug)]
pub(crate) struct Row {
    values: vec::IntoIter<Value>,
}

/// An open transaction.
pub(crate) trait Connection: Send {
    /// Runs a statement.
    fn query(
        &mut self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> impl Future<Output = Result<Vec<Row>, StoreError>> + Send;

    /// Runs a statement and gives its first row.
    fn first(
        &mut self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> impl Future<Output = Result<Option<Row>, StoreError>> + Send {
        async move { Ok(self.query(sql, values).await?.into_iter().next()) }
    }

    /// Runs a statement that ends in `RETURNING`, and counts the rows it touched.
    fn touched(
        &mut self,
        sql: &'static str,
        values: Vec<Value>,
    ) -> impl Future<Output = Result<u64, StoreError>> + Send {
        async move { Ok(self.query(sql, values).await?.len() as u64) }
    }
}

/// What is to be done in one transaction.
pub(crate) trait Verb: Send + 'static {
    type Out: Send + 'static;
    /// Whether it changes anything.
    const WRITES: bool = true;

    /// Does it. An error rolls the transaction back.
    fn run<C: Connection>(
        self,
        connection: &mut C,
    ) -> impl Future<Output = Result<Self::Out, StoreError>> + Send;
}

/// A database that runs verbs.
pub(crate) trait Driver: Send + Sync + 'static {
    /// Whether what it works on is still in its place; a query does not always tell.
    fn is_in_place(&self) -> bool {
        true
    }

    /// Runs a verb in a transaction of its own.
    fn perform<V: Verb>(&self, verb: V) -> impl Future<Output = Result<V::Out, StoreError>> + Send;
}

impl Row {
    pub(crate) fn new(values: Vec<Value>) -> Self {
        Self {
            values: values.into_iter(),
        }
    }

    pub(crate) fn int(&mut self) -> Result<i64, StoreError> {
        self.optional_int()?
            .ok_or(StoreError::Damaged("a number is missing"))
    }

    pub(crate) fn optional_int(&mut self) -> Result<Option<i64>, StoreError> {
        match self.values.next() {
            Some(Value::Int(value)) => Ok(Some(value)),
            Some(Value::Null) => Ok(None),
            _ => Err(StoreError::Damaged("a number is not one")),
        }
    }

    pub(crate) fn text(&mut self) -> Result<String, StoreError> {
        self.optional_text()?
            .ok_or(StoreError::Damaged("a text is missing"))
    }

    pub(crate) fn optional_text(&mut self) -> Result<Option<String>, StoreError> {
        match self.values.next() {
            Some(Value::Text(value)) => Ok(Some(value)),
            Some(Value::Null) => Ok(None),
            _ => Err(StoreError::Damaged("a text is not one")),
        }
    }

    pub(crate) fn optional_bytes(&mut self) -> Result<Option<Vec<u8>>, StoreError> {
        match self.values.next() {
            Some(Value::Bytes(value)) => Ok(Some(value)),
            Some(Value::Null) => Ok(None),
            _ => Err(StoreError::Damaged("bytes are not bytes")),
        }
    }

    pub(crate) fn optional_digest(&mut self) -> Result<Option<[u8; KEY_LEN]>, StoreError> {
        let bytes = self
            .optional_bytes()?
            .map(<[u8; KEY_LEN]>::try_from)
            .transpose();
        bytes.map_err(|_| StoreError::Damaged("a digest has another length"))
    }

    pub(crate) fn time(&mut self) -> Result<Timestamp, StoreError> {
        self.int().map(clock::from_millis)
    }

    pub(crate) fn optional_time(&mut self) -> Result<Option<Timestamp>, StoreError> {
        Ok(self.optional_int()?.map(clock::from_millis))
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<Timestamp> for Value {
    fn from(value: Timestamp) -> Self {
        Self::Int(value.as_millisecond())
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Self {
        Self::Bytes(value)
    }
}

impl From<[u8; KEY_LEN]> for Value {
    fn from(value: [u8; KEY_LEN]) -> Self {
        Self::Bytes(value.to_vec())
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}
