//! `whoami`: the person, what the connection may do, and until when.

use jiff::civil::Date;
use odoo_json2::{CompanyRef, KeyInfo, field};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::access::Access;
use crate::answer::{Answer, Named};
use crate::error::ToolError;
use crate::session::UserSession;
use crate::tool::Tool;

/// Apps by a model that only they bring and that their ordinary users may read.
const APPS: [(&str, &str); 8] = [
    ("account.move", "Invoicing"),
    ("hr.employee.public", "Employees"),
    ("hr.expense", "Expenses"),
    ("hr.leave", "Time Off"),
    ("hr.payslip", "Payroll"),
    ("project.project", "Project"),
    ("knowledge.article", "Knowledge"),
    ("approval.request", "Approvals"),
];

/// People forget keys; nobody needs to see more of them.
const MOST_KEYS: usize = 20;

/// Who you are, and in which Odoo: user, employee, companies, what this connection may do, which
/// apps are available to you, and when your API keys expire.
#[derive(Deserialize, JsonSchema)]
pub(super) struct WhoAmI {}

/// The person behind the connection.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Person {
    /// The Odoo user.
    user: Named,
    login: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// The employee record of this user.
    #[serde(skip_serializing_if = "Option::is_none")]
    employee: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<String>,
    time_zone: String,
    /// The date in that time zone.
    today: Date,
    /// The companies of this user, the current one first.
    companies: Vec<Company>,
    /// The host of the Odoo that this is, by which a test system can be told from the real one.
    odoo: String,
    /// Its database.
    database: String,
    /// What this connection was granted.
    scopes: Vec<&'static str>,
    /// Apps with data that this user may read.
    apps: Vec<&'static str>,
    /// The user's API keys; this connection uses one of them, and Odoo does not tell which.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    keys: Vec<Key>,
}

/// A company of the user.
#[derive(Debug, Serialize, JsonSchema)]
struct Company {
    id: i64,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<String>,
}

/// An API key, without the key.
#[derive(Debug, Serialize, JsonSchema)]
struct Key {
    name: String,
    /// The last day it works, in the user's time zone; never expires if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    expires: Option<Date>,
    #[serde(skip_serializing_if = "Option::is_none")]
    days_left: Option<i64>,
}

impl Answer for Person {}

impl Tool for WhoAmI {
    const NAME: &'static str = "whoami";
    const TITLE: &'static str = "Who am I";
    const ACCESS: Access = Access::Read;
    const NEEDS: &'static [&'static str] = &[];
    type Answer = Person;

    async fn run(self, user: &UserSession) -> Result<Person, ToolError> {
        let profile = user.profile();
        // Administrators see everybody's keys. The one that expires first comes first.
        let keys = user
            .odoo()
            .search::<KeyInfo>(field("user_id").eq(profile.uid))
            .order("expiration_date, id")
            .limit(MOST_KEYS)
            .await?
            .records;
        Ok(Person {
            user: Named {
                id: profile.uid,
                name: profile.name.clone(),
            },
            login: profile.login.clone(),
            email: profile.email.clone(),
            employee: Named::of(profile.employee.clone()),
            language: profile.lang.clone(),
            time_zone: user.time_zone().to_owned(),
            today: user.today(),
            companies: user.companies(None)?.iter().map(Company::of).collect(),
            odoo: user.odoo_host(),
            database: user.odoo().database().to_owned(),
            scopes: user.granted().iter().map(|access| access.scope()).collect(),
            apps: APPS
                .iter()
                .filter(|(model, _)| user.reads(model))
                .map(|(_, app)| *app)
                .collect(),
            keys: keys.into_iter().map(|key| Key::of(key, user)).collect(),
        })
    }
}

impl Company {
    fn of(company: &CompanyRef) -> Self {
        Self {
            id: company.id,
            name: company.name.clone(),
            currency: company
                .currency
                .as_ref()
                .map(|currency| currency.name.clone()),
        }
    }
}

impl Key {
    fn of(key: KeyInfo, user: &UserSession) -> Self {
        let expires = key.expiration_date.map(|moment| user.date_of(moment));
        let days_left = key.expiration_date.map(|moment| {
            let left = moment.timestamp().as_second() - user.now().as_second();
            left.max(0) / (24 * 60 * 60)
        });
        Self {
            name: key.name,
            expires,
            days_left,
        }
    }
}
