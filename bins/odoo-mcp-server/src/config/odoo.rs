//! Which Odoo is served, and the key of the one person where there is only one.

use std::time::Duration;

use odoo_json2::Limits;
use secrecy::SecretString;
use url::Url;

use super::reader::Reader;
use super::setting::{API_KEY, DATABASE, MAX_CALLS, MAX_CALLS_PER_PERSON, ODOO_URL, ODOO_WEB_URL};

/// Calls to Odoo at once for all people together, unless set: several for each of the workers that
/// an Odoo of this size has, so that none of them is ever without work.
const DEFAULT_MAX_CALLS: usize = 32;
/// Calls to Odoo at once for one person, unless set: what a client asks in parallel when it is busy.
const DEFAULT_MAX_CALLS_PER_PERSON: usize = 4;
/// More places than this are a slip of the pen: no Odoo has so many workers.
const MOST_CALLS: usize = 1_000;
/// How long a call waits for its turn. Its person still waits for the answer then, and Claude gives
/// a call minutes.
const CALL_TURN: Duration = Duration::from_secs(20);

/// The `[odoo]` section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OdooSettings {
    /// Where this program reaches Odoo.
    pub url: Url,
    /// Where people open Odoo in a browser, when that is another address.
    pub web_url: Option<Url>,
    /// The database's name.
    pub database: String,
    /// How much of it may be asked at once, and by one person.
    pub limits: Limits,
}

/// The Odoo API key of the one person whom `stdio` serves.
#[derive(Debug, Clone)]
pub struct PersonalKey(pub SecretString);

impl OdooSettings {
    /// Reads the section; `None` when something required is missing or wrong.
    pub fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let url = reader.required(&ODOO_URL, address);
        let web_url = reader.optional(&ODOO_WEB_URL, address);
        let database = reader.required(&DATABASE, database);
        let limits = limits(reader);
        Some(Self {
            url: url?,
            web_url,
            database: database?,
            limits,
        })
    }
}

/// The limits of a client for all people, unless the operator says otherwise.
#[must_use]
pub fn default_limits() -> Limits {
    Limits {
        max_in_flight: DEFAULT_MAX_CALLS,
        max_in_flight_per_flow: DEFAULT_MAX_CALLS_PER_PERSON,
        queue: CALL_TURN,
        ..Limits::default()
    }
}

fn limits(reader: &mut Reader<'_>) -> Limits {
    let all = reader.optional(&MAX_CALLS, calls);
    let per_person = reader.optional(&MAX_CALLS_PER_PERSON, calls);
    let unset = default_limits();
    Limits {
        max_in_flight: all.unwrap_or(unset.max_in_flight),
        max_in_flight_per_flow: per_person.unwrap_or(unset.max_in_flight_per_flow),
        ..unset
    }
}

impl PersonalKey {
    /// Reads the key; `None` when it is missing or cannot be one.
    pub fn read(reader: &mut Reader<'_>) -> Option<Self> {
        reader.secret(&API_KEY).map(Self)
    }
}

fn address(value: &str) -> Result<Url, String> {
    // A URL may carry a password, so the value is never repeated.
    let url = Url::parse(value).map_err(|error| {
        format!("is no address ({error}): write for example https://odoo.example.com")
    })?;
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(
            "must begin with https:// (or http:// inside one machine or network)".to_owned(),
        );
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("holds a user name: leave it out, people sign in as themselves".to_owned());
    }
    if url.path() != "/" || url.query().is_some() || url.fragment().is_some() {
        return Err(
            "has something after the host: give the address alone, without a path".to_owned(),
        );
    }
    Ok(url)
}

fn calls(value: &str) -> Result<usize, String> {
    let number = value.parse().ok();
    number
        .filter(|number| (1..=MOST_CALLS).contains(number))
        .ok_or_else(|| format!("must be a whole number from 1 to {MOST_CALLS}"))
}

fn database(value: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    if value.chars().all(fits) {
        Ok(value.to_owned())
    } else {
        Err(format!(
            "is `{}`: a database's name has letters, digits, `_`, `-` and `.`",
            value.escape_debug()
        ))
    }
}
