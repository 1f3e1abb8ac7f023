//! `fields_get`: the description of fields that clients ask for, as Odoo gives it.

use serde_json::{Map, Value as Json, json};

use super::{
    env::Env,
    field::{Field, Kind, Source},
    model::Model,
};

/// The descriptions of the readable fields among `names` (all if there are none), with only some attributes if any are named.
pub(super) fn describe(
    env: &Env,
    model: &Model,
    names: Option<&[&str]>,
    attributes: Option<&[&str]>,
) -> Json {
    let mut fields = Map::new();
    for field in model.all_fields() {
        if !env.may_use(field) || names.is_some_and(|names| !names.contains(&field.name)) {
            continue;
        }
        let mut described = attributes_of(field);
        if let Some(wanted) = attributes {
            described.retain(|name, _| wanted.contains(&name.as_str()));
        }
        fields.insert(field.name.to_owned(), described.into());
    }
    fields.into()
}

fn attributes_of(field: &Field) -> Map<String, Json> {
    let related = matches!(field.source, Source::Related(_));
    let x2many = field.is_x2many();
    let column = field.column || related && !x2many;
    let bulky = matches!(field.kind, Kind::One2many(..) | Kind::Binary | Kind::Json);
    let stored = matches!(field.source, Source::Stored) || field.column;
    let named = matches!(field.kind, Kind::Char) && field.name == "name";
    let always = json!({
        "change_default": false,
        "company_dependent": false,
        "default_export_compatible": named,
        "depends": [],
        "exportable": true,
        "groupable": column && !bulky,
        "manual": false,
        "name": field.name,
        "readonly": field.readonly,
        "required": field.required,
        "searchable": field.searchable,
        "sortable": column && !x2many,
        "store": stored,
        "string": field.label,
        "type": field.type_name(),
    });
    let mut map = always.as_object().cloned().unwrap_or_default();
    map.extend(
        sometimes(field)
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value)),
    );
    map
}

/// The attributes that only some fields have.
fn sometimes(field: &Field) -> Vec<(&'static str, Json)> {
    let mut found = Vec::new();
    found.extend(field.help.map(|help| ("help", json!(help))));
    found.extend(
        field
            .aggregator
            // Odoo aggregates columns only, and no sequence.
            .filter(|_| field.column && field.name != "sequence")
            .map(|aggregator| ("aggregator", json!(aggregator))),
    );
    if !field.groups.is_empty() {
        found.push(("groups", json!(field.groups.join(","))));
    }
    match &field.kind {
        Kind::Char => found.extend([("translate", json!(false)), ("trim", json!(true))]),
        Kind::Text | Kind::Html => found.push(("translate", json!(false))),
        Kind::Selection(keys) => found.push(("selection", json!(keys))),
        Kind::Monetary(currency) => found.push(("currency_field", json!(currency))),
        Kind::One2many(_, inverse) => found.push(("relation_field", json!(inverse))),
        _ => {}
    }
    if let Some(relation) = field.relation() {
        let context = if field.active_test {
            json!({})
        } else {
            json!({"active_test": false})
        };
        found.extend([
            ("context", context),
            ("domain", json!([])),
            ("relation", json!(relation)),
        ]);
    }
    found
}
