//! The bill that was made, read again.

use odoo_json2::{Date, Error, Odoo, Record, Ref};
use schemars::JsonSchema;
use serde::Serialize;

use super::frame::Alike;
use super::{BillKind, CreateBillFromFile, Frame, MODEL};
use crate::answer::{Amount, Answer, Named};
use crate::session::UserSession;

/// What was done; there is one way to succeed.
#[derive(Clone, Copy, Debug, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum Done {
    /// The draft is there.
    Created,
}

/// A new draft.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::accounting) struct Made {
    outcome: Done,
    id: i64,
    kind: BillKind,
    /// As Odoo has it now: nothing is booked before somebody posts it.
    state: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    vendor: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    due_date: Option<Date>,
    untaxed: Amount,
    tax: Amount,
    total: Amount,
    currency: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    journal: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    company: Option<Named>,
    /// The file, beside which Odoo shows the bill.
    #[serde(skip_serializing_if = "Option::is_none")]
    main_document: Option<Named>,
    link: String,
    /// Documents with the same reference; this may be one of them again.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    possible_duplicates: Vec<Duplicate>,
    /// What is left to do.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    notes: Vec<String>,
}

/// A document with the same reference.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::accounting) struct Duplicate {
    pub(super) id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) vendor: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) date: Option<Date>,
    pub(super) total: Amount,
    pub(super) currency: String,
    pub(super) state: String,
}

impl Answer for Made {}

#[derive(Debug, Record)]
#[odoo(model = "account.move")]
pub(super) struct Bill {
    id: i64,
    state: String,
    partner_id: Option<Ref>,
    #[odoo(rename = "ref")]
    reference: Option<String>,
    invoice_date: Option<Date>,
    invoice_date_due: Option<Date>,
    amount_untaxed: f64,
    amount_tax: f64,
    amount_total: f64,
    currency_id: Ref,
    journal_id: Option<Ref>,
    company_id: Option<Ref>,
    message_main_attachment_id: Option<Ref>,
}

impl Bill {
    pub(super) async fn read(odoo: &Odoo, id: i64) -> Result<Self, Error> {
        odoo.read_one::<Self>(id).await
    }

    pub(super) fn made(
        self,
        wanted: &CreateBillFromFile,
        frame: Frame,
        user: &UserSession,
    ) -> Made {
        let several = user.profile().companies.len() > 1;
        Made {
            outcome: Done::Created,
            id: self.id,
            kind: wanted.kind(),
            notes: self.notes(wanted, &frame.alike),
            possible_duplicates: frame.alike.into_iter().map(Alike::shown).collect(),
            state: self.state,
            vendor: Named::of(self.partner_id),
            reference: self.reference,
            date: self.invoice_date,
            // Without a bill date Odoo proposes today, which nobody said.
            due_date: self
                .invoice_date_due
                .filter(|_| self.invoice_date.is_some() || wanted.due_date.is_some()),
            untaxed: Amount::new(self.amount_untaxed),
            tax: Amount::new(self.amount_tax),
            total: Amount::new(self.amount_total),
            currency: self.currency_id.name,
            journal: Named::of(self.journal_id),
            company: Named::of(self.company_id.filter(|_| several)),
            main_document: Named::of(self.message_main_attachment_id),
            link: user.link_to(MODEL, self.id),
        }
    }

    fn notes(&self, wanted: &CreateBillFromFile, alike: &[Alike]) -> Vec<String> {
        let mut notes = Vec::new();
        if !alike.is_empty() {
            notes.push(
                "There are documents with this reference already: ask whether this one is new \
                 before it is posted; if not, delete this draft in Odoo."
                    .to_owned(),
            );
        }
        if let Some(expected) = wanted.expected_total
            && (expected - self.amount_total).abs() >= 0.005
        {
            notes.push(format!(
                "Odoo comes to {:.2} {} with taxes, not to the expected {expected:.2}: lines or \
                 taxes need correcting.",
                self.amount_total, self.currency_id.name
            ));
        }
        let missing = [
            (self.partner_id.is_none(), "the vendor"),
            (self.invoice_date.is_none(), "the bill date"),
            (self.amount_total == 0.0, "the lines"),
        ];
        let missing: Vec<&str> = missing
            .into_iter()
            .filter_map(|(is_missing, what)| is_missing.then_some(what))
            .collect();
        if !missing.is_empty() {
            notes.push(format!(
                "Still missing before it can be posted: {}.",
                missing.join(", ")
            ));
        }
        notes
    }
}
