//! What is sealed under what, and bound to what.
//!
//! The Odoo key of a grant is sealed under a data key of its own. The data key is stored only
//! wrapped: once for each living code, access token and refresh token, under a key derived from
//! *that token and* the master key. So a stolen database opens nothing, and neither does a stolen
//! database with a stolen key ring: a token that only the client has is missing. The price is that
//! the server cannot act for a person who is not there, which it has no reason to.
//!
//! Refreshing works because the presented token opens the data key, which is wrapped again for the
//! successors; a lost answer, because the predecessor keeps its wrap until the successor is used.
//! A renewed Odoo key arrives without a token: it waits, sealed for the master key alone, until the
//! next use of a token, and then takes the old one's place under the same data key.
//!
//! Not for choosing keys (`keyring.rs`).

use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use crate::{
    clock,
    crypto::{self, CryptoError, Entropy, KEY_LEN, Key, Unsealable, length_prefixed},
    grant::{GrantId, OdooKey, SealedKey, Terms},
    keyring::{KeyRing, SubKeys},
    pair::{Pair, StoredToken},
    token::{Token, TokenKind},
};

/// The key ring with a source of nonces.
#[derive(Clone, Debug)]
pub(crate) struct Vault {
    pub(crate) keys: KeyRing,
    pub(crate) entropy: Entropy,
}

/// The data key of a grant.
pub(crate) type DataKey = Key;

/// What a wrapped data key is bound to beside its token.
#[derive(Clone, Copy)]
pub(crate) struct Holder<'a> {
    pub(crate) grant: &'a GrantId,
    pub(crate) generation: i64,
    /// More that must not be exchanged, such as a code's redirect and challenge.
    pub(crate) facts: &'a [&'a str],
}

#[derive(Deserialize, Serialize)]
struct RenewedKey {
    secret: String,
    name: String,
    expires_at: Option<i64>,
}

impl Vault {
    /// Seals an Odoo key under a data key.
    pub(crate) fn seal_key(
        &self,
        (id, terms): (&GrantId, &Terms),
        data_key: &DataKey,
        secret: &SecretString,
    ) -> Result<SealedKey, CryptoError> {
        let kid = self.keys.active().to_owned();
        let binding = terms.binding(id, &kid);
        let plain = secret.expose_secret().as_bytes();
        let bytes = crypto::seal(data_key, &self.entropy, &binding, plain)?;
        Ok(SealedKey { kid, bytes })
    }

    /// Opens an Odoo key; refused when any of the grant's terms is not what it was.
    pub(crate) fn open_key(
        &self,
        (id, terms): (&GrantId, &Terms),
        data_key: &DataKey,
        sealed: &SealedKey,
    ) -> Result<SecretString, Unsealable> {
        let plain = crypto::open(data_key, &terms.binding(id, &sealed.kid), &sealed.bytes)?;
        let text = std::str::from_utf8(&plain).map_err(|_| Unsealable)?;
        Ok(SecretString::from(text))
    }

    /// What the store keeps of a token: its digest, and the data key wrapped for it.
    pub(crate) fn store_token(
        &self,
        token: &Token,
        expires_at: Timestamp,
        holder: Holder<'_>,
        data_key: &DataKey,
    ) -> Result<StoredToken, CryptoError> {
        let kid = self.keys.active().to_owned();
        let keys = self.keys.get(&kid).ok_or(CryptoError)?;
        let binding = holder.binding(token.kind(), &kid, expires_at);
        let wrapping = wrapping_key(keys, token, &binding)?;
        let wrap = crypto::seal(&wrapping, &self.entropy, &binding, data_key.as_slice())?;
        let digest = crypto::mac(&keys.pepper, token.secret().as_slice());
        Ok(StoredToken {
            digest,
            kid,
            expires_at,
            wrap: Some(wrap),
        })
    }

    /// The data key, out of a token and what is stored of it.
    pub(crate) fn unwrap(
        &self,
        token: &Token,
        stored: &StoredToken,
        holder: Holder<'_>,
    ) -> Result<DataKey, Unsealable> {
        let keys = self.keys.get(&stored.kid).ok_or(Unsealable)?;
        let binding = holder.binding(token.kind(), &stored.kid, stored.expires_at);
        let wrapping = wrapping_key(keys, token, &binding).map_err(|_| Unsealable)?;
        let wrap = stored.wrap.as_deref().ok_or(Unsealable)?;
        let plain = crypto::open(&wrapping, &binding, wrap)?;
        let mut data_key = Zeroizing::new([0; KEY_LEN]);
        if plain.len() != KEY_LEN {
            return Err(Unsealable);
        }
        data_key.copy_from_slice(&plain);
        Ok(data_key)
    }

