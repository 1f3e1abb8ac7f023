//! Digests: the only file of this crate that names `ring`.

use std::fmt::Write as _;

use ring::digest::{self, Context, SHA1_FOR_LEGACY_USE_ONLY, SHA256};

/// The SHA-256 of these parts, one after the other.
pub(crate) fn sha256(parts: impl Iterator<Item = String>) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    parts.for_each(|part| context.update(part.as_bytes()));
    let mut digest = [0; 32];
    digest.copy_from_slice(context.finish().as_ref());
    digest
}

/// The checksum that Odoo keeps of a file (`ir.attachment.checksum`): SHA-1, in hexadecimal digits.
/// It tells files apart; nothing rests on it.
pub(crate) fn checksum(bytes: &[u8]) -> String {
    let digest = digest::digest(&SHA1_FOR_LEGACY_USE_ONLY, bytes);
    let mut text = String::with_capacity(40);
    for byte in digest.as_ref() {
        // Writing into a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
