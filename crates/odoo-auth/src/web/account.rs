//! `/account`: a person's connections, and the button that ends one.
//!
//! Not for operators (`grants list`). Signing in here makes no key and sets no cookie: the page
//! with the list carries who signed in, sealed, for ten minutes and no longer, whatever is done on
//! it.

use std::str::FromStr;

use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::{
    Answer, Inner, answer,
    credentials::{self, Field, Progress, Proven, Trouble},
    incoming::Incoming,
    page::{self, AccountPage, AccountStep, Connection},
    transaction::PageForm,
};
use crate::{
    Account, DeadReason, GrantFilter, GrantId, GrantState, GrantSummary, SealError, clock,
};

const PURPOSE: &str = "account";
/// What people are told when keys were renewed along with their sign-in.
const RENEWED: &str = "Keys that were about to expire have been renewed. A connection takes its new \
                       key over when it is used next.";
/// How long somebody has for signing in, and then for looking at the list.
const OPEN: SignedDuration = SignedDuration::from_mins(10);

/// What the page's form carries, sealed.
#[derive(Debug, Deserialize, Serialize)]
struct Visit {
    /// Ties the second factor to the password before it.
    id: GrantId,
    /// Who signed in, once somebody has.
    account: Option<Account>,
    /// When the page is over. Sealing it again, as each answer does, does not move that.
    until: Timestamp,
}

impl Inner {
    pub(super) fn show_account(&self, _: &Incoming) -> Answer {
        let Ok(id) = GrantId::fresh(self.provider.entropy()) else {
            return out_of_order();
        };
        let visit = Visit {
            id,
            account: None,
            until: self.open_until(),
        };
        self.account_page(&visit, AccountStep::Credentials { login: "" }, Ok(None))
    }

    pub(super) async fn post_account(&self, request: &Incoming) -> Answer {
        let form = PageForm::read(request);
        let ours = request.is_from_our_page(self.provider.policy());
        let Some(form) = form.filter(|_| ours) else {
            let text = "This is not the form of the account page.";
            return page::message(StatusCode::FORBIDDEN, "Not this page's form", text);
        };
        let mut visit: Visit = match self.provider.unseal(PURPOSE, &form.request) {
            Ok(visit) => visit,
            Err(SealError::Expired) => return answer::see_other("/account"),
            Err(SealError::Broken) => return not_ours(),
            Err(SealError::Crypto(_)) => return out_of_order(),
        };
        if let Some(account) = visit.account.clone() {
            let ended = self.end(&account, &form.grant).await;
            return self.connections(&visit, &account, ended).await;
        }
        match self.identify(request, &form, &visit).await {
            Ok(Some((account, notice))) => {
                visit.account = Some(account.clone());
                visit.until = self.open_until();
                self.connections(&visit, &account, Ok(notice)).await
            }
            Ok(None) => self.account_page(&visit, AccountStep::Code, Ok(None)),
            Err(trouble) if trouble.field == Field::Code => {
                self.account_page(&visit, AccountStep::Code, Err(&trouble))
            }
            Err(trouble) => {
                let step = AccountStep::Credentials { login: &form.login };
                self.account_page(&visit, step, Err(&trouble))
            }
        }
    }

    async fn identify(
        &self,
        request: &Incoming,
        form: &PageForm,
        visit: &Visit,
    ) -> Result<Option<(Account, Option<&'static str>)>, Trouble> {
        match self
            .prove(form, request.address, &visit.id.to_string())
            .await?
        {
            Progress::CodeWanted => Ok(None),
            Progress::Proven(proven) => {
                let account = self.account(&proven).await?;
                let Proven::Session(session) = proven else {
                    return Ok(Some((account, None)));
                };
                let renewed = self.renew_keys(&session, &account).await;
                session.close().await;
                Ok(Some((account, (renewed > 0).then_some(RENEWED))))
            }
        }
    }

    /// Ends a connection of this account, and of no other.
    async fn end(&self, account: &Account, grant: &str) -> Result<Option<&'static str>, Trouble> {
        let unavailable = || Trouble::new(503, Field::Other, "It cannot be ended right now.");
        let grants = self.provider.grants();
        let own = grants.list(of(account)).await.map_err(|_| unavailable())?;
        let wanted = GrantId::from_str(grant).ok();
        let Some(known) = own.iter().find(|known| Some(known.id) == wanted) else {
            return Err(Trouble::new(
                400,
                Field::Other,
                "There is no such connection of yours.",
            ));
        };
        let ended = grants.revoke(&known.id, DeadReason::RevokedByUser).await;
        ended.map_err(|_| unavailable())?;
        Ok(Some(
            "The connection has ended and its key is destroyed here. You can also delete the key \
             in Odoo: My Preferences, Security.",
        ))
    }

    async fn connections(
        &self,
        visit: &Visit,
        account: &Account,
        outcome: Result<Option<&'static str>, Trouble>,
    ) -> Answer {
        let Ok(grants) = self.provider.grants().list(of(account)).await else {
            return out_of_order();
        };
        let alive = grants
            .iter()
            .filter(|grant| matches!(grant.state, GrantState::Active));
        let connections = alive.map(connection).collect();
        let step = AccountStep::Connections {
            name: &account.name,
            connections,
        };
        self.account_page(visit, step, outcome.as_ref().map(|notice| *notice))
    }

    fn open_until(&self) -> Timestamp {
        clock::after(self.provider.clock().now(), OPEN)
    }

    fn account_page(
        &self,
        visit: &Visit,
        step: AccountStep<'_>,
        outcome: Result<Option<&'static str>, &Trouble>,
    ) -> Answer {
        let Ok(sealed) = self.provider.seal(PURPOSE, visit.until, visit) else {
            return out_of_order();
        };
        let trouble = outcome.err();
        let page = AccountPage {
            odoo: &self.settings.odoo_label,
            request: &sealed,
            step,
            trouble: trouble.map(|trouble| trouble.message.as_str()),
            notice: outcome.ok().flatten(),
            key_open: trouble.is_some_and(|trouble| trouble.field == Field::Key),
        };
        page::render(trouble, &page, "")
    }
}

fn of(account: &Account) -> GrantFilter {
    GrantFilter::of(account)
}

fn connection(grant: &GrantSummary) -> Connection {
    let or_never = |at: Option<_>| at.map_or_else(|| "never".to_owned(), credentials::day);
    Connection {
        grant: grant.id.to_string(),
        client: grant.client_name.clone(),
        since: credentials::day(grant.created_at),
        last_used: or_never(grant.last_used_at),
        key: or_never(grant.key_expires_at),
        scopes: page::in_words(&grant.scope),
    }
}

fn not_ours() -> Answer {
    let text = "This form is damaged, or of an earlier time of this server. Open your account page \
                again.";
    page::message(StatusCode::BAD_REQUEST, "Not this page's form", text)
}

fn out_of_order() -> Answer {
    let text = "This page does not work right now. Open it again in a minute.";
    page::message(StatusCode::SERVICE_UNAVAILABLE, "Out of order", text)
}
