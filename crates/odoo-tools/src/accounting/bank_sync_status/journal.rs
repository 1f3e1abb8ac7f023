//! Bank, cash and card journals, and what moved on their accounts.

use odoo_json2::{Date, Error, GroupRow, Record, Ref, field};
use schemars::JsonSchema;
use serde::Serialize;

use crate::answer::{Amount, Named};
use crate::session::UserSession;
use crate::session::companies::Companies;

/// The journals' model.
pub(super) const MODEL: &str = "account.journal";

/// Journal items.
pub(super) const ITEMS: &str = "account.move.line";

/// No company has more bank accounts than this.
const MOST: usize = 200;

/// A bank, cash or card journal.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::accounting) struct BankJournal {
    id: i64,
    name: String,
    /// `bank`, `cash` or `credit` (a credit card).
    kind: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    company: Option<Named>,
    currency: String,
    /// What is on its account in the books, all posted entries counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    balance: Option<Amount>,
    /// The date of the newest bank transaction.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_transaction: Option<Date>,
    /// How many bank transactions there are.
    transactions: i64,
    /// How many of them wait to be matched.
    to_reconcile: i64,
    /// What those come to.
    #[serde(skip_serializing_if = "Amount::is_zero")]
    to_reconcile_amount: Amount,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_statement: Option<LastStatement>,
    /// Some statement of the journal does not add up.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    has_wrong_statements: bool,
    /// Where its transactions come from, if not by hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    feed: Option<String>,
}

/// The newest statement of a journal.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::accounting) struct LastStatement {
    id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    date: Option<Date>,
    /// The balance it ends with.
    balance: Amount,
    /// Why it does not add up.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<&'static str>,
}

#[derive(Debug, Record)]
#[odoo(model = "account.journal")]
pub(super) struct Row {
    id: i64,
    name: String,
    #[odoo(rename = "type")]
    kind: String,
    company_id: Option<Ref>,
    currency_id: Option<Ref>,
    default_account_id: Option<Ref>,
    #[odoo(optional)]
    bank_acc_number: Option<String>,
    #[odoo(optional)]
    bank_statements_source: Option<String>,
    last_statement_id: Option<Statement>,
    has_invalid_statements: bool,
}

#[derive(Debug, Record)]
#[odoo(model = "account.bank.statement")]
struct Statement {
    id: i64,
    name: Option<String>,
    date: Option<Date>,
    balance_end_real: f64,
    is_complete: bool,
    is_valid: bool,
}

/// What moved on an account: through the transactions of one journal, matched or not, or otherwise.
#[derive(Debug, GroupRow)]
pub(super) struct Movement {
    /// Companies can share an account, and each has its own currency.
    company_id: Option<Ref>,
    account_id: Option<Ref>,
    /// The journal of the transactions; none for payments and entries made by hand.
    #[odoo(rename = "statement_line_id.journal_id")]
    journal: Option<Ref>,
    #[odoo(rename = "statement_line_id.is_reconciled")]
    reconciled: bool,
    #[odoo(rename = "balance:sum")]
    balance: f64,
    #[odoo(rename = "amount_currency:sum")]
    amount_currency: f64,
    #[odoo(rename = "statement_line_id:count_distinct")]
    transactions: i64,
    #[odoo(rename = "date:max")]
    last: Option<Date>,
}

/// The journals of the companies. Odoo shows a branch those of its parent, too, but not what the
/// parent booked in them: their balances would be wrong.
pub(super) async fn journals(
    user: &UserSession,
    companies: &Companies<'_>,
) -> Result<Vec<Row>, Error> {
    let readable = user.readable::<Row>().await?;
    let found = user
        .odoo()
        .search::<Row>(field("type").in_(["bank", "cash", "credit"]) & companies.own("company_id"))
        .order("company_id, sequence, id")
        .limit(MOST)
        .readable(&readable)
        .context(companies.context())
        .await?;
    Ok(found.records)
}

/// What moved on all bank and cash accounts, in one sum: balances, dates and what waits.
pub(super) async fn movements(
    user: &UserSession,
    companies: &Companies<'_>,
) -> Result<Vec<Movement>, Error> {
    let liquid = field("account_id.account_type").in_(["asset_cash", "liability_credit_card"]);
    user.odoo()
        .group_model(ITEMS, liquid & field("parent_state").eq("posted"))
        .by("company_id")
        .by("account_id")
        .by("statement_line_id.journal_id")
        .by("statement_line_id.is_reconciled")
        .sum("balance")
        .sum("amount_currency")
        .aggregate("statement_line_id:count_distinct")
        .aggregate("date:max")
        .context(companies.context())
        .rows::<Movement>()
        .await
}

impl Row {
    pub(super) fn shape(self, movements: &[Movement], companies: &Companies<'_>) -> BankJournal {
        let own = companies
            .iter()
            .find(|company| is(company.id, self.company_id.as_ref()))
            .and_then(|company| company.currency.as_ref());
        let foreign = self
            .currency_id
            .as_ref()
            .filter(|currency| own.is_none_or(|own| own.id != currency.id));
        let sum =
            |rows: &[&Movement]| Amount::new(rows.iter().map(|row| row.amount(foreign)).sum());
        let of = |fits: &dyn Fn(&Movement) -> bool| -> Vec<&Movement> {
            movements.iter().filter(|row| fits(row)).collect()
        };
        let account = self.default_account_id.as_ref().map(|account| account.id);
        let booked = account.map(|id| of(&|row| row.is_on(id, self.id, self.company_id.as_ref())));
        let reported = of(&|row| is(self.id, row.journal.as_ref()));
        let waiting = of(&|row| is(self.id, row.journal.as_ref()) && !row.reconciled);
        BankJournal {
            balance: booked.map(|rows| sum(&rows)),
            last_transaction: reported.iter().filter_map(|row| row.last).max(),
            transactions: reported.iter().map(|row| row.transactions).sum(),
            to_reconcile: waiting.iter().map(|row| row.transactions).sum(),
            to_reconcile_amount: sum(&waiting),
            currency: foreign
                .or(own)
                .map_or_else(String::new, |own| own.name.clone()),
            id: self.id,
            name: self.name,
            kind: self.kind,
            account_number: self.bank_acc_number,
            company: companies.named(self.company_id),
            last_statement: self.last_statement_id.map(Statement::shape),
            has_wrong_statements: self.has_invalid_statements,
            feed: self
                .bank_statements_source
                .filter(|source| source != "undefined"),
        }
    }
}

impl Movement {
    /// Whether it is on an account in the books that a journal is kept in: those of the journal's
    /// company, or of a branch of it that books its transactions in the same journal.
    fn is_on(&self, account: i64, journal: i64, company: Option<&Ref>) -> bool {
        is(account, self.account_id.as_ref())
            && (is(journal, self.journal.as_ref())
                || company.is_none_or(|company| is(company.id, self.company_id.as_ref())))
    }

    /// In the journal's currency, where that is not the company's.
    fn amount(&self, foreign: Option<&Ref>) -> f64 {
        if foreign.is_some() {
            self.amount_currency
        } else {
            self.balance
        }
    }
}

fn is(id: i64, one: Option<&Ref>) -> bool {
    one.is_some_and(|one| one.id == id)
}

impl Statement {
    fn shape(self) -> LastStatement {
        LastStatement {
            id: self.id,
            name: self.name,
            date: self.date,
            balance: Amount::new(self.balance_end_real),
            problem: match (self.is_valid, self.is_complete) {
                (false, _) => Some("it does not begin where the one before ended"),
                (true, false) => Some("its transactions do not lead to its ending balance"),
                (true, true) => None,
            },
        }
    }
}
