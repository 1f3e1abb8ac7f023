//! The search behind every list: one call to Odoo for records, names and the total.
//!
//! What to search and how a record is shaped belongs to the tool.

use std::borrow::Cow;

use odoo_json2::{Context, Domain, Record};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;

use crate::answer::Page;
use crate::cursor::{Cursor, Key, Order, Place};
use crate::error::ToolError;
use crate::session::UserSession;

/// The highest number that Odoo is asked to count to.
const COUNTED: usize = 10_000;

/// How many records a page has at most: 1 to 200, 20 unless said.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(from = "i64")]
pub(crate) struct Limit(usize);

/// How a list is sorted, where it goes on and how much of it is wanted.
#[derive(Debug)]
pub(crate) struct Listing {
    order: Order,
    cursor: Option<Cursor>,
    limit: Limit,
}

impl Limit {
    /// As many as a page can have.
    pub(crate) const MOST: Self = Self(200);

    /// The number itself.
    pub(crate) const fn count(self) -> usize {
        self.0
    }
}

impl Default for Limit {
    fn default() -> Self {
        Self(20)
    }
}

impl From<i64> for Limit {
    fn from(number: i64) -> Self {
        Self(
            usize::try_from(number)
                .unwrap_or_default()
                .clamp(1, Self::MOST.0),
        )
    }
}

impl JsonSchema for Limit {
    fn schema_name() -> Cow<'static, str> {
        "Limit".into()
    }

    fn inline_schema() -> bool {
        true
    }

    // Only the bound that a caller might cross, since every list has this argument.
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "integer", "maximum": Self::MOST.0 })
    }
}

impl Listing {
    /// Reads the paging arguments of a tool.
    pub(crate) fn new(
        order: Order,
        cursor: Option<&str>,
        limit: Option<Limit>,
    ) -> Result<Self, ToolError> {
        Ok(Self {
            cursor: order.resume(cursor)?,
            order,
            limit: limit.unwrap_or_default(),
        })
    }

    /// Gets the page. `shape` makes of a record its place in the order and what the caller reads.
    pub(crate) async fn fetch<R, T>(
        self,
        user: &UserSession,
        domain: Domain,
        context: Context,
        shape: impl Fn(R) -> (Place, T),
    ) -> Result<Page<T>, ToolError>
    where
        R: Record + Send + 'static,
    {
        let seen = self.cursor.as_ref().map_or(0, Cursor::seen);
        let by_offset = self.order.kind == Key::Text;
        let domain = match &self.cursor {
            Some(cursor) if !by_offset => domain & self.order.behind(cursor.place()),
            _ => domain,
        };
        let offset = if by_offset { seen } else { 0 };
        let readable = user.readable::<R>().await?;
        let page = user
            .odoo()
            .search::<R>(domain)
            .order(self.order.clause())
            .limit(self.limit.0)
            .offset(offset)
            .count_limit(COUNTED + offset)
            .readable(&readable)
            .context(context)
            .await?;
        let remaining = (page.total.saturating_sub(offset), page.total_is_capped);
        let records = page.records.into_iter().map(shape).collect();
        Ok(Page::new(self.order, seen, remaining, records))
    }
}
