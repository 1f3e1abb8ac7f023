//! `read_time_off`: requests for time off, and allocations of it.
//!
//! Whose can be seen is Odoo's decision: one's own, those of people one approves for, everybody's for officers.
//! The reason of a request is read in the field that Odoo masks for others, never in the private one.

use odoo_json2::{Date, DateTime, Domain, Record, Ref, field};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::colleague::Whom;
use super::standing;
use crate::access::Access;
use crate::answer::{Amount, Named, Page};
use crate::cursor::{Key, Order, Place};
use crate::error::ToolError;
use crate::listing::{Limit, Listing};
use crate::session::UserSession;
use crate::session::companies::Companies;
use crate::tool::Tool;
use crate::words::Words;

const REQUESTS: &str = "hr.leave";
const ALLOCATIONS: &str = "hr.leave.allocation";

/// What Odoo shows instead of a reason that is none of the reader's business.
const MASK: &str = "*****";

const NEWEST: Order = Order {
    name: "newest",
    key: "date_from",
    kind: Key::Time,
    descending: true,
};

/// Read time-off requests, or allocations (days granted), newest first: your own, your team's if
/// you approve for it, everybody's for officers.
#[derive(Deserialize, JsonSchema)]
pub(super) struct ReadTimeOff {
    kind: Option<Kind>,
    /// Part of the name, id or me.
    employee: Option<String>,
    state: Option<State>,
    /// Part of the time-off type's name.
    #[serde(rename = "type")]
    leave_type: Option<String>,
    /// Part of the department's name.
    department: Option<String>,
    /// Still going on that day or later.
    date_from: Option<Date>,
    /// Begins by that day.
    date_to: Option<Date>,
    /// Waiting for your approval.
    to_approve: Option<bool>,
    company_id: Option<i64>,
    limit: Option<Limit>,
    cursor: Option<String>,
}

// What is listed; requests unless said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Requests,
    Allocations,
}

#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum State {
    ToApprove,
    SecondApproval,
    Approved,
    Refused,
    Cancelled,
}

/// A request or an allocation.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Entry {
    id: i64,
    employee: Named,
    #[serde(rename = "type")]
    leave_type: Named,
    /// `to_approve`, `second_approval`, `approved`, `refused` or `cancelled`.
    state: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<Date>,
    /// The last day, included.
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<Date>,
    /// Morning or afternoon only.
    #[serde(skip_serializing_if = "Option::is_none")]
    half: Option<&'static str>,
    /// From and to on the employee's clock, of what is taken by hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<String>,
    /// Working days.
    #[serde(skip_serializing_if = "Option::is_none")]
    days: Option<Amount>,
    /// Of types that are taken by hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    hours: Option<Amount>,
    /// What the employee wrote, where you may read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    department: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    decided_by: Vec<String>,
    /// What you may do with it now.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    you_may: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    company: Option<Named>,
}

#[derive(Debug, Record)]
#[odoo(model = "hr.leave")]
struct Request {
    id: i64,
    employee_id: Ref,
    holiday_status_id: Ref,
    state: String,
    date_from: Option<DateTime>,
    request_date_from: Option<Date>,
    request_date_to: Option<Date>,
    request_unit_half: bool,
    request_unit_hours: bool,
    request_date_from_period: Option<String>,
    request_date_to_period: Option<String>,
    request_hour_from: f64,
    request_hour_to: f64,
    number_of_days: f64,
    number_of_hours: f64,
    name: Option<String>,
    department_id: Option<Ref>,
    first_approver_id: Option<Ref>,
    second_approver_id: Option<Ref>,
    can_approve: bool,
    can_validate: bool,
    can_refuse: bool,
    can_cancel: bool,
    company_id: Option<Ref>,
}

#[derive(Debug, Record)]
#[odoo(model = "hr.leave.allocation")]
struct Allocation {
    id: i64,
    employee_id: Ref,
    holiday_status_id: Ref,
    state: String,
    date_from: Option<Date>,
    date_to: Option<Date>,
    type_request_unit: Option<String>,
    number_of_days: f64,
    number_of_hours_display: f64,
    name: Option<String>,
    department_id: Option<Ref>,
    approver_id: Option<Ref>,
    second_approver_id: Option<Ref>,
    can_approve: bool,
    can_validate: bool,
    can_refuse: bool,
    employee_company_id: Option<Ref>,
}

impl Tool for ReadTimeOff {
    const NAME: &'static str = "read_time_off";
    const TITLE: &'static str = "Read time off";
    const ACCESS: Access = Access::Read;
    const NEEDS: &'static [&'static str] = &[REQUESTS];
    type Answer = Page<Entry>;

    async fn run(self, user: &UserSession) -> Result<Page<Entry>, ToolError> {
        let companies = user.companies(self.company_id)?;
        let listing = Listing::new(NEWEST, self.cursor.as_deref(), self.limit)?;
        let domain = self.domain(user)? & companies.filter(self.kind().company());
        let context = companies.context();
        if self.kind() == Kind::Allocations {
            let shape = |row: Allocation| row.shape(&companies);
            let page = listing.fetch(user, domain, context, shape).await?;
            Ok(page.with_link(user.link(ALLOCATIONS)))
        } else {
            let shape = |row: Request| row.shape(&companies);
            let page = listing.fetch(user, domain, context, shape).await?;
            Ok(page.with_link(user.link(REQUESTS)))
        }
    }
}

