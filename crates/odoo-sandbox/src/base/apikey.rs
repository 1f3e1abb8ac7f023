//! API keys (`res.users.apikeys`) and the wizard that makes them.

use jiff::{
    ToSpan,
    civil::{DateTime, Time},
};
use serde_json::{Value as Json, json};

use super::{SYSTEM, USER, identity, secret, user};
use crate::engine::{
    env::Env,
    error::{OdooError, Result},
    field::{Field, NOBODY},
    method::{Args, Method, Target},
    model::{Model, Rule, Vals},
    present::shown,
    registry::Registry,
    write::vals,
};

/// Bytes of a key; it is shown as twice as many hexadecimal digits.
const KEY_BYTES: usize = 20;
/// How long the keys of internal users may live, in days (`api_key_duration` of the group Role / User).
pub(super) const LONGEST_DAYS: f64 = 90.0;

/// Declares the models.
pub(super) fn register(registry: &mut Registry) {
    registry.add(
        Model::new("res.users.apikeys", "Users API Keys")
            .fields([
                Field::char("name")
                    .label("Description")
                    .required()
                    .readonly(),
                Field::many2one("user_id", "res.users")
                    .required()
                    .readonly()
                    .cascade(),
                Field::char("scope").readonly(),
                Field::datetime("create_date")
                    .label("Creation Date")
                    .readonly(),
                Field::datetime("expiration_date")
                    .label("Expiration Date")
                    .readonly(),
                Field::char("digest").groups(NOBODY),
            ])
            .access(USER, "r")
            .access("base.group_portal", "r")
            .rule(Rule::of(&[USER, "base.group_portal"], |env| {
                json!([["user_id", "=", env.uid()]])
            }))
            .rule(Rule::of(&[SYSTEM], |_| json!([])))
            .action("remove", remove),
    );
    registry.add(description());
}

fn description() -> Model {
    Model::new("res.users.apikeys.description", "API Key Description")
        .transient()
        .fields([
            Field::char("name").label("Description").required(),
            Field::selection(
                "duration",
                &[
                    ("1", "1 Day"),
                    ("7", "1 Week"),
                    ("30", "1 Month"),
                    ("90", "3 Months"),
                    ("180", "6 Months"),
                    ("365", "1 Year"),
                    ("0", "Persistent Key"),
                    ("-1", "Custom Date"),
                ],
            )
            .required()
            .default("1"),
            Field::datetime("expiration_date").label("Expiration Date"),
        ])
        .access(USER, "rwcd")
        .access("base.group_portal", "rwcd")
        .method(Method::record("make_key", make_key))
        .before_create(|env, values| {
            expire(env, values);
            Ok(())
        })
        .after_create(|wizard| check_expiration(wizard.env(), wizard.datetime("expiration_date")))
}

/// The user of a key that is valid now: not expired, and its user not archived.
pub(crate) fn owner(env: &Env, key: &str) -> Option<i64> {
    let digest = secret::digest(key);
    let found = env
        .search("res.users.apikeys", &json!([["digest", "=", digest]]))
        .ok()?;
    let key = env.record_of("res.users.apikeys", *found.first()?);
    let alive = key
        .datetime("expiration_date")
        .is_none_or(|until| until >= env.now());
    let user = key.one("user_id")?;
    (alive && user.bool("active")).then(|| user.id())
}

/// Makes a key for a user, past all limits, and returns it.
pub(crate) fn mint(env: &Env, uid: i64, name: &str, until: Option<DateTime>) -> Result<String> {
    let key = secret::random_key(KEY_BYTES);
    let values = json!({
        "name": name,
        "user_id": uid,
        "expiration_date": until.map(shown),
        "digest": secret::digest(&key),
    });
    env.sudo().create("res.users.apikeys", vals(values))?;
    Ok(key)
}

/// The duration decides the date, unless a custom date is given.
fn expire(env: &Env, values: &mut Vals) {
    let duration = values.get("duration").and_then(Json::as_str).unwrap_or("1");
    let days: i64 = duration.parse().unwrap_or(1);
    if days == 0 {
        values.insert("expiration_date".into(), json!(false));
    } else if days > 0 {
        let day = env
            .now()
            .date()
            .checked_add(days.days())
            .unwrap_or(env.now().date());
        values.insert(
            "expiration_date".into(),
            shown(day.to_datetime(Time::midnight())).into(),
        );
    }
}

fn check_expiration(env: &Env, until: Option<DateTime>) -> Result<()> {
    if user::is_system(env) {
        return Ok(());
    }
    let Some(until) = until else {
        return Err(OdooError::validation(
            "The API key must have an expiration date",
        ));
    };
    let days = if user::is_internal(env) {
        LONGEST_DAYS
    } else {
        1.0
    };
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a small whole number of days"
    )]
    let latest = env.now().checked_add((days as i64).days()).unwrap_or(until);
    if until > latest {
        return Err(OdooError::validation(format!(
            "You cannot exceed {days:?} days."
        )));
    }
    Ok(())
}

fn make_key(env: &Env, target: &Target<'_>, args: &Args) -> Result<Json> {
    if !env.identity_checked() {
        return identity::ask(env, target, "make_key");
    }
    let _ = args;
    if !user::is_internal(env) {
        return Err(OdooError::access("Only internal users can create API keys"));
    }
    env.check_existing(env.model(target.model)?, target.ids)?;
    let [id] = target.ids else {
        let shown = crate::engine::error::python_tuple(target.ids);
        return Err(OdooError::value(format!(
            "Expected singleton: {}{shown}",
            target.model
        )));
    };
    let wizard = env.record_of(target.model, *id);
    let until = wizard.datetime("expiration_date");
    check_expiration(env, until)?;
    let key = mint(env, env.uid(), &wizard.text("name"), until)?;
    env.sudo().unlink(target.model, target.ids)?;
    Ok(json!({
        "type": "ir.actions.act_window",
        "res_model": "res.users.apikeys.show",
        "name": "API Key Ready",
        "views": [[false, "form"]],
        "target": "new",
        "context": {"default_key": key},
    }))
}

fn remove(env: &Env, target: &Target<'_>, _: &Args) -> Result<Json> {
    if !env.identity_checked() {
        return identity::ask(env, target, "remove");
    }
    let keys = env.browse(target.model, target.ids);
    let own = keys.iter().all(|key| key.int("user_id") == env.uid());
    if !own && !user::is_system(env) {
        let text = "You can not remove API keys unless they're yours or you are a system user";
        return Err(OdooError::access(text));
    }
    env.sudo().unlink(target.model, target.ids)?;
    Ok(json!({"type": "ir.actions.act_window_close"}))
}
