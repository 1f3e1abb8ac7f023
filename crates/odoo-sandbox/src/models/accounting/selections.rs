//! Selection keys that several models of accounting share.

/// `account.move.move_type`.
pub(super) const MOVE_TYPES: &[(&str, &str)] = &[
    ("entry", "Journal Entry"),
    ("out_invoice", "Customer Invoice"),
    ("out_refund", "Customer Credit Note"),
    ("in_invoice", "Vendor Bill"),
    ("in_refund", "Vendor Credit Note"),
    ("out_receipt", "Sales Receipt"),
    ("in_receipt", "Purchase Receipt"),
];

/// `account.move.state`.
pub(super) const STATES: &[(&str, &str)] = &[
    ("draft", "Draft"),
    ("posted", "Posted"),
    ("cancel", "Cancelled"),
];

/// `account.move.payment_state`.
pub(super) const PAYMENT_STATES: &[(&str, &str)] = &[
    ("not_paid", "Not Paid"),
    ("in_payment", "In Payment"),
    ("paid", "Paid"),
    ("partial", "Partially Paid"),
    ("reversed", "Reversed"),
    ("blocked", "Blocked"),
    ("invoicing_legacy", "Invoicing App Legacy"),
];

/// `account.move.status_in_payment`: the payment states, then the states of a move that is not posted, or only sent.
pub(super) const STATUSES: &[(&str, &str)] = &[
    ("not_paid", "Not Paid"),
    ("in_payment", "In Payment"),
    ("paid", "Paid"),
    ("partial", "Partially Paid"),
    ("reversed", "Reversed"),
    ("blocked", "Blocked"),
    ("invoicing_legacy", "Invoicing App Legacy"),
    ("draft", "Draft"),
    ("posted", "Posted"),
    ("sent", "Sent"),
    ("cancel", "Cancelled"),
];

/// `account.move.line.display_type`.
pub(super) const DISPLAY_TYPES: &[(&str, &str)] = &[
    ("product", "Product"),
    ("cogs", "Cost of Goods Sold"),
    ("tax", "Tax"),
    ("discount", "Discount"),
    ("rounding", "Rounding"),
    ("payment_term", "Payment Term"),
    ("line_section", "Section"),
    ("line_subsection", "Subsection"),
    ("line_note", "Note"),
    ("epd", "Early Payment Discount"),
    (
        "non_deductible_product_total",
        "Non Deductible Products Total",
    ),
    ("non_deductible_product", "Non Deductible Products"),
    ("non_deductible_tax", "Non Deductible Tax"),
];

/// `account.account.account_type`.
pub(super) const ACCOUNT_TYPES: &[(&str, &str)] = &[
    ("asset_receivable", "Receivable"),
    ("asset_cash", "Bank and Cash"),
    ("asset_current", "Current Assets"),
    ("asset_non_current", "Non-current Assets"),
    ("asset_prepayments", "Prepayments"),
    ("asset_fixed", "Fixed Assets"),
    ("liability_payable", "Payable"),
    ("liability_credit_card", "Credit Card"),
    ("liability_current", "Current Liabilities"),
    ("liability_non_current", "Non-current Liabilities"),
    ("equity", "Equity"),
    ("equity_unaffected", "Current Year Earnings"),
    ("income", "Income"),
    ("income_other", "Other Income"),
    ("expense", "Expenses"),
    ("expense_other", "Other Expenses"),
    ("expense_depreciation", "Depreciation"),
    ("expense_direct_cost", "Cost of Revenue"),
    ("off_balance", "Off-Balance Sheet"),
];

/// `account.account.internal_group`: the first word of the account type.
pub(super) const INTERNAL_GROUPS: &[(&str, &str)] = &[
    ("equity", "Equity"),
    ("asset", "Asset"),
    ("liability", "Liability"),
    ("income", "Income"),
    ("expense", "Expense"),
    ("off", "Off Balance"),
];
