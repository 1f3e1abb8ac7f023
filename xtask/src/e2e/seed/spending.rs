//! Expenses: entered by employees, decided on by their approvers, booked and paid by the accountant.

use anyhow::Context as _;
use odoo_json2::{ActionOutcome, File, Odoo, Values, field};
use odoo_sandbox::demo::{Expense, ExpenseStage, Spent};
use serde_json::{Value, json};

use super::Seeder;
use super::books::{ACCOUNTANT, amount};

const MODEL: &str = "hr.expense";

/// Seeds all expenses of the demo company, in its order; those that are there are brought on to their stage.
pub(super) async fn seed(seeder: &mut Seeder<'_>) -> anyhow::Result<()> {
    let demo = seeder.demo;
    categories(seeder).await?;
    for wanted in &demo.expenses {
        advance(seeder, wanted)
            .await
            .with_context(|| format!("seeding the expense {}", wanted.key))?;
    }
    Ok(())
}

/// Finds the categories that Odoo brings along.
async fn categories(seeder: &mut Seeder<'_>) -> anyhow::Result<()> {
    let mut codes: Vec<&str> = seeder
        .demo
        .expenses
        .iter()
        .map(|one| one.category)
        .collect();
    codes.sort_unstable();
    codes.dedup();
    for code in codes {
        if seeder.known("category", code).is_some() {
            continue;
        }
        let domain = field("default_code").eq(code) & field("can_be_expensed").eq(true);
        let id = seeder
            .find("product.product", domain, super::quiet())
            .await?
            .with_context(|| {
                format!("this Odoo has no category of expenses with the code {code}")
            })?;
        seeder
            .adopt(("category", code), "product.product", id)
            .await?;
    }
    Ok(())
}

/// Goes through the stages of one expense, leaving out those that it is past.
async fn advance(seeder: &mut Seeder<'_>, wanted: &Expense) -> anyhow::Result<()> {
    let own = acting(seeder, wanted.entered_by, wanted.company)?;
    let id = match seeder.known("expense", wanted.key) {
        Some(id) => id,
        None => enter(seeder, &own, wanted).await?,
    };
    let decider = acting(seeder, wanted.decided_by, wanted.company)?;
    let accountant = acting(seeder, ACCOUNTANT, wanted.company)?;
    // Each step leads to another state; there are fewer than this many.
    for _ in 0..5 {
        let state = state(seeder, id).await?;
        match (state.as_str(), wanted.stage) {
            ("draft", stage) if stage != ExpenseStage::Draft => {
                call(&own, "action_submit", id).await?;
            }
            ("submitted", ExpenseStage::Refused(reason)) => refuse(&decider, id, reason).await?,
            ("submitted", stage) if stage != ExpenseStage::Submitted => {
                call(&decider, "action_approve", id).await?;
            }
            ("approved", ExpenseStage::Posted | ExpenseStage::Paid) => {
                book(&accountant, id, wanted).await?;
            }
            ("posted", ExpenseStage::Paid) => pay(seeder, &accountant, id, wanted).await?,
            _ => return Ok(()),
        }
    }
    anyhow::bail!("it does not come to {:?}", wanted.stage)
}

fn acting(seeder: &Seeder<'_>, login: &str, company: &str) -> anyhow::Result<Odoo> {
    let context = seeder.within(company)?;
    Ok(seeder.acting_as(login)?.with_context(context))
}

async fn state(seeder: &Seeder<'_>, id: i64) -> anyhow::Result<String> {
    let rows: Vec<Value> = seeder
        .odoo
        .call(MODEL, "read")
        .ids(&[id])
        .arg("fields", ["state"])
        .read_only()
        .fetch()
        .await?;
    let state = rows.first().and_then(|row| row["state"].as_str());
    Ok(state.context("the expense is gone")?.to_owned())
}

async fn call(odoo: &Odoo, method: &str, id: i64) -> anyhow::Result<ActionOutcome> {
    Ok(odoo.call(MODEL, method).ids(&[id]).action().await?)
}

