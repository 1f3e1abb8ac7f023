//! Who calls, once the token is checked: one person's way to Odoo and what it may be used for.

use std::fmt;
use std::sync::Arc;

use mcp_transport::Caller;
use odoo_auth::{GrantKind, LiveGrant};
use odoo_json2::Odoo;
use odoo_tools::Access;

/// A grant: the client bound to a person's own key, and what the person agreed to.
///
/// Everything that is kept for a person begins with [`id`](Self::id); nothing can be reached from
/// one grant to another, because a tool is handed the client of this one and no way to another.
#[derive(Clone)]
pub struct Grant(Arc<Inner>);

struct Inner {
    id: String,
    principal: String,
    odoo: Odoo,
    access: Vec<Access>,
    /// The same for all grants of one person.
    person: String,
    live: Option<Arc<LiveGrant>>,
}

impl Grant {
    /// A grant with a stable, unguessable or unique name, the person's client, and the kinds of
    /// access it includes.
    #[must_use]
    pub fn new(id: impl Into<String>, odoo: Odoo, access: &[Access]) -> Self {
        let id = id.into();
        Self(Arc::new(Inner {
            person: id.clone(),
            principal: id.clone(),
            id,
            odoo,
            access: access.to_vec(),
            live: None,
        }))
    }

    /// The grant of somebody who signed in, over the Odoo that all of them share.
    #[must_use]
    pub fn signed_in(live: Arc<LiveGrant>, odoo: &Odoo) -> Self {
        let granted = |access: &Access| live.scope.iter().any(|word| word == access.scope());
        // All connections of one person wait in one line.
        let person = live.account.uid.to_string();
        Self(Arc::new(Inner {
            id: live.id.to_string(),
            odoo: odoo.with_key(live.key.clone()).with_flow(&person),
            principal: principal(&live),
            access: Access::ALL.into_iter().filter(granted).collect(),
            // There is one Odoo behind a server, so its number for the person is enough.
            person: live.account.uid.to_string(),
            live: Some(live),
        }))
    }

    /// What was consented to, unless the grant is this machine's own user.
    #[must_use]
    pub fn live(&self) -> Option<&LiveGrant> {
        self.0.live.as_deref()
    }

    /// Its name; no secret.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.0.id
    }

    /// The client that speaks to Odoo as this person.
    #[must_use]
    pub fn odoo(&self) -> &Odoo {
        &self.0.odoo
    }

    /// What the person agreed to.
    #[must_use]
    pub fn access(&self) -> &[Access] {
        &self.0.access
    }
}

impl Caller for Grant {
    fn principal(&self) -> &str {
        &self.0.principal
    }

    fn person(&self) -> &str {
        &self.0.person
    }
}

/// The person and the client, but not the grant: who signs in anew with the same client is the
/// same. Personal tokens name no client, so all of a person's are one: a new one in the place of
/// an old one goes on where that ended.
fn principal(live: &LiveGrant) -> String {
    let client = match live.kind {
        GrantKind::OAuth => live.client_id.as_str(),
        GrantKind::Personal => "personal",
    };
    let account = &live.account;
    // No part but the last can hold a line break.
    format!(
        "{}\n{}\n{}\n{client}",
        account.base_url, account.database, account.uid
    )
}

impl fmt::Debug for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Grant")
            .field("id", &self.0.id)
            .field("access", &self.0.access)
            .finish_non_exhaustive()
    }
}
