//! `read_expenses`: a list of expenses, or everything about one.

use jiff::civil::Date;
use odoo_json2::{Domain, field};
use schemars::JsonSchema;
use serde::Deserialize;

use super::MODEL;
use super::expense::Expense;
use super::filter::{self, StateFilter};
use super::row::{FullRow, Row};
use crate::access::Access;
use crate::answer::Page;
use crate::cursor::{Key, Order, Place};
use crate::error::ToolError;
use crate::listing::{Limit, Listing};
use crate::session::UserSession;
use crate::tool::Tool;
use crate::words::Words;

/// List expenses you may see, newest first; or with `id` read one with taxes, receipts, decision,
/// refusal reason and journal entry.
#[derive(Deserialize, JsonSchema)]
pub(super) struct ReadExpenses {
    id: Option<i64>,
    /// Part of the name, or me.
    employee: Option<String>,
    state: Option<StateFilter>,
    /// Waiting for your approval.
    to_approve: Option<bool>,
    /// Part of name or code.
    category: Option<String>,
    department: Option<String>,
    /// In description or notes.
    text: Option<String>,
    date_from: Option<Date>,
    date_to: Option<Date>,
    company_id: Option<i64>,
    order: Option<OrderBy>,
    limit: Option<Limit>,
    cursor: Option<String>,
}

// How the list is sorted; the first is the default.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum OrderBy {
    Newest,
    Oldest,
}

impl Tool for ReadExpenses {
    const NAME: &'static str = "read_expenses";
    const TITLE: &'static str = "Read expenses";
    const ACCESS: Access = Access::Read;
    const NEEDS: &'static [&'static str] = &[MODEL];
    type Answer = Page<Expense>;

    async fn run(self, user: &UserSession) -> Result<Page<Expense>, ToolError> {
        let companies = user.companies(self.company_id)?;
        let order = self.order.unwrap_or(OrderBy::Newest).order();
        let page = if let Some(id) = self.id {
            let row = FullRow::read(user, id, companies.context()).await?;
            let one = (Place::at(id), row.shape(user).await);
            Page::new(order, 0, (1, false), vec![one])
        } else {
            let listing = Listing::new(order, self.cursor.as_deref(), self.limit)?;
            let shape = |row: Row| {
                (
                    Place::by(row.date, row.id),
                    row.shape(companies.are_several()),
                )
            };
            let domain = self.domain(user).await? & companies.filter("company_id");
            listing
                .fetch(user, domain, companies.context(), shape)
                .await?
        };
        Ok(page.with_link(user.link(MODEL)))
    }
}

impl ReadExpenses {
    async fn domain(&self, user: &UserSession) -> Result<Domain, ToolError> {
        let words = |text: &String| Words::of(text).within_any(&["name", "description"]);
        let waiting = |wanted: bool| {
            if wanted {
                filter::waits_for(user)
            } else {
                !filter::waits_for(user)
            }
        };
        let employee = match &self.employee {
            Some(name) => Some(filter::employee(user, name).await?),
            None => None,
        };
        Ok(Domain::all_of(
            [
                employee,
                self.state.map(StateFilter::domain),
                self.to_approve.map(waiting),
                self.category.as_deref().map(filter::category),
                self.department.as_deref().map(filter::department),
                self.text.as_ref().map(words),
                self.date_from.map(|date| field("date").gte(date)),
                self.date_to.map(|date| field("date").lte(date)),
            ]
            .into_iter()
            .flatten(),
        ))
    }
}

impl OrderBy {
    const fn order(self) -> Order {
        let (name, descending) = match self {
            Self::Newest => ("newest", true),
            Self::Oldest => ("oldest", false),
        };
        Order {
            name,
            key: "date",
            kind: Key::Time,
            descending,
        }
    }
}
