//! `create_expense`: a draft of what the user spent, or the filling in of one.

use jiff::civil::Date;
use odoo_json2::{CompanyRef, Odoo, Values};
use schemars::JsonSchema;
use serde::Deserialize;

use super::MODEL;
use super::category::{self, Category};
use super::expense::PaidBy;
use super::outcome::{Changed, Outcome};
use super::own;
use super::row::FullRow;
use crate::access::Access;
use crate::arguments::Passage;
use crate::currency;
use crate::error::{FailureKind, ToolError};
use crate::session::UserSession;
use crate::tool::Tool;

/// Draft an expense of your own; attach its receipt and submit it afterwards.
#[derive(Deserialize, JsonSchema)]
pub(super) struct CreateExpense {
    /// What it was for.
    name: String,
    /// Name, code or id, e.g. meals or mileage.
    category: String,
    /// With taxes; not for categories paid by quantity.
    amount: Option<f64>,
    /// Code such as EUR; default the company's.
    currency: Option<String>,
    /// E.g. kilometres.
    quantity: Option<f64>,
    /// Default today.
    date: Option<Date>,
    /// Default employee, who is paid back.
    paid_by: Option<PaidBy>,
    notes: Option<Passage>,
    /// Fill in this draft of yours instead, e.g. one made of a file; what is left out stays.
    draft_id: Option<i64>,
    company_id: Option<i64>,
}

impl Tool for CreateExpense {
    const NAME: &'static str = "create_expense";
    const TITLE: &'static str = "Create an expense";
    const ACCESS: Access = Access::Write;
    const NEEDS: &'static [&'static str] = &[MODEL];
    type Answer = Changed;

    async fn run(self, user: &UserSession) -> Result<Changed, ToolError> {
        let draft = self.draft(user).await?;
        let company = self.company(user, draft.as_ref()).await?;
        // An expense belongs to one company, which decides currency, accounts and rates.
        let context = user.companies(Some(company.id))?.context();
        let (categories, currency) = tokio::try_join!(
            category::all(user, context.clone()),
            currency::named(user, company, self.currency.as_deref()),
        )?;
        let category = category::choose(categories, &self.category)?;
        let values = self.values(user, &category, currency, draft.as_ref())?;
        let odoo = user.odoo().with_context(context);
        let (id, outcome) = match draft {
            Some(draft) => {
                odoo.write(MODEL, &[draft.id], &values).await?;
                (draft.id, Outcome::Completed)
            }
            None => (create(&odoo, values).await?, Outcome::Created),
        };
        let hints = vec![next_steps(&category)];
        Changed::read(user, id, outcome, hints).await
    }
}

