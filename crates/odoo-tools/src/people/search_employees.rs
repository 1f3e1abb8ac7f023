//! `search_employees`: the staff directory.
//!
//! Odoo keeps two models with the same ids: `hr.employee` for HR officers, and `hr.employee.public`
//! for everyone. Calls of ordinary users to the former are only half redirected, so which of them
//! to ask is decided by what the user may read, and then kept to.
//!
//! Odoo shows managers their people in other companies as well. HR is refused what such a person's
//! version says, and with it the whole list, so that HR is only shown its own companies.

use odoo_json2::{Context, Domain, Record, Ref, field};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{FULL, PUBLIC, is_in_hr, whom};
use crate::access::Access;
use crate::answer::{Named, Page};
use crate::cursor::{Key, Order, Place};
use crate::error::ToolError;
use crate::listing::{Limit, Listing};
use crate::session::UserSession;
use crate::session::companies::Companies;
use crate::tool::Tool;
use crate::words::Words;

const BY_NAME: Order = Order {
    name: "name",
    key: "name",
    kind: Key::Text,
    descending: false,
};

/// Find colleagues: job, department, manager, phone, e-mail, place of work. Private and contract
/// data are not shown.
#[derive(Deserialize, JsonSchema)]
pub(super) struct SearchEmployees {
    /// Part of name, job title, e-mail or phone.
    text: Option<String>,
    /// Part of the department's name.
    department: Option<String>,
    /// Part of the job title.
    job: Option<String>,
    /// Part of the manager's name, or me for those you manage.
    manager: Option<String>,
    /// Also those who left.
    archived: Option<bool>,
    company_id: Option<i64>,
    limit: Option<Limit>,
    cursor: Option<String>,
}

/// A colleague.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Employee {
    id: i64,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    job: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    department: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    manager: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mobile: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    location: Option<String>,
    /// The Odoo user of this person.
    #[serde(skip_serializing_if = "Option::is_none")]
    user_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    company: Option<Named>,
    /// Left the company.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    archived: bool,
}

/// What both models have under the same names.
macro_rules! row {
    ($name:ident, $model:literal) => {
        #[derive(Debug, Record)]
        #[odoo(model = $model)]
        struct $name {
            id: i64,
            name: String,
            job_title: Option<String>,
            department_id: Option<Ref>,
            parent_id: Option<Ref>,
            work_email: Option<String>,
            work_phone: Option<String>,
            mobile_phone: Option<String>,
            work_location_id: Option<Ref>,
            user_id: Option<Ref>,
            company_id: Option<Ref>,
            active: bool,
        }

        impl $name {
            fn shape(self, companies: &Companies<'_>) -> (Place, Employee) {
                let employee = Employee {
                    id: self.id,
                    name: self.name,
                    job: self.job_title,
                    department: Named::of(self.department_id),
                    manager: Named::of(self.parent_id),
                    email: self.work_email,
                    phone: self.work_phone,
                    mobile: self.mobile_phone,
                    location: self.work_location_id.map(|location| location.name),
                    user_id: self.user_id.map(|user| user.id),
                    company: companies.named(self.company_id),
                    archived: !self.active,
                };
                (Place::at(self.id), employee)
            }
        }
    };
}

row!(PublicRow, "hr.employee.public");
row!(FullRow, "hr.employee");

impl Tool for SearchEmployees {
    const NAME: &'static str = "search_employees";
    const TITLE: &'static str = "Search employees";
    const ACCESS: Access = Access::Read;
    const NEEDS: &'static [&'static str] = &[PUBLIC];
    type Answer = Page<Employee>;

    async fn run(self, user: &UserSession) -> Result<Page<Employee>, ToolError> {
        let companies = user.companies(self.company_id)?;
        let listing = Listing::new(BY_NAME, self.cursor.as_deref(), self.limit)?;
        let (domain, context) = (self.domain(user)?, self.context(&companies));
        let page = if is_in_hr(user) {
            let domain = domain & companies.own("company_id");
            let shape = |row: FullRow| row.shape(&companies);
            listing
                .fetch(user, domain, context, shape)
                .await?
                .with_link(user.link(FULL))
        } else {
            let domain = domain & companies.filter("company_id");
            let shape = |row: PublicRow| row.shape(&companies);
            listing
                .fetch(user, domain, context, shape)
                .await?
                .with_link(user.link(PUBLIC))
        };
        Ok(page)
    }
}

impl SearchEmployees {
    fn domain(&self, user: &UserSession) -> Result<Domain, ToolError> {
        let words = |text: &String| {
            let fields = [
                "name",
                "job_title",
                "work_email",
                "work_phone",
                "mobile_phone",
            ];
            Words::of(text).within_any(&fields)
        };
        let managed = match self.manager.as_deref() {
            Some(name) if name.eq_ignore_ascii_case("me") => {
                Some(field("parent_id").eq(whom::own(user)?))
            }
            name => name.map(|name| Words::of(name).within("parent_id.name")),
        };
        Ok(Domain::all_of(
            [
                self.text.as_ref().map(words),
                self.department
                    .as_ref()
                    .map(|name| Words::of(name).within("department_id.name")),
                self.job
                    .as_ref()
                    .map(|name| Words::of(name).within("job_title")),
                managed,
            ]
            .into_iter()
            .flatten(),
        ))
    }

    fn context(&self, companies: &Companies<'_>) -> Context {
        let context = companies.context();
        if self.archived == Some(true) {
            context.with("active_test", false)
        } else {
            context
        }
    }
}
