//! Users with their groups, departments and employees.

use odoo_json2::{Values, field};
use odoo_sandbox::demo::{Employee, Person};
use serde_json::json;

use super::{Seeder, quiet, search};

/// Seeds the people, and removes the employee and department that every database begins with.
pub(super) async fn seed(seeder: &mut Seeder<'_>) -> anyhow::Result<()> {
    let demo = seeder.demo;
    for person in &demo.people {
        user(seeder, person).await?;
    }
    put_away(seeder).await?;
    for department in &demo.departments {
        let values = Values::new()
            .set("name", department.name)
            .set("company_id", seeder.id("company", department.company)?);
        let context = seeder.within(department.company)?;
        seeder
            .ensure(
                ("department", department.key),
                "hr.department",
                context,
                values,
            )
            .await?;
    }
    for wanted in &demo.employees {
        employee(seeder, wanted).await?;
    }
    for department in &demo.departments {
        let manager = seeder.id("employee", department.manager)?;
        let values = Values::new().set("manager_id", manager);
        let id = seeder.id("department", department.key)?;
        seeder.odoo.write("hr.department", &[id], &values).await?;
    }
    Ok(())
}

async fn user(seeder: &mut Seeder<'_>, person: &Person) -> anyhow::Result<()> {
    if seeder.known("user", person.login).is_some() {
        return Ok(());
    }
    let mut groups = Vec::new();
    for name in person.role.groups() {
        groups.push(seeder.external_id(name).await?);
    }
    let mut companies = Vec::new();
    for key in person.companies {
        companies.push(seeder.id("company", key)?);
    }
    let values = Values::new()
        .set("login", person.login)
        .set("password", person.password.as_str())
        .set("name", person.name)
        .set("email", person.email.as_str())
        .set("lang", "en_US")
        .set("tz", person.tz)
        .set("company_id", companies.first().copied())
        .set("company_ids", json!([[6, 0, companies]]))
        .set("group_ids", json!([[6, 0, groups]]));
    seeder
        .ensure(("user", person.login), "res.users", quiet(), values)
        .await
        .map(drop)
}

async fn employee(seeder: &mut Seeder<'_>, wanted: &Employee) -> anyhow::Result<()> {
    let id = |kind: &str, key: Option<&str>| key.map(|key| seeder.id(kind, key)).transpose();
    let approver = id("user", wanted.approver)?;
    let values = Values::new()
        .set("name", wanted.name)
        .set("job_title", wanted.job_title)
        .set("department_id", seeder.id("department", wanted.department)?)
        .set("company_id", seeder.id("company", wanted.company)?)
        .set("work_email", wanted.email.as_str())
        .set("work_phone", wanted.phone)
        .set("active", wanted.active)
        .set("parent_id", id("employee", wanted.manager)?)
        .set("leave_manager_id", approver)
        .set("expense_manager_id", approver)
        .set_some("birthday", wanted.birthday)
        .set_some("user_id", id("user", wanted.user)?);
    let context = seeder.within(wanted.company)?;
    seeder
        .ensure(("employee", wanted.key), "hr.employee", context, values)
        .await
        .map(drop)
}

/// Removes the administrator's employee record and the department "Administration".
async fn put_away(seeder: &Seeder<'_>) -> anyhow::Result<()> {
    let odoo = seeder.odoo.with_context(quiet().with("active_test", false));
    let administrator = odoo.context_get().await?.uid;
    let theirs = field("user_id").eq(administrator);
    let employees = search(&odoo, "hr.employee", theirs).await?;
    odoo.unlink("hr.employee", &employees).await?;
    let ours: Vec<i64> = (seeder.demo.departments.iter())
        .filter_map(|department| seeder.known("department", department.key))
        .collect();
    let others = search(&odoo, "hr.department", field("id").not_in(ours)).await?;
    odoo.unlink("hr.department", &others).await?;
    Ok(())
}
