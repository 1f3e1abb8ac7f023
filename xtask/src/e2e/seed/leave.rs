//! Public holidays, allocations and requests for time off, entered and approved by the people who do so.

use std::collections::HashMap;

use anyhow::Context as _;
use odoo_json2::{Odoo, Values};
use odoo_sandbox::demo::{Allocation, Leave, LeaveEnd, LeaveKind};
use serde_json::{Value, json};

use super::Seeder;

/// Seeds what time off there is; employees and keys are there already.
pub(super) async fn seed(seeder: &mut Seeder<'_>) -> anyhow::Result<()> {
    let demo = seeder.demo;
    public_holidays(seeder).await?;
    for wanted in &demo.allocations {
        allocation(seeder, wanted).await?;
    }
    let states = states(seeder, "hr.leave.allocation", "allocation").await?;
    for wanted in demo.allocations.iter().filter(|wanted| wanted.granted) {
        let id = seeder.id("allocation", &wanted.key)?;
        if states.get(&id).is_some_and(|state| state == "confirm") {
            let odoo = acting(seeder, "ada", wanted.employee)?;
            act(&odoo, "hr.leave.allocation", "action_approve", id).await?;
        }
    }
    for wanted in &demo.leaves {
        leave(seeder, wanted).await?;
    }
    Ok(())
}

async fn public_holidays(seeder: &mut Seeder<'_>) -> anyhow::Result<()> {
    for day in &seeder.demo.public_holidays {
        if seeder.known("public_holiday", &day.key).is_some() {
            continue;
        }
        let values = Values::new()
            .set("name", day.name)
            .set("date_from", format!("{} 00:00:00", day.from))
            .set("date_to", format!("{} 23:59:59", day.to));
        let odoo = seeder
            .acting_as("ada")?
            .with_context(seeder.within(day.company)?);
        let created = odoo.create("resource.calendar.leaves", [values]).await?;
        let id = *created.first().context("Odoo created no public holiday")?;
        seeder
            .adopt(("public_holiday", &day.key), "resource.calendar.leaves", id)
            .await?;
    }
    Ok(())
}

/// Somebody at work in the company of an employee.
fn acting(seeder: &Seeder<'_>, login: &str, employee: &str) -> anyhow::Result<Odoo> {
    let mut employees = seeder.demo.employees.iter();
    let employee = employees
        .find(|known| known.key == employee)
        .with_context(|| format!("no employee {employee}"))?;
    Ok(seeder
        .acting_as(login)?
        .with_context(seeder.within(employee.company)?))
}

