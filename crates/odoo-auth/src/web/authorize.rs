//! `/authorize`: the page on which a person signs in to Odoo and allows a client what it may do.
//!
//! Not for judging the request (`crate::authorize`). Credentials and consent are one form, and no
//! browser is remembered, so there is no signed-in state that another site could make use of.

use std::sync::Arc;

use http::StatusCode;

use super::{
    Answer, Inner, answer,
    credentials::{Field, Progress, Trouble},
    incoming::Incoming,
    limits::network,
    page::{self, AuthorizePage, Step},
    transaction::{PENDING, PageForm},
};
use crate::{
    AuthorizeError, AuthorizeRequest, Client, ClientLookup, Consent, ConsentError, DocumentUrl,
    FetchError, OAuthError, Pending, Scope, scope,
};

/// Why a client is not known.
const UNKNOWN_CLIENT: &str = "This server does not know the application that sent you here. \
                              Remove the connection in the application and add it again.";

impl Inner {
    /// RFC 6749 section 4.1.1.
    pub(super) async fn show_authorize(&self, request: &Incoming) -> Answer {
        let parsed = match AuthorizeRequest::parse(&request.query) {
            Ok(parsed) => parsed,
            Err(error) => return refused(&error.to_string()),
        };
        let client = match self.client(&parsed.client_id, request).await {
            Ok(client) => client,
            Err(answer) => return answer,
        };
        let pending = match self.provider.authorize(&parsed, &client) {
            Ok(pending) => pending,
            Err(AuthorizeError::Shown(error)) => return refused(&error.to_string()),
            Err(AuthorizeError::Redirect(error)) => return answer::see_other(&error.location()),
        };
        let ticked: Vec<&str> = pending
            .scope
            .iter()
            .filter(|word| !self.unticked(word))
            .collect();
        let mut answer = self.form(&pending, &ticked, Step::Credentials { login: "" }, None);
        answer::set_cookie(&mut answer, &self.cookie(&pending));
        answer
    }

    /// The form comes back.
    pub(super) async fn post_authorize(&self, request: &Incoming) -> Answer {
        let Some(form) = PageForm::read(request) else {
            return refused("This is not the form of the sign-in page.");
        };
        let pending = match self.transaction(request, &form) {
            Ok(pending) => pending,
            Err(lost) => return lost.page(),
        };
        let outcome = match form.decision.as_str() {
            "deny" => {
                self.forget(&pending.cookie).await;
                Ok(Some(self.provider.deny(&pending)))
            }
            "allow" => self.connect(request, &form, &pending).await,
            _ => Err(Trouble::new(400, Field::Other, "Choose Allow or Cancel.")),
        };
        let ticked: Vec<&str> = form.scopes.iter().map(String::as_str).collect();
        match outcome {
            Ok(Some(location)) => {
                let mut answer = answer::see_other(&location);
                answer::set_cookie(&mut answer, &self.no_cookie(&pending));
                answer
            }
            Ok(None) => self.form(&pending, &ticked, Step::Code, None),
            Err(trouble) => {
                let step = match trouble.field {
                    Field::Code => Step::Code,
                    _ => Step::Credentials { login: &form.login },
                };
                self.form(&pending, &ticked, step, Some(&trouble))
            }
        }
    }

    /// Proves, makes the key, records the consent. Nothing when Odoo wants a code first.
    async fn connect(
        &self,
        request: &Incoming,
        form: &PageForm,
        pending: &Pending,
    ) -> Result<Option<String>, Trouble> {
        let scope = scope::of(form.scopes.iter().map(String::as_str));
        if scope::is_empty(&scope) {
            let text = "Tick at least one thing that the application may do.";
            return Err(Trouble::new(400, Field::Other, text));
        }
        // Before a key is made that nobody would use.
        if !scope.allow_access(&pending.scope) {
            return Err(consent_trouble(&ConsentError::ScopeNotRequested));
        }
        let visit = self
            .visits
            .get_with(pending.grant, async { Arc::default() });
        let visit = visit.await;
        let mut used = visit.lock().await;
        if *used {
            return Err(consent_trouble(&ConsentError::AlreadyUsed));
        }
        let proven = match self.prove(form, request.address, &pending.cookie).await? {
            Progress::Proven(proven) => proven,
            Progress::CodeWanted => return Ok(None),
        };
        let account = self.account(&proven).await?;
        let obtained = self.key(proven, &pending.key_name()).await?;
        let (key, rest) = obtained.split();
        let consent = Consent {
            scope,
            account: account.clone(),
            key,
        };
        let consented = self.provider.consent(pending, consent).await;
        *used = consented.is_ok();
        self.settle(rest, &account, consented.is_ok()).await;
        let location = consented.map_err(|error| consent_trouble(&error))?;
        let (grant, client) = (pending.grant.short(), &pending.client_name);
        tracing::info!(%grant, client, login = account.login, "connected");
        Ok(Some(location))
    }

