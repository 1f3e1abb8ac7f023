//! The answer of `expense_analysis`: a section for each company.

use jiff::civil::Date;
use odoo_json2::{Bucket, CompanyRef, GroupRow, Ref};
use schemars::JsonSchema;
use serde::Serialize;

use super::expense::PaidBy;
use super::expense_analysis::Feature;
use crate::answer::{Amount, Answer, Named};
use crate::period::Period;

/// What was spent.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Report {
    /// Not all groups are shown; the totals are complete all the same.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    truncated: bool,
    /// What gets the rest.
    #[serde(skip_serializing_if = "Option::is_none")]
    rest: Option<&'static str>,
    /// Amounts of two sections are not added up: they may be in two currencies.
    companies: Vec<Section>,
}

/// What is asked for one company.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub(super) company: CompanyRef,
    pub(super) period: Period,
}

/// One company.
#[derive(Debug, Serialize, JsonSchema)]
struct Section {
    company: Named,
    currency: String,
    from: Date,
    to: Date,
    /// With taxes.
    total: Amount,
    /// Only where it differs from the total.
    #[serde(skip_serializing_if = "Option::is_none")]
    untaxed: Option<Amount>,
    count: i64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    groups: Vec<Line>,
}

/// The expenses that have something in common.
#[derive(Debug, Default, Serialize, JsonSchema)]
struct Line {
    #[serde(flatten)]
    features: Features,
    total: Amount,
    #[serde(skip_serializing_if = "Option::is_none")]
    untaxed: Option<Amount>,
    count: i64,
}

/// What they have in common; a feature that was asked for and is missing is empty in Odoo.
#[derive(Debug, Default, Serialize, JsonSchema)]
struct Features {
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    employee: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    department: Option<Named>,
    /// As YYYY-MM.
    #[serde(skip_serializing_if = "Option::is_none")]
    month: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    paid_by: Option<PaidBy>,
}

/// One group as Odoo gives it.
#[derive(Debug, GroupRow)]
pub(super) struct Group {
    company_id: Option<Ref>,
    #[odoo(optional)]
    product_id: Option<Ref>,
    #[odoo(optional)]
    employee_id: Option<Ref>,
    #[odoo(optional)]
    department_id: Option<Ref>,
    #[odoo(optional, rename = "date:month")]
    month: Option<Bucket>,
    #[odoo(optional)]
    state: Option<String>,
    #[odoo(optional)]
    payment_mode: Option<String>,
    #[odoo(rename = "total_amount:sum")]
    total: f64,
    #[odoo(rename = "untaxed_amount:sum")]
    untaxed: f64,
    #[odoo(rename = "__count")]
    count: i64,
}

impl Report {
    pub(super) fn of(frames: Vec<Frame>, rows: Vec<Group>, by: (Feature, Option<Feature>)) -> Self {
        let mut rows = rows;
        let mut companies = Vec::new();
        for frame in frames {
            let (own, others): (Vec<Group>, Vec<Group>) = rows
                .into_iter()
                .partition(|row| row.company_id.as_ref().map(|of| of.id) == Some(frame.company.id));
            rows = others;
            companies.push(Section::of(frame, own, by));
        }
        Self {
            truncated: false,
            rest: None,
            companies,
        }
    }
}

impl Section {
    fn of(frame: Frame, rows: Vec<Group>, by: (Feature, Option<Feature>)) -> Self {
        let total = rows.iter().map(|row| row.total).sum();
        let untaxed = rows.iter().map(|row| row.untaxed).sum();
        let count = rows.iter().map(|row| row.count).sum();
        let mut groups: Vec<Line> = rows.into_iter().map(Line::of).collect();
        // Odoo's own order is that of time, and keeps the parts of a group together.
        if by.0 != Feature::Month && by.1.is_none() {
            groups.sort_by(|left, right| right.total.get().total_cmp(&left.total.get()));
        }
        Self {
            currency: frame
                .company
                .currency
                .map(|currency| currency.name)
                .unwrap_or_default(),
            company: Named {
                id: frame.company.id,
                name: frame.company.name,
            },
            from: frame.period.from,
            to: frame.period.to,
            total: Amount::new(total),
            untaxed: differing(total, untaxed),
            count,
            groups,
        }
    }
}

impl Line {
    fn of(row: Group) -> Self {
        Self {
            features: Features {
                category: Named::of(row.product_id),
                employee: Named::of(row.employee_id),
                department: Named::of(row.department_id),
                month: row
                    .month
                    .map(|month| month.start.strftime("%Y-%m").to_string()),
                state: row.state,
                paid_by: row.payment_mode.as_deref().map(PaidBy::of),
            },
            total: Amount::new(row.total),
            untaxed: differing(row.total, row.untaxed),
            count: row.count,
        }
    }
}

/// The untaxed amount, where there is tax in the total.
fn differing(total: f64, untaxed: f64) -> Option<Amount> {
    let untaxed = Amount::new(untaxed);
    (untaxed != Amount::new(total)).then_some(untaxed)
}

impl Answer for Report {
    fn entries(&self) -> usize {
        self.companies
            .iter()
            .map(|section| section.groups.len())
            .sum()
    }

    fn keep(&mut self, entries: usize) {
        let mut left = entries;
        for section in &mut self.companies {
            section.groups.truncate(left);
            left -= section.groups.len();
        }
        self.truncated = true;
        self.rest = Some("name one company_id, a shorter period, or one feature to group by");
    }
}
