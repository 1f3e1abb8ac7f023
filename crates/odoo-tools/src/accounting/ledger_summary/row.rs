//! A group of journal items as Odoo sums it, and the row of the ledger that is made of it.

use odoo_json2::{GroupRow, Ref};
use schemars::JsonSchema;
use serde::Serialize;

use super::super::books::{self, Coded};
use super::super::sections;
use crate::answer::{Amount, Named};

/// What Odoo's ledger adds as undistributed profits or losses.
const UNDISTRIBUTED: &str = "undistributed earnings of earlier fiscal years";

/// Sums of one account, or of one partner's receivables or payables.
#[derive(Debug, GroupRow)]
pub(super) struct Row {
    pub(super) company_id: Option<Ref>,
    #[odoo(rename = "account_id.account_type")]
    pub(super) account_type: Option<String>,
    /// The code; for another company than the current one with its name in brackets behind.
    #[odoo(rename = "account_id.placeholder_code", optional)]
    pub(super) code: Option<String>,
    #[odoo(optional)]
    pub(super) account_id: Option<Ref>,
    #[odoo(optional)]
    pub(super) partner_id: Option<Ref>,
    #[odoo(rename = "debit:sum")]
    pub(super) debit: f64,
    #[odoo(rename = "credit:sum")]
    pub(super) credit: f64,
    #[odoo(rename = "balance:sum")]
    pub(super) balance: f64,
}

/// The sum of a company's income and expenses; income is negative.
#[derive(Debug, GroupRow)]
pub(super) struct Earned {
    pub(super) company_id: Option<Ref>,
    #[odoo(rename = "balance:sum")]
    balance: f64,
}

/// A row of the ledger. Debit counts as positive, credit as negative.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub(in super::super) struct Entry {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) account: Option<Named>,
    /// None where nobody was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) partner: Option<Named>,
    /// What it is, where it is posted on no account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) computed: Option<&'static str>,
    /// The type of the account, in Odoo's words.
    pub(super) r#type: String,
    #[serde(flatten)]
    pub(super) figures: Figures,
}

/// What a period began with, what moved and what it ended with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub(in super::super) struct Figures {
    pub(super) opening: Amount,
    pub(super) debit: Amount,
    pub(super) credit: Amount,
    pub(super) closing: Amount,
}

impl Row {
    /// Where it stands in the ledger of its company: name to sort by, id and type.
    pub(super) fn key(&self) -> (String, i64, String) {
        let (name, own) = match (&self.account_id, &self.partner_id) {
            (Some(account), _) => (
                books::account_name(self.code.as_deref(), account),
                account.id,
            ),
            // Partners are looked up like words in a dictionary, whatever case they are in.
            (None, Some(partner)) => (partner.name.to_lowercase(), partner.id),
            (None, None) => (String::new(), 0),
        };
        let kind = self.account_type.clone().unwrap_or_default();
        (name, own, kind)
    }

    /// The row of the ledger, with nothing in it.
    pub(super) fn entry(&self) -> Entry {
        let account = self.account_id.as_ref().map(|account| Named {
            id: account.id,
            name: books::account_name(self.code.as_deref(), account),
        });
        Entry {
            account,
            partner: Named::of(self.partner_id.clone()),
            computed: None,
            r#type: self.account_type.clone().unwrap_or_default(),
            figures: Figures::default(),
        }
    }
}

impl Row {
    /// Its code, to be put right where accounts are shared.
    pub(super) fn coded(&mut self) -> Option<Coded<'_>> {
        Coded::of_group(
            self.company_id.as_ref(),
            self.account_id.as_mut(),
            &mut self.code,
        )
    }
}

impl Earned {
    /// The row of the ledger: there from the beginning, and nothing moves on it.
    pub(super) fn entry(&self) -> Entry {
        let mut figures = Figures::default();
        figures.open(self.balance);
        Entry {
            account: None,
            partner: None,
            computed: Some(UNDISTRIBUTED),
            r#type: "equity_unaffected".to_owned(),
            figures,
        }
    }
}

impl Figures {
    /// Adds a balance that was there before.
    pub(super) fn open(&mut self, balance: f64) {
        self.opening += Amount::new(balance);
        self.close();
    }

    /// Adds what moved.
    pub(super) fn moved(&mut self, debit: f64, credit: f64) {
        self.debit += Amount::new(debit);
        self.credit += Amount::new(credit);
        self.close();
    }

    /// Adds another row.
    pub(super) fn add(&mut self, other: &Self) {
        self.opening += other.opening;
        self.debit += other.debit;
        self.credit += other.credit;
        self.close();
    }

    /// Whether there is nothing to tell.
    pub(super) fn is_nothing(&self) -> bool {
        self.opening.is_zero() && self.debit.is_zero() && self.credit.is_zero()
    }

    fn close(&mut self) {
        self.closing = self.opening + self.debit - self.credit;
    }
}

impl sections::Row for Entry {
    fn key(&self) -> (&'static str, i64) {
        let id = |record: &Option<Named>| record.as_ref().map_or(0, |record| record.id);
        // A partner may have one row of each type; an account has one.
        let kind = match self.r#type.as_str() {
            "asset_receivable" => "receivable",
            "liability_payable" => "payable",
            _ if self.computed.is_some() => "earned",
            _ => "",
        };
        (kind, id(&self.account).max(id(&self.partner)))
    }
}
