//! The books of the second company, in euros: smaller, so that what belongs to it stands out.

use jiff::ToSpan;

use super::books::{Books, DocumentLine, Move, MoveKind, entry_line};
use super::calendar::MONTHS;
use super::ledger::NORDIC;

/// Enters the year of the second company.
pub(super) fn enter(books: &mut Books<'_>) {
    books.entry(
        NORDIC,
        "opening",
        Some(books.months.first_day(0)),
        vec![
            entry_line("Opening balance", "101401", 6_000_000),
            entry_line("Opening balance", "301000", -6_000_000),
        ],
    );
    for month in 0..MONTHS {
        sale(books, month, 5, "aaltola");
        sale(books, month, 19, "sandvik");
        freight(books, month);
        payroll(books, month);
    }
}

/// Taxed at home, untaxed abroad; every fifth invoice of the second customer stays unpaid.
fn sale(books: &mut Books<'_>, month: i32, day: i32, customer: &'static str) {
    let Some(date) = books.months.day(month, day) else {
        return;
    };
    let service = DocumentLine::product("Service visit", "401000", 2.0, 84_000);
    let goods = DocumentLine::product("Thermal probe", "400000", f64::from(5 + month), 19_990);
    let lines = if customer == "aaltola" {
        vec![service.taxed("sale-15"), goods.taxed("sale-15")]
    } else {
        vec![goods]
    };
    let invoice =
        Move::document(NORDIC, MoveKind::OutInvoice, customer, (customer, date, 21)).lines(lines);
    if customer == "aaltola" || month % 5 != 3 {
        books.pay(&invoice, date.saturating_add(20.days()), None);
    }
    books.add(invoice);
}

fn freight(books: &mut Books<'_>, month: i32) {
    let Some(date) = books.months.day(month, 10) else {
        return;
    };
    let bill = Move::document(
        NORDIC,
        MoveKind::InInvoice,
        "saaristo",
        ("freight", date, 14),
    )
    .lines(vec![
        DocumentLine::product("Freight", "600000", 1.0, 38_210).taxed("purchase-15"),
    ])
    .reference(format!("SL-{}{:02}", date.year(), date.month()));
    books.pay(&bill, date.saturating_add(12.days()), None);
    books.add(bill);
}

fn payroll(books: &mut Books<'_>, month: i32) {
    books.entry(
        NORDIC,
        "salaries",
        books.months.day(month, 26),
        vec![
            entry_line("Salaries", "630000", 320_000),
            entry_line("Salaries paid", "101401", -320_000),
        ],
    );
}
