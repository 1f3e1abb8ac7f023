//! From a bearer token to the grant it stands for: joins `odoo-auth` and `mcp-transport`, which do
//! not know each other.
//!
//! Not for issuing tokens. Nothing is cached here; `odoo-auth` does that, and forgets at once what
//! was revoked.

use std::time::Duration;

use mcp_transport::{Authenticate, Refusal};
use odoo_auth::{Grants, ResolveError};
use odoo_json2::Odoo;

use crate::grant::Grant;

/// How long a client should wait when the store does not answer.
const RETRY_AFTER: Duration = Duration::from_secs(5);

/// Who each token stands for.
#[derive(Clone, Debug)]
pub struct GrantTokens {
    grants: Grants,
    odoo: Odoo,
}

impl GrantTokens {
    /// Tokens of these grants, which act in this Odoo (a client without a key).
    #[must_use]
    pub fn new(grants: Grants, odoo: Odoo) -> Self {
        Self { grants, odoo }
    }
}

impl Authenticate for GrantTokens {
    type Caller = Grant;

    async fn authenticate(&self, bearer: &str) -> Result<Grant, Refusal> {
        match self.grants.resolve(bearer).await {
            Ok(live) => Ok(Grant::signed_in(live, &self.odoo)),
            Err(ResolveError::Invalid) => Err(Refusal::InvalidToken),
            Err(ResolveError::Unavailable(_)) => Err(Refusal::Unavailable {
                retry_after: RETRY_AFTER,
            }),
        }
    }
}
