//! Departments, jobs, work locations and kinds of contract (`hr.department`, `hr.job`, `hr.work.location`,
//! `hr.contract.type`, `hr.employee.category`, `hr.payroll.structure.type`).

use serde_json::json;

use crate::engine::{
    cell::Cell,
    field::Field,
    model::{Model, Rule, own_companies},
    record::Record,
    registry::Registry,
};

use super::{MANAGER, OFFICER};

/// Declares the models.
pub(super) fn register(registry: &mut Registry) {
    registry.add(
        Model::new("hr.department", "Department")
            .order("name")
            .rec_name("complete_name")
            .archivable()
            .fields(department())
            .access("base.group_user", "r")
            .access(OFFICER, "rwcd")
            .rule(Rule::global(own_companies)),
    );
    registry.add(
        Model::new("hr.job", "Job Position")
            .order("sequence")
            .archivable()
            .fields(job())
            .access("base.group_user", "r")
            .access(OFFICER, "rwcd")
            .rule(Rule::global(own_companies)),
    );
    registry.add(
        Model::new("hr.work.location", "Work Location")
            .order("name")
            .archivable()
            .fields(work_location())
            .access("base.group_user", "r")
            .access(MANAGER, "rwcd"),
    );
    labels(registry);
}

/// Models that are little more than a name.
fn labels(registry: &mut Registry) {
    registry.add(
        Model::new("hr.employee.category", "Employee Category")
            .fields(fields! { char("name").label("Tag Name").required(); integer("color").label("Color Index"); })
            .access("base.group_user", "r")
            .access(OFFICER, "rwcd"),
    );
    registry.add(
        Model::new("hr.contract.type", "Contract Type")
            .order("sequence")
            .fields(fields! {
                char("name").required();
                char("code");
                integer("sequence");
                many2one("country_id", "res.country");
            })
            .access(OFFICER, "rwcd"),
    );
    registry.add(
        Model::new("hr.payroll.structure.type", "Salary Structure Type")
            .fields(fields! { char("name").label("Salary Structure Type"); many2one("country_id", "res.country"); })
            .access(MANAGER, "rwcd"),
    );
}

fn department() -> Vec<Field> {
    fields! {
        char("name").label("Department Name").required();
        char("complete_name").compute(complete_name).stored();
        many2one("company_id", "res.company").default_fn(|env| env.company().into());
        many2one("parent_id", "hr.department").label("Parent Department");
        one2many("child_ids", "hr.department", "parent_id").label("Child Departments");
        many2one("manager_id", "hr.employee");
        one2many("member_ids", "hr.employee", "department_id").label("Members").compute(|department| members(department).into());
        integer("total_employee").compute(|department| count(members(department).len()));
        one2many("jobs_ids", "hr.job", "department_id");
        text("note");
        integer("color").label("Color Index");
        many2one("master_department_id", "hr.department").compute(master).stored();
    }
}

fn job() -> Vec<Field> {
    fields! {
        char("name").label("Job Position").required();
        integer("sequence").default(10);
        many2one("department_id", "hr.department");
        many2one("company_id", "res.company").default_fn(|env| env.company().into());
        html("description").label("Job Description");
        text("requirements").groups(&[OFFICER]);
        one2many("employee_ids", "hr.employee", "job_id").label("Employees").groups(&["base.group_user"]).compute(holders);
        integer("no_of_employee").label("Current Number of Employees").groups(&[OFFICER]).compute(|job| count(holders(job).ids().len()));
        integer("no_of_recruitment").label("Target").default(1);
        many2one("contract_type_id", "hr.contract.type").label("Employment Type");
        many2one("user_id", "res.users").label("Recruiter").groups(&[OFFICER]);
    }
}

fn work_location() -> Vec<Field> {
    fields! {
        char("name").label("Work Location").required();
        many2one("company_id", "res.company").required().default_fn(|env| env.company().into());
        many2one("address_id", "res.partner").label("Work Address").required();
        selection("location_type", &[("home", "Home"), ("office", "Office"), ("other", "Other")])
            .label("Cover Image").required().default("office");
        char("location_number");
    }
}

/// "Workshop / Optics": the department behind those it is part of.
fn complete_name(department: &Record<'_>) -> Cell {
    let mut name = department.text("name");
    for above in above(department) {
        name = format!("{} / {name}", above.text("name"));
    }
    name.into()
}

fn master(department: &Record<'_>) -> Cell {
    above(department)
        .last()
        .map_or(department.id(), Record::id)
        .into()
}

/// The departments above, nearest first.
fn above<'e>(department: &Record<'e>) -> Vec<Record<'e>> {
    let mut found: Vec<Record<'e>> = Vec::new();
    let mut next = department.one("parent_id");
    while let Some(at) = next
        .filter(|at| at.id() != department.id() && found.iter().all(|known| known.id() != at.id()))
    {
        next = at.one("parent_id");
        found.push(at);
    }
    found
}

fn members(department: &Record<'_>) -> Vec<i64> {
    let domain = json!([["department_id", "=", department.id()]]);
    department
        .env()
        .sudo()
        .search("hr.employee", &domain)
        .unwrap_or_default()
}

fn holders(job: &Record<'_>) -> Cell {
    let domain = json!([["job_id", "=", job.id()]]);
    job.env()
        .sudo()
        .search("hr.employee", &domain)
        .unwrap_or_default()
        .into()
}

fn count(number: usize) -> Cell {
    i64::try_from(number).unwrap_or_default().into()
}
