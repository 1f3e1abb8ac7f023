//! HEIC: boxes with their lengths, of which `meta` tells of the pictures and `mdat` holds them
//! (ISO/IEC 14496-12, section 4.2; ISO/IEC 23008-12, sections 6.5.3 and 9).

use super::bytes::{array, be32};
use super::{Damage, Size};

/// Version and flags, with which some boxes begin.
const FLAGS: usize = 4;

/// The size of the largest picture in a HEIC that is all there.
///
/// A box may also say that it goes on to the end of the file; whether that has come, nothing tells.
pub(super) fn size(bytes: &[u8]) -> Result<Size, Damage> {
    let mut meta = None;
    let mut has_data = false;
    let mut rest = bytes;
    while !rest.is_empty() {
        let all_there = meta.is_some() && has_data;
        let Some((kind, length)) = header(rest) else {
            match all_there {
                // What telephones append need not be boxes.
                true => break,
                false => return Err(Damage::Incomplete),
            }
        };
        let (whole, after) = rest.split_at_checked(length).ok_or(Damage::Incomplete)?;
        match &kind {
            b"meta" => meta = Some(content(whole)),
            b"mdat" => has_data = true,
            _ => {}
        }
        rest = after;
    }
    let meta = meta.filter(|_| has_data).ok_or(Damage::Incomplete)?;
    largest(meta).ok_or(Damage::Empty)
}

/// The largest of the sizes among the properties of all pictures: of tiles, previews and the whole.
fn largest(meta: &[u8]) -> Option<Size> {
    let properties = child(child(meta.get(FLAGS..)?, *b"iprp")?, *b"ipco")?;
    children(properties)
        .filter(|(kind, _)| kind == b"ispe")
        .filter_map(|(_, extents)| {
            Some(Size {
                width: be32(extents, FLAGS)?,
                height: be32(extents, FLAGS + 4)?,
            })
        })
        .max_by_key(|size| size.pixels())
}

fn child(bytes: &[u8], wanted: [u8; 4]) -> Option<&[u8]> {
    children(bytes)
        .find(|(kind, _)| *kind == wanted)
        .map(|(_, content)| content)
}

/// The boxes within a box, as far as they are whole.
fn children(bytes: &[u8]) -> impl Iterator<Item = ([u8; 4], &[u8])> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (kind, length) = header(rest)?;
        let (whole, after) = rest.split_at_checked(length)?;
        rest = after;
        Some((kind, content(whole)))
    })
}

/// What kind of box begins here and how long it is with its header; nothing where none can.
fn header(bytes: &[u8]) -> Option<([u8; 4], usize)> {
    let kind: [u8; 4] = array(bytes, 4)?;
    let named = kind.first().is_some_and(u8::is_ascii_alphabetic);
    let length = match be32(bytes, 0)? {
        // To the end.
        0 => bytes.len(),
        // It stands behind the kind, as eight bytes.
        1 => usize::try_from(u64::from_be_bytes(array(bytes, 8)?)).ok()?,
        short => usize::try_from(short).ok()?,
    };
    (named && length >= header_length(bytes)).then_some((kind, length))
}

/// A box without its header.
fn content(whole: &[u8]) -> &[u8] {
    whole.get(header_length(whole)..).unwrap_or_default()
}

fn header_length(bytes: &[u8]) -> usize {
    if be32(bytes, 0) == Some(1) { 16 } else { 8 }
}
