//! What the suite knows about the fields of the models it asks: their types and relations, as Odoo says.

use std::collections::HashMap;

use serde::Deserialize;
use serde_json::json;

use crate::answer::json2;
use crate::target::Target;

/// Models whose records appear in answers.
pub(crate) const MODELS: [&str; 38] = [
    "account.account",
    "account.bank.statement",
    "account.bank.statement.line",
    "account.journal",
    "account.move",
    "account.move.line",
    "account.partial.reconcile",
    "account.payment",
    "account.tax",
    "hr.department",
    "hr.employee",
    "hr.employee.public",
    "hr.employee.skill",
    "hr.expense",
    "hr.leave",
    "hr.leave.allocation",
    "hr.leave.report.calendar",
    "hr.leave.type",
    "hr.resume.line",
    "hr.skill.level",
    "hr.skill.type",
    "hr.version",
    "resource.calendar.leaves",
    "ir.attachment",
    "ir.module.module",
    "mail.message",
    "product.product",
    "project.project",
    "project.tags",
    "project.task",
    "project.task.type",
    "res.company",
    "res.country",
    "res.currency",
    "res.partner",
    "res.users",
    "res.users.apikeys",
    "uom.uom",
];

/// Fields by model and name.
#[derive(Debug, Default)]
pub(crate) struct Metadata {
    fields: HashMap<String, HashMap<String, FieldType>>,
}

/// The type of a field.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct FieldType {
    /// Odoo's name of the type, such as `many2one`.
    #[serde(rename = "type")]
    pub(crate) kind: String,
    /// The model that a relation leads to.
    pub(crate) relation: Option<String>,
}

impl Metadata {
    /// Reads the metadata as the administrator.
    pub(crate) async fn read(target: &Target) -> anyhow::Result<Self> {
        let mut fields = HashMap::new();
        for model in MODELS {
            let body = json!({"attributes": ["type", "relation"]});
            let answer = json2(target, "ada", &format!("{model}/fields_get"), &body).await;
            // A model that is not there shows in the cases that ask for it, not here.
            if let Ok(answer) = answer {
                fields.insert(model.to_owned(), serde_json::from_value(answer)?);
            }
        }
        Ok(Self { fields })
    }

    /// The type of a field, also behind dots (`account_id.account_type`).
    pub(crate) fn field(&self, model: &str, path: &str) -> Option<&FieldType> {
        let (first, rest) = path
            .split_once('.')
            .map_or((path, None), |(a, b)| (a, Some(b)));
        let field = self.fields.get(model)?.get(first)?;
        match rest {
            None => Some(field),
            Some(rest) => self.field(field.relation.as_deref()?, rest),
        }
    }
}
