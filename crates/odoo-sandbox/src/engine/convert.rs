//! Values that clients write, as cells of their field, with the errors Odoo has for those that do not fit.
//!
//! Not for x2many commands; see `command`.

use jiff::civil::{Date, DateTime, Time};
use serde_json::Value as Json;

use super::{
    cell::Cell,
    env::{Env, truthy},
    error::{OdooError, Result},
    field::{Field, Kind},
    html::sanitize,
    model::Model,
    number::{bad_integer_sql, float, integer},
    python,
};

/// The cell of a value for a field that is no x2many.
pub(super) fn convert(env: &Env, model: &Model, field: &Field, value: &Json) -> Result<Cell> {
    let empty = matches!(value, Json::Null | Json::Bool(false));
    Ok(match &field.kind {
        Kind::Boolean => truthy(value).into(),
        Kind::Integer if empty => Cell::Int(0),
        Kind::Integer => integer(value)?.into(),
        Kind::Float | Kind::Monetary(_) if empty => Cell::Float(0.0),
        Kind::Float | Kind::Monetary(_) => float(value)?.into(),
        _ if empty => Cell::Empty,
        Kind::Char | Kind::Text | Kind::Binary => text(value).into(),
        Kind::Html => sanitize(&text(value)).into(),
        Kind::Date => day(value)?.into(),
        Kind::DateTime => moment(value)?.into(),
        Kind::Selection(keys) => match value.as_str() {
            Some(key) if keys.iter().any(|(known, _)| *known == key) => key.into(),
            Some("") => Cell::Empty,
            _ => return Err(wrong(model, field, value)),
        },
        Kind::Many2one(relation) => target(env, model, field, relation, value)?,
        Kind::Json => value.clone().into(),
        Kind::One2many(..) | Kind::Many2many(_) => return Err(wrong(model, field, value)),
    })
}

/// The error for a value that a field cannot take.
pub(super) fn wrong(model: &Model, field: &Field, value: &Json) -> OdooError {
    let shown = python::repr(value);
    OdooError::value(format!(
        "Wrong value for {}.{}: {shown}",
        model.name, field.name
    ))
}

fn text(value: &Json) -> String {
    value
        .as_str()
        .map_or_else(|| python::repr(value), ToOwned::to_owned)
}

fn day(value: &Json) -> Result<Date> {
    let text = timely(value)?;
    let head: String = text.chars().take(10).collect();
    strict_date(&head).ok_or_else(|| mismatch(&head, "%Y-%m-%d"))
}

fn moment(value: &Json) -> Result<DateTime> {
    let text = timely(value)?;
    if text.chars().count() == 10 {
        let day = strict_date(text).ok_or_else(|| mismatch(text, "%Y-%m-%d"))?;
        return Ok(day.to_datetime(Time::midnight()));
    }
    let parts = text.split_once(' ').and_then(|(date, time)| {
        let time = (time.len() == 8)
            .then(|| time.parse::<Time>().ok())
            .flatten()?;
        Some(strict_date(date)?.to_datetime(time))
    });
    parts.ok_or_else(|| mismatch(text, "%Y-%m-%d %H:%M:%S"))
}

fn timely(value: &Json) -> Result<&str> {
    value.as_str().ok_or_else(|| {
        OdooError::kind(format!(
            "object of type '{}' has no len()",
            python::class(value)
        ))
    })
}

fn strict_date(text: &str) -> Option<Date> {
    (text.len() == 10).then(|| text.parse().ok()).flatten()
}

fn mismatch(text: &str, format: &str) -> OdooError {
    let text = python::repr_text(text);
    OdooError::value(format!("time data {text} does not match format '{format}'"))
}

fn target(env: &Env, model: &Model, field: &Field, relation: &str, value: &Json) -> Result<Cell> {
    let id = match value {
        Json::Number(number) => number.as_i64(),
        Json::String(text) => return Err(bad_integer_sql(text)),
        Json::Array(pair) => pair.first().and_then(Json::as_i64),
        _ => None,
    };
    let Some(id) = id else {
        return Err(wrong(model, field, value));
    };
    if id == 0 {
        return Ok(Cell::Empty);
    }
    let comodel = env.model(relation)?;
    if !env.existing(comodel, &[id]).is_empty() {
        return Ok(id.into());
    }
    if field.check_company || field.followed {
        // Odoo reads something of the record before the database looks at the key.
        return Err(OdooError::missing(relation, &[id], env.uid()));
    }
    Err(still_used(model, field))
}

/// What Odoo says to every broken foreign key, also to one that is only wrong.
pub(super) fn still_used(model: &Model, field: &Field) -> OdooError {
    OdooError::validation(format!(
        "The operation cannot be completed: Another model is using the record you are trying to \
         delete.\n\nThe troublemaker is: '{}' ({})\nThanks to the following constraint: '{}' ({})\n\
         How about archiving the record instead?",
        model.label, model.name, field.label, field.name
    ))
}

/// What Odoo says to a required field without a value.
pub(super) fn missing_value(model: &Model, field: &Field) -> OdooError {
    OdooError::validation(format!(
        "The operation cannot be completed: Missing required value for the field '{}' ({}).\n\
         Model: '{}' ({})\n- create/update: a mandatory field is not set\n\
         - delete: another model requires the record being deleted, you can archive it instead\n",
        field.label, field.name, model.label, model.name
    ))
}
