//! The key ring: master keys with ids, the sub-keys they give, and the epoch of the store that they
//! are for.
//!
//! Not for where it is read from (`keyring/source.rs`), nor for sealing anything (`sealed.rs`). Without a key ring nothing starts, and nothing here ever
//! writes one: a key generated silently beside the database would protect nothing.

mod source;

use std::{collections::BTreeMap, fmt, io, path::PathBuf, sync::Arc};

use base64::{Engine, engine::general_purpose::STANDARD};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

pub use self::source::KeySource;
use crate::{
    crypto::{self, CryptoError, Entropy, KEY_LEN, Key},
    store::KeyMark,
};

/// Fewer different byte values than this in 32 bytes does not happen by chance (< 10^-9).
const LEAST_DIFFERENT_BYTES: usize = 16;

/// Master keys by id, of which one is active: it seals, the others only open.
#[derive(Clone)]
pub struct KeyRing {
    active: String,
    keys: Arc<BTreeMap<String, SubKeys>>,
    epoch: u32,
}

/// The sub-keys of one master key, each for one purpose (HKDF-SHA256).
pub(crate) struct SubKeys {
    master: Key,
    /// Keys the digests under which tokens are stored.
    pub(crate) pepper: Key,
    /// Half of what wraps a data key; the other half is the token.
    pub(crate) wrap: Key,
    /// Derives a successor pair from the refresh token it replaces.
    pub(crate) successor: Key,
    /// Seals form fields.
    pub(crate) form: Key,
    /// Seals a renewed Odoo key until the grant's next use.
    pub(crate) renewal: Key,
    /// Tells this key from another of the same id. It seals nothing, so the store may know it.
    pub(crate) mark: Key,
}

