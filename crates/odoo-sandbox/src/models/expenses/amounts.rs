//! What an expense comes to: in the currency it was paid in and in the company's, with the taxes that are in it.
//!
//! What a person enters is kept; what Odoo computes is stored beside it, and computed anew when what it depends on is
//! written.

use serde_json::json;

use crate::engine::{cell::Cell, error::Result, model::Vals, record::Record};

use crate::models::money;

/// Whether the category has a price of its own, as mileage has: then the quantity decides.
pub(super) fn has_cost(expense: &Record<'_>) -> bool {
    expense
        .one("product_id")
        .is_some_and(|category| !money::is_zero(category.float("standard_price")))
}

/// The purchase taxes of the category, as far as they are of the expense's company.
pub(super) fn taxes_of_category(expense: &Record<'_>) -> Vec<i64> {
    let company = expense.get("company_id");
    let taxes = expense
        .one("product_id")
        .map_or_else(Vec::new, |category| category.many("supplier_taxes_id"));
    taxes
        .iter()
        .filter(|tax| tax.get("company_id") == company)
        .map(Record::id)
        .collect()
}

/// Whether it was paid in another currency than the company's.
pub(super) fn is_foreign(expense: &Record<'_>) -> bool {
    expense.get("currency_id") != expense.get("company_currency_id")
}

/// What one unit of the currency is worth in the company's, as the two totals say it.
pub(super) fn rate(expense: &Record<'_>) -> f64 {
    let paid = expense.float("total_amount_currency");
    if !is_foreign(expense) || paid == 0.0 {
        return 1.0;
    }
    // Odoo shows nine decimals.
    (expense.float("total_amount") / paid * 1e9).round() / 1e9
}

/// "1 EUR = 1.086957 USD".
pub(super) fn rate_in_words(expense: &Record<'_>) -> Cell {
    if !is_foreign(expense) {
        return Cell::Empty;
    }
    let name = |field: &str| {
        expense
            .one(field)
            .map_or_else(String::new, |currency| currency.text("name"))
    };
    let (paid, own) = (name("currency_id"), name("company_currency_id"));
    format!("1 {paid} = {:.6} {own}", rate(expense)).into()
}

/// The ways in which the company itself can have paid: those of its journals that send money.
pub(super) fn ways_to_pay(expense: &Record<'_>) -> Vec<i64> {
    let domain = json!([
        ["journal_id.company_id", "=", expense.int("company_id")],
        ["payment_method_id.payment_type", "=", "outbound"],
    ]);
    let env = expense.env().sudo();
    let mut lines = env
        .search("account.payment.method.line", &domain)
        .unwrap_or_default();
    lines.sort_unstable();
    lines
}

/// Fills what Odoo computes on a new expense, as far as nobody gave it.
pub(super) fn complete(expense: &Record<'_>) -> Result<()> {
    from_category(expense, false);
    let way = ways_to_pay(expense).first().copied();
    if expense.get("payment_method_line_id").is_empty() {
        expense.set("payment_method_line_id", way);
    }
    let given = |field: &str| expense.float(field) != 0.0;
    if !given("total_amount_currency") {
        if has_cost(expense) {
            price_by_category(expense);
        } else if given("total_amount") && !is_foreign(expense) {
            expense.set("total_amount_currency", expense.float("total_amount"));
        }
    }
    if !given("total_amount") {
        convert(expense)?;
    }
    settle(expense);
    Ok(())
}

/// Computes anew what depends on the values just written.
pub(super) fn update(expense: &Record<'_>, written: &Vals) -> Result<()> {
    let wrote = |fields: &[&str]| fields.iter().any(|field| written.contains_key(*field));
    if wrote(&["product_id"]) {
        from_category(expense, true);
        if has_cost(expense) && expense.is("state", "draft") && !wrote(&["currency_id"]) {
            expense.set("currency_id", expense.get("company_currency_id"));
        }
    }
    if has_cost(expense)
        && wrote(&["quantity", "product_id", "tax_ids"])
        && !wrote(&["total_amount_currency"])
    {
        price_by_category(expense);
    }
    if wrote(&["total_amount"]) && !is_foreign(expense) {
        expense.set("total_amount_currency", expense.float("total_amount"));
    }
    let depends = [
        "total_amount_currency",
        "currency_id",
        "date",
        "product_id",
        "quantity",
    ];
    if wrote(&depends) && !wrote(&["total_amount"]) {
        convert(expense)?;
    }
    if wrote(&depends) || wrote(&["tax_ids", "total_amount"]) {
        settle(expense);
    }
    Ok(())
}

/// Unit, account and taxes, which come from the category.
fn from_category(expense: &Record<'_>, anew: bool) {
    let category = expense.one("product_id");
    let unit = category.and_then(|category| category.get("uom_id").as_id());
    expense.set("product_uom_id", unit);
    if anew || expense.get("account_id").is_empty() {
        let own = category.and_then(|category| category.get("property_account_expense_id").as_id());
        let company = expense.one("company_id");
        let general = company.and_then(|company| company.get("expense_account_id").as_id());
        expense.set("account_id", own.or(general));
    }
    if anew || expense.ids("tax_ids").is_empty() {
        expense.set("tax_ids", taxes_of_category(expense));
    }
}

fn price_by_category(expense: &Record<'_>) {
    let price = expense
        .one("product_id")
        .map_or(0.0, |category| category.float("standard_price"));
    let total = money::round(price * expense.float("quantity"));
    expense.set("total_amount_currency", total);
}

/// The total in the company's currency, at the rate of the day.
fn convert(expense: &Record<'_>) -> Result<()> {
    let paid = expense.float("total_amount_currency");
    let env = expense.env();
    let day = expense.date("date").unwrap_or_else(|| env.today());
    let units = match (
        expense.one("company_id"),
        expense.get("currency_id").as_id(),
    ) {
        (Some(company), Some(currency)) => money::rate(env, &company, currency, day)?,
        _ => 1.0,
    };
    expense.set("total_amount", money::round(paid / units));
    Ok(())
}

/// The taxes in the totals, and the price of one unit.
fn settle(expense: &Record<'_>) {
    let taxes = expense.many("tax_ids");
    let percent: f64 = money::sum(taxes.iter().map(|tax| tax.float("amount")));
    for (total, untaxed, tax) in [
        (
            "total_amount_currency",
            "untaxed_amount_currency",
            "tax_amount_currency",
        ),
        ("total_amount", "untaxed_amount", "tax_amount"),
    ] {
        let total = expense.float(total);
        let net = money::round(total / (1.0 + percent / 100.0));
        expense.set(untaxed, net);
        expense.set(tax, money::round(total - net));
    }
    if !expense.is("state", "draft") {
        return;
    }
    let quantity = expense.float("quantity");
    let price = match expense.one("product_id").filter(|_| has_cost(expense)) {
        Some(category) => category.float("standard_price"),
        None if quantity == 0.0 => 0.0,
        None => money::round(expense.float("total_amount") / quantity),
    };
    expense.set("price_unit", price);
}
