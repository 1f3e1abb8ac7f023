//! HMAC-SHA256 and random bytes: the only module of this crate that imports ring.
//!
//! Not for secrecy: a session id is sealed against forgery, and it holds nothing secret.

use std::fmt;
use std::sync::Arc;

use ring::hmac;
use ring::rand::{SecureRandom, SystemRandom};

/// Bytes of a seal.
pub(crate) const TAG_BYTES: usize = 32;

/// The key that session ids are sealed with.
///
/// Replicas that share the key, and the same server after a restart, accept each other's ids.
#[derive(Clone)]
pub struct SessionKey(Arc<hmac::Key>);

impl SessionKey {
    /// Takes a key of at least 32 bytes, which should come from a random source or a
    /// derivation function.
    ///
    /// # Errors
    /// [`WeakKey`] when it is shorter.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WeakKey> {
        if bytes.len() < TAG_BYTES {
            return Err(WeakKey { bytes: bytes.len() });
        }
        Ok(Self(Arc::new(hmac::Key::new(hmac::HMAC_SHA256, bytes))))
    }

    /// A key that lives as long as this process.
    ///
    /// # Errors
    /// [`NoEntropy`] when the system gives no random bytes.
    pub fn random(entropy: &Entropy) -> Result<Self, NoEntropy> {
        let mut bytes = [0; TAG_BYTES];
        entropy.fill(&mut bytes)?;
        Ok(Self(Arc::new(hmac::Key::new(hmac::HMAC_SHA256, &bytes))))
    }

    /// The seal over the parts, which must not be ambiguous when put together.
    pub(crate) fn seal(&self, parts: &[&[u8]]) -> [u8; TAG_BYTES] {
        let mut context = hmac::Context::with_key(&self.0);
        for part in parts {
            context.update(part);
        }
        let mut seal = [0; TAG_BYTES];
        seal.copy_from_slice(context.sign().as_ref());
        seal
    }

    /// Whether the seal is ours, compared in constant time.
    pub(crate) fn verify(&self, message: &[u8], seal: &[u8]) -> bool {
        hmac::verify(&self.0, message, seal).is_ok()
    }
}

impl fmt::Debug for SessionKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionKey(redacted)")
    }
}

/// A session key is too short to resist guessing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the session key has {bytes} bytes; give it at least 32 random bytes")]
pub struct WeakKey {
    /// How long it is.
    pub bytes: usize,
}

/// The random source failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the system's random source gave no bytes; check that /dev/urandom can be read")]
pub struct NoEntropy;

/// A source of random bytes, as a parameter so that a test can foresee them.
#[derive(Clone)]
pub struct Entropy(Arc<Fill>);

type Fill = dyn Fn(&mut [u8]) -> Result<(), NoEntropy> + Send + Sync;

impl Entropy {
    /// The system's random source.
    #[must_use]
    pub fn system() -> Self {
        let random = SystemRandom::new();
        Self::from_fn(move |bytes| random.fill(bytes).map_err(|_| NoEntropy))
    }

    /// Bytes from a function.
    pub fn from_fn(
        fill: impl Fn(&mut [u8]) -> Result<(), NoEntropy> + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(fill))
    }

    /// Fills all of `bytes`.
    ///
    /// # Errors
    /// [`NoEntropy`] when the source failed.
    pub fn fill(&self, bytes: &mut [u8]) -> Result<(), NoEntropy> {
        (self.0)(bytes)
    }
}

impl fmt::Debug for Entropy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Entropy")
    }
}
