//! The journal entry of a bank transaction: one item on the account of the bank, one against it.

use serde_json::{Value as Json, json};

use crate::engine::{
    env::Env,
    error::{OdooError, Result},
    model::Vals,
    record::Record,
    write::vals,
};

use super::settlement;
use crate::models::{given, money};

/// What both items are about, in the journal's, the company's and the transaction's currency.
struct Amounts {
    journal: f64,
    company: f64,
    transaction: f64,
    journal_currency: Option<i64>,
    currency: Option<i64>,
}

/// Makes the draft of the entry for the values of a new transaction, and gives its id.
pub(super) fn make(
    env: &Env,
    given_vals: &Vals,
    journal: &Record<'_>,
    counterpart: Option<i64>,
) -> Result<i64> {
    let against = against(journal, counterpart)?;
    let number = |name: &str| {
        given_vals
            .get(name)
            .and_then(Json::as_f64)
            .unwrap_or_default()
    };
    let foreign = given::id(given_vals, "foreign_currency_id");
    let amounts = Amounts::of(
        journal,
        number("amount"),
        foreign,
        number("amount_currency"),
    );
    let text = |name: &str| given_vals.get(name).cloned().unwrap_or_default();
    let (label, partner) = (text("payment_ref"), text("partner_id"));
    let item = |account: Option<i64>, sign: f64, amount: f64, currency: Option<i64>| {
        json!([0, 0, {
            "name": label, "partner_id": partner, "account_id": account, "currency_id": currency,
            "balance": sign * amounts.company, "amount_currency": amount,
        }])
    };
    let bank = journal.get("default_account_id").as_id();
    let values = json!({
        "move_type": "entry",
        "journal_id": journal.id(),
        "date": text("date"),
        "ref": text("ref"),
        "narration": text("narration"),
        "partner_id": partner,
        "currency_id": amounts.currency,
        "line_ids": [
            item(bank, 1.0, amounts.journal, amounts.journal_currency),
            item(Some(against), -1.0, -amounts.transaction, amounts.currency),
        ],
    });
    // The caller's own rules decide, as in Odoo: no transaction in a company one does not work in.
    env.create("account.move", vals(values))
}

/// The account against the bank's: the one that was named, else the journal's suspense account.
fn against(journal: &Record<'_>, counterpart: Option<i64>) -> Result<i64> {
    let account = counterpart.or_else(|| journal.get("suspense_account_id").as_id());
    account.ok_or_else(|| {
        OdooError::user(format!(
            "You can't create a new statement line without a suspense account set on the {} journal.",
            journal.display_name()
        ))
    })
}

/// Writes the transaction's label, partner and amounts on the two items it came with.
pub(super) fn rewrite(line: &Record<'_>) {
    let (Some(entry), Some(journal)) = (line.one("move_id"), line.one("journal_id")) else {
        return;
    };
    let foreign = line.get("foreign_currency_id").as_id();
    let amounts = Amounts::of(
        &journal,
        line.float("amount"),
        foreign,
        line.float("amount_currency"),
    );
    let bank = journal.get("default_account_id").as_id();
    for item in entry.many("line_ids") {
        let on_bank = item.get("account_id").as_id() == bank;
        let (sign, amount, currency) = if on_bank {
            (1.0, amounts.journal, amounts.journal_currency)
        } else {
            (-1.0, -amounts.transaction, amounts.currency)
        };
        let balance = money::round(sign * amounts.company);
        item.set("name", line.get("payment_ref"));
        item.set("partner_id", line.get("partner_id"));
        item.set("currency_id", currency);
        item.set("balance", balance);
        item.set("debit", balance.max(0.0));
        item.set("credit", (-balance).max(0.0));
        item.set("amount_currency", money::round(amount));
        item.set("price_subtotal", money::round(amount));
        item.set("price_total", money::round(amount));
    }
    entry.set("partner_id", line.get("partner_id"));
    entry.set("currency_id", amounts.currency);
    settlement::refresh(&entry);
}

/// Books the whole transaction against the suspense account again.
pub(super) fn reset(line: &Record<'_>) -> Result<()> {
    let (Some(entry), Some(journal)) = (line.one("move_id"), line.one("journal_id")) else {
        return Ok(());
    };
    let bank = journal.get("default_account_id").as_id();
    let mut others = entry
        .many("line_ids")
        .into_iter()
        .filter(|item| item.get("account_id").as_id() != bank);
    if let Some(kept) = others.next() {
        kept.set("account_id", journal.get("suspense_account_id"));
    }
    let rest: Vec<i64> = others.map(|item| item.id()).collect();
    line.env().sudo().unlink("account.move.line", &rest)?;
    rewrite(line);
    Ok(())
}

/// What is still to be explained of a transaction, with the sign of the suspense item, and whether nothing is.
pub(super) fn open(line: &Record<'_>) -> (f64, bool) {
    let (Some(entry), Some(journal)) = (line.one("move_id"), line.one("journal_id")) else {
        return (0.0, false);
    };
    let suspense = journal.get("suspense_account_id").as_id();
    let items: Vec<Record<'_>> = entry
        .many("line_ids")
        .into_iter()
        .filter(|item| suspense.is_some() && item.get("account_id").as_id() == suspense)
        .collect();
    let open: f64 = money::sum(items.iter().map(|item| item.float("amount_currency")));
    (open, items.is_empty() || money::is_zero(open))
}

impl Amounts {
    fn of(journal: &Record<'_>, amount: f64, foreign: Option<i64>, foreign_amount: f64) -> Self {
        let own = journal
            .one("company_id")
            .and_then(|company| company.get("currency_id").as_id());
        let journal_currency = journal.get("currency_id").as_id().or(own);
        let currency = foreign.or(journal_currency);
        let transaction = if currency == journal_currency {
            amount
        } else {
            foreign_amount
        };
        // Journals in another currency than the company's would need its rate; the demo company has none.
        let company = if currency == own { transaction } else { amount };
        Self {
            journal: amount,
            company: if journal_currency == own {
                amount
            } else {
                company
            },
            transaction,
            journal_currency,
            currency,
        }
    }
}
