//! The box under an invoice that adds it up: untaxed amount, each group of taxes, total (`account.move.tax_totals`).

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use crate::engine::{cell::Cell, record::Record};

use super::document;
use crate::models::money;

/// The box of an invoice, bill or credit note; nothing for a plain entry.
pub(super) fn of_document(entry: &Record<'_>) -> Cell {
    if !document::is_invoice(&entry.text("move_type")) {
        return Cell::Empty;
    }
    let groups = groups(entry);
    let untaxed = Pair::of(entry, "amount_untaxed");
    let tax = Pair::of(entry, "amount_tax");
    let total = Pair::of(entry, "amount_total");
    let mut subtotal = json!({ "tax_groups": groups, "name": "Untaxed Amount" });
    untaxed.put(&mut subtotal, "base_amount");
    tax.put(&mut subtotal, "tax_amount");
    let mut totals = json!({
        "currency_id": entry.get("currency_id").as_id(),
        "currency_pd": 0.01,
        "company_currency_id": entry.get("company_currency_id").as_id(),
        "company_currency_pd": 0.01,
        "has_tax_groups": !groups.is_empty(),
        "subtotals": [subtotal],
        "same_tax_base": groups.iter().all(|group| group["base_amount_currency"] == json!(untaxed.amount)),
        "display_in_company_currency": false,
    });
    untaxed.put(&mut totals, "base_amount");
    tax.put(&mut totals, "tax_amount");
    total.put(&mut totals, "total_amount");
    totals.into()
}

/// An amount in the document's currency and in the company's.
#[derive(Clone, Copy, Default)]
struct Pair {
    amount: f64,
    balance: f64,
}

impl Pair {
    /// A total of the document, without the sign it has in the books.
    fn of(entry: &Record<'_>, field: &str) -> Self {
        let signed = entry.float(&format!("{field}_signed"));
        let inward = if document::is_sale(&entry.text("move_type")) {
            1.0
        } else {
            -1.0
        };
        let sign = if entry.text("move_type").ends_with("_refund") {
            -inward
        } else {
            inward
        };
        Self {
            amount: entry.float(field),
            balance: money::round(sign * signed),
        }
    }

    fn add(&mut self, item: &Record<'_>, sign: f64) {
        self.amount += sign * item.float("amount_currency");
        self.balance += sign * item.float("balance");
    }

    fn rounded(self) -> Self {
        Self {
            amount: money::round(self.amount),
            balance: money::round(self.balance),
        }
    }

    fn put(self, into: &mut Json, name: &str) {
        into[format!("{name}_currency")] = json!(self.amount);
        into[name] = json!(self.balance);
    }
}

/// What the taxes of one group come to, and on what.
#[derive(Default)]
struct GroupSum {
    taxes: Vec<i64>,
    tax: Pair,
    base: Pair,
}

impl GroupSum {
    fn row(&self, group: &Record<'_>) -> Json {
        let mut row = json!({
            "id": group.id(),
            "involved_tax_ids": self.taxes,
            "group_name": group.text("name"),
            "group_label": false,
        });
        self.tax.rounded().put(&mut row, "tax_amount");
        self.base.rounded().put(&mut row, "base_amount");
        self.base.rounded().put(&mut row, "display_base_amount");
        row
    }
}

/// The taxes of a document, added up by tax group.
fn groups(entry: &Record<'_>) -> Vec<Json> {
    let sign = document::direction(&entry.text("move_type"));
    let lines = entry.many("line_ids");
    let mut sums: BTreeMap<i64, GroupSum> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.is("display_type", "tax")) {
        let tax = line.get("tax_line_id").as_int();
        let sum = sums.entry(line.get("tax_group_id").as_int()).or_default();
        sum.taxes.push(tax);
        sum.tax.add(line, sign);
        for base in lines
            .iter()
            .filter(|base| base.ids("tax_ids").contains(&tax))
        {
            sum.base.add(base, sign);
        }
    }
    let group = |id| entry.env().record_of("account.tax.group", id);
    sums.into_iter()
        .map(|(id, sum)| sum.row(&group(id)))
        .collect()
}
