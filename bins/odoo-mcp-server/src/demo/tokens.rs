//! Ready tokens for everybody in the demo, for scripts and tests that skip the sign-in page.
//!
//! They are personal tokens like those of `grants issue`, and last as long as the demo.

use anyhow::Context as _;
use jiff::SignedDuration;
use odoo_auth::{Account, OdooKey, PersonalGrant, Provider, scope};
use odoo_json2::Odoo;
use odoo_sandbox::Sandbox;
use secrecy::SecretString;

/// Longer than anybody lets a demo run.
const LIFETIME: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A person's token, for the person.
#[derive(Debug)]
pub struct IssuedToken {
    /// The person's login.
    pub login: String,
    /// The token, as it goes into `Authorization: Bearer …`.
    pub token: SecretString,
}

/// Issues a token for each person.
///
/// # Errors
/// When the store does not take them.
pub(super) async fn issue(
    provider: &Provider,
    odoo: &Odoo,
    sandbox: &Sandbox,
) -> anyhow::Result<Vec<IssuedToken>> {
    let now = provider.clock().now();
    let expires_at = now.checked_add(LIFETIME).context("the end of the tokens")?;
    let mut tokens = Vec::new();
    for person in sandbox.people() {
        let key = OdooKey {
            secret: sandbox.mint_key(&person.login).into(),
            name: "Demo".to_owned(),
            expires_at: None,
        };
        let account = Account::of(odoo, person.uid, &person.login, &person.name);
        let name = format!("Demo token of {}", person.login);
        let grant = PersonalGrant {
            name,
            account,
            scope: scope::all(),
            key,
            expires_at: Some(expires_at),
        };
        let token = provider
            .grants()
            .issue(grant)
            .await
            .context("issuing a token")?;
        tokens.push(IssuedToken {
            login: person.login.clone(),
            token,
        });
    }
    Ok(tokens)
}
