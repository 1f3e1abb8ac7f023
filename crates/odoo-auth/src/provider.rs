//! The OAuth provider: one door to everything that a client or a sign-in page asks.
//!
//! Each method reads what is stored, lets a pure function judge, and carries the judgement out. Not
//! for HTTP: requests come parsed, answers go out as values.

use std::{fmt, sync::Arc};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use crate::{
    authorize::{self, AuthorizeError, AuthorizeRequest, Pending},
    client::Client,
    clock::{self, Clock},
    consent::{Consent, ConsentError},
    crypto::{CryptoError, Entropy},
    epoch::EpochError,
    error::OAuthError,
    exchange::CodeRequest,
    grants::Grants,
    keyring::KeyRing,
    policy::Policy,
    realm::Realm,
    refresh::RefreshRequest,
    revoke::RevokeRequest,
    sealed::Vault,
    store::{Cleaned, CleanupLimits, Store, StoreError},
    tokens::{Issued, Presented, TokenRequest},
};

/// How long a used code is remembered, so that a replay is recognised.
const CODE_MEMORY: SignedDuration = SignedDuration::from_hours(24);
/// How long a dead grant is listed.
const DEAD_MEMORY: SignedDuration = SignedDuration::from_hours(90 * 24);

/// The provider.
#[derive(Clone)]
pub struct Provider {
    pub(crate) realm: Arc<Realm>,
    grants: Grants,
}

/// Why a sealed form field does not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// It was changed, is of another form, or sealed under a key that is gone.
    #[error("This page does not belong to this server. Connect again from the application.")]
    Broken,
    /// It was open for too long.
    #[error("This page was open for too long. Go back to the application and connect again.")]
    Expired,
    /// The system gave no randomness.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
}

#[derive(Deserialize, Serialize)]
struct Sealed<T> {
    expires_at: Timestamp,
    content: T,
}

impl Provider {
    /// A provider over a store.
    pub fn new(
        store: Arc<dyn Store>,
        keys: KeyRing,
        policy: Policy,
        clock: Clock,
        entropy: Entropy,
    ) -> Self {
        let vault = Vault { keys, entropy };
        let realm = Arc::new(Realm::new(store, vault, policy, clock));
        Self {
            grants: Grants::new(Arc::clone(&realm)),
            realm,
        }
    }

    /// The settings.
    pub fn policy(&self) -> &Policy {
        &self.realm.policy
    }

    /// The clock.
    pub fn clock(&self) -> &Clock {
        &self.realm.clock
    }

    /// The random source.
    pub fn entropy(&self) -> &Entropy {
        &self.realm.vault.entropy
    }

    /// The key ring.
    pub fn keys(&self) -> &KeyRing {
        &self.realm.vault.keys
    }

    /// The grants.
    pub fn grants(&self) -> &Grants {
        &self.grants
    }

    /// Whether the store answers.
    ///
    /// # Errors
    ///
    /// When it does not.
    pub async fn ping(&self) -> Result<(), StoreError> {
        self.realm.store.ping().await
    }

    /// Judges an authorization request of a client that was found.
    ///
    /// # Errors
    ///
    /// To be shown, or to be sent to the client.
    pub fn authorize(
        &self,
        request: &AuthorizeRequest,
        client: &Client,
    ) -> Result<Pending, AuthorizeError> {
        authorize::authorize(
            request,
            client,
            self.policy(),
            self.entropy(),
            self.realm.now(),
        )
    }

    /// Seals what a form carries through the browser: nobody can read or change it, and it opens
    /// only for the same purpose and until it expires.
    ///
    /// # Errors
    ///
    /// When the system gives no randomness.
    pub fn seal<T: Serialize>(
        &self,
        purpose: &str,
        expires_at: Timestamp,
        content: &T,
    ) -> Result<String, SealError> {
        let plain = serde_json::to_vec(&Sealed {
            expires_at,
            content,
        });
        let plain = Zeroizing::new(plain.map_err(|_| SealError::Broken)?);
        Ok(URL_SAFE_NO_PAD.encode(self.realm.vault.seal_form(purpose, &plain)?))
    }

