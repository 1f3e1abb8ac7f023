//! What everybody may see of a colleague (`hr.employee.public`): the same ids, only public fields.

use serde_json::Value as Json;

use crate::engine::{
    cell::Cell,
    env::Env,
    error::{OdooError, Result},
    field::Field,
    method::{Args, Target},
    model::{Model, Operation, Rule},
    registry::Registry,
};

use super::version::SHARED;
use super::{OFFICER, employee, hierarchy};
use crate::models::time_zones::TIME_ZONES;

/// `hr_presence_state`.
pub(super) const PRESENCE: &[(&str, &str)] = &[
    ("present", "Present"),
    ("absent", "Absent"),
    ("archive", "Archived"),
    ("out_of_working_hour", "Off-Hours"),
];

/// `hr_icon_display`.
pub(super) const ICONS: &[(&str, &str)] = &[
    ("presence_present", "Present"),
    ("presence_out_of_working_hour", "Off-Hours"),
    ("presence_absent", "Absent"),
    ("presence_archive", "Archived"),
    ("presence_undetermined", "Undetermined"),
    ("presence_holiday_absent", "On leave"),
    ("presence_holiday_present", "Present but on leave"),
    ("presence_home", "At Home"),
    ("presence_office", "At Office"),
    ("presence_other", "At Other"),
];

/// Declares the model.
pub(super) fn register(registry: &mut Registry) {
    registry.add(
        Model::new("hr.employee.public", "Public Employee")
            .view_of("hr.employee")
            .order("name")
            .archivable()
            .fields(identity())
            .fields(work())
            .fields(computed())
            .access("base.group_user", "r")
            .rule(Rule::global(employee::visible)),
    );
}

/// Columns of the employee.
fn identity() -> Vec<Field> {
    fields! {
        char("name").readonly();
        boolean("active").readonly();
        many2one("user_id", "res.users").readonly();
        many2one("resource_id", "resource.resource").readonly();
        many2one("company_id", "res.company").readonly();
        many2one("parent_id", "hr.employee.public").label("Manager").readonly();
        many2one("coach_id", "hr.employee.public").readonly();
        one2many("child_ids", "hr.employee.public", "parent_id").label("Direct subordinates").readonly();
        char("work_email").readonly();
        char("work_phone").readonly();
        char("mobile_phone").readonly();
        many2one("work_contact_id", "res.partner").readonly();
        integer("color").readonly();
        many2one("expense_manager_id", "res.users").readonly();
        many2one("leave_manager_id", "res.users").label("Time Off Approver");
    }
}

/// Columns of the employee's current version.
fn work() -> Vec<Field> {
    fields! {
        many2one("employee_id", "hr.employee").compute(|employee| employee.id().into()).stored();
        many2one("department_id", "hr.department").related("employee_id.department_id").stored();
        many2one("job_id", "hr.job").related("employee_id.job_id").stored();
        char("job_title").related("employee_id.job_title");
        many2one("address_id", "res.partner").related("employee_id.address_id").stored();
        many2one("work_location_id", "hr.work.location").related("employee_id.work_location_id").stored();
        char("work_location_name").related("employee_id.work_location_name");
        selection("work_location_type", &[("home", "Home"), ("office", "Office"), ("other", "Other")])
            .related("employee_id.work_location_type");
        many2one("resource_calendar_id", "resource.calendar").related("employee_id.resource_calendar_id").stored();
        selection("tz", TIME_ZONES).label("Timezone").related("employee_id.tz");
        many2one("user_partner_id", "res.partner").label("User's partner").related("user_id.partner_id");
        boolean("share").label("Share User").related("user_id.share");
        char("email").related("user_id.partner_id.email");
        char("phone").related("user_id.partner_id.phone");
        char("birthday_public_display_string").label("Public Date of Birth").related("employee_id.birthday_public_display_string");
        char("country_code").related("company_id.country_id.code");
    }
}

