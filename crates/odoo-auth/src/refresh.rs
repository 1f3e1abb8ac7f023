//! Refreshing (RFC 6749 section 6, RFC 9700 section 4.14.2): a refresh token becomes a new pair.
//!
//! The judgement is a pure function. Answers get lost on phones, and two services of one client may
//! refresh at once, so:
//!
//! * While nobody has used the successor pair, its predecessor is still good. Within ten seconds it
//!   gets *the same* pair again, so that two requests in a race end with one pair; later, the unused
//!   pair is deleted and another takes its place. There is never a second branch.
//! * Once the successor has been used, presenting the predecessor again is theft or a copy: the
//!   grant ends. Only within ten seconds of that use it is merely refused: it may be the loser of a
//!   race.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use oxide_auth::primitives::scope::Scope;
use secrecy::{ExposeSecret, SecretString};

use crate::{
    clock,
    crypto::KEY_LEN,
    error::{ErrorCode, OAuthError},
    exchange::{Minted, refused},
    grant::{DeadReason, GrantRecord},
    pair::{Pair, PairState, StoredToken},
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
    /// The successor it got moments ago.
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
    race: SignedDuration,
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
    let racing = |at| now <= clock::after(at, race);
    match pair.state {
        PairState::Issued | PairState::Live => Verdict::Rotate,
        PairState::Rotated { at, salt } if racing(at) => Verdict::Again(salt),
        PairState::Rotated { salt, .. } => Verdict::Reissue(salt),
        PairState::Spent { at } if racing(at) => {
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
                self.policy.lifetimes.race,
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
            let opened = self.open_pair(&token, &pair, grant).await?;
            if let Some(issued) = self.succeed(&opened, &verdict, now).await? {
                return Ok(issued);
            }
        }
        Err(OAuthError::unavailable())
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

    /// Carries out the verdict; nothing when the pair has changed meanwhile.
    async fn succeed(
        &self,
        opened: &Opened<'_>,
        verdict: &Verdict,
        now: Timestamp,
    ) -> Result<Option<Issued>, OAuthError> {
        let salt = match verdict {
            Verdict::Again(salt) => *salt,
            _ => self.vault.entropy.bytes()?,
        };
        let (access, minted) = self.derive(opened, &salt)?;
        let successor = minted.pair;
        let rotation = Rotation {
            from: opened.stored.digest,
            salt,
            successor,
            at: now,
        };
        let mut answer = minted.answer;
        let done = match verdict {
            Verdict::Again(_) => {
                // The same pair is there already, with the end that it was given then.
                let digests = self.vault.keys.digests(access.secret());
                let there = self.store.find_by_access(digests).await?;
                let ends = there.map(|(pair, _)| pair.access.expires_at);
                let left = ends.map(|end| end.duration_since(now).as_secs().max(0));
                answer.expires_in = left.unwrap_or_default();
                left.is_some()
            }
            Verdict::Reissue(old) => self.store.reissue_pair(rotation, *old).await?,
            _ => self.store.rotate_pair(rotation).await?,
        };
        let grant = Arc::new(opened.live.clone());
        Ok(done.then_some(Issued {
            answer,
            grant,
            refreshed: true,
            at: now,
        }))
    }

    fn derive(
        &self,
        opened: &Opened<'_>,
        salt: &[u8; KEY_LEN],
    ) -> Result<(Token, Minted), OAuthError> {
        let (access, refresh) = self
            .vault
            .successors(opened.token, &opened.stored.kid, salt)?;
        let next = opened.generation + 1;
        let minted = self.mint(&opened.live, next, (&access, &refresh), &opened.data_key)?;
        Ok((access, minted))
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