    /// Opens what a form brought back.
    ///
    /// # Errors
    ///
    /// When it was changed, is for another purpose, or has expired.
    pub fn unseal<T: DeserializeOwned>(&self, purpose: &str, sealed: &str) -> Result<T, SealError> {
        let sealed = URL_SAFE_NO_PAD
            .decode(sealed)
            .map_err(|_| SealError::Broken)?;
        let plain = self
            .realm
            .vault
            .open_form(purpose, &sealed)
            .map_err(|_| SealError::Broken)?;
        let opened: Sealed<T> = serde_json::from_slice(&plain).map_err(|_| SealError::Broken)?;
        if opened.expires_at <= self.realm.now() {
            return Err(SealError::Expired);
        }
        Ok(opened.content)
    }

    /// A person allowed it: keeps the grant, and gives the address to redirect to.
    ///
    /// # Errors
    ///
    /// When the page is too old or was used, the decision does not fit, or the store does not
    /// answer.
    pub async fn consent(
        &self,
        pending: &Pending,
        consent: Consent,
    ) -> Result<String, ConsentError> {
        self.realm.consent(pending, consent).await
    }

    /// A person denied it: the address to redirect to.
    pub fn deny(&self, pending: &Pending) -> String {
        pending.denied(&self.policy().issuer)
    }

    /// Answers a token request.
    ///
    /// # Errors
    ///
    /// As RFC 6749 section 5.2 and RFC 8707 name them.
    pub async fn token(&self, request: &TokenRequest) -> Result<Issued, OAuthError> {
        self.policy().audience(&request.resources)?;
        let record = self.recognise(&request.client_id).await?;
        let issued = self.issue(request).await?;
        if let Some(record) = record {
            self.note_client_use(&record).await;
        }
        Ok(issued)
    }

    async fn issue(&self, request: &TokenRequest) -> Result<Issued, OAuthError> {
        let client_id = request.client_id.as_str();
        match &request.presented {
            Presented::Code {
                code,
                redirect_uri,
                verifier,
            } => {
                let (redirect_uri, verifier) = (redirect_uri.as_deref(), verifier.as_ref());
                let request = CodeRequest {
                    client_id,
                    code,
                    redirect_uri,
                    verifier,
                };
                self.realm.exchange(&request).await
            }
            Presented::Refresh { token, scope } => {
                let request = RefreshRequest {
                    client_id,
                    token,
                    scope: scope.as_deref(),
                };
                self.realm.refresh(&request).await
            }
        }
    }

    /// Takes a token back (RFC 7009). An unknown token is no error.
    ///
    /// # Errors
    ///
    /// `temporarily_unavailable` when the store does not answer.
    pub async fn revoke(&self, request: &RevokeRequest) -> Result<(), OAuthError> {
        if let Some(token) = self.realm.give_back(request).await? {
            self.grants.forget(&token).await;
        }
        Ok(())
    }

    /// Housekeeping, to be called about once a minute: writes down last uses and deletes what has
    /// expired.
    ///
    /// # Errors
    ///
    /// When the store does not answer.
    pub async fn maintain(&self) -> Result<Cleaned, StoreError> {
        self.keep_epoch().await?;
        self.grants.note_use().await?;
        let (now, policy) = (self.realm.now(), self.policy());
        let limits = CleanupLimits {
            now,
            unused_clients_before: clock::before(now, policy.registration.unused),
            idle_clients_before: clock::before(now, policy.registration.idle),
            pending_before: clock::before(now, policy.lifetimes.pending),
            salts_before: clock::before(now, policy.lifetimes.reuse),
            codes_before: clock::before(now, CODE_MEMORY),
            dead_before: clock::before(now, DEAD_MEMORY),
        };
        let cleaned = self.realm.store.cleanup(limits).await?;
        for id in &cleaned.ended {
            self.realm.ended.insert(*id, ()).await;
        }
        Ok(cleaned)
    }

    /// A database may be put back while servers run.
    async fn keep_epoch(&self) -> Result<(), StoreError> {
        match self.enter_epoch().await {
            Ok(_) => Ok(()),
            Err(EpochError::Store(error)) => Err(error),
            Err(error) => {
                tracing::error!(%error, "the key ring is to be replaced");
                Ok(())
            }
        }
    }
}

impl fmt::Debug for Provider {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Provider")
            .field("policy", self.policy())
            .finish_non_exhaustive()
    }
}