fn computed() -> Vec<Field> {
    fields! {
        selection("hr_presence_state", PRESENCE).compute(hierarchy::presence);
        selection("hr_icon_display", ICONS).compute(hierarchy::presence_icon);
        boolean("show_hr_icon_display").compute(|employee| (!employee.get("user_id").is_empty()).into());
        boolean("is_absent").label("Absent Today").compute(|_| false.into());
        date("leave_date_to").label("To Date").compute(|_| Cell::Empty);
        boolean("newly_hired").compute(hierarchy::newly_hired).searchable();
        boolean("is_manager").compute(hierarchy::is_manager);
        boolean("is_user").compute(hierarchy::is_user);
        boolean("is_subordinate").compute(hierarchy::is_subordinate).searchable();
        boolean("member_of_department").compute(hierarchy::member_of_department).searchable();
        integer("child_count").compute(hierarchy::child_count);
        integer("child_all_count").compute(hierarchy::child_all_count);
    }
}

/// Methods of `hr.employee` that read, and that Odoo answers from the directory for those who are not in HR.
const READING: [&str; 7] = [
    "search",
    "search_count",
    "search_read",
    "read",
    "web_read",
    "web_search_read",
    "name_search",
];

/// Lets those who may not read `hr.employee` read it as the directory, as far as Odoo does: `search_read` stumbles over
/// the fields of the version, and private fields are refused.
pub(super) fn redirected(registry: &Registry, model: Model) -> Model {
    let standard = READING
        .iter()
        .filter_map(|name| registry.standard(name))
        .cloned();
    standard.fold(model, |model, mut method| {
        method.body = match method.name {
            "search" => |env, target, args| answer(env, target, args, "search"),
            "search_count" => |env, target, args| answer(env, target, args, "search_count"),
            "search_read" => |env, target, args| answer(env, target, args, "search_read"),
            "read" => |env, target, args| answer(env, target, args, "read"),
            "web_read" => |env, target, args| answer(env, target, args, "web_read"),
            "web_search_read" => |env, target, args| answer(env, target, args, "web_search_read"),
            _ => |env, target, args| answer(env, target, args, "name_search"),
        };
        model.method(method)
    })
}

fn answer(env: &Env, target: &Target<'_>, args: &Args, method: &str) -> Result<Json> {
    let standard = env.registry().standard(method);
    let standard = standard
        .ok_or_else(|| OdooError::not_found(format!("The method '{method}' does not exist")))?;
    if env.may(env.model(target.model)?, Operation::Read) {
        // Administrators without a role in HR read employees, but none of what their versions say.
        if !env.is_sudo()
            && !env.in_group(OFFICER)
            && asked(args).iter().any(|name| SHARED.contains(name))
        {
            return Err(version_refused(env));
        }
        return (standard.body)(env, target, args);
    }
    check_public(env, args, method)?;
    (standard.body)(
        env,
        &Target {
            model: "hr.employee.public",
            ids: target.ids,
        },
        args,
    )
}

/// Refuses the fields that the directory does not have.
fn check_public(env: &Env, args: &Args, method: &str) -> Result<()> {
    let directory = env.model("hr.employee.public")?;
    let names = asked(args);
    let private: Vec<&str> = names
        .iter()
        .copied()
        .filter(|name| directory.get(name).is_none())
        .collect();
    if !private.is_empty() {
        return Err(OdooError::access(format!(
            "The fields “{}”, which you are trying to read, are not available for employee public profiles.",
            private.join(","),
        )));
    }
    let of_version = |name: &&str| {
        SHARED.contains(name) && directory.get(name).is_some_and(|field| !field.column)
    };
    if method == "search_read" && names.iter().any(of_version) {
        return Err(version_refused(env));
    }
    Ok(())
}

/// The fields that a call asks for.
fn asked(args: &Args) -> Vec<&str> {
    match (args.get("fields"), args.get("specification")) {
        (Some(Json::Array(fields)), _) => fields.iter().filter_map(Json::as_str).collect(),
        (_, Some(Json::Object(specification))) => {
            specification.keys().map(String::as_str).collect()
        }
        _ => Vec::new(),
    }
}

/// What Odoo says to those who may not follow an employee to the version.
fn version_refused(env: &Env) -> OdooError {
    OdooError::access(format!(
        "You do not have enough rights to access the field \"version_id\" on Employee (hr.employee). \
         Please contact your system administrator.\n\nOperation: read\nUser: {}\n\
         Groups: allowed for groups 'Employees / Officer: Manage all employees'\n\n\
         Implicitly accessed through 'Employee' (hr.employee).",
        env.uid(),
    ))
}
