//! `list_companies`: the companies of the user.

use odoo_json2::{Record, Ref};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::access::Access;
use crate::answer::{Named, Page};
use crate::cursor::{Key, Order, Place};
use crate::error::ToolError;
use crate::listing::{Limit, Listing};
use crate::session::UserSession;
use crate::session::fiscal::FiscalYear;
use crate::tool::Tool;

/// Odoo's own order: by sequence, then by name.
const ORDER: Order = Order {
    name: "usual",
    key: "sequence, name",
    kind: Key::Text,
    descending: false,
};

/// The companies you belong to in Odoo, with currency, country and fiscal year. Their ids are what
/// other tools take as `company_id`.
#[derive(Deserialize, JsonSchema)]
pub(super) struct ListCompanies {
    /// From the previous answer.
    cursor: Option<String>,
}

/// A company.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Company {
    id: i64,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    country: Option<String>,
    /// The company that this one is a branch of.
    #[serde(skip_serializing_if = "Option::is_none")]
    branch_of: Option<Named>,
    /// The last day of the fiscal year, as MM-DD.
    #[serde(skip_serializing_if = "Option::is_none")]
    fiscal_year_ends: Option<String>,
    /// The one Odoo works in when nothing else is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    current: Option<bool>,
}

#[derive(Debug, Record)]
#[odoo(model = "res.company")]
struct Row {
    id: i64,
    name: String,
    currency_id: Option<Ref>,
    country_id: Option<Ref>,
    parent_id: Option<Ref>,
    /// Both come with the accounting app.
    #[odoo(optional)]
    fiscalyear_last_day: Option<i64>,
    #[odoo(optional)]
    fiscalyear_last_month: Option<String>,
}

impl Tool for ListCompanies {
    const NAME: &'static str = "list_companies";
    const TITLE: &'static str = "List companies";
    const ACCESS: Access = Access::Read;
    const NEEDS: &'static [&'static str] = &["res.company"];
    type Answer = Page<Company>;

    async fn run(self, user: &UserSession) -> Result<Page<Company>, ToolError> {
        let companies = user.companies(None)?;
        let own: Vec<i64> = companies.iter().map(|company| company.id).collect();
        let domain = odoo_json2::field("id").in_(own);
        let current = user.profile().company.id;
        Listing::new(ORDER, self.cursor.as_deref(), Some(Limit::MOST))?
            .fetch::<Row, _>(user, domain, companies.context(), |row| {
                (Place::at(row.id), row.shape(current))
            })
            .await
    }
}

impl Row {
    fn shape(self, current: i64) -> Company {
        let year = FiscalYear::from_odoo(
            self.fiscalyear_last_month.as_deref(),
            self.fiscalyear_last_day,
        );
        Company {
            id: self.id,
            name: self.name,
            currency: self.currency_id.map(|currency| currency.name),
            country: self.country_id.map(|country| country.name),
            branch_of: Named::of(self.parent_id),
            fiscal_year_ends: year.map(|year| year.to_string()),
            current: (self.id == current).then_some(true),
        }
    }
}
