//! PNG: chunks from `IHDR`, which has the size, to `IEND` (PNG 3rd edition, sections 5 and 11.2).

use super::bytes::{array, be32};
use super::{Damage, Size};

/// The length of the signature.
const SIGNATURE: usize = 8;

/// The size of a PNG that is all there.
pub(super) fn size(bytes: &[u8]) -> Result<Size, Damage> {
    let mut rest = bytes.get(SIGNATURE..).ok_or(Damage::Incomplete)?;
    let mut size = None;
    let mut has_data = false;
    loop {
        let (kind, data, after) = chunk(rest).ok_or(Damage::Incomplete)?;
        match &kind {
            b"IHDR" if size.is_none() => size = header(data),
            // Whatever else comes first, decoders give up on it.
            _ if size.is_none() => return Err(Damage::Empty),
            b"IDAT" => has_data = true,
            b"IEND" => break,
            _ => {}
        }
        rest = after;
    }
    size.filter(|_| has_data).ok_or(Damage::Empty)
}

/// The first chunk and what follows its checksum.
fn chunk(bytes: &[u8]) -> Option<([u8; 4], &[u8], &[u8])> {
    let length = usize::try_from(be32(bytes, 0)?).ok()?;
    let kind = array(bytes, 4)?;
    let (data, after) = bytes.get(8..)?.split_at_checked(length)?;
    Some((kind, data, after.get(4..)?))
}

fn header(data: &[u8]) -> Option<Size> {
    Some(Size {
        width: be32(data, 0)?,
        height: be32(data, 4)?,
    })
}