/// Why a key ring cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyRingError {
    /// The file cannot be read.
    #[error("the key ring {path} cannot be read: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// Others may read the file.
    #[error(
        "the key ring {path} has mode {mode:03o}; nobody but its owner may read it: chmod 600 it"
    )]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Somebody else owns the file.
    #[error(
        "the key ring {path} belongs to the user {owner}, who can exchange it; run this as that \
         user, or make the file your own: chown it to {own}"
    )]
    Foreign {
        /// The file.
        path: PathBuf,
        /// Its owner's number.
        owner: u32,
        /// The number of the user that this program runs as.
        own: u32,
    },
    /// Everybody may write where the file lies.
    #[error(
        "everybody may write in {folder} and exchange the key ring {path}: chmod o-w {folder}, or \
         put it elsewhere"
    )]
    OpenFolder {
        /// The file.
        path: PathBuf,
        /// The folder.
        folder: PathBuf,
    },
    /// The file has nothing in it.
    #[error(
        "the key ring {path} is empty. A shell empties a file into which it sends output; if there \
         was a ring in it, put a copy of it back, else remove the file and run `keys new`"
    )]
    Empty {
        /// The file.
        path: PathBuf,
    },
    /// It is no key ring.
    #[error(
        "the key ring is not of the form {{\"active\": \"k1\", \"keys\": {{\"k1\": \"<32 bytes in base64>\"}}}}"
    )]
    Malformed,
    /// A key id has other characters than a-z, 0-9, `-` and `_`, or more than 16 of them.
    #[error("a key id must be 1 to 16 characters of a-z, 0-9, - and _")]
    BadId,
    /// The active id names no key.
    #[error("the key ring has no key {0:?}")]
    Unknown(String),
    /// A key is not 32 bytes of randomness.
    #[error("the key {0:?} is not 32 random bytes in base64; make one with `keys new`")]
    Weak(String),
    /// The active key cannot be taken out.
    #[error("the key {0:?} is the active one; make another one active first")]
    Active(String),
    /// The system gave no randomness.
    #[error(transparent)]
    Crypto(#[from] CryptoError),
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct RingFile {
    active: String,
    keys: BTreeMap<String, String>,
    /// Left out when it is the first, so that earlier versions read such a ring.
    #[serde(default, skip_serializing_if = "is_first")]
    epoch: u32,
}

impl KeyRing {
    /// Reads a key ring from its JSON: `{"active": "k1", "keys": {"k1": "<32 bytes in base64>"}}`.
    ///
    /// # Errors
    ///
    /// When it is malformed or made of weak keys.
    pub fn from_json(json: &SecretString) -> Result<Self, KeyRingError> {
        let file: RingFile =
            serde_json::from_str(json.expose_secret()).map_err(|_| KeyRingError::Malformed)?;
        let mut masters = BTreeMap::new();
        for (id, mut text) in file.keys {
            let decoded = STANDARD.decode(text.trim());
            text.zeroize();
            let decoded = Zeroizing::new(decoded.map_err(|_| KeyRingError::Weak(id.clone()))?);
            masters.insert(id.clone(), checked(&id, &decoded)?);
        }
        Ok(Self::from_masters(file.active, masters)?.in_epoch(file.epoch))
    }

    /// A new ring with one key, `k1`.
    ///
    /// # Errors
    ///
    /// When the system gives no randomness.
    pub fn generate(entropy: &Entropy) -> Result<Self, KeyRingError> {
        let first = "k1".to_owned();
        Self::from_masters(first.clone(), BTreeMap::from([(first, entropy.key()?)]))
    }

    /// This ring with one more key, which is active. Both must be kept until the old one is retired.
    ///
    /// # Errors
    ///
    /// When the system gives no randomness.
    pub fn with_new_key(&self, entropy: &Entropy) -> Result<Self, KeyRingError> {
        let mut masters = self.masters();
        // One more than the highest number, so that the id of a retired key never comes back.
        let numbers = masters
            .keys()
            .filter_map(|id| id.strip_prefix('k')?.parse::<u32>().ok());
        let id = format!("k{}", numbers.max().unwrap_or(0).saturating_add(1));
        masters.insert(id.clone(), entropy.key()?);
        Ok(Self::from_masters(id, masters)?.in_epoch(self.epoch))
    }

    /// This ring without one key. Ask [`Grants::retire`](crate::Grants::retire), which checks that
    /// nothing needs it any more.
    ///
    /// # Errors
    ///
    /// When the key is unknown or the active one.
    pub fn without(&self, id: &str) -> Result<Self, KeyRingError> {
        if id == self.active {
            return Err(KeyRingError::Active(id.to_owned()));
        }
        let mut masters = self.masters();
        masters
            .remove(id)
            .ok_or_else(|| KeyRingError::Unknown(id.to_owned()))?;
        Ok(Self::from_masters(self.active.clone(), masters)?.in_epoch(self.epoch))
    }

    /// This ring in an epoch. A store that was last used in an earlier one is an older copy, of
    /// which nothing may live ([`Provider::enter_epoch`](crate::Provider::enter_epoch)).
    #[must_use]
    pub fn in_epoch(mut self, epoch: u32) -> Self {
        self.epoch = epoch;
        self
    }

    /// The epoch, counted from 0.
    pub fn epoch(&self) -> u32 {
        self.epoch
    }

    /// The ring as JSON, to be put where only this program reads it.
    pub fn to_json(&self) -> SecretString {
        let keys = self
            .keys
            .iter()
            .map(|(id, key)| (id.clone(), STANDARD.encode(key.master.as_slice())))
            .collect();
        let file = RingFile {
            active: self.active.clone(),
            keys,
            epoch: self.epoch,
        };
        SecretString::from(serde_json::to_string_pretty(&file).unwrap_or_default())
    }

    /// The id of the key that seals.
    pub fn active(&self) -> &str {
        &self.active
    }

    /// All ids, the active one first.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        let others = self
            .keys
            .keys()
            .map(String::as_str)
            .filter(|id| *id != self.active);
        std::iter::once(self.active()).chain(others)
    }

    /// A 256-bit key of its own for another part of the program (session ids, request state, the
    /// audit chain), from each master key, the active one first.
    ///
    /// # Errors
    ///
    /// When the cryptographic library refuses.
    pub fn for_purpose(&self, purpose: &str) -> Result<Vec<Zeroizing<[u8; 32]>>, CryptoError> {
        self.ids()
            .filter_map(|id| self.keys.get(id))
            .map(|key| subkey(&key.master, &format!("purpose/{purpose}")))
            .collect()
    }

    /// What tells each key from another of the same id.
    pub(crate) fn marks(&self) -> Vec<KeyMark> {
        let mark = |(id, key): (&String, &SubKeys)| KeyMark {
            kid: id.clone(),
            mark: *key.mark,
        };
        self.keys.iter().map(mark).collect()
    }

    /// The sub-keys of one key.
    pub(crate) fn get(&self, id: &str) -> Option<&SubKeys> {
        self.keys.get(id)
    }

    /// The digests under which a secret may be stored: one for each key, the active one first.
    pub(crate) fn digests(&self, secret: &Key) -> Vec<[u8; KEY_LEN]> {
        self.ids()
            .filter_map(|id| self.keys.get(id))
            .map(|key| crypto::mac(&key.pepper, secret.as_slice()))
            .collect()
    }

    fn masters(&self) -> BTreeMap<String, Key> {
        self.keys
            .iter()
            .map(|(id, key)| (id.clone(), key.master.clone()))
            .collect()
    }

    fn from_masters(active: String, masters: BTreeMap<String, Key>) -> Result<Self, KeyRingError> {
        if !masters.contains_key(&active) {
            return Err(KeyRingError::Unknown(active));
        }
        let mut keys = BTreeMap::new();
        for (id, master) in masters {
            let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
            let named = |byte| plain(byte) || byte == b'-' || byte == b'_';
            if id.is_empty() || id.len() > 16 || !id.bytes().all(named) {
                return Err(KeyRingError::BadId);
            }
            keys.insert(id, SubKeys::of(master)?);
        }
        Ok(Self {
            active,
            keys: Arc::new(keys),
            epoch: 0,
        })
    }
}

