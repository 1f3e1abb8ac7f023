//! `/authorize`: the page on which a person signs in to Odoo and allows a client what it may do.
//!
//! Not for judging the request (`crate::authorize`). Credentials and consent are one form, and no
//! browser is remembered, so there is no signed-in state that another site could make use of.

use std::sync::Arc;

use http::StatusCode;
use secrecy::ExposeSecret;
use url::Url;

use super::{
    Answer, Inner, answer,
    credentials::{Field, Progress, Trouble},
    incoming::Incoming,
    limits::network,
    page::{self, AuthorizePage, Step},
    transaction::{PENDING, PageForm},
    visit::{REPEATABLE, Sent},
};
use crate::{
    AuthorizeError, AuthorizeRequest, Client, ClientLookup, Consent, ConsentError, DeadReason,
    DocumentUrl, FetchError, GrantFilter, GrantState, OAuthError, Pending, Scope, scope,
};

/// Why a client is not known.
const UNKNOWN_CLIENT: &str = "This server does not know the application that sent you here. \
                              Remove the connection in the application and add it again.";

/// The scheme by which Claude's own programs are called from a browser: the callbacks of Claude's
/// desktop app answer with a redirect to it.
const CLAUDES_SCHEME: &str = "claude:";

/// What came of a form.
enum Outcome {
    /// On to the client.
    Redirect(String),
    /// Odoo wants a code first.
    CodeWanted,
    /// The same form has made a connection that works already.
    Connected,
}

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
        let pending = match self.transaction(request, &form).await {
            Ok(pending) => pending,
            Err(lost) => return lost.page(),
        };
        let outcome = match form.decision.as_str() {
            "deny" => self.deny(&pending).await,
            "allow" => self.connect(request, &form, &pending).await,
            _ => Err(Trouble::new(400, Field::Other, "Choose Allow or Cancel.")),
        };
        let ticked: Vec<&str> = form.scopes.iter().map(String::as_str).collect();
        match outcome {
            Ok(Outcome::Redirect(location)) => {
                let mut answer = answer::see_other(&location);
                answer::set_cookie(&mut answer, &self.fading_cookie(&pending));
                answer
            }
            Ok(Outcome::Connected) => connected(&pending),
            Ok(Outcome::CodeWanted) => self.form(&pending, &ticked, Step::Code, None),
            Err(trouble) => {
                let step = match trouble.field {
                    Field::Code => Step::Code,
                    _ => Step::Credentials { login: &form.login },
                };
                self.form(&pending, &ticked, step, Some(&trouble))
            }
        }
    }

    /// The person says no; also to what the same form has just allowed.
    async fn deny(&self, pending: &Pending) -> Result<Outcome, Trouble> {
        self.forget(&pending.cookie).await;
        let visit = self.visits.of(pending.grant).await;
        if visit.lock().await.is_some() {
            let ended = self.provider.grants();
            let ended = ended.revoke(&pending.grant, DeadReason::RevokedByUser);
            ended.await.map_err(|error| {
                tracing::warn!(%error, "a connection that was taken back lives on");
                let text = "It cannot be taken back right now. End it on your account page.";
                Trouble::new(503, Field::Other, text)
            })?;
        }
        Ok(Outcome::Redirect(self.provider.deny(pending)))
    }

    /// Proves, makes the key, records the consent.
    async fn connect(
        &self,
        request: &Incoming,
        form: &PageForm,
        pending: &Pending,
    ) -> Result<Outcome, Trouble> {
        // Before a key is made that nobody would use.
        let scope = allowed(form, pending)?;
        let visit = self.visits.of(pending.grant).await;
        let mut sent = visit.lock().await;
        if let Some(sent) = &*sent {
            return self.again(pending, sent).await;
        }
        let proven = match self.prove(form, request.address, &pending.cookie).await? {
            Progress::Proven(proven) => proven,
            Progress::CodeWanted => return Ok(Outcome::CodeWanted),
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
        self.settle(rest, &account, consented.is_ok()).await;
        let location = consented.map_err(|error| consent_trouble(&error))?;
        let (grant, client) = (pending.grant.short(), &pending.client_name);
        tracing::info!(%grant, client, login = account.login, "connected");
        *sent = Some(Sent {
            location: location.clone().into(),
            account,
            at: self.provider.clock().now(),
        });
        Ok(Outcome::Redirect(location))
    }

    /// The same browser sends a form again that has made a connection: a double click, of which
    /// browsers show the last answer only. Until the client has fetched its tokens that is the
    /// first answer once more; then a second code would only do harm.
    async fn again(&self, pending: &Pending, sent: &Sent) -> Result<Outcome, Trouble> {
        let used = || consent_trouble(&ConsentError::AlreadyUsed);
        let grants = self.provider.grants();
        let own = grants.list(GrantFilter::of(&sent.account)).await;
        let own = own.map_err(|error| consent_trouble(&ConsentError::Store(error)))?;
        let made = own.iter().find(|grant| grant.id == pending.grant);
        let since = self.provider.clock().now().duration_since(sent.at);
        match made.map(|grant| &grant.state) {
            Some(GrantState::Active) => Ok(Outcome::Connected),
            // Grants are listed from their first tokens on.
            None | Some(GrantState::Pending) if since <= REPEATABLE => {
                let location = sent.location.expose_secret().to_owned();
                Ok(Outcome::Redirect(location))
            }
            _ => Err(used()),
        }
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

/// Where the form may lead besides here. Browsers hold each redirect that follows against it:
/// Claude's two names redirect to each other, and Claude's programs are called back by their own
/// scheme. Of IPv6 addresses and of schemes without a host only the scheme can be named.
fn form_action(pending: &Pending) -> String {
    let scheme = Url::parse(&pending.redirect_uri).map(|url| url.scheme().to_owned());
    match (pending.redirect_origin(), scheme) {
        (origin, _) if origin.ends_with("://claude.ai") || origin.ends_with("://claude.com") => {
            format!(" https://claude.ai https://claude.com {CLAUDES_SCHEME}")
        }
        (origin, _) if origin.starts_with("http://[") => " http:".to_owned(),
        (origin, Ok(scheme)) if origin == "null" => format!(" {scheme}:"),
        (origin, _) if pending.client_id.starts_with("https://claude.ai/") => {
            format!(" {origin} {CLAUDES_SCHEME}")
        }
        (origin, _) => format!(" {origin}"),
    }
}

/// What was ticked.
fn allowed(form: &PageForm, pending: &Pending) -> Result<Scope, Trouble> {
    let scope = scope::of(form.scopes.iter().map(String::as_str));
    if scope::is_empty(&scope) {
        let text = "Tick at least one thing that the application may do.";
        return Err(Trouble::new(400, Field::Other, text));
    }
    match scope.allow_access(&pending.scope) {
        true => Ok(scope),
        false => Err(consent_trouble(&ConsentError::ScopeNotRequested)),
    }
}

fn connected(pending: &Pending) -> Answer {
    let text = format!(
        "{} is connected to Odoo. You can close this page.",
        pending.client_name
    );
    page::notice("Connected", &text)
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
