//! Which Odoo is served, and the key of the one person where there is only one.

use secrecy::SecretString;
use url::Url;

use super::reader::Reader;
use super::setting::{API_KEY, DATABASE, ODOO_URL, ODOO_WEB_URL};

/// The `[odoo]` section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OdooSettings {
    /// Where this program reaches Odoo.
    pub url: Url,
    /// Where people open Odoo in a browser, when that is another address.
    pub web_url: Option<Url>,
    /// The database's name.
    pub database: String,
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
        Some(Self {
            url: url?,
            web_url,
            database: database?,
        })
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
