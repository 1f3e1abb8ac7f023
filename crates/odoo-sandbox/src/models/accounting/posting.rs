//! Posting, cancelling and resetting entries, and what may be changed in which state.

use serde_json::Value as Json;

use crate::engine::{
    cell::Cell,
    env::Env,
    error::{OdooError, Result},
    method::{Args, Target},
    model::Vals,
    record::Record,
};

use super::{INVOICE, document, journal_entry, matching, numbering, settlement};
use crate::models::money;

/// `action_post`: checks, numbers and posts; answers `false` when done, as Odoo does.
pub(super) fn action_post(env: &Env, target: &Target<'_>, _: &Args) -> Result<Json> {
    post(env, target.ids)?;
    Ok(Json::Bool(false))
}

/// Posts drafts, with the caller's rights.
pub(super) fn post(env: &Env, ids: &[i64]) -> Result<()> {
    if !env.is_sudo() && !env.in_group(INVOICE) {
        return Err(OdooError::access(
            "You don't have the access rights to post an invoice.",
        ));
    }
    let mut problems: Vec<String> = Vec::new();
    for entry in env.browse("account.move", ids) {
        for problem in check(&entry)? {
            if !problems.contains(&problem) {
                problems.push(problem);
            }
        }
    }
    if !problems.is_empty() {
        return Err(OdooError::user(problems.join("\n")));
    }
    for entry in env.browse("account.move", ids) {
        post_one(env, &entry)?;
    }
    Ok(())
}

/// `button_draft`: back to a draft, which keeps its number; matches are taken back.
pub(super) fn button_draft(env: &Env, target: &Target<'_>, _: &Args) -> Result<Json> {
    for entry in env.browse(target.model, target.ids) {
        if !matches!(entry.text("state").as_str(), "cancel" | "posted") {
            return Err(OdooError::user(
                "Only posted/cancelled journal entries can be reset to draft.",
            ));
        }
        matching::unreconcile(&entry)?;
        entry.set("state", "draft");
        entry.set("checked", false);
        settlement::refresh(&entry);
    }
    Ok(Json::Null)
}

/// `button_cancel`: a posted entry is reset to a draft first.
pub(super) fn button_cancel(env: &Env, target: &Target<'_>, arguments: &Args) -> Result<Json> {
    for entry in env.browse(target.model, target.ids) {
        if entry.is("state", "posted") {
            let one = Target {
                model: target.model,
                ids: &[entry.id()],
            };
            button_draft(env, &one, arguments)?;
        }
        if !entry.is("state", "draft") {
            return Err(OdooError::user(
                "Only draft journal entries can be cancelled.",
            ));
        }
        entry.set("auto_post", "no");
        entry.set("state", "cancel");
        settlement::refresh(&entry);
    }
    Ok(Json::Null)
}

/// The label of what the partner owes: the payment reference, or of a bill the vendor's reference.
pub(super) fn due_label(entry: &Record<'_>) -> Cell {
    let (payment, reference) = (entry.text("payment_reference"), entry.text("ref"));
    if !payment.is_empty() && !reference.is_empty() && payment != reference {
        return format!("{reference} - {payment}").into();
    }
    if !payment.is_empty() {
        return payment.into();
    }
    if !reference.is_empty()
        && matches!(entry.text("move_type").as_str(), "in_invoice" | "in_refund")
    {
        return reference.into();
    }
    Cell::Empty
}

/// Before a write: amounts and dates of posted entries stay as they are.
pub(super) fn guard(env: &Env, ids: &[i64], vals: &mut Vals) -> Result<()> {
    journal_entry::merge_written_lines(vals);
    const FROZEN: [&str; 5] = [
        "line_ids",
        "date",
        "journal_id",
        "currency_id",
        "invoice_date",
    ];
    let frozen = FROZEN.iter().find(|field| vals.contains_key(**field));
    for entry in env.browse("account.move", ids) {
        if let Some(field) = frozen.filter(|_| entry.is("state", "posted")) {
            return Err(OdooError::user(format!(
                "You cannot modify the following readonly fields on a posted move: {field}"
            )));
        }
    }
    Ok(())
}

/// Before a removal: what has been posted stays, so that the numbers have no gap.
pub(super) fn refuse_removal(env: &Env, ids: &[i64]) -> Result<()> {
    for entry in env.browse("account.move", ids) {
        if entry.is("state", "posted") {
            return Err(OdooError::user(
                "You can't delete a posted journal item. Don’t play games with your accounting records; \
                 reset the journal entry to draft before deleting it.",
            ));
        }
        let items = entry.ids("line_ids");
        env.sudo().unlink("account.move.line", &items)?;
    }
    Ok(())
}

