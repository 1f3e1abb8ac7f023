//! Employees as HR sees them (`hr.employee`): declaration and what happens when one is entered or changed.
//!
//! What everybody may see of a colleague is `hr.employee.public`; see `directory`.

use serde_json::{Value as Json, json};

use crate::engine::{
    cell::Cell,
    env::Env,
    error::{OdooError, Result},
    field::Field,
    method::{Args, Method, Target},
    model::{Model, Rule, Vals},
    record::Record,
    registry::Registry,
    write::vals,
};

use super::version::SHARED;
use super::{OFFICER, directory, hierarchy, personal};
use crate::models::{given, time_zones::TIME_ZONES};

/// Declares the model.
pub(super) fn register(registry: &mut Registry) {
    let model = Model::new("hr.employee", "Employee")
        .order("name")
        .archivable()
        .fields(identity())
        .fields(work())
        .fields(personal::private())
        .fields(personal::versioned())
        .fields(personal::contract())
        .access(OFFICER, "rwcd")
        .access("base.group_system", "r")
        .rule(Rule::global(visible))
        .before_create(before_create)
        .after_create(after_create)
        .before_write(before_write)
        .after_write(after_write)
        .method(Method::record("create_version", create_version).required("values"));
    let model = directory::redirected(registry, model);
    registry.add(model);
}

/// The rule on employees: those of one's companies, one's manager, one's reports and oneself.
pub(super) fn visible(env: &Env) -> Json {
    let mut companies: Vec<Json> = env.companies().into_iter().map(Json::from).collect();
    companies.push(json!(false));
    let own = env.user().one("employee_id");
    let manager = own.and_then(|employee| employee.get("parent_id").as_id());
    json!([
        "|",
        "|",
        "|",
        ["company_id", "in", companies],
        ["parent_id.user_id", "=", env.uid()],
        ["id", "=", manager.unwrap_or_default()],
        ["user_id", "=", env.uid()],
    ])
}

fn identity() -> Vec<Field> {
    fields! {
        char("name").label("Employee Name");
        many2one("user_id", "res.users");
        many2one("resource_id", "resource.resource").required();
        many2one("company_id", "res.company").required().default_fn(|env| env.company().into());
        many2one("parent_id", "hr.employee").label("Manager");
        many2one("coach_id", "hr.employee");
        one2many("child_ids", "hr.employee", "parent_id").label("Direct subordinates");
        many2many("category_ids", "hr.employee.category").label("Tags").groups(&[OFFICER]);
        char("work_email");
        char("work_phone");
        char("mobile_phone").label("Work Mobile");
        many2one("work_contact_id", "res.partner");
        selection("tz", TIME_ZONES).label("Timezone").related("resource_id.tz");
        integer("color").label("Color Index").default(0);
        many2one("expense_manager_id", "res.users").label("Expense Approver");
        many2one("leave_manager_id", "res.users").label("Time Off Approver");
        many2one("current_version_id", "hr.version").readonly();
        one2many("version_ids", "hr.version", "employee_id").label("Employee Versions").required().groups(&[OFFICER]);
        many2one("version_id", "hr.version").required().groups(&[OFFICER]).compute(version);
        integer("versions_count").groups(&[OFFICER]).compute(versions_count);
        many2one("currency_id", "res.currency").groups(&[OFFICER]).related("company_id.currency_id");
        char("country_code").related("company_id.country_id.code");
    }
}

/// What the current version says of the employee's work, and how colleagues see it.
fn work() -> Vec<Field> {
    fields! {
        many2one("job_id", "hr.job").related("version_id.job_id").stored().editable();
        char("job_title").related("version_id.job_title").stored().editable();
        many2one("department_id", "hr.department").related("version_id.department_id").stored().editable();
        many2one("work_location_id", "hr.work.location").related("version_id.work_location_id").stored().editable();
        char("work_location_name").related("work_location_id.name");
        selection("work_location_type", &[("home", "Home"), ("office", "Office"), ("other", "Other")])
            .related("work_location_id.location_type");
        many2one("address_id", "res.partner").label("Work Address").related("version_id.address_id").stored().editable();
        many2one("resource_calendar_id", "resource.calendar").label("Working Hours").related("version_id.resource_calendar_id").stored().editable();
        selection("hr_presence_state", directory::PRESENCE).compute(hierarchy::presence);
        selection("hr_icon_display", directory::ICONS).compute(hierarchy::presence_icon);
        boolean("is_absent").label("Absent Today").compute(|_| false.into());
        date("leave_date_to").label("To Date").compute(|_| Cell::Empty);
        boolean("newly_hired").compute(hierarchy::newly_hired).searchable();
        boolean("is_subordinate").compute(hierarchy::is_subordinate).searchable();
        integer("child_count").label("Direct Subordinates Count").compute(hierarchy::child_count);
        integer("child_all_count").label("Indirect Subordinates Count").compute(hierarchy::child_all_count);
        boolean("member_of_department").label("Member of department").compute(hierarchy::member_of_department).searchable();
    }
}

/// The version asked for in the context, else the one that holds today.
fn version(employee: &Record<'_>) -> Cell {
    let asked = employee.env().key("version_id").and_then(Json::as_i64);
    let asked = asked.filter(|id| {
        employee
            .env()
            .record_of("hr.version", *id)
            .get("employee_id")
            .as_id()
            == Some(employee.id())
    });
    asked.map_or_else(|| employee.get("current_version_id"), Cell::Int)
}