async fn enter(seeder: &mut Seeder<'_>, odoo: &Odoo, wanted: &Expense) -> anyhow::Result<i64> {
    let created = odoo.create(MODEL, [values(seeder, wanted)?]).await?;
    let id = *created.first().context("Odoo created no expense")?;
    if let Some(receipt) = &wanted.receipt {
        let file = File {
            name: receipt.name.to_owned(),
            mimetype: receipt.mimetype.to_owned(),
            bytes: receipt.bytes.clone().into(),
        };
        let attachment = odoo.attach(MODEL, id, &file).await?;
        odoo.set_main_attachment(attachment).await?;
    }
    seeder.adopt(("expense", wanted.key), MODEL, id).await?;
    Ok(id)
}

fn values(seeder: &Seeder<'_>, wanted: &Expense) -> anyhow::Result<Values> {
    let mode = if wanted.paid_by_company {
        "company_account"
    } else {
        "own_account"
    };
    let values = Values::new()
        .set("name", wanted.name)
        .set("employee_id", seeder.id("employee", wanted.employee)?)
        .set("product_id", seeder.id("category", wanted.category)?)
        .set("date", wanted.date)
        .set("payment_mode", mode);
    let values = match wanted.spent {
        Spent::Own(cents) => values.set("total_amount_currency", amount(cents)),
        Spent::Foreign(cents, code) => values
            .set("total_amount_currency", amount(cents))
            .set("currency_id", seeder.id("currency", code)?),
        Spent::Units(count) => values.set("quantity", i64::from(count)),
    };
    Ok(match wanted.tax {
        Some(tax) => {
            let tax = seeder.id_in("tax", wanted.company, tax)?;
            values.set("tax_ids", json!([[6, 0, [tax]]]))
        }
        None => values,
    })
}

async fn refuse(odoo: &Odoo, id: i64, reason: &str) -> anyhow::Result<()> {
    let model = "hr.expense.refuse.wizard";
    let values = Values::new()
        .set("reason", reason)
        .set("expense_ids", json!([[6, 0, [id]]]));
    let wizard = odoo.create(model, [values]).await?;
    odoo.call(model, "action_refuse")
        .ids(&wizard)
        .action()
        .await?;
    Ok(())
}

/// Books it on its own day: what an employee paid goes through the wizard.
async fn book(odoo: &Odoo, id: i64, wanted: &Expense) -> anyhow::Result<()> {
    let model = "hr.expense.post.wizard";
    let ActionOutcome::Wizard {
        res_id: Some(wizard),
        ..
    } = call(odoo, "action_post", id).await?
    else {
        return Ok(());
    };
    let day = Values::new().set("accounting_date", wanted.date);
    odoo.write(model, &[wizard], &day).await?;
    // The wizard adds a list of its own to this one, and fails without it.
    let context = odoo
        .context()
        .clone()
        .with("active_ids", vec![id])
        .with("company_paid_move_ids", Vec::<i64>::new());
    odoo.call(model, "action_post_entry")
        .ids(&[wizard])
        .context(context)
        .action()
        .await?;
    // Without a term of payment Odoo makes it due on the day on which it is booked.
    let due = Values::new().set("invoice_date_due", wanted.due());
    odoo.write("account.move", &[entry(odoo, id).await?], &due)
        .await?;
    Ok(())
}

/// Pays it back from the bank, on the day it was booked.
async fn pay(seeder: &Seeder<'_>, odoo: &Odoo, id: i64, wanted: &Expense) -> anyhow::Result<()> {
    let entry = entry(odoo, id).await?;
    let context = odoo
        .context()
        .clone()
        .with("active_model", "account.move")
        .with("active_ids", vec![entry]);
    let odoo = odoo.with_context(context);
    let values = Values::new().set("payment_date", wanted.date).set(
        "journal_id",
        seeder.id_in("journal", wanted.company, "BNK1")?,
    );
    let model = "account.payment.register";
    let wizard = odoo.create(model, [values]).await?;
    odoo.call(model, "action_create_payments")
        .ids(&wizard)
        .action()
        .await?;
    Ok(())
}

/// The entry of a booked expense.
async fn entry(odoo: &Odoo, expense: i64) -> anyhow::Result<i64> {
    let rows: Vec<Value> = odoo
        .call(MODEL, "read")
        .ids(&[expense])
        .arg("fields", ["account_move_id"])
        .arg("load", Value::Null)
        .read_only()
        .fetch()
        .await?;
    let entry = rows.first().and_then(|row| row["account_move_id"].as_i64());
    entry.context("a booked expense has an entry")
}
