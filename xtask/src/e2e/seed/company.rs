//! The two companies, each with a chart of accounts, their currencies and the rate between them.

use anyhow::Context as _;
use odoo_json2::{Odoo, Values, field};
use odoo_sandbox::demo::Company;
use serde_json::{Value, json};

use super::{Seeder, quiet};

/// Seeds currencies, companies, charts of accounts and rates.
pub(super) async fn seed(seeder: &mut Seeder<'_>) -> anyhow::Result<()> {
    for (index, company) in seeder.demo.companies.iter().enumerate() {
        currency(seeder, company.currency).await?;
        if index == 0 {
            adopt_main(seeder, company).await?;
        } else {
            create(seeder, company).await?;
        }
        chart(seeder, company).await?;
        describe(seeder, company, index).await?;
    }
    rates(seeder).await
}

/// Finds a currency and makes sure that it is active.
async fn currency(seeder: &mut Seeder<'_>, code: &str) -> anyhow::Result<i64> {
    if let Some(id) = seeder.known("currency", code) {
        return Ok(id);
    }
    let everything = quiet().with("active_test", false);
    let id = seeder
        .find("res.currency", field("name").eq(code), everything)
        .await?
        .with_context(|| format!("no currency {code}"))?;
    seeder
        .odoo
        .write("res.currency", &[id], &Values::new().set("active", true))
        .await?;
    seeder.adopt(("currency", code), "res.currency", id).await?;
    Ok(id)
}

/// The company that every database begins with becomes the first one.
async fn adopt_main(seeder: &mut Seeder<'_>, company: &Company) -> anyhow::Result<()> {
    if seeder.known("company", company.key).is_some() {
        return Ok(());
    }
    let id = seeder.external_id("base.main_company").await?;
    seeder
        .adopt(("company", company.key), "res.company", id)
        .await
}

async fn create(seeder: &mut Seeder<'_>, company: &Company) -> anyhow::Result<()> {
    // Without a country at first: Odoo would install that country's own chart and what depends on it.
    let values = Values::new().set("name", company.name);
    let id = seeder
        .ensure(("company", company.key), "res.company", quiet(), values)
        .await?;
    let administrator = seeder.odoo.context_get().await?.uid;
    let allow = Values::new().set("company_ids", json!([[4, id]]));
    seeder
        .odoo
        .write("res.users", &[administrator], &allow)
        .await?;
    Ok(())
}

/// Loads the generic chart of accounts where there is none, then sets what it does not know.
async fn chart(seeder: &mut Seeder<'_>, company: &Company) -> anyhow::Result<()> {
    let id = seeder.id("company", company.key)?;
    if chart_of(&seeder.odoo, id).await?.is_string() {
        return Ok(());
    }
    seeder
        .odoo
        .call("account.chart.template", "try_loading")
        .arg("template_code", "generic_coa")
        .arg("company", id)
        .arg("install_demo", false)
        .context(seeder.within(company.key)?)
        .value()
        .await
        .with_context(|| {
            format!(
                "loading the generic chart of accounts into {}",
                company.name
            )
        })?;
    Ok(())
}

async fn chart_of(odoo: &Odoo, company: i64) -> anyhow::Result<Value> {
    let rows: Vec<Value> = odoo
        .call("res.company", "read")
        .ids(&[company])
        .arg("fields", ["chart_template"])
        .read_only()
        .fetch()
        .await?;
    Ok(rows
        .first()
        .map(|row| row["chart_template"].clone())
        .unwrap_or_default())
}

/// Name, country and so on; the currency last, because the chart brings its own.
async fn describe(seeder: &mut Seeder<'_>, company: &Company, index: usize) -> anyhow::Result<()> {
    if seeder.known("described", company.key).is_some() {
        return Ok(());
    }
    let id = seeder.id("company", company.key)?;
    let values = Values::new()
        .set("name", company.name)
        .set("sequence", index)
        .set("email", company.email)
        .set("city", company.city)
        .set("country_id", seeder.country(company.country).await?)
        .set("currency_id", seeder.id("currency", company.currency)?);
    seeder.odoo.write("res.company", &[id], &values).await?;
    seeder
        .adopt(("described", company.key), "res.company", id)
        .await
}

async fn rates(seeder: &mut Seeder<'_>) -> anyhow::Result<()> {
    for rate in &seeder.demo.rates {
        let values = Values::new()
            .set("name", rate.since)
            .set("currency_id", seeder.id("currency", rate.currency)?)
            .set("company_id", seeder.id("company", rate.company)?)
            .set("rate", rate.units);
        let key = format!("{}/{}", rate.company, rate.currency);
        let context = seeder.within(rate.company)?;
        seeder
            .ensure(("rate", &key), "res.currency.rate", context, values)
            .await?;
    }
    Ok(())
}
