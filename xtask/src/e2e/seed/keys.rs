//! A key for each of the six people, made the way our server makes one: from the password.

use std::collections::BTreeMap;

use anyhow::Context as _;
use odoo_json2::{Odoo, SecretString, SignIn};
use odoo_sandbox::demo::{DemoCompany, Person};

/// Name of the keys, by which a later run finds and removes them.
const NAME: &str = "odoo-mcp e2e";

/// Days until the keys expire; an ordinary user may have up to 90.
const DAYS: u16 = 7;

/// Mints the keys and removes those of earlier runs.
pub(super) async fn mint(
    odoo: &Odoo,
    demo: &DemoCompany,
) -> anyhow::Result<BTreeMap<String, SecretString>> {
    let mut keys = BTreeMap::new();
    for person in &demo.people {
        let key = renew(odoo, person)
            .await
            .with_context(|| format!("signing in as {} to mint a key", person.login))?;
        keys.insert(person.login.to_owned(), key);
    }
    Ok(keys)
}

async fn renew(odoo: &Odoo, person: &Person) -> anyhow::Result<SecretString> {
    let password = SecretString::from(person.password.clone());
    let session = match odoo.sign_in(person.login, password).await? {
        SignIn::Complete(session) => session,
        SignIn::Totp(_) => anyhow::bail!("this user has two-factor authentication switched on"),
    };
    for key in session.own_keys().await? {
        if key.name == NAME {
            session.remove_key(key.id).await?;
        }
    }
    let minted = session.mint_key(NAME, DAYS).await?;
    session.close().await;
    Ok(minted.key)
}
