//! Rounding and converting amounts of money.
//!
//! Amounts are floats, as on the wire; every result is rounded to its currency, so that sums stay exact to the cent.

use jiff::civil::Date;
use serde_json::json;

use crate::engine::{env::Env, error::Result, record::Record};

/// Rounds half away from zero to the two decimals of all currencies here, as Odoo rounds money.
pub(crate) fn round(amount: f64) -> f64 {
    let cents = amount * 100.0;
    // A product such as 1.005 * 100 lies a hair below the half; Odoo's rounding corrects by the same margin.
    let corrected = cents + cents.signum() * cents.abs().max(1.0) * f64::EPSILON;
    let rounded = corrected.round() / 100.0;
    if rounded == 0.0 { 0.0 } else { rounded }
}

/// The sum of numbers; plain zero where there are none, which Rust's own sum gives a minus sign.
pub(crate) fn sum(numbers: impl Iterator<Item = f64>) -> f64 {
    numbers.fold(0.0, |sum, number| sum + number)
}

/// Whether an amount rounds to nothing.
pub(crate) fn is_zero(amount: f64) -> bool {
    round(amount) == 0.0
}

/// How many units of `currency` one unit of the company's own currency is worth on a day.
pub(crate) fn rate(env: &Env, company: &Record<'_>, currency: i64, day: Date) -> Result<f64> {
    if company.get("currency_id").as_id() == Some(currency) {
        return Ok(1.0);
    }
    let domain = json!([
        ["currency_id", "=", currency],
        ["company_id", "in", [company.id(), false]],
        ["name", "<=", day.to_string()],
    ]);
    let rates = env.sudo().search("res.currency.rate", &domain)?;
    // Rates come newest first; before the first one Odoo takes 1.
    let newest = rates
        .first()
        .map(|id| env.record_of("res.currency.rate", *id).float("rate"));
    Ok(newest.filter(|rate| *rate > 0.0).unwrap_or(1.0))
}

/// An amount as Odoo formats it in English: "$ 1,250.00", with a hard space.
pub(crate) fn formatted(currency: &Record<'_>, amount: f64) -> String {
    let plain = format!("{:.2}", amount.abs());
    let (whole, cents) = plain.split_once('.').unwrap_or((&plain, "00"));
    let mut grouped = if amount < 0.0 { "-" } else { "" }.to_owned();
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    let symbol = currency.text("symbol");
    if currency.is("position", "before") {
        format!("{symbol}\u{a0}{grouped}.{cents}")
    } else {
        format!("{grouped}.{cents}\u{a0}{symbol}")
    }
}
