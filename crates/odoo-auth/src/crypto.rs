//! Every cryptographic primitive of the crate, over ring. The only file that names ring.
//!
//! Not for deciding what is bound to what (`sealed.rs`), nor where keys come from (`keyring.rs`).
//! ring does not wipe the keys it expands, so its key objects live for one call only and the bytes
//! we hold ourselves are `Zeroizing`.

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    digest, hkdf, hmac,
    rand::{SecureRandom, SystemRandom},
};
use zeroize::Zeroizing;

/// 256 bits of secret that wipe themselves.
pub(crate) type Key = Zeroizing<[u8; KEY_LEN]>;

/// The length of every key, digest and token secret, in bytes.
pub(crate) const KEY_LEN: usize = 32;

/// First byte of everything sealed, so that the format can change one day.
const SEAL_VERSION: u8 = 1;

/// The operating system gave no randomness, or a primitive refused its input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the cryptographic library refused the operation; is the system's random source available?"
)]
pub struct CryptoError;

/// Sealed bytes that do not open: damaged, of another row, or sealed under another key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("sealed data does not open under this key")]
pub(crate) struct Unsealable;

/// Where randomness comes from.
#[derive(Clone)]
pub struct Entropy {
    source: Source,
}

#[derive(Clone)]
enum Source {
    System(SystemRandom),
    Predictable { seed: u64, drawn: Arc<AtomicU64> },
}

impl Entropy {
    /// The operating system's random source.
    pub fn system() -> Self {
        Self {
            source: Source::System(SystemRandom::new()),
        }
    }

    /// A repeatable sequence for tests. Never for tokens that guard anything.
    pub fn predictable(seed: u64) -> Self {
        Self {
            source: Source::Predictable {
                seed,
                drawn: Arc::new(AtomicU64::new(0)),
            },
        }
    }

    /// `N` fresh bytes.
    ///
    /// # Errors
    ///
    /// When the operating system has none.
    pub fn bytes<const N: usize>(&self) -> Result<[u8; N], CryptoError> {
        let mut bytes = [0; N];
        match &self.source {
            Source::System(random) => random.fill(&mut bytes).map_err(|_| CryptoError)?,
            Source::Predictable { seed, drawn } => {
                for chunk in bytes.chunks_mut(KEY_LEN) {
                    let turn = drawn.fetch_add(1, Ordering::Relaxed);
                    let block = sha256(&[seed.to_be_bytes(), turn.to_be_bytes()].concat());
                    chunk.copy_from_slice(&block[..chunk.len()]);
                }
            }
        }
        Ok(bytes)
    }

    /// A fresh key.
    pub(crate) fn key(&self) -> Result<Key, CryptoError> {
        Ok(Zeroizing::new(self.bytes()?))
    }
}

impl fmt::Debug for Entropy {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match &self.source {
            Source::System(_) => "Entropy::system",
            Source::Predictable { .. } => "Entropy::predictable",
        })
    }
}

/// SHA-256.
pub(crate) fn sha256(data: &[u8]) -> [u8; KEY_LEN] {
    let mut out = [0; KEY_LEN];
    out.copy_from_slice(digest::digest(&digest::SHA256, data).as_ref());
    out
}

/// HMAC-SHA256.
pub(crate) fn mac(key: &Key, data: &[u8]) -> [u8; KEY_LEN] {
    let mut out = [0; KEY_LEN];
    out.copy_from_slice(
        hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key.as_slice()), data).as_ref(),
    );
    out
}

/// HKDF-SHA256 (RFC 5869): one key out of a secret, a salt and a purpose.
pub(crate) fn derive(secret: &[u8], salt: &[u8], purpose: &[u8]) -> Result<Key, CryptoError> {
    let mut key = Zeroizing::new([0; KEY_LEN]);
    hkdf::Salt::new(hkdf::HKDF_SHA256, salt)
        .extract(secret)
        .expand(&[purpose], hkdf::HKDF_SHA256)
        .and_then(|okm| okm.fill(key.as_mut_slice()))
        .map_err(|_| CryptoError)?;
    Ok(key)
}

/// AES-256-GCM with a random nonce: `version | nonce | ciphertext | tag`.
pub(crate) fn seal(
    key: &Key,
    entropy: &Entropy,
    bound_to: &[u8],
    plaintext: &[u8],
) -> Result<Vec<u8>, CryptoError> {
    let nonce: [u8; NONCE_LEN] = entropy.bytes()?;
    let mut sealed = vec![SEAL_VERSION];
    sealed.extend_from_slice(&nonce);
    let mut body = Zeroizing::new(plaintext.to_vec());
    let tag = aead_key(key)?
        .seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(bound_to),
            &mut body,
        )
        .map_err(|_| CryptoError)?;
    sealed.extend_from_slice(&body);
    sealed.extend_from_slice(tag.as_ref());
    Ok(sealed)
}

/// The reverse of [`seal`].
pub(crate) fn open(
    key: &Key,
    bound_to: &[u8],
    sealed: &[u8],
) -> Result<Zeroizing<Vec<u8>>, Unsealable> {
    let (version, rest) = sealed.split_first().ok_or(Unsealable)?;
    if *version != SEAL_VERSION || rest.len() < NONCE_LEN {
        return Err(Unsealable);
    }
    let (nonce, body) = rest.split_at(NONCE_LEN);
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Unsealable)?;
    let mut body = Zeroizing::new(body.to_vec());
    let length = aead_key(key)
        .map_err(|_| Unsealable)?
        .open_in_place(nonce, Aad::from(bound_to), &mut body)
        .map_err(|_| Unsealable)?
        .len();
    body.truncate(length);
    Ok(body)
}

/// Joins parts so that no two lists of parts give the same bytes: each is preceded by its length.
pub(crate) fn length_prefixed(parts: &[&[u8]]) -> Vec<u8> {
    let mut joined = Vec::new();
    for part in parts {
        joined.extend_from_slice(&(part.len() as u64).to_be_bytes());
        joined.extend_from_slice(part);
    }
    joined
}

/// Whether two secrets are equal, in a time that tells nothing about where they differ.
pub fn same_secret(one: &str, other: &str) -> bool {
    // Digests of secrets may be compared byte by byte: where they differ says nothing about where
    // the secrets do.
    sha256(one.as_bytes()) == sha256(other.as_bytes())
}

fn aead_key(key: &Key) -> Result<LessSafeKey, CryptoError> {
    let key = UnboundKey::new(&AES_256_GCM, key.as_slice()).map_err(|_| CryptoError)?;
    Ok(LessSafeKey::new(key))
}
