//! Payslips as `read_payslips` shows them: some in a list, or one with its lines.

use std::borrow::Cow;

use jiff::civil::Date;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Serialize;

use crate::answer::{Amount, Answer, Named, Page};

pub(super) mod row;

/// What there is to show.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Payslips {
    /// Those that were asked for.
    List(Page<Head>),
    /// The one that was asked for.
    One(Box<Payslip>),
}

/// What a payslip is, and what it comes to.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Head {
    pub(super) id: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) employee: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) from: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) to: Option<Date>,
    /// In the words of this Odoo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) state: Option<String>,
    /// It takes another one back.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) refund: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) basic: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) gross: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) net: Option<Amount>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) currency: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) company: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) batch: Option<String>,
}

/// A payslip. All amounts are in `currency`.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Payslip {
    #[serde(flatten)]
    pub(super) head: Head,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) structure: Option<String>,
    /// The contract it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) contract: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) paid: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) note: Option<String>,
    /// The payslip in Odoo.
    pub(super) link: String,
    /// The sum of the lines of each category.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) categories: Vec<Category>,
    /// What Odoo works out, category by category.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) lines: Vec<Line>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) worked_days: Vec<WorkedDays>,
    /// The printed payslip and other files.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) attachments: Vec<Attachment>,
}

/// A category of lines.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Category {
    pub(super) category: String,
    pub(super) total: Amount,
}

/// A line of a payslip.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Line {
    pub(super) category: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) code: Option<String>,
    pub(super) name: String,
    /// Where it is not 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) quantity: Option<Amount>,
    /// In percent, where it is not 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) rate: Option<Amount>,
    pub(super) total: Amount,
}

/// Time that was worked, or not.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct WorkedDays {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) name: Option<String>,
    pub(super) days: Amount,
    pub(super) hours: Amount,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) amount: Option<Amount>,
}

/// A file on a payslip.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Attachment {
    pub(super) id: i64,
    pub(super) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) mimetype: Option<String>,
    pub(super) bytes: i64,
}

impl Answer for Payslips {
    fn entries(&self) -> usize {
        match self {
            Self::List(page) => page.entries(),
            Self::One(_) => 0,
        }
    }

    fn keep(&mut self, entries: usize) {
        if let Self::List(page) = self {
            page.keep(entries);
        }
    }
}

impl JsonSchema for Payslips {
    fn schema_name() -> Cow<'static, str> {
        "Payslips".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let (list, one) = (
            generator.subschema_for::<Page<Head>>(),
            generator.subschema_for::<Payslip>(),
        );
        json_schema!({ "type": "object", "anyOf": [list, one] })
    }
}
