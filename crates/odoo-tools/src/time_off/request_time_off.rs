//! `request_time_off`: asks for time off, for oneself.
//!
//! Odoo is asked first what the request would come to (`onchange`, which changes nothing), so that days without work
//! and leave at the same time are explained instead of entered.

use odoo_json2::{Date, Error, Record, Ref, Values, field};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use self::choice::Choice;
use self::preview::Preview;
use super::colleague::{self, Colleague};
use super::holidays::{self, Days, Holiday};
use super::standing;
use super::time_off_balance::account;
use crate::access::Access;
use crate::answer::{Amount, Answer, Named};
use crate::arguments::Passage;
use crate::characters::clip;
use crate::error::{FailureKind, ToolError};
use crate::session::UserSession;
use crate::session::companies::Companies;
use crate::tool::Tool;

mod choice;
mod preview;

const MODEL: &str = "hr.leave";

/// So much of Odoo's own warning is passed on.
const LONGEST_WARNING: usize = 400;

/// Request time off for yourself: checks days, overlap and balance first, and says who approves it.
#[derive(Deserialize, JsonSchema)]
pub(super) struct RequestTimeOff {
    /// Name or id of the time-off type, such as Paid Time Off.
    #[serde(rename = "type")]
    leave_type: String,
    date_from: Date,
    /// The last day, included; the same day unless given.
    date_to: Option<Date>,
    /// Only half of that day, for types taken by half days.
    half: Option<Half>,
    /// Like 13.5 for half past one; for types taken by hours.
    #[schemars(range(min = 0, max = 24))]
    hour_from: Option<f64>,
    #[schemars(range(min = 0, max = 24))]
    hour_to: Option<f64>,
    /// Only you, your approver and officers can read it.
    reason: Option<Passage>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Half {
    Am,
    Pm,
}

/// The request as it stands in Odoo now.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Requested {
    /// `requested`, `approved` (nobody has to approve this type) or `already_requested`.
    outcome: &'static str,
    id: i64,
    employee: Named,
    #[serde(rename = "type")]
    leave_type: Named,
    from: Date,
    to: Date,
    /// Working days, as Odoo counts them.
    #[serde(skip_serializing_if = "Option::is_none")]
    days: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hours: Option<Amount>,
    state: String,
    /// Who decides on it.
    #[serde(skip_serializing_if = "Option::is_none")]
    approval: Option<String>,
    /// What can still be asked for of this type on the first day, this request taken off.
    #[serde(skip_serializing_if = "Option::is_none")]
    available_after: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    link: String,
}

/// A request, as it is read back.
#[derive(Clone, Debug, Record)]
#[odoo(model = "hr.leave")]
struct Leave {
    id: i64,
    holiday_status_id: Ref,
    state: String,
    request_date_from: Date,
    request_date_to: Date,
    date_from: odoo_json2::DateTime,
    date_to: odoo_json2::DateTime,
    number_of_days: f64,
    number_of_hours: f64,
}

impl Answer for Requested {}

impl Tool for RequestTimeOff {
    const NAME: &'static str = "request_time_off";
    const TITLE: &'static str = "Request time off";
    const ACCESS: Access = Access::Write;
    const NEEDS: &'static [&'static str] = &[MODEL, "hr.leave.type"];
    type Answer = Requested;

    async fn run(self, user: &UserSession) -> Result<Requested, ToolError> {
        let employee = colleague::own(user)?;
        self.check_days()?;
        let kind = choice::find(user, (&self.leave_type, &employee, self.date_from)).await?;
        self.check_unit(&kind)?;
        let values = self.values(&employee, &kind);
        let preview = preview::read(user, &values).await?;
        if let Some(same) = self.check(user, &employee, &kind, &preview).await? {
            return report(user, ("already_requested", employee, kind), same).await;
        }
        let created = user.odoo().create(MODEL, [values]).await;
        let created = created.map_err(|error| uncovered(error, &kind, &preview))?;
        let id = created.first().copied().unwrap_or_default();
        let leave: Leave = user.odoo().read_one(id).await?;
        let outcome = if leave.state == "validate" {
            "approved"
        } else {
            "requested"
        };
        report(user, (outcome, employee, kind), leave).await
    }
}

