//! Passwords, API keys and one-time codes. The only file of the sandbox that names ring.
//!
//! The people are invented and the passwords printed, so a plain SHA-256 stands where Odoo runs 600,000 rounds.

use ring::{
    digest::{self, SHA1_FOR_LEGACY_USE_ONLY, SHA256},
    hmac,
    rand::{SecureRandom, SystemRandom},
};

/// Seconds that a one-time code holds (RFC 6238).
const TOTP_STEP: i64 = 30;

/// A random key of `bytes` bytes, as hexadecimal digits. Empty if the system has no randomness to give.
pub(crate) fn random_key(bytes: usize) -> String {
    let mut key = vec![0; bytes];
    match SystemRandom::new().fill(&mut key) {
        Ok(()) => hex(&key),
        Err(_) => String::new(),
    }
}

/// The digest that is stored in place of a password or key.
pub(crate) fn digest(secret: &str) -> String {
    hex(digest::digest(&SHA256, secret.as_bytes()).as_ref())
}

/// The checksum of an attachment.
pub(crate) fn checksum(bytes: &[u8]) -> String {
    hex(digest::digest(&SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref())
}

/// The step whose code this is, within one step of `now` (seconds since 1970), if it is one.
pub(crate) fn totp_step(secret: &str, code: u32, now: i64) -> Option<i64> {
    let step = now.div_euclid(TOTP_STEP);
    [step - 1, step, step + 1]
        .into_iter()
        .find(|step| totp_at(secret, *step) == Some(code))
}

/// The code that an authenticator shows at `now` (RFC 6238: SHA-1, 30 seconds, 6 digits).
pub(crate) fn totp_code(secret: &str, now: i64) -> Option<u32> {
    totp_at(secret, now.div_euclid(TOTP_STEP))
}

fn totp_at(secret: &str, step: i64) -> Option<u32> {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &base32(secret)?);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let bytes = tag.as_ref();
    let offset = usize::from(bytes.last()? & 0x0f);
    let word: [u8; 4] = bytes.get(offset..offset + 4)?.try_into().ok()?;
    Some((u32::from_be_bytes(word) & 0x7fff_ffff) % 1_000_000)
}

/// RFC 4648 base 32, spaces and padding passed over.
fn base32(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut buffer, mut bits) = (0_u32, 0);
    for letter in text.bytes().filter(|letter| !matches!(letter, b' ' | b'=')) {
        let value = match letter.to_ascii_uppercase() {
            letter @ b'A'..=b'Z' => letter - b'A',
            letter @ b'2'..=b'7' => letter - b'2' + 26,
            _ => return None,
        };
        buffer = (buffer << 5) | u32::from(value);
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from((buffer >> bits) & 0xff).ok()?);
        }
    }
    Some(bytes)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_rfc_6238() {
        // Appendix B, the last six of its eight digits; the secret is "12345678901234567890".
        let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
        assert_eq!(totp_code(secret, 59), Some(287_082));
        assert_eq!(totp_code(secret, 1_111_111_109), Some(81_804));
        assert_eq!(totp_code(secret, 20_000_000_000), Some(353_130));
        assert_eq!(totp_step(secret, 287_082, 59 + 30), Some(1));
        assert_eq!(totp_step(secret, 287_082, 59 + 90), None);
    }
}
