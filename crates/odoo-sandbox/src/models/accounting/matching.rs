//! Matching of journal items with each other: which payment or credit note settles which document.

use serde_json::json;

use crate::engine::{cell::Cell, env::Env, error::Result, record::Record, write::vals};

use super::{document, settlement};
use crate::models::money;

/// The matches of an entry's items on receivable and payable accounts.
pub(super) fn partials_of<'e>(entry: &Record<'e>) -> Vec<Record<'e>> {
    let mut found = Vec::new();
    for item in partner_items(entry) {
        found.extend(item.many("matched_debit_ids"));
        found.extend(item.many("matched_credit_ids"));
    }
    found
}

/// The entries that an entry's items are matched with.
pub(super) fn counterparts<'e>(entry: &Record<'e>) -> Vec<Record<'e>> {
    let mut found: Vec<Record<'e>> = Vec::new();
    for item in opposite_items(entry) {
        if let Some(other) = item
            .one("move_id")
            .filter(|other| found.iter().all(|known| known.id() != other.id()))
        {
            found.push(other);
        }
    }
    found
}

/// The payments that an entry is matched with.
pub(super) fn payments_of(entry: &Record<'_>) -> Vec<i64> {
    counterparts(entry)
        .iter()
        .filter_map(|other| other.get("origin_payment_id").as_id())
        .collect()
}

/// Matches two sets of items of one account, oldest first, until one side is used up; the smaller side decides.
pub(super) fn reconcile(env: &Env, items: &[i64]) -> Result<()> {
    let mut open: Vec<Record<'_>> = env
        .browse("account.move.line", items)
        .into_iter()
        .filter(|item| !item.bool("reconciled"))
        .collect();
    open.sort_by_key(|item| {
        (
            item.date("date_maturity").or_else(|| item.date("date")),
            item.id(),
        )
    });
    let (mut debits, mut credits): (Vec<_>, Vec<_>) = open
        .into_iter()
        .partition(|item| item.float("amount_residual") > 0.0);
    debits.reverse();
    credits.reverse();
    while let (Some(debit), Some(credit)) = (debits.last().copied(), credits.last().copied()) {
        match_pair(env, &debit, &credit)?;
        if debit.bool("reconciled") {
            debits.pop();
        }
        if credit.bool("reconciled") {
            credits.pop();
        }
        if !debit.bool("reconciled") && !credit.bool("reconciled") {
            break;
        }
    }
    Ok(())
}

/// Takes back the matches of an entry.
pub(super) fn unreconcile(entry: &Record<'_>) -> Result<()> {
    let env = entry.env().sudo();
    let partials: Vec<i64> = partials_of(entry).iter().map(Record::id).collect();
    let others = counterparts(entry);
    let touched: Vec<Record<'_>> = partner_items(entry)
        .into_iter()
        .chain(opposite_items(entry))
        .collect();
    env.unlink("account.partial.reconcile", &partials)?;
    for item in touched {
        item.set("matching_number", Cell::Empty);
        item.set("full_reconcile_id", Cell::Empty);
    }
    for other in &others {
        settlement::refresh(other);
    }
    settlement::refresh(entry);
    Ok(())
}

/// `invoice_payments_widget`: what has been paid and how, or nothing.
pub(super) fn payments_widget(entry: &Record<'_>) -> Cell {
    let shown = matches!(entry.text("state").as_str(), "draft" | "posted")
        && document::is_invoice(&entry.text("move_type"));
    let content: Vec<serde_json::Value> = if shown {
        partials_of(entry)
            .iter()
            .filter_map(|partial| widget_row(entry, partial))
            .collect()
    } else {
        Vec::new()
    };
    if content.is_empty() {
        return Cell::Empty;
    }
    json!({ "title": "Less Payment", "outstanding": false, "content": content }).into()
}

