//! Revocation (RFC 7009): a client gives a token back.
//!
//! A refresh token, or the access token that belongs to the newest one, ends the grant; the access
//! token of an older pair ends alone. Another client's token is left as it is, and the answer does
//! not tell.

use secrecy::{ExposeSecret, SecretString};

use crate::{
    error::OAuthError,
    grant::{DeadReason, GrantRecord},
    pair::{Pair, PairState, StoredToken},
    realm::Realm,
    token::{Token, TokenKind},
    tokens::{read, required},
};

/// A revocation request as it came. The hint about the token's kind is not needed: tokens tell.
#[derive(Clone, Debug)]
pub struct RevokeRequest {
    pub(crate) token: SecretString,
    pub(crate) client_id: Option<String>,
}

impl RevokeRequest {
    /// Reads the form of `POST /revoke`.
    ///
    /// # Errors
    ///
    /// `invalid_request` when it is unreadable or has no token.
    pub fn parse(form: &[u8]) -> Result<Self, OAuthError> {
        let mut parameters = read(form)?;
        let token = required(&mut parameters, "token")?;
        Ok(Self {
            token,
            client_id: parameters.take("client_id"),
        })
    }
}

impl Realm {
    /// Revokes; the access token that ended alone, if one did, so that caches forget it.
    pub(crate) async fn give_back(
        &self,
        request: &RevokeRequest,
    ) -> Result<Option<Token>, OAuthError> {
        let text = request.token.expose_secret();
        let owned = |grant: &GrantRecord| {
            request
                .client_id
                .as_ref()
                .is_none_or(|client| *client == grant.terms.client_id)
        };
        if let Some(token) = Token::parse(TokenKind::Refresh, text) {
            let digests = self.vault.keys.digests(token.secret());
            let found = self.store.find_by_refresh(digests).await?;
            if let Some((_, grant)) = found.filter(|(_, grant)| owned(grant)) {
                self.end(grant.id, DeadReason::RevokedByClient).await?;
            }
        } else if let Some(token) = Token::parse(TokenKind::Access, text) {
            let digests = self.vault.keys.digests(token.secret());
            let found = self.store.find_by_access(digests).await?;
            if let Some((pair, grant)) = found.filter(|(_, grant)| owned(grant)) {
                return self.give_back_access(token, pair, grant).await;
            }
        }
        Ok(None)
    }

    async fn give_back_access(
        &self,
        token: Token,
        pair: Pair,
        grant: GrantRecord,
    ) -> Result<Option<Token>, OAuthError> {
        if matches!(pair.state, PairState::Issued | PairState::Live) {
            self.end(grant.id, DeadReason::RevokedByClient).await?;
            return Ok(None);
        }
        let ended = StoredToken {
            expires_at: self.now(),
            wrap: None,
            ..pair.access.clone()
        };
        self.store.rekey_access(pair, ended).await?;
        Ok(Some(token))
    }
}
