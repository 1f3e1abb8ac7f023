//! Sums of expenses.

use std::collections::BTreeMap;

use anyhow::Context as _;
use odoo_json2::Odoo;
use serde_json::{Value, json};

use super::Office;

/// Everybody, since everybody has or sees other expenses.
const PEOPLE: [&str; 6] = ["alice", "emil", "tara", "hanna", "ada", "rosa"];

/// What the tool groups by, and the field of a single expense that says it.
const FEATURES: [(&str, &str); 6] = [
    ("category", "product_id"),
    ("employee", "employee_id"),
    ("department", "department_id"),
    ("month", "date"),
    ("state", "state"),
    ("paid_by", "payment_mode"),
];

/// Count and cents of the expenses that have something in common.
type Sums = BTreeMap<String, (i64, i64)>;

/// Compares the figures of this domain.
pub(super) async fn check(office: &mut Office<'_>) -> anyhow::Result<()> {
    for login in PEOPLE {
        let odoo = office.direct(login)?;
        let companies = odoo.profile().await?.companies;
        for company in companies.iter().map(|company| company.id) {
            let rows = rows(&odoo, company).await?;
            for feature in FEATURES {
                compare(office, login, (company, &rows), feature).await?;
            }
            list(office, login, (company, &rows)).await?;
        }
    }
    Ok(())
}

/// All expenses of a company that this person sees, one by one.
async fn rows(odoo: &Odoo, company: i64) -> anyhow::Result<Vec<Value>> {
    let fields = FEATURES.map(|(_, field)| field);
    let fields: Vec<&str> = fields.into_iter().chain(["total_amount"]).collect();
    Ok(odoo
        .call("hr.expense", "search_read")
        .arg("domain", json!([["company_id", "=", company]]))
        .arg("fields", fields)
        .read_only()
        .fetch()
        .await?)
}

/// The sums of one grouping, and their total.
async fn compare(
    office: &mut Office<'_>,
    login: &str,
    (company, rows): (i64, &[Value]),
    (feature, field): (&str, &str),
) -> anyhow::Result<()> {
    let question = json!({
        "by": feature, "company_id": company, "date_from": "2000-01-01", "date_to": "2100-01-01",
    });
    let answer = office.ask(login, "expense_analysis", question).await?;
    let section = &answer["companies"][0];
    let mut tool = Sums::new();
    for group in section["groups"].as_array().into_iter().flatten() {
        add(&mut tool, name(&group[feature]), group)?;
    }
    let mut direct = Sums::new();
    for row in rows.iter().filter(|row| row["state"] != "refused") {
        let value = match (feature, row[field].as_str()) {
            // The month of a date.
            ("month", Some(day)) => json!(day.get(..7)),
            ("paid_by", Some("company_account")) => json!("company"),
            ("paid_by", _) => json!("employee"),
            _ => row[field].clone(),
        };
        let single = json!({"total": row["total_amount"], "count": 1});
        add(&mut direct, name(&value), &single)?;
    }
    let what = format!("expenses by {feature} in company {company} as {login}");
    office.holds(
        format!("{what}: the tool says {tool:?}, the records {direct:?}"),
        tool == direct,
    );
    let cents: i64 = direct.values().map(|sum| sum.1).sum();
    let total = section["total"].as_f64().unwrap_or_default();
    office.same(what, total, units(cents));
    Ok(())
}

/// The list counts what the records are.
async fn list(
    office: &mut Office<'_>,
    login: &str,
    (company, rows): (i64, &[Value]),
) -> anyhow::Result<()> {
    let question = json!({"company_id": company, "limit": 1});
    let answer = office.ask(login, "read_expenses", question).await?;
    office.holds(
        format!(
            "expenses in company {company} as {login}: the list has {}, the records are {}",
            answer["total"],
            rows.len()
        ),
        answer["total"] == rows.len(),
    );
    Ok(())
}

fn add(sums: &mut Sums, name: String, of: &Value) -> anyhow::Result<()> {
    let count = of["count"].as_i64().context("a group has a count")?;
    let total = of["total"].as_f64().context("a group has a total")?;
    let sum = sums.entry(name).or_default();
    sum.0 += count;
    sum.1 += (total * 100.0).round() as i64;
    Ok(())
}

/// How a feature reads: the name of a reference, or the value.
fn name(value: &Value) -> String {
    let name = match value {
        Value::Array(pair) => pair.get(1).cloned().unwrap_or_default(),
        Value::Object(named) => named.get("name").cloned().unwrap_or_default(),
        // Odoo's empty value is `false`; the tool leaves it out.
        Value::Bool(false) | Value::Null => Value::from(""),
        other => other.clone(),
    };
    name.as_str()
        .map_or_else(|| name.to_string(), str::to_owned)
}

/// Whole cents as an amount.
fn units(cents: i64) -> f64 {
    cents as f64 / 100.0
}
