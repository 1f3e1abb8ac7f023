//! Many invoices: enough to see what a tool does when there is more than fits into an answer.
//!
//! A dozen documents are entered, posted and paid as those of the demo company are; the others are drawn after them
//! with earlier dates, other amounts and other partners, since entering them one by one would take minutes. Journal
//! items balance, and what is due is what payments left.

use jiff::{ToSpan, civil::Date};
use serde_json::json;

use super::{Load, books};
use crate::demo::{
    self, DocumentLine, INSTRUMENTS, LineKind, Move, MoveBody, MoveKind, MoveState, NORDIC, Payment,
};
use crate::engine::{
    env::Env,
    error::Result,
    record::Record,
    stencil::{Drawing, Stencil},
};
use crate::models::accounting::numbering;

/// How many partners the documents are with. No divisor in common with the other cycles, so that all combine.
const PARTNERS: usize = 197;
/// Over how many days the documents are spread.
const DAYS: usize = 311;
/// How many different multiples of an amount there are.
const MULTIPLES: usize = 9;
/// How many days ago the first documents are dated, and after how many they are paid and due.
const AGE: i32 = 45;
const PAID_AFTER: i32 = 20;
const DUE_AFTER: i32 = 30;
/// The partner of the demo company that the first documents are with.
const PARTNER: &str = "calloway";

/// How much of a document is paid.
#[derive(Clone, Copy, PartialEq)]
enum Paid {
    Nothing,
    Part,
    All,
}

/// The documents that the others are drawn after: company, kind, currency, what is paid, lines.
const MODELS: [(&str, MoveKind, Option<&str>, Paid, usize); 12] = [
    (INSTRUMENTS, MoveKind::OutInvoice, None, Paid::All, 1),
    (INSTRUMENTS, MoveKind::OutInvoice, None, Paid::Nothing, 2),
    (NORDIC, MoveKind::OutInvoice, None, Paid::All, 2),
    (INSTRUMENTS, MoveKind::InInvoice, None, Paid::All, 1),
    (INSTRUMENTS, MoveKind::OutInvoice, None, Paid::Part, 3),
    (NORDIC, MoveKind::OutInvoice, None, Paid::Nothing, 1),
    (
        INSTRUMENTS,
        MoveKind::OutInvoice,
        Some("EUR"),
        Paid::Nothing,
        1,
    ),
    (NORDIC, MoveKind::InInvoice, None, Paid::Nothing, 2),
    (INSTRUMENTS, MoveKind::OutRefund, None, Paid::Nothing, 1),
    (INSTRUMENTS, MoveKind::InInvoice, None, Paid::Nothing, 3),
    (NORDIC, MoveKind::InInvoice, None, Paid::All, 1),
    (NORDIC, MoveKind::OutRefund, None, Paid::Nothing, 1),
];

/// Adds so many posted documents to the demo company.
pub(crate) fn load(env: &Env, today: Date, documents: usize) -> Result<()> {
    let demo = demo::company(today);
    let load = Load { env, demo: &demo };
    let partners = partners(&load)?;
    let models: Vec<_> = MODELS.iter().enumerate().take(documents).collect();
    let mut stencils = Vec::with_capacity(models.len());
    for (number, model) in models {
        let document = document(number, model, today);
        books::enter(&load, &document)?;
        if let Some(payment) = payment(&document, model.3) {
            books::pay(&load, &payment)?;
        }
        let id = load.id("move", &document.key)?;
        let partner = ("res.partner", load.id("partner", PARTNER)?);
        stencils.push(Stencil::cut(env, &together(env, id), partner)?);
    }
    for number in stencils.len()..documents {
        draw(env, &stencils[number % stencils.len()], number, &partners);
    }
    Ok(())
}

fn partners(load: &Load<'_>) -> Result<Vec<i64>> {
    let partner = |number: usize| {
        let values = json!({
            "name": format!("Customer {number:03}"), "is_company": true,
            "customer_rank": 1, "supplier_rank": 1,
        });
        load.create("partner", &format!("crowd-{number}"), "res.partner", values)
    };
    (0..PARTNERS).map(partner).collect()
}

