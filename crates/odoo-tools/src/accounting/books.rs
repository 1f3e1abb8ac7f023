//! What all reports on the books share: which entries count, who sees all of them, and how sums are
//! asked for. The reports themselves are beside it.

use std::collections::BTreeMap;

use jiff::civil::Date;
use odoo_json2::{Context, DecodeError, Domain, Error, GroupRow, Ref, field};
use serde_json::{Value, json};

use crate::period::Period;
use crate::session::UserSession;

/// Journal items.
pub(super) const ITEMS: &str = "account.move.line";

/// The chart of accounts, which every employee may read.
pub(super) const ACCOUNTS: &str = "account.account";

/// Matches of journal items with each other.
///
/// Odoo lets exactly those read them whom no record rule of its own keeps from any entry: who sends
/// invoices and who reads the books. Approvers of expenses read journal items too, but only those
/// that were made of expenses, and not the matches. So this tells whether a report can be complete.
pub(super) const MATCHES: &str = "account.partial.reconcile";

/// One question to Odoo that is answered once for each set of group keys.
#[derive(Debug)]
pub(super) struct Sums<'a> {
    pub(super) model: &'a str,
    pub(super) domain: Domain,
    pub(super) sets: &'a [&'a [&'a str]],
    pub(super) aggregates: &'a [&'a str],
}

impl Sums<'_> {
    /// The rows of each set.
    pub(super) async fn ask(
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
pub(super) fn rows<R: GroupRow>(set: Option<&Vec<Value>>) -> Result<Vec<R>, Error> {
    let rows = set.into_iter().flatten().map(R::decode);
    Ok(rows.collect::<Result<_, DecodeError>>()?)
}

/// Entries that count.
pub(super) fn posted() -> Domain {
    field("parent_state").eq("posted")
}

/// Items of income and expenses, which begin anew with each fiscal year.
pub(super) fn of_result() -> Domain {
    field("account_id.internal_group").in_(["income", "expense"])
}

/// Items of all accounts that are carried forward.
pub(super) fn of_balance() -> Domain {
    field("account_id.internal_group").in_(["asset", "liability", "equity"])
}

/// The days of each company; companies whose years agree share a condition.
pub(super) fn days(periods: &BTreeMap<i64, Period>) -> Domain {
    let mut companies: BTreeMap<(Date, Date), Vec<i64>> = BTreeMap::new();
    for (company, period) in periods {
        companies
            .entry((period.from, period.to))
            .or_default()
            .push(*company);
    }
    Domain::any_of(companies.into_iter().map(|((from, to), companies)| {
        field("company_id").in_(companies) & field("date").gte(from) & field("date").lte(to)
    }))
}

/// What a report has to say to those whose rights show them only some entries.
pub(super) fn partly(user: &UserSession) -> Option<&'static str> {
    (!user.reads(MATCHES)).then_some(
        "your rights in Odoo show you only some of the entries: these are not the company's figures",
    )
}

/// Code and name of an account. Odoo's display name has the code only for accountants, and the code
/// of another company than the current one comes with that company's name in brackets.
pub(super) fn account_name(code: Option<&str>, account: &Ref) -> String {
    let code = code
        .and_then(|code| code.split(' ').next())
        .unwrap_or_default();
    if code.is_empty() || account.name.starts_with(code) {
        account.name.clone()
    } else {
        format!("{code} {}", account.name)
    }
}