impl RequestTimeOff {
    fn to(&self) -> Date {
        self.date_to.unwrap_or(self.date_from)
    }

    fn check_days(&self) -> Result<(), ToolError> {
        let problem = if self.to() < self.date_from {
            format!(
                "`date_to` ({}) lies before `date_from` ({})",
                self.to(),
                self.date_from
            )
        } else if self.half.is_some() && self.to() != self.date_from {
            "`half` is for a single day".to_owned()
        } else if self.hour_from.is_some() != self.hour_to.is_some() {
            "`hour_from` and `hour_to` go together".to_owned()
        } else if self.hour_from.is_some()
            && self.hour_from >= self.hour_to
            && self.to() == self.date_from
        {
            "`hour_to` must come after `hour_from`".to_owned()
        } else {
            return Ok(());
        };
        Err(ToolError::argument(
            problem,
            "Nothing was requested. Correct the arguments and call again.",
        ))
    }

    /// Whole days, half days and hours are a matter of the type.
    fn check_unit(&self, kind: &Choice) -> Result<(), ToolError> {
        let unit = kind.request_unit.as_str();
        let problem = if self.half.is_some() && unit != "half_day" {
            "half days"
        } else if self.hour_from.is_some() && unit != "hour" {
            "single hours"
        } else {
            return Ok(());
        };
        let taken = match unit {
            "hour" => "by hours: give `hour_from` and `hour_to`",
            "half_day" => "by whole or half days",
            _ => "by whole days",
        };
        Err(ToolError::argument(
            format!("{} cannot be taken by {problem} in this Odoo", kind.name),
            format!(
                "Nothing was requested. This type is taken {taken}; another type may fit better."
            ),
        ))
    }

    fn values(&self, employee: &Named, kind: &Choice) -> Values {
        let mut values = Values::new()
            .set("employee_id", employee.id)
            .set("holiday_status_id", kind.id)
            .set("request_date_from", self.date_from)
            .set("request_date_to", self.to())
            .set_some("name", self.reason.as_ref().map(Passage::as_str))
            .set_some("request_hour_from", self.hour_from)
            .set_some("request_hour_to", self.hour_to);
        if let Some(half) = self.half {
            let half = if half == Half::Am { "am" } else { "pm" };
            values = values
                .set("request_date_from_period", half)
                .set("request_date_to_period", half);
        }
        values
    }

    /// Whether it can be entered; the same request, if it was entered before.
    async fn check(
        &self,
        user: &UserSession,
        employee: &Named,
        kind: &Choice,
        preview: &Preview,
    ) -> Result<Option<Leave>, ToolError> {
        if let Some(warning) = preview.warning() {
            let found = overlapping(user, employee, preview).await?;
            let same = found.iter().find(|leave| preview.is(leave, kind));
            return match same {
                Some(same) => Ok(Some(same.clone())),
                None => Err(in_the_way(&found, warning)),
            };
        }
        if preview.number_of_days > 0.0 || preview.number_of_hours > 0.0 {
            return Ok(None);
        }
        Err(self.without_work(user).await?)
    }

    /// Why there is no working time in these days.
    async fn without_work(&self, user: &UserSession) -> Result<ToolError, ToolError> {
        let (from, to) = (self.date_from, self.to());
        let companies = user.companies(Some(user.profile().company.id))?;
        let holidays = holidays::read(user, Days { from, to }, &companies).await?;
        let why = if holidays.is_empty() {
            "they are not working days of your schedule".to_owned()
        } else {
            let name = |holiday: Holiday| holiday.name.unwrap_or(holiday.from.to_string());
            let names: Vec<String> = holidays.into_iter().map(name).collect();
            format!("public holiday ({})", names.join(", "))
        };
        Ok(ToolError::of(
            FailureKind::RefusedByOdoo,
            format!("Odoo counts no working time from {from} to {to}: {why}"),
            "Nothing was requested, since no time off is needed then. Choose other days.",
        ))
    }
}

