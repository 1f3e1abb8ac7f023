//! The companies and people of the demo company, as records of the base.

use std::collections::HashMap;

use jiff::civil::Date;
use serde_json::json;

use super::secret;
use crate::demo::{self, DemoCompany, Person};
use crate::engine::{cell::Cell, env::Env, error::Result, write::vals};

/// Fills currencies, countries, companies and users.
pub(super) fn load(env: &Env, today: Date) -> Result<()> {
    let demo = demo::company(today);
    world(env)?;
    let companies = companies(env, &demo)?;
    bot(env, &companies)?;
    for person in &demo.people {
        add(env, person, &companies)?;
    }
    Ok(())
}

/// The XML id of a user of the demo company.
pub(crate) fn user_xml_id(login: &str) -> String {
    format!("larkspur.user_{login}")
}

fn world(env: &Env) -> Result<()> {
    for (name, full, symbol, position) in [
        ("USD", "United States dollar", "$", "before"),
        ("EUR", "Euro", "€", "after"),
        ("GBP", "Pound sterling", "£", "before"),
    ] {
        let id = env.create(
            "res.currency",
            vals(json!({
                "name": name, "full_name": full, "symbol": symbol, "position": position,
            })),
        )?;
        env.set_xml_id(&format!("base.{name}"), "res.currency", id);
        // The demo company trades in two currencies; the others are there to be activated.
        env.record_of("res.currency", id)
            .set("active", name != "GBP");
    }
    for (code, name, currency, phone) in [
        // In the order of Odoo's ids, which groups by country behind a path are sorted by.
        ("CA", "Canada", "USD", 1),
        ("CH", "Switzerland", "EUR", 41),
        ("DE", "Germany", "EUR", 49),
        ("DK", "Denmark", "EUR", 45),
        ("FI", "Finland", "EUR", 358),
        ("FR", "France", "EUR", 33),
        ("IT", "Italy", "EUR", 39),
        ("NL", "Netherlands", "EUR", 31),
        ("NO", "Norway", "EUR", 47),
        ("SE", "Sweden", "EUR", 46),
        ("GB", "United Kingdom", "GBP", 44),
        ("US", "United States", "USD", 1),
    ] {
        let currency = env.xml_id(&format!("base.{currency}"));
        let id = env.create(
            "res.country",
            vals(json!({
                "code": code, "name": name, "currency_id": currency, "phone_code": phone,
            })),
        )?;
        env.set_xml_id(&format!("base.{}", code.to_lowercase()), "res.country", id);
    }
    Ok(())
}

/// The companies by their key.
fn companies(env: &Env, demo: &DemoCompany) -> Result<HashMap<&'static str, i64>> {
    let mut ids = HashMap::new();
    for company in &demo.companies {
        let country = env.xml_id(&format!("base.{}", company.country.to_lowercase()));
        let address = json!({
            "name": company.name, "email": company.email, "city": company.city, "country_id": country,
        });
        let mut partner = vals(address.clone());
        partner.insert("is_company".into(), json!(true));
        let partner = env.create("res.partner", partner)?;
        let mut values = vals(address);
        values.insert("partner_id".into(), partner.into());
        let currency = env.xml_id(&format!("base.{}", company.currency));
        values.insert("currency_id".into(), json!(currency));
        let id = env.create("res.company", values)?;
        let name = if id == 1 {
            "base.main_company".into()
        } else {
            format!("larkspur.company_{id}")
        };
        env.set_xml_id(&name, "res.company", id);
        ids.insert(company.key, id);
    }
    Ok(ids)
}

/// The superuser, archived as everywhere.
fn bot(env: &Env, companies: &HashMap<&'static str, i64>) -> Result<()> {
    let mut all: Vec<i64> = companies.values().copied().collect();
    all.sort_unstable();
    let id = env.create(
        "res.users",
        vals(json!({
            "name": "OdooBot", "login": "__system__", "company_id": 1, "company_ids": [[6, 0, all]],
        })),
    )?;
    env.set_xml_id("base.user_root", "res.users", id);
    let bot = env.record_of("res.users", id);
    bot.set("active", false);
    if let Some(partner) = bot.one("partner_id") {
        partner.set("active", false);
    }
    Ok(())
}

fn add(env: &Env, person: &Person, companies: &HashMap<&'static str, i64>) -> Result<()> {
    let own: Vec<i64> = person
        .companies
        .iter()
        .filter_map(|key| companies.get(key).copied())
        .collect();
    let groups: Vec<i64> = person
        .role
        .groups()
        .iter()
        .filter_map(|xml_id| env.xml_id(xml_id))
        .collect();
    let id = env.create(
        "res.users",
        vals(json!({
            "name": person.name,
            "login": person.login,
            "email": person.email,
            "tz": person.tz,
            "lang": "en_US",
            "company_id": own.first(),
            "company_ids": [[6, 0, own]],
            "group_ids": [[6, 0, groups]],
        })),
    )?;
    env.set_xml_id(&user_xml_id(person.login), "res.users", id);
    let user = env.record_of("res.users", id);
    user.set("password_digest", secret::digest(&person.password));
    if let Some(partner) = user.one("partner_id") {
        env.set_xml_id(
            &format!("larkspur.partner_{}", person.login),
            "res.partner",
            partner.id(),
        );
        partner.set("lang", "en_US");
        partner.set("tz", user.get("tz"));
        partner.set("company_id", Cell::Empty);
    }
    Ok(())
}