/// The user of an employee; the administrator for those who have none.
fn user_of(seeder: &Seeder<'_>, employee: &str) -> &'static str {
    let mut employees = seeder.demo.employees.iter();
    let found = employees.find(|known| known.key == employee);
    found.and_then(|employee| employee.user).unwrap_or("ada")
}

async fn request(
    seeder: &Seeder<'_>,
    (employee, kind): (&str, LeaveKind),
    name: &str,
) -> anyhow::Result<Values> {
    Ok(Values::new()
        .set("name", name)
        .set("employee_id", seeder.id("employee", employee)?)
        .set(
            "holiday_status_id",
            seeder.external_id(kind.external_id()).await?,
        ))
}

async fn allocation(seeder: &mut Seeder<'_>, wanted: &Allocation) -> anyhow::Result<()> {
    if seeder.known("allocation", &wanted.key).is_some() {
        return Ok(());
    }
    let login = if wanted.granted {
        "ada"
    } else {
        user_of(seeder, wanted.employee)
    };
    let values = request(seeder, (wanted.employee, wanted.kind), &wanted.name)
        .await?
        .set("number_of_days", wanted.days)
        .set("date_from", wanted.from)
        .set("date_to", wanted.to);
    let odoo = acting(seeder, login, wanted.employee)?;
    let created = odoo.create("hr.leave.allocation", [values]).await;
    let created = created.with_context(|| format!("creating allocation `{}`", wanted.key))?;
    let id = *created.first().context("Odoo created no allocation")?;
    seeder
        .adopt(("allocation", &wanted.key), "hr.leave.allocation", id)
        .await
}

/// One request as far as it goes; a run that was interrupted goes on where it stopped.
async fn leave(seeder: &mut Seeder<'_>, wanted: &Leave) -> anyhow::Result<()> {
    let id = match seeder.known("leave", &wanted.key) {
        Some(id) => id,
        None => enter(seeder, wanted).await?,
    };
    let state = state(seeder, id).await?;
    let done = match state.as_str() {
        "confirm" => 0,
        "validate1" => 1,
        _ => wanted.approvals.len(),
    };
    for login in wanted.approvals.iter().skip(done) {
        let odoo = acting(seeder, login, wanted.employee)?;
        act(&odoo, "hr.leave", "action_approve", id)
            .await
            .with_context(|| format!("approving leave `{}` as {login}", wanted.key))?;
    }
    match wanted.end {
        LeaveEnd::Refused(login) if state != "refuse" => {
            let odoo = acting(seeder, login, wanted.employee)?;
            act(&odoo, "hr.leave", "action_refuse", id).await
        }
        LeaveEnd::Cancelled if state != "cancel" => cancel(seeder, wanted, id).await,
        _ => Ok(()),
    }
}

async fn enter(seeder: &mut Seeder<'_>, wanted: &Leave) -> anyhow::Result<i64> {
    let mut values = request(seeder, (wanted.employee, wanted.kind), wanted.reason)
        .await?
        .set("request_date_from", wanted.from)
        .set("request_date_to", wanted.to);
    if let Some(half) = wanted.half {
        values = values
            .set("request_date_from_period", half)
            .set("request_date_to_period", half);
    }
    if let Some((from, to)) = wanted.hours {
        values = values
            .set("request_hour_from", from)
            .set("request_hour_to", to);
    }
    let odoo = acting(seeder, user_of(seeder, wanted.employee), wanted.employee)?;
    let created = odoo.create("hr.leave", [values]).await;
    let created = created.with_context(|| format!("creating leave `{}`", wanted.key))?;
    let id = *created.first().context("Odoo created no leave")?;
    seeder.adopt(("leave", &wanted.key), "hr.leave", id).await?;
    Ok(id)
}

async fn cancel(seeder: &Seeder<'_>, wanted: &Leave, id: i64) -> anyhow::Result<()> {
    let odoo = acting(seeder, user_of(seeder, wanted.employee), wanted.employee)?;
    let values = Values::new()
        .set("leave_id", id)
        .set("reason", "Plans have changed");
    let wizard = odoo.create("hr.holidays.cancel.leave", [values]).await?;
    let wizard = *wizard.first().context("Odoo opened no wizard")?;
    act(
        &odoo,
        "hr.holidays.cancel.leave",
        "action_cancel_leave",
        wizard,
    )
    .await
}

async fn act(odoo: &Odoo, model: &str, method: &str, id: i64) -> anyhow::Result<()> {
    odoo.call(model, method).ids(&[id]).value().await?;
    Ok(())
}

async fn state(seeder: &Seeder<'_>, id: i64) -> anyhow::Result<String> {
    let states = states_of(seeder, "hr.leave", &[id]).await?;
    states.get(&id).cloned().context("the leave is gone")
}

/// The states of all records of a kind that were seeded.
async fn states(
    seeder: &Seeder<'_>,
    model: &str,
    kind: &str,
) -> anyhow::Result<HashMap<i64, String>> {
    let prefix = format!("{kind}_");
    let ours = seeder
        .ids
        .iter()
        .filter(|(name, _)| name.starts_with(&prefix));
    let ids: Vec<i64> = ours.map(|(_, id)| *id).collect();
    states_of(seeder, model, &ids).await
}

async fn states_of(
    seeder: &Seeder<'_>,
    model: &str,
    ids: &[i64],
) -> anyhow::Result<HashMap<i64, String>> {
    let rows: Vec<HashMap<String, Value>> = seeder
        .acting_as("ada")?
        .call(model, "search_read")
        .arg("domain", json!([["id", "in", ids]]))
        .arg("fields", ["state"])
        .read_only()
        .fetch()
        .await?;
    let pair = |row: &HashMap<String, Value>| {
        Some((
            row.get("id")?.as_i64()?,
            row.get("state")?.as_str()?.to_owned(),
        ))
    };
    Ok(rows.iter().filter_map(pair).collect())
}
