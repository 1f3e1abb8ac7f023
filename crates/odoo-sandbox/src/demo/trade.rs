//! What the first company sells: five invoices a month, with the special cases a year of trade brings.

use jiff::ToSpan;

use super::books::{Books, DocumentLine, LineKind, Move, MoveKind, MoveState};
use super::calendar::MONTHS;
use super::ledger::INSTRUMENTS;
use super::partners::CUSTOMERS;

/// Label, account and price in hundredths.
type Product = (&'static str, &'static str, i64);

const PRODUCTS: [Product; 8] = [
    ("Handheld refractometer", "400000", 124_950),
    ("Bench spectrometer", "400000", 1_489_000),
    ("Pressure gauge set", "400000", 38_725),
    ("Thermal probe", "400000", 21_560),
    ("On-site calibration, per day", "401000", 98_000),
    ("Annual service contract", "401000", 240_000),
    ("Moisture analyser", "400000", 517_500),
    ("Laser distance meter", "400000", 64_390),
];

/// Day of the month and days until due of the five invoices of each month.
const SCHEDULE: [(i32, i32); 5] = [(3, 30), (8, 15), (12, 30), (17, 45), (23, 30)];

/// Invoices in euros, although the company keeps its books in dollars.
const IN_EUROS: [usize; 3] = [11, 34, 48];

/// The invoice with sections, notes and a discount.
const WITH_SECTIONS: usize = 27;

/// Enters the year's sales.
pub(super) fn enter(books: &mut Books<'_>) {
    for month in 0..MONTHS {
        for (slot, schedule) in SCHEDULE.iter().enumerate() {
            let number = usize::try_from(month).unwrap_or_default() * SCHEDULE.len() + slot;
            invoice(books, month, number, *schedule);
        }
    }
    cancelled(books);
    open_credit_note(books);
    reversed(books);
    draft(books);
}

fn invoice(books: &mut Books<'_>, month: i32, number: usize, (day, days): (i32, i32)) {
    let Some(date) = books.months.day(month, day) else {
        return;
    };
    let in_euros = IN_EUROS.contains(&number);
    let customer = if in_euros {
        "sandvik"
    } else {
        CUSTOMERS[(number * 5) % CUSTOMERS.len()]
    };
    let name = format!("sale-{number:02}");
    let mut invoice = Move::document(
        INSTRUMENTS,
        MoveKind::OutInvoice,
        customer,
        (&name, date, days),
    )
    .lines(lines(number, !in_euros && customer != "sandvik"));
    if in_euros {
        invoice.currency = Some("EUR");
    }
    if number % 3 == 1 {
        invoice = invoice.reference(format!("PO-{}", 4100 + number));
    }
    settle(books, &invoice, number, days);
    books.add(invoice);
}

/// One in ten stays unpaid, one in ten is paid in part, one in ten late, the rest shortly before it is due.
fn settle(books: &mut Books<'_>, invoice: &Move, number: usize, days: i32) {
    let after = |days: i32| invoice.date.saturating_add(days.days());
    match number % 10 {
        9 => {}
        4 => books.pay(invoice, after(20), Some(50_000)),
        7 => books.pay(invoice, after(days + 12), None),
        _ => books.pay(invoice, after(days - 3), None),
    }
}

fn lines(number: usize, taxable: bool) -> Vec<DocumentLine> {
    if number == WITH_SECTIONS {
        return sections();
    }
    let taxed = taxable && !number.is_multiple_of(3);
    let mut lines = vec![line(number * 3, [1.0, 2.0, 3.0, 4.0][number % 4], taxed)];
    if number.is_multiple_of(2) {
        lines.push(line(number * 3 + 5, 2.0, taxed));
    }
    lines
}

fn line(index: usize, quantity: f64, taxed: bool) -> DocumentLine {
    let (label, account, price) = PRODUCTS[index % PRODUCTS.len()];
    let line = DocumentLine::product(label, account, quantity, price);
    if taxed { line.taxed("sale-15") } else { line }
}

fn sections() -> Vec<DocumentLine> {
    let mut discounted = line(0, 3.0, true);
    discounted.discount = 10.0;
    vec![
        DocumentLine::text(LineKind::LineSection, "Instruments"),
        discounted,
        line(3, 5.0, true),
        DocumentLine::text(
            LineKind::LineNote,
            "Serial numbers follow with the delivery.",
        ),
        DocumentLine::text(LineKind::LineSection, "Services"),
        line(4, 1.5, false),
    ]
}

fn cancelled(books: &mut Books<'_>) {
    let Some(date) = books.months.day(6, 9) else {
        return;
    };
    let mut invoice = Move::document(
        INSTRUMENTS,
        MoveKind::OutInvoice,
        "juniper",
        ("cancelled", date, 30),
    )
    .lines(vec![line(6, 1.0, true)]);
    invoice.state = MoveState::Cancel;
    books.add(invoice);
}

fn open_credit_note(books: &mut Books<'_>) {
    let Some(date) = books.months.day(7, 20) else {
        return;
    };
    let refund = Move::document(
        INSTRUMENTS,
        MoveKind::OutRefund,
        "ember",
        ("credit", date, 0),
    )
    .lines(vec![line(2, 1.0, true)])
    .reference("Returned gauge set".to_owned());
    books.add(refund);
}

/// An invoice that went to the wrong customer, and the credit note that takes it back.
fn reversed(books: &mut Books<'_>) {
    let (Some(billed), Some(taken_back)) = (books.months.day(8, 5), books.months.day(8, 7)) else {
        return;
    };
    let wrong = ("wrong-customer", billed, 30);
    let invoice = Move::document(INSTRUMENTS, MoveKind::OutInvoice, "hollis", wrong)
        .lines(vec![line(7, 2.0, true)]);
    let back = ("wrong-customer-back", taken_back, 0);
    let mut refund = Move::document(INSTRUMENTS, MoveKind::OutRefund, "hollis", back)
        .lines(vec![line(7, 2.0, true)])
        .reference("Wrong customer".to_owned());
    refund.reverses = Some(invoice.key.clone());
    books.add(invoice);
    books.add(refund);
}

fn draft(books: &mut Books<'_>) {
    let today = books.months.anchor();
    let mut invoice = Move::document(
        INSTRUMENTS,
        MoveKind::OutInvoice,
        "kestrel",
        ("draft-sale", today, 30),
    )
    .lines(vec![line(1, 1.0, true), line(5, 1.0, true)]);
    invoice.state = MoveState::Draft;
    books.add(invoice);
}
