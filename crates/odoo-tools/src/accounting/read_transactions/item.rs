//! Lines of journal entries.

use odoo_json2::{Date, Domain, Record, Ref, field};
use schemars::JsonSchema;
use serde::Serialize;

use super::super::books::{self, Coded};
use super::Names;
use crate::answer::{Amount, Named};
use crate::characters;
use crate::session::companies::Companies;

/// The items' model.
pub(super) const MODEL: &str = "account.move.line";

/// Where to look for what.
pub(super) const NAMES: Names = Names {
    amount: "balance",
    text: &["name", "ref", "move_name"],
};

/// The longest label that is passed on.
const LONGEST_LABEL: usize = 300;

/// A line of a journal entry; its amounts are in the company's currency.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::accounting) struct JournalItem {
    id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<Date>,
    /// The journal entry it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    partner: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reference: Option<String>,
    #[serde(skip_serializing_if = "Amount::is_zero")]
    debit: Amount,
    #[serde(skip_serializing_if = "Amount::is_zero")]
    credit: Amount,
    /// Debit less credit.
    balance: Amount,
    currency: String,
    /// In the currency it was made in.
    #[serde(skip_serializing_if = "Option::is_none")]
    foreign_amount: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    foreign_currency: Option<String>,
    /// Whether it is settled by others; only said on accounts where items are.
    #[serde(skip_serializing_if = "Option::is_none")]
    reconciled: Option<bool>,
    /// What of it is not settled yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    open: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    due_date: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    journal: Option<Named>,
    /// Where the entry is not posted.
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    company: Option<Named>,
}

#[derive(Debug, Record)]
#[odoo(model = "account.move.line")]
pub(super) struct Row {
    pub(super) id: i64,
    pub(super) date: Option<Date>,
    move_id: Option<Ref>,
    move_name: Option<String>,
    account_id: Option<Account>,
    partner_id: Option<Ref>,
    name: Option<String>,
    #[odoo(rename = "ref")]
    reference: Option<String>,
    debit: f64,
    credit: f64,
    balance: f64,
    company_currency_id: Option<Ref>,
    amount_currency: f64,
    currency_id: Option<Ref>,
    reconciled: bool,
    amount_residual: f64,
    date_maturity: Option<Date>,
    journal_id: Option<Ref>,
    parent_state: String,
    company_id: Option<Ref>,
}

#[derive(Debug, Record)]
#[odoo(model = "account.account")]
struct Account {
    id: i64,
    name: String,
    placeholder_code: Option<String>,
    reconcile: bool,
}

/// Items that stand for money, not headings and remarks.
pub(super) fn with_amounts() -> Domain {
    field("display_type").not_in(["line_section", "line_subsection", "line_note"])
}

/// Settled or not; items of accounts where nothing is settled are neither.
pub(super) fn reconciled(wanted: bool) -> Domain {
    let items = field("reconciled").eq(wanted);
    if wanted {
        items
    } else {
        items & field("account_id.reconcile").eq(true) & field("balance").ne(0.0)
    }
}

impl Row {
    pub(super) fn shape(self, companies: &Companies<'_>) -> JournalItem {
        let own = self.company_currency_id.as_ref().map(|own| own.id);
        let foreign = self
            .currency_id
            .filter(|currency| Some(currency.id) != own)
            .map(|currency| currency.name);
        let settles = self.account_id.as_ref().is_some_and(|own| own.reconcile);
        let number = self.move_name;
        JournalItem {
            id: self.id,
            date: self.date,
            entry: self.move_id.map(|entry| {
                let name = number.unwrap_or(entry.name);
                Named::from(Ref { id: entry.id, name })
            }),
            account: self.account_id.map(Account::named),
            partner: Named::of(self.partner_id),
            label: self
                .name
                .map(|label| characters::clip(label.trim(), LONGEST_LABEL).into_owned()),
            reference: self.reference,
            debit: Amount::new(self.debit),
            credit: Amount::new(self.credit),
            balance: Amount::new(self.balance),
            currency: self
                .company_currency_id
                .map(|currency| currency.name)
                .unwrap_or_default(),
            foreign_amount: foreign.is_some().then(|| Amount::new(self.amount_currency)),
            foreign_currency: foreign,
            reconciled: settles.then_some(self.reconciled),
            open: Some(Amount::new(self.amount_residual)).filter(|open| settles && !open.is_zero()),
            due_date: self.date_maturity,
            journal: Named::of(self.journal_id),
            state: Some(self.parent_state).filter(|state| state != "posted"),
            company: companies.named(self.company_id),
        }
    }
}

impl Row {
    /// Its account's code, to be put right where accounts are shared.
    pub(super) fn coded(&mut self) -> Option<Coded<'_>> {
        let account = self.account_id.as_mut()?;
        Some(Coded {
            company: self.company_id.as_ref()?.id,
            account: account.id,
            name: &mut account.name,
            code: &mut account.placeholder_code,
        })
    }
}

impl Account {
    fn named(self) -> Named {
        let (id, name) = (self.id, self.name);
        let account = Ref { id, name };
        let name = books::account_name(self.placeholder_code.as_deref(), &account);
        Named::from(Ref { id, name })
    }
}
