//! Résumés (`hr.resume.line`, `hr.resume.line.type`), and the titles that an employee had within the company.

use jiff::civil::Date;
use serde_json::{Value as Json, json};

use crate::engine::{
    cell::Cell,
    env::Env,
    error::{OdooError, Result},
    method::{Args, Method, Target},
    model::Model,
    record::Record,
    registry::Registry,
};

use super::OFFICER;
use super::skills::own_or_officer;

/// Declares the models, and the résumés of employees.
pub(super) fn register(registry: &mut Registry) {
    registry.add(
        Model::new("hr.resume.line.type", "Type of a resume line")
            .order("sequence")
            .fields(fields! {
                char("name").required();
                integer("sequence").default(10);
                boolean("is_course").label("Course").default(false);
            })
            .access("base.group_user", "r")
            .access(OFFICER, "rwcd"),
    );
    registry.add(line());
    registry.extend("hr.employee", |employee| {
        employee
            .fields(fields! {
                one2many("resume_line_ids", "hr.resume.line", "employee_id").label("Resume lines");
            })
            .method(
                Method::model("get_internal_resume_lines", internal_lines)
                    .required("res_id")
                    .required("res_model")
                    .readonly(),
            )
    });
    registry.extend("hr.employee.public", |employee| {
        employee.fields(fields! {
            one2many("resume_line_ids", "hr.resume.line", "employee_id").label("Resume lines");
        })
    });
}

fn line() -> Model {
    let model = Model::new("hr.resume.line", "Resume line of an employee")
        .order("line_type_id, date_end desc, date_start desc")
        .fields(fields! {
            many2one("employee_id", "hr.employee").required().cascade();
            many2one("company_id", "res.company").related("employee_id.company_id");
            many2one("department_id", "hr.department").related("employee_id.department_id");
            char("name").required();
            date("date_start").required().default_fn(|env| env.today().into());
            date("date_end");
            integer("duration");
            html("description");
            many2one("line_type_id", "hr.resume.line.type").label("Type");
            boolean("is_course").label("Course").related("line_type_id.is_course");
            selection("course_type", &[("external", "External")]).required().default("external");
            char("external_url").label("External URL");
        })
        .before_create(|_, vals| check(vals.get("date_start"), vals.get("date_end")));
    own_or_officer(model)
}

fn check(start: Option<&Json>, end: Option<&Json>) -> Result<()> {
    let text = |value: Option<&Json>| value.and_then(Json::as_str).map(str::to_owned);
    match (text(start), text(end)) {
        (Some(start), Some(end)) if end < start => Err(OdooError::validation(
            "The operation cannot be completed: The start date must be anterior to the end date.",
        )),
        _ => Ok(()),
    }
}

/// `get_internal_resume_lines`: the titles of an employee within the company, newest first, to everybody who may see
/// the employee at all.
fn internal_lines(env: &Env, _: &Target<'_>, arguments: &Args) -> Result<Json> {
    let Some(mut id) = arguments
        .get("res_id")
        .and_then(Json::as_i64)
        .filter(|id| *id > 0)
    else {
        return Ok(json!([]));
    };
    if arguments.text("res_model") == Some("res.users") {
        id = env
            .record_of("res.users", id)
            .get("employee_id")
            .as_id()
            .unwrap_or_default();
    }
    let visible = env
        .with("active_test", false)
        .search("hr.employee.public", &json!([["id", "=", id]]))?;
    if visible.is_empty() {
        return Err(OdooError::access(
            "You cannot access the resume of this employee.",
        ));
    }
    Ok(json!(titles(&env.record_of("hr.employee", id))))
}

/// The titles, newest first; neighbours of one title are one.
fn titles(employee: &Record<'_>) -> Vec<Json> {
    let mut versions = employee.many("version_ids");
    versions.retain(|version| version.bool("active"));
    versions.sort_by_key(|version| version.date("date_version"));
    let mut lines: Vec<Json> = Vec::new();
    let mut open: Option<Date> = None;
    for (version, next) in versions.iter().zip(versions.iter().skip(1)) {
        let (from, to) = span(version, Some(next));
        let ends = version.text("job_title") != next.text("job_title")
            || to.and_then(|day| day.tomorrow().ok()) != next.date("date_version");
        if ends {
            lines.push(title(version, open.take().or(from), to));
        } else {
            open = open.or(from);
        }
    }
    if let Some(last) = versions.last() {
        let (from, to) = span(last, None);
        lines.push(title(last, open.or(from), to));
    }
    lines.retain(|line| line["job_title"] != json!(false));
    lines.reverse();
    lines
}

/// The first and last day of a version, as far as its contract goes.
fn span(version: &Record<'_>, next: Option<&Record<'_>>) -> (Option<Date>, Option<Date>) {
    let from = version
        .date("date_version")
        .max(version.date("contract_date_start"));
    let contract = version.date("contract_date_end");
    let before_next = next
        .and_then(|next| next.date("date_version"))
        .and_then(|day| day.yesterday().ok());
    let to = match (before_next, contract) {
        (Some(day), Some(end)) => Some(day.min(end)),
        (day, end) => day.or(end),
    };
    (from, to)
}

fn title(version: &Record<'_>, from: Option<Date>, to: Option<Date>) -> Json {
    let day = |day: Option<Date>| day.map_or(json!(false), |day| json!(day.to_string()));
    let title = match version.get("job_title") {
        Cell::Empty => json!(false),
        _ => json!(version.text("job_title")),
    };
    json!({ "id": version.id(), "job_title": title, "date_start": day(from), "date_end": day(to) })
}
