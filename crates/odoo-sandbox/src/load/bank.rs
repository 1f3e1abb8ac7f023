//! Bank transactions and statements, entered by the accountant as the banks reported them.

use serde_json::json;

use super::Load;
use super::books::{accountant, amount};
use crate::demo::{BankStatement, BankTransaction};
use crate::engine::error::Result;

const LINE: &str = "account.bank.statement.line";

/// Loads all transactions, then the statements that list them.
pub(super) fn load(load: &Load<'_>) -> Result<()> {
    for reported in &load.demo.transactions {
        transaction(load, reported)?;
    }
    for listed in &load.demo.statements {
        statement(load, listed)?;
    }
    Ok(())
}

fn transaction(load: &Load<'_>, reported: &BankTransaction) -> Result<()> {
    let company = reported.company;
    let counterpart = reported
        .counterpart
        .map(|code| load.id_in("account", company, code))
        .transpose()?;
    let env = accountant(load, company)?.with("counterpart_account_id", counterpart);
    let mut values = json!({
        "journal_id": load.id_in("journal", company, reported.journal)?,
        "date": reported.date.to_string(),
        "payment_ref": reported.label,
        "amount": amount(reported.amount_cents),
        "partner_id": load.maybe("partner", reported.partner)?,
        "partner_name": reported.partner_name,
        "account_number": reported.account_number,
        "transaction_type": reported.transaction_type,
    });
    if let Some((code, cents)) = reported.foreign {
        values["foreign_currency_id"] = json!(load.currency(code)?);
        values["amount_currency"] = json!(amount(cents));
    }
    load.create_in(&env, ("bank_transaction", &reported.key), LINE, values)
        .map(drop)
}

fn statement(load: &Load<'_>, listed: &BankStatement) -> Result<()> {
    let env = accountant(load, listed.company)?;
    let lines: Vec<i64> = listed
        .transactions
        .iter()
        .map(|key| load.id("bank_transaction", key))
        .collect::<Result<_>>()?;
    let values = json!({
        "name": listed.name,
        "balance_start": amount(listed.start_cents),
        "balance_end_real": amount(listed.end_cents),
        "line_ids": [[6, 0, lines]],
    });
    let name = ("bank_statement", listed.key.as_str());
    load.create_in(&env, name, "account.bank.statement", values)
        .map(drop)
}
