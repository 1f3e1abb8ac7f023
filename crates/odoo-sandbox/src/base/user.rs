//! Users and groups (`res.users`, `res.groups`).

use serde_json::{Value as Json, json};

use super::{ACCESS_RIGHTS, PORTAL, SYSTEM, USER, secret};
use crate::engine::{
    cell::Cell,
    env::Env,
    error::{OdooError, Result},
    field::{Field, NOBODY},
    method::{Args, Method, Target},
    model::{Model, Rule, Vals},
    record::Record,
    registry::Registry,
    write::vals,
};

/// What a user may change on the own record without the right to change users.
const SELF_WRITEABLE: [&str; 8] = [
    "signature",
    "company_id",
    "email",
    "name",
    "phone",
    "lang",
    "tz",
    "notification_type",
];

/// Declares the models.
pub(super) fn register(registry: &mut Registry) {
    registry.add(users());
    registry.add(groups());
}

fn users() -> Model {
    Model::new("res.users", "User")
        .order("name, login")
        .search_names(&["login"])
        .archivable()
        .fields(user_fields())
        .fields(user_links())
        .access(USER, "r")
        .access(PORTAL, "r")
        .access(ACCESS_RIGHTS, "rwcd")
        .rule(Rule::global(|env| {
            json!([
                "|",
                ["share", "=", false],
                ["company_ids", "in", env.companies()]
            ])
        }))
        .method(Method::model("context_get", context_get).readonly())
        .method(
            Method::record("has_group", has_group)
                .required("group_ext_id")
                .readonly(),
        )
        .method(Method::record("write", write).required("vals"))
        .before_create(before_create)
        .after_create(after_create)
        .after_write(after_write)
}

fn user_fields() -> Vec<Field> {
    vec![
        Field::char("login")
            .required()
            .help("Used to log into the system"),
        Field::char("name").required(),
        Field::char("email"),
        Field::char("phone"),
        Field::char("password").compute(|_| "".into()),
        Field::char("password_digest").groups(NOBODY).no_copy(),
        Field::char("totp_secret").groups(NOBODY).no_copy(),
        Field::integer("totp_last_step").groups(NOBODY).no_copy(),
        Field::boolean("totp_enabled")
            .label("Two-factor authentication")
            .compute(|user| user.bool("totp_secret").into()),
        Field::char("signature"),
        Field::selection("lang", &[("en_US", "English (US)")])
            .label("Language")
            .default("en_US"),
        Field::char("tz").label("Timezone"),
        Field::selection(
            "notification_type",
            &[("email", "By Emails"), ("inbox", "In Odoo")],
        )
        .label("Notification")
        .default("email"),
    ]
}

fn user_links() -> Vec<Field> {
    vec![
        Field::many2one("partner_id", "res.partner").label("Related Partner"),
        Field::many2one("company_id", "res.company")
            .required()
            .default_fn(|env| env.company().into()),
        Field::many2many("company_ids", "res.company")
            .label("Companies")
            .default_fn(|env| vec![env.company()].into()),
        Field::many2many("group_ids", "res.groups")
            .label("Groups")
            .with_archived(),
        Field::many2many("all_group_ids", "res.groups")
            .label("Groups and implied groups")
            .compute(all_groups)
            .searchable(),
        Field::boolean("share")
            .label("Share User")
            .compute(is_share)
            .stored(),
        Field::one2many("api_key_ids", "res.users.apikeys", "user_id").label("API Keys"),
    ]
}

fn groups() -> Model {
    Model::new("res.groups", "Access Groups")
        .order("name, id")
        .rec_name("full_name")
        .fields([
            Field::char("name").required(),
            Field::char("full_name").label("Group Name"),
            Field::char("xml_id").groups(NOBODY),
            Field::many2many("implied_ids", "res.groups").label("Implied Groups"),
            Field::many2many("user_ids", "res.users").compute(|group| {
                let users = group.env().sudo();
                let found = users.search("res.users", &json!([["group_ids", "in", [group.id()]]]));
                found.unwrap_or_default().into()
            }),
            Field::float("api_key_duration").label("API Keys maximum duration days"),
            Field::boolean("share").label("Share Group"),
            Field::text("comment"),
        ])
        .access(USER, "r")
        .access(ACCESS_RIGHTS, "rwcd")
}

/// Whether a user is an employee of the company and not an outsider.
pub(crate) fn is_internal(env: &Env) -> bool {
    env.in_group(USER)
}

