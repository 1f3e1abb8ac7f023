//! Computes the journal items of an invoice, bill or credit note from the lines a person enters: prices, taxes and what
//! the partner owes. A plain entry is taken as it is, and must balance.
//!
//! Not for numbers and states (`posting`) nor for what is already paid (`settlement`).

use std::collections::BTreeMap;

use serde_json::json;

use crate::engine::{
    error::{OdooError, Result},
    record::Record,
    write::vals,
};

use super::{account, settlement};
use crate::models::money;

/// Whether a move type is a document of a customer or vendor, receipts included.
pub(super) fn is_invoice(kind: &str) -> bool {
    kind != "entry"
}

/// Whether a move type is a document of a customer.
pub(super) fn is_sale(kind: &str) -> bool {
    kind.starts_with("out_")
}

/// The sign of the entered amounts in the books: bills and customer credit notes are debits, invoices are credits.
pub(super) fn direction(kind: &str) -> f64 {
    if matches!(kind, "entry" | "in_invoice" | "out_refund" | "in_receipt") {
        1.0
    } else {
        -1.0
    }
}

/// Whether a line was entered by a person, as `invoice_line_ids` lists it.
pub(super) fn is_entered(line: &Record<'_>) -> bool {
    is_text(line) || line.is("display_type", "product")
}

/// Whether a line is a heading or a remark, without amounts.
fn is_text(line: &Record<'_>) -> bool {
    matches!(
        line.text("display_type").as_str(),
        "line_section" | "line_subsection" | "line_note"
    )
}

/// The lines of an entry in the order people see them.
pub(super) fn in_order<'e>(entry: &Record<'e>) -> Vec<Record<'e>> {
    let mut lines = entry.many("line_ids");
    lines.sort_by_key(|line| (line.int("sequence"), line.id()));
    lines
}

/// Units of the entry's currency for one of the company's, on the day of the document.
pub(super) fn expected_rate(entry: &Record<'_>) -> f64 {
    let day = entry.date("invoice_date").or_else(|| entry.date("date"));
    let (Some(company), Some(currency)) =
        (entry.one("company_id"), entry.get("currency_id").as_id())
    else {
        return 1.0;
    };
    let day = day.unwrap_or_else(|| entry.env().today());
    money::rate(entry.env(), &company, currency, day).unwrap_or(1.0)
}

/// Computes the entry anew and refuses it if it does not balance.
pub(super) fn settle(entry: &Record<'_>) -> Result<()> {
    compute(entry)?;
    check_balance(entry)
}

/// Carries the due date over to what the partner owes, which may be done on posted documents too.
pub(super) fn falls_due(entry: &Record<'_>) {
    for item in entry.many("line_ids") {
        if item.is("display_type", "payment_term") {
            item.set("date_maturity", entry.get("invoice_date_due"));
        }
    }
}

/// Computes items and totals of a draft; of anything else only the totals.
pub(super) fn compute(entry: &Record<'_>) -> Result<()> {
    if entry.is("state", "draft") {
        let kind = entry.text("move_type");
        if is_invoice(&kind) {
            Computation::of(entry, &kind).run()?;
        } else {
            plain_items(entry);
        }
    }
    settlement::refresh(entry);
    Ok(())
}

/// Completes the items of a plain entry: their amounts in currency and their totals.
fn plain_items(entry: &Record<'_>) {
    let own = entry
        .one("company_id")
        .and_then(|company| company.get("currency_id").as_id());
    for item in entry.many("line_ids") {
        if item.get("currency_id").as_id() == own || item.float("amount_currency") == 0.0 {
            item.set("amount_currency", item.float("balance"));
        }
        // Without a price of its own, an item's amount counts as its price.
        let amount = item.float("amount_currency");
        item.set("price_subtotal", amount);
        item.set("price_total", amount);
    }
}

