//! The format of an `Mcp-Session-Id`: what it names, and the seal around it.
//!
//! Not for deciding whether a session is alive (`session`), and no authentication: an id opens
//! nothing without the bearer token of the principal it names.
//!
//! ```text
//! base64url( 1 | principal 16 | instance 8 | nonce 16 | created 8 | protocol | name | version | seal 32 )
//! ```
//! The last three texts are each a length byte and their bytes; `created` is in seconds since
//! 1970, big-endian. The seal is HMAC-SHA256 over everything before it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::crypto::{SessionKey, TAG_BYTES};
use crate::tool::Client;

/// The first byte of an id. A new format gets a new number, and old ids then count as unknown.
const FORMAT: u8 = 1;

/// Ids are at most this long; anything longer is not decoded.
const MAX_TEXT: usize = 512;

const MAX_NAME: usize = 64;
const MAX_VERSION: usize = 32;

/// Names a principal within ids without revealing who it is.
pub(crate) type PrincipalDigest = [u8; 16];

/// 128 random bits that make an id unguessable and unique.
pub(crate) type Nonce = [u8; 16];

/// Names the process that minted an id.
pub(crate) type Instance = [u8; 8];

/// What an id says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SessionId {
    pub(crate) principal: PrincipalDigest,
    pub(crate) instance: Instance,
    pub(crate) nonce: Nonce,
    /// Seconds since 1970.
    pub(crate) created: i64,
    pub(crate) client: Client,
}

impl SessionId {
    /// The digest of a principal's name under this key.
    pub(crate) fn digest(key: &SessionKey, principal: &str) -> PrincipalDigest {
        // The prefix keeps a digest from ever being the seal of an id.
        let seal = key.seal(&[b"principal\0", principal.as_bytes()]);
        let mut digest = PrincipalDigest::default();
        digest.copy_from_slice(&seal[..16]);
        digest
    }

    /// The id as it travels in the header.
    pub(crate) fn encode(&self, key: &SessionKey) -> String {
        let mut bytes = vec![FORMAT];
        bytes.extend(self.principal);
        bytes.extend(self.instance);
        bytes.extend(self.nonce);
        bytes.extend(self.created.to_be_bytes());
        push_text(&mut bytes, &self.client.protocol, MAX_VERSION);
        push_text(&mut bytes, &self.client.name, MAX_NAME);
        push_text(&mut bytes, &self.client.version, MAX_VERSION);
        let seal = key.seal(&[&bytes]);
        bytes.extend(seal);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads an id; `None` when it is not one of ours, whatever the reason.
    pub(crate) fn decode(key: &SessionKey, text: &str) -> Option<Self> {
        if text.len() > MAX_TEXT {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
        let (message, seal) = bytes.split_at_checked(bytes.len().checked_sub(TAG_BYTES)?)?;
        // Nothing is read before the seal holds, so a forged id reaches no parser.
        if !key.verify(message, seal) {
            return None;
        }
        let (format, rest) = message.split_first()?;
        if *format != FORMAT {
            return None;
        }
        let (principal, rest) = rest.split_first_chunk()?;
        let (instance, rest) = rest.split_first_chunk()?;
        let (nonce, rest) = rest.split_first_chunk()?;
        let (created, rest) = rest.split_first_chunk()?;
        let (protocol, rest) = take_text(rest)?;
        let (name, rest) = take_text(rest)?;
        let (version, _) = take_text(rest)?;
        Some(Self {
            principal: *principal,
            instance: *instance,
            nonce: *nonce,
            created: i64::from_be_bytes(*created),
            client: Client {
                name,
                version,
                protocol,
            },
        })
    }
}

/// The start of a text that a client sent about itself: bounded, and harmless in a log.
pub(crate) fn shorten(text: &str, max: usize) -> String {
    let mut short = String::new();
    for c in text.chars().filter(|c| !c.is_control()) {
        if short.len() + c.len_utf8() > max {
            break;
        }
        short.push(c);
    }
    short
}

/// What a client says about itself, bounded.
pub(crate) fn client(name: &str, version: &str, protocol: &str) -> Client {
    Client {
        name: shorten(name, MAX_NAME),
        version: shorten(version, MAX_VERSION),
        protocol: shorten(protocol, MAX_VERSION),
    }
}

fn push_text(bytes: &mut Vec<u8>, text: &str, max: usize) {
    let text = shorten(text, max);
    bytes.push(u8::try_from(text.len()).unwrap_or(u8::MAX));
    bytes.extend(text.as_bytes());
}

fn take_text(bytes: &[u8]) -> Option<(String, &[u8])> {
    let (length, rest) = bytes.split_first()?;
    let (text, rest) = rest.split_at_checked(usize::from(*length))?;
    Some((String::from_utf8(text.to_vec()).ok()?, rest))
}