impl fmt::Debug for KeyRing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<_> = self.ids().collect();
        formatter
            .debug_struct("KeyRing")
            .field("ids", &ids)
            .finish_non_exhaustive()
    }
}

impl SubKeys {
    fn of(master: Key) -> Result<Self, CryptoError> {
        Ok(Self {
            pepper: subkey(&master, "token-pepper")?,
            wrap: subkey(&master, "kek")?,
            successor: subkey(&master, "successor")?,
            form: subkey(&master, "form")?,
            renewal: subkey(&master, "renewal")?,
            mark: subkey(&master, "mark")?,
            master,
        })
    }
}

fn subkey(master: &Key, purpose: &str) -> Result<Key, CryptoError> {
    crypto::derive(master.as_slice(), b"omcp/v1", purpose.as_bytes())
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands it a reference"
)]
fn is_first(epoch: &u32) -> bool {
    *epoch == 0
}

/// Refuses what a person typed and what a program repeated.
fn checked(id: &str, bytes: &[u8]) -> Result<Key, KeyRingError> {
    let weak = || KeyRingError::Weak(id.to_owned());
    let mut key = Zeroizing::new([0; KEY_LEN]);
    if bytes.len() != KEY_LEN {
        return Err(weak());
    }
    key.copy_from_slice(bytes);
    let mut values = Zeroizing::new(*key);
    values.sort_unstable();
    let different = values.chunk_by(|one, other| one == other).count();
    let text = key
        .iter()
        .all(|byte| byte.is_ascii_graphic() || *byte == b' ');
    if different < LEAST_DIFFERENT_BYTES || text {
        return Err(weak());
    }
    Ok(key)
}
