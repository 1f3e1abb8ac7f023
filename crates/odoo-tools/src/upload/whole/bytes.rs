//! Numbers in files, read from where they stand. Nothing is read past the end.

/// Two bytes, the higher one first.
pub(super) fn be16(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(|read| u16::from_be_bytes(read).into())
}

/// Four bytes, the highest one first.
pub(super) fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u32::from_be_bytes)
}

/// Two bytes, the lower one first.
pub(super) fn le16(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(|read| u16::from_le_bytes(read).into())
}

/// Three bytes, the lowest one first.
pub(super) fn le24(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(|[low, middle, high]| u32::from_le_bytes([low, middle, high, 0]))
}

/// Four bytes, the lowest one first.
pub(super) fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    array(bytes, at).map(u32::from_le_bytes)
}

/// So many bytes from there on.
pub(super) fn array<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..)?.first_chunk().copied()
}

/// Where these bytes stand last.
pub(super) fn last(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .rposition(|window| window == wanted)
}

/// Whether these bytes stand anywhere.
pub(super) fn contains(bytes: &[u8], wanted: &[u8]) -> bool {
    last(bytes, wanted).is_some()
}
