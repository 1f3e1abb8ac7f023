//! `expense_analysis`: what was spent, summed up by one or two features.

use jiff::civil::Date;
use odoo_json2::{Domain, field};
use schemars::JsonSchema;
use serde::Deserialize;

use super::MODEL;
use super::analysis::{Frame, Report, Spending};
use super::filter::{self, StateFilter};
use crate::access::Access;
use crate::error::ToolError;
use crate::period::{self, Period, Relative};
use crate::session::UserSession;
use crate::session::companies::Companies;
use crate::session::fiscal::FiscalYear;
use crate::sums::{self, Sums};
use crate::tool::Tool;

/// What is summed up.
const AGGREGATES: &[&str] = &["total_amount:sum", "untaxed_amount:sum", "__count"];

/// Sum up the expenses you may see in the company's currency: totals and counts, per company.
/// Default is this fiscal year, without refused ones.
#[derive(Deserialize, JsonSchema)]
pub(super) struct ExpenseAnalysis {
    /// Default category; a second one splits the groups.
    #[schemars(length(max = 2))]
    by: Option<Vec<Feature>>,
    period: Option<Relative>,
    /// Instead of period.
    date_from: Option<Date>,
    date_to: Option<Date>,
    state: Option<StateFilter>,
    /// Part of the name, or me.
    employee: Option<String>,
    /// Part of name or code.
    category: Option<String>,
    department: Option<String>,
    company_id: Option<i64>,
}

// What the expenses of a group have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Feature {
    Category,
    Employee,
    Department,
    Month,
    State,
    PaidBy,
}

impl Tool for ExpenseAnalysis {
    const NAME: &'static str = "expense_analysis";
    const TITLE: &'static str = "Analyse expenses";
    const ACCESS: Access = Access::Read;
    const NEEDS: &'static [&'static str] = &[MODEL];
    type Answer = Report;

    async fn run(self, user: &UserSession) -> Result<Report, ToolError> {
        let companies = user.companies(self.company_id)?;
        let mut frames = Vec::new();
        for company in companies.iter() {
            let period = self.period(user, company).await?;
            frames.push(Frame {
                company: company.clone(),
                period,
            });
        }
        let mut features = self.by.iter().flatten().copied();
        let by = features.next().unwrap_or(Feature::Category);
        let then_by = features.next().filter(|then_by| *then_by != by);
        let by = (by, then_by);
        let spending = self.spending(user, &companies, &frames, by).await?;
        Ok(Report::of(frames, spending, by))
    }
}

impl ExpenseAnalysis {
    async fn period(
        &self,
        user: &UserSession,
        company: &odoo_json2::CompanyRef,
    ) -> Result<Period, ToolError> {
        // Only a fiscal year has to be asked for; explicit dates need none.
        let year = match (self.date_from, self.date_to) {
            (Some(_), Some(_)) => FiscalYear::default(),
            _ => user.fiscal_year(company).await?,
        };
        let days = (self.date_from, self.date_to);
        Period::asked(self.period, days, user.today(), year)
    }

    async fn spending(
        &self,
        user: &UserSession,
        companies: &Companies<'_>,
        frames: &[Frame],
        (by, then_by): (Feature, Option<Feature>),
    ) -> Result<Spending, ToolError> {
        let mut keys = vec!["company_id", by.field()];
        keys.extend(then_by.map(Feature::field));
        let sums = Sums {
            model: MODEL,
            domain: self.domain(user, frames).await?,
            sets: &[&["company_id"], &keys],
            aggregates: AGGREGATES,
        };
        let sets = sums.ask(user, companies.context()).await?;
        Ok(Spending {
            totals: sums::rows(sets.first())?,
            groups: sums::rows(sets.get(1))?,
        })
    }

    async fn domain(&self, user: &UserSession, frames: &[Frame]) -> Result<Domain, ToolError> {
        let employee = match &self.employee {
            Some(name) => Some(filter::employee(user, name).await?),
            None => None,
        };
        let not_refused = || field("state").ne("refused");
        Ok(Domain::all_of(
            [
                Some(period::days(
                    frames.iter().map(|frame| (frame.company.id, frame.period)),
                )),
                Some(self.state.map_or_else(not_refused, StateFilter::domain)),
                employee,
                self.category.as_deref().map(filter::category),
                self.department.as_deref().map(filter::department),
            ]
            .into_iter()
            .flatten(),
        ))
    }
}

impl Feature {
    /// What Odoo groups by.
    const fn field(self) -> &'static str {
        match self {
            Self::Category => "product_id",
            Self::Employee => "employee_id",
            Self::Department => "department_id",
            Self::Month => "date:month",
            Self::State => "state",
            Self::PaidBy => "payment_mode",
        }
    }
}
