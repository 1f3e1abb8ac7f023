//! Kinds of leave (`hr.leave.type`) and accrual plans (`hr.leave.accrual.plan`).

use serde_json::{Value as Json, json};

use crate::engine::{
    cell::Cell,
    env::Env,
    error::Result,
    field::{Field, NOBODY},
    method::{Args, Method, Target},
    model::{Model, Rule, own_companies},
    record::Record,
    registry::Registry,
    search::Query,
};

use super::{MANAGER, OFFICER, balance};

/// `leave_validation_type` and `allocation_validation_type`.
pub(super) const VALIDATIONS: &[(&str, &str)] = &[
    ("no_validation", "None needed"),
    ("hr", "By Time Off Officer"),
    ("manager", "By Employee's Approver"),
    ("both", "By Employee's Approver and Time Off Officer"),
];

/// `request_unit`.
pub(super) const UNITS: &[(&str, &str)] =
    &[("day", "Day"), ("half_day", "Half-Day"), ("hour", "Hours")];

/// Declares the models.
pub(super) fn register(registry: &mut Registry) {
    registry.add(
        Model::new("hr.leave.type", "Time Off Type")
            .order("sequence")
            .archivable()
            .display_name(display_name)
            .fields(settings())
            .fields(approvals())
            .fields(balances())
            .access(MANAGER, "rwcd")
            .access(OFFICER, "r")
            .access("base.group_user", "r")
            .rule(Rule::global(visible))
            .method(
                Method::model("get_allocation_data_request", allocation_data)
                    .optional("target_date")
                    .optional("hidden_allocations")
                    .readonly(),
            ),
    );
    registry.add(
        Model::new("hr.leave.accrual.plan", "Accrual Plan")
            .archivable()
            .fields(fields! {
                char("name").required();
                many2one("time_off_type_id", "hr.leave.type").label("Time Off Type");
                many2one("company_id", "res.company");
            })
            .access(OFFICER, "r")
            .access(MANAGER, "rwcd")
            .rule(Rule::global(own_companies)),
    );
}

/// Kinds of one's companies, and those of nobody that hold in their countries.
fn visible(env: &Env) -> Json {
    let countries = env.companies().into_iter().map(|company| {
        let company = env.record_of("res.company", company);
        json!(
            company
                .one("partner_id")
                .and_then(|partner| partner.get("country_id").as_id())
        )
    });
    let countries: Vec<Json> = countries.chain([json!(false)]).collect();
    json!([
        "|",
        ["company_id", "in", env.companies()],
        "&",
        ["company_id", "=", false],
        ["country_id", "in", countries],
    ])
}

fn settings() -> Vec<Field> {
    fields! {
        char("name").label("Time Off Type").required();
        integer("sequence").default(100);
        integer("color");
        many2one("company_id", "res.company");
        many2one("country_id", "res.country");
        selection("time_type", &[("other", "Worked Time"), ("leave", "Absence")]).label("Kind of Time Off").default("leave");
        selection("request_unit", UNITS).label("Duration Type").required().default("day");
        boolean("unpaid").label("Is Unpaid");
        boolean("create_calendar_meeting").label("Display Time Off in Calendar").default(true);
        boolean("hide_on_dashboard").label("Hide On Dashboard");
        boolean("include_public_holidays_in_duration").label("Ignore Public Holidays");
        boolean("support_document").label("Supporting Document");
        boolean("allow_request_on_top").label("Allow Request on Top");
        char("icon_path").groups(NOBODY);
    }
}

fn approvals() -> Vec<Field> {
    fields! {
        many2many("responsible_ids", "res.users").label("Notify HR");
        selection("leave_validation_type", VALIDATIONS).label("Time Off Validation").default("hr");
        boolean("requires_allocation").label("Requires allocation").required().default(true);
        boolean("employee_requests").label("Allow Employee Requests").required().default(false);
        selection("allocation_validation_type", VALIDATIONS).label("Approval").default("hr");
        boolean("allows_negative").label("Allow Negative Cap");
        integer("max_allowed_negative").label("Maximum Excess Amount");
    }
}

fn balances() -> Vec<Field> {
    fields! {
        float("max_leaves").label("Maximum Allowed").compute(|kind| balance::of_kind(kind).0.into()).searchable();
        float("leaves_taken").label("Time off Already Taken").compute(|kind| balance::of_kind(kind).1.into());
        float("virtual_remaining_leaves").label("Virtual Remaining Time Off").compute(|kind| balance::of_kind(kind).2.into()).searchable();
        boolean("has_valid_allocation").compute(has_valid_allocation).searchable();
    }
}

fn has_valid_allocation(kind: &Record<'_>) -> Cell {
    let (most, _, left) = balance::of_kind(kind);
    (!kind.bool("requires_allocation") || (most > 0.0 && left > 0.0)).into()
}

/// The name; where the context names an employee, with what is left to that person.
fn display_name(kind: &Record<'_>) -> String {
    let name = kind.text("name");
    let env = kind.env();
    let wanted = env
        .key("holiday_status_display_name")
        .is_none_or(crate::engine::env::truthy);
    let employee = env
        .key("employee_id")
        .is_some_and(crate::engine::env::truthy);
    if !(wanted && employee && kind.bool("requires_allocation")) {
        return name;
    }
    let (most, _, left) = balance::of_kind(kind);
    let unit = if kind.is("request_unit", "hour") {
        "hours"
    } else {
        "days"
    };
    let cents = |number: f64| (number * 100.0).round() / 100.0 + 0.0;
    format!(
        "{name} ({} remaining out of {} {unit})",
        cents(left),
        cents(most)
    )
}

/// `get_allocation_data_request`: what the employee of the context was allocated and has left, kind by kind.
fn allocation_data(env: &Env, _: &Target<'_>, arguments: &Args) -> Result<Json> {
    let Some(employee) = balance::employee_of(env) else {
        return Ok(json!([]));
    };
    let kinds = shown_kinds(env, arguments)?;
    let today = env.now().date();
    let day = arguments.text("target_date");
    let day = day.and_then(|text| text.parse().ok()).unwrap_or(today);
    let mut answer = Vec::new();
    for kind in env.browse("hr.leave.type", &kinds) {
        if !kind.bool("requires_allocation") {
            continue;
        }
        let balance = balance::Balance::of(&kind, employee, day, &[]);
        if balance.most > 0.0 {
            answer.push(json!([
                kind.text("name"),
                balance.answer(),
                true,
                kind.id()
            ]));
        }
    }
    Ok(json!(answer))
}

/// The kinds of the companies in the context, and on demand only those of the dashboard.
fn shown_kinds(env: &Env, arguments: &Args) -> Result<Vec<i64>> {
    let companies = env.key("allowed_company_ids").cloned();
    let companies = companies.unwrap_or_else(|| json!([]));
    let mut domain = json!([
        "|",
        ["company_id", "in", companies],
        ["company_id", "=", false]
    ]);
    if arguments.given("hidden_allocations") == Some(&json!(false))
        && let Some(conditions) = domain.as_array_mut()
    {
        conditions.push(json!(["hide_on_dashboard", "=", false]));
    }
    let by_id = Query {
        order: Some("id"),
        ..Query::default()
    };
    env.search_with("hr.leave.type", &domain, &by_id)
}
