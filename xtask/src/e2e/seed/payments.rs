//! Payments, registered by the accountant on posted documents.

use anyhow::Context as _;
use odoo_json2::{ActionOutcome, Odoo, Values};
use odoo_sandbox::demo::Payment;

use super::Seeder;
use super::books::{ACCOUNTANT, amount};

/// Seeds all payments of the demo company, in its order.
pub(super) async fn seed(seeder: &mut Seeder<'_>) -> anyhow::Result<()> {
    let accountant = seeder.acting_as(ACCOUNTANT)?;
    for payment in &seeder.demo.payments {
        let key = format!("{}/{}", payment.pays, payment.date);
        if seeder.known("payment", &key).is_some() {
            continue;
        }
        let id = register(seeder, &accountant, payment)
            .await
            .with_context(|| format!("registering the payment of {}", payment.pays))?;
        seeder
            .adopt(("payment", &key), "account.payment", id)
            .await?;
    }
    Ok(())
}

/// The wizard's own way: its context names the document, its button makes the payment.
async fn register(seeder: &Seeder<'_>, odoo: &Odoo, payment: &Payment) -> anyhow::Result<i64> {
    let document = seeder.id("move", &payment.pays)?;
    let context = seeder
        .within(payment.company)?
        .with("active_model", "account.move")
        .with("active_ids", vec![document]);
    let odoo = odoo.with_context(context);
    let values = Values::new()
        .set("payment_date", payment.date)
        .set(
            "journal_id",
            seeder.id_in("journal", payment.company, payment.journal)?,
        )
        .set_some("amount", payment.amount_cents.map(amount));
    let wizard = odoo.create("account.payment.register", [values]).await?;
    let outcome = odoo
        .call("account.payment.register", "action_create_payments")
        .ids(&wizard)
        .action()
        .await?;
    match outcome {
        ActionOutcome::Window {
            res_id: Some(id), ..
        } => Ok(id),
        other => anyhow::bail!("Odoo answered {other:?} instead of a payment"),
    }
}
