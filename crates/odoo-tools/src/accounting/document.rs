//! The words for invoices, bills and their states: ours beside those of `account.move`.

use odoo_json2::{Date, Domain, field};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The kinds of document that are invoices in a wide sense, by `move_type`.
const KINDS: [(&str, Kind); 6] = [
    ("out_invoice", Kind::CustomerInvoice),
    ("out_refund", Kind::CustomerRefund),
    ("out_receipt", Kind::SalesReceipt),
    ("in_invoice", Kind::VendorBill),
    ("in_refund", Kind::VendorRefund),
    ("in_receipt", Kind::PurchaseReceipt),
];

/// The payment states in which something is still to be paid.
const UNPAID: [&str; 3] = ["not_paid", "partial", "blocked"];

/// What a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    CustomerInvoice,
    CustomerRefund,
    SalesReceipt,
    VendorBill,
    VendorRefund,
    PurchaseReceipt,
}

// Which documents are asked for. No doc comment: the argument's name says it in the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum KindFilter {
    Customer,
    Vendor,
    CustomerInvoice,
    VendorBill,
    CustomerRefund,
    VendorRefund,
    Receipt,
}

// Where a document stands before anyone pays. No doc comment: the argument's name says it in the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum StateFilter {
    Draft,
    Posted,
    Cancelled,
}

// How far a posted document is paid. No doc comment: the argument's name says it in the schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum PaymentFilter {
    Unpaid,
    Partial,
    InPayment,
    Paid,
    Reversed,
    Blocked,
}

impl Kind {
    /// The kind of a `move_type`; nothing for a journal entry.
    pub(super) fn of(move_type: &str) -> Option<Self> {
        KINDS
            .iter()
            .find(|(name, _)| *name == move_type)
            .map(|(_, kind)| *kind)
    }

    /// Whether it gives back what another document asked for.
    pub(super) fn is_refund(self) -> bool {
        matches!(self, Self::CustomerRefund | Self::VendorRefund)
    }

    /// How a sentence names it.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::CustomerInvoice => "customer invoice",
            Self::CustomerRefund => "customer refund",
            Self::SalesReceipt => "sales receipt",
            Self::VendorBill => "vendor bill",
            Self::VendorRefund => "vendor refund",
            Self::PurchaseReceipt => "purchase receipt",
        }
    }

    /// The domain of all kinds.
    pub(super) fn any() -> Domain {
        Self::any_of("move_type")
    }

    /// The same of records that have the type in a field of this name.
    pub(super) fn any_of(name: &str) -> Domain {
        field(name).in_(KINDS.map(|(name, _)| name))
    }
}

impl KindFilter {
    pub(super) fn domain(self) -> Domain {
        let types: &[&str] = match self {
            Self::Customer => &["out_invoice", "out_refund", "out_receipt"],
            Self::Vendor => &["in_invoice", "in_refund", "in_receipt"],
            Self::CustomerInvoice => &["out_invoice"],
            Self::CustomerRefund => &["out_refund"],
            Self::VendorBill => &["in_invoice"],
            Self::VendorRefund => &["in_refund"],
            Self::Receipt => &["out_receipt", "in_receipt"],
        };
        field("move_type").in_(types.iter().copied())
    }
}

impl StateFilter {
    pub(super) fn domain(self) -> Domain {
        field("state").eq(match self {
            Self::Draft => "draft",
            Self::Posted => "posted",
            Self::Cancelled => "cancel",
        })
    }
}

impl PaymentFilter {
    pub(super) fn domain(self) -> Domain {
        let states: &[&str] = match self {
            Self::Unpaid => &UNPAID,
            Self::Partial => &["partial"],
            Self::InPayment => &["in_payment"],
            Self::Paid => &["paid"],
            Self::Reversed => &["reversed"],
            Self::Blocked => &["blocked"],
        };
        field("state").eq("posted") & field("payment_state").in_(states.iter().copied())
    }
}

/// Posted, something still to be paid, and the day for it is over.
pub(super) fn overdue(today: Date) -> Domain {
    PaymentFilter::Unpaid.domain() & field("invoice_date_due").lt(today)
}

/// Everything that is not [`overdue`]; documents without a due date never are.
pub(super) fn not_overdue(today: Date) -> Domain {
    field("state").ne("posted")
        | field("payment_state").not_in(UNPAID)
        | field("invoice_date_due").gte(today)
        | field("invoice_date_due").is_not_set()
}

/// By how many days a document is overdue.
pub(super) fn days_overdue(
    state: &str,
    payment: &str,
    due: Option<Date>,
    today: Date,
) -> Option<i64> {
    let due = due.filter(|due| state == "posted" && UNPAID.contains(&payment) && *due < today)?;
    let days = (today - due).get_days();
    Some(i64::from(days))
}

/// What turns a document's amount in the books into what stands on the document: what is owed to us
/// counts as positive there, and refunds the other way round.
pub(super) fn sign(move_type: &str) -> f64 {
    match move_type {
        "out_invoice" | "out_receipt" | "in_refund" => 1.0,
        _ => -1.0,
    }
}

/// `cancel` reads better as what the argument is called; the other states have their own names.
pub(super) fn state(state: String) -> String {
    if state == "cancel" {
        "cancelled".to_owned()
    } else {
        state
    }
}

/// The state of payment, which says nothing before a document is posted.
pub(super) fn payment(state: &str, payment: String) -> Option<String> {
    (state == "posted" && !payment.is_empty()).then_some(payment)
}
