//! Balances and days of leave, worked out again from single allocations and requests.

use std::collections::BTreeMap;

use jiff::ToSpan as _;
use odoo_json2::Odoo;
use serde_json::{Value, json};

use super::Office;

/// Who looks, and at whose balance.
const LOOKS: [(&str, &str); 9] = [
    ("alice", "Alice Marchetti"),
    ("emil", "Emil Novak"),
    ("tara", "Tara Lindqvist"),
    ("tara", "Emil Novak"),
    ("tara", "Mara Quist"),
    ("hanna", "Hanna Okafor"),
    ("hanna", "Lucia Ferro"),
    ("ada", "Ada Brandt"),
    ("ada", "Mikko Lehto"),
];

/// Compares the figures of this domain.
pub(super) async fn check(office: &mut Office<'_>) -> anyhow::Result<()> {
    for (login, employee) in LOOKS {
        balance(office, login, employee).await?;
    }
    for login in ["alice", "rosa", "emil", "tara", "hanna", "ada"] {
        absences(office, login).await?;
        days(office, login).await?;
    }
    Ok(())
}

/// All records of a domain, read as they stand.
async fn records(
    odoo: &Odoo,
    model: &str,
    domain: Value,
    fields: &[&str],
) -> anyhow::Result<Vec<Value>> {
    let call = odoo.call(model, "search_read").arg("domain", domain);
    let call = call.arg("fields", fields.to_vec()).read_only();
    Ok(call.fetch().await?)
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_default()
}

/// What single records add up to, by the name of the type.
type Sums = BTreeMap<String, Sum>;

/// Days of one type.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    allocated: f64,
    approved: f64,
    requested: f64,
    /// Of the approved, what has begun.
    taken: f64,
}

/// Allocated, approved and requested of each type, from the allocations that hold today and the requests in them.
async fn balance(office: &mut Office<'_>, login: &str, employee: &str) -> anyhow::Result<()> {
    let question = json!({"employee": employee});
    let answer = office.ask(login, "time_off_balance", question).await?;
    let today = office.target.anchor().to_string();
    let sums = sums(&office.direct(login)?, employee, &today).await?;
    let told = answer["balances"].as_array().cloned().unwrap_or_default();
    office.holds(
        format!(
            "{login} is told of {} types of {employee}, not {}",
            told.len(),
            sums.len()
        ),
        told.len() == sums.len(),
    );
    for line in told {
        let name = line["type"]["name"].as_str().unwrap_or_default();
        let sum = sums.get(name).copied().unwrap_or_default();
        for (field, direct) in [
            ("allocated", sum.allocated),
            ("approved", sum.approved),
            ("requested", sum.requested),
            ("remaining", sum.allocated - sum.approved),
            ("available", sum.allocated - sum.approved - sum.requested),
            ("taken_this_year", sum.taken),
        ] {
            let what = format!("{field} of {name} of {employee} as {login}");
            office.same(what, number(&line[field]), direct);
        }
    }
    Ok(())
}

async fn sums(odoo: &Odoo, employee: &str, today: &str) -> anyhow::Result<Sums> {
    let held = json!([
        ["employee_id.name", "=", employee],
        ["state", "=", "validate"],
        ["date_from", "<=", today],
        "|",
        ["date_to", ">=", today],
        ["date_to", "=", false]
    ]);
    let dates = ["date_from", "date_to"];
    let kind = ["holiday_status_id", "number_of_days"];
    let fields = [&kind[..], &dates].concat();
    let granted = records(odoo, "hr.leave.allocation", held, &fields).await?;
    let alive = json!([
        ["employee_id.name", "=", employee],
        ["state", "in", ["confirm", "validate1", "validate"]]
    ]);
    let fields = [&kind[..], &["state", "request_date_from"]].concat();
    let asked = records(odoo, "hr.leave", alive, &fields).await?;
    let mut sums = Sums::new();
    for allocation in &granted {
        let name = allocation["holiday_status_id"][1].as_str();
        let sum = sums.entry(name.unwrap_or_default().to_owned()).or_default();
        sum.allocated += number(&allocation["number_of_days"]);
        for request in asked.iter().filter(|request| covers(allocation, request)) {
            sum.add(request, today);
        }
    }
    Ok(sums)
}

