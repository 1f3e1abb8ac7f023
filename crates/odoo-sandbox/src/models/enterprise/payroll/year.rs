//! Twelve months of payslips, which the salaries in the books of the demo company are the sum of.

use jiff::civil::{Date, Weekday};
use serde_json::{Value as Json, json};

use crate::demo::Months;
use crate::demo::{self, Career, INSTRUMENTS, MONTHS};
use crate::engine::{env::Env, error::Result, write::vals};

use super::MANAGER;

/// Categories of lines: code and name.
const CATEGORIES: [(&str, &str); 4] = [
    ("BASIC", "Basic"),
    ("GROSS", "Gross"),
    ("DED", "Deduction"),
    ("NET", "Net"),
];

/// What is held back, in thousandths of the wage: name, code and share.
const DEDUCTIONS: [(&str, &str, i64); 2] = [
    ("Income Tax", "TAX", 150),
    ("Social Security", "SOCIAL", 75),
];

/// Fills the tables.
pub(super) fn load(env: &Env, today: Date) -> Result<()> {
    appoint(env)?;
    let structure = env.create(
        "hr.payroll.structure",
        vals(json!({ "name": "Regular Pay", "code": "REGULAR" })),
    )?;
    let mut categories = Vec::new();
    for (code, name) in CATEGORIES {
        let values = vals(json!({ "name": name, "code": code }));
        categories.push((code, env.create("hr.salary.rule.category", values)?));
    }
    let demo = demo::company(today);
    let works_here = |career: &&Career| {
        demo.employees
            .iter()
            .any(|one| one.key == career.employee && one.company == INSTRUMENTS)
    };
    let careers: Vec<&Career> = demo.careers.iter().filter(works_here).collect();
    let months = Months::ending_at(today);
    let company = env.xml_id("base.main_company");
    let year = Year {
        env: &env.with("allowed_company_ids", json!([company])),
        months: &months,
        structure,
        categories: &categories,
    };
    for month in 0..MONTHS {
        year.month(month, &careers)?;
    }
    Ok(())
}

/// Lets the administrator run the payroll.
fn appoint(env: &Env) -> Result<()> {
    let user = env.xml_id("larkspur.user_ada").unwrap_or_default();
    let command = json!({ "group_ids": [[4, env.xml_id(MANAGER)]] });
    env.write("res.users", &[user], vals(command))
}

struct Year<'a> {
    env: &'a Env,
    months: &'a Months,
    structure: i64,
    categories: &'a [(&'static str, i64)],
}

impl Year<'_> {
    /// The slips of a month, in one batch.
    fn month(&self, month: i32, careers: &[&Career]) -> Result<()> {
        let (from, to) = (self.months.first_day(month), self.months.last_day(month));
        let batch = json!({
            "name": from.strftime("%B %Y").to_string(),
            "date_start": from.to_string(), "date_end": to.to_string(),
        });
        let batch = self.env.create("hr.payslip.run", vals(batch))?;
        for career in careers {
            self.slip(month, batch, career)?;
        }
        Ok(())
    }

    fn slip(&self, month: i32, batch: i64, career: &Career) -> Result<()> {
        let Some(position) = career.present() else {
            return Ok(());
        };
        let (from, to) = (self.months.first_day(month), self.months.last_day(month));
        let id = self
            .env
            .xml_id(&format!("larkspur.employee_{}", career.employee));
        let employee = self.env.record_of("hr.employee", id.unwrap_or_default());
        let (state, paid) = self.fate(month);
        let number = self.env.next_number("payslip");
        let name = format!(
            "Salary Slip - {} - {}",
            employee.text("name"),
            from.strftime("%B %Y")
        );
        let held_back: i64 = DEDUCTIONS.iter().map(|(_, _, share)| share).sum();
        let values = json!({
            "name": name,
            "number": format!("SLIP/{number:05}"),
            "employee_id": id,
            "version_id": employee.get("current_version_id").as_id(),
            "struct_id": self.structure,
            "payslip_run_id": batch,
            "date_from": from.to_string(),
            "date_to": to.to_string(),
            "paid_date": paid.map(|day| day.to_string()),
            "state": state,
            "basic_wage": position.wage,
            "gross_wage": position.wage,
            "net_wage": share(position.wage, 1_000 - held_back),
            "line_ids": self.lines(position.wage),
            "worked_days_line_ids": [[0, 0, worked(from, to, position.wage)]],
        });
        let slip = self.env.create("hr.payslip", vals(values))?;
        if month == MONTHS - 2 {
            self.print(slip, &name)?;
        }
        Ok(())
    }

    /// Salaries are booked on the 25th and paid on the 28th.
    fn fate(&self, month: i32) -> (&'static str, Option<Date>) {
        match (self.months.day(month, 25), self.months.day(month, 28)) {
            (_, Some(paid)) => ("paid", Some(paid)),
            (Some(_), None) => ("validated", None),
            (None, None) => ("draft", None),
        }
    }

    fn lines(&self, wage: i64) -> Json {
        let mut lines = vec![
            self.line("Basic Salary", ("BASIC", "BASIC"), wage as f64),
            self.line("Gross", ("GROSS", "GROSS"), wage as f64),
        ];
        let mut net = wage as f64;
        for (name, code, held_back) in DEDUCTIONS {
            let amount = share(wage, held_back);
            net -= amount;
            lines.push(self.line(name, (code, "DED"), -amount));
        }
        lines.push(self.line("Net Salary", ("NET", "NET"), net));
        json!(lines)
    }

    fn line(&self, name: &str, (code, category): (&str, &str), total: f64) -> Json {
        let category = self.categories.iter().find(|(known, _)| *known == category);
        json!([0, 0, {
            "name": name, "code": code, "category_id": category.map(|(_, id)| id),
            "quantity": 1.0, "rate": 100.0, "amount": total, "total": total,
        }])
    }

    /// The printed slip, as Odoo attaches it.
    fn print(&self, slip: i64, name: &str) -> Result<()> {
        let file = json!({
            "name": format!("{name}.pdf"), "mimetype": "application/pdf",
            "res_model": "hr.payslip", "res_id": slip, "datas": PDF,
        });
        self.env.create("ir.attachment", vals(file)).map(drop)
    }
}

/// "%PDF-1.4\n%%EOF\n": the shortest that passes for one.
const PDF: &str = "JVBERi0xLjQKJSVFT0YK";

/// Thousandths of a wage.
fn share(wage: i64, thousandths: i64) -> f64 {
    (wage * thousandths) as f64 / 1_000.0
}

/// All working days of the month, of eight hours.
fn worked(from: Date, to: Date, wage: i64) -> Json {
    let free = [Weekday::Saturday, Weekday::Sunday];
    let mut days = 0.0;
    let mut day = from;
    while day <= to {
        if !free.contains(&day.weekday()) {
            days += 1.0;
        }
        match day.tomorrow() {
            Ok(next) => day = next,
            Err(_) => break,
        }
    }
    json!({
        "name": "Attendance", "code": "WORK100", "number_of_days": days,
        "number_of_hours": days * 8.0, "amount": wage,
    })
}
