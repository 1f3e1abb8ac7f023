//! The answer of `read_invoice`.

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::Serialize;

use super::super::document::Kind;
use crate::answer::{Amount, Answer, Named, Page};
use crate::cursor::{Cursor, Key, Order, Place};

/// The order of a document's lines, which is the one people see.
pub(super) const LINES: Order = Order {
    name: "lines",
    key: "sequence",
    kind: Key::Number,
    descending: false,
};

/// A document. All amounts are in `currency` unless another stands beside them.
#[derive(Debug, Serialize, JsonSchema)]
pub(in super::super) struct Invoice {
    #[serde(flatten)]
    pub(super) head: Head,
    pub(super) currency: String,
    #[serde(flatten)]
    pub(super) amounts: Amounts,
    /// The same in the company's currency, where the document has another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) in_company_currency: Option<Converted>,
    /// The document in Odoo.
    pub(super) link: String,
    /// Not all lines are shown.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) truncated: bool,
    /// Passed as `cursor`, with the same other arguments, it gets the lines that follow.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next_cursor: Option<String>,
    pub(super) lines: Vec<Line>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) taxes: Vec<Tax>,
    /// Payments, credit notes and what else settled it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) payments: Vec<Payment>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) attachments: Vec<Attachment>,
    /// Terms and conditions, as Markdown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) terms: Option<String>,
    /// The place of each line, so that the list can go on behind any of them.
    #[serde(skip)]
    pub(super) places: Vec<Place>,
}

/// What a document comes to.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Amounts {
    pub(super) untaxed: Amount,
    pub(super) tax: Amount,
    pub(super) total: Amount,
    /// What is still to be paid.
    pub(super) due: Amount,
}

/// What a document comes to in another currency.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Converted {
    pub(super) currency: String,
    #[serde(flatten)]
    pub(super) amounts: Amounts,
}

/// What a document is, where it stands and whom it concerns.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Head {
    pub(super) id: i64,
    /// None while it is a draft.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<Kind>,
    pub(super) state: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) payment: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) days_overdue: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) partner: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) company: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) date: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) due_date: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) accounting_date: Option<Date>,
    /// The vendor's number, or the customer's reference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) payment_reference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) origin: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) salesperson: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) journal: Option<Named>,
}

/// A line of a document.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub(in super::super) struct Line {
    /// What it is, if no product line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) kind: Option<LineKind>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) product: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) quantity: Option<Amount>,
    /// For one piece, before discount.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) price: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) discount_percent: Option<Amount>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) taxes: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) untaxed: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) total: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) account: Option<String>,
}

/// What a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(in super::super) enum LineKind {
    Product,
    Section,
    Subsection,
    Note,
}

/// A tax of a document as a whole.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Tax {
    pub(super) tax: String,
    pub(super) amount: Amount,
}

/// A payment or refund that counts against a document.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Payment {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) date: Option<Date>,
    pub(super) amount: Amount,
    /// Only where it is not the document's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) currency: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) journal: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) method: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) payment_id: Option<i64>,
    /// The credit note or entry, where it was no payment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) document_id: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) credit_note: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) reference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) exchange_difference: Option<bool>,
}

/// A file that hangs on a document.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Attachment {
    pub(super) id: i64,
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) mimetype: Option<String>,
    pub(super) bytes: i64,
}

impl LineKind {
    pub(super) fn of(display_type: Option<&str>) -> Self {
        match display_type {
            Some("line_section") => Self::Section,
            Some("line_subsection") => Self::Subsection,
            Some("line_note") => Self::Note,
            _ => Self::Product,
        }
    }
}

impl Invoice {
    /// Shows only the first lines, and says how to get the others.
    pub(super) fn cut(&mut self, count: usize) {
        if count < self.lines.len() {
            self.lines.truncate(count);
            self.truncated = true;
            let place = self.places.get(count.saturating_sub(1)).cloned();
            self.next_cursor = place.map(|place| Cursor::new(LINES.name, count, place).to_string());
        }
    }
}

impl Answer for Invoice {
    fn entries(&self) -> usize {
        // One must stay, since the cursor goes on behind it.
        self.lines.len().saturating_sub(1)
    }

    fn keep(&mut self, entries: usize) {
        self.cut(entries.max(1));
    }
}

/// The whole document, or more of its lines.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
pub(in super::super) enum Reading {
    Document(Box<Invoice>),
    Lines(Page<Line>),
}

impl Answer for Reading {
    fn entries(&self) -> usize {
        match self {
            Self::Document(invoice) => invoice.entries(),
            Self::Lines(page) => page.entries(),
        }
    }

    fn keep(&mut self, entries: usize) {
        match self {
            Self::Document(invoice) => invoice.keep(entries),
            Self::Lines(page) => page.keep(entries),
        }
    }
}
