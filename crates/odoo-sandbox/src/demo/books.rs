//! The books as a person enters them: documents, entries and payments. The types and their order; what is
//! traded stands in `trade` and `nordic`.

use jiff::ToSpan;
use jiff::civil::Date;
use serde::Serialize;

use super::calendar::Months;
use super::{costs, nordic, trade};

/// What a move is (`account.move.move_type`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MoveKind {
    /// A plain journal entry.
    Entry,
    /// A customer invoice.
    OutInvoice,
    /// A customer credit note.
    OutRefund,
    /// A vendor bill.
    InInvoice,
    /// A vendor credit note.
    InRefund,
}

impl MoveKind {
    /// Odoo's selection key, for example `out_invoice`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Entry => "entry",
            Self::OutInvoice => "out_invoice",
            Self::OutRefund => "out_refund",
            Self::InInvoice => "in_invoice",
            Self::InRefund => "in_refund",
        }
    }
}

/// How far a move has come (`account.move.state`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MoveState {
    /// Entered, not posted: it has no number yet.
    Draft,
    /// Posted.
    Posted,
    /// Cancelled while it was a draft.
    Cancel,
}

impl MoveState {
    /// Odoo's selection key.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Posted => "posted",
            Self::Cancel => "cancel",
        }
    }
}

/// What a document line is (`account.move.line.display_type`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// Something with a price.
    Product,
    /// A heading, without amounts.
    LineSection,
    /// A remark, without amounts.
    LineNote,
}

impl LineKind {
    /// Odoo's selection key.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::LineSection => "line_section",
            Self::LineNote => "line_note",
        }
    }
}

/// A line of an invoice, bill or credit note (`invoice_line_ids`).
#[derive(Clone, Debug, Serialize)]
pub struct DocumentLine {
    /// What it is; sections and notes have only a label.
    pub kind: LineKind,
    /// Its text.
    pub label: &'static str,
    /// Code of the account; none for sections and notes.
    pub account: Option<&'static str>,
    /// How many.
    pub quantity: f64,
    /// Price of one, in hundredths of the document's currency.
    pub price_cents: i64,
    /// Percent off the price.
    pub discount: f64,
    /// Key of the tax.
    pub tax: Option<&'static str>,
}

/// A line of a plain journal entry (`line_ids`).
#[derive(Clone, Debug, Serialize)]
pub struct EntryLine {
    /// Its text.
    pub label: &'static str,
    /// Code of the account.
    pub account: &'static str,
    /// Debit (positive) or credit (negative), in hundredths of the company's currency.
    pub balance_cents: i64,
}

/// The lines of a move.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MoveBody {
    /// Lines of an invoice, bill or credit note; Odoo derives the journal items.
    Document(Vec<DocumentLine>),
    /// The journal items themselves.
    Entry(Vec<EntryLine>),
}

/// A move (`account.move`).
#[derive(Clone, Debug, Serialize)]
pub struct Move {
    /// What payments and credit notes call it, for example `instruments/03/sale-2`.
    pub key: String,
    /// Key of the company.
    pub company: &'static str,
    /// What it is.
    pub kind: MoveKind,
    /// How far it has come.
    pub state: MoveState,
    /// Code of the journal.
    pub journal: &'static str,
    /// Key of the customer or vendor; none for plain entries.
    pub partner: Option<&'static str>,
    /// Invoice date and accounting date.
    pub date: Date,
    /// Due date of a document.
    pub due: Option<Date>,
    /// ISO code, where it is not the company's currency.
    pub currency: Option<&'static str>,
    /// The customer's or vendor's reference, or the text of an entry (`ref`).
    pub reference: Option<String>,
    /// Key of the posted document that this credit note takes back; Odoo matches the two when it is posted.
    pub reverses: Option<String>,
    /// Its lines.
    pub body: MoveBody,
}

/// A payment registered on one posted document (`account.payment.register`).
#[derive(Clone, Debug, Serialize)]
pub struct Payment {
    /// Key of the company.
    pub company: &'static str,
    /// Key of the document it pays.
    pub pays: String,
    /// Code of the bank or cash journal.
    pub journal: &'static str,
    /// When.
    pub date: Date,
    /// Hundredths of the document's currency; none pays what is still due.
    pub amount_cents: Option<i64>,
}

