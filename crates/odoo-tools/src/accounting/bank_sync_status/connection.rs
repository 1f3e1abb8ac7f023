//! Connections to banks: of Odoo's own app (Enterprise) and of the OCA's.
//!
//! Their fields differ between versions, so those that are there are asked for. Names of users, keys
//! and tokens of the banks' interfaces are never read.

use odoo_json2::{Date, DateTime, Domain, Error, ReadableFields, Record, Ref, field};
use schemars::JsonSchema;
use serde::Serialize;

use crate::answer::Named;
use crate::session::UserSession;
use crate::session::companies::Companies;

/// Connections of Odoo's app.
pub(super) const LINKS: &str = "account.online.link";

/// Connections of the OCA's app.
pub(super) const PROVIDERS: &str = "online.bank.statement.provider";

/// No company has more connections than this.
const MOST: usize = 100;

/// Odoo reminds of an ending consent from so many days before.
const SOON: i32 = 15;

/// A connection that fetched nothing for so many days is not working.
const STALE: i32 = 4;

/// A connection to a bank.
#[derive(Debug, Serialize, JsonSchema)]
pub(in crate::accounting) struct Connection {
    id: i64,
    /// The bank, or the service that speaks to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    /// `connected`, `error`, `disconnected` or `paused`.
    state: String,
    /// In the user's time.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_refresh: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_refresh: Option<String>,
    /// The day on which the bank's consent ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    consent_ends: Option<Date>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    journals: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    company: Option<Named>,
    #[serde(skip_serializing_if = "Option::is_none")]
    what_to_do: Option<String>,
}

#[derive(Debug, Record)]
#[odoo(model = "account.online.link")]
struct Link {
    id: i64,
    #[odoo(optional)]
    name: Option<String>,
    #[odoo(optional)]
    state: Option<String>,
    #[odoo(optional)]
    last_refresh: Option<DateTime>,
    #[odoo(optional)]
    next_refresh: Option<DateTime>,
    #[odoo(optional)]
    expiring_synchronization_date: Option<Date>,
    #[odoo(optional)]
    journal_ids: Option<Vec<Ref>>,
    #[odoo(optional)]
    company_id: Option<Ref>,
}

#[derive(Debug, Record)]
#[odoo(model = "online.bank.statement.provider")]
struct Provider {
    id: i64,
    #[odoo(optional)]
    service: Option<String>,
    #[odoo(optional)]
    active: Option<bool>,
    #[odoo(optional)]
    last_successful_run: Option<DateTime>,
    #[odoo(optional)]
    next_run: Option<DateTime>,
    #[odoo(optional)]
    journal_id: Option<Ref>,
    #[odoo(optional)]
    company_id: Option<Ref>,
}

/// The connections of Odoo's app.
pub(super) async fn links(
    user: &UserSession,
    companies: &Companies<'_>,
) -> Result<Vec<Connection>, Error> {
    let readable = user.readable::<Link>().await?;
    let found = user
        .odoo()
        .search::<Link>(of_companies(&readable, LINKS, companies))
        .order("id")
        .limit(MOST)
        .readable(&readable)
        .context(companies.context())
        .await?;
    let shape = |row: Link| row.shape(user, companies);
    Ok(found.records.into_iter().map(shape).collect())
}

/// The connections of the OCA's app, those that were switched off too.
pub(super) async fn providers(
    user: &UserSession,
    companies: &Companies<'_>,
) -> Result<Vec<Connection>, Error> {
    let readable = user.readable::<Provider>().await?;
    let found = user
        .odoo()
        .search::<Provider>(of_companies(&readable, PROVIDERS, companies))
        .order("id")
        .limit(MOST)
        .readable(&readable)
        .context(companies.context().with("active_test", false))
        .await?;
    let shape = |row: Provider| row.shape(user, companies);
    Ok(found.records.into_iter().map(shape).collect())
}

/// Those of the companies, where the app says whose a connection is.
fn of_companies(readable: &ReadableFields, model: &str, companies: &Companies<'_>) -> Domain {
    if readable.has(model, "company_id") {
        companies.filter_shared("company_id")
    } else {
        Domain::all()
    }
}

/// Whether one of the apps is installed; every employee may know that.
pub(super) async fn is_installed(user: &UserSession) -> Result<bool, Error> {
    let wanted = field("name").in_([
        "account_online_synchronization",
        "account_statement_import_online",
    ]) & field("state").eq("installed");
    Ok(user
        .odoo()
        .count_up_to("ir.module.module", wanted, 1)
        .await?
        > 0)
}

impl Link {
    fn shape(self, user: &UserSession, companies: &Companies<'_>) -> Connection {
        let state = self.state.unwrap_or_else(|| "connected".to_owned());
        let ends = self.expiring_synchronization_date;
        let last = self.last_refresh.map(|moment| user.date_of(moment));
        Connection {
            what_to_do: advice(&state, ends, last, user.today()),
            id: self.id,
            name: self.name,
            state,
            last_refresh: moment(user, self.last_refresh),
            next_refresh: moment(user, self.next_refresh),
            consent_ends: ends,
            journals: Named::names(self.journal_ids.unwrap_or_default()),
            company: companies.named(self.company_id),
        }
    }
}

impl Provider {
    fn shape(self, user: &UserSession, companies: &Companies<'_>) -> Connection {
        let today = user.today();
        let last = self.last_successful_run.map(|moment| user.date_of(moment));
        let active = self.active.unwrap_or(true);
        let state = if active { "connected" } else { "paused" };
        Connection {
            what_to_do: if active {
                last.filter(|last| days(*last, today) >= STALE).map(|last| {
                    format!(
                        "Nothing came since {last}: open the provider of the journal in Odoo and pull \
                         the statements; its log says what the bank answered."
                    )
                })
            } else {
                Some("It is switched off; activate it on the journal in Odoo.".to_owned())
            },
            id: self.id,
            name: self.service,
            state: state.to_owned(),
            last_refresh: moment(user, self.last_successful_run),
            next_refresh: moment(user, self.next_run),
            consent_ends: None,
            journals: Named::names(self.journal_id.into_iter().collect()),
            company: companies.named(self.company_id),
        }
    }
}

/// What a person can do about a connection, on the accounting dashboard.
fn advice(state: &str, ends: Option<Date>, last: Option<Date>, today: Date) -> Option<String> {
    let card = "on the card of the journal, on Odoo's accounting dashboard";
    match (state, ends, last) {
        ("error", ..) => Some(format!(
            "The bank or the service reported an error: use Reconnect or Fetch {card}; if it stays, \
             report the message in the connection's history to Odoo's support."
        )),
        ("disconnected", ..) => Some(format!("It is not connected: use Reconnect {card}.")),
        (_, Some(ends), _) if ends < today => Some(format!(
            "The bank's consent ended on {ends}: renew it with Reconnect {card}."
        )),
        (_, Some(ends), _) if days(today, ends) <= SOON => Some(format!(
            "The bank's consent ends on {ends}: extend it {card}."
        )),
        (_, _, Some(last)) if days(last, today) >= STALE => {
            Some(format!("Nothing came since {last}: use Fetch {card}."))
        }
        _ => None,
    }
}

fn days(from: Date, to: Date) -> i32 {
    (to - from).get_days()
}

/// A moment on the user's clock, to the minute.
fn moment(user: &UserSession, moment: Option<DateTime>) -> Option<String> {
    moment.map(|moment| user.local(moment).strftime("%Y-%m-%d %H:%M").to_string())
}
