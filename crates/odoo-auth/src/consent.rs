//! Consent: a pending request, a person who signed in, and a fresh Odoo key become a grant with a
//! code.
//!
//! Not for checking passwords or minting keys: both happened before.

use jiff::{SignedDuration, Timestamp};
use oxide_auth::primitives::scope::Scope;
use secrecy::ExposeSecret;

use crate::{
    authorize::Pending,
    clock,
    crypto::CryptoError,
    grant::{Account, GrantKind, GrantRecord, GrantState, OdooKey, Terms},
    pair::Code,
    policy::Lifetimes,
    realm::Realm,
    scope,
    sealed::Holder,
    store::StoreError,
    token::{Token, TokenKind},
};

/// A key with less life than this is of no use.
const SHORTEST_KEY: SignedDuration = SignedDuration::from_mins(5);

/// What a person decided, and what for.
#[derive(Clone, Debug)]
pub struct Consent {
    /// What she allows: of what was asked for, what stayed ticked.
    pub scope: Scope,
    /// Who she is, as Odoo says.
    pub account: Account,
    /// The Odoo key of this grant.
    pub key: OdooKey,
}

/// Why there is no code.
#[derive(Debug, thiserror::Error)]
pub enum ConsentError {
    /// The page was open for too long.
    #[error(
        "This sign-in page was open for too long. Go back to the application and connect again."
    )]
    Expired,
    /// The page was sent twice.
    #[error(
        "This sign-in page was used already. If the application is not connected, connect again from there."
    )]
    AlreadyUsed,
    /// Nothing was allowed.
    #[error("Allow at least one of the permissions, or choose Deny.")]
    NoScope,
    /// More was allowed than was asked for.
    #[error("The application did not ask for one of these permissions.")]
    ScopeNotRequested,
    /// The Odoo key expires within minutes.
    #[error("This Odoo API key expires within five minutes. Make one that lasts longer.")]
    KeyTooShort,
    /// The system gave no randomness.
    #[error("The server cannot keep the connection right now. Try again in a moment.")]
    Crypto(#[from] CryptoError),
    /// The store does not answer.
    #[error("The server cannot keep the connection right now. Try again in a moment.")]
    Store(#[from] StoreError),
}

/// What a consent makes.
struct Made {
    grant: GrantRecord,
    code: Code,
    token: Token,
}

/// Checks a decision against what is pending.
fn check(pending: &Pending, consent: &Consent, now: Timestamp) -> Result<(), ConsentError> {
    let useful_until = clock::after(now, SHORTEST_KEY);
    if pending.expires_at <= now {
        Err(ConsentError::Expired)
    } else if scope::is_empty(&consent.scope) {
        Err(ConsentError::NoScope)
    } else if !consent.scope.allow_access(&pending.scope) {
        Err(ConsentError::ScopeNotRequested)
    } else if consent
        .key
        .expires_at
        .is_some_and(|end| end <= useful_until)
    {
        Err(ConsentError::KeyTooShort)
    } else {
        Ok(())
    }
}

impl Realm {
    /// Keeps the grant; the address to redirect to, with the code.
    pub(crate) async fn consent(
        &self,
        pending: &Pending,
        consent: Consent,
    ) -> Result<String, ConsentError> {
        let now = self.now();
        check(pending, &consent, now)?;
        let made = self.make(pending, consent, now)?;
        if !self.store.add_grant(made.grant, made.code).await? {
            return Err(ConsentError::AlreadyUsed);
        }
        // The grant is kept; that its client was used may be noted at the exchange instead.
        if let Err(error) = self.store.touch_client(&pending.client_id, now).await {
            tracing::warn!(%error, "a client's use was not noted");
        }
        let code = made.token.reveal();
        Ok(pending.granted(&self.policy.issuer, code.expose_secret()))
    }

    fn make(
        &self,
        pending: &Pending,
        consent: Consent,
        now: Timestamp,
    ) -> Result<Made, CryptoError> {
        let entropy = &self.vault.entropy;
        let secret = consent.key.secret.clone();
        let terms = terms(pending, consent, now);
        let data_key = entropy.key()?;
        let key = self
            .vault
            .seal_key((&pending.grant, &terms), &data_key, &secret)?;
        let token = Token::fresh(TokenKind::Code, entropy)?;
        let expires_at = clock::after(now, self.policy.lifetimes.code);
        let facts = [pending.redirect_uri.as_str(), pending.challenge.as_str()];
        let holder = Holder {
            grant: &pending.grant,
            generation: 0,
            facts: &facts,
        };
        let code = Code {
            grant: pending.grant,
            token: self
                .vault
                .store_token(&token, expires_at, holder, &data_key)?,
            redirect_uri: pending.redirect_uri.clone(),
            challenge: pending.challenge.clone(),
            used_at: None,
        };
        let grant = GrantRecord::new(pending.grant, terms, GrantState::Pending, key);
        Ok(Made { grant, code, token })
    }
}

fn terms(pending: &Pending, consent: Consent, now: Timestamp) -> Terms {
    Terms {
        kind: GrantKind::OAuth,
        client_id: pending.client_id.clone(),
        client_name: pending.client_name.clone(),
        account: consent.account,
        scope: consent.scope,
        resource: pending.resource.clone(),
        created_at: now,
        key_name: consent.key.name,
        key_expires_at: consent.key.expires_at.map(to_millis),
    }
}

impl Lifetimes {
    /// When the two tokens of a pair end that is made now for a key that expires then: never after
    /// the key. Nothing when there is no time left.
    pub(crate) fn ends(
        &self,
        now: Timestamp,
        key_expires_at: Option<Timestamp>,
    ) -> Option<(Timestamp, Timestamp)> {
        let key_end = key_expires_at.unwrap_or(Timestamp::MAX);
        let access = clock::after(now, self.access).min(clock::before(key_end, self.key_margin));
        let refresh = clock::after(now, self.refresh).min(key_end);
        (access > now).then_some((access, refresh))
    }
}

/// Cut to what the store keeps. The end of time itself does not come back from milliseconds.
pub(crate) fn to_millis(time: Timestamp) -> Timestamp {
    let last = clock::before(Timestamp::MAX, SignedDuration::from_secs(1));
    clock::from_millis(time.min(last).as_millisecond())
}
