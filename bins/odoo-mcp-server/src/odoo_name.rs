//! Names one Odoo among several, so that a test system is not taken for the real one.
//!
//! Not for addresses of records (`UserSession`) and not for who signs in.

use std::fmt;

use odoo_json2::Odoo;
use url::Url;

/// The name of an Odoo in front of people: `Odoo (larkspur at odoo.example.com)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OdooName {
    database: String,
    host: String,
}

impl OdooName {
    /// The name of this Odoo, where people know it by `web_url` if that is another address.
    #[must_use]
    pub fn of(odoo: &Odoo, web_url: Option<&Url>) -> Self {
        Self::new(odoo.database(), web_url.unwrap_or_else(|| odoo.base_url()))
    }

    /// The name of a database behind an address.
    #[must_use]
    pub fn new(database: &str, address: &Url) -> Self {
        let host = address.host_str().unwrap_or_default();
        Self {
            database: database.to_owned(),
            host: match address.port() {
                Some(port) => format!("{host}:{port}"),
                None => host.to_owned(),
            },
        }
    }
}

impl fmt::Display for OdooName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Odoo ({} at {})", self.database, self.host)
    }
}
