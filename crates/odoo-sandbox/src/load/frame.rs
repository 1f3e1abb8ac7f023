//! Companies, rates, accounts, taxes, journals and ways of paying: what the books stand on.

use serde_json::json;

use super::{Load, chart};
use crate::demo::{Account, Company, Journal, JournalType, Tax, TaxUse};
use crate::engine::{env::Env, error::Result, write::vals};

/// The XML ids of the companies in the order of the demo company.
const COMPANIES: [&str; 2] = ["base.main_company", "larkspur.company_2"];

/// Loads what every company has.
pub(super) fn load(load: &Load<'_>) -> Result<()> {
    payment_methods(load)?;
    for (company, name) in load.demo.companies.iter().zip(COMPANIES) {
        if let Some(id) = load.env.xml_id(name) {
            load.env
                .set_xml_id(&super::xml_id("company", company.key), "res.company", id);
        }
        describe(load, company)?;
        let env = load.within(company.key)?;
        for wanted in &load.demo.accounts {
            account(load, &env, company, wanted)?;
        }
        taxes(load, &env, company)?;
        for wanted in &load.demo.journals {
            journal(load, &env, company, wanted)?;
        }
        chart::load(load, &env, company.key)?;
    }
    chart::payment_terms(load)?;
    rates(load)
}

fn describe(load: &Load<'_>, company: &Company) -> Result<()> {
    let id = load.id("company", company.key)?;
    let calendar = json!({ "name": "Standard 40 hours/week", "company_id": id, "tz": "UTC" });
    let calendar = load.create("calendar", company.key, "resource.calendar", calendar)?;
    load.env.write(
        "res.company",
        &[id],
        vals(json!({ "resource_calendar_id": calendar })),
    )
}

fn rates(load: &Load<'_>) -> Result<()> {
    for rate in &load.demo.rates {
        let values = json!({
            "name": rate.since.to_string(),
            "currency_id": load.currency(rate.currency)?,
            "company_id": load.id("company", rate.company)?,
            "rate": rate.units,
        });
        load.create(
            "rate",
            &format!("{}_{}", rate.company, rate.currency),
            "res.currency.rate",
            values,
        )?;
    }
    Ok(())
}

fn account(load: &Load<'_>, env: &Env, company: &Company, wanted: &Account) -> Result<()> {
    let values = json!({
        "code": wanted.code,
        "name": wanted.name,
        "account_type": wanted.account_type.as_str(),
        "reconcile": wanted.reconcile,
        "company_ids": [[6, 0, [load.id("company", company.key)?]]],
    });
    let key = format!("{}_{}", company.key, wanted.code);
    load.create_in(env, ("account", &key), "account.account", values)
        .map(drop)
}

fn taxes(load: &Load<'_>, env: &Env, company: &Company) -> Result<()> {
    let id = load.id("company", company.key)?;
    let group = json!({ "name": "Tax 15%", "company_id": id });
    let group = load.create_in(env, ("tax_group", company.key), "account.tax.group", group)?;
    for wanted in &load.demo.taxes {
        let created = tax(load, env, (company, group), wanted)?;
        let default = match wanted.used_on {
            TaxUse::Sale => "account_sale_tax_id",
            TaxUse::Purchase => "account_purchase_tax_id",
        };
        load.env
            .write("res.company", &[id], vals(json!({ default: created })))?;
    }
    Ok(())
}

fn tax(load: &Load<'_>, env: &Env, (company, group): (&Company, i64), wanted: &Tax) -> Result<i64> {
    let account = load.id_in("account", company.key, wanted.account)?;
    let mut lines = Vec::new();
    for document in ["invoice", "refund"] {
        lines.push(json!([0, 0, { "document_type": document, "repartition_type": "base" }]));
        lines.push(json!([0, 0, {
            "document_type": document, "repartition_type": "tax", "account_id": account,
        }]));
    }
    let values = json!({
        "name": wanted.name,
        "type_tax_use": wanted.used_on.as_str(),
        "amount": wanted.percent,
        "company_id": load.id("company", company.key)?,
        "country_id": load.country(company.country)?,
        "tax_group_id": group,
        "repartition_line_ids": lines,
    });
    load.create_in(
        env,
        ("tax", &format!("{}_{}", company.key, wanted.key)),
        "account.tax",
        values,
    )
}

fn journal(load: &Load<'_>, env: &Env, company: &Company, wanted: &Journal) -> Result<()> {
    let account = wanted
        .default_account
        .map(|code| load.id_in("account", company.key, code))
        .transpose()?;
    let values = json!({
        "code": wanted.code,
        "name": wanted.name,
        "type": wanted.journal_type.as_str(),
        "sequence": wanted.sequence,
        "company_id": load.id("company", company.key)?,
        "default_account_id": account,
    });
    let key = format!("{}_{}", company.key, wanted.code);
    let journal = load.create_in(env, ("journal", &key), "account.journal", values)?;
    if matches!(wanted.journal_type, JournalType::Bank | JournalType::Cash) {
        for direction in ["inbound", "outbound"] {
            let line = json!({
                "name": "Manual Payment", "journal_id": journal, "payment_account_id": account,
                "payment_method_id": load.id("payment_method", direction)?,
            });
            env.create("account.payment.method.line", vals(line))?;
        }
    }
    Ok(())
}

fn payment_methods(load: &Load<'_>) -> Result<()> {
    for direction in ["inbound", "outbound"] {
        let values =
            json!({ "name": "Manual Payment", "code": "manual", "payment_type": direction });
        load.create(
            "payment_method",
            direction,
            "account.payment.method",
            values,
        )?;
    }
    Ok(())
}
