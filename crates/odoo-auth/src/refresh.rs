//! Refreshing (RFC 6749 section 6, RFC 9700 section 4.14.2): a refresh token becomes a new pair.
//!
//! The judgement is a pure function. Answers get lost on phones, and two services of one client may
//! refresh at once, so:
//!
//! * While nobody has used the successor pair, its predecessor is still good. Within ten seconds it
//!   gets *the same* pair again, so that two requests in a race end with one pair; later, the unused
//!   pair is deleted and another takes its place. There is never a second branch.
//! * For two minutes after the successor was first used, its predecessor still gets that same pair:
//!   several processes of one client share what they keep, and one may have missed the refresh. A
//!   refusal would make it throw away what the others use (docs/decisions/0013).
//!   An older token is merely refused within that time.
//! * After that, presenting either again is theft or a copy: the grant ends.

use std::sync::Arc;

use jiff::Timestamp;
use oxide_auth::primitives::scope::Scope;
use secrecy::{ExposeSecret, SecretString};

use crate::{
    clock,
    crypto::KEY_LEN,
    error::{ErrorCode, OAuthError},
    exchange::{Minted, answer, refused},
    grant::{DeadReason, GrantRecord},
    pair::{Pair, PairState, StoredToken},
    policy::Lifetimes,
    realm::{LiveGrant, Realm},
    sealed::DataKey,
    store::Rotation,
    token::{Token, TokenKind},
    tokens::Issued,
};

/// How often somebody else may rotate the pair while it is being rotated.
const PATIENCE: usize = 4;

/// A refresh token with what may come with it.
pub(crate) struct RefreshRequest<'a> {
    pub(crate) client_id: &'a str,
    pub(crate) token: &'a SecretString,
    pub(crate) scope: Option<&'a str>,
}

/// What a presented refresh token deserves.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// A successor.
    Rotate,
    /// The successor that it got, as it is: unused moments ago, or in use by now.
    Again([u8; KEY_LEN]),
    /// Another successor in the place of the unused one.
    Reissue([u8; KEY_LEN]),
    /// Nothing, and no effect.
    Refuse(&'static str),
    /// Nothing, and the end of the grant.
    Reused,
}

/// Judges a presented refresh token.
pub(crate) fn judge(
    client_id: &str,
    pair: &Pair,
    grant: &GrantRecord,
    lifetimes: &Lifetimes,
    now: Timestamp,
) -> Verdict {
    let Some(token) = &pair.refresh else {
        return Verdict::Refuse("the token is unknown");
    };
    if client_id != grant.terms.client_id {
        return Verdict::Refuse("the token is unknown");
    }
    if !grant.is_active() || token.expires_at <= now {
        return Verdict::Refuse("the connection has ended; sign in again");
    }
    let racing = |at| now <= clock::after(at, lifetimes.race);
    let shared = |at| lifetimes.reuse.is_positive() && now <= clock::after(at, lifetimes.reuse);
    match pair.state {
        PairState::Issued | PairState::Live => Verdict::Rotate,
        PairState::Rotated { at, salt } if racing(at) => Verdict::Again(salt),
        PairState::Rotated { salt, .. } => Verdict::Reissue(salt),
        PairState::Spent {
            at,
            salt: Some(salt),
        } if shared(at) => Verdict::Again(salt),
        PairState::Spent { at, .. } if racing(at) || shared(at) => {
            Verdict::Refuse("the token was refreshed a moment ago; use the newer one")
        }
        PairState::Spent { .. } => Verdict::Reused,
    }
}

/// A pair that is being replaced, opened.
struct Opened<'a> {
    token: &'a Token,
    stored: StoredToken,
    generation: i64,
    live: LiveGrant,
    data_key: DataKey,
}

impl Realm {
    /// Refreshes.
    pub(crate) async fn refresh(&self, request: &RefreshRequest<'_>) -> Result<Issued, OAuthError> {
        let unknown = || OAuthError::invalid_grant("the token is unknown");
        let token = Token::parse(TokenKind::Refresh, request.token.expose_secret());
        let token = token.ok_or_else(unknown)?;
        let digests = self.vault.keys.digests(token.secret());
        for _ in 0..PATIENCE {
            let found = self.store.find_by_refresh(digests.clone()).await?;
            let (pair, grant) = found.ok_or_else(unknown)?;
            let now = self.now();
            let verdict = judge(
                request.client_id,
                &pair,
                &grant,
                &self.policy.lifetimes,
                now,
            );
            match &verdict {
                Verdict::Refuse(text) => return Err(OAuthError::invalid_grant(text)),
                Verdict::Reused => {
                    self.end(grant.id, DeadReason::RefreshReused).await?;
                    return Err(OAuthError::invalid_grant("the token was used already"));
                }
                _ => within(request.scope, &grant.terms.scope)?,
            }
            let issued = match verdict {
                Verdict::Again(salt) => self.tell_again(&token, &pair, &salt, now).await?,
                _ => {
                    let opened = self.open_pair(&token, &pair, grant).await?;
                    self.succeed(&opened, &verdict, now).await?
                }
            };
            if let Some(issued) = issued {
                return Ok(issued);
            }
        }
        Err(OAuthError::unavailable())
    }

