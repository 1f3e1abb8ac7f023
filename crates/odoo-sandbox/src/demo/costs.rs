//! What the first company spends: bills, salaries, depreciation and bank fees, and how its books began.

use jiff::ToSpan;

use super::books::{Books, DocumentLine, Move, MoveKind, MoveState, entry_line};
use super::calendar::MONTHS;
use super::ledger::INSTRUMENTS;

/// Vendor, label and price in hundredths of the materials of each third month.
const MATERIALS: [(&str, &str, i64); 3] = [
    ("northglass", "Optical blanks", 18_540),
    ("copperline", "Sensor boards", 21_275),
    ("precision", "Machined housings", 16_935),
];

/// Vendor, label and price in hundredths of the running costs of each third month.
const RUNNING: [(&str, &str, i64); 3] = [
    ("swiftparcel", "Parcels", 24_075),
    ("luminor", "Electricity", 61_240),
    ("quill", "Office supplies", 9_315),
];

/// Enters the year's costs.
pub(super) fn enter(books: &mut Books<'_>) {
    opening(books);
    for month in 0..MONTHS {
        rent(books, month);
        materials(books, month);
        running(books, month);
        payroll(books, month);
        closing(books, month);
    }
    equipment(books);
    vendor_credit(books);
    other_income(books);
    draft(books);
}

fn opening(books: &mut Books<'_>) {
    let first = books.months.first_day(0);
    books.entry(
        INSTRUMENTS,
        "opening",
        Some(first),
        vec![
            entry_line("Opening balance", "101401", 25_000_000),
            entry_line("Opening balance", "101501", 200_000),
            entry_line("Opening balance", "151000", 18_000_000),
            entry_line("Opening balance", "291000", -13_000_000),
            entry_line("Opening balance", "301000", -30_200_000),
        ],
    );
}

fn rent(books: &mut Books<'_>, month: i32) {
    let Some(date) = books.months.day(month, 1) else {
        return;
    };
    let bill = Move::document(
        INSTRUMENTS,
        MoveKind::InInvoice,
        "harbour",
        ("rent", date, 14),
    )
    .lines(vec![DocumentLine::product(
        "Workshop rent",
        "612000",
        1.0,
        420_000,
    )])
    .reference(format!("HE/{}/{:02}", date.year(), date.month()));
    books.pay(&bill, date.saturating_add(14.days()), None);
    books.add(bill);
}

/// Paid after four weeks, but one bill was forgotten and one paid in part.
fn materials(books: &mut Books<'_>, month: i32) {
    let Some(date) = books.months.day(month, 6) else {
        return;
    };
    let (vendor, label, price) = MATERIALS[index(month) % MATERIALS.len()];
    let quantity = f64::from(10 + month);
    let bill = Move::document(
        INSTRUMENTS,
        MoveKind::InInvoice,
        vendor,
        ("materials", date, 30),
    )
    .lines(vec![
        DocumentLine::product(label, "500000", quantity, price).taxed("purchase-15"),
        DocumentLine::product("Packing and freight", "600000", 1.0, 4_850),
    ])
    .reference(format!("M-{}{:02}", date.year(), date.month()));
    match month {
        4 => {}
        7 => books.pay(&bill, date.saturating_add(28.days()), Some(100_000)),
        _ => books.pay(&bill, date.saturating_add(28.days()), None),
    }
    books.add(bill);
}

fn running(books: &mut Books<'_>, month: i32) {
    let Some(date) = books.months.day(month, 15) else {
        return;
    };
    let (vendor, label, price) = RUNNING[index(month) % RUNNING.len()];
    let bill = Move::document(
        INSTRUMENTS,
        MoveKind::InInvoice,
        vendor,
        ("running", date, 15),
    )
    .lines(vec![
        DocumentLine::product(label, "600000", 1.0, price).taxed("purchase-15"),
    ])
    .reference(format!("R-{}{:02}", date.year(), date.month()));
    if vendor == "quill" {
        books.pay_cash(&bill);
    } else {
        books.pay(&bill, date.saturating_add(15.days()), None);
    }
    books.add(bill);
}

fn payroll(books: &mut Books<'_>, month: i32) {
    books.entry(
        INSTRUMENTS,
        "salaries",
        books.months.day(month, 25),
        vec![
            entry_line("Salaries", "630000", 2_400_000),
            entry_line("Net salaries", "230000", -1_860_000),
            entry_line("Payroll taxes", "230100", -540_000),
        ],
    );
    books.entry(
        INSTRUMENTS,
        "salaries-paid",
        books.months.day(month, 28),
        vec![
            entry_line("Net salaries paid", "230000", 1_860_000),
            entry_line("Payroll taxes paid", "230100", 540_000),
            entry_line("Salaries paid", "101401", -2_400_000),
        ],
    );
}

fn closing(books: &mut Books<'_>, month: i32) {
    books.entry(
        INSTRUMENTS,
        "bank-fees",
        books.months.day(month, 27),
        vec![
            entry_line("Account fees", "620000", 3_850),
            entry_line("Account fees", "101401", -3_850),
        ],
    );
    books.entry(
        INSTRUMENTS,
        "depreciation",
        Some(books.months.last_day(month)),
        vec![
            entry_line("Depreciation of the workshop", "680000", 150_000),
            entry_line("Depreciation of the workshop", "151900", -150_000),
        ],
    );
}

fn equipment(books: &mut Books<'_>) {
    let Some(date) = books.months.day(3, 11) else {
        return;
    };
    let bill = Move::document(
        INSTRUMENTS,
        MoveKind::InInvoice,
        "precision",
        ("lathe", date, 30),
    )
    .lines(vec![
        DocumentLine::product("Bench lathe", "151000", 1.0, 1_200_000).taxed("purchase-15"),
    ])
    .reference("PT-88120".to_owned());
    books.pay(&bill, date.saturating_add(30.days()), None);
    books.add(bill);
}

fn vendor_credit(books: &mut Books<'_>) {
    let Some(date) = books.months.day(5, 18) else {
        return;
    };
    let refund = Move::document(
        INSTRUMENTS,
        MoveKind::InRefund,
        "northglass",
        ("scratched", date, 0),
    )
    .lines(vec![
        DocumentLine::product("Optical blanks, scratched", "500000", 2.0, 18_540)
            .taxed("purchase-15"),
    ])
    .reference("C-5518".to_owned());
    books.add(refund);
}

fn other_income(books: &mut Books<'_>) {
    books.entry(
        INSTRUMENTS,
        "insurance",
        books.months.day(1, 22),
        vec![
            entry_line("Insurance refund", "101401", 185_000),
            entry_line("Insurance refund", "450000", -185_000),
        ],
    );
}

fn draft(books: &mut Books<'_>) {
    let today = books.months.anchor();
    let mut bill = Move::document(
        INSTRUMENTS,
        MoveKind::InInvoice,
        "copperline",
        ("draft-bill", today, 30),
    )
    .lines(vec![
        DocumentLine::product("Sensor boards", "500000", 4.0, 21_275).taxed("purchase-15"),
    ])
    .reference("CL-70031".to_owned());
    bill.state = MoveState::Draft;
    books.add(bill);
}

fn index(month: i32) -> usize {
    usize::try_from(month).unwrap_or_default()
}
