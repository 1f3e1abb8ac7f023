//! What the banks report: four months of transactions of both companies, and the statements they came on.
//!
//! Money that the books know already (registered payments, salaries) is not reported again: these are receipts for
//! open invoices, fees, card payments, interest, transfers and taxes.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

use super::books::{LineKind, Move, MoveBody, MoveKind, MoveState, Payment};
use super::calendar::{MONTHS, Months};
use super::ledger::{INSTRUMENTS, NORDIC};

/// How many months the banks report, the current one included.
const REPORTED: i32 = 4;

/// A bank transaction (`account.bank.statement.line`).
#[derive(Clone, Debug, Serialize)]
pub struct BankTransaction {
    /// What statements call it.
    pub key: String,
    /// Key of the company.
    pub company: &'static str,
    /// Code of the bank or cash journal.
    pub journal: &'static str,
    /// When the bank booked it.
    pub date: Date,
    /// What the bank wrote (`payment_ref`).
    pub label: String,
    /// Received (positive) or paid, in hundredths of the company's currency.
    pub amount_cents: i64,
    /// Key of the customer or vendor, where somebody recognised them.
    pub partner: Option<&'static str>,
    /// The other side as the bank spells it, where there is no partner.
    pub partner_name: Option<&'static str>,
    /// The other side's account.
    pub account_number: Option<&'static str>,
    /// The bank's own word for the kind of transaction.
    pub transaction_type: Option<&'static str>,
    /// ISO code and hundredths, where it was made in another currency.
    pub foreign: Option<(&'static str, i64)>,
    /// Code of the account it was booked against; none leaves it on the suspense account, to be matched.
    pub counterpart: Option<&'static str>,
}

/// A bank statement (`account.bank.statement`).
#[derive(Clone, Debug, Serialize)]
pub struct BankStatement {
    /// What it is called by.
    pub key: String,
    /// Key of the company.
    pub company: &'static str,
    /// Its name in Odoo.
    pub name: String,
    /// Balance before its first transaction, in hundredths.
    pub start_cents: i64,
    /// Balance after its last transaction, as somebody typed it in.
    pub end_cents: i64,
    /// Keys of its transactions.
    pub transactions: Vec<String>,
}

/// Day, label, hundredths, the other side as the bank spells it, kind and counterpart account.
type Row = (
    i32,
    &'static str,
    i64,
    &'static str,
    &'static str,
    Option<&'static str>,
);

/// Every month of the first company.
const MONTHLY: [Row; 9] = [
    (2, "Account maintenance fee", -1_850, "", "FEE", None),
    (
        4,
        "CARD 4821 Northwind Rail 14:02",
        -8_640,
        "Northwind Rail",
        "CARD",
        None,
    ),
    (
        5,
        "Transfer to cash box",
        -20_000,
        "",
        "TRANSFER",
        Some("101701"),
    ),
    (
        9,
        "CARD 4821 Quayside Parking",
        -2_400,
        "Quayside Parking",
        "CARD",
        None,
    ),
    (12, "Interest on deposits", 3_127, "", "INTEREST", None),
    (
        15,
        "State sales tax, instalment",
        -185_000,
        "Department of Revenue",
        "TRANSFER",
        Some("251000"),
    ),
    (
        17,
        "Cloud drafting suite, 3 seats",
        -12_900,
        "Planwright Software",
        "DEBIT",
        None,
    ),
    (
        19,
        "Payment without reference",
        34_990,
        "J. Okafor",
        "TRANSFER",
        None,
    ),
    (
        20,
        "Refund of a double payment",
        4_410,
        "Quill Office Supply Inc",
        "TRANSFER",
        None,
    ),
];

/// Every month of the second company.
const MONTHLY_NORDIC: [Row; 6] = [
    (2, "Kuukausimaksu", -980, "", "FEE", None),
    (
        7,
        "KORTTI Satama Kahvila",
        -3_650,
        "Satama Kahvila Oy",
        "CARD",
        None,
    ),
    (
        11,
        "Value added tax",
        -92_000,
        "Verohallinto",
        "TRANSFER",
        Some("251000"),
    ),
    (14, "Talletuskorko", 1_204, "", "INTEREST", None),
    (
        16,
        "Toll and ferry, van 2",
        -14_260,
        "Saaristo Ferries",
        "DEBIT",
        None,
    ),
    (
        18,
        "Viitteetön maksu",
        52_000,
        "K. Lindqvist",
        "TRANSFER",
        None,
    ),
];

/// All transactions and statements, in the order in which the banks reported them.
pub(super) fn bank(
    months: &Months,
    moves: &[Move],
    payments: &[Payment],
) -> (Vec<BankTransaction>, Vec<BankStatement>) {
    let mut transactions = Vec::new();
    for month in MONTHS - REPORTED..MONTHS {
        for (company, rows) in [(INSTRUMENTS, &MONTHLY[..]), (NORDIC, &MONTHLY_NORDIC[..])] {
            let reported = rows
                .iter()
                .filter_map(|row| of_row(months, month, company, row));
            transactions.extend(reported);
        }
        transactions.extend(in_cash(months, month));
        transactions.extend(abroad(months, month));
    }
    transactions.extend(insurance(months));
    for company in [INSTRUMENTS, NORDIC] {
        transactions.extend(receipts(months, company, moves, payments));
    }
    transactions.sort_by(|a, b| (a.date, &a.key).cmp(&(b.date, &b.key)));
    let statements = statements(months, &transactions);
    (transactions, statements)
}

fn of_row(
    months: &Months,
    month: i32,
    company: &'static str,
    row: &Row,
) -> Option<BankTransaction> {
    let (day, label, amount_cents, other, kind, counterpart) = *row;
    let date = months.day(month, day)?;
    Some(BankTransaction {
        transaction_type: Some(kind),
        partner_name: (!other.is_empty()).then_some(other),
        counterpart,
        ..plain(company, date, &format!("{day:02}"), label, amount_cents)
    })
}

fn plain(
    company: &'static str,
    date: Date,
    name: &str,
    label: &str,
    amount_cents: i64,
) -> BankTransaction {
    BankTransaction {
        key: format!("{company}/{date}/{name}"),
        company,
        journal: "BNK1",
        date,
        label: label.to_owned(),
        amount_cents,
        partner: None,
        partner_name: None,
        account_number: None,
        transaction_type: None,
        foreign: None,
        counterpart: None,
    }
}

/// The other end of the transfer to the cash box.
fn in_cash(months: &Months, month: i32) -> Option<BankTransaction> {
    let date = months.day(month, 5)?;
    Some(BankTransaction {
        journal: "CSH1",
        counterpart: Some("101701"),
        ..plain(INSTRUMENTS, date, "cash", "From the bank", 20_000)
    })
}

/// Money that came in or went out in the other company's currency.
fn abroad(months: &Months, month: i32) -> Vec<BankTransaction> {
    let step = i64::from(month);
    let received = months.day(month, 13).map(|date| BankTransaction {
        partner: Some("sandvik"),
        account_number: Some("SE45 5000 0000 0583 9825 7466"),
        transaction_type: Some("SWIFT"),
        foreign: Some(("EUR", 92_000 + step * 920)),
        ..plain(
            INSTRUMENTS,
            date,
            "abroad",
            "Optik Sandvik, advance on service",
            100_000 + step * 1_000,
        )
    });
    let paid = months.day(month, 10).map(|date| BankTransaction {
        partner_name: Some("Planwright Software Inc."),
        transaction_type: Some("CARD"),
        foreign: Some(("USD", -4_300)),
        ..plain(
            NORDIC,
            date,
            "abroad",
            "PLANWRIGHT SOFTWARE 43.00 USD",
            -3_956,
        )
    });
    received.into_iter().chain(paid).collect()
}

/// The yearly premium, paid in advance.
fn insurance(months: &Months) -> Option<BankTransaction> {
    let date = months.day(MONTHS - 2, 18)?;
    Some(BankTransaction {
        partner_name: Some("Beacon Mutual Insurance"),
        transaction_type: Some("DEBIT"),
        counterpart: Some("128000"),
        ..plain(
            INSTRUMENTS,
            date,
            "premium",
            "Premises insurance, 12 months",
            -264_000,
        )
    })
}

/// Customers who pay open invoices to the cent, which nobody has matched yet.
fn receipts(
    months: &Months,
    company: &'static str,
    moves: &[Move],
    payments: &[Payment],
) -> Vec<BankTransaction> {
    let since = months.first_day(MONTHS - REPORTED);
    let paid = |invoice: &Move| payments.iter().any(|payment| payment.pays == invoice.key);
    let open = moves.iter().filter(|entered| {
        let plain_invoice = entered.company == company
            && entered.kind == MoveKind::OutInvoice
            && entered.state == MoveState::Posted
            && entered.currency.is_none();
        let taken_back = moves
            .iter()
            .any(|other| other.reverses.as_deref() == Some(entered.key.as_str()));
        plain_invoice && !taken_back && !paid(entered)
    });
    let mut received = Vec::new();
    for (index, invoice) in (0..).zip(open.take(6)) {
        let late = invoice.date.saturating_add(40.days());
        let date = late.max(since.saturating_add((6 + 19 * index).days()));
        let Some(date) = months.past(date) else {
            continue;
        };
        let label = match &invoice.reference {
            Some(reference) => format!("Your reference {reference}"),
            None => format!("Invoice of {}", invoice.date),
        };
        received.push(BankTransaction {
            partner: invoice.partner,
            transaction_type: Some("TRANSFER"),
            ..plain(company, date, "receipt", &label, total_cents(invoice))
        });
    }
    received
}

/// The total of a document in its currency. All taxes of the demo company are 15 percent.
fn total_cents(document: &Move) -> i64 {
    let MoveBody::Document(lines) = &document.body else {
        return 0;
    };
    let (mut net, mut taxed) = (0, 0);
    for line in lines.iter().filter(|line| line.kind == LineKind::Product) {
        // In thousandths, so that no price need become a float.
        let quantity = rounded(line.quantity * (1.0 - line.discount / 100.0) * 1e3);
        let subtotal = (line.price_cents * quantity + 500) / 1_000;
        net += subtotal;
        if line.tax.is_some() {
            taxed += subtotal;
        }
    }
    net + (taxed * 15 + 50) / 100
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the demo company's amounts are far below 2^53 hundredths"
)]
fn rounded(cents: f64) -> i64 {
    (cents + 1e-6).round() as i64
}

