//! Digests: the only file of this crate that names `ring`.

use std::fmt::Write as _;
use std::io;

use ring::digest::{self, Context, SHA1_FOR_LEGACY_USE_ONLY, SHA256};
use serde_json::{Map, Value};

/// The SHA-256 of a call: `head` says whose and which it is, and the arguments count in whatever
/// order they were given. Those that are named in `left_out` do not count.
///
/// All of it as JSON, in which no name or value can pass for another, and written into the digest
/// piece by piece: a file among the arguments is not copied for it.
pub(crate) fn of_call(
    head: &[&str],
    arguments: &Map<String, Value>,
    left_out: &[&str],
) -> [u8; 32] {
    let mut counted: Vec<_> = arguments
        .iter()
        .filter(|(name, _)| !left_out.contains(&name.as_str()))
        .collect();
    counted.sort_unstable_by_key(|(name, _)| *name);
    let mut written = Sha256(Context::new(&SHA256));
    // Neither writing into a digest nor serialising a JSON value can fail.
    let _ = serde_json::to_writer(&mut written, head);
    for (name, value) in counted {
        let _ = serde_json::to_writer(&mut written, name);
        let _ = serde_json::to_writer(&mut written, value);
    }
    let mut digest = [0; 32];
    digest.copy_from_slice(written.0.finish().as_ref());
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

/// A digest that grows with what is written to it.
struct Sha256(Context);

impl io::Write for Sha256 {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
