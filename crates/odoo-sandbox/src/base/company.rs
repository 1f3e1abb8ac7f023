//! Companies, currencies, countries and languages.

use serde_json::{Value as Json, json};

use super::{ACCESS_RIGHTS, PORTAL, SYSTEM, USER};
use crate::engine::{
    env::Env,
    error::Result,
    field::Field,
    method::{Args, Method, Target},
    model::{Model, Rule},
    registry::Registry,
};

/// Declares the models.
pub(super) fn register(registry: &mut Registry) {
    registry.add(company());
    registry.add(currency());
    registry.add(country());
    registry.add(language());
}

fn company() -> Model {
    Model::new("res.company", "Companies")
        .order("sequence, name")
        .archivable()
        .fields([
            Field::char("name").label("Company Name").required(),
            Field::integer("sequence").default(10),
            Field::many2one("parent_id", "res.company").label("Parent Company"),
            Field::one2many("child_ids", "res.company", "parent_id").label("Branches"),
            Field::many2one("partner_id", "res.partner").required(),
            Field::many2one("currency_id", "res.currency").required(),
            Field::many2one("country_id", "res.country"),
            Field::char("email"),
            Field::char("phone"),
            Field::char("website").label("Website Link"),
            Field::char("vat").label("Tax ID"),
            Field::char("street"),
            Field::char("city"),
            Field::char("zip"),
            Field::integer("color"),
        ])
        .access("base.group_public", "r")
        .access(PORTAL, "r")
        .access(USER, "r")
        .access(ACCESS_RIGHTS, "rwcd")
        .rule(Rule::of(&[USER, PORTAL], |env| {
            json!([["id", "in", env.companies()]])
        }))
        .rule(Rule::of(&[ACCESS_RIGHTS], |_| json!([])))
}

fn currency() -> Model {
    Model::new("res.currency", "Currency")
        .order("active desc, name")
        .archivable()
        .fields([
            Field::char("name").label("Currency").required(),
            Field::char("full_name").label("Name"),
            Field::char("symbol").required(),
            Field::selection(
                "position",
                &[("after", "After Amount"), ("before", "Before Amount")],
            )
            .label("Symbol Position")
            .default("after"),
            Field::float("rate").label("Current Rate").default(1.0),
            Field::float("rounding")
                .label("Rounding Factor")
                .default(0.01),
            Field::integer("decimal_places").default(2),
        ])
        .access("base.group_public", "r")
        .access(PORTAL, "r")
        .access(USER, "r")
        .access(SYSTEM, "rwcd")
}

fn country() -> Model {
    Model::new("res.country", "Country")
        .order("name, id")
        .search_names(&["code"])
        .fields([
            Field::char("name").label("Country Name").required(),
            Field::char("code").label("Country Code").required(),
            Field::many2one("currency_id", "res.currency"),
            Field::integer("phone_code").label("Country Calling Code"),
        ])
        .access("base.group_public", "r")
        .access(PORTAL, "r")
        .access(USER, "r")
        .access(SYSTEM, "rwcd")
}

fn language() -> Model {
    Model::new("res.lang", "Languages")
        .order("active desc, name")
        .archivable()
        .fields([
            Field::char("name").required(),
            Field::char("code").label("Locale Code").required(),
            Field::char("iso_code").label("ISO code"),
            Field::char("url_code").label("URL Code"),
            Field::char("date_format")
                .label("Date Format")
                .required()
                .default("%m/%d/%Y"),
        ])
        .access("base.group_public", "r")
        .access(PORTAL, "r")
        .access(USER, "r")
        .access(SYSTEM, "rwcd")
        .method(Method::model("get_installed", get_installed).readonly())
}

fn get_installed(env: &Env, _: &Target<'_>, _: &Args) -> Result<Json> {
    let all = env.sudo();
    let ids = all.search("res.lang", &json!([]))?;
    let pairs = all.browse("res.lang", &ids).into_iter();
    Ok(pairs
        .map(|lang| json!([lang.text("code"), lang.text("name")]))
        .collect())
}
