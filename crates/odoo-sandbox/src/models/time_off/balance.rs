//! What somebody was allocated, has used and has left of a kind of leave, as the caller's rights let it be seen.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::{Value as Json, json};

use crate::engine::{
    env::Env,
    error::{OdooError, Result},
    record::Record,
};

use super::working_hours::{Schedule, total};

mod told;

/// One allocation with what leave has used of it.
struct Pot {
    allocation: i64,
    from: Option<Date>,
    to: Option<Date>,
    most: f64,
    /// What approved leave uses, if any does.
    taken: Option<f64>,
    /// What leave uses that is approved or waits for it, if any does.
    booked: Option<f64>,
}

/// What leave asks for beyond all allocations.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Excess {
    amount: f64,
    waiting: bool,
    leave: i64,
}

/// The balance of one employee and one kind on a day.
pub(super) struct Balance<'e> {
    kind: Record<'e>,
    employee: Record<'e>,
    day: Date,
    pots: Vec<Pot>,
    /// What the allocations that hold on the day come to.
    pub(super) most: f64,
    /// Leave without cover, by its last day.
    pub(super) excess: BTreeMap<Date, Excess>,
}

impl<'e> Balance<'e> {
    /// The balance on a day, leaving some requests out of account.
    pub(super) fn of(kind: &Record<'e>, employee: i64, day: Date, ignored: &[i64]) -> Self {
        let env = kind.env();
        let mut balance = Self {
            kind: *kind,
            employee: env.record_of("hr.employee", employee),
            day,
            pots: pots(kind, employee),
            most: 0.0,
            excess: BTreeMap::new(),
        };
        for leave in leaves(kind, employee, ignored) {
            balance.book(&leave);
        }
        balance.most = balance.current().map(|pot| pot.most).sum();
        balance
    }

    /// Draws a request from the allocations, those that end first first.
    fn book(&mut self, leave: &Record<'_>) {
        let (Some(from), Some(to)) = (leave.datetime("date_from"), leave.datetime("date_to"))
        else {
            return;
        };
        let approved = leave.is("state", "validate");
        let whole = leave.float(duration_field(&self.kind));
        let mut open = whole;
        for pot in &mut self.pots {
            let late = pot.from.is_some_and(|begin| begin > to.date());
            let early = pot.to.is_some_and(|end| end < from.date());
            if late || early {
                continue;
            }
            let inside = pot.share(&self.employee, &self.kind, (from, to), whole);
            let drawn = inside.min(pot.left()).min(open);
            if drawn <= 0.0 {
                continue;
            }
            *pot.booked.get_or_insert(0.0) += drawn;
            if approved {
                *pot.taken.get_or_insert(0.0) += drawn;
            }
            open -= drawn;
            if open <= 0.0 {
                break;
            }
        }
        if (open * 100.0).round() > 0.0 {
            let excess = Excess {
                amount: open,
                waiting: !approved,
                leave: leave.id(),
            };
            self.excess.insert(to.date(), excess);
        }
    }

    fn current(&self) -> impl Iterator<Item = &Pot> {
        self.pots.iter().filter(|pot| pot.holds(self.day))
    }

    /// What approved leave uses.
    pub(super) fn taken(&self) -> f64 {
        self.current().filter_map(|pot| pot.taken).sum()
    }

    /// What is left when all that waits is approved.
    pub(super) fn left(&self) -> f64 {
        self.current().map(Pot::left).sum()
    }
}

impl Pot {
    fn left(&self) -> f64 {
        self.most - self.booked.unwrap_or_default()
    }

    fn holds(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| to >= day)
    }

    /// The part of a request that lies within the allocation.
    fn share(
        &self,
        employee: &Record<'_>,
        kind: &Record<'_>,
        (from, to): super::working_hours::Interval,
        whole: f64,
    ) -> f64 {
        let begin = self.from.map_or(from, |day| day.at(0, 0, 0, 0).max(from));
        let end = self
            .to
            .map_or(to, |day| day.at(23, 59, 59, 999_999_000).min(to));
        if (begin, end) == (from, to) {
            return whole;
        }
        let (days, hours) = total(&Schedule::of(employee).work((begin, end), &[]));
        if kind.is("request_unit", "hour") {
            hours
        } else {
            days
        }
    }
}

/// The approved allocations, in the order in which they are used up.
fn pots(kind: &Record<'_>, employee: i64) -> Vec<Pot> {
    let env = kind.env();
    let domain = json!([
        ["employee_id", "=", employee],
        ["holiday_status_id", "=", kind.id()],
        ["state", "=", "validate"]
    ]);
    let found = env
        .search("hr.leave.allocation", &domain)
        .unwrap_or_default();
    let by_hours = kind.is("request_unit", "hour");
    let pot = |allocation: &Record<'_>| Pot {
        allocation: allocation.id(),
        from: allocation.date("date_from"),
        to: allocation.date("date_to"),
        most: allocation.float(if by_hours {
            "number_of_hours_display"
        } else {
            "number_of_days"
        }),
        taken: None,
        booked: None,
    };
    let mut pots: Vec<Pot> = env
        .browse("hr.leave.allocation", &found)
        .iter()
        .map(pot)
        .collect();
    pots.sort_by_key(|pot| pot.to.unwrap_or(Date::MAX));
    pots
}

