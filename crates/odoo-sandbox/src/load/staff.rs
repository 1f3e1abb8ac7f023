//! Departments and employees.

use serde_json::json;

use super::Load;
use crate::demo::{Employee, INSTRUMENTS};
use crate::engine::{error::Result, write::vals};

/// Loads departments, the employees in them, then who leads them.
pub(super) fn load(load: &Load<'_>) -> Result<()> {
    surroundings(load)?;
    for department in &load.demo.departments {
        let values = json!({ "name": department.name, "company_id": load.id("company", department.company)? });
        load.create("department", department.key, "hr.department", values)?;
    }
    for wanted in &load.demo.employees {
        employee(load, wanted)?;
    }
    for department in &load.demo.departments {
        let manager = json!({ "manager_id": load.id("employee", department.manager)? });
        load.env.write(
            "hr.department",
            &[load.id("department", department.key)?],
            vals(manager),
        )?;
    }
    Ok(())
}

/// What Odoo brings along: places to work at and kinds of pay.
fn surroundings(load: &Load<'_>) -> Result<()> {
    for name in ["Employee", "Worker"] {
        load.create(
            "structure_type",
            name,
            "hr.payroll.structure.type",
            json!({ "name": name }),
        )?;
    }
    let address = load
        .env
        .record_of("res.company", load.id("company", INSTRUMENTS)?)
        .get("partner_id")
        .as_id();
    for (name, kind) in [("Home", "home"), ("Office", "office"), ("Other", "other")] {
        let values = json!({
            "name": name, "location_type": kind, "address_id": address,
            "company_id": load.id("company", INSTRUMENTS)?,
        });
        load.create("work_location", name, "hr.work.location", values)?;
    }
    Ok(())
}

fn employee(load: &Load<'_>, wanted: &Employee) -> Result<()> {
    let approver = load.maybe("user", wanted.approver)?;
    let user = load.maybe("user", wanted.user)?;
    let manager = load.maybe("employee", wanted.manager)?;
    let company = load.id("company", wanted.company)?;
    let values = json!({
        "name": wanted.name,
        "job_title": wanted.job_title,
        "department_id": load.id("department", wanted.department)?,
        "company_id": company,
        "work_email": wanted.email,
        "work_phone": wanted.phone,
        "work_contact_id": card(load, wanted, (user, company))?,
        "address_id": load.env.record_of("res.company", company).get("partner_id").as_id(),
        "active": wanted.active,
        "parent_id": manager,
        "coach_id": manager,
        "leave_manager_id": approver,
        "expense_manager_id": approver,
        "birthday": wanted.birthday.map(|day| day.to_string()),
        "user_id": user,
    });
    load.create_in(
        &load.within(wanted.company)?,
        ("employee", wanted.key),
        "hr.employee",
        values,
    )
    .map(drop)
}

/// The employee's card: the partner of the user, or one made for the employee.
fn card(
    load: &Load<'_>,
    wanted: &Employee,
    (user, company): (Option<i64>, i64),
) -> Result<Option<i64>> {
    let of_user = user.and_then(|user| {
        load.env
            .record_of("res.users", user)
            .get("partner_id")
            .as_id()
    });
    let partner = match of_user {
        Some(partner) => partner,
        None => {
            let made = json!({ "name": wanted.name, "company_id": company });
            load.env.create("res.partner", vals(made))?
        }
    };
    let reached = json!({ "email": wanted.email, "phone": wanted.phone });
    load.env.write("res.partner", &[partner], vals(reached))?;
    Ok(Some(partner))
}
