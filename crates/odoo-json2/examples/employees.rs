//! Prints the staff directory with everybody's skills, as any user may read it, department by department.
//!
//! ```sh
//! ODOO_URL=https://odoo.example.com ODOO_DATABASE=larkspur ODOO_API_KEY=… \
//!     cargo run -p odoo-json2 --example employees -- [part of a name]
//! ```
//!
//! `hr.employee.public` is the model for this: `hr.employee` has the same people with the same ids, but only HR
//! may read it, and one field of it that a user may not read is an error for the whole call.
#![expect(clippy::print_stdout, reason = "an example talks to whoever runs it")]

use std::env;

use odoo_json2::{Date, Domain, GroupRow, Odoo, Record, Ref, field};

#[derive(Debug, Record)]
#[odoo(model = "hr.employee.public")]
struct Colleague {
    name: String,
    job_title: Option<String>,
    department_id: Option<Ref>,
    parent_id: Option<Ref>,
    work_email: Option<String>,
    /// With the app "Skills" only: left out of the call where it is not installed.
    #[odoo(optional)]
    current_employee_skill_ids: Option<Vec<Skill>>,
}

#[derive(Debug, Record)]
#[odoo(model = "hr.employee.skill")]
struct Skill {
    skill_id: Option<Ref>,
    skill_level_id: Option<Ref>,
    level_progress: i64,
    valid_to: Option<Date>,
}

#[derive(Debug, GroupRow)]
struct Department {
    department_id: Option<Ref>,
    #[odoo(rename = "__count")]
    people: i64,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    let odoo = Odoo::builder(&env::var("ODOO_URL")?)
        .database(env::var("ODOO_DATABASE")?)
        .api_key(env::var("ODOO_API_KEY")?)
        .build()?;
    // The context of a call replaces the user's own, so the companies are said too.
    let profile = odoo.profile().await?;
    let companies = profile.companies.iter().map(|company| company.id);
    let odoo = odoo.with_context(odoo_json2::Context::new().companies(companies));

    for department in departments(&odoo).await? {
        let name = department
            .department_id
            .map_or_else(|| "no department".to_owned(), |one| one.name);
        println!("{name}: {}", department.people);
    }
    let wanted = match env::args().nth(1) {
        Some(name) => field("name").ilike(&name),
        None => Domain::all(),
    };
    // Which optional fields there are is worth asking once, not for each search.
    let readable = odoo.readable::<Colleague>().await?;
    let page = odoo
        .search::<Colleague>(wanted)
        .order("name")
        .limit(50)
        .readable(&readable)
        .await?;
    page.records.iter().for_each(introduce);
    println!("{} of {}", page.records.len(), page.total);
    Ok(())
}

async fn departments(odoo: &Odoo) -> anyhow::Result<Vec<Department>> {
    let counted = odoo
        .group_model("hr.employee.public", Domain::all())
        .by("department_id")
        .count();
    Ok(counted.rows::<Department>().await?)
}

fn introduce(colleague: &Colleague) {
    let Colleague {
        name,
        job_title,
        department_id,
        parent_id,
        work_email,
        current_employee_skill_ids,
    } = colleague;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let named = |of: &Option<Ref>| of.as_ref().map_or("-", |of| of.name.as_str()).to_owned();
    println!(
        "\n{name}, {} ({}), led by {} <{}>",
        text(job_title),
        named(department_id),
        named(parent_id),
        text(work_email)
    );
    for skill in current_employee_skill_ids.iter().flatten() {
        let until = skill
            .valid_to
            .map(|day| format!(", until {day}"))
            .unwrap_or_default();
        println!(
            "  {}: {} ({}%{until})",
            named(&skill.skill_id),
            named(&skill.skill_level_id),
            skill.level_progress
        );
    }
}