fn leaves<'e>(kind: &Record<'e>, employee: i64, ignored: &[i64]) -> Vec<Record<'e>> {
    let env = kind.env();
    let domain = json!([
        ["employee_id", "=", employee],
        ["holiday_status_id", "=", kind.id()],
        ["state", "in", ["confirm", "validate1", "validate"]],
        ["id", "not in", ignored],
    ]);
    let found = env.search("hr.leave", &domain).unwrap_or_default();
    let mut leaves = env.browse("hr.leave", &found);
    leaves.sort_by_key(|leave| leave.datetime("date_from"));
    leaves
}

fn duration_field(kind: &Record<'_>) -> &'static str {
    if kind.is("request_unit", "hour") {
        "number_of_hours"
    } else {
        "number_of_days"
    }
}

/// Refuses a request that no allocation covers.
pub(super) fn check(leave: &Record<'_>) -> Result<()> {
    let (Some(kind), Some(employee), Some(day)) = (
        leave.one("holiday_status_id"),
        leave.get("employee_id").as_id(),
        leave.date("date_from"),
    ) else {
        return Ok(());
    };
    if !kind.bool("requires_allocation") {
        return Ok(());
    }
    let with = Balance::of(&kind, employee, day, &[]);
    if with.most == 0.0 {
        return Err(OdooError::validation(
            "You do not have any allocation for this time off type.\n\
             Please request an allocation before submitting your time off request.",
        ));
    }
    let without = Balance::of(&kind, employee, day, &[leave.id()]);
    if with.excess != without.excess && with.excess.len() >= without.excess.len() {
        return Err(OdooError::validation(
            "There is no valid allocation to cover that request.",
        ));
    }
    Ok(())
}

/// Allocated, used by approved leave, and left: of a kind, for the employee of the context.
pub(super) fn of_kind(kind: &Record<'_>) -> (f64, f64, f64) {
    let env = kind.env();
    let asked = env
        .key("leave_date_from")
        .or_else(|| env.key("default_date_from"));
    let day = asked
        .and_then(Json::as_str)
        .and_then(|text| text.get(..10)?.parse().ok());
    match employee_of(env) {
        Some(employee) if kind.bool("requires_allocation") => {
            let day = day.unwrap_or_else(|| env.now().date());
            let balance = Balance::of(kind, employee, day, &[]);
            (
                cents(balance.most),
                cents(balance.taken()),
                cents(balance.left()),
            )
        }
        _ => (0.0, 0.0, 0.0),
    }
}

/// Allocated and left to the employee of a request, on allocations that have not ended.
pub(super) fn of_leave(leave: &Record<'_>) -> (f64, f64) {
    let (Some(kind), Some(employee)) = (
        leave.one("holiday_status_id"),
        leave.get("employee_id").as_id(),
    ) else {
        return (0.0, 0.0);
    };
    let today = leave.env().now().date();
    let balance = Balance::of(&kind, employee, today, &[]);
    let lasting = balance
        .pots
        .iter()
        .filter(|pot| pot.to.is_none_or(|to| to >= today));
    lasting.fold((0.0, 0.0), |(most, left), pot| {
        (most + pot.most, left + pot.left())
    })
}

/// Id, size, what is taken and what is left of each allocation of a kind.
pub(super) fn pots_of(kind: &Record<'_>, employee: i64) -> Vec<(i64, f64, f64, f64)> {
    let balance = Balance::of(kind, employee, kind.env().now().date(), &[]);
    let told = |pot: &Pot| {
        (
            pot.allocation,
            pot.most,
            pot.taken.unwrap_or_default(),
            pot.left(),
        )
    };
    balance.pots.iter().map(told).collect()
}

/// What approved leave of an employee asks for beyond all allocations of a kind.
pub(super) fn uncovered(kind: &Record<'_>, employee: i64) -> f64 {
    let balance = Balance::of(kind, employee, kind.env().now().date(), &[]);
    let approved = balance.excess.values().filter(|excess| !excess.waiting);
    approved.map(|excess| excess.amount).sum()
}

/// The employee that a call is about: the one of the context, else the caller's own.
pub(super) fn employee_of(env: &Env) -> Option<i64> {
    match env
        .key("employee_id")
        .or_else(|| env.key("default_employee_id"))
    {
        Some(asked) => asked.as_i64(),
        None => env.user().get("employee_id").as_id(),
    }
}

/// A day the way people in the United States write it, which is how the demo company's language does.
pub(super) fn american(day: Date) -> String {
    day.strftime("%m/%d/%Y").to_string()
}

/// A day as the language of the context writes it.
fn written(env: &Env, day: Date) -> String {
    let Some(code) = env.key("lang").and_then(Json::as_str) else {
        return american(day);
    };
    let env = env.sudo();
    let found = env.search("res.lang", &json!([["code", "=", code]]));
    let language = found.ok().and_then(|found| found.first().copied());
    language.map_or_else(
        || american(day),
        |id| {
            let format = env.record_of("res.lang", id).text("date_format");
            day.strftime(&format).to_string()
        },
    )
}

fn cents(number: f64) -> f64 {
    // Adding zero turns -0.0, which an empty sum is, into 0.0.
    (number * 100.0).round() / 100.0 + 0.0
}
