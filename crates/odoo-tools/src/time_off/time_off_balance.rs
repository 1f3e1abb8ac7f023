//! `time_off_balance`: what is left of each kind of time off, now and on a later day.
//!
//! Odoo answers an empty list for people whose time off the user may not see, and for people without any allocation
//! alike; whether the user may see it is therefore found out first.

use odoo_json2::{Date, Record, Ref, field};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::account::{Account, Figures};
use self::ends::Ends;
use super::colleague::{self, Whom};
use crate::access::Access;
use crate::answer::{Amount, Answer, Named};
use crate::error::{FailureKind, ToolError};
use crate::session::UserSession;
use crate::session::companies::Companies;
use crate::tool::Tool;

pub(super) mod account;
mod ends;

/// Requests of one employee within a year; nobody has more.
const REQUESTS: usize = 500;

/// Time-off balance per type: allocated, approved, requested and remaining days or hours, your own
/// or of somebody you approve for.
#[derive(Deserialize, JsonSchema)]
pub(super) struct TimeOffBalance {
    /// Name, id or me (default).
    employee: Option<String>,
    /// Also the balance on this day.
    as_of: Option<Date>,
}

/// The balances of one employee.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Balances {
    employee: Named,
    as_of: Date,
    /// Types that are granted in advance.
    balances: Vec<Balance>,
    /// Types without a limit.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unlimited: Vec<Unlimited>,
    #[serde(skip_serializing_if = "Option::is_none")]
    on: Option<Date>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    balances_then: Vec<Balance>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

/// What there is of one type.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Balance {
    #[serde(rename = "type")]
    leave_type: Named,
    /// `days` or `hours`.
    unit: &'static str,
    allocated: Amount,
    /// Approved, taken or still to come.
    approved: Amount,
    /// Waits for an approval.
    requested: Amount,
    /// Allocated less approved.
    remaining: Amount,
    /// What can still be asked for: remaining less requested.
    available: Amount,
    /// Approved leave that began since New Year and by today.
    #[serde(skip_serializing_if = "Option::is_none")]
    taken_this_year: Option<Amount>,
    /// Approved leave that begins after today, whichever allocation it is taken from.
    #[serde(skip_serializing_if = "Option::is_none")]
    planned: Option<Amount>,
    /// How much of it expires next, and when.
    #[serde(skip_serializing_if = "Option::is_none")]
    expiring: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<Date>,
}

/// What was taken of a type that needs no allocation.
#[derive(Debug, Serialize, JsonSchema)]
struct Unlimited {
    #[serde(rename = "type")]
    leave_type: Named,
    unit: &'static str,
    taken_this_year: Amount,
    planned: Amount,
    requested: Amount,
}

#[derive(Debug, Record)]
#[odoo(model = "hr.leave")]
struct Request {
    holiday_status_id: Ref,
    holiday_status_requires_allocation: bool,
    leave_type_request_unit: Option<String>,
    state: String,
    request_date_from: Option<Date>,
    number_of_days: f64,
    number_of_hours: f64,
}

impl Answer for Balances {}

impl Tool for TimeOffBalance {
    const NAME: &'static str = "time_off_balance";
    const TITLE: &'static str = "Time-off balance";
    const ACCESS: Access = Access::Read;
    const NEEDS: &'static [&'static str] = &["hr.leave.type", "hr.leave"];
    type Answer = Balances;

    async fn run(self, user: &UserSession) -> Result<Balances, ToolError> {
        let employee = self.employee(user).await?;
        let today = user.today();
        let mut answer = Balances {
            employee,
            as_of: today,
            balances: Vec::new(),
            unlimited: Vec::new(),
            on: self.as_of.filter(|day| *day != today),
            balances_then: Vec::new(),
            note: None,
        };
        let id = answer.employee.id;
        if let Some(then) = answer.on {
            let (now, then, ends) = tokio::try_join!(
                account::read(user, id, today),
                account::read(user, id, then),
                Ends::read(user, id),
            )?;
            answer.balances = shown(now, &ends);
            answer.balances_then = shown(then, &ends);
        } else {
            let (now, requests, ends) = tokio::try_join!(
                account::read(user, id, today),
                requests(user, id, today),
                Ends::read(user, id),
            )?;
            answer.balances = shown(now, &ends);
            answer.count(requests, today);
        }
        answer.note = answer.remark();
        Ok(answer)
    }
}

