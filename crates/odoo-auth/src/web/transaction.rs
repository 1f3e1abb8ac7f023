//! One visit of the sign-in page: what its form carries, and the cookie that ties it to a browser.
//!
//! Not for credentials. The server keeps nothing of a visit until its second factor is due; the
//! form holds the request, sealed, and the cookie a secret that is also inside the seal. A form that
//! was made for another browser therefore leads nowhere (security: login CSRF, confused deputy).

use http::StatusCode;
use secrecy::SecretString;
use url::form_urlencoded;

use super::{Answer, Inner, incoming::Incoming, page};
use crate::{Pending, SealError, same_secret};

/// What the seal of a pending request is for.
pub(super) const PENDING: &str = "pending";

/// The fields of our forms (`templates/`).
#[derive(Debug, Default)]
pub(super) struct PageForm {
    pub(super) request: String,
    pub(super) login: String,
    pub(super) password: Option<SecretString>,
    pub(super) totp: String,
    pub(super) api_key: Option<SecretString>,
    pub(super) scopes: Vec<String>,
    pub(super) decision: String,
    pub(super) grant: String,
}

/// For how long a cookie outlives its form, so that a second click is known to be the same
/// browser's; not shorter than forms are answered again (`visit.rs`).
const AFTERWARDS: i64 = 60;

/// Why a form belongs to no request.
#[derive(Clone, Copy, Debug)]
pub(super) enum Lost {
    /// The page was open for too long.
    TooLate,
    /// It has made a connection already, and this is another browser or much later.
    Used,
    /// It was made elsewhere, or for another browser.
    Foreign,
}

/// The longest login, password or key that is passed on to Odoo, in bytes.
const LONGEST: usize = 1024;

impl PageForm {
    /// Reads a form of ours; nothing when it is none.
    pub(super) fn read(request: &Incoming) -> Option<Self> {
        if !request.is_form() {
            return None;
        }
        let mut form = Self::default();
        for (name, value) in form_urlencoded::parse(&request.body) {
            let value = value.into_owned();
            let short = value.len() <= LONGEST && !value.contains('\0');
            match name.as_ref() {
                "request" => form.request = value,
                "scope" if form.scopes.len() < 20 => form.scopes.push(value),
                "decision" => form.decision = value,
                "grant" => form.grant = value,
                "login" if short => value.trim().clone_into(&mut form.login),
                "totp" if short => form.totp = value,
                // An empty field is one that was left alone.
                "password" if short && !value.is_empty() => form.password = Some(value.into()),
                "api_key" if short && !value.trim().is_empty() => {
                    form.api_key = Some(value.trim().into());
                }
                _ => {}
            }
        }
        Some(form)
    }
}

impl Inner {
    /// The cookie of a visit. Browsers accept the `__Host-` prefix, which keeps other hosts of a
    /// domain from setting it, over https only.
    pub(super) fn cookie(&self, pending: &Pending) -> String {
        let age = self.provider.policy().lifetimes.pending.as_secs();
        self.cookie_for(pending, age)
    }

    /// The cookie of a visit whose form did its work.
    pub(super) fn fading_cookie(&self, pending: &Pending) -> String {
        self.cookie_for(pending, AFTERWARDS)
    }

    fn cookie_for(&self, pending: &Pending, seconds: i64) -> String {
        let name = self.cookie_name(pending);
        let secure = if self.is_https() { "; Secure" } else { "" };
        format!(
            "{name}={}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}",
            pending.cookie
        )
    }

    /// The request that a form belongs to.
    pub(super) async fn transaction(
        &self,
        request: &Incoming,
        form: &PageForm,
    ) -> Result<Pending, Lost> {
        if !request.is_from_our_page(self.provider.policy()) {
            return Err(Lost::Foreign);
        }
        let unsealed = self.provider.unseal(PENDING, &form.request);
        let pending: Pending = unsealed.map_err(|error| match error {
            SealError::Expired => Lost::TooLate,
            _ => Lost::Foreign,
        })?;
        let cookie = request
            .cookie(&self.cookie_name(&pending))
            .unwrap_or_default();
        if same_secret(cookie, &pending.cookie) {
            return Ok(pending);
        }
        match self.visits.is_sent(&pending.grant).await {
            true => Err(Lost::Used),
            false => Err(Lost::Foreign),
        }
    }

    /// One cookie for each visit, so that two open pages do not disturb each other.
    fn cookie_name(&self, pending: &Pending) -> String {
        let prefix = if self.is_https() { "__Host-" } else { "" };
        format!("{prefix}omcp_txn_{}", pending.grant.short())
    }

    fn is_https(&self) -> bool {
        self.provider.policy().issuer.starts_with("https://")
    }
}

impl Lost {
    /// The page that says so.
    pub(super) fn page(self) -> Answer {
        match self {
            Self::TooLate => page::message(
                StatusCode::BAD_REQUEST,
                "Too late",
                "This page was open for too long. Connect again from the application.",
            ),
            Self::Used => page::message(
                StatusCode::BAD_REQUEST,
                "Used already",
                "This sign-in page was used already, and its answer was sent to the application. \
                 If it is not connected, connect again from there.",
            ),
            Self::Foreign => page::message(
                StatusCode::FORBIDDEN,
                "Not your sign-in",
                "This form does not belong to a sign-in that this browser has opened, or your \
                 browser does not accept cookies. Nothing was sent this time. Connect again from \
                 the application.",
            ),
        }
    }
}
