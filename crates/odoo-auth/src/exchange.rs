//! Exchanging a code for the first pair of tokens (RFC 6749 section 4.1.3).
//!
//! The judgement is a pure function of request, code, grant and time. A code presented a second
//! time by the client and with the verifier that it belongs to ends the grant (RFC 6749 section
//! 4.1.2); presented by anybody else, it has no effect, or a stranger could end grants.

use std::sync::Arc;

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};

use crate::{
    error::OAuthError,
    grant::{DeadReason, GrantRecord, GrantState},
    pair::{Code, Pair, PairState},
    pkce,
    realm::{LiveGrant, OpenError, Realm},
    scope,
    sealed::{DataKey, Holder},
    token::{Token, TokenKind},
    tokens::{Issued, TokenAnswer},
};

/// A code with what must come with it.
pub(crate) struct CodeRequest<'a> {
    pub(crate) client_id: &'a str,
    pub(crate) code: &'a SecretString,
    pub(crate) redirect_uri: Option<&'a str>,
    pub(crate) verifier: Option<&'a SecretString>,
}

/// What a presented code deserves.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Tokens.
    Issue,
    /// No tokens, and no effect.
    Refuse(&'static str),
    /// No tokens, and the end of the grant.
    Replayed,
}

/// Two tokens and what the store keeps of them.
pub(crate) struct Minted {
    pub(crate) pair: Pair,
    pub(crate) answer: TokenAnswer,
}

/// Judges a presented code.
pub(crate) fn judge(
    request: &CodeRequest<'_>,
    code: &Code,
    grant: &GrantRecord,
    now: Timestamp,
) -> Verdict {
    let verifier = request.verifier.map(ExposeSecret::expose_secret);
    if request.client_id != grant.terms.client_id {
        Verdict::Refuse("the code is unknown")
    } else if request
        .redirect_uri
        .is_some_and(|uri| uri != code.redirect_uri)
    {
        Verdict::Refuse("the redirect_uri is not the one the code was sent to")
    } else if !pkce::verifies(&code.challenge, verifier) {
        Verdict::Refuse("the code_verifier does not match")
    } else if code.used_at.is_some() {
        Verdict::Replayed
    } else if code.token.expires_at <= now {
        Verdict::Refuse("the code has expired")
    } else if grant.state != GrantState::Pending {
        Verdict::Refuse("the code is unknown")
    } else {
        Verdict::Issue
    }
}

impl Realm {
    /// Exchanges a code.
    pub(crate) async fn exchange(&self, request: &CodeRequest<'_>) -> Result<Issued, OAuthError> {
        let unknown = || OAuthError::invalid_grant("the code is unknown");
        let token = Token::parse(TokenKind::Code, request.code.expose_secret());
        let token = token.ok_or_else(unknown)?;
        let digests = self.vault.keys.digests(token.secret());
        // The second round is for a code that was used between reading and consuming it.
        for _ in 0..2 {
            let found = self.store.find_code(digests.clone()).await?;
            let (code, grant) = found.ok_or_else(unknown)?;
            let now = self.now();
            match judge(request, &code, &grant, now) {
                Verdict::Refuse(text) => return Err(OAuthError::invalid_grant(text)),
                Verdict::Replayed => {
                    self.end(grant.id, DeadReason::CodeReplayed).await?;
                    return Err(OAuthError::invalid_grant("the code was used already"));
                }
                Verdict::Issue => {
                    if let Some(issued) = self.issue_first(&token, &code, grant, now).await? {
                        return Ok(issued);
                    }
                }
            }
        }
        Err(OAuthError::invalid_grant("the code was used already"))
    }

    /// The first pair; nothing when the code was consumed meanwhile.
    async fn issue_first(
        &self,
        token: &Token,
        code: &Code,
        grant: GrantRecord,
        now: Timestamp,
    ) -> Result<Option<Issued>, OAuthError> {
        let facts = [code.redirect_uri.as_str(), code.challenge.as_str()];
        let holder = Holder {
            grant: &grant.id,
            generation: 0,
            facts: &facts,
        };
        let data_key = self
            .vault
            .unwrap(token, &code.token, holder)
            .map_err(|error| refused(&grant, &error.into()))?;
        let id = grant.id;
        let live = match self.open(grant.clone(), &data_key).await {
            Ok(live) => live,
            Err(error) => return Err(refused(&grant, &error)),
        };
        let entropy = &self.vault.entropy;
        let access = Token::fresh(TokenKind::Access, entropy)?;
        let refresh = Token::fresh(TokenKind::Refresh, entropy)?;
        let minted = self.mint(&live, 1, (&access, &refresh), &data_key)?;
        if !self.store.consume_code(minted.pair, now).await? {
            return Ok(None);
        }
        tracing::info!(grant = %id, client = %live.client_id, uid = live.account.uid, "grant begins");
        Ok(Some(Issued {
            answer: minted.answer,
            grant: Arc::new(live),
            refreshed: false,
            at: now,
        }))
    }

    /// Prepares a pair for a grant.
    pub(crate) fn mint(
        &self,
        live: &LiveGrant,
        generation: i64,
        (access, refresh): (&Token, &Token),
        data_key: &DataKey,
    ) -> Result<Minted, OAuthError> {
        let now = self.now();
        let (access_ends, refresh_ends) = self
            .policy
            .lifetimes
            .ends(now, live.key_expires_at)
            .ok_or_else(|| OAuthError::invalid_grant("the Odoo key expires; sign in again"))?;
        let holder = Holder {
            grant: &live.id,
            generation,
            facts: &[],
        };
        let pair = Pair {
            grant: live.id,
            generation,
            state: PairState::Issued,
            access: self
                .vault
                .store_token(access, access_ends, holder, data_key)?,
            refresh: Some(
                self.vault
                    .store_token(refresh, refresh_ends, holder, data_key)?,
            ),
        };
        Ok(Minted {
            pair,
            answer: answer(live, (access, refresh), access_ends, now),
        })
    }
}

/// What a client is told of a pair.
pub(crate) fn answer(
    live: &LiveGrant,
    (access, refresh): (&Token, &Token),
    access_ends: Timestamp,
    now: Timestamp,
) -> TokenAnswer {
    TokenAnswer {
        access_token: access.reveal(),
        refresh_token: refresh.reveal(),
        scope: scope::canonical(&live.scope),
        expires_in: access_ends.duration_since(now).as_secs().max(0),
    }
}

/// What a client is told when its grant does not open.
pub(crate) fn refused(grant: &GrantRecord, error: &OpenError) -> OAuthError {
    match error {
        OpenError::Store(_) | OpenError::Crypto(_) => {
            tracing::error!(grant = %grant.id, %error, "a grant cannot be opened right now");
            OAuthError::unavailable()
        }
        OpenError::Ended => OAuthError::invalid_grant("the connection has ended; sign in again"),
        OpenError::Sealed(_) => {
            // Either somebody changed the row, or the key ring is another one.
            tracing::error!(grant = %grant.id, "a grant does not open; was the store changed?");
            OAuthError::invalid_grant("the connection cannot be opened; sign in again")
        }
    }
}