fn widget_row(entry: &Record<'_>, partial: &Record<'_>) -> Option<serde_json::Value> {
    let ends = (
        partial.one("debit_move_id")?,
        partial.one("credit_move_id")?,
    );
    let is_mine = |item: &Record<'_>| item.get("move_id").as_id() == Some(entry.id());
    let (field, other) = if is_mine(&ends.0) {
        ("debit_amount_currency", ends.1)
    } else {
        ("credit_amount_currency", ends.0)
    };
    let counterpart = other.one("move_id")?;
    let payment = counterpart.one("origin_payment_id");
    let number = counterpart.text("name");
    let reference = counterpart.text("ref");
    let own = entry.get("company_currency_id") == other.get("currency_id");
    let currency = other.one("currency_id")?;
    Some(json!({
        "name": text_or_false(&other.text("name")),
        "journal_name": counterpart.one("journal_id")?.text("name"),
        "company_name": false,
        "amount": partial.float(field),
        "currency_id": entry.get("currency_id").as_id(),
        "date": other.date("date").map(|day| day.to_string()),
        "partial_id": partial.id(),
        "account_payment_id": id_or_false(payment.as_ref().map(Record::id)),
        "payment_method_name": payment.as_ref().and_then(|payment| payment.one("payment_method_line_id"))
            .map_or(json!(false), |line| json!(line.text("name"))),
        "move_id": counterpart.id(),
        "is_refund": counterpart.text("move_type").ends_with("_refund"),
        "ref": if reference.is_empty() { number } else { format!("{number} ({reference})") },
        "is_exchange": false,
        "amount_company_currency": money::formatted(&entry.one("company_currency_id")?, other.float("balance").abs()),
        "amount_foreign_currency":
            if own { json!(false) } else { json!(money::formatted(&currency, other.float("amount_currency").abs())) },
    }))
}

fn text_or_false(text: &str) -> serde_json::Value {
    if text.is_empty() {
        json!(false)
    } else {
        json!(text)
    }
}

fn id_or_false(id: Option<i64>) -> serde_json::Value {
    id.map_or(json!(false), |id| json!(id))
}

fn partner_items<'e>(entry: &Record<'e>) -> Vec<Record<'e>> {
    let mut items = entry.many("line_ids");
    items.retain(|item| {
        matches!(
            item.text("account_type").as_str(),
            "asset_receivable" | "liability_payable"
        )
    });
    items
}

fn opposite_items<'e>(entry: &Record<'e>) -> Vec<Record<'e>> {
    let mut found = Vec::new();
    for item in partner_items(entry) {
        found.extend(
            item.many("matched_debit_ids")
                .iter()
                .filter_map(|partial| partial.one("debit_move_id")),
        );
        found.extend(
            item.many("matched_credit_ids")
                .iter()
                .filter_map(|partial| partial.one("credit_move_id")),
        );
    }
    found
}

fn match_pair(env: &Env, debit: &Record<'_>, credit: &Record<'_>) -> Result<()> {
    let amount = debit
        .float("amount_residual")
        .min(-credit.float("amount_residual"));
    let share = |item: &Record<'_>| {
        let (left, left_in_currency) = (
            item.float("amount_residual"),
            item.float("amount_residual_currency"),
        );
        if left == 0.0 {
            0.0
        } else {
            money::round((left_in_currency * amount / left).abs())
        }
    };
    let partial = json!({
        "debit_move_id": debit.id(),
        "credit_move_id": credit.id(),
        "amount": amount,
        "debit_amount_currency": share(debit),
        "credit_amount_currency": share(credit),
        "max_date": debit.date("date").max(credit.date("date")).map(|day| day.to_string()),
    });
    let id = env
        .sudo()
        .create("account.partial.reconcile", vals(partial))?;
    for item in [debit, credit] {
        if item.get("matching_number").is_empty() {
            item.set("matching_number", format!("P{id}"));
        }
        if let Some(entry) = item.one("move_id") {
            settlement::refresh(&entry);
        }
    }
    close(env, debit, credit)
}

/// When both sides are used up, everything they are matched with becomes one full match.
fn close(env: &Env, debit: &Record<'_>, credit: &Record<'_>) -> Result<()> {
    let group = connected(debit);
    if !group.iter().all(|item| item.bool("reconciled")) {
        let number = credit
            .text("matching_number")
            .min(debit.text("matching_number"));
        for item in &group {
            item.set("matching_number", number.clone());
        }
        return Ok(());
    }
    let full = env
        .sudo()
        .create("account.full.reconcile", vals(json!({})))?;
    for item in &group {
        item.set("full_reconcile_id", full);
        item.set("matching_number", full.to_string());
        for partial in item
            .many("matched_debit_ids")
            .into_iter()
            .chain(item.many("matched_credit_ids"))
        {
            partial.set("full_reconcile_id", full);
        }
    }
    Ok(())
}

/// All items that hang together by matches.
fn connected<'e>(item: &Record<'e>) -> Vec<Record<'e>> {
    let mut found = vec![*item];
    let mut next = 0;
    while let Some(item) = found.get(next).copied() {
        let ends = item
            .many("matched_debit_ids")
            .into_iter()
            .filter_map(|partial| partial.one("debit_move_id"));
        let others = item
            .many("matched_credit_ids")
            .into_iter()
            .filter_map(|partial| partial.one("credit_move_id"));
        for other in ends.chain(others) {
            if found.iter().all(|known| known.id() != other.id()) {
                found.push(other);
            }
        }
        next += 1;
    }
    found
}
