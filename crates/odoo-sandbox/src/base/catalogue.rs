//! What an instance tells about itself: its models (`ir.model`) and modules (`ir.module.module`).

use serde_json::{Value as Json, json};

use super::{ACCESS_RIGHTS, SYSTEM, USER};
use crate::engine::{
    env::Env,
    error::Result,
    field::Field,
    method::{Args, Method, Target},
    model::{Model, Operation},
    registry::Registry,
    write::vals,
};

/// Declares the models.
pub(super) fn register(registry: &mut Registry) {
    registry.add(
        Model::new("ir.model", "Models")
            .order("model")
            .fields([
                Field::char("name").label("Model Description").required(),
                Field::char("model").required(),
                Field::boolean("transient").label("Transient Model"),
                Field::char("modules").label("In Apps"),
            ])
            .access(ACCESS_RIGHTS, "r")
            .method(Method::model("get_available_models", available_models).readonly()),
    );
    registry.add(module());
}

fn module() -> Model {
    Model::new("ir.module.module", "Module")
        .order("sequence desc, shortdesc, name")
        .search_names(&["shortdesc"])
        .fields([
            Field::char("name")
                .label("Technical Name")
                .required()
                .readonly(),
            Field::char("shortdesc").label("Module Name").readonly(),
            Field::char("summary").readonly(),
            Field::char("author").readonly(),
            Field::integer("sequence").default(100),
            Field::boolean("application").readonly(),
            Field::char("installed_version").label("Latest Version"),
            Field::char("latest_version")
                .label("Installed Version")
                .readonly(),
            Field::selection(
                "state",
                &[
                    ("uninstallable", "Uninstallable"),
                    ("uninstalled", "Not Installed"),
                    ("installed", "Installed"),
                    ("to upgrade", "To be upgraded"),
                    ("to remove", "To be removed"),
                    ("to install", "To be installed"),
                ],
            )
            .label("Status")
            .default("uninstallable")
            .readonly(),
        ])
        .access(USER, "r")
        .access(SYSTEM, "rwcd")
}

/// Fills the tables, with groups and languages.
pub(super) fn load(env: &Env) -> Result<()> {
    for model in env.registry().models() {
        env.create(
            "ir.model",
            vals(json!({
                "name": model.label, "model": model.name, "transient": model.transient,
            })),
        )?;
    }
    for module in env.registry().modules() {
        env.create(
            "ir.module.module",
            vals(json!({
                "name": module.name,
                "shortdesc": module.label,
                "state": "installed",
                "installed_version": module.version,
                "latest_version": module.version,
                "author": "Odoo S.A.",
            })),
        )?;
    }
    for (name, xml_id) in [("Discussions", "mail.mt_comment"), ("Note", "mail.mt_note")] {
        let internal = name == "Note";
        let id = env.create(
            "mail.message.subtype",
            vals(json!({"name": name, "internal": internal})),
        )?;
        env.set_xml_id(xml_id, "mail.message.subtype", id);
    }
    groups(env)?;
    env.create(
        "res.lang",
        vals(json!({
            "name": "English (US)", "code": "en_US", "iso_code": "en", "url_code": "en",
        })),
    )?;
    Ok(())
}

fn groups(env: &Env) -> Result<()> {
    for group in env.registry().groups() {
        let separator = if group.privilege.is_empty() {
            ""
        } else {
            " / "
        };
        let days = if group.xml_id == USER {
            super::apikey::LONGEST_DAYS
        } else {
            0.0
        };
        let id = env.create(
            "res.groups",
            vals(json!({
                "name": group.name,
                "full_name": format!("{}{separator}{}", group.privilege, group.name),
                "xml_id": group.xml_id,
                "api_key_duration": days,
                "share": group.xml_id == super::PORTAL,
            })),
        )?;
        env.set_xml_id(group.xml_id, "res.groups", id);
    }
    for group in env.registry().groups() {
        let implied: Vec<i64> = group
            .implies
            .iter()
            .filter_map(|xml_id| env.xml_id(xml_id))
            .collect();
        if let Some(id) = env.xml_id(group.xml_id) {
            env.record_of("res.groups", id).set("implied_ids", implied);
        }
    }
    Ok(())
}

/// The models that the caller may read, wizards left out, by their labels.
fn available_models(env: &Env, _: &Target<'_>, _: &Args) -> Result<Json> {
    let models = env.registry().models().filter(|model| !model.transient);
    let mut found: Vec<&Model> = models
        .filter(|model| env.may(model, Operation::Read))
        .collect();
    found.sort_by_key(|model| (model.label, model.name));
    let found = found.into_iter();
    Ok(found
        .map(|model| json!({"display_name": model.label, "model": model.name}))
        .collect())
}
