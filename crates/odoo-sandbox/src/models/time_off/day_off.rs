//! Time without work (`resource.calendar.leaves`): public holidays, which have no resource, and approved leave.

use jiff::civil::DateTime;
use serde_json::{Value as Json, json};

use crate::engine::{
    env::Env,
    error::{OdooError, Result},
    field::Field,
    model::{Model, Rule, Vals, own_companies},
    record::Record,
    registry::Registry,
};

use super::OFFICER;
use super::working_hours::Interval;
use crate::models::given;

/// Declares the model.
pub(super) fn register(registry: &mut Registry) {
    registry.add(
        Model::new("resource.calendar.leaves", "Resource Time Off Detail")
            .order("date_from")
            .fields(fields())
            .access("base.group_user", "rwcd")
            .access("base.group_system", "rwcd")
            .access(OFFICER, "rwcd")
            .rule(Rule::global(own_companies))
            .rule(Rule::of(&["base.group_user"], |_| json!([])).on("r"))
            .rule(Rule::of(&["base.group_user"], theirs).on("wcd"))
            .rule(
                Rule::of(&["base.group_erp_manager"], |_| {
                    json!([["resource_id", "=", false]])
                })
                .on("wcd"),
            )
            .rule(Rule::of(&[OFFICER], |_| json!([])))
            .before_create(before_create)
            .after_create(after_create),
    );
}

fn fields() -> Vec<Field> {
    fields! {
        char("name").label("Reason");
        many2one("company_id", "res.company").readonly();
        many2one("calendar_id", "resource.calendar").label("Working Hours").check_company();
        datetime("date_from").label("Start Date").required();
        datetime("date_to").label("End Date").required();
        many2one("resource_id", "resource.resource");
        selection("time_type", &[("leave", "Time Off"), ("other", "Other")]).default("leave");
        many2one("holiday_id", "hr.leave").label("Time Off Request").cascade();
        boolean("elligible_for_accrual_rate").label("Eligible for Accrual Rate");
    }
}

/// What employees may change: time off of their own resource.
fn theirs(env: &Env) -> Json {
    json!([
        ["resource_id", "!=", false],
        ["resource_id.user_id", "in", [false, env.uid()]]
    ])
}

fn before_create(env: &Env, vals: &mut Vals) -> Result<()> {
    let of_leave = given::id(vals, "holiday_id").and_then(|id| {
        let leave = env.record_of("hr.leave", id);
        leave.get("company_id").as_id()
    });
    let of_calendar = given::id(vals, "calendar_id").and_then(|id| {
        let calendar = env.record_of("resource.calendar", id);
        calendar.get("company_id").as_id()
    });
    let company = of_leave.or(of_calendar).unwrap_or_else(|| env.company());
    vals.insert("company_id".into(), json!(company));
    Ok(())
}

fn after_create(day: &Record<'_>) -> Result<()> {
    let (from, to) = (day.datetime("date_from"), day.datetime("date_to"));
    if from > to {
        return Err(OdooError::validation(
            "The start date of the time off must be earlier than the end date.",
        ));
    }
    if day.get("resource_id").is_empty() && overlaps(day)? {
        return Err(OdooError::validation(
            "Two public holidays cannot overlap each other for the same working hours.",
        ));
    }
    Ok(())
}

fn overlaps(day: &Record<'_>) -> Result<bool> {
    let text = |field| day.datetime(field).map(shown);
    let domain = json!([
        ["id", "!=", day.id()],
        ["resource_id", "=", false],
        ["company_id", "=", day.get("company_id").as_id()],
        ["date_from", "<=", text("date_to")],
        ["date_to", ">=", text("date_from")],
    ]);
    let others = day.env().search("resource.calendar.leaves", &domain)?;
    let calendar = day.get("calendar_id").as_id();
    let same = |other: &Record<'_>| {
        let theirs = other.get("calendar_id").as_id();
        calendar.is_none() || theirs.is_none() || theirs == calendar
    };
    let env = day.env();
    Ok(env
        .browse("resource.calendar.leaves", &others)
        .iter()
        .any(same))
}

/// When an employee does not work between two moments, but for one leave that is left out of account.
pub(super) fn off(
    employee: &Record<'_>,
    (from, to): Interval,
    except: Option<i64>,
) -> Vec<Interval> {
    let resource = employee.get("resource_id").as_id();
    let calendar = employee.get("resource_calendar_id").as_id();
    let domain = json!([
        ["time_type", "=", "leave"],
        ["calendar_id", "in", [json!(false), json!(calendar)]],
        ["resource_id", "in", [json!(false), json!(resource)]],
        ["company_id", "=", employee.get("company_id").as_id()],
        ["date_from", "<=", shown(to)],
        ["date_to", ">=", shown(from)],
    ]);
    let env = employee.env().sudo();
    let found = env
        .search("resource.calendar.leaves", &domain)
        .unwrap_or_default();
    let days = env.browse("resource.calendar.leaves", &found);
    let others = days
        .iter()
        .filter(|day| except.is_none() || day.get("holiday_id").as_id() != except);
    others
        .filter_map(|day| Some((day.datetime("date_from")?, day.datetime("date_to")?)))
        .collect()
}

/// A moment as values and domains take it.
pub(super) fn shown(moment: DateTime) -> String {
    moment.strftime("%Y-%m-%d %H:%M:%S").to_string()
}
