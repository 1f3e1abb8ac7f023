//! The frame of the books: companies, rates, accounts, taxes and journals. The accounts follow Odoo's generic
//! chart (`l10n_generic_coa` of `account`), to which three of our own are added.

use jiff::civil::Date;
use serde::Serialize;

use super::calendar::Months;

/// Key of the company in US dollars.
pub const INSTRUMENTS: &str = "instruments";
/// Key of the company in euros.
pub const NORDIC: &str = "nordic";

/// A company (`res.company`).
#[derive(Clone, Debug, Serialize)]
pub struct Company {
    /// What other records call it.
    pub key: &'static str,
    /// Its name.
    pub name: &'static str,
    /// ISO code of its currency.
    pub currency: &'static str,
    /// ISO code of its country.
    pub country: &'static str,
    /// Its general mailbox.
    pub email: &'static str,
    /// Its city.
    pub city: &'static str,
}

/// An exchange rate (`res.currency.rate`) of one company.
#[derive(Clone, Debug, Serialize)]
pub struct Rate {
    /// Key of the company whose currency is the base.
    pub company: &'static str,
    /// ISO code of the foreign currency.
    pub currency: &'static str,
    /// First day on which it holds.
    pub since: Date,
    /// Units of the foreign currency for one unit of the company's currency.
    pub units: f64,
}

/// The kinds of account the books use (`account.account.account_type`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountType {
    /// What customers owe.
    AssetReceivable,
    /// Bank and cash.
    AssetCash,
    /// Other current assets.
    AssetCurrent,
    /// Fixed assets and their depreciation.
    AssetFixed,
    /// What we owe to vendors.
    LiabilityPayable,
    /// Other current liabilities.
    LiabilityCurrent,
    /// Long-term debt.
    LiabilityNonCurrent,
    /// Capital.
    Equity,
    /// Retained earnings: one account per company.
    EquityUnaffected,
    /// Revenue.
    Income,
    /// Revenue outside the trade.
    IncomeOther,
    /// Running costs.
    Expense,
    /// Depreciation.
    ExpenseDepreciation,
    /// Cost of what was sold.
    ExpenseDirectCost,
}

impl AccountType {
    /// Odoo's selection key, for example `asset_receivable`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AssetReceivable => "asset_receivable",
            Self::AssetCash => "asset_cash",
            Self::AssetCurrent => "asset_current",
            Self::AssetFixed => "asset_fixed",
            Self::LiabilityPayable => "liability_payable",
            Self::LiabilityCurrent => "liability_current",
            Self::LiabilityNonCurrent => "liability_non_current",
            Self::Equity => "equity",
            Self::EquityUnaffected => "equity_unaffected",
            Self::Income => "income",
            Self::IncomeOther => "income_other",
            Self::Expense => "expense",
            Self::ExpenseDepreciation => "expense_depreciation",
            Self::ExpenseDirectCost => "expense_direct_cost",
        }
    }

    /// Whether Odoo forces such accounts to allow reconciliation.
    #[must_use]
    pub fn reconciles(self) -> bool {
        matches!(self, Self::AssetReceivable | Self::LiabilityPayable)
    }
}

/// An account (`account.account`). Its code is its key.
#[derive(Clone, Debug, Serialize)]
pub struct Account {
    /// Its code in every company, for example `400000`.
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub account_type: AccountType,
    /// Whether its items are matched with each other.
    pub reconcile: bool,
    /// Whether Odoo's generic chart brings it; the others are created.
    pub in_chart: bool,
}

/// On which documents a tax is used (`account.tax.type_tax_use`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TaxUse {
    /// Customer invoices and credit notes.
    Sale,
    /// Vendor bills and refunds.
    Purchase,
}

impl TaxUse {
    /// Odoo's selection key.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sale => "sale",
            Self::Purchase => "purchase",
        }
    }
}

/// A percentage tax, not included in the price (`account.tax`).
#[derive(Clone, Debug, Serialize)]
pub struct Tax {
    /// What document lines call it.
    pub key: &'static str,
    /// Its name in Odoo, which sale and purchase share.
    pub name: &'static str,
    /// On which documents it is used.
    pub used_on: TaxUse,
    /// Percent of the price.
    pub percent: f64,
    /// Code of the account that its journal items go to.
    pub account: &'static str,
}

/// The kinds of journal the books use (`account.journal.type`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum JournalType {
    /// Customer documents.
    Sale,
    /// Vendor documents.
    Purchase,
    /// A bank account.
    Bank,
    /// A cash box.
    Cash,
    /// Everything else.
    General,
}

impl JournalType {
    /// Odoo's selection key.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sale => "sale",
            Self::Purchase => "purchase",
            Self::Bank => "bank",
            Self::Cash => "cash",
            Self::General => "general",
        }
    }
}

/// A journal (`account.journal`). Its code is its key.
#[derive(Clone, Debug, Serialize)]
pub struct Journal {
    /// Its short code, which also begins the numbers of its moves.
    pub code: &'static str,
    /// Its name.
    pub name: &'static str,
    /// Its type.
    pub journal_type: JournalType,
    /// Code of its default account. Payments in a bank or cash journal go straight to this account: they are
    /// `paid` as soon as they are posted, without an outstanding account in between.
    pub default_account: Option<&'static str>,
    /// Order in lists.
    pub sequence: i64,
}

