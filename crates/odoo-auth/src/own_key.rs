//! Keys in Odoo by their names: which ones we made, and which one a person brought.

use odoo_json2::{DateTime, Error, KeyInfo, Odoo};
use secrecy::SecretString;

use crate::{GrantId, OdooKey};

/// How the names of our keys begin.
const OURS: &str = "Odoo MCP - ";

/// The name of the key of a connection: people see in Odoo what it is for.
pub(crate) fn name(client: &str, grant: &GrantId) -> String {
    format!("{OURS}{client} - {}", grant.short())
}

/// Whether we made this key.
pub(crate) fn is_ours(key: &KeyInfo) -> bool {
    key.name.starts_with(OURS)
}

impl OdooKey {
    /// A key that a person brought, with its name and end. Odoo does not tell which of the keys it
    /// is; people bring the one that they have just made, and it is none that we made. Should it be
    /// another, Odoo's refusal ends the connection in time.
    ///
    /// # Errors
    /// Odoo cannot be asked, or refuses the key that `odoo` uses.
    pub async fn brought(odoo: &Odoo, secret: SecretString) -> Result<Self, Error> {
        let keys = odoo.own_keys().await?;
        let newest = keys
            .into_iter()
            .filter(|key| !is_ours(key))
            .max_by_key(|key| key.id);
        let expires_at = newest.as_ref().and_then(|key| key.expiration_date);
        Ok(Self {
            secret,
            name: newest.map_or_else(|| "API key".to_owned(), |key| key.name),
            expires_at: expires_at.map(DateTime::timestamp),
        })
    }
}
