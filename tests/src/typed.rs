//! A few questions through `odoo-json2`, so that its records, domains and groups meet a real Odoo too.

use std::collections::BTreeMap;

use odoo_json2::{
    Bucket, Context, Date, DateTime, GroupRow, Odoo, Operation, Record, Ref, Selection, field,
};
use serde_json::{Value, json};

use crate::target::Target;

/// What a task says about itself.
#[derive(Debug, Record)]
#[odoo(model = "project.task")]
struct Task {
    name: String,
    project_id: Option<Ref>,
    state: State,
    date_deadline: Option<DateTime>,
    user_ids: Vec<Ref>,
    #[odoo(order = "name")]
    child_ids: Vec<Subtask>,
    #[odoo(optional)]
    description: Option<String>,
}

/// A part of a task.
#[derive(Debug, Record)]
#[odoo(model = "project.task")]
struct Subtask {
    name: String,
}

/// How a task stands.
#[derive(Debug, Clone, PartialEq, Selection)]
enum State {
    #[odoo(value = "01_in_progress")]
    InProgress,
    #[odoo(value = "1_done")]
    Done,
    Other(String),
}

/// An invoice as a list shows it.
#[derive(Debug, Record)]
#[odoo(model = "account.move")]
struct Invoice {
    name: Option<String>,
    partner_id: Option<Ref>,
    invoice_date: Option<Date>,
    amount_total: f64,
    #[odoo(limit = 2)]
    invoice_line_ids: Vec<Line>,
}

/// A line of an invoice.
#[derive(Debug, Record)]
#[odoo(model = "account.move.line")]
struct Line {
    name: Option<String>,
    price_subtotal: f64,
}

/// Revenue of a month.
#[derive(Debug, GroupRow)]
struct Month {
    #[odoo(rename = "date:month")]
    month: Option<Bucket>,
    #[odoo(rename = "balance:sum")]
    balance: f64,
    #[odoo(rename = "__count")]
    count: i64,
}

/// Asks through the typed client.
pub(crate) async fn observe(target: &Target) -> anyhow::Result<BTreeMap<String, Value>> {
    let mut observed = BTreeMap::new();
    let mut note = |name: &str, value: anyhow::Result<Value>| {
        let value = value.unwrap_or_else(|error| json!({"broken": format!("{error:#}")}));
        observed.insert(name.to_owned(), value);
    };
    let tara = client(target, "tara")?;
    let alice = client(target, "alice")?;
    note("tasks with subtasks", tasks(&tara).await);
    note("invoices with lines", invoices(&alice, target).await);
    note("revenue by month", revenue(&alice).await);
    note("profile", profile(&alice).await);
    note("rights and errors", rights(&client(target, "emil")?).await);
    Ok(observed)
}

fn client(target: &Target, login: &str) -> anyhow::Result<Odoo> {
    let context = Context::new().lang("en_US").tz("UTC");
    Ok(Odoo::builder(target.url())
        .database(target.database())
        .api_key(target.key(login)?)
        .context(context)
        .build()?)
}

async fn tasks(odoo: &Odoo) -> anyhow::Result<Value> {
    let readable = odoo.readable::<Task>().await?;
    let domain = field("project_id.name").eq("Spectrometer Mk IV")
        & field("state").in_([State::InProgress, State::Done]);
    let page = odoo
        .search::<Task>(domain)
        .order("priority desc, id")
        .limit(4)
        .readable(&readable)
        .await?;
    let records: Vec<Value> = page
        .records
        .iter()
        .map(|task| {
            json!({
                "name": task.name,
                "project": task.project_id.as_ref().map(|project| &project.name),
                "state": task.state.as_str(),
                "deadline": task.date_deadline.map(|deadline| deadline.to_string()),
                "people": task.user_ids.iter().map(|user| &user.name).collect::<Vec<_>>(),
                "parts": task.child_ids.iter().map(|part| &part.name).collect::<Vec<_>>(),
                "described": task.description.is_some(),
            })
        })
        .collect();
    Ok(json!({"total": page.total, "records": records}))
}

async fn invoices(odoo: &Odoo, target: &Target) -> anyhow::Result<Value> {
    let profile = odoo.profile().await?;
    let context = odoo.context().clone().companies([profile.company.id]);
    let domain = field("move_type").eq("out_invoice")
        & field("state").eq("posted")
        & field("invoice_date").lte(target.anchor())
        & !field("partner_id.name").ilike("calloway");
    let page = odoo
        .search::<Invoice>(domain)
        .order("invoice_date desc, id desc")
        .limit(3)
        .count_limit(20)
        .context(context)
        .await?;
    let records: Vec<Value> = page
        .records
        .iter()
        .map(|invoice| {
            json!({
                "name": invoice.name,
                "partner": invoice.partner_id.as_ref().map(|partner| &partner.name),
                "date": invoice.invoice_date.map(|date| date.to_string()),
                "total": invoice.amount_total,
                "lines": invoice.invoice_line_ids.iter()
                    .map(|line| json!([line.name, line.price_subtotal])).collect::<Vec<_>>(),
            })
        })
        .collect();
    Ok(json!({"total": page.total, "capped": page.total_is_capped, "records": records}))
}

async fn revenue(odoo: &Odoo) -> anyhow::Result<Value> {
    let company = odoo.profile().await?.company.id;
    let domain =
        field("parent_state").eq("posted") & field("account_id.internal_group").eq("income");
    let rows: Vec<Month> = odoo
        .group_model("account.move.line", domain)
        .by("date:month")
        .sum("balance")
        .count()
        .order("date:month")
        .context(odoo.context().clone().companies([company]))
        .rows()
        .await?;
    Ok(rows
        .iter()
        .map(|row| {
            let month = row.month.as_ref();
            json!([
                month.map(|month| month.start.to_string()),
                month.map(|month| &month.label),
                (row.balance * 100.0).round() / 100.0,
                row.count
            ])
        })
        .collect())
}

async fn profile(odoo: &Odoo) -> anyhow::Result<Value> {
    let profile = odoo.profile().await?;
    let companies: Vec<&String> = profile
        .companies
        .iter()
        .map(|company| &company.name)
        .collect();
    Ok(json!({
        "login": profile.login,
        "name": profile.name,
        "tz": profile.tz,
        "company": profile.company.name,
        "currency": profile.company.currency.map(|currency| currency.name),
        "companies": companies,
        "employee": profile.employee.map(|employee| employee.name),
    }))
}

async fn rights(odoo: &Odoo) -> anyhow::Result<Value> {
    let invoices = odoo.search::<Invoice>(odoo_json2::Domain::all()).await;
    let payslips = odoo.has_access("hr.payslip.nowhere", Operation::Read).await;
    Ok(json!({
        "may read moves": odoo.has_access("account.move", Operation::Read).await?,
        "may create tasks": odoo.has_access("project.task", Operation::Create).await?,
        "reading moves is refused": invoices.is_err_and(|error| error.is_access()),
        "a missing model is told": payslips.is_err_and(|error| error.is_not_installed()),
    }))
}
