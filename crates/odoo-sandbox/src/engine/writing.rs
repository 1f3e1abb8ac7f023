//! The methods that every model has for creating, changing and removing records.

use serde_json::{Value as Json, json};

use super::{
    env::Env,
    error::{OdooError, Result},
    method::{Args, Method, Target},
    model::Vals,
    python,
};

/// The methods, for the registry.
pub(super) fn methods() -> Vec<Method> {
    vec![
        Method::model("create", create).required("vals_list"),
        Method::model("name_create", name_create).required("name"),
        Method::record("write", write).required("vals"),
        Method::record("unlink", unlink),
        Method::record("copy", copy).optional("default"),
        Method::record("action_archive", |env, target, _| {
            set_active(env, target, false)
        }),
        Method::record("action_unarchive", |env, target, _| {
            set_active(env, target, true)
        }),
    ]
}

fn create(env: &Env, target: &Target<'_>, args: &Args) -> Result<Json> {
    let given = args.given("vals_list").unwrap_or(&Json::Null);
    let one = [given.clone()];
    let all = given.as_array().map_or(&one[..], Vec::as_slice);
    let mut ids = Vec::with_capacity(all.len());
    for vals in all {
        ids.push(env.create(target.model, values(vals)?)?);
    }
    Ok(json!(ids))
}

fn name_create(env: &Env, target: &Target<'_>, args: &Args) -> Result<Json> {
    let name = args.given("name").cloned().unwrap_or_default();
    let rec_name = env.model(target.model)?.rec_name;
    let id = env.create(target.model, Vals::from_iter([(rec_name.to_owned(), name)]))?;
    Ok(json!([id, env.record_of(target.model, id).display_name()]))
}

fn write(env: &Env, target: &Target<'_>, args: &Args) -> Result<Json> {
    env.write(
        target.model,
        target.ids,
        values(args.given("vals").unwrap_or(&Json::Null))?,
    )?;
    Ok(json!(true))
}

fn values(given: &Json) -> Result<Vals> {
    given.as_object().cloned().ok_or_else(|| {
        let found = python::class(given);
        let text = format!("'{found}' object has no attribute 'get'");
        OdooError::other("builtins.AttributeError", text)
    })
}

fn unlink(env: &Env, target: &Target<'_>, _: &Args) -> Result<Json> {
    env.unlink(target.model, target.ids)?;
    Ok(json!(true))
}

fn copy(env: &Env, target: &Target<'_>, args: &Args) -> Result<Json> {
    let empty = Vals::new();
    let default = args
        .get("default")
        .and_then(Json::as_object)
        .unwrap_or(&empty);
    let copies = target
        .ids
        .iter()
        .map(|id| env.copy(target.model, *id, default));
    Ok(json!(copies.collect::<Result<Vec<_>>>()?))
}

fn set_active(env: &Env, target: &Target<'_>, active: bool) -> Result<Json> {
    let vals = Vals::from_iter([("active".to_owned(), json!(active))]);
    env.write(target.model, target.ids, vals)?;
    Ok(Json::Null)
}
