//! What the books stand on in each company: modules, accounts, taxes, journals and how payments are booked.

use std::collections::HashSet;

use anyhow::Context as _;
use odoo_json2::{Domain, Odoo, Values, field};
use odoo_sandbox::demo::{Account, Company, Journal, Tax};
use serde_json::Value;

use super::{Seeder, quiet, search};

/// Modules that the demo company needs; all of them belong to the Community edition.
const MODULES: [&str; 7] = [
    "account",
    "hr",
    "hr_expense",
    "hr_holidays",
    "hr_skills",
    "hr_timesheet",
    "project",
];

/// Checks that the modules are there, and installs missing ones.
pub(super) async fn require_modules(odoo: &Odoo) -> anyhow::Result<()> {
    let missing = missing_modules(odoo).await?;
    if missing.is_empty() {
        return Ok(());
    }
    let domain = field("name").in_(missing.clone());
    let ids = search(odoo, "ir.module.module", domain).await?;
    anyhow::ensure!(
        ids.len() == missing.len(),
        "this Odoo does not know the modules {}: check its addons path",
        missing.join(", ")
    );
    odoo.call("ir.module.module", "button_immediate_install")
        .ids(&ids)
        .value()
        .await
        .with_context(|| format!("installing {}; install them by hand", missing.join(", ")))?;
    let still = missing_modules(odoo).await?;
    anyhow::ensure!(
        still.is_empty(),
        "Odoo did not install {}",
        still.join(", ")
    );
    Ok(())
}

async fn missing_modules(odoo: &Odoo) -> anyhow::Result<Vec<&'static str>> {
    let wanted: Domain = field("name").in_(MODULES) & field("state").eq("installed");
    let rows: Vec<Value> = odoo
        .call("ir.module.module", "search_read")
        .arg("domain", wanted.to_json())
        .arg("fields", ["name"])
        .read_only()
        .fetch()
        .await?;
    let installed: HashSet<&str> = rows.iter().filter_map(|row| row["name"].as_str()).collect();
    Ok(MODULES
        .into_iter()
        .filter(|name| !installed.contains(name))
        .collect())
}

/// Seeds accounts, taxes and journals of every company.
pub(super) async fn seed(seeder: &mut Seeder<'_>) -> anyhow::Result<()> {
    let demo = seeder.demo;
    for company in &demo.companies {
        for wanted in &demo.accounts {
            account(seeder, company, wanted).await?;
        }
        for wanted in &demo.taxes {
            tax(seeder, company, wanted).await?;
        }
        for wanted in &demo.journals {
            journal(seeder, company, wanted).await?;
        }
    }
    Ok(())
}

async fn account(
    seeder: &mut Seeder<'_>,
    company: &Company,
    wanted: &Account,
) -> anyhow::Result<()> {
    let key = format!("{}/{}", company.key, wanted.code);
    if seeder.known("account", &key).is_some() {
        return Ok(());
    }
    let context = seeder.within(company.key)?;
    let of_company = field("company_ids").eq(seeder.id("company", company.key)?);
    let domain = field("code").eq(wanted.code) & of_company;
    let found = seeder
        .find("account.account", domain, context.clone())
        .await?;
    if let Some(id) = found {
        return seeder.adopt(("account", &key), "account.account", id).await;
    }
    anyhow::ensure!(
        !wanted.in_chart,
        "{} has no account {}: the demo company needs Odoo's generic chart of accounts",
        company.name,
        wanted.code
    );
    let values = Values::new()
        .set("code", wanted.code)
        .set("name", wanted.name)
        .set("account_type", wanted.account_type.as_str())
        .set("reconcile", wanted.reconcile);
    seeder
        .ensure(("account", &key), "account.account", context, values)
        .await
        .map(drop)
}

async fn tax(seeder: &mut Seeder<'_>, company: &Company, wanted: &Tax) -> anyhow::Result<()> {
    let key = format!("{}/{}", company.key, wanted.key);
    if seeder.known("tax", &key).is_some() {
        return Ok(());
    }
    let domain = field("name").eq(wanted.name)
        & field("type_tax_use").eq(wanted.used_on.as_str())
        & field("company_id").eq(seeder.id("company", company.key)?);
    let id = seeder
        .find("account.tax", domain, seeder.within(company.key)?)
        .await?
        .with_context(|| {
            format!(
                "{} has no tax {} on {:?}",
                company.name, wanted.name, wanted.used_on
            )
        })?;
    seeder.adopt(("tax", &key), "account.tax", id).await
}

async fn journal(
    seeder: &mut Seeder<'_>,
    company: &Company,
    wanted: &Journal,
) -> anyhow::Result<()> {
    let key = format!("{}/{}", company.key, wanted.code);
    if seeder.known("journal", &key).is_some() {
        return Ok(());
    }
    let context = seeder.within(company.key)?;
    let domain =
        field("code").eq(wanted.code) & field("company_id").eq(seeder.id("company", company.key)?);
    let account = match wanted.default_account {
        Some(code) => Some(seeder.id_in("account", company.key, code)?),
        None => None,
    };
    let id = match seeder
        .find("account.journal", domain, context.clone())
        .await?
    {
        Some(id) => id,
        None => {
            let values = Values::new()
                .set("code", wanted.code)
                .set("name", wanted.name)
                .set("type", wanted.journal_type.as_str())
                .set("sequence", wanted.sequence)
                .set_some("default_account_id", account);
            let odoo = seeder.odoo.with_context(context);
            let created = odoo.create("account.journal", [values]).await?;
            *created.first().context("Odoo created no journal")?
        }
    };
    if let (Some(account), "BNK1" | "CSH1") = (account, wanted.code) {
        pay_straight(seeder, id, account).await?;
    }
    seeder.adopt(("journal", &key), "account.journal", id).await
}

/// Lets payments of a journal go to its own account instead of an outstanding one.
async fn pay_straight(seeder: &Seeder<'_>, journal: i64, account: i64) -> anyhow::Result<()> {
    let odoo = seeder.odoo.with_context(quiet());
    let model = "account.payment.method.line";
    let lines = search(&odoo, model, field("journal_id").eq(journal)).await?;
    let values = Values::new().set("payment_account_id", account);
    Ok(odoo.write(model, &lines, &values).await?)
}
