//! What is still due: residuals of journal items, totals of entries and payment states.
//!
//! Not for deciding what settles what; see `matching`.

use crate::engine::record::Record;

use super::{document, matching};
use crate::models::money;

/// Brings residuals, totals and the payment state of an entry up to date.
pub(super) fn refresh(entry: &Record<'_>) {
    let items = entry.many("line_ids");
    for item in &items {
        residual(item);
    }
    let kind = entry.text("move_type");
    let sums = if document::is_invoice(&kind) {
        Sums::of_document(&items)
    } else {
        Sums::of_entry(&items)
    };
    sums.put(entry, &kind);
    let state = payment_state(entry, &kind);
    entry.set("payment_state", state);
}

/// What is left of an item after its matches, if its account is one that is matched.
fn residual(item: &Record<'_>) {
    let open = item.one("account_id").is_some_and(|account| {
        account.bool("reconcile")
            || matches!(
                account.text("account_type").as_str(),
                "asset_cash" | "liability_credit_card"
            )
    });
    let (mut balance, mut amount) = (0.0, 0.0);
    if open {
        (balance, amount) = (item.float("balance"), item.float("amount_currency"));
        for partial in item.many("matched_credit_ids") {
            balance -= partial.float("amount");
            amount -= partial.float("debit_amount_currency");
        }
        for partial in item.many("matched_debit_ids") {
            balance += partial.float("amount");
            amount += partial.float("credit_amount_currency");
        }
    }
    item.set("amount_residual", money::round(balance));
    item.set("amount_residual_currency", money::round(amount));
    item.set(
        "reconciled",
        open && money::is_zero(balance) && money::is_zero(amount),
    );
}

/// Sums over the items of an entry, each in the company's currency and in the entry's.
#[derive(Default)]
struct Sums {
    untaxed: (f64, f64),
    tax: (f64, f64),
    total: (f64, f64),
    due: (f64, f64),
}

impl Sums {
    fn of_document(items: &[Record<'_>]) -> Self {
        let mut sums = Self::default();
        for item in items {
            let amount = (item.float("balance"), item.float("amount_currency"));
            match item.text("display_type").as_str() {
                "tax" => {
                    add(&mut sums.tax, amount);
                    add(&mut sums.total, amount);
                }
                "product" | "rounding" => {
                    add(&mut sums.untaxed, amount);
                    add(&mut sums.total, amount);
                }
                "payment_term" => {
                    let due = (
                        item.float("amount_residual"),
                        item.float("amount_residual_currency"),
                    );
                    add(&mut sums.due, due);
                }
                _ => {}
            }
        }
        sums
    }

    /// A plain entry has a total, the sum of its debits, and nothing else.
    fn of_entry(items: &[Record<'_>]) -> Self {
        let mut sums = Self::default();
        for item in items.iter().filter(|item| item.float("debit") != 0.0) {
            add(
                &mut sums.total,
                (item.float("balance"), item.float("amount_currency")),
            );
        }
        sums
    }

    fn put(&self, entry: &Record<'_>, kind: &str) {
        let sign = document::direction(kind);
        let set = |field: &str, amount: f64| entry.set(field, money::round(amount));
        set("amount_untaxed", sign * self.untaxed.1);
        set("amount_tax", sign * self.tax.1);
        set("amount_total", sign * self.total.1);
        set("amount_residual", -sign * self.due.1);
        set("amount_untaxed_signed", -self.untaxed.0);
        set("amount_untaxed_in_currency_signed", -self.untaxed.1);
        set("amount_tax_signed", -self.tax.0);
        set("amount_residual_signed", self.due.0);
        if kind == "entry" {
            set("amount_total_signed", self.total.0.abs());
            set("amount_total_in_currency_signed", self.total.1.abs());
        } else {
            set("amount_total_signed", -self.total.0);
            set("amount_total_in_currency_signed", -self.total.1);
        }
    }
}

fn add(sum: &mut (f64, f64), amount: (f64, f64)) {
    sum.0 += amount.0;
    sum.1 += amount.1;
}

/// Odoo's `_compute_payment_state`, as Community has it: a document is paid as soon as payments cover it.
fn payment_state(entry: &Record<'_>, kind: &str) -> &'static str {
    let counted = entry.is("state", "posted")
        || (entry.is("state", "draft") && !money::is_zero(entry.float("amount_total")));
    if !document::is_invoice(kind) || !counted {
        return "not_paid";
    }
    let against = matching::counterparts(entry);
    if money::is_zero(entry.float("amount_residual")) && entry.is("state", "posted") {
        let paid = against
            .iter()
            .any(|other| !other.get("origin_payment_id").is_empty());
        let refund = if document::is_sale(kind) {
            "out_refund"
        } else {
            "in_refund"
        };
        let reversed = !against.is_empty()
            && !kind.ends_with("_refund")
            && against.iter().any(|other| other.is("move_type", refund))
            && against
                .iter()
                .all(|other| other.is("move_type", refund) || other.is("move_type", "entry"));
        let taken_back = kind.ends_with("_refund")
            && !against.is_empty()
            && against.iter().all(|other| other.is("move_type", "entry"));
        return if !paid && (reversed || taken_back) {
            "reversed"
        } else {
            "paid"
        };
    }
    if against.is_empty() {
        "not_paid"
    } else {
        "partial"
    }
}
