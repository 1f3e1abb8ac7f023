//! Contacts (`res.partner`): companies, people and addresses.

use serde_json::json;

use super::{PORTAL, USER};
use crate::engine::{
    cell::Cell,
    error::{OdooError, Result},
    field::Field,
    model::{Model, Rule, Vals, own_companies},
    record::Record,
    registry::Registry,
};

/// Declares the models.
pub(super) fn register(registry: &mut Registry) {
    registry.add(
        Model::new("res.partner.category", "Partner Tags")
            .order("name, id")
            .archivable()
            .fields([Field::char("name").required(), Field::integer("color")])
            .access(USER, "r")
            .access("base.group_partner_manager", "rwcd"),
    );
    registry.add(partner());
}

fn partner() -> Model {
    Model::new("res.partner", "Contact")
        .order("complete_name ASC, id DESC")
        .rec_name("complete_name")
        .search_names(&["email", "ref", "vat"])
        .archivable()
        .fields(identity())
        .fields(details())
        .access("base.group_public", "r")
        .access(PORTAL, "r")
        .access(USER, "r")
        .access("base.group_partner_manager", "rwcd")
        .rule(Rule::global(|env| {
            let own = own_companies(env);
            json!(["|", ["partner_share", "=", false], own[0]])
        }))
        .before_create(|_, values| named(values, None))
        .before_write(|env, ids, values| {
            if !values.contains_key("name") {
                return Ok(());
            }
            let kind = env
                .browse("res.partner", ids)
                .first()
                .map(|partner| partner.text("type"));
            named(values, kind)
        })
}

const TYPES: &[(&str, &str)] = &[
    ("contact", "Contact"),
    ("invoice", "Invoice"),
    ("delivery", "Delivery"),
    ("other", "Other"),
];

fn identity() -> Vec<Field> {
    vec![
        Field::char("name"),
        Field::char("complete_name").compute(complete_name).stored(),
        Field::boolean("is_company").label("Is a Company"),
        Field::selection(
            "company_type",
            &[("person", "Person"), ("company", "Company")],
        )
        .label("Company Type")
        .compute(|partner| {
            if partner.bool("is_company") {
                "company"
            } else {
                "person"
            }
            .into()
        }),
        Field::selection("type", TYPES)
            .label("Address Type")
            .default("contact"),
        Field::many2one("parent_id", "res.partner")
            .label("Related Company")
            .followed(),
        Field::char("parent_name")
            .label("Parent name")
            .related("parent_id.name"),
        Field::one2many("child_ids", "res.partner", "parent_id").label("Contact"),
        Field::many2one("commercial_partner_id", "res.partner")
            .label("Commercial Entity")
            .compute(commercial_partner)
            .stored(),
        Field::many2one("company_id", "res.company"),
        Field::one2many("user_ids", "res.users", "partner_id").label("Users"),
        Field::boolean("partner_share")
            .label("Share Partner")
            .compute(is_shared)
            .stored(),
    ]
}

fn details() -> Vec<Field> {
    vec![
        Field::many2many("category_id", "res.partner.category").label("Tags"),
        Field::char("ref").label("Reference"),
        Field::char("vat").label("Tax ID"),
        Field::char("function").label("Job Position"),
        Field::html("comment").label("Notes"),
        Field::integer("color"),
        Field::char("email"),
        Field::char("phone"),
        Field::char("website"),
        Field::selection("lang", &[("en_US", "English (US)")])
            .label("Language")
            .default_fn(|_| "en_US".into()),
        Field::char("tz").label("Timezone"),
        Field::char("street"),
        Field::char("street2"),
        Field::char("zip"),
        Field::char("city"),
        Field::many2one("country_id", "res.country"),
        Field::char("country_code").related("country_id.code"),
        Field::char("contact_address")
            .label("Complete Address")
            .compute(contact_address),
    ]
}

/// "Company, Person" for the people of a company.
fn complete_name(partner: &Record<'_>) -> Cell {
    let name = partner.text("name");
    let company = partner.one("parent_id").map(|parent| parent.text("name"));
    match company.filter(|company| !company.is_empty() && !partner.bool("is_company")) {
        Some(company) => format!("{company}, {name}").into(),
        None => name.into(),
    }
}

/// Whether the contact is no internal user.
fn is_shared(partner: &Record<'_>) -> Cell {
    let users = partner.many("user_ids");
    (users.is_empty() || users.iter().any(|user| user.bool("share"))).into()
}

fn commercial_partner(partner: &Record<'_>) -> Cell {
    let mut at = *partner;
    for _ in 0..16 {
        match at.one("parent_id") {
            Some(parent) if !at.bool("is_company") => at = parent,
            _ => break,
        }
    }
    at.id().into()
}

fn contact_address(partner: &Record<'_>) -> Cell {
    let country = partner
        .one("country_id")
        .map(|country| country.text("name"));
    let lines = [
        partner.text("street"),
        partner.text("street2"),
        format!("{} {}", partner.text("city"), partner.text("zip"))
            .trim()
            .to_owned(),
        country.unwrap_or_default(),
    ];
    lines.join("\n").into()
}

/// A contact needs a name; only addresses of a company do without.
fn named(values: &Vals, kind: Option<String>) -> Result<()> {
    let kind = values
        .get("type")
        .and_then(|kind| kind.as_str())
        .map(ToOwned::to_owned)
        .or(kind);
    let given = values
        .get("name")
        .is_some_and(|name| name != &json!(false) && !name.is_null());
    if given || kind.is_some_and(|kind| kind != "contact") {
        return Ok(());
    }
    Err(OdooError::validation(
        "The operation cannot be completed: Contacts require a name",
    ))
}