    /// The client of a request, fetched when it is a document that is not known yet.
    async fn client(&self, id: &str, request: &Incoming) -> Result<Client, Answer> {
        let unavailable = |error: OAuthError| unavailable(&error.description);
        let url = match self.provider.find_client(id).await.map_err(unavailable)? {
            ClientLookup::Known(client) => return Ok(client),
            ClientLookup::Unknown => return Err(refused(UNKNOWN_CLIENT)),
            ClientLookup::Fetch(url) => url,
        };
        let fetched = match self.fetcher.remembered(&url).await {
            Some(remembered) => remembered,
            None => self.fetch(&url, request).await?,
        };
        let body = fetched.map_err(|error| match error {
            FetchError::Busy => unavailable_for_now(),
            _ => refused(&format!("It cannot be said who wants to connect: {error}.")),
        })?;
        let admitted = self.provider.admit_document(&url, &body);
        admitted.map_err(|error| refused(&format!("The application is not admitted: {error}.")))
    }

    /// Fetches a document. One that somebody allowed something before goes first and is not
    /// counted: strangers' documents must not keep people from theirs.
    async fn fetch(
        &self,
        url: &DocumentUrl,
        request: &Incoming,
    ) -> Result<Result<Arc<[u8]>, FetchError>, Answer> {
        let unavailable = |error: OAuthError| unavailable(&error.description);
        if self.provider.was_allowed(url).await.map_err(unavailable)? {
            return Ok(self.fetcher.fetch_first(url).await);
        }
        let (network, now) = (network(request.address), self.provider.clock().now());
        let taken = self.limit(|limits| limits.documents.take(network, now));
        taken.map_err(|wait| {
            let mut answer = unavailable_for_now();
            answer::retry_after(&mut answer, wait);
            answer
        })?;
        Ok(self.fetcher.fetch(url).await)
    }

    fn form(
        &self,
        pending: &Pending,
        ticked: &[&str],
        step: Step<'_>,
        trouble: Option<&Trouble>,
    ) -> Answer {
        let Ok(sealed) = self.provider.seal(PENDING, pending.expires_at, pending) else {
            return unavailable("no randomness");
        };
        let page = AuthorizePage {
            client: &pending.client_name,
            redirect_host: pending.redirect_host(),
            loopback: pending.redirects_locally(),
            odoo: &self.settings.odoo_label,
            request: &sealed,
            scopes: page::boxes(&pending.scope, ticked),
            step,
            trouble: trouble.map(|trouble| trouble.message.as_str()),
            key_open: trouble.is_some_and(|trouble| trouble.field == Field::Key),
        };
        page::render(trouble, &page, &form_action(pending))
    }

    fn unticked(&self, word: &str) -> bool {
        let unticked: &Scope = &self.settings.unticked;
        unticked.iter().any(|other| other == word)
    }
}

/// Where the form may lead besides here. Browsers hold each redirect that follows against it, and
/// Claude's two names redirect to each other; they know no IPv6 addresses there, only the scheme.
fn form_action(pending: &Pending) -> String {
    match pending.redirect_origin() {
        origin if origin.ends_with("://claude.ai") || origin.ends_with("://claude.com") => {
            " https://claude.ai https://claude.com".to_owned()
        }
        origin if origin.starts_with("http://[") => " http:".to_owned(),
        origin => format!(" {origin}"),
    }
}

fn refused(text: &str) -> Answer {
    page::message(StatusCode::BAD_REQUEST, "This sign-in cannot go on", text)
}

fn unavailable(reason: &str) -> Answer {
    tracing::warn!(reason, "no sign-in page");
    let text = "The server cannot make a sign-in page right now. Connect again in a minute.";
    page::message(StatusCode::SERVICE_UNAVAILABLE, "Out of order", text)
}

fn unavailable_for_now() -> Answer {
    let text = "Too many new applications at once. Connect again in a minute.";
    page::message(StatusCode::SERVICE_UNAVAILABLE, "Try again soon", text)
}

fn consent_trouble(error: &ConsentError) -> Trouble {
    let status = match error {
        ConsentError::Crypto(_) | ConsentError::Store(_) => 503,
        _ => 400,
    };
    Trouble::new(status, Field::Other, error.to_string())
}