impl TimeOffBalance {
    async fn employee(&self, user: &UserSession) -> Result<Named, ToolError> {
        let whom = self.employee.as_deref().map_or(Whom::Me, Whom::parse);
        if matches!(whom, Whom::Me) {
            return colleague::own(user);
        }
        let found = colleague::find(user, whom).await?;
        if found.is_open_to(user) {
            return Ok(found.named());
        }
        Err(ToolError::of(
            FailureKind::NoAccess,
            format!(
                "the time off of {} is shown in Odoo to that person, to the approver and to \
                 time-off officers, and {} is none of them",
                found.name,
                user.profile().name
            ),
            "Ask one of them. This says nothing about how much there is; who_is_off shows approved \
             absences to everybody.",
        ))
    }
}

impl Balances {
    /// Adds what the single requests tell: what was taken and what is to come.
    fn count(&mut self, requests: Vec<Request>, today: Date) {
        for balance in &mut self.balances {
            balance.taken_this_year = Some(Amount::default());
            balance.planned = Some(Amount::default());
        }
        for request in requests {
            let amount = request.amount();
            let begun = request.request_date_from.is_none_or(|day| day <= today);
            let approved = request.state == "validate";
            if !request.holiday_status_requires_allocation {
                self.add_unlimited(request, amount, (approved, begun));
                continue;
            }
            let id = request.holiday_status_id.id;
            let known = self
                .balances
                .iter_mut()
                .find(|known| known.leave_type.id == id);
            if let Some(balance) = known.filter(|_| approved) {
                let sum = if begun {
                    &mut balance.taken_this_year
                } else {
                    &mut balance.planned
                };
                *sum.get_or_insert_default() += amount;
            }
        }
    }

    fn add_unlimited(&mut self, request: Request, amount: Amount, (approved, begun): (bool, bool)) {
        let id = request.holiday_status_id.id;
        let place = self
            .unlimited
            .iter()
            .position(|known| known.leave_type.id == id);
        let place = place.unwrap_or_else(|| {
            self.unlimited.push(Unlimited {
                unit: account::unit(request.leave_type_request_unit.as_deref()),
                leave_type: request.holiday_status_id.into(),
                taken_this_year: Amount::default(),
                planned: Amount::default(),
                requested: Amount::default(),
            });
            self.unlimited.len() - 1
        });
        let sums = &mut self.unlimited[place];
        let sum = match (approved, begun) {
            (true, true) => &mut sums.taken_this_year,
            (true, false) => &mut sums.planned,
            (false, _) => &mut sums.requested,
        };
        *sum += amount;
    }

    fn remark(&self) -> Option<String> {
        let day = self.on.unwrap_or(self.as_of);
        let empty = self.balances.is_empty() && self.balances_then.is_empty();
        if empty {
            return Some(format!(
                "No approved allocation of {} holds on {}{}; types without a limit need none.",
                self.employee.name,
                self.as_of,
                if day == self.as_of {
                    String::new()
                } else {
                    format!(" or {day}")
                }
            ));
        }
        (self.on.is_some() && self.balances_then.is_empty()).then(|| {
            format!("No approved allocation holds on {day} yet: it is not zero, but not granted.")
        })
    }
}

impl Request {
    fn amount(&self) -> Amount {
        let hours = self.leave_type_request_unit.as_deref() == Some("hour");
        Amount::new(if hours {
            self.number_of_hours
        } else {
            self.number_of_days
        })
    }
}

/// What the employee asked for since New Year, in all states that count.
async fn requests(
    user: &UserSession,
    employee: i64,
    today: Date,
) -> Result<Vec<Request>, ToolError> {
    let domain = field("employee_id").eq(employee)
        & field("state").in_(["confirm", "validate1", "validate"])
        & field("request_date_from").gte(today.first_of_year());
    let search = user.odoo().search::<Request>(domain);
    let context = Companies::all(user.profile()).context();
    let search = search.order("id desc").limit(REQUESTS).context(context);
    Ok(search.await?.records)
}

fn shown(accounts: Vec<Account>, ends: &Ends) -> Vec<Balance> {
    let balance = |account: Account| {
        let Figures {
            allocated,
            approved,
            requested,
            remaining,
            available,
        } = account.figures();
        let expires = account.expires(ends);
        Balance {
            unit: account.unit(),
            allocated,
            approved,
            requested,
            remaining,
            available,
            taken_this_year: None,
            planned: None,
            expiring: expires.map(|_| account.expiring()),
            expires,
            leave_type: account.leave_type,
        }
    };
    accounts.into_iter().map(balance).collect()
}
