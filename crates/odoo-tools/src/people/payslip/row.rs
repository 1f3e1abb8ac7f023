//! What `read_payslips` asks of Odoo.
//!
//! The payroll of Odoo Enterprise and that of the OCA share a model's name and half of its fields.
//! What only one of them has is optional; and since the OCA's keeps no net pay, its slips are read
//! with their lines.

use jiff::civil::Date;
use odoo_json2::{Record, Ref};

use super::{Category, Head, Line, Payslip, WorkedDays};
use crate::answer::{Amount, Named};
use crate::characters::clip;
use crate::session::choices::Choices;
use crate::session::companies::Companies;

/// The longest name of a line and the like.
const LONGEST_NAME: usize = 200;

/// The longest note that is shown whole.
const LONGEST_NOTE: usize = 2_000;

/// The code of the line that is paid out, in every payroll that follows Odoo's example.
const NET: &str = "NET";

/// A slip with the fields of its lists, and others.
macro_rules! slip {
    ($(#[$doc:meta])* $name:ident { $($extra:tt)* }) => {
        $(#[$doc])*
        #[derive(Debug, Record)]
        #[odoo(model = "hr.payslip")]
        pub(in super::super) struct $name {
            pub(in super::super) id: i64,
            number: Option<String>,
            employee_id: Option<Ref>,
            date_from: Option<Date>,
            pub(in super::super) date_to: Option<Date>,
            state: Option<String>,
            company_id: Option<Ref>,
            #[odoo(optional)]
            payslip_run_id: Option<Ref>,
            #[odoo(optional)]
            credit_note: Option<bool>,
            #[odoo(optional)]
            currency_id: Option<Ref>,
            #[odoo(optional)]
            basic_wage: Option<f64>,
            #[odoo(optional)]
            gross_wage: Option<f64>,
            $($extra)*
        }

        impl $name {
            /// The slip as it stands in a list.
            pub(in super::super) fn head(&self, words: &Choices, companies: &Companies<'_>) -> Head {
                let state = self.state.as_deref().map(|state| words.label(state).to_owned());
                Head {
                    id: self.id,
                    number: self.number.clone(),
                    employee: Named::of(self.employee_id.clone()),
                    from: self.date_from,
                    to: self.date_to,
                    state,
                    refund: self.credit_note == Some(true),
                    basic: self.basic_wage.map(Amount::new),
                    gross: self.gross_wage.map(Amount::new),
                    net: self.net(),
                    currency: currency(self.currency_id.as_ref(), self.company_id.as_ref(), companies),
                    company: companies.named(self.company_id.clone()),
                    batch: self.payslip_run_id.as_ref().map(|batch| batch.name.clone()),
                }
            }
        }
    };
}

slip! {
    /// A slip that knows what it comes to.
    SlipRow {
        #[odoo(optional)]
        net_wage: Option<f64>,
    }
}

slip! {
    /// A slip whose lines have to be looked at for that.
    SummedRow {
        #[odoo(limit = 200)]
        line_ids: Vec<CodeRow>,
    }
}

slip! {
    /// A slip with all that belongs to it.
    WholeRow {
        #[odoo(optional)]
        net_wage: Option<f64>,
        name: Option<String>,
        #[odoo(optional)]
        note: Option<String>,
        #[odoo(optional)]
        paid_date: Option<Date>,
        #[odoo(optional)]
        struct_id: Option<Ref>,
        #[odoo(optional)]
        version_id: Option<Ref>,
        #[odoo(optional)]
        contract_id: Option<Ref>,
        #[odoo(limit = 300)]
        line_ids: Vec<LineRow>,
        #[odoo(limit = 100)]
        worked_days_line_ids: Vec<WorkedRow>,
    }
}

#[derive(Debug, Record)]
#[odoo(model = "hr.payslip.line")]
struct CodeRow {
    code: Option<String>,
    total: f64,
}

#[derive(Debug, Record)]
#[odoo(model = "hr.payslip.line")]
struct LineRow {
    name: Option<String>,
    code: Option<String>,
    category_id: Option<Ref>,
    quantity: f64,
    rate: f64,
    total: f64,
    #[odoo(optional)]
    appears_on_payslip: Option<bool>,
}

#[derive(Debug, Record)]
#[odoo(model = "hr.payslip.worked_days")]
struct WorkedRow {
    name: Option<String>,
    #[odoo(optional)]
    code: Option<String>,
    number_of_days: f64,
    number_of_hours: f64,
    #[odoo(optional)]
    amount: Option<f64>,
}

impl SlipRow {
    fn net(&self) -> Option<Amount> {
        self.net_wage.map(Amount::new)
    }
}

impl SummedRow {
    fn net(&self) -> Option<Amount> {
        let lines = self.line_ids.iter();
        net(lines.map(|line| (line.code.as_deref(), line.total)))
    }
}

impl WholeRow {
    fn net(&self) -> Option<Amount> {
        let lines = self.line_ids.iter();
        let of_lines = || net(lines.map(|line| (line.code.as_deref(), line.total)));
        self.net_wage.map(Amount::new).or_else(of_lines)
    }

    /// The slip with all that belongs to it; its files are another question.
    pub(in super::super) fn shape(
        self,
        words: &Choices,
        companies: &Companies<'_>,
        link: String,
    ) -> Payslip {
        let head = self.head(words, companies);
        let lines = lines(self.line_ids);
        Payslip {
            head,
            name: self.name.map(|name| short(&name)),
            structure: self.struct_id.map(|structure| structure.name),
            contract: Named::of(self.version_id.or(self.contract_id)),
            paid: self.paid_date,
            note: self
                .note
                .map(|note| clip(note.trim(), LONGEST_NOTE).into_owned()),
            link,
            categories: categories(&lines),
            lines,
            worked_days: self.worked_days_line_ids.into_iter().map(worked).collect(),
            attachments: Vec::new(),
        }
    }
}

/// The line with the code of net pay; the last, should there be more.
fn net<'a>(mut lines: impl DoubleEndedIterator<Item = (Option<&'a str>, f64)>) -> Option<Amount> {
    lines
        .rfind(|(code, _)| *code == Some(NET))
        .map(|(_, total)| Amount::new(total))
}