/// A statement for each full month, but the last one of the second company, which is still missing; the one
/// before it was typed in with a wrong end.
fn statements(months: &Months, transactions: &[BankTransaction]) -> Vec<BankStatement> {
    let mut statements = Vec::new();
    let first = MONTHS - REPORTED;
    for (company, mut balance, until) in [
        (INSTRUMENTS, 18_245_077, MONTHS - 1),
        (NORDIC, 4_160_350, MONTHS - 2),
    ] {
        for month in first..until {
            let (from, to) = (months.first_day(month), months.last_day(month));
            let own: Vec<&BankTransaction> = transactions
                .iter()
                .filter(|transaction| {
                    transaction.company == company
                        && transaction.journal == "BNK1"
                        && (from..=to).contains(&transaction.date)
                })
                .collect();
            let start_cents = balance;
            balance += own
                .iter()
                .map(|transaction| transaction.amount_cents)
                .sum::<i64>();
            let mistyped = company == NORDIC && month == until - 1;
            statements.push(BankStatement {
                key: format!("{company}/{}-{:02}", from.year(), from.month()),
                company,
                name: format!("Statement {}/{:02}", from.year(), from.month()),
                start_cents,
                end_cents: if mistyped { balance + 4_500 } else { balance },
                transactions: own
                    .iter()
                    .map(|transaction| transaction.key.clone())
                    .collect(),
            });
        }
    }
    statements
}
