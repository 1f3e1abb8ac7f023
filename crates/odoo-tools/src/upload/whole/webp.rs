//! WebP: a RIFF container that says its length, and its chunks (RFC 9649, sections 2.3 to 2.7).

use super::bytes::{array, le16, le24, le32};
use super::{Damage, Size};

/// What stands before the part that the container's length counts.
const HEADER: usize = 8;

/// The first bytes of a lossy frame, after its tag.
const LOSSY_START: [u8; 3] = [0x9d, 0x01, 0x2a];
/// The first byte of a lossless frame.
const LOSSLESS_START: [u8; 1] = [0x2f];

/// The size of a WebP that is all there.
pub(super) fn size(bytes: &[u8]) -> Result<Size, Damage> {
    // Behind `WEBP`, which stands after the length and is counted by it.
    let mut rest = container(bytes)
        .and_then(|content| content.get(4..))
        .ok_or(Damage::Incomplete)?;
    let mut size = None;
    let mut has_picture = false;
    while !rest.is_empty() {
        let (kind, data, after) = chunk(rest).ok_or(Damage::Incomplete)?;
        let found = match &kind {
            b"VP8 " => lossy(data),
            b"VP8L" => lossless(data),
            b"VP8X" => canvas(data),
            _ => None,
        };
        size = Size::larger(size, found);
        has_picture |= matches!(&kind, b"VP8 " | b"VP8L" | b"ANMF");
        rest = after;
    }
    size.filter(|_| has_picture).ok_or(Damage::Empty)
}

fn container(bytes: &[u8]) -> Option<&[u8]> {
    let length = usize::try_from(le32(bytes, 4)?).ok()?;
    bytes.get(HEADER..)?.get(..length)
}

/// The first chunk and what follows it. One of an odd length is filled up, but the last one may not.
fn chunk(bytes: &[u8]) -> Option<([u8; 4], &[u8], &[u8])> {
    let kind = array(bytes, 0)?;
    let length = usize::try_from(le32(bytes, 4)?).ok()?;
    let (data, after) = bytes.get(8..)?.split_at_checked(length)?;
    Some((kind, data, after.get(length % 2..).unwrap_or_default()))
}

/// The upper two bits of each side say how it is scaled.
fn lossy(data: &[u8]) -> Option<Size> {
    let start = array(data, 3).filter(|start| *start == LOSSY_START);
    start.and(Some(Size {
        width: le16(data, 6)? & 0x3fff,
        height: le16(data, 8)? & 0x3fff,
    }))
}

fn lossless(data: &[u8]) -> Option<Size> {
    let bits = le32(data, 1)?;
    let start = array(data, 0).filter(|start| *start == LOSSLESS_START);
    start.and(Some(Size {
        width: (bits & 0x3fff) + 1,
        height: ((bits >> 14) & 0x3fff) + 1,
    }))
}

fn canvas(data: &[u8]) -> Option<Size> {
    Some(Size {
        width: le24(data, 4)? + 1,
        height: le24(data, 7)? + 1,
    })
}