    /// The successor pair of a refresh token. It depends on the token, the salt and the master key,
    /// so that whoever presents the token again at once gets the same pair and no second branch.
    pub(crate) fn successors(
        &self,
        refresh: &Token,
        kid: &str,
        salt: &[u8; KEY_LEN],
    ) -> Result<(Token, Token), CryptoError> {
        let keys = self.keys.get(kid).ok_or(CryptoError)?;
        let secret = crypto::derive(refresh.secret().as_slice(), salt, keys.successor.as_slice())?;
        let token = |kind: TokenKind| {
            crypto::derive(secret.as_slice(), salt, kind.name().as_bytes())
                .map(|secret| Token::from_secret(kind, secret))
        };
        Ok((token(TokenKind::Access)?, token(TokenKind::Refresh)?))
    }

    /// Seals a renewed Odoo key for the master key alone.
    pub(crate) fn seal_renewal(
        &self,
        grant: &GrantId,
        key: &OdooKey,
    ) -> Result<Vec<u8>, CryptoError> {
        let mut renewed = RenewedKey {
            secret: key.secret.expose_secret().to_owned(),
            name: key.name.clone(),
            expires_at: key.expires_at.map(Timestamp::as_millisecond),
        };
        let plain = Zeroizing::new(serde_json::to_vec(&renewed).map_err(|_| CryptoError)?);
        renewed.secret.zeroize();
        self.seal_for_server(|keys| &keys.renewal, grant.to_string().as_bytes(), &plain)
    }

    /// Opens a renewed Odoo key.
    pub(crate) fn open_renewal(
        &self,
        grant: &GrantId,
        sealed: &[u8],
    ) -> Result<OdooKey, Unsealable> {
        let binding = grant.to_string();
        let plain = self.open_for_server(|keys| &keys.renewal, binding.as_bytes(), sealed)?;
        let renewed: RenewedKey = serde_json::from_slice(&plain).map_err(|_| Unsealable)?;
        Ok(OdooKey {
            secret: SecretString::from(renewed.secret),
            name: renewed.name,
            expires_at: renewed.expires_at.map(clock::from_millis),
        })
    }

    /// Seals what a form carries through the browser.
    pub(crate) fn seal_form(&self, purpose: &str, plain: &[u8]) -> Result<Vec<u8>, CryptoError> {
        self.seal_for_server(|keys| &keys.form, purpose.as_bytes(), plain)
    }

    /// Opens what a form brought back.
    pub(crate) fn open_form(
        &self,
        purpose: &str,
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Unsealable> {
        self.open_for_server(|keys| &keys.form, purpose.as_bytes(), sealed)
    }

    /// `length of the key id | key id | sealed`.
    fn seal_for_server(
        &self,
        key: fn(&SubKeys) -> &Key,
        binding: &[u8],
        plain: &[u8],
    ) -> Result<Vec<u8>, CryptoError> {
        let kid = self.keys.active();
        let keys = self.keys.get(kid).ok_or(CryptoError)?;
        let bound_to = length_prefixed(&[b"omcp|1|server", kid.as_bytes(), binding]);
        let sealed = crypto::seal(key(keys), &self.entropy, &bound_to, plain)?;
        let length = u8::try_from(kid.len()).map_err(|_| CryptoError)?;
        Ok([&[length], kid.as_bytes(), &sealed].concat())
    }

    fn open_for_server(
        &self,
        key: fn(&SubKeys) -> &Key,
        binding: &[u8],
        sealed: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Unsealable> {
        let (length, rest) = sealed.split_first().ok_or(Unsealable)?;
        let (kid, sealed) = rest
            .split_at_checked(usize::from(*length))
            .ok_or(Unsealable)?;
        let kid = std::str::from_utf8(kid).map_err(|_| Unsealable)?;
        let keys = self.keys.get(kid).ok_or(Unsealable)?;
        let bound_to = length_prefixed(&[b"omcp|1|server", kid.as_bytes(), binding]);
        crypto::open(key(keys), &bound_to, sealed)
    }
}

impl Pair {
    /// What the wraps of this pair are bound to.
    pub(crate) fn holder(&self) -> Holder<'_> {
        Holder {
            grant: &self.grant,
            generation: self.generation,
            facts: &[],
        }
    }
}

/// The master key id that a renewal or a form is sealed under.
pub(crate) fn server_kid(sealed: &[u8]) -> Option<&str> {
    let (length, rest) = sealed.split_first()?;
    std::str::from_utf8(rest.get(..usize::from(*length))?).ok()
}

impl Holder<'_> {
    fn binding(&self, kind: TokenKind, kid: &str, expires_at: Timestamp) -> Vec<u8> {
        let id = self.grant.to_string();
        let generation = self.generation.to_be_bytes();
        let expires_at = expires_at.as_millisecond().to_be_bytes();
        let mut parts: Vec<&[u8]> = vec![
            b"omcp|1|wrap",
            id.as_bytes(),
            &generation,
            kind.name().as_bytes(),
            kid.as_bytes(),
            &expires_at,
        ];
        parts.extend(self.facts.iter().map(|fact| fact.as_bytes()));
        length_prefixed(&parts)
    }
}

/// Of both secrets: the token is HKDF's input, the master key's sub-key its salt.
fn wrapping_key(keys: &SubKeys, token: &Token, binding: &[u8]) -> Result<Key, CryptoError> {
    crypto::derive(token.secret().as_slice(), keys.wrap.as_slice(), binding)
}
