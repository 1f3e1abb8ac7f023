//! Categories of expenses, which are products, and which of them somebody means.

use odoo_json2::{Context, Record, Ref, field};

use crate::error::{FailureKind, ToolError};
use crate::session::UserSession;
use crate::words::{Fit, Words};

/// More categories than any company has; what is behind them is not found by name.
const MOST: usize = 200;

/// So many are listed for a choice.
const LISTED: usize = 40;

/// A category that something can be spent on.
#[derive(Clone, Debug, Record)]
#[odoo(model = "product.product")]
pub(super) struct Category {
    pub(super) id: i64,
    pub(super) name: String,
    default_code: Option<String>,
    /// The price of one unit; where there is one, the quantity decides and not an amount.
    pub(super) standard_price: f64,
    uom_id: Option<Ref>,
}

/// All categories of the company in the context.
pub(super) async fn all(user: &UserSession, context: Context) -> Result<Vec<Category>, ToolError> {
    let page = user
        .odoo()
        .search::<Category>(field("can_be_expensed").eq(true))
        .order("default_code, id")
        .limit(MOST)
        .count_limit(MOST)
        .context(context)
        .await?;
    Ok(page.records)
}

/// The one category that is meant: by id, code, name, or the only one with these words in it.
pub(super) fn choose(mut all: Vec<Category>, meant: &str) -> Result<Category, ToolError> {
    let words = Words::of(meant);
    let tests: [&dyn Fn(&Category) -> bool; 4] = [
        &|one| one.id.to_string() == meant || one.is_called(meant),
        &|one| words.fit(&one.name) >= Fit::Whole,
        &|one| words.fit(&one.name) >= Fit::SameWords,
        &|one| words.fit(&one.name) >= Fit::Part,
    ];
    for fits in tests {
        let found: Vec<usize> = (0..all.len()).filter(|index| fits(&all[*index])).collect();
        match found.as_slice() {
            [] => {}
            [one] => return Ok(all.swap_remove(*one)),
            several => {
                let several = several.iter().map(|index| all[*index].words());
                return Err(ToolError::of(
                    FailureKind::Ambiguous,
                    format!("several categories fit: {}", joined(several)),
                    "Give the code or the id of the one that is meant.",
                ));
            }
        }
    }
    if all.is_empty() {
        return Err(ToolError::not_found(
            "this Odoo has no category that expenses can have",
            "An administrator of Expenses can add one under Expenses, Configuration.",
        ));
    }
    Err(ToolError::not_found(
        "there is no such category",
        format!("Use one of: {}.", joined(all.iter().map(Category::words))),
    ))
}

fn joined(words: impl Iterator<Item = String>) -> String {
    words.take(LISTED).collect::<Vec<_>>().join("; ")
}

impl Category {
    /// Whether the quantity decides what it comes to.
    pub(super) fn has_price(&self) -> bool {
        self.standard_price != 0.0
    }

    /// The unit of the quantity.
    pub(super) fn unit(&self) -> &str {
        self.uom_id.as_ref().map_or("units", |unit| &unit.name)
    }

    fn is_called(&self, code: &str) -> bool {
        let own = self.default_code.as_deref();
        own.is_some_and(|own| own.eq_ignore_ascii_case(code))
            || own.is_some_and(|own| code.eq_ignore_ascii_case(&format!("[{own}] {}", self.name)))
    }

    /// "Mileage (code MIL, 1 per km)".
    fn words(&self) -> String {
        let mut about: Vec<String> = Vec::new();
        match &self.default_code {
            Some(code) => about.push(format!("code {code}")),
            None => about.push(format!("id {}", self.id)),
        }
        if self.has_price() {
            about.push(format!("{} per {}", self.standard_price, self.unit()));
        }
        format!("{} ({})", self.name, about.join(", "))
    }
}