impl CreateExpense {
    /// The company of the draft, or the one that a new expense is for.
    async fn company<'a>(
        &self,
        user: &'a UserSession,
        draft: Option<&FullRow>,
    ) -> Result<&'a CompanyRef, ToolError> {
        let Some(draft) = draft else {
            return own::company(user, self.company_id).await;
        };
        let own = draft.company_id.as_ref();
        if let (Some(own), Some(asked)) = (own, self.company_id)
            && own.id != asked
        {
            return Err(ToolError::argument(
                format!(
                    "expense {} belongs to company {} ({})",
                    draft.id, own.id, own.name
                ),
                "Leave `company_id` out; or leave `draft_id` out to make one in the other company.",
            ));
        }
        let companies = user.companies(own.map(|own| own.id))?;
        let first = companies.iter().next();
        Ok(first.unwrap_or(&user.profile().company))
    }

    /// The draft that is to be filled in.
    async fn draft(&self, user: &UserSession) -> Result<Option<FullRow>, ToolError> {
        let Some(id) = self.draft_id else {
            return Ok(None);
        };
        let draft = FullRow::read(user, id, user.companies(None)?.context()).await?;
        if !own::spent(user, &draft).await? {
            return Err(ToolError::of(
                FailureKind::NoAccess,
                format!("expense {id} is somebody else's"),
                "Leave `draft_id` out to make one of your own.",
            ));
        }
        if draft.state == "draft" {
            return Ok(Some(draft));
        }
        Err(ToolError::of(
            FailureKind::RefusedByOdoo,
            format!(
                "expense {id} is {}, so it cannot be filled in any more",
                draft.state
            ),
            "Leave `draft_id` out to make a new one.",
        ))
    }

    /// What is written: of a new expense everything, of a draft what was given.
    fn values(
        &self,
        user: &UserSession,
        category: &Category,
        currency: Option<i64>,
        draft: Option<&FullRow>,
    ) -> Result<Values, ToolError> {
        let (mut date, mut paid_by) = (self.date, self.paid_by);
        if draft.is_none() {
            date = date.or_else(|| Some(user.today()));
            paid_by = paid_by.or(Some(PaidBy::Employee));
        }
        let values = Values::new()
            .set("name", self.name.as_str())
            .set("product_id", category.id)
            .set_some("date", date)
            .set_some("payment_mode", paid_by.map(PaidBy::payment_mode))
            .set_some("currency_id", currency)
            .set_some("description", self.notes.as_ref().map(Passage::as_str));
        Ok(if category.has_price() {
            values.set_some("quantity", self.quantity_of(category, draft)?)
        } else {
            values.set_some("total_amount_currency", self.amount_of(category, draft)?)
        })
    }

    /// The amount of a category without a price; nothing where the draft's own stays.
    fn amount_of(
        &self,
        category: &Category,
        draft: Option<&FullRow>,
    ) -> Result<Option<f64>, ToolError> {
        if self.quantity.is_some() {
            return Err(ToolError::argument(
                format!(
                    "{} has no price for a unit, so `quantity` says nothing",
                    category.name
                ),
                "Give the whole `amount` instead.",
            ));
        }
        // An amount that was worked out of a quantity is lost with the category it came from.
        let stays = |draft: &FullRow| !draft.product_has_cost && draft.total_amount_currency > 0.0;
        match self.amount {
            None if draft.is_some_and(stays) => Ok(None),
            Some(amount) if amount > 0.0 => Ok(Some(amount)),
            _ => Err(ToolError::argument(
                "`amount` is needed, and more than zero",
                "Give what was paid, taxes included.",
            )),
        }
    }

    /// The quantity of a category with a price, which is in the company's currency; nothing where
    /// the draft's own stays.
    fn quantity_of(
        &self,
        category: &Category,
        draft: Option<&FullRow>,
    ) -> Result<Option<f64>, ToolError> {
        let same = |draft: &FullRow| {
            let before = draft.product_id.as_ref().map(|product| product.id);
            before == Some(category.id) && draft.quantity > 0.0
        };
        match (self.quantity, self.amount, &self.currency) {
            (None, None, None) if draft.is_some_and(same) => Ok(None),
            (Some(quantity), None, None) if quantity > 0.0 => Ok(Some(quantity)),
            _ => Err(ToolError::argument(
                format!(
                    "{} is paid at {} per {}, so Odoo works the amount out",
                    category.name,
                    category.standard_price,
                    category.unit()
                ),
                format!(
                    "Give `quantity` in {}, and neither `amount` nor `currency`.",
                    category.unit()
                ),
            )),
        }
    }
}

async fn create(odoo: &Odoo, values: Values) -> Result<i64, ToolError> {
    let made = odoo.create(MODEL, [values]).await?;
    made.first().copied().ok_or_else(|| {
        ToolError::of(
            FailureKind::PartlyDone,
            "Odoo did not say which expense it made",
            "Look for it with read_expenses before anything is repeated.",
        )
    })
}

fn next_steps(category: &Category) -> String {
    if category.has_price() {
        "It is a draft: hand it in with submit_expense.".to_owned()
    } else {
        "It is a draft: add the receipt with upload_receipt, then hand it in with submit_expense."
            .to_owned()
    }
}
