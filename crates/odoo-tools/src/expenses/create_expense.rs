//! `create_expense`: a draft of what the user spent, or the filling in of one.

use std::future;

use jiff::civil::Date;
use odoo_json2::{CompanyRef, Context, Domain, Error, Values, field};
use schemars::JsonSchema;
use serde::Deserialize;

use super::MODEL;
use super::category::{self, Category};
use super::expense::PaidBy;
use super::filter::own_employee;
use super::outcome::{Changed, Outcome};
use super::row::FullRow;
use crate::access::Access;
use crate::characters::clip;
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
    notes: Option<String>,
    /// Fill in this draft of yours instead, e.g. one made of a file.
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
        own_employee(user)?;
        let company = self.company(user)?;
        // An expense belongs to one company, which decides currency, accounts and rates.
        let context = user.companies(Some(company.id))?.context();
        let (categories, currency, draft) = tokio::try_join!(
            category::all(user, context.clone()),
            self.currency(user, company),
            self.draft(user),
        )?;
        let category = category::choose(categories, &self.category)?;
        let values = self.values(user, &category, currency)?;
        let (id, outcome) = match draft {
            Some(draft) => {
                user.odoo().write(MODEL, &[draft.id], &values).await?;
                (draft.id, Outcome::Completed)
            }
            None => (create(user, context, &values).await?, Outcome::Created),
        };
        let hints = vec![next_steps(&category)];
        Changed::read(user, id, outcome, hints).await
    }
}

impl CreateExpense {
    fn company<'a>(&self, user: &'a UserSession) -> Result<&'a CompanyRef, ToolError> {
        let companies = user.companies(self.company_id)?;
        let first = companies.iter().next();
        Ok(first.unwrap_or(&user.profile().company))
    }

    /// The id of a currency other than the company's.
    async fn currency(
        &self,
        user: &UserSession,
        company: &CompanyRef,
    ) -> Result<Option<i64>, ToolError> {
        let Some(code) = self.currency.as_deref().map(str::trim) else {
            return Ok(None);
        };
        let own = company.currency.as_ref();
        if let Some(own) = own.filter(|own| own.name.eq_ignore_ascii_case(code)) {
            return Ok(Some(own.id));
        }
        let code = code.to_uppercase();
        let named: Domain = field("name").eq(&code);
        let found = user.odoo().search_ids("res.currency", named, "", 1).await?;
        let unknown = || {
            ToolError::not_found(
                format!("no currency {} is in use in this Odoo", clip(&code, 20)),
                "Give the three letters of its code, or the amount in the company's currency; an \
                 administrator can activate further currencies.",
            )
        };
        found.first().copied().map(Some).ok_or_else(unknown)
    }

    /// The draft that is to be filled in.
    async fn draft(&self, user: &UserSession) -> Result<Option<FullRow>, ToolError> {
        let Some(id) = self.draft_id else {
            return future::ready(Ok(None)).await;
        };
        let draft = FullRow::read(user, id, user.companies(None)?.context()).await?;
        let (own, _) = own_employee(user)?;
        if draft.employee_id.as_ref().map(|employee| employee.id) != Some(own) {
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

    fn values(
        &self,
        user: &UserSession,
        category: &Category,
        currency: Option<i64>,
    ) -> Result<Values, ToolError> {
        let mode = self.paid_by.unwrap_or(PaidBy::Employee).payment_mode();
        let values = Values::new()
            .set("name", self.name.trim())
            .set("product_id", category.id)
            .set("date", self.date.unwrap_or_else(|| user.today()))
            .set("payment_mode", mode)
            .set_some("currency_id", currency)
            .set_some("description", self.notes.as_deref());
        if category.has_price() {
            return Ok(values.set("quantity", self.quantity_of(category)?));
        }
        let amount = self.amount.filter(|amount| *amount > 0.0);
        match (amount, self.quantity) {
            (Some(amount), None) => Ok(values.set("total_amount_currency", amount)),
            (_, Some(_)) => Err(ToolError::argument(
                format!(
                    "{} has no price for a unit, so `quantity` says nothing",
                    category.name
                ),
                "Give the whole `amount` instead.",
            )),
            (None, None) => Err(ToolError::argument(
                "`amount` is needed, and more than zero",
                "Give what was paid, taxes included.",
            )),
        }
    }

    /// The quantity of a category with a price, which is in the company's currency.
    fn quantity_of(&self, category: &Category) -> Result<f64, ToolError> {
        let (name, unit) = (&category.name, category.unit());
        let quantity = self.quantity.filter(|quantity| *quantity > 0.0);
        match (quantity, self.amount, &self.currency) {
            (Some(quantity), None, None) => Ok(quantity),
            _ => Err(ToolError::argument(
                format!(
                    "{name} is paid at {} per {unit}, so Odoo works the amount out",
                    category.standard_price
                ),
                format!("Give `quantity` in {unit}, and neither `amount` nor `currency`."),
            )),
        }
    }
}

async fn create(user: &UserSession, context: Context, values: &Values) -> Result<i64, ToolError> {
    let odoo = user.odoo().with_context(context);
    let made = odoo.create(MODEL, std::slice::from_ref(values)).await;
    let made = made.map_err(|error| match error {
        // The user is an employee, as was seen before: of another company.
        Error::Validation { message } if message.contains("related employee") => ToolError::of(
            FailureKind::NoAccess,
            "you are no employee of this company, so you cannot spend anything for it",
            "Leave `company_id` out, or name the company that you are an employee of.",
        ),
        error => ToolError::Odoo(error),
    })?;
    made.first().copied().ok_or_else(|| {
        ToolError::of(
            FailureKind::Fault,
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
