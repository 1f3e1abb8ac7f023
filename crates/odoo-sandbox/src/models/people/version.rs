//! What is true of an employee from a day on: job, department, contract, private address (`hr.version`).
//!
//! Employees show the fields of their current version as their own; see `employee`.

use serde_json::json;

use crate::engine::{
    cell::Cell,
    field::Field,
    model::{Model, Rule},
    record::Record,
    registry::Registry,
};

use super::{MANAGER, OFFICER};
use crate::models::accounting::of_my_companies;

/// Kinds of employment.
pub(super) const EMPLOYEE_TYPES: &[(&str, &str)] = &[
    ("employee", "Employee"),
    ("worker", "Worker"),
    ("student", "Student"),
    ("trainee", "Trainee"),
    ("contractor", "Contractor"),
    ("freelance", "Freelancer"),
];

/// Family status.
pub(super) const MARITAL: &[(&str, &str)] = &[
    ("single", "Single"),
    ("married", "Married"),
    ("cohabitant", "Legal Cohabitant"),
    ("widower", "Widower"),
    ("divorced", "Divorced"),
];

/// Gender.
pub(super) const SEXES: &[(&str, &str)] =
    &[("male", "Male"), ("female", "Female"), ("other", "Other")];

/// The columns of a version that an employee shows and takes as its own.
pub(super) const SHARED: &[&str] = &[
    "job_id",
    "job_title",
    "department_id",
    "work_location_id",
    "address_id",
    "resource_calendar_id",
    "employee_type",
    "date_version",
    "last_modified_date",
    "last_modified_uid",
    "marital",
    "sex",
    "children",
    "private_street",
    "private_street2",
    "private_city",
    "private_zip",
    "private_country_id",
    "country_id",
    "identification_id",
    "passport_id",
    "passport_expiration_date",
    "ssnid",
    "departure_date",
    "departure_description",
    "additional_note",
    "contract_date_start",
    "contract_date_end",
    "contract_type_id",
    "wage",
    "trial_date_end",
    "structure_type_id",
];

/// Declares the model.
pub(super) fn register(registry: &mut Registry) {
    registry.add(
        Model::new("hr.version", "Employee Contract")
            .order("date_version")
            .archivable()
            .display_name(display_name)
            .fields(work())
            .fields(private())
            .fields(contract())
            .access(OFFICER, "rwcd")
            .access(MANAGER, "rwcd")
            .rule(Rule::global(of_my_companies))
            .rule(Rule::of(&[MANAGER], |_| json!([])))
            .after_create(|version| {
                version.one("employee_id").iter().for_each(settle);
                Ok(())
            })
            .after_write(|env, ids, _| {
                let versions = env.browse("hr.version", ids);
                versions
                    .iter()
                    .filter_map(|version| version.one("employee_id"))
                    .for_each(|employee| settle(&employee));
                Ok(())
            }),
    );
}

fn work() -> Vec<Field> {
    fields! {
        char("name");
        many2one("employee_id", "hr.employee");
        many2one("company_id", "res.company").related("employee_id.company_id").stored();
        date("date_version").required().groups(&[OFFICER]).default_fn(|env| env.today().into());
        datetime("last_modified_date").label("Last Modified on").required().groups(&[OFFICER]).default_fn(|env| env.now().into());
        many2one("last_modified_uid", "res.users").label("Last Modified by").required().groups(&[OFFICER]).default_fn(|env| env.uid().into());
        many2one("job_id", "hr.job");
        char("job_title");
        many2one("department_id", "hr.department");
        many2one("work_location_id", "hr.work.location");
        many2one("address_id", "res.partner").label("Work Address");
        many2one("resource_calendar_id", "resource.calendar").label("Working Hours");
        selection("employee_type", EMPLOYEE_TYPES).required().groups(&[OFFICER]).default("employee");
    }
}

