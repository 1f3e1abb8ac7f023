//! Sums over many records, asked of Odoo in one call for several groupings.
//!
//! A total that is added up from the groups that happened to arrive is wrong as soon as some do not;
//! here Odoo gives the total beside its groups, as a grouping of its own.

use odoo_json2::{Context, DecodeError, Domain, Error, GroupRow};
use serde_json::{Value, json};

use crate::session::UserSession;

/// One question to Odoo that is answered once for each set of group keys.
#[derive(Debug)]
pub(crate) struct Sums<'a> {
    pub(crate) model: &'a str,
    pub(crate) domain: Domain,
    pub(crate) sets: &'a [&'a [&'a str]],
    pub(crate) aggregates: &'a [&'a str],
}

impl Sums<'_> {
    /// The rows of each set.
    pub(crate) async fn ask(
        self,
        user: &UserSession,
        context: Context,
    ) -> Result<Vec<Vec<Value>>, Error> {
        user.odoo()
            .call(self.model, "formatted_read_grouping_sets")
            .arg("domain", self.domain)
            .arg("grouping_sets", json!(self.sets))
            .arg("aggregates", json!(self.aggregates))
            .context(context)
            .read_only()
            .fetch()
            .await
    }
}

/// Reads the rows of one set.
pub(crate) fn rows<R: GroupRow>(set: Option<&Vec<Value>>) -> Result<Vec<R>, Error> {
    let rows = set.into_iter().flatten().map(R::decode);
    Ok(rows.collect::<Result<_, DecodeError>>()?)
}
