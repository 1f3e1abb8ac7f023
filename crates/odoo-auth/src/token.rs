//! Opaque tokens: `omcp_at_` (access), `omcp_rt_` (refresh) and `omcp_ac_` (authorization code).
//!
//! 32 secret bytes in base64url and a CRC-32 in base 62, so that a scanner finds a leaked token and
//! garbage is turned away before the store is asked. Not for deciding whether a token is good: a
//! checksum guards nothing.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use secrecy::SecretString;
use zeroize::Zeroizing;

use crate::crypto::{CryptoError, Entropy, KEY_LEN, Key};

const BODY_LEN: usize = 43;
const CHECKSUM_LEN: usize = 6;
const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// What a token is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKind {
    /// Sent with every MCP request.
    Access,
    /// Exchanged for a new pair.
    Refresh,
    /// Exchanged once for the first pair.
    Code,
}

/// The secret inside a token.
#[derive(Clone)]
pub(crate) struct Token {
    kind: TokenKind,
    secret: Key,
}

impl Token {
    pub(crate) fn fresh(kind: TokenKind, entropy: &Entropy) -> Result<Self, CryptoError> {
        Ok(Self {
            kind,
            secret: entropy.key()?,
        })
    }

    pub(crate) fn from_secret(kind: TokenKind, secret: Key) -> Self {
        Self { kind, secret }
    }

    /// Reads a token of this kind; nothing when it is not one.
    pub(crate) fn parse(kind: TokenKind, text: &str) -> Option<Self> {
        let body = text.strip_prefix(kind.prefix())?;
        if body.len() != BODY_LEN + CHECKSUM_LEN || !body.is_ascii() {
            return None;
        }
        let (body, checksum) = body.split_at(BODY_LEN);
        if checksum_of(kind.prefix(), body).as_bytes() != checksum.as_bytes() {
            return None;
        }
        let mut secret = Zeroizing::new([0; KEY_LEN]);
        let decoded = Zeroizing::new(URL_SAFE_NO_PAD.decode(body).ok()?);
        secret.copy_from_slice(decoded.get(..KEY_LEN)?);
        Some(Self { kind, secret })
    }

    /// The token as it travels.
    pub(crate) fn reveal(&self) -> SecretString {
        let body = Zeroizing::new(URL_SAFE_NO_PAD.encode(self.secret.as_slice()));
        let checksum = checksum_of(self.kind.prefix(), &body);
        SecretString::from(format!("{}{}{checksum}", self.kind.prefix(), *body))
    }

    pub(crate) fn secret(&self) -> &Key {
        &self.secret
    }

    pub(crate) fn kind(&self) -> TokenKind {
        self.kind
    }
}

impl TokenKind {
    fn prefix(self) -> &'static str {
        match self {
            Self::Access => "omcp_at_",
            Self::Refresh => "omcp_rt_",
            Self::Code => "omcp_ac_",
        }
    }

    /// The kind's name in bindings and sub-keys.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Access => "access",
            Self::Refresh => "refresh",
            Self::Code => "code",
        }
    }
}

/// CRC-32 (IEEE 802.3) of prefix and body, as six digits of base 62.
fn checksum_of(prefix: &str, body: &str) -> String {
    let mut crc = u32::MAX;
    for byte in prefix.bytes().chain(body.bytes()) {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg());
        }
    }
    let mut rest = !crc;
    let mut digits = [b'0'; CHECKSUM_LEN];
    for digit in digits.iter_mut().rev() {
        *digit = BASE62[(rest % 62) as usize];
        rest /= 62;
    }
    digits.iter().map(|digit| char::from(*digit)).collect()
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn a_token_survives_the_journey_and_its_damage_is_seen() {
        let token = Token::fresh(TokenKind::Access, &Entropy::predictable(1)).unwrap();
        let text = token.reveal();
        let text = text.expose_secret();
        assert_eq!(text.len(), 8 + BODY_LEN + CHECKSUM_LEN);
        let read = Token::parse(TokenKind::Access, text).unwrap();
        assert_eq!(read.secret.as_slice(), token.secret.as_slice());
        assert!(Token::parse(TokenKind::Refresh, text).is_none());
        for index in 0..text.len() {
            let mut damaged = text.to_owned().into_bytes();
            damaged[index] = if damaged[index] == b'x' { b'y' } else { b'x' };
            let damaged = String::from_utf8(damaged).unwrap();
            assert!(
                Token::parse(TokenKind::Access, &damaged).is_none(),
                "byte {index}"
            );
        }
    }

    #[test]
    fn the_checksum_is_the_usual_crc() {
        // The published check value of CRC-32/ISO-HDLC for "123456789" is 0xCBF43926.
        let mut value: u64 = 0;
        for digit in checksum_of("1234", "56789").bytes() {
            let digit = BASE62.iter().position(|known| *known == digit).unwrap();
            value = value * 62 + digit as u64;
        }
        assert_eq!(value, 0xCBF4_3926);
    }
}
