//! What a request would come to if it were entered (`hr.leave.onchange`), which changes nothing.

use serde_json::{Map, Value as Json, json};

use crate::engine::{
    env::Env,
    error::Result,
    method::{Args, Method, Target},
    model::Operation,
};

use super::day_off::shown;
use super::request;
use crate::models::given;

/// The method, with the arguments that Odoo's forms send.
pub(super) fn method() -> Method {
    Method::record("onchange", onchange)
        .required("values")
        .required("field_names")
        .required("fields_spec")
        .readonly()
}

fn onchange(env: &Env, target: &Target<'_>, arguments: &Args) -> Result<Json> {
    env.check_access(env.model(target.model)?, Operation::Read)?;
    let empty = Map::new();
    let values = arguments
        .get("values")
        .and_then(Json::as_object)
        .unwrap_or(&empty);
    let worked_out = worked_out(env, values);
    let wanted = arguments
        .get("fields_spec")
        .and_then(Json::as_object)
        .unwrap_or(&empty);
    let told = wanted
        .keys()
        .filter_map(|field| Some((field.clone(), worked_out.get(field)?.clone())));
    Ok(json!({ "value": told.collect::<Map<String, Json>>() }))
}

/// The values that follow from what was given, and what was given.
fn worked_out(env: &Env, values: &Map<String, Json>) -> Map<String, Json> {
    let mut all = values.clone();
    all.entry("state").or_insert(json!("confirm"));
    let (Some(employee), Some(kind)) = (
        given::id(values, "employee_id"),
        given::id(values, "holiday_status_id"),
    ) else {
        return all;
    };
    let unit = env.record_of("hr.leave.type", kind).text("request_unit");
    if let Some(wish) = request::wish(values, kind, employee) {
        let span = wish.span(env, None);
        let warning = request::warning(env, employee, (span.from, span.to), 0);
        for (field, value) in [
            ("date_from", json!(shown(span.from))),
            ("date_to", json!(shown(span.to))),
            ("number_of_days", json!(span.days)),
            ("number_of_hours", json!(span.hours)),
            ("duration_display", json!(span.display)),
            (
                "dashboard_warning_message",
                warning.map_or(json!(false), Json::from),
            ),
            ("request_unit_half", json!(unit == "half_day")),
            ("request_unit_hours", json!(unit == "hour")),
        ] {
            all.insert(field.into(), value);
        }
    }
    all
}
