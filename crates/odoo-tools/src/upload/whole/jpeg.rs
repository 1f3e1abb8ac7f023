//! JPEG: markers from the start of the image to its end, past the coded data between them (ITU-T
//! T.81, annex B).

use super::bytes::be16;
use super::{Damage, Size};

/// The start of the image and its marker.
const START: usize = 2;
/// A marker without a segment, of old.
const TEM: u8 = 0x01;
/// The restarts within coded data, and a start of the image.
const WITHOUT_SEGMENT: std::ops::RangeInclusive<u8> = 0xd0..=0xd8;
const END_OF_IMAGE: u8 = 0xd9;
const START_OF_SCAN: u8 = 0xda;

/// The size of a JPEG that is all there.
pub(super) fn size(bytes: &[u8]) -> Result<Size, Damage> {
    let mut rest = bytes.get(START..).ok_or(Damage::Incomplete)?;
    let mut size = None;
    let mut has_scan = false;
    loop {
        let (marker, after) = next_marker(rest).ok_or(Damage::Incomplete)?;
        if marker == END_OF_IMAGE {
            break;
        }
        rest = after;
        if marker == TEM || WITHOUT_SEGMENT.contains(&marker) {
            continue;
        }
        let (segment, after) = segment(rest).ok_or(Damage::Incomplete)?;
        if begins_frame(marker) {
            size = Size::larger(size, frame(segment));
        }
        has_scan |= marker == START_OF_SCAN;
        rest = after;
    }
    size.filter(|_| has_scan).ok_or(Damage::Empty)
}

/// The next marker and what follows it. Bytes before it are passed over: they are coded data, or
/// what decoders only warn of.
fn next_marker(bytes: &[u8]) -> Option<(u8, &[u8])> {
    let mut rest = bytes;
    loop {
        let at = rest.iter().position(|byte| *byte == 0xff)?;
        rest = rest.get(at + 1..)?;
        match rest.split_first()? {
            // A byte of coded data that looks like a marker, or one of several that fill up.
            (0x00 | 0xff, _) => {}
            (marker, after) => return Some((*marker, after)),
        }
    }
}

/// A segment without its length, and what follows it.
fn segment(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let length = usize::try_from(be16(bytes, 0)?).ok()?;
    let (segment, after) = bytes.split_at_checked(length)?;
    // The length counts itself.
    Some((segment.get(2..)?, after))
}

/// Of 0xc0 to 0xcf, three are no frames but tables.
fn begins_frame(marker: u8) -> bool {
    matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc)
}

fn frame(segment: &[u8]) -> Option<Size> {
    Some(Size {
        height: be16(segment, 1)?,
        width: be16(segment, 3)?,
    })
}