/// The currency of the slip, which is its company's.
fn currency(own: Option<&Ref>, company: Option<&Ref>, companies: &Companies<'_>) -> Option<String> {
    let of_company = || {
        let company = companies
            .iter()
            .find(|one| company.is_some_and(|company| company.id == one.id))?;
        company.currency.as_ref()
    };
    own.or_else(of_company)
        .map(|currency| currency.name.clone())
}

/// The lines that are printed, category by category in the order in which Odoo computes them.
fn lines(rows: Vec<LineRow>) -> Vec<Line> {
    let printed = |row: &LineRow| row.appears_on_payslip != Some(false);
    let mut lines: Vec<Line> = rows.into_iter().filter(printed).map(line).collect();
    let order: Vec<String> = categories(&lines)
        .into_iter()
        .map(|category| category.category)
        .collect();
    lines.sort_by_key(|line| order.iter().position(|name| *name == line.category));
    lines
}

/// What the lines of each category come to.
fn categories(lines: &[Line]) -> Vec<Category> {
    let mut categories: Vec<Category> = Vec::new();
    for line in lines {
        match categories
            .iter_mut()
            .find(|known| known.category == line.category)
        {
            Some(category) => category.total += line.total,
            None => categories.push(Category {
                category: line.category.clone(),
                total: line.total,
            }),
        }
    }
    categories
}

fn line(row: LineRow) -> Line {
    let unusual = |number: f64, usual: f64| (number != usual).then(|| Amount::new(number));
    Line {
        category: row
            .category_id
            .map(|category| category.name)
            .unwrap_or_default(),
        code: row.code,
        name: short(&row.name.unwrap_or_default()),
        quantity: unusual(row.quantity, 1.0),
        rate: unusual(row.rate, 100.0),
        total: Amount::new(row.total),
    }
}

fn worked(row: WorkedRow) -> WorkedDays {
    WorkedDays {
        code: row.code,
        name: row.name.map(|name| short(&name)),
        days: Amount::new(row.number_of_days),
        hours: Amount::new(row.number_of_hours),
        amount: row.amount.map(Amount::new),
    }
}

fn short(text: &str) -> String {
    clip(text.trim(), LONGEST_NAME).into_owned()
}
