//! Grouping and summing: `formatted_read_group`, the successor of the deprecated `read_group`.

use serde_json::Value;

use crate::{Context, Domain, Error, FieldValue, GroupRow, Odoo, Record, wire::MethodCall};

/// A grouped query under construction; made by [`Odoo::group`]. [`rows`](Self::rows) makes one call.
///
/// Columns of the answer bear the names given here, word for word: `"balance:sum"`, `"date:month"`.
/// Only stored fields can be summed. Amounts in different currencies are added blindly: group by
/// currency, or sum fields that are in the currency of the company.
#[derive(Clone, Debug)]
#[must_use = "a grouped query is made by `rows`"]
pub struct Group {
    odoo: Odoo,
    call: MethodCall,
    by: Vec<String>,
    aggregates: Vec<String>,
}

impl Odoo {
    /// Begins a grouped query over a model.
    pub fn group<M: Record>(&self, domain: Domain) -> Group {
        self.group_model(M::MODEL, domain)
    }

    /// Begins a grouped query over a model without a type.
    pub fn group_model(&self, model: &str, domain: Domain) -> Group {
        let call = self
            .reading(model, "formatted_read_group")
            .arg("domain", domain);
        Group {
            odoo: self.clone(),
            call,
            by: Vec::new(),
            aggregates: Vec::new(),
        }
    }

    /// The same as [`group`](Self::group), under the name that Odoo's method had until version 18.
    pub fn read_group<M: Record>(&self, domain: Domain) -> Group {
        self.group::<M>(domain)
    }
}

impl Group {
    /// Groups by a field. It may walk over relations (`"account_id.account_type"`) and, for dates,
    /// name a period (`"date:month"`; `day`, `week`, `month`, `quarter`, `year`).
    pub fn by(mut self, field: impl Into<String>) -> Self {
        self.by.push(field.into());
        self
    }

    /// Sums a field; the column is called `field:sum`.
    pub fn sum(self, field: &str) -> Self {
        self.aggregate(format!("{field}:sum"))
    }

    /// Counts the records; the column is called `__count`.
    pub fn count(self) -> Self {
        self.aggregate("__count")
    }

    /// Any aggregate, such as `"date:max"`, `"partner_id:count_distinct"` or `"id:array_agg"`.
    pub fn aggregate(mut self, aggregate: impl Into<String>) -> Self {
        self.aggregates.push(aggregate.into());
        self
    }

    /// Keeps the groups whose aggregates meet a domain: `field("balance:sum").gt(1000)`.
    pub fn having(mut self, domain: Domain) -> Self {
        self.call = self.call.arg("having", domain);
        self
    }

    /// The order of the groups, such as `"date:month desc"`.
    pub fn order(mut self, order: impl Into<String>) -> Self {
        self.call = self.call.arg("order", order.into());
        self
    }

    /// At most so many groups. Odoo does not say how many there are: ask for one more than wanted.
    pub fn limit(mut self, limit: usize) -> Self {
        self.call = self.call.arg("limit", limit);
        self
    }

    /// Skips so many groups.
    pub fn offset(mut self, offset: usize) -> Self {
        self.call = self.call.arg("offset", offset);
        self
    }

    /// Another context than the client's.
    pub fn context(mut self, context: Context) -> Self {
        self.call = self.call.context(context);
        self
    }

    /// The groups. Without [`by`](Self::by) it is a single one over everything.
    ///
    /// # Errors
    /// Every [`Error`]; [`Error::Decode`] when the row has a column that was not asked for.
    pub async fn rows<G: GroupRow>(self) -> Result<Vec<G>, Error> {
        let call = self
            .call
            .arg("groupby", self.by)
            .arg("aggregates", self.aggregates);
        let rows = Vec::<Row<G>>::from_value(&self.odoo.perform(&call).await?)?;
        Ok(rows.into_iter().map(|row| row.0).collect())
    }
}

/// Lends a row the decoding of lists.
struct Row<G>(G);

impl<G: GroupRow> FieldValue for Row<G> {
    fn from_value(value: &Value) -> Result<Self, crate::DecodeError> {
        G::decode(value).map(Self)
    }
}
