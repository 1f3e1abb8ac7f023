//! The wizard that asks for the password again before sensitive methods run (`res.users.identitycheck`).

use serde_json::{Value as Json, json};

use super::{PORTAL, USER, secret};
use crate::engine::{
    env::Env,
    error::{OdooError, Result},
    field::{Field, NOBODY},
    method::{Args, Target},
    model::Model,
    registry::Registry,
    write::vals,
};

const MODEL: &str = "res.users.identitycheck";

/// Declares the model.
pub(super) fn register(registry: &mut Registry) {
    registry.add(
        Model::new(MODEL, "Password Check Wizard")
            .transient()
            .rec_name("id")
            .fields([
                Field::json("request").readonly().groups(NOBODY),
                Field::selection("auth_method", &[("password", "Password")]).default("password"),
                Field::char("password").compute(|_| crate::engine::cell::Cell::Empty),
            ])
            .access(USER, "rwc")
            .access(PORTAL, "rwc")
            .action("run_check", run_check)
            .action("action_use_password", use_password),
    );
}

/// Opens the wizard that runs the method once the password is right.
pub(super) fn ask(env: &Env, target: &Target<'_>, method: &str) -> Result<Json> {
    let request = json!({
        "context": env.context(),
        "model": target.model,
        "ids": target.ids,
        "method": method,
    });
    let wizard = env
        .sudo()
        .create(MODEL, vals(json!({"request": request})))?;
    Ok(json!({
        "type": "ir.actions.act_window",
        "res_model": MODEL,
        "res_id": wizard,
        "name": "Access Control",
        "target": "new",
        "views": [[false, "form"]],
        "context": {"dialog_size": "medium"},
    }))
}

/// Whether this is the password of an active user.
pub(crate) fn is_password(env: &Env, uid: i64, password: &str) -> bool {
    let stored = env.record_of("res.users", uid);
    stored.bool("active") && stored.is("password_digest", &secret::digest(password))
}

fn run_check(env: &Env, target: &Target<'_>, _: &Args) -> Result<Json> {
    let incorrect = || {
        let text =
            "Incorrect Password, try again or click on Forgot Password to reset your password.";
        OdooError::user(text)
    };
    let [id] = target.ids else {
        return Err(incorrect());
    };
    let model = env.model(MODEL)?;
    env.check_existing(model, target.ids)?;
    env.check_records(model, target.ids, crate::engine::model::Operation::Read)?;
    let wizard = env.record_of(MODEL, *id);
    let password = env
        .key("password")
        .and_then(Json::as_str)
        .unwrap_or_default();
    if !is_password(env, wizard.int("create_uid"), password) {
        return Err(incorrect());
    }
    env.set_identity_checked();
    let crate::engine::cell::Cell::Json(request) = wizard.get("request") else {
        return Ok(Json::Null);
    };
    let context = request
        .get("context")
        .and_then(Json::as_object)
        .cloned()
        .unwrap_or_default();
    let text = |key: &str| request.get(key).and_then(Json::as_str).unwrap_or_default();
    let ids = request.get("ids").and_then(Json::as_array);
    let ids: Vec<i64> = ids.map_or_else(Vec::new, |ids| {
        ids.iter().filter_map(Json::as_i64).collect()
    });
    env.with_context(context)
        .call(text("model"), text("method"), &ids, serde_json::Map::new())
}

/// Offers the password where another proof of identity was asked for.
fn use_password(env: &Env, target: &Target<'_>, _: &Args) -> Result<Json> {
    env.check_existing(env.model(MODEL)?, target.ids)?;
    for wizard in env.browse(MODEL, target.ids) {
        wizard.set("auth_method", "password");
    }
    Ok(json!({
        "type": "ir.actions.act_window",
        "res_model": MODEL,
        "res_id": target.ids.first(),
        "name": "Security Control",
        "target": "new",
        "views": [[false, "form"]],
    }))
}
