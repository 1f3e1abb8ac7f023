//! Searching: `web_search_read`, `search_count` and `search`.

use std::{future::IntoFuture, marker::PhantomData};

use serde::Serialize;
use serde_json::Value;

use crate::{
    Context, DecodeError, Domain, Error, FieldValue, Odoo, Pending, ReadableFields, Record,
    derive_support, wire::MethodCall,
};

/// Records counted at most, unless [`Search::count_limit`] says otherwise. Counting further costs
/// Odoo time and tells a reader nothing.
const COUNT_LIMIT: usize = 10_000;

/// A search under construction; made by [`Odoo::search`]. Awaiting it makes one call.
#[derive(Debug)]
#[must_use = "a search is made by awaiting it"]
pub struct Search<R> {
    odoo: Odoo,
    domain: Domain,
    context: Option<Context>,
    readable: Option<ReadableFields>,
    order: Option<String>,
    limit: Option<usize>,
    offset: usize,
    count_limit: usize,
    records: PhantomData<fn() -> R>,
}

/// Some of the records that a search found, and how many there are.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Page<R> {
    /// The records, in the order asked for.
    pub records: Vec<R>,
    /// How many records the domain finds, or the count limit if that is less.
    pub total: usize,
    /// Whether there are more than `total`.
    pub total_is_capped: bool,
    /// How many records were skipped before the first.
    pub offset: usize,
}

impl<R> Page<R> {
    /// Whether records come after these.
    pub fn has_more(&self) -> bool {
        self.total_is_capped || self.offset + self.records.len() < self.total
    }

    /// The page with its records turned into something else.
    pub fn map<T>(self, turn: impl FnMut(R) -> T) -> Page<T> {
        Page {
            records: self.records.into_iter().map(turn).collect(),
            total: self.total,
            total_is_capped: self.total_is_capped,
            offset: self.offset,
        }
    }
}

impl Odoo {
    /// Begins a search; records and their number come in one call.
    pub fn search<R: Record>(&self, domain: Domain) -> Search<R> {
        Search {
            odoo: self.clone(),
            domain,
            context: None,
            readable: None,
            order: None,
            limit: None,
            offset: 0,
            count_limit: COUNT_LIMIT,
            records: PhantomData,
        }
    }

    /// How many records a domain finds.
    ///
    /// # Errors
    /// Every [`Error`].
    pub async fn count(&self, model: &str, domain: Domain) -> Result<usize, Error> {
        let call = self.reading(model, "search_count").arg("domain", domain);
        Ok(usize::from_value(&self.perform(&call).await?)?)
    }

    /// How many records a domain finds, counting no further than `limit`.
    ///
    /// # Errors
    /// Every [`Error`].
    pub async fn count_up_to(
        &self,
        model: &str,
        domain: Domain,
        limit: usize,
    ) -> Result<usize, Error> {
        let call = self
            .reading(model, "search_count")
            .arg("domain", domain)
            .arg("limit", limit);
        Ok(usize::from_value(&self.perform(&call).await?)?)
    }

    /// The ids that a domain finds, in an order such as `"date desc, id"` (empty: the model's own).
    ///
    /// # Errors
    /// Every [`Error`].
    pub async fn search_ids(
        &self,
        model: &str,
        domain: Domain,
        order: &str,
        limit: usize,
    ) -> Result<Vec<i64>, Error> {
        let order = Some(order).filter(|order| !order.is_empty());
        let call = self
            .reading(model, "search")
            .arg("domain", domain)
            .arg("limit", limit);
        Ok(Vec::from_value(
            &self.perform(&call.arg_some("order", order)).await?,
        )?)
    }
}

impl<R: Record> Search<R> {
    /// The order, such as `"invoice_date_due, id desc"`.
    pub fn order(mut self, order: impl Into<String>) -> Self {
        self.order = Some(order.into());
        self
    }

    /// At most so many records. Without a limit all come, up to the limit on the answer's size.
    pub fn limit(mut self, limit: usize) -> Self {
        self.limit = Some(limit);
        self
    }

    /// Skips so many records.
    pub fn offset(mut self, offset: usize) -> Self {
        self.offset = offset;
        self
    }

    /// Counts no further than so many records (10,000 unless said).
    pub fn count_limit(mut self, count_limit: usize) -> Self {
        self.count_limit = count_limit.max(1);
        self
    }

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

    async fn run(self) -> Result<Page<R>, Error> {
        let value = self.odoo.perform(&self.call()).await?;
        let found: usize = derive_support::field(&value, "length")?;
        let records: Vec<R> = derive_support::field(&value, "records")?;
        // Odoo may count up to the end of the page when that is further than the limit.
        let limit = self.count_limit.max(self.offset + records.len());
        let total = found.min(limit);
        Ok(Page {
            records,
            total,
            total_is_capped: found > limit,
            offset: self.offset,
        })
    }

    fn call(&self) -> MethodCall {
        let context = self.context.as_ref().unwrap_or(self.odoo.context());
        self.odoo
            .reading(R::MODEL, "web_search_read")
            .context(context.clone())
            .arg("domain", self.domain.to_json())
            .arg("specification", specification::<R>(self.readable.as_ref()))
            .arg("count_limit", self.count_limit.saturating_add(1))
            .arg_some("order", self.order.as_deref())
            .arg_some("limit", self.limit)
            .arg_some("offset", Some(self.offset).filter(|offset| *offset > 0))
    }
}

impl<R: Record> IntoFuture for Search<R> {
    type Output = Result<Page<R>, Error>;
    type IntoFuture = Pending<Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

/// What to ask for. Asked for nothing but ids, Odoo would answer missing records as if they were
/// there, so that a name is asked for then.
pub(crate) fn specification<R: Record>(readable: Option<&ReadableFields>) -> Value {
    let whole = R::specification();
    let mut json = match readable {
        Some(readable) if whole.has_optional_fields() => whole.readable(readable).to_json(),
        _ => whole.to_json(),
    };
    if let Some(fields) = json.as_object_mut().filter(|fields| fields.is_empty()) {
        fields.insert(
            "display_name".to_owned(),
            Value::Object(serde_json::Map::new()),
        );
    }
    json
}

/// The records of a list that is the whole answer.
pub(crate) fn records<R: Record>(value: &Value) -> Result<Vec<R>, DecodeError> {
    Vec::<R>::from_value(value)
}