fn check_balance(entry: &Record<'_>) -> Result<()> {
    let items = entry.many("line_ids");
    let sum = |field: &str| money::round(items.iter().map(|item| item.float(field)).sum());
    let (debit, credit) = (sum("debit"), sum("credit"));
    if money::is_zero(debit - credit) {
        return Ok(());
    }
    let journal = entry
        .one("journal_id")
        .map(|journal| journal.display_name())
        .unwrap_or_default();
    Err(OdooError::user(format!(
        "The entry is not balanced.\nThe total of debits equals {debit:.2} and the total of credits equals {credit:.2}.\n\
         You might want to specify a default account on journal \"{journal}\" to automatically balance each move."
    )))
}

/// What the price of a line is divided by to be without taxes: what employees spent has them in it.
fn included(line: &Record<'_>) -> f64 {
    if line.get("expense_id").is_empty() {
        return 1.0;
    }
    let taxes = line.many("tax_ids");
    1.0 + taxes.iter().map(|tax| tax.float("amount")).sum::<f64>() / 100.0
}

/// What one tax comes to over all lines, in the document's currency and before rounding.
#[derive(Default)]
struct TaxSum {
    base: f64,
    amount: f64,
}

/// One document while its items are computed.
struct Computation<'r, 'e> {
    entry: &'r Record<'e>,
    kind: &'r str,
    sign: f64,
    rate: f64,
    currency: i64,
    partner: Option<i64>,
}

impl<'r, 'e> Computation<'r, 'e> {
    fn of(entry: &'r Record<'e>, kind: &'r str) -> Self {
        let rate = expected_rate(entry);
        Self {
            entry,
            kind,
            sign: direction(kind),
            rate,
            currency: entry.get("currency_id").as_int(),
            partner: entry.get("commercial_partner_id").as_id(),
        }
    }

    fn run(&self) -> Result<()> {
        self.entry.set("invoice_currency_rate", self.rate);
        if self.entry.date("invoice_date_due").is_none() {
            self.entry
                .set("invoice_date_due", self.entry.get("invoice_date"));
        }
        let mut taxes = BTreeMap::new();
        let mut owed = (0.0, 0.0);
        let lines = in_order(self.entry);
        for line in lines.iter().filter(|line| is_entered(line)) {
            let (amount, balance) = self.price(line, &mut taxes);
            owed = (owed.0 + amount, owed.1 + balance);
        }
        let tax_lines: Vec<_> = lines
            .iter()
            .filter(|line| line.is("display_type", "tax"))
            .copied()
            .collect();
        let (amount, balance) = self.tax_items(&taxes, &tax_lines)?;
        owed = (owed.0 + amount, owed.1 + balance);
        let terms: Vec<_> = lines
            .iter()
            .filter(|line| line.is("display_type", "payment_term"))
            .copied()
            .collect();
        self.partner_item(owed, &terms)
    }

    /// Prices one entered line and adds its taxes up; gives its amount and its balance.
    fn price(&self, line: &Record<'_>, taxes: &mut BTreeMap<i64, TaxSum>) -> (f64, f64) {
        line.set("partner_id", self.partner);
        line.set("currency_id", self.currency);
        if is_text(line) {
            return (0.0, 0.0);
        }
        let gross = line.float("quantity")
            * line.float("price_unit")
            * (1.0 - line.float("discount") / 100.0);
        let raw = gross / included(line);
        let net = money::round(raw);
        let mut total = net;
        for tax in line.many("tax_ids") {
            let amount = raw * tax.float("amount") / 100.0;
            total += money::round(amount);
            let sum = taxes.entry(tax.id()).or_default();
            sum.base += net;
            sum.amount += amount;
        }
        line.set("price_subtotal", net);
        line.set("price_total", money::round(total));
        let amount = money::round(self.sign * net);
        (amount, self.post(line, amount, self.to_company(amount)))
    }

