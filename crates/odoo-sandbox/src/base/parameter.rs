//! System parameters (`ir.config_parameter`), which only administrators read and write.

use serde_json::{Value as Json, json};

use super::SYSTEM;
use crate::engine::{
    env::Env,
    error::Result,
    field::Field,
    method::{Args, Method, Target},
    model::{Model, Operation},
    registry::Registry,
    write::vals,
};

const MODEL: &str = "ir.config_parameter";

/// Declares the model.
pub(super) fn register(registry: &mut Registry) {
    registry.add(
        Model::new(MODEL, "System Parameter")
            .order("key")
            .rec_name("key")
            .fields([
                Field::char("key").required(),
                Field::text("value").required(),
            ])
            .access(SYSTEM, "rwcd")
            .method(
                Method::model("get_param", get)
                    .required("key")
                    .optional("default"),
            )
            .method(
                Method::model("set_param", set)
                    .required("key")
                    .required("value"),
            ),
    );
}

fn get(env: &Env, _: &Target<'_>, args: &Args) -> Result<Json> {
    env.check_access(env.model(MODEL)?, Operation::Read)?;
    let default = args.get("default").cloned().unwrap_or(json!(false));
    let found = find(env, args)?;
    Ok(match found.first() {
        Some(id) => json!(env.record_of(MODEL, *id).text("value")),
        None => default,
    })
}

/// Gives the old value, as Odoo does.
fn set(env: &Env, target: &Target<'_>, args: &Args) -> Result<Json> {
    let old = get(env, target, args)?;
    let value = args.given("value").cloned().unwrap_or_default();
    let found = find(env, args)?;
    let emptied = matches!(value, Json::Bool(false) | Json::Null);
    match (found.is_empty(), emptied) {
        (true, true) => {}
        (true, false) => {
            let key = args.given("key").cloned().unwrap_or_default();
            env.create(MODEL, vals(json!({"key": key, "value": value})))?;
        }
        (false, true) => env.unlink(MODEL, &found)?,
        (false, false) => env.write(MODEL, &found, vals(json!({"value": value})))?,
    }
    Ok(old)
}

fn find(env: &Env, args: &Args) -> Result<Vec<i64>> {
    let key = args.given("key").cloned().unwrap_or_default();
    env.search(MODEL, &json!([["key", "=", key]]))
}