/// All moves and payments, each in the order in which they were entered.
pub(super) fn books(months: &Months) -> (Vec<Move>, Vec<Payment>) {
    let mut books = Books {
        months,
        moves: Vec::new(),
        payments: Vec::new(),
    };
    trade::enter(&mut books);
    costs::enter(&mut books);
    nordic::enter(&mut books);
    let Books {
        mut moves,
        mut payments,
        ..
    } = books;
    // Drafts come last: they take no number, and a person finds them on top of the list.
    let order = |entered: &Move| (entered.state == MoveState::Draft, entered.date);
    moves.sort_by(|a, b| (order(a), &a.key).cmp(&(order(b), &b.key)));
    payments.sort_by(|a, b| (a.date, &a.pays).cmp(&(b.date, &b.pays)));
    (moves, payments)
}

/// The books while they are being written.
pub(super) struct Books<'a> {
    /// The window they cover.
    pub(super) months: &'a Months,
    moves: Vec<Move>,
    payments: Vec<Payment>,
}

impl Books<'_> {
    /// Adds a move.
    pub(super) fn add(&mut self, entered: Move) {
        self.moves.push(entered);
    }

    /// Adds a posted entry on `date`, unless that day is still to come.
    pub(super) fn entry(
        &mut self,
        company: &'static str,
        key: &str,
        date: Option<Date>,
        lines: Vec<EntryLine>,
    ) {
        let Some(date) = date.and_then(|date| self.months.past(date)) else {
            return;
        };
        self.add(Move {
            key: format!("{company}/{}-{:02}/{key}", date.year(), date.month()),
            company,
            kind: MoveKind::Entry,
            state: MoveState::Posted,
            journal: "MISC",
            partner: None,
            date,
            due: None,
            currency: None,
            reference: lines.first().map(|line| line.label.to_owned()),
            reverses: None,
            body: MoveBody::Entry(lines),
        });
    }

    /// Pays `document` on `date`, unless that day is still to come.
    pub(super) fn pay(&mut self, document: &Move, date: Date, amount_cents: Option<i64>) {
        if self.months.past(date).is_none() {
            return;
        }
        self.payments.push(Payment {
            company: document.company,
            pays: document.key.clone(),
            journal: "BNK1",
            date,
            amount_cents,
        });
    }

    /// Pays `document` from the cash box on its own day.
    pub(super) fn pay_cash(&mut self, document: &Move) {
        self.payments.push(Payment {
            company: document.company,
            pays: document.key.clone(),
            journal: "CSH1",
            date: document.date,
            amount_cents: None,
        });
    }
}

impl Move {
    /// A posted invoice, bill or credit note in the company's currency, due after `days`.
    pub(super) fn document(
        company: &'static str,
        kind: MoveKind,
        partner: &'static str,
        (name, date, days): (&str, Date, i32),
    ) -> Self {
        let sale = matches!(kind, MoveKind::OutInvoice | MoveKind::OutRefund);
        Self {
            key: format!("{company}/{}-{:02}/{name}", date.year(), date.month()),
            company,
            kind,
            state: MoveState::Posted,
            journal: if sale { "INV" } else { "BILL" },
            partner: Some(partner),
            date,
            due: Some(date.saturating_add(days.days())),
            currency: None,
            reference: None,
            reverses: None,
            body: MoveBody::Document(Vec::new()),
        }
    }

    /// The same move with these lines.
    pub(super) fn lines(mut self, lines: Vec<DocumentLine>) -> Self {
        self.body = MoveBody::Document(lines);
        self
    }

    /// The same move with the other party's reference.
    pub(super) fn reference(mut self, reference: String) -> Self {
        self.reference = Some(reference);
        self
    }
}

impl DocumentLine {
    /// A line with a price in hundredths, without discount and tax.
    pub(super) fn product(
        label: &'static str,
        account: &'static str,
        quantity: f64,
        price_cents: i64,
    ) -> Self {
        Self {
            kind: LineKind::Product,
            label,
            account: Some(account),
            quantity,
            price_cents,
            discount: 0.0,
            tax: None,
        }
    }

    /// A heading or remark.
    pub(super) fn text(kind: LineKind, label: &'static str) -> Self {
        Self {
            kind,
            label,
            account: None,
            quantity: 0.0,
            price_cents: 0,
            discount: 0.0,
            tax: None,
        }
    }

    /// The same line with a tax.
    pub(super) fn taxed(mut self, tax: &'static str) -> Self {
        self.tax = Some(tax);
        self
    }
}

/// A line of an entry; `balance_cents` is a debit when positive.
pub(super) fn entry_line(
    label: &'static str,
    account: &'static str,
    balance_cents: i64,
) -> EntryLine {
    EntryLine {
        label,
        account,
        balance_cents,
    }
}
