//! Reading records by id: `web_read`.

use std::{future::IntoFuture, marker::PhantomData};

use crate::{
    Context, Error, Odoo, Pending, ReadableFields, Record,
    search::{records, specification},
};

/// A read under construction; made by [`Odoo::read`]. Awaiting it makes one call, or none
/// when there are no ids.
#[derive(Debug)]
#[must_use = "a read is made by awaiting it"]
pub struct Read<R> {
    odoo: Odoo,
    ids: Vec<i64>,
    context: Option<Context>,
    readable: Option<ReadableFields>,
    records: PhantomData<fn() -> R>,
}

/// A read of a single record; made by [`Odoo::read_one`].
#[derive(Debug)]
#[must_use = "a read is made by awaiting it"]
pub struct ReadOne<R>(Read<R>);

impl Odoo {
    /// Reads records by their ids. Records that do not exist are left out, which is how Odoo does it.
    pub fn read<R: Record>(&self, ids: &[i64]) -> Read<R> {
        let ids = ids.to_vec();
        Read {
            odoo: self.clone(),
            ids,
            context: None,
            readable: None,
            records: PhantomData,
        }
    }

    /// Reads one record; [`Error::Missing`] when it does not exist.
    pub fn read_one<R: Record>(&self, id: i64) -> ReadOne<R> {
        ReadOne(self.read(&[id]))
    }
}

impl<R: Record> Read<R> {
    /// Leaves out optional fields that this user may not read.
    pub fn readable(mut self, readable: &ReadableFields) -> Self {
        self.readable = Some(readable.clone());
        self
    }

    /// Another context than the client's.
    pub fn context(mut self, context: Context) -> Self {
        self.context = Some(context);
        self
    }

    async fn run(self) -> Result<Vec<R>, Error> {
        if self.ids.is_empty() {
            return Ok(Vec::new());
        }
        let context = self.context.as_ref().unwrap_or(self.odoo.context());
        let call = self
            .odoo
            .reading(R::MODEL, "web_read")
            .context(context.clone())
            .ids(&self.ids)
            .arg("specification", specification::<R>(self.readable.as_ref()));
        Ok(records(&self.odoo.perform(&call).await?)?)
    }
}

impl<R: Record> ReadOne<R> {
    /// Leaves out optional fields that this user may not read.
    pub fn readable(self, readable: &ReadableFields) -> Self {
        Self(self.0.readable(readable))
    }

    /// Another context than the client's.
    pub fn context(self, context: Context) -> Self {
        Self(self.0.context(context))
    }

    async fn run(self) -> Result<R, Error> {
        let id = self.0.ids.first().copied().unwrap_or_default();
        let record = self.0.run().await?.into_iter().next();
        record.ok_or_else(|| Error::Missing {
            message: format!("{} {id}", R::MODEL),
        })
    }
}

impl<R: Record> IntoFuture for Read<R> {
    type Output = Result<Vec<R>, Error>;
    type IntoFuture = Pending<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

impl<R: Record> IntoFuture for ReadOne<R> {
    type Output = Result<R, Error>;
    type IntoFuture = Pending<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}
