//! Transactions as the bank reported them.

use odoo_json2::{Date, Domain, Record, Ref};
use schemars::JsonSchema;
use serde::Serialize;

use super::super::books;
use super::Names;
use crate::answer::{Amount, Named};
use crate::characters;
use crate::session::companies::Companies;
use crate::words::Words;

/// The transactions' model.
pub(super) const MODEL: &str = "account.bank.statement.line";

/// Where to look for what.
pub(super) const NAMES: Names = Names {
    amount: "amount",
    text: &["payment_ref", "ref", "name", "account_number"],
};

/// Of a partner, who may be known only as the bank spells the name.
pub(super) fn partner(text: &str) -> Domain {
    books::partner("partner_id", text) | Words::of(text).within("partner_name")
}

/// The longest label that is passed on; some banks put a whole letter there.
const LONGEST_LABEL: usize = 500;

/// A bank transaction.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::accounting) struct BankTransaction {
    id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<Date>,
    /// What the bank wrote.
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    /// Received, or paid where it is negative; in `currency`, the journal's.
    amount: Amount,
    currency: String,
    /// In the currency it was made in.
    #[serde(skip_serializing_if = "Option::is_none")]
    foreign_amount: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    foreign_currency: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    partner: Option<Named>,
    /// The other side as the bank spells it.
    #[serde(skip_serializing_if = "Option::is_none")]
    counterparty: Option<String>,
    /// The other side's account.
    #[serde(skip_serializing_if = "Option::is_none")]
    account_number: Option<String>,
    /// The bank's word for the kind of transaction.
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<String>,
    /// Whether it is settled what it was for.
    reconciled: bool,
    /// What of it is not settled yet, where a part is; in the currency it was made in.
    #[serde(skip_serializing_if = "Option::is_none")]
    open: Option<Amount>,
    /// What was on the account after it, by the statements and transactions in Odoo.
    balance_after: Amount,
    #[serde(skip_serializing_if = "Option::is_none")]
    journal: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    statement: Option<Named>,
    /// Its journal entry.
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    /// Where the entry is not posted.
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    company: Option<Named>,
}

#[derive(Debug, Record)]
#[odoo(model = "account.bank.statement.line")]
pub(super) struct Row {
    pub(super) id: i64,
    pub(super) date: Option<Date>,
    payment_ref: Option<String>,
    amount: f64,
    currency_id: Option<Ref>,
    foreign_currency_id: Option<Ref>,
    amount_currency: f64,
    partner_id: Option<Ref>,
    partner_name: Option<String>,
    account_number: Option<String>,
    transaction_type: Option<String>,
    is_reconciled: bool,
    amount_residual: f64,
    running_balance: f64,
    journal_id: Option<Ref>,
    statement_id: Option<Ref>,
    move_id: Option<Ref>,
    #[odoo(rename = "ref")]
    reference: Option<String>,
    state: String,
    company_id: Option<Ref>,
}

impl Row {
    pub(super) fn shape(self, companies: &Companies<'_>) -> BankTransaction {
        let foreign = self.foreign_currency_id.map(|currency| currency.name);
        let made = if foreign.is_some() {
            self.amount_currency
        } else {
            self.amount
        };
        // Odoo keeps what is open with the sign of the other side of the entry.
        let open = Amount::new(-self.amount_residual);
        BankTransaction {
            id: self.id,
            date: self.date,
            label: self
                .payment_ref
                .map(|label| characters::clip(label.trim(), LONGEST_LABEL).into_owned()),
            amount: Amount::new(self.amount),
            currency: self
                .currency_id
                .map(|currency| currency.name)
                .unwrap_or_default(),
            foreign_amount: foreign.is_some().then(|| Amount::new(self.amount_currency)),
            foreign_currency: foreign,
            counterparty: self.partner_name.filter(|name| {
                let known = self.partner_id.as_ref();
                known.is_none_or(|partner| partner.name != *name)
            }),
            partner: Named::of(self.partner_id),
            account_number: self.account_number,
            kind: self.transaction_type,
            reconciled: self.is_reconciled,
            open: Some(open).filter(|open| !self.is_reconciled && *open != Amount::new(made)),
            balance_after: Amount::new(self.running_balance),
            journal: Named::of(self.journal_id),
            statement: Named::of(self.statement_id),
            entry: Named::of(self.move_id),
            reference: self.reference,
            state: Some(self.state).filter(|state| state != "posted"),
            company: companies.named(self.company_id),
        }
    }
}
