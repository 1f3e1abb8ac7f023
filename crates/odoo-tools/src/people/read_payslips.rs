//! `read_payslips`: payslips in a list, or one of them with its lines and files.

use odoo_json2::{Context, Date, Domain, Error, field};
use schemars::JsonSchema;
use serde::Deserialize;

use super::payslip::row::{SlipRow, SummedRow, WholeRow};
use super::payslip::{Attachment, Payslip, Payslips};
use super::whom;
use crate::access::Access;
use crate::answer::Page;
use crate::cursor::{Key, Order, Place};
use crate::error::ToolError;
use crate::listing::{Limit, Listing};
use crate::session::UserSession;
use crate::session::choices::Choices;
use crate::session::companies::Companies;
use crate::tool::Tool;
use crate::words::Words;

const MODEL: &str = "hr.payslip";

const NEWEST: Order = Order {
    name: "newest",
    key: "date_to",
    kind: Key::Time,
    descending: true,
};

/// List payslips with gross and net pay, newest first; or read one by `id`, with its lines, worked
/// days and files.
#[derive(Deserialize, JsonSchema)]
pub(super) struct ReadPayslips {
    id: Option<i64>,
    /// Part of the employee's name, or me.
    employee: Option<String>,
    employee_id: Option<i64>,
    /// Slips for any day from this one on.
    date_from: Option<Date>,
    /// And up to this one.
    date_to: Option<Date>,
    /// As Odoo names it, such as draft or paid.
    state: Option<String>,
    company_id: Option<i64>,
    limit: Option<Limit>,
    cursor: Option<String>,
}

impl Tool for ReadPayslips {
    const NAME: &'static str = "read_payslips";
    const TITLE: &'static str = "Read payslips";
    const ACCESS: Access = Access::Read;
    const NEEDS: &'static [&'static str] = &[MODEL];
    type Answer = Payslips;

    async fn run(self, user: &UserSession) -> Result<Payslips, ToolError> {
        let companies = user.companies(self.company_id)?;
        let words = user.choices(MODEL, "state").await?;
        match self.id {
            Some(id) => {
                let slip = one(user, id, &words, &companies).await?;
                Ok(Payslips::One(Box::new(slip)))
            }
            None => self.list(user, &words, &companies).await,
        }
    }
}

impl ReadPayslips {
    async fn list(
        self,
        user: &UserSession,
        words: &Choices,
        companies: &Companies<'_>,
    ) -> Result<Payslips, ToolError> {
        let listing = Listing::new(NEWEST, self.cursor.as_deref(), self.limit)?;
        let domain = self.domain(user, words)? & companies.filter_shared("company_id");
        let context = companies.context();
        let knows_net = user.readable::<SlipRow>().await?.has(MODEL, "net_wage");
        let page: Page<_> = if knows_net {
            let shape = |row: SlipRow| {
                let place = Place::by(row.date_to, row.id);
                (place, row.head(words, companies))
            };
            listing.fetch(user, domain, context, shape).await?
        } else {
            let shape = |row: SummedRow| {
                let place = Place::by(row.date_to, row.id);
                (place, row.head(words, companies))
            };
            listing.fetch(user, domain, context, shape).await?
        };
        Ok(Payslips::List(page.with_link(user.link(MODEL))))
    }

    fn domain(&self, user: &UserSession, words: &Choices) -> Result<Domain, ToolError> {
        let employee = match self.employee.as_deref() {
            Some(name) if name.eq_ignore_ascii_case("me") => {
                Some(field("employee_id").eq(whom::own(user)?))
            }
            name => name.map(|name| Words::of(name).within("employee_id.name")),
        };
        let state = self
            .state
            .as_deref()
            .map(|state| known(words, state))
            .transpose()?;
        Ok(Domain::all_of(
            [
                employee,
                self.employee_id.map(|id| field("employee_id").eq(id)),
                self.date_from.map(|day| field("date_to").gte(day)),
                self.date_to.map(|day| field("date_from").lte(day)),
                state.map(|state| field("state").eq(state)),
            ]
            .into_iter()
            .flatten(),
        ))
    }
}

/// The state that is meant, which each payroll app and each version of it names differently.
fn known<'a>(words: &'a Choices, state: &str) -> Result<&'a str, ToolError> {
    words.value(state).ok_or_else(|| {
        ToolError::argument(
            "`state` is none that payslips have in this Odoo",
            format!("Use one of {}.", words.told()),
        )
    })
}

/// The slip, and at the same time its files.
async fn one(
    user: &UserSession,
    id: i64,
    words: &Choices,
    companies: &Companies<'_>,
) -> Result<Payslip, ToolError> {
    let context = companies.context();
    let (row, files) = tokio::join!(slip(user, id, context), user.odoo().attachments(MODEL, id));
    let row = row?.ok_or_else(|| {
        ToolError::not_found(
            format!("there is no payslip with the id {id} among those you may see"),
            "Look for it with read_payslips, by `employee` and dates.",
        )
    })?;
    let link = user.link_to(MODEL, id);
    let attachments = files?.into_iter().map(|file| Attachment {
        id: file.id,
        name: file.name,
        mimetype: file.mimetype,
        bytes: file.file_size.max(0),
    });
    Ok(Payslip {
        attachments: attachments.collect(),
        ..row.shape(words, companies, link)
    })
}

/// By a search, which finds nothing where reading would be refused.
async fn slip(user: &UserSession, id: i64, context: Context) -> Result<Option<WholeRow>, Error> {
    let readable = user.readable::<WholeRow>().await?;
    let page = user
        .odoo()
        .search::<WholeRow>(field("id").eq(id))
        .limit(1)
        .count_limit(1)
        .readable(&readable)
        .context(context)
        .await?;
    Ok(page.records.into_iter().next())
}
