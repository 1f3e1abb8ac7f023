//! Exchange rates (`res.currency.rate`) and what accounting adds to currencies.

use serde_json::json;

use crate::engine::{
    cell::Cell,
    field::Field,
    model::{Model, Rule},
    record::Record,
    registry::Registry,
};

use super::MANAGER;
use crate::models::money;

/// Declares the model and the fields.
pub(super) fn register(registry: &mut Registry) {
    registry.add(
        Model::new("res.currency.rate", "Currency Rate")
            .order("name desc, id")
            .rec_name("name")
            .fields(table())
            .access("base.group_user", "r")
            .access("base.group_portal", "r")
            .access("base.group_public", "r")
            .access("base.group_system", "rwcd")
            .access(MANAGER, "rwcd")
            .rule(Rule::global(|env| {
                let mut companies = vec![json!(false)];
                companies.extend(env.companies().into_iter().map(|id| json!(id)));
                json!([["company_id", "in", companies]])
            })),
    );
    registry.extend("res.currency", |currency| {
        currency.fields(fields! {
            one2many("rate_ids", "res.currency.rate", "currency_id").label("Rates");
            float("rate").label("Current Rate").compute(current_rate);
            float("inverse_rate").compute(inverse_rate);
            date("date").compute(rate_date);
        })
    });
}

fn table() -> Vec<Field> {
    fields! {
        date("name").label("Date").required().default_fn(|env| env.today().into());
        float("rate").label("Technical Rate").aggregator("avg");
        float("company_rate").compute(|rate| rate.get("rate"));
        float("inverse_company_rate").compute(inverse_company_rate);
        many2one("currency_id", "res.currency").required().readonly();
        many2one("company_id", "res.company").default_fn(|env| env.company().into());
    }
}

fn inverse_company_rate(rate: &Record<'_>) -> Cell {
    let units = rate.float("rate");
    if units == 0.0 {
        Cell::Empty
    } else {
        (1.0 / units).into()
    }
}

/// Units of this currency for one of the current company's.
fn current_rate(currency: &Record<'_>) -> Cell {
    let env = currency.env();
    let company = env.record_of("res.company", env.company());
    money::rate(env, &company, currency.id(), env.today())
        .ok()
        .into()
}

fn inverse_rate(currency: &Record<'_>) -> Cell {
    let units = current_rate(currency).as_float();
    if units == 0.0 {
        Cell::Empty
    } else {
        (1.0 / units).into()
    }
}

fn rate_date(currency: &Record<'_>) -> Cell {
    currency
        .many("rate_ids")
        .iter()
        .filter_map(|rate| rate.date("name"))
        .max()
        .into()
}
