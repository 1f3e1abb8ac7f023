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
    /// How many groups there are, in all companies.
    total: usize,
    returned: usize,
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

/// The sums of all companies, and those of their groups.
#[derive(Debug)]
pub(super) struct Spending {
    pub(super) totals: Vec<Group>,
    pub(super) groups: Vec<Group>,
}

impl Spending {
    /// Takes out what one company spent: its sum and its groups.
    fn take(&mut self, company: i64) -> (Option<Group>, Vec<Group>) {
        let own = |row: &mut Group| row.company_id.as_ref().map(|of| of.id) == Some(company);
        let total = self.totals.extract_if(.., own).next();
        (total, self.groups.extract_if(.., own).collect())
    }
}

impl Report {
    pub(super) fn of(
        frames: Vec<Frame>,
        mut spending: Spending,
        by: (Feature, Option<Feature>),
    ) -> Self {
        let section = |frame: Frame| {
            let (total, groups) = spending.take(frame.company.id);
            Section::of(frame, total, groups, by)
        };
        let mut report = Self {
            total: 0,
            returned: 0,
            truncated: false,
            rest: None,
            companies: frames.into_iter().map(section).collect(),
        };
        report.total = report.entries();
        report.returned = report.total;
        report
    }
}

impl Section {
    fn of(
        frame: Frame,
        total: Option<Group>,
        rows: Vec<Group>,
        by: (Feature, Option<Feature>),
    ) -> Self {
        // Odoo has no row for a company that spent nothing.
        let (total, untaxed, count) =
            total.map_or((0.0, 0.0, 0), |row| (row.total, row.untaxed, row.count));
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
        self.returned = entries - left;
        self.truncated = true;
        self.rest = Some("name one company_id, a shorter period, or one feature to group by");
    }
}
