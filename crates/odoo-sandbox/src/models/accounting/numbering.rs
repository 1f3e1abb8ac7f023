//! The numbers of posted entries: `INV/2026/00001`, `BILL/2026/11/0001`, `RINV/…` for credit notes, `PBNK1/…` for payments.

use crate::engine::record::Record;

/// Gives an entry the next number of its journal and period. One that had a number keeps it.
pub(crate) fn number(entry: &Record<'_>) {
    if !entry.text("name").is_empty() {
        return;
    }
    let Some(journal) = entry.one("journal_id") else {
        return;
    };
    let (prefix, width) = sequence(entry, &journal);
    let next = entry
        .env()
        .next_number(&format!("account.move/{}/{prefix}", journal.id()));
    entry.set("sequence_prefix", prefix.clone());
    entry.set("sequence_number", next);
    entry.set("name", format!("{prefix}{next:0width$}"));
}

/// Prefix and width of the number. Sales, banks and cash boxes count by the year, purchases and the rest by the month
/// (`account.move._get_starting_sequence`).
fn sequence(entry: &Record<'_>, journal: &Record<'_>) -> (String, usize) {
    let day = entry.date("date").unwrap_or_else(|| entry.env().today());
    let code = journal.text("code");
    let refund = journal.bool("refund_sequence") && entry.text("move_type").ends_with("_refund");
    let payment = journal.bool("payment_sequence") && !entry.get("origin_payment_id").is_empty();
    let mark = match (payment, refund) {
        (true, true) => "PR",
        (true, false) => "P",
        (false, true) => "R",
        (false, false) => "",
    };
    if matches!(
        journal.text("type").as_str(),
        "sale" | "bank" | "cash" | "credit"
    ) {
        (format!("{mark}{code}/{:04}/", day.year()), 5)
    } else {
        (
            format!("{mark}{code}/{:04}/{:02}/", day.year(), day.month()),
            4,
        )
    }
}