/// Whether a request is taken from an allocation.
fn covers(allocation: &Value, request: &Value) -> bool {
    let day = request["request_date_from"].as_str();
    let end = allocation["date_to"].as_str();
    request["holiday_status_id"] == allocation["holiday_status_id"]
        && day >= allocation["date_from"].as_str()
        && end.is_none_or(|end| day <= Some(end))
}

impl Sum {
    fn add(&mut self, request: &Value, today: &str) {
        let days = number(&request["number_of_days"]);
        if request["state"] != "validate" {
            self.requested += days;
            return;
        }
        self.approved += days;
        if request["request_date_from"].as_str() <= Some(today) {
            self.taken += days;
        }
    }
}

/// Who is off within a quarter of a year, against the rows of Odoo's calendar.
async fn absences(office: &mut Office<'_>, login: &str) -> anyhow::Result<()> {
    let anchor = office.target.anchor();
    let (from, to) = (
        anchor.checked_sub(60.days())?,
        anchor.checked_add(30.days())?,
    );
    let question = json!({"date_from": from, "date_to": to, "limit": 200});
    let answer = office.ask(login, "who_is_off", question).await?;
    let away = answer["records"].as_array().cloned().unwrap_or_default();
    // All of them work between 6 and 24 o'clock UTC, so that a day is a day.
    let rows = records(
        &office.direct(login)?,
        "hr.leave.report.calendar",
        json!([
            ["state", "=", "validate"],
            ["start_datetime", "<=", format!("{to} 23:59:59")],
            ["stop_datetime", ">=", format!("{from} 00:00:00")]
        ]),
        &["employee_id", "start_datetime"],
    )
    .await?;
    office.holds(
        format!(
            "{login} is told of {} absences, the calendar has {}",
            away.len(),
            rows.len()
        ),
        away.len() == rows.len() && answer["total"] == json!(rows.len()),
    );
    Ok(())
}

/// The days and hours of all requests that somebody sees, and the days of all allocations.
async fn days(office: &mut Office<'_>, login: &str) -> anyhow::Result<()> {
    let (requests, allocations) = (
        json!({"limit": 200}),
        json!({"kind": "allocations", "limit": 200}),
    );
    let requests = office.ask(login, "read_time_off", requests).await?;
    let allocations = office.ask(login, "read_time_off", allocations).await?;
    let direct = office.direct(login)?;
    let fields = [
        "number_of_days",
        "number_of_hours",
        "leave_type_request_unit",
    ];
    let rows = records(&direct, "hr.leave", json!([]), &fields).await?;
    let (by_hours, by_days): (Vec<Value>, Vec<Value>) = rows
        .into_iter()
        .partition(|row| row["leave_type_request_unit"] == "hour");
    let granted = &fields[..1];
    let granted = records(&direct, "hr.leave.allocation", json!([]), granted).await?;
    for (what, told, records) in [
        (
            "days of leave",
            told(&requests, "days"),
            total(&by_days, "number_of_days"),
        ),
        (
            "hours of leave",
            told(&requests, "hours"),
            total(&by_hours, "number_of_hours"),
        ),
        (
            "allocated days",
            told(&allocations, "days"),
            total(&granted, "number_of_days"),
        ),
    ] {
        office.same(format!("{what} as {login}"), told, records);
    }
    Ok(())
}

/// The sum of a field over the records of an answer.
fn told(answer: &Value, field: &str) -> f64 {
    let records = answer["records"].as_array().map(Vec::as_slice);
    total(records.unwrap_or_default(), field)
}

fn total(rows: &[Value], field: &str) -> f64 {
    rows.iter().map(|row| number(&row[field])).sum()
}