/// Whether a user may do everything.
pub(crate) fn is_system(env: &Env) -> bool {
    env.is_sudo() || env.in_group(SYSTEM)
}

fn is_share(user: &Record<'_>) -> Cell {
    (!user.env().with_user(user.id()).in_group(USER)).into()
}

fn all_groups(user: &Record<'_>) -> Cell {
    let env = user.env().with_user(user.id());
    let mut ids: Vec<i64> = env
        .memberships()
        .iter()
        .filter_map(|xml_id| env.xml_id(xml_id))
        .collect();
    ids.sort_unstable();
    ids.into()
}

fn context_get(env: &Env, _: &Target<'_>, _: &Args) -> Result<Json> {
    let user = env.user();
    let text = |field: &str| {
        user.get(field)
            .as_text()
            .map_or(json!(false), |text| json!(text))
    };
    Ok(json!({"lang": text("lang"), "tz": text("tz"), "uid": env.uid()}))
}

fn has_group(env: &Env, target: &Target<'_>, args: &Args) -> Result<Json> {
    let Some([user]) = target
        .ids
        .first_chunk::<1>()
        .filter(|_| target.ids.len() == 1)
    else {
        let text = format!(
            "Expected singleton: res.users{}",
            crate::engine::error::python_tuple(target.ids)
        );
        return Err(OdooError::value(text));
    };
    let group = args.text("group_ext_id").unwrap_or_default();
    Ok(json!(env.with_user(*user).in_group(group)))
}

/// Users change their own preferences without the right to change users.
fn write(env: &Env, target: &Target<'_>, args: &Args) -> Result<Json> {
    let values = args
        .get("vals")
        .and_then(Json::as_object)
        .cloned()
        .unwrap_or_default();
    let own = target.ids == [env.uid()]
        && values
            .keys()
            .all(|name| SELF_WRITEABLE.contains(&name.as_str()));
    if own {
        if let Some(company) = values.get("company_id").and_then(Json::as_i64)
            && !env.user().ids("company_ids").contains(&company)
        {
            let text = "The user’s company is not in the allowed companies.";
            return Err(OdooError::validation(text));
        }
        env.sudo().write(target.model, target.ids, values)?;
    } else {
        env.write(target.model, target.ids, values)?;
    }
    Ok(json!(true))
}

fn before_create(env: &Env, values: &mut Vals) -> Result<()> {
    if let Some(login) = values.get("login").and_then(Json::as_str) {
        refuse_twins(env, login, &[])?;
    }
    hide_password(values);
    if !values.contains_key("partner_id") {
        let name = values.get("name").cloned().unwrap_or_default();
        let email = values.get("email").cloned().unwrap_or_default();
        let partner = vals(json!({"name": name, "email": email}));
        values.insert(
            "partner_id".into(),
            env.sudo().create("res.partner", partner)?.into(),
        );
    }
    if !values.contains_key("group_ids")
        && let Some(user) = env.xml_id(USER)
    {
        values.insert("group_ids".into(), json!([[6, 0, [user]]]));
    }
    Ok(())
}

fn after_create(user: &Record<'_>) -> Result<()> {
    user.env().forget_memberships();
    Ok(())
}

fn after_write(env: &Env, ids: &[i64], values: &Vals) -> Result<()> {
    env.forget_memberships();
    if let Some(login) = values.get("login").and_then(Json::as_str) {
        refuse_twins(env, login, ids)?;
    }
    for user in env.browse("res.users", ids) {
        if let Some(password) = values.get("password").and_then(Json::as_str) {
            user.set("password_digest", secret::digest(password));
        }
        let partner = user.one("partner_id");
        for name in ["name", "email", "phone", "lang", "tz"] {
            if let (Some(partner), true) = (&partner, values.contains_key(name)) {
                partner.set(name, user.get(name));
            }
        }
    }
    Ok(())
}

fn hide_password(values: &mut Vals) {
    if let Some(Json::String(password)) = values.remove("password") {
        values.insert("password_digest".into(), secret::digest(&password).into());
    }
}

fn refuse_twins(env: &Env, login: &str, own: &[i64]) -> Result<()> {
    let all = env.sudo().with("active_test", false);
    let found = all.search(
        "res.users",
        &json!([["login", "=", login], ["id", "not in", own]]),
    )?;
    if found.is_empty() {
        return Ok(());
    }
    let text = "The operation cannot be completed: You can not have two users with the same login!";
    Err(OdooError::validation(text))
}