/// The two companies.
pub(super) fn companies() -> Vec<Company> {
    vec![
        Company {
            key: INSTRUMENTS,
            name: "Larkspur Instruments",
            currency: "USD",
            country: "US",
            email: "office@larkspur.example",
            city: "Rochester",
        },
        Company {
            key: NORDIC,
            name: "Larkspur Nordic",
            currency: "EUR",
            country: "FI",
            email: "nordic@larkspur.example",
            city: "Turku",
        },
    ]
}

/// One rate that holds for the whole window, so that no exchange differences arise.
pub(super) fn rates(months: &Months) -> Vec<Rate> {
    vec![Rate {
        company: INSTRUMENTS,
        currency: "EUR",
        since: months.first_day(0),
        units: 0.92,
    }]
}

/// Accounts of the generic chart that the books use.
const CHART: [(&str, &str, AccountType); 21] = [
    ("101401", "Bank", AccountType::AssetCash),
    ("101402", "Bank Suspense Account", AccountType::AssetCurrent),
    ("101701", "Liquidity Transfer", AccountType::AssetCurrent),
    ("121000", "Account Receivable", AccountType::AssetReceivable),
    ("128000", "Prepaid Expenses", AccountType::AssetCurrent),
    ("131000", "Tax Paid", AccountType::AssetCurrent),
    ("151000", "Fixed Asset", AccountType::AssetFixed),
    ("211000", "Account Payable", AccountType::LiabilityPayable),
    ("230000", "Salary Payable", AccountType::LiabilityCurrent),
    (
        "230100",
        "Employee Payroll Taxes",
        AccountType::LiabilityCurrent,
    ),
    ("251000", "Tax Received", AccountType::LiabilityCurrent),
    (
        "291000",
        "Non-current Liabilities",
        AccountType::LiabilityNonCurrent,
    ),
    ("301000", "Capital", AccountType::Equity),
    ("400000", "Product Sales", AccountType::Income),
    ("450000", "Other Income", AccountType::IncomeOther),
    (
        "500000",
        "Cost of Goods Sold",
        AccountType::ExpenseDirectCost,
    ),
    ("600000", "Expenses", AccountType::Expense),
    ("612000", "Rent", AccountType::Expense),
    ("620000", "Bank Fees", AccountType::Expense),
    ("630000", "Salary Expenses", AccountType::Expense),
    (
        "999999",
        "Undistributed Profits/Losses",
        AccountType::EquityUnaffected,
    ),
];

/// Accounts that the demo company adds to the chart.
const OWN: [(&str, &str, AccountType); 4] = [
    ("101501", "Cash", AccountType::AssetCash),
    (
        "151900",
        "Accumulated Depreciation",
        AccountType::AssetFixed,
    ),
    ("401000", "Calibration Services", AccountType::Income),
    (
        "680000",
        "Depreciation Expenses",
        AccountType::ExpenseDepreciation,
    ),
];

/// Current accounts whose items the chart lets match with each other.
const MATCHED: [&str; 3] = ["101701", "230000", "230100"];

/// Accounts the books use, by code.
pub(super) fn accounts() -> Vec<Account> {
    let account = |&(code, name, account_type): &(_, _, AccountType), in_chart| Account {
        code,
        name,
        account_type,
        reconcile: account_type.reconciles() || MATCHED.contains(&code),
        in_chart,
    };
    let mut accounts: Vec<Account> = CHART.iter().map(|row| account(row, true)).collect();
    accounts.extend(OWN.iter().map(|row| account(row, false)));
    accounts.sort_by_key(|account| account.code);
    accounts
}

/// Taxes of the generic chart that the books use.
pub(super) fn taxes() -> Vec<Tax> {
    vec![
        Tax {
            key: "sale-15",
            name: "15%",
            used_on: TaxUse::Sale,
            percent: 15.0,
            account: "251000",
        },
        Tax {
            key: "purchase-15",
            name: "15%",
            used_on: TaxUse::Purchase,
            percent: 15.0,
            account: "131000",
        },
    ]
}

/// Journals of the generic chart that the books use, and a cash box.
pub(super) fn journals() -> Vec<Journal> {
    let journal = |code, name, journal_type, default_account, sequence| Journal {
        code,
        name,
        journal_type,
        default_account,
        sequence,
    };
    vec![
        journal("INV", "Sales", JournalType::Sale, Some("400000"), 5),
        journal(
            "BILL",
            "Purchases",
            JournalType::Purchase,
            Some("600000"),
            6,
        ),
        journal("BNK1", "Bank", JournalType::Bank, Some("101401"), 7),
        journal("CSH1", "Cash", JournalType::Cash, Some("101501"), 8),
        journal(
            "MISC",
            "Miscellaneous Operations",
            JournalType::General,
            None,
            9,
        ),
    ]
}