/// What is entered for the same time.
async fn overlapping(
    user: &UserSession,
    employee: &Named,
    preview: &Preview,
) -> Result<Vec<Leave>, ToolError> {
    let (Some(from), Some(to)) = (preview.date_from, preview.date_to) else {
        return Err(ToolError::argument(
            "Odoo could not work out these days",
            "Give `date_from` and `date_to` as dates.",
        ));
    };
    let domain = field("employee_id").eq(employee.id)
        & field("date_from").lt(to)
        & field("date_to").gt(from)
        & field("state").not_in(["cancel", "refuse"]);
    let search = user.odoo().search::<Leave>(domain);
    Ok(search.order("date_from, id").limit(10).await?.records)
}

/// Leave at the same time, named; in Odoo's words where it is nothing that can be read.
fn in_the_way(found: &[Leave], warning: &str) -> ToolError {
    let line = |leave: &Leave| {
        format!(
            "{} from {} to {} ({})",
            leave.holiday_status_id.name,
            leave.request_date_from,
            leave.request_date_to,
            standing::state(leave.state.clone()).replace('_', " "),
        )
    };
    let message = if found.is_empty() {
        let words: Vec<&str> = warning.split_whitespace().collect();
        format!("Odoo warns: {}", clip(&words.join(" "), LONGEST_WARNING))
    } else {
        let lines: Vec<String> = found.iter().map(line).collect();
        format!(
            "you already have time off in these days: {}",
            lines.join("; ")
        )
    };
    ToolError::of(
        FailureKind::RefusedByOdoo,
        message,
        "Nothing was requested. Choose days that do not overlap, or cancel the other request in Odoo first.",
    )
}

/// A refusal for want of days, with the numbers behind it.
fn uncovered(error: Error, kind: &Choice, preview: &Preview) -> ToolError {
    let Error::Validation { message } = &error else {
        return error.into();
    };
    let asked = preview.amount(&kind.request_unit);
    let available = Amount::new(kind.virtual_remaining_leaves);
    // Odoo says it in the user's language, so that only the numbers tell.
    if !kind.requires_allocation || asked <= available {
        return error.into();
    }
    let unit = account::unit(Some(&kind.request_unit));
    ToolError::of(
        FailureKind::RefusedByOdoo,
        format!(
            "Odoo refuses: {}. It comes to {} {unit}, and {} of {} {unit} of {} are available on the first day",
            message.trim().trim_end_matches('.').replace('\n', " "),
            asked.get(),
            available.get(),
            Amount::new(kind.max_leaves).get(),
            kind.name,
        ),
        "Nothing was requested. Ask for less, choose another type, or have an allocation granted; \
         time_off_balance shows what there is.",
    )
}

/// Reads back what stands in Odoo and who decides on it.
async fn report(
    user: &UserSession,
    (outcome, employee, kind): (&'static str, Named, Choice),
    leave: Leave,
) -> Result<Requested, ToolError> {
    let open = matches!(leave.state.as_str(), "confirm" | "validate1");
    let first = leave.request_date_from;
    let (accounts, colleagues) = tokio::try_join!(
        account::read(user, employee.id, first),
        approver(user, (open && kind.asks_approver()).then_some(employee.id)),
    )?;
    let balance = accounts
        .iter()
        .find(|account| account.leave_type.id == kind.id);
    let by_hours = kind.request_unit == "hour";
    Ok(Requested {
        outcome,
        id: leave.id,
        from: first,
        to: leave.request_date_to,
        days: (!by_hours).then(|| Amount::new(leave.number_of_days)),
        hours: by_hours.then(|| Amount::new(leave.number_of_hours)),
        approval: open.then(|| kind.approval(&leave.state, colleagues.first())),
        available_after: balance.map(|account| account.figures().available),
        note: kind.wants_document(&leave.state),
        state: standing::state(leave.state),
        link: user.link_to(MODEL, leave.id),
        leave_type: Named {
            id: kind.id,
            name: kind.name,
        },
        employee,
    })
}

/// The employee with the approver, where that matters.
async fn approver(user: &UserSession, employee: Option<i64>) -> Result<Vec<Colleague>, ToolError> {
    match employee {
        Some(id) => {
            let context = Companies::all(user.profile()).context();
            Ok(user
                .odoo()
                .read::<Colleague>(&[id])
                .context(context)
                .await?)
        }
        None => Ok(Vec::new()),
    }
}