    /// One item for each tax, reusing those that are there.
    fn tax_items(
        &self,
        taxes: &BTreeMap<i64, TaxSum>,
        existing: &[Record<'_>],
    ) -> Result<(f64, f64)> {
        let mut sum = (0.0, 0.0);
        for (tax, due) in taxes {
            let tax = self.entry.env().record_of("account.tax", *tax);
            let known = existing
                .iter()
                .find(|line| line.get("tax_line_id").as_id() == Some(tax.id()));
            let line = match known {
                Some(line) => *line,
                None => self.tax_item(&tax)?,
            };
            line.set("partner_id", self.partner);
            line.set("currency_id", self.currency);
            line.set("tax_base_amount", self.to_company(self.sign * due.base));
            let amount = money::round(self.sign * due.amount);
            sum.0 += amount;
            sum.1 += self.post(&line, amount, self.to_company(amount));
        }
        let stale = existing.iter().filter(|line| {
            line.get("tax_line_id")
                .as_id()
                .is_none_or(|tax| !taxes.contains_key(&tax))
        });
        let stale: Vec<i64> = stale.map(Record::id).collect();
        self.entry
            .env()
            .sudo()
            .unlink("account.move.line", &stale)?;
        Ok(sum)
    }

    fn tax_item(&self, tax: &Record<'e>) -> Result<Record<'e>> {
        let document = if self.kind.ends_with("_refund") {
            "refund"
        } else {
            "invoice"
        };
        let lines = tax.many("repartition_line_ids");
        let share = lines
            .iter()
            .find(|line| line.is("document_type", document) && line.is("repartition_type", "tax"));
        self.item(json!({
            "display_type": "tax",
            "name": tax.text("name"),
            "sequence": 10_000,
            "account_id": share.and_then(|share| share.get("account_id").as_id()),
            "tax_line_id": tax.id(),
            "tax_repartition_line_id": share.map(Record::id),
            "tax_ids": [],
        }))
    }

    /// The item on the partner's account, which balances the rest and falls due.
    fn partner_item(&self, owed: (f64, f64), existing: &[Record<'_>]) -> Result<()> {
        if !self
            .entry
            .many("line_ids")
            .iter()
            .any(|line| line.is("display_type", "product"))
        {
            let ids: Vec<i64> = existing.iter().map(Record::id).collect();
            return self.entry.env().sudo().unlink("account.move.line", &ids);
        }
        let line = match existing.first() {
            Some(line) => *line,
            None => self.item(json!({
                "display_type": "payment_term",
                "sequence": 12_000,
                "account_id": self.partner_account(),
            }))?,
        };
        line.set("partner_id", self.partner);
        line.set("currency_id", self.currency);
        line.set("date_maturity", self.entry.get("invoice_date_due"));
        line.set("name", super::posting::due_label(self.entry));
        self.post(&line, money::round(-owed.0), money::round(-owed.1));
        Ok(())
    }

    /// The company's account for what partners owe or are owed.
    fn partner_account(&self) -> Option<i64> {
        let kind = if is_sale(self.kind) {
            "asset_receivable"
        } else {
            "liability_payable"
        };
        account::of_partners(
            self.entry.env(),
            self.entry.get("company_id").as_int(),
            kind,
        )
    }

    fn item(&self, values: serde_json::Value) -> Result<Record<'e>> {
        let mut values = vals(values);
        values.insert("move_id".into(), json!(self.entry.id()));
        let env = self.entry.env();
        let id = env.sudo().create("account.move.line", values)?;
        Ok(env.record_of("account.move.line", id))
    }

    fn post(&self, line: &Record<'_>, amount: f64, balance: f64) -> f64 {
        line.set("amount_currency", amount);
        line.set("balance", balance);
        line.set("debit", balance.max(0.0));
        line.set("credit", (-balance).max(0.0));
        balance
    }

    fn to_company(&self, amount: f64) -> f64 {
        money::round(amount / self.rate)
    }
}
