//! Bank connections (`account.online.link`, `account.online.account`, module `account_online_synchronization`), after
//! the public documentation of the app and of its fields. Nothing is fetched: the states are those of the demo company.

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::json;

use crate::engine::{
    env::Env,
    error::Result,
    field::Field,
    model::{Model, Rule, own_companies},
    registry::{Module, Registry},
    write::vals,
};

const LINK: &str = "account.online.link";
const ACCOUNT: &str = "account.online.account";

/// Who reads connections: those who read or keep the books.
const READERS: [&str; 2] = [
    "account.group_account_readonly",
    "account.group_account_invoice",
];

/// Declares the models.
pub(super) fn register(registry: &mut Registry) {
    registry.add_module(Module {
        name: "account_online_synchronization",
        label: "Online Bank Statement Synchronization",
        version: "19.0.2.0",
    });
    registry.add(books(Model::new(LINK, "Bank Connection")).fields(link()));
    registry.add(
        books(Model::new(
            ACCOUNT,
            "representation of an online bank account",
        ))
        .fields(account()),
    );
    registry.extend("account.journal", |journal| {
        journal.fields(fields! {
            many2one("account_online_account_id", ACCOUNT).label("Account Online Account");
            many2one("account_online_link_id", LINK).label("Account Online Link").related("account_online_account_id.account_online_link_id");
            selection("account_online_link_state", STATES).label("Account Online Link State").related("account_online_link_id.state");
            selection("bank_statements_source", &[("undefined", "Undefined Yet"), ("online_sync", "Online Synchronization")])
                .label("Bank Feeds").default("undefined");
        })
    });
}

const STATES: &[(&str, &str)] = &[
    ("connected", "Connected"),
    ("error", "Error"),
    ("disconnected", "Not Connected"),
];

fn books(model: Model) -> Model {
    let model = READERS
        .into_iter()
        .fold(model, |model, group| model.access(group, "r"));
    model
        .access("account.group_account_basic", "rwcd")
        .rule(Rule::global(own_companies))
}

fn link() -> Vec<Field> {
    fields! {
        char("name").readonly();
        selection("state", STATES).required().readonly().default("disconnected");
        boolean("auto_sync").label("Automatic synchronization").default(true);
        datetime("last_refresh").label("Last Synchronization").readonly();
        datetime("next_refresh").label("Next synchronization").readonly();
        date("expiring_synchronization_date").label("Expiring Synchronization Date").readonly();
        json("connection_state_details");
        char("provider_type").label("Provider Type").readonly();
        char("client_id").label("Client").readonly().groups(&["base.group_system"]);
        char("refresh_token").readonly().groups(&["base.group_system"]);
        char("renewal_contact_email").label("Connection Requests");
        many2one("company_id", "res.company").required().default_fn(|env| env.company().into());
        one2many("account_online_account_ids", ACCOUNT, "account_online_link_id").label("Account Online Account");
        one2many("journal_ids", "account.journal", "account_online_link_id").compute(journals).readonly();
    }
}

fn account() -> Vec<Field> {
    fields! {
        char("name");
        char("account_number");
        float("balance").readonly();
        date("last_sync").label("Last synchronization");
        many2one("account_online_link_id", LINK).readonly();
        many2one("company_id", "res.company").related("account_online_link_id.company_id").stored();
        many2one("currency_id", "res.currency");
        one2many("journal_ids", "account.journal", "account_online_account_id").label("Journal");
    }
}

fn journals(link: &crate::engine::record::Record<'_>) -> crate::engine::cell::Cell {
    let accounts = link.many("account_online_account_ids");
    let journals: Vec<i64> = accounts
        .iter()
        .flat_map(|account| account.ids("journal_ids"))
        .collect();
    journals.into()
}

/// Connects the banks of the demo company: one works and its consent ends soon, one has an error.
pub(super) fn load(env: &Env, today: Date) -> Result<()> {
    connect(
        env,
        "instruments",
        json!({
            "name": "Seneca Lake Bank", "state": "connected", "last_refresh": format!("{today} 04:12:00"),
            "next_refresh": format!("{} 04:10:00", later(today, 1)),
            "expiring_synchronization_date": later(today, 9).to_string(),
        }),
    )?;
    connect(
        env,
        "nordic",
        json!({
            "name": "Saaristopankki", "state": "error", "last_refresh": format!("{} 03:40:00", later(today, -6)),
            "expiring_synchronization_date": later(today, 61).to_string(),
            "connection_state_details": { "status": "error", "error_type": "connection" },
        }),
    )
}

fn later(day: Date, days: i32) -> Date {
    day.saturating_add(days.days())
}

fn connect(env: &Env, company: &str, link: serde_json::Value) -> Result<()> {
    let known = |kind: &str, key: &str| env.xml_id(&format!("larkspur.{kind}_{key}"));
    let (Some(id), Some(journal)) = (
        known("company", company),
        known("journal", &format!("{company}_BNK1")),
    ) else {
        return Ok(());
    };
    let mut values = vals(link);
    values.insert("company_id".into(), json!(id));
    values.insert("provider_type".into(), json!("demo"));
    let link = env.create(LINK, values)?;
    let account = env.create(
        ACCOUNT,
        vals(json!({ "name": "Current account", "account_online_link_id": link })),
    )?;
    let fed =
        json!({ "account_online_account_id": account, "bank_statements_source": "online_sync" });
    env.write("account.journal", &[journal], vals(fed))
}
