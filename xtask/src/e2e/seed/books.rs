//! Invoices, bills, credit notes and entries, entered and posted by the accountant.

use odoo_json2::{Odoo, Values, field};
use odoo_sandbox::demo::{DocumentLine, LineKind, Move, MoveBody, MoveState};
use serde_json::{Value, json};

use super::{Seeder, search};

/// How many moves are entered in one call.
const BATCH: usize = 25;

/// Who enters the books.
pub(super) const ACCOUNTANT: &str = "alice";

/// Seeds all moves of the demo company, in its order.
pub(super) async fn seed(seeder: &mut Seeder<'_>) -> anyhow::Result<()> {
    let accountant = seeder.acting_as(ACCOUNTANT)?;
    for company in &seeder.demo.companies {
        let moves = seeder
            .demo
            .moves
            .iter()
            .filter(|entered| entered.company == company.key);
        let missing: Vec<&Move> = moves
            .filter(|entered| seeder.known("move", &entered.key).is_none())
            .collect();
        // A credit note needs the id of the invoice it takes back, so it begins a batch of its own.
        for batch in missing.chunk_by(|_, next| next.reverses.is_none()) {
            for part in batch.chunks(BATCH) {
                enter(seeder, &accountant, part).await?;
            }
        }
    }
    settle(seeder, &accountant).await
}

async fn enter(seeder: &mut Seeder<'_>, odoo: &Odoo, batch: &[&Move]) -> anyhow::Result<()> {
    let Some(first) = batch.first() else {
        return Ok(());
    };
    let odoo = odoo.with_context(seeder.within(first.company)?);
    let mut values = Vec::new();
    for entered in batch {
        values.push(header(seeder, entered)?);
    }
    let ids = odoo.create("account.move", values).await?;
    let keys: Vec<(String, i64)> = batch
        .iter()
        .map(|entered| entered.key.clone())
        .zip(ids)
        .collect();
    seeder.adopt_all("move", "account.move", &keys).await?;
    if batch.iter().any(|entered| entered.reverses.is_some()) {
        settle(seeder, &odoo).await?;
    }
    Ok(())
}

/// Posts and cancels, one by one and in order, because posting gives the numbers.
async fn settle(seeder: &Seeder<'_>, odoo: &Odoo) -> anyhow::Result<()> {
    for company in &seeder.demo.companies {
        let odoo = odoo.with_context(seeder.within(company.key)?);
        let drafts: Vec<i64> = search(&odoo, "account.move", field("state").eq("draft")).await?;
        for entered in seeder
            .demo
            .moves
            .iter()
            .filter(|entered| entered.company == company.key)
        {
            let Some(id) = seeder
                .known("move", &entered.key)
                .filter(|id| drafts.contains(id))
            else {
                continue;
            };
            let method = match entered.state {
                MoveState::Draft => continue,
                MoveState::Posted => "action_post",
                MoveState::Cancel => "button_cancel",
            };
            odoo.call("account.move", method).ids(&[id]).value().await?;
        }
    }
    Ok(())
}

fn header(seeder: &Seeder<'_>, entered: &Move) -> anyhow::Result<Values> {
    let company = entered.company;
    let journal = seeder.id_in("journal", company, entered.journal)?;
    let mut values = Values::new()
        .set("move_type", entered.kind.as_str())
        .set("journal_id", journal)
        .set("date", entered.date)
        .set_some("ref", entered.reference.as_deref());
    if let Some(key) = entered.partner {
        values = values.set("partner_id", seeder.id("partner", key)?);
    }
    if let Some(code) = entered.currency {
        values = values.set("currency_id", seeder.id("currency", code)?);
    }
    if let Some(key) = &entered.reverses {
        values = values.set("reversed_entry_id", seeder.id("move", key)?);
    }
    match &entered.body {
        MoveBody::Entry(lines) => {
            let mut commands = Vec::new();
            for line in lines {
                let account = seeder.id_in("account", company, line.account)?;
                let balance = amount(line.balance_cents);
                commands.push(json!([0, 0,
                    {"name": line.label, "account_id": account, "balance": balance}]));
            }
            Ok(values.set("line_ids", Value::Array(commands)))
        }
        MoveBody::Document(lines) => {
            let mut commands = Vec::new();
            for line in lines {
                commands.push(document_line(seeder, company, line)?);
            }
            Ok(values
                .set("invoice_date", entered.date)
                .set("invoice_date_due", entered.due)
                .set("invoice_line_ids", Value::Array(commands)))
        }
    }
}

fn document_line(seeder: &Seeder<'_>, company: &str, line: &DocumentLine) -> anyhow::Result<Value> {
    let kind = line.kind.as_str();
    let Some(account) = line.account.filter(|_| line.kind == LineKind::Product) else {
        return Ok(json!([0, 0, {"display_type": kind, "name": line.label}]));
    };
    let taxes = match line.tax {
        Some(key) => vec![seeder.id_in("tax", company, key)?],
        None => Vec::new(),
    };
    Ok(json!([0, 0, {
        "display_type": kind,
        "name": line.label,
        "account_id": seeder.id_in("account", company, account)?,
        "quantity": line.quantity,
        "price_unit": amount(line.price_cents),
        "discount": line.discount,
        "tax_ids": [[6, 0, taxes]],
    }]))
}

/// Hundredths as Odoo writes money; the demo company's amounts are far below where this loses a cent.
#[expect(
    clippy::cast_precision_loss,
    reason = "amounts stay below 2^53 hundredths"
)]
pub(super) fn amount(cents: i64) -> f64 {
    cents as f64 / 100.0
}
