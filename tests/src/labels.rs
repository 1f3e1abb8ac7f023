//! Names of records, so that an id of one Odoo can be compared with an id of another.

use std::collections::HashMap;

use anyhow::Context as _;
use serde_json::{Value, json};

use crate::answer::json2;
use crate::target::Target;

/// Models whose records are known by one field.
const BY_FIELD: [(&str, &str); 17] = [
    ("res.users", "login"),
    ("res.partner", "name"),
    ("res.currency", "name"),
    ("res.country", "code"),
    ("hr.employee", "name"),
    ("hr.department", "name"),
    ("hr.leave.type", "name"),
    ("hr.leave", "display_name"),
    ("hr.leave.allocation", "display_name"),
    ("project.project", "name"),
    ("project.task", "name"),
    ("project.tags", "name"),
    ("project.task.type", "name"),
    ("account.payment", "name"),
    ("product.product", "name"),
    ("hr.expense", "name"),
    ("uom.uom", "name"),
];

/// Models of which each company has its own records, and the fields that tell them apart.
const BY_COMPANY: [(&str, &[&str]); 3] = [
    ("account.account", &["code"]),
    ("account.journal", &["code"]),
    ("account.tax", &["name", "type_tax_use"]),
];

/// The labels of all records of the demo company, by model.
#[derive(Debug, Default)]
pub(crate) struct Labels {
    labels: HashMap<(String, i64), String>,
    ids: HashMap<(String, String), i64>,
}

impl Labels {
    /// Reads the labels as the administrator.
    pub(crate) async fn read(target: &Target) -> anyhow::Result<Self> {
        let mut labels = Self::default();
        let companies = labels.companies(target).await?;
        for (model, field) in BY_FIELD {
            let context = json!({"active_test": false, "lang": "en_US"});
            for row in rows(target, model, &[field], &context).await? {
                labels.add(model, &row, text(&row, field));
            }
        }
        for (id, company) in &companies {
            let context = json!({"active_test": false, "lang": "en_US",
                                 "allowed_company_ids": [id]});
            for (model, fields) in BY_COMPANY {
                for row in rows(target, model, fields, &context).await? {
                    let own: Vec<String> = fields.iter().map(|field| text(&row, field)).collect();
                    labels.add(model, &row, format!("{company}/{}", own.join("/")));
                }
            }
        }
        labels.moves(target).await?;
        labels.items(target).await?;
        Ok(labels)
    }

    /// The label of a record, if it was there when the suite began.
    pub(crate) fn label(&self, model: &str, id: i64) -> Option<&str> {
        self.labels.get(&(plain(model), id)).map(String::as_str)
    }

    /// The id of a record by its label.
    pub(crate) fn id(&self, model: &str, label: &str) -> anyhow::Result<i64> {
        let found = self.ids.get(&(plain(model), label.to_owned()));
        found
            .copied()
            .with_context(|| format!("no {model} is called `{label}`"))
    }

    fn add(&mut self, model: &str, row: &Value, label: String) {
        let Some(id) = row["id"].as_i64() else {
            return;
        };
        // A person is often there twice (as a user's partner and as an employee's contact): the older one wins.
        self.ids
            .entry((model.to_owned(), label.clone()))
            .or_insert(id);
        self.labels.insert((model.to_owned(), id), label);
    }

    async fn companies(&mut self, target: &Target) -> anyhow::Result<Vec<(i64, String)>> {
        let mut companies = Vec::new();
        for row in rows(target, "res.company", &["name"], &json!({})).await? {
            let name = text(&row, "name");
            if let Some(id) = row["id"].as_i64() {
                companies.push((id, name.clone()));
            }
            self.add("res.company", &row, name);
        }
        Ok(companies)
    }

    /// Moves by their number; drafts, which have none, by type, partner and total.
    async fn moves(&mut self, target: &Target) -> anyhow::Result<()> {
        let fields = [
            "name",
            "move_type",
            "state",
            "partner_id",
            "amount_total",
            "company_id",
        ];
        for row in rows(target, "account.move", &fields, &json!({"lang": "en_US"})).await? {
            let company = row["company_id"][1].as_str().unwrap_or_default();
            let label = match row["name"].as_str() {
                Some(name) => format!("{company}/{name}"),
                None => format!(
                    "{company}/{} {} {} {}",
                    text(&row, "state"),
                    text(&row, "move_type"),
                    row["partner_id"][1].as_str().unwrap_or_default(),
                    row["amount_total"]
                ),
            };
            self.add("account.move", &row, label);
        }
        Ok(())
    }

    /// Journal items by their move and their place in it.
    async fn items(&mut self, target: &Target) -> anyhow::Result<()> {
        let mut places: HashMap<i64, usize> = HashMap::new();
        let context = json!({"lang": "en_US"});
        for row in rows(target, "account.move.line", &["move_id"], &context).await? {
            let Some(id) = row["move_id"][0].as_i64() else {
                continue;
            };
            let place = places.entry(id).or_default();
            *place += 1;
            let label = format!("{}#{place}", self.label("account.move", id).unwrap_or("?"));
            self.add("account.move.line", &row, label);
        }
        Ok(())
    }
}

/// The public view of an employee has the employee's id.
fn plain(model: &str) -> String {
    if model == "hr.employee.public" {
        "hr.employee".to_owned()
    } else {
        model.to_owned()
    }
}

async fn rows(
    target: &Target,
    model: &str,
    fields: &[&str],
    context: &Value,
) -> anyhow::Result<Vec<Value>> {
    let domain = if model == "res.country" {
        json!([["code", "in", ["US", "FI", "SE"]]])
    } else {
        json!([])
    };
    let body = json!({"domain": domain, "fields": fields, "order": "id", "context": context});
    let answer = json2(target, "ada", &format!("{model}/search_read"), &body).await?;
    Ok(serde_json::from_value(answer)?)
}

fn text(row: &Value, field: &str) -> String {
    row[field].as_str().unwrap_or_default().to_owned()
}