fn check(entry: &Record<'_>) -> Result<Vec<String>> {
    let mut problems = Vec::new();
    let kind = entry.text("move_type");
    if document::is_invoice(&kind) {
        check_document(entry, &kind, &mut problems)?;
    }
    if !entry.is("state", "draft") {
        problems.push(format!(
            "The entry {} (id {}) must be in draft.",
            entry.text("name"),
            entry.id()
        ));
    }
    let counts = |line: &Record<'_>| {
        !matches!(
            line.text("display_type").as_str(),
            "line_section" | "line_subsection" | "line_note"
        )
    };
    let lines = entry.many("line_ids");
    if !lines.iter().any(counts) {
        problems.push("Even magicians can't post nothing!".into());
    }
    if let Some(journal) = entry
        .one("journal_id")
        .filter(|journal| !journal.bool("active"))
    {
        let name = journal.display_name();
        problems.push(format!(
            "You cannot post an entry in an archived journal ({name})"
        ));
    }
    if lines
        .iter()
        .filter_map(|line| line.one("account_id"))
        .any(|account| !account.bool("active"))
    {
        problems
            .push("A line of this move is using a archived account, you cannot post it.".into());
    }
    Ok(problems)
}

fn check_document(entry: &Record<'_>, kind: &str, problems: &mut Vec<String>) -> Result<()> {
    let sale = document::is_sale(kind);
    if money::round(entry.float("amount_total")) < 0.0 {
        problems.push(
            "You cannot validate an invoice with a negative total amount. You should create a credit note instead. \
             Use the action menu to transform it into a credit note or refund."
                .into(),
        );
    }
    if entry.get("partner_id").is_empty() && !kind.ends_with("_receipt") {
        problems.push(if sale {
            "The 'Customer' field is required to validate the invoice.\n\
             You probably don't want to explain to your auditor that you invoiced an invisible man :)"
                .into()
        } else {
            "The field 'Vendor' is required, please complete it to validate the Vendor Bill.".into()
        });
    }
    if entry.date("invoice_date").is_none() && entry.is("state", "draft") {
        if sale {
            entry.set("invoice_date", entry.env().today());
            entry.set("date", entry.env().today());
            document::compute(entry)?;
        } else {
            problems.push("The Bill/Refund date is required to validate this document.".into());
        }
    }
    Ok(())
}

fn post_one(env: &Env, entry: &Record<'_>) -> Result<()> {
    entry.set("state", "posted");
    entry.set("posted_before", true);
    entry.set("checked", true);
    numbering::number(entry);
    if entry.is("move_type", "out_invoice") && entry.text("payment_reference").is_empty() {
        entry.set("payment_reference", entry.text("name"));
    }
    for line in entry
        .many("line_ids")
        .iter()
        .filter(|line| line.is("display_type", "payment_term"))
    {
        line.set("name", due_label(entry));
    }
    settlement::refresh(entry);
    rank_partner(entry);
    match entry
        .one("reversed_entry_id")
        .filter(|reversed| reversed.is("state", "posted"))
    {
        Some(reversed) => take_back(env, entry, &reversed),
        None => Ok(()),
    }
}

/// Partners are ranked by how many documents they have got.
fn rank_partner(entry: &Record<'_>) {
    let kind = entry.text("move_type");
    if !document::is_invoice(&kind) {
        return;
    }
    let field = if document::is_sale(&kind) {
        "customer_rank"
    } else {
        "supplier_rank"
    };
    let partner = entry.one("partner_id");
    let commercial = entry
        .one("commercial_partner_id")
        .filter(|other| Some(other.id()) != partner.map(|partner| partner.id()));
    for ranked in partner.into_iter().chain(commercial) {
        ranked.set(field, ranked.int(field) + 1);
    }
}

/// A posted credit note is matched with the document it takes back.
fn take_back(env: &Env, entry: &Record<'_>, reversed: &Record<'_>) -> Result<()> {
    let due = |record: &Record<'_>| {
        let lines = record
            .many("line_ids")
            .into_iter()
            .filter(|line| line.is("display_type", "payment_term"));
        lines.map(|line| line.id()).collect::<Vec<_>>()
    };
    let mut items = due(reversed);
    items.extend(due(entry));
    matching::reconcile(env, &items)
}