fn private() -> Vec<Field> {
    fields! {
        selection("marital", MARITAL).label("Marital Status").required().groups(&[OFFICER]).default("single");
        selection("sex", SEXES).label("Gender").groups(&[OFFICER]);
        integer("children").label("Dependent Children").groups(&[OFFICER]);
        char("private_street").groups(&[OFFICER]);
        char("private_street2").groups(&[OFFICER]);
        char("private_city").groups(&[OFFICER]);
        char("private_zip").groups(&[OFFICER]);
        many2one("private_country_id", "res.country").groups(&[OFFICER]);
        many2one("country_id", "res.country").label("Nationality (Country)").groups(&[OFFICER]);
        char("identification_id").label("Identification No").groups(&[OFFICER]);
        char("passport_id").label("Passport No").groups(&[OFFICER]);
        date("passport_expiration_date").groups(&[OFFICER]);
        char("ssnid").label("SSN No").groups(&[OFFICER]);
        date("departure_date").groups(&[OFFICER]);
        html("departure_description").label("Additional Information").groups(&[OFFICER]);
        text("additional_note").groups(&[OFFICER]);
    }
}

fn contract() -> Vec<Field> {
    fields! {
        date("contract_date_start").label("Contract Start Date").groups(&[MANAGER]);
        date("contract_date_end").label("Contract End Date").groups(&[MANAGER]);
        date("trial_date_end").label("End of Trial Period").groups(&[MANAGER]);
        many2one("contract_type_id", "hr.contract.type").groups(&[MANAGER]);
        many2one("structure_type_id", "hr.payroll.structure.type").label("Salary Structure Type").groups(&[MANAGER])
            .default_fn(|env| env.xml_id("larkspur.structure_type_Employee").into());
        many2one("currency_id", "res.currency").related("company_id.currency_id").groups(&[OFFICER]);
        monetary("wage", "currency_id").groups(&[MANAGER]).aggregator("avg");
        monetary("contract_wage", "currency_id").groups(&[MANAGER]).compute(|version| version.get("wage"));
        date("date_start").groups(&[MANAGER]).compute(|version| start(version).into());
        date("date_end").groups(&[MANAGER]).compute(|version| end(version).into());
        boolean("is_current").groups(&[MANAGER]).compute(is_current);
        boolean("is_past").groups(&[MANAGER]).compute(is_past);
        boolean("is_future").groups(&[MANAGER]).compute(is_future);
        boolean("is_in_contract").groups(&[MANAGER]).compute(is_in_contract);
    }
}

/// Makes the version that holds today the current one: the last that has begun, else the first of all.
fn settle(employee: &Record<'_>) {
    let today = Some(employee.env().today());
    let mut versions = employee.many("version_ids");
    versions.retain(|version| version.bool("active"));
    versions.sort_by_key(|version| version.date("date_version"));
    let begun = versions
        .iter()
        .rfind(|version| version.date("date_version") <= today);
    if let Some(current) = begun.or(versions.first())
        && employee.get("current_version_id").as_id() != Some(current.id())
    {
        employee.set("current_version_id", current.id());
    }
}

/// "Nov 22, 2026": the day from which it holds.
fn display_name(version: &Record<'_>) -> String {
    match version
        .date("date_version")
        .filter(|_| !version.get("employee_id").is_empty())
    {
        Some(day) => day.strftime("%b %-d, %Y").to_string(),
        None => version.text("name"),
    }
}

fn start(version: &Record<'_>) -> Option<jiff::civil::Date> {
    version
        .date("date_version")
        .max(version.date("contract_date_start"))
}

/// The day before the next version, or the end of the contract if that is earlier.
fn end(version: &Record<'_>) -> Option<jiff::civil::Date> {
    let since = version.date("date_version");
    let siblings = version
        .one("employee_id")
        .map(|employee| employee.many("version_ids"))
        .unwrap_or_default();
    let next = siblings
        .iter()
        .filter_map(|other| other.date("date_version"))
        .filter(|day| Some(*day) > since)
        .min();
    let last = next.and_then(|day| day.yesterday().ok());
    match (last, version.date("contract_date_end")) {
        (Some(last), Some(contract)) => Some(last.min(contract)),
        (last, contract) => last.or(contract),
    }
}

fn is_current(version: &Record<'_>) -> Cell {
    let today = version.env().today();
    let running = start(version).is_some_and(|day| day <= today)
        && end(version).is_none_or(|day| day >= today);
    running.into()
}

fn is_past(version: &Record<'_>) -> Cell {
    end(version)
        .is_some_and(|day| day < version.env().today())
        .into()
}

fn is_future(version: &Record<'_>) -> Cell {
    start(version)
        .is_some_and(|day| day > version.env().today())
        .into()
}

fn is_in_contract(version: &Record<'_>) -> Cell {
    if version.date("contract_date_start").is_none() {
        false.into()
    } else {
        is_current(version)
    }
}
