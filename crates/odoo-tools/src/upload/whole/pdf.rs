//! PDF: the mark at its end, and the offset in front of it that leads back to the table of all
//! objects (ISO 32000-1, sections 7.5.5 and 7.5.6, annex F).

use super::Damage;
use super::bytes::{contains, last};

/// How far from its end a file may have its end mark. Viewers look through the last 1,024 bytes;
/// web servers and mail gateways append more than that.
const TAIL: usize = 4 * 1024;

/// How far from the start a file says that it is ordered for reading over a network.
const HEAD: usize = 1024;

const END: &[u8] = b"%%EOF";
const OFFSET: &[u8] = b"startxref";

/// Whether a PDF is all there.
pub(super) fn check(bytes: &[u8]) -> Result<(), Damage> {
    let bytes = without_filling(bytes);
    let tail = bytes
        .get(bytes.len().saturating_sub(TAIL)..)
        .unwrap_or_default();
    let end = last(tail, END).ok_or(Damage::Incomplete)?;
    let (before, after) = tail.split_at_checked(end).unwrap_or_default();
    // A file that was changed has an end mark for each state; here another state was to follow.
    if contains(after, b" obj") || contains(after, OFFSET) {
        return Err(Damage::Incomplete);
    }
    match offset(before) {
        // The end mark of the first page in a file that is ordered so; the rest was to follow.
        Some(0) if contains(bytes.get(..HEAD).unwrap_or(bytes), b"/Linearized") => {
            Err(Damage::Incomplete)
        }
        // It points to behind the end, so that a part is missing.
        Some(offset) if offset >= bytes.len() => Err(Damage::Incomplete),
        // Viewers find the objects themselves where there is no offset.
        _ => Ok(()),
    }
}

/// Some programs fill up the last block of a file, without an end.
fn without_filling(bytes: &[u8]) -> &[u8] {
    let filling = |byte: &u8| *byte == 0 || byte.is_ascii_whitespace();
    let end = bytes.iter().rposition(|byte| !filling(byte));
    bytes.get(..=end.unwrap_or_default()).unwrap_or_default()
}

/// The offset before the end mark.
fn offset(before: &[u8]) -> Option<usize> {
    let behind = before.get(last(before, OFFSET)? + OFFSET.len()..)?;
    let digits = behind.trim_ascii();
    std::str::from_utf8(digits).ok()?.parse().ok()
}
