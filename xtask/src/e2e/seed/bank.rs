//! Bank transactions and statements, entered by the accountant.

use odoo_json2::{Odoo, Values};
use odoo_sandbox::demo::{BankStatement, BankTransaction};
use serde_json::json;

use super::Seeder;
use super::books::{ACCOUNTANT, amount};

const LINE: &str = "account.bank.statement.line";

/// How many transactions are entered in one call.
const BATCH: usize = 20;

/// Seeds all transactions of the demo company, in its order, then the statements that list them.
pub(super) async fn seed(seeder: &mut Seeder<'_>) -> anyhow::Result<()> {
    let accountant = seeder.acting_as(ACCOUNTANT)?;
    let demo = seeder.demo;
    for company in &demo.companies {
        let missing: Vec<&BankTransaction> = demo
            .transactions
            .iter()
            .filter(|reported| reported.company == company.key)
            .filter(|reported| seeder.known("bank_transaction", &reported.key).is_none())
            .collect();
        for batch in missing.chunks(BATCH) {
            enter(seeder, &accountant, company.key, batch).await?;
        }
    }
    for listed in &demo.statements {
        statement(seeder, &accountant, listed).await?;
    }
    Ok(())
}

async fn enter(
    seeder: &mut Seeder<'_>,
    odoo: &Odoo,
    company: &str,
    batch: &[&BankTransaction],
) -> anyhow::Result<()> {
    let odoo = odoo.with_context(seeder.within(company)?);
    let mut values = Vec::new();
    for reported in batch {
        values.push(transaction(seeder, reported)?);
    }
    let ids = odoo.create(LINE, values).await?;
    let keys: Vec<(String, i64)> = batch
        .iter()
        .map(|reported| reported.key.clone())
        .zip(ids)
        .collect();
    seeder.adopt_all("bank_transaction", LINE, &keys).await
}

fn transaction(seeder: &Seeder<'_>, reported: &BankTransaction) -> anyhow::Result<Values> {
    let company = reported.company;
    let mut values = Values::new()
        .set(
            "journal_id",
            seeder.id_in("journal", company, reported.journal)?,
        )
        .set("date", reported.date)
        .set("payment_ref", reported.label.as_str())
        .set("amount", amount(reported.amount_cents))
        .set_some("partner_name", reported.partner_name)
        .set_some("account_number", reported.account_number)
        .set_some("transaction_type", reported.transaction_type);
    if let Some(key) = reported.partner {
        values = values.set("partner_id", seeder.id("partner", key)?);
    }
    if let Some((code, cents)) = reported.foreign {
        values = values
            .set("foreign_currency_id", seeder.id("currency", code)?)
            .set("amount_currency", amount(cents));
    }
    if let Some(code) = reported.counterpart {
        let account = seeder.id_in("account", company, code)?;
        values = values.set("counterpart_account_id", account);
    }
    Ok(values)
}

async fn statement(
    seeder: &mut Seeder<'_>,
    odoo: &Odoo,
    listed: &BankStatement,
) -> anyhow::Result<()> {
    if seeder.known("bank_statement", &listed.key).is_some() {
        return Ok(());
    }
    let mut lines = Vec::new();
    for key in &listed.transactions {
        lines.push(seeder.id("bank_transaction", key)?);
    }
    let values = Values::new()
        .set("name", listed.name.as_str())
        .set("balance_start", amount(listed.start_cents))
        .set("balance_end_real", amount(listed.end_cents))
        .set("line_ids", json!([[6, 0, lines]]));
    let odoo = odoo.with_context(seeder.within(listed.company)?);
    let made = odoo.create("account.bank.statement", [values]).await?;
    let id = *made
        .first()
        .ok_or_else(|| anyhow::anyhow!("Odoo created no statement {}", listed.key))?;
    let name = ("bank_statement", listed.key.as_str());
    seeder.adopt(name, "account.bank.statement", id).await
}