fn versions_count(employee: &Record<'_>) -> Cell {
    i64::try_from(employee.ids("version_ids").len())
        .unwrap_or_default()
        .into()
}

/// An employee comes with a resource and a first version.
fn before_create(env: &Env, vals: &mut Vals) -> Result<()> {
    let mut first = take_version(vals);
    let company = vals
        .get("company_id")
        .and_then(Json::as_i64)
        .unwrap_or_else(|| env.company());
    if !first.contains_key("resource_calendar_id") {
        let calendar = env
            .record_of("res.company", company)
            .get("resource_calendar_id")
            .as_id();
        first.insert("resource_calendar_id".into(), json!(calendar));
    }
    let user = vals.get("user_id").and_then(Json::as_i64);
    let zone = vals.remove("tz").or_else(|| {
        let zone = user.map(|user| env.record_of("res.users", user).text("tz"));
        zone.filter(|zone| !zone.is_empty()).map(Json::from)
    });
    let name = vals.get("name").cloned().unwrap_or_default();
    vals.entry("legal_name").or_insert(name.clone());
    let resource = json!({
        "name": name,
        "active": vals.get("active").is_none_or(|active| active == true),
        "company_id": company,
        "user_id": user,
        "calendar_id": first.get("resource_calendar_id"),
        "tz": zone.unwrap_or_else(|| json!("UTC")),
    });
    let resource = env
        .sudo()
        .create("resource.resource", crate::engine::write::vals(resource))?;
    vals.insert("resource_id".into(), json!(resource));
    let first = env.sudo().create("hr.version", first)?;
    vals.insert("current_version_id".into(), json!(first));
    Ok(())
}

fn after_create(employee: &Record<'_>) -> Result<()> {
    if let Some(first) = employee.one("current_version_id") {
        first.set("employee_id", employee.id());
    }
    Ok(())
}

/// The resource is there as long as the employee is, under the same name.
fn after_write(env: &Env, ids: &[i64], vals: &Vals) -> Result<()> {
    for employee in env.browse("hr.employee", ids) {
        let Some(resource) = employee.one("resource_id") else {
            continue;
        };
        for field in ["active", "name"]
            .iter()
            .filter(|field| vals.contains_key(**field))
        {
            resource.set(field, employee.get(field));
        }
    }
    Ok(())
}

fn before_write(env: &Env, ids: &[i64], vals: &mut Vals) -> Result<()> {
    let changes = take_version(vals);
    if let Some(zone) = vals.remove("tz") {
        for employee in env.browse("hr.employee", ids) {
            if let Some(resource) = employee.one("resource_id") {
                resource.set("tz", zone.as_str().map(ToOwned::to_owned));
            }
        }
    }
    if changes.is_empty() {
        return Ok(());
    }
    for employee in env.browse("hr.employee", ids) {
        let Some(version) = employee.get("version_id").as_id() else {
            continue;
        };
        env.write("hr.version", &[version], changes.clone())?;
    }
    Ok(())
}

/// Takes out of an employee's values what belongs to the version.
fn take_version(vals: &mut Vals) -> Vals {
    let mut taken = Vals::new();
    for field in SHARED {
        if let Some(value) = vals.remove(*field) {
            taken.insert((*field).to_owned(), value);
        }
    }
    taken
}

/// `create_version`: a copy of the version that holds then, with changes, from a day on.
fn create_version(env: &Env, target: &Target<'_>, arguments: &Args) -> Result<Json> {
    let [id] = target.ids else {
        let ids = target.ids;
        return Err(OdooError::value(format!(
            "Expected singleton: hr.employee{ids:?}"
        )));
    };
    let employee = env.record_of("hr.employee", *id);
    let changes = arguments.get("values").and_then(Json::as_object);
    let mut changes = changes.cloned().unwrap_or_default();
    let day = given::text(&changes, "date_version").map(ToOwned::to_owned);
    let day = day.ok_or_else(|| OdooError::value("date_version is required"))?;
    changes.remove("date_version");
    let since = |version: &Record<'_>| version.date("date_version").map(|day| day.to_string());
    let mut known = employee.many("version_ids");
    known.sort_by_key(since);
    let here = known
        .iter()
        .find(|version| since(version).as_ref() == Some(&day));
    let version = match here {
        Some(here) => here.id(),
        None => {
            let before = known
                .iter()
                .rev()
                .find(|version| since(version).as_ref() < Some(&day));
            let mut copy = before.or(known.first()).map(copied).unwrap_or_default();
            copy.insert("employee_id".into(), json!(id));
            copy.insert("date_version".into(), json!(day));
            // The copy holds what the caller may not see; only the changes are theirs.
            env.sudo().create("hr.version", copy)?
        }
    };
    env.write("hr.version", &[version], changes)?;
    Ok(json!([version]))
}

/// The values of a version in the form `create` takes, without its date.
fn copied(version: &Record<'_>) -> Vals {
    let mut values = vals(json!({}));
    for field in SHARED
        .iter()
        .filter(|field| !field.starts_with("last_modified") && **field != "date_version")
    {
        let value = match version.get(field) {
            Cell::Int(number) => json!(number),
            Cell::Float(number) => json!(number),
            Cell::Text(text) => json!(&*text),
            Cell::Date(day) => json!(day.to_string()),
            Cell::Bool(value) => json!(value),
            _ => continue,
        };
        values.insert((*field).to_owned(), value);
    }
    values
}