    /// The tokens of the head, once more, for the refresh token before it: they are derived from
    /// it, and the head's own tells what they open. Nothing when the head has changed meanwhile.
    async fn tell_again(
        &self,
        token: &Token,
        pair: &Pair,
        salt: &[u8; KEY_LEN],
        now: Timestamp,
    ) -> Result<Option<Issued>, OAuthError> {
        let Some(stored) = &pair.refresh else {
            return Ok(None);
        };
        let (access, refresh) = self.vault.successors(token, &stored.kid, salt)?;
        let digests = self.vault.keys.digests(refresh.secret());
        let Some((head, grant)) = self.store.find_by_refresh(digests).await? else {
            return Ok(None);
        };
        let used = matches!(pair.state, PairState::Spent { .. });
        let expected = if used {
            PairState::Live
        } else {
            PairState::Issued
        };
        if head.state != expected {
            return Ok(None);
        }
        let ends = head.access.expires_at;
        let live = self.open_pair(&refresh, &head, grant).await?.live;
        if used {
            tracing::info!(grant = %live.id, "a refresh token came again after its successor was used");
        }
        Ok(Some(Issued {
            answer: answer(&live, (&access, &refresh), ends, now),
            grant: Arc::new(live),
            refreshed: true,
            at: now,
        }))
    }

    async fn open_pair<'a>(
        &self,
        token: &'a Token,
        pair: &Pair,
        grant: GrantRecord,
    ) -> Result<Opened<'a>, OAuthError> {
        let unknown = || OAuthError::invalid_grant("the token is unknown");
        let stored = pair.refresh.clone().ok_or_else(unknown)?;
        let generation = pair.generation;
        let data_key = self
            .vault
            .unwrap(token, &stored, pair.holder())
            .map_err(|error| refused(&grant, &error.into()))?;
        match self.open(grant.clone(), &data_key).await {
            Ok(live) => Ok(Opened {
                token,
                stored,
                generation,
                live,
                data_key,
            }),
            Err(error) => Err(refused(&grant, &error)),
        }
    }

    /// A successor; nothing when the pair has changed meanwhile.
    async fn succeed(
        &self,
        opened: &Opened<'_>,
        verdict: &Verdict,
        now: Timestamp,
    ) -> Result<Option<Issued>, OAuthError> {
        let salt = self.vault.entropy.bytes()?;
        let minted = self.derive(opened, &salt)?;
        let rotation = Rotation {
            from: opened.stored.digest,
            salt,
            successor: minted.pair,
            at: now,
        };
        let done = match verdict {
            Verdict::Reissue(old) => self.store.reissue_pair(rotation, *old).await?,
            _ => self.store.rotate_pair(rotation).await?,
        };
        let grant = Arc::new(opened.live.clone());
        Ok(done.then_some(Issued {
            answer: minted.answer,
            grant,
            refreshed: true,
            at: now,
        }))
    }

    fn derive(&self, opened: &Opened<'_>, salt: &[u8; KEY_LEN]) -> Result<Minted, OAuthError> {
        let (access, refresh) = self
            .vault
            .successors(opened.token, &opened.stored.kid, salt)?;
        let next = opened.generation + 1;
        self.mint(&opened.live, next, (&access, &refresh), &opened.data_key)
    }
}

/// A refresh may ask for less, never for more (RFC 6749 section 6). It gets what was granted, and
/// is told so.
fn within(asked: Option<&str>, granted: &Scope) -> Result<(), OAuthError> {
    let bad = || {
        OAuthError::new(
            ErrorCode::InvalidScope,
            "more was asked for than was granted",
        )
    };
    let Some(asked) = asked else { return Ok(()) };
    let asked: Scope = asked.parse().map_err(|_| bad())?;
    asked.allow_access(granted).then_some(()).ok_or_else(bad)
}