fn document(
    number: usize,
    (company, kind, currency, paid, lines): &(
        &'static str,
        MoveKind,
        Option<&'static str>,
        Paid,
        usize,
    ),
    today: Date,
) -> Move {
    let date = today.saturating_sub(AGE.days());
    let sale = matches!(kind, MoveKind::OutInvoice | MoveKind::OutRefund);
    // Partly paid ones have no tax, so that what is left can be checked by heart.
    let taxed = *paid != Paid::Part && currency.is_none();
    Move {
        key: format!("crowd-{number}"),
        company,
        kind: *kind,
        state: MoveState::Posted,
        journal: if sale { "INV" } else { "BILL" },
        partner: Some(PARTNER),
        date,
        due: Some(date.saturating_add(DUE_AFTER.days())),
        currency: *currency,
        reference: (number % 2 == 1).then(|| format!("C-{number}")),
        reverses: None,
        body: MoveBody::Document((0..*lines).map(|line| product(sale, taxed, line)).collect()),
    }
}

fn product(sale: bool, taxed: bool, line: usize) -> DocumentLine {
    let tax = if sale { "sale-15" } else { "purchase-15" };
    DocumentLine {
        kind: LineKind::Product,
        label: [
            "Annual service contract",
            "Pressure gauge set",
            "Thermal probe",
        ][line % 3],
        account: Some(if sale { "400000" } else { "600000" }),
        quantity: 1.0,
        price_cents: [24_000, 38_760, 21_560][line % 3],
        discount: 0.0,
        tax: taxed.then_some(tax),
    }
}

fn payment(document: &Move, paid: Paid) -> Option<Payment> {
    (paid != Paid::Nothing).then(|| Payment {
        company: document.company,
        pays: document.key.clone(),
        journal: "BNK1",
        date: document.date.saturating_add(PAID_AFTER.days()),
        amount_cents: (paid == Paid::Part).then_some(10_000),
    })
}

/// A document with its items, and the payment with all that belongs to it.
fn together(env: &Env, document: i64) -> Vec<(&'static str, i64)> {
    let mut entries = vec![env.record_of("account.move", document)];
    let mut found = Vec::new();
    let mut partials: Vec<Record<'_>> = Vec::new();
    let mut next = 0;
    while let Some(entry) = entries.get(next).copied() {
        found.push(("account.move", entry.id()));
        let payment = entry.get("origin_payment_id").as_id();
        found.extend(payment.map(|id| ("account.payment", id)));
        for item in entry.many("line_ids") {
            found.push(("account.move.line", item.id()));
            let full = item.get("full_reconcile_id").as_id();
            found.extend(full.map(|id| ("account.full.reconcile", id)));
            partials.extend(item.many("matched_debit_ids"));
            partials.extend(item.many("matched_credit_ids"));
        }
        for partial in &partials {
            found.push(("account.partial.reconcile", partial.id()));
            for end in ["debit_move_id", "credit_move_id"] {
                let other = partial.one(end).and_then(|item| item.one("move_id"));
                let new = |other: &Record<'_>| entries.iter().all(|entry| entry.id() != other.id());
                entries.extend(other.filter(new));
            }
        }
        next += 1;
    }
    let mut once = Vec::with_capacity(found.len());
    for record in found {
        if !once.contains(&record) {
            once.push(record);
        }
    }
    once
}

/// One more document, with numbers of its own.
fn draw(env: &Env, stencil: &Stencil, number: usize, partners: &[i64]) {
    let round = number / MODELS.len();
    let drawing = Drawing {
        days_earlier: i32::try_from(round % DAYS).unwrap_or_default(),
        times: u8::try_from(1 + round % MULTIPLES).unwrap_or(1),
        exchanged: partners[number % partners.len()],
    };
    let ids = stencil.draw(env, &drawing);
    let mut pieces = Vec::new();
    for position in stencil.of_model("account.move") {
        let entry = env.record_of("account.move", ids[position]);
        let before = entry.text("name");
        entry.set("name", "");
        numbering::number(&entry);
        pieces.push((before, entry.text("name")));
    }
    stencil.rename(env, &ids, &pieces);
    mark(env, stencil, &ids);
}

/// Items that are matched carry the id of their match.
fn mark(env: &Env, stencil: &Stencil, ids: &[i64]) {
    let first = |model| {
        stencil
            .of_model(model)
            .first()
            .map(|position| ids[*position])
    };
    let number = match (
        first("account.full.reconcile"),
        first("account.partial.reconcile"),
    ) {
        (Some(full), _) => full.to_string(),
        (None, Some(partial)) => format!("P{partial}"),
        (None, None) => return,
    };
    for position in stencil.of_model("account.move.line") {
        let item = env.record_of("account.move.line", ids[position]);
        if !item.get("matching_number").is_empty() {
            item.set("matching_number", number.as_str());
        }
    }
}