impl ReadTimeOff {
    fn kind(&self) -> Kind {
        self.kind.unwrap_or(Kind::Requests)
    }

    fn domain(&self, user: &UserSession) -> Result<Domain, ToolError> {
        let (first, last, validation) = match self.kind() {
            Kind::Requests => (
                "request_date_from",
                "request_date_to",
                "holiday_status_id.leave_validation_type",
            ),
            Kind::Allocations => (
                "date_from",
                "date_to",
                "holiday_status_id.allocation_validation_type",
            ),
        };
        let employee = match &self.employee {
            Some(text) => Some(Whom::parse(text).owns(user)?),
            None => None,
        };
        let waiting = |wanted: bool| {
            let waiting = standing::waiting(user, validation);
            if wanted { waiting } else { !waiting }
        };
        let part = |path: &str, text: &Option<String>| {
            text.as_ref().map(|text| Words::of(text).within(path))
        };
        Ok(Domain::all_of(
            [
                employee,
                self.state.map(State::domain),
                part("holiday_status_id.name", &self.leave_type),
                part("department_id.name", &self.department),
                // An allocation without an end goes on.
                self.date_from
                    .map(|day| field(last).gte(day) | field(last).is_not_set()),
                self.date_to.map(|day| field(first).lte(day)),
                self.to_approve.map(waiting),
            ]
            .into_iter()
            .flatten(),
        ))
    }
}

impl Kind {
    /// The field that says whose it is.
    const fn company(self) -> &'static str {
        match self {
            Self::Requests => "company_id",
            Self::Allocations => "employee_company_id",
        }
    }
}

impl State {
    fn domain(self) -> Domain {
        field("state").eq(match self {
            Self::ToApprove => "confirm",
            Self::SecondApproval => "validate1",
            Self::Approved => "validate",
            Self::Refused => "refuse",
            Self::Cancelled => "cancel",
        })
    }
}

impl Request {
    fn shape(self, companies: &Companies<'_>) -> (Place, Entry) {
        let by_hours = self.request_unit_hours;
        let place = Place::by(self.date_from, self.id);
        let half = self.half();
        let entry = Entry {
            id: self.id,
            employee: self.employee_id.into(),
            leave_type: self.holiday_status_id.into(),
            state: standing::state(self.state),
            from: self.request_date_from,
            to: self.request_date_to,
            half,
            time: by_hours
                .then(|| clock(self.request_hour_from, self.request_hour_to))
                .flatten(),
            days: (!by_hours).then(|| Amount::new(self.number_of_days)),
            hours: by_hours.then(|| Amount::new(self.number_of_hours)),
            reason: self.name.filter(|name| name != MASK),
            department: self.department_id.map(|department| department.name),
            decided_by: names([self.first_approver_id, self.second_approver_id]),
            you_may: abilities([
                ("approve", self.can_approve || self.can_validate),
                ("refuse", self.can_refuse),
                ("cancel", self.can_cancel),
            ]),
            company: companies.named(self.company_id),
        };
        (place, entry)
    }

    /// Which half of a day it is, if it is only one.
    fn half(&self) -> Option<&'static str> {
        let one_half = self.request_unit_half
            && self.request_date_from == self.request_date_to
            && self.request_date_from_period == self.request_date_to_period;
        match self
            .request_date_from_period
            .as_deref()
            .filter(|_| one_half)
        {
            Some("am") => Some("am"),
            Some("pm") => Some("pm"),
            _ => None,
        }
    }
}

impl Allocation {
    fn shape(self, companies: &Companies<'_>) -> (Place, Entry) {
        let by_hours = self.type_request_unit.as_deref() == Some("hour");
        let place = Place::by(self.date_from, self.id);
        let entry = Entry {
            id: self.id,
            employee: self.employee_id.into(),
            leave_type: self.holiday_status_id.into(),
            state: standing::state(self.state),
            from: self.date_from,
            to: self.date_to,
            half: None,
            time: None,
            days: (!by_hours).then(|| Amount::new(self.number_of_days)),
            hours: by_hours.then(|| Amount::new(self.number_of_hours_display)),
            reason: self.name,
            department: self.department_id.map(|department| department.name),
            decided_by: names([self.approver_id, self.second_approver_id]),
            you_may: abilities([
                ("approve", self.can_approve || self.can_validate),
                ("refuse", self.can_refuse),
                ("cancel", false),
            ]),
            company: companies.named(self.employee_company_id),
        };
        (place, entry)
    }
}

fn names(approvers: [Option<Ref>; 2]) -> Vec<String> {
    Named::names(approvers.into_iter().flatten().collect())
}

fn abilities(abilities: [(&'static str, bool); 3]) -> Vec<&'static str> {
    let able = abilities.into_iter().filter(|(_, able)| *able);
    able.map(|(ability, _)| ability).collect()
}

/// "13:00-15:30"; nothing where whole days were asked for of a type that is taken by hours.
fn clock(from: f64, to: f64) -> Option<String> {
    let shown = |hours: f64| {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "hours of a day are small numbers"
        )]
        let minutes = (hours * 60.0).round() as i64;
        format!("{:02}:{:02}", minutes / 60, minutes % 60)
    };
    (from < to).then(|| format!("{}-{}", shown(from), shown(to)))
}
