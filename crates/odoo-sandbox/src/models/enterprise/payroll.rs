//! Payslips (module `hr_payroll` of Odoo Enterprise).
//!
//! Names of models and fields are those of public client code and of the user documentation; which of them Odoo stores,
//! all labels, and what else the application has, nobody could look up. Payroll officers see every slip of their
//! companies; other people none, since nothing public says that employees read their own over the API.

use jiff::civil::Date;
use serde_json::json;

use crate::engine::{
    env::Env,
    error::Result,
    field::Field,
    model::{Model, Rule},
    registry::{Module, Registry},
};
use crate::models::{accounting::of_my_companies, group};

mod year;

/// Those who run the payroll.
const OFFICER: &str = "hr_payroll.group_hr_payroll_user";
/// Those who also set it up.
const MANAGER: &str = "hr_payroll.group_hr_payroll_manager";

/// What becomes of a payslip.
const STATES: &[(&str, &str)] = &[
    ("draft", "Draft"),
    ("validated", "Done"),
    ("paid", "Paid"),
    ("cancel", "Canceled"),
];

/// Declares the application.
pub(super) fn register(registry: &mut Registry) {
    registry.add_module(Module {
        name: "hr_payroll",
        label: "Payroll",
        version: "19.0.1.0",
    });
    registry.add_group(group(
        OFFICER,
        "Payroll",
        "Officer: Manage all payslips",
        &["hr.group_hr_user"],
    ));
    registry.add_group(group(
        MANAGER,
        "Payroll",
        "Administrator",
        &[OFFICER, "hr.group_hr_manager"],
    ));
    structures(registry);
    registry.add(
        Model::new("hr.payslip", "Pay Slip")
            .order("date_to desc, id desc")
            .fields(slip())
            .fields(amounts())
            .access(OFFICER, "rwcd")
            .rule(Rule::global(of_my_companies)),
    );
    registry.add(
        Model::new("hr.payslip.run", "Payslip Batches")
            .order("date_end desc, id desc")
            .fields(run())
            .access(OFFICER, "rwcd")
            .rule(Rule::global(of_my_companies)),
    );
    parts(registry);
}

/// Fills the tables: a year of slips for those who have a contract, and the rights of the administrator.
pub(super) fn load(env: &Env, today: Date) -> Result<()> {
    year::load(env, today)
}

/// How pay is worked out.
fn structures(registry: &mut Registry) {
    registry.add(
        Model::new("hr.payroll.structure", "Salary Structure")
            .fields(fields! {
                char("name").required();
                char("code");
                many2one("type_id", "hr.payroll.structure.type").label("Type");
                many2one("country_id", "res.country");
            })
            .access(OFFICER, "r")
            .access(MANAGER, "rwcd"),
    );
    registry.add(
        Model::new("hr.salary.rule.category", "Salary Rule Category")
            .fields(fields! {
                char("name").required();
                char("code").required();
                many2one("parent_id", "hr.salary.rule.category").label("Parent");
            })
            .access(OFFICER, "r")
            .access(MANAGER, "rwcd"),
    );
}

fn slip() -> Vec<Field> {
    fields! {
        char("name").label("Payslip Name").required();
        char("number").label("Reference").no_copy();
        many2one("employee_id", "hr.employee").required();
        many2one("version_id", "hr.version").label("Contract");
        many2one("struct_id", "hr.payroll.structure").label("Structure");
        many2one("payslip_run_id", "hr.payslip.run").label("Batch");
        many2one("department_id", "hr.department").related("employee_id.department_id");
        many2one("company_id", "res.company").required().default_fn(|env| env.company().into());
        date("date_from").label("From").required();
        date("date_to").label("To").required();
        date("paid_date").label("Close Date");
        selection("state", STATES).label("Status").required().default("draft");
        boolean("credit_note");
        text("note").label("Internal Note");
        one2many("line_ids", "hr.payslip.line", "slip_id").label("Payslip Lines");
        one2many("worked_days_line_ids", "hr.payslip.worked_days", "payslip_id").label("Payslip Worked Days");
    }
}

fn amounts() -> Vec<Field> {
    fields! {
        many2one("currency_id", "res.currency").related("company_id.currency_id");
        monetary("basic_wage", "currency_id");
        monetary("gross_wage", "currency_id");
        monetary("net_wage", "currency_id");
    }
}

fn run() -> Vec<Field> {
    fields! {
        char("name").required();
        date("date_start").label("Date From").required();
        date("date_end").label("Date To").required();
        many2one("company_id", "res.company").required().default_fn(|env| env.company().into());
        one2many("slip_ids", "hr.payslip", "payslip_run_id").label("Payslips");
    }
}

/// What a slip consists of; seen by those who see the slip.
fn parts(registry: &mut Registry) {
    let theirs = |env: &Env| json!([["company_id", "in", env.companies()]]);
    registry.add(
        Model::new("hr.payslip.line", "Payslip Line")
            .order("slip_id, sequence, id")
            .fields(fields! {
                many2one("slip_id", "hr.payslip").label("Pay Slip").required().cascade();
                char("name").required();
                char("code").required();
                many2one("category_id", "hr.salary.rule.category").label("Category").required();
                integer("sequence").default(5);
                float("quantity").default(1.0);
                float("rate").label("Rate (%)").default(100.0);
                many2one("company_id", "res.company").related("slip_id.company_id").stored();
                many2one("currency_id", "res.currency").related("slip_id.currency_id");
                monetary("amount", "currency_id");
                monetary("total", "currency_id");
                boolean("appears_on_payslip").default(true);
            })
            .access(OFFICER, "rwcd")
            .rule(Rule::global(theirs)),
    );
    registry.add(
        Model::new("hr.payslip.worked_days", "Payslip Worked Days")
            .order("payslip_id, sequence, id")
            .fields(fields! {
                many2one("payslip_id", "hr.payslip").label("Pay Slip").required().cascade();
                char("name").label("Description");
                char("code");
                integer("sequence").default(10);
                float("number_of_days");
                float("number_of_hours");
                many2one("company_id", "res.company").related("payslip_id.company_id").stored();
                many2one("currency_id", "res.currency").related("payslip_id.currency_id");
                monetary("amount", "currency_id");
            })
            .access(OFFICER, "rwcd")
            .rule(Rule::global(theirs)),
    );
}
