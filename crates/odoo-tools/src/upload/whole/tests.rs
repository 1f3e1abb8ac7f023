//! Whole files of every kind, the same ones cut anywhere, and whatever else bytes may be.

use proptest::prelude::*;

use super::*;

/// Whole files, and how many of their bytes may be missing without loss.
const WHOLE: [(Kind, &[u8], usize); 8] = [
    // The line break behind the end mark.
    (
        Kind::Pdf,
        include_bytes!("../../../tests/files/bill.pdf"),
        1,
    ),
    (
        Kind::Png,
        include_bytes!("../../../tests/files/photo.png"),
        0,
    ),
    (
        Kind::Jpeg,
        include_bytes!("../../../tests/files/photo.jpg"),
        0,
    ),
    (
        Kind::Jpeg,
        include_bytes!("../../../tests/files/progressive.jpg"),
        0,
    ),
    (
        Kind::Webp,
        include_bytes!("../../../tests/files/photo.webp"),
        0,
    ),
    (
        Kind::Webp,
        include_bytes!("../../../tests/files/lossless.webp"),
        0,
    ),
    (
        Kind::Webp,
        include_bytes!("../../../tests/files/animated.webp"),
        0,
    ),
    (
        Kind::Heic,
        include_bytes!("../../../tests/files/photo.heic"),
        0,
    ),
];

const PDF: &[u8] = WHOLE[0].1;
const PNG: &[u8] = WHOLE[1].1;
const JPEG: &[u8] = WHOLE[2].1;
const WEBP: &[u8] = WHOLE[4].1;
const ANIMATED: &[u8] = WHOLE[6].1;
const HEIC: &[u8] = WHOLE[7].1;

fn changed(bytes: &[u8], at: usize, new: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at..at + new.len()].copy_from_slice(new);
    bytes
}

fn position(bytes: &[u8], wanted: &[u8]) -> usize {
    bytes::last(bytes, wanted).unwrap()
}

#[test]
fn whole_files_pass_and_none_that_was_cut_anywhere() {
    for (number, (kind, bytes, spare)) in WHOLE.into_iter().enumerate() {
        assert_eq!(check(kind, bytes), Ok(()), "{kind:?} {number}");
        for length in 0..bytes.len() - spare {
            let cut = check(kind, &bytes[..length]);
            assert_eq!(cut, Err(Damage::Incomplete), "{kind:?} {number}: {length}");
        }
    }
}

#[test]
fn what_stands_behind_the_end_is_let_be() {
    let film = [b"\0\0\x01\x0a\x0e\0\0\0Image_UTC_Data", &[0xff; 900][..]].concat();
    let page = b"\n<!-- delivered by a mail gateway -->\n<p>".repeat(80);
    for (kind, bytes, _) in WHOLE {
        for behind in [&film[..], &page[..], &[0; 9_000], b"\r\n", b" "] {
            let appended = [bytes, behind].concat();
            assert_eq!(check(kind, &appended), Ok(()), "{kind:?}");
        }
    }
    // So are bytes that fill up before a marker.
    let filled = [&JPEG[..20], b"\xff\xff\xff", &JPEG[20..]].concat();
    assert_eq!(check(Kind::Jpeg, &filled), Ok(()));
}

#[test]
fn a_changed_document_is_whole_with_its_last_state_only() {
    let update =
        b"1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\nxref\n0 1\n0000000000 65535 f \n\
                   trailer\n<< /Size 4 /Root 1 0 R /Prev 180 >>\nstartxref\n371\n%%EOF\n";
    let changed = [PDF, update].concat();
    assert_eq!(check(Kind::Pdf, &changed), Ok(()));
    let begun = PDF.len() + b"1 0 obj".len();
    for length in begun..changed.len() - 1 {
        assert_eq!(
            check(Kind::Pdf, &changed[..length]),
            Err(Damage::Incomplete),
            "{length}"
        );
    }
}

#[test]
fn a_document_ordered_for_the_network_needs_more_than_its_first_page() {
    let first =
        b"%PDF-1.5\n1 0 obj<</Linearized 1/L 4000>>endobj\ntrailer<<>>\nstartxref\n0\n%%EOF\n";
    assert_eq!(check(Kind::Pdf, first), Err(Damage::Incomplete));
    let last = [&first[..], b"2 0 obj<<>>endobj\nstartxref\n9\n%%EOF\n"].concat();
    assert_eq!(check(Kind::Pdf, &last), Ok(()));
    // Written by hand, and opened by every viewer.
    let plain = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\nstartxref\n0\n%%EOF";
    assert_eq!(check(Kind::Pdf, plain), Ok(()));
}

#[test]
fn a_document_without_its_middle_points_behind_its_end() {
    let offset = position(PDF, b"startxref\n") + 10;
    let without = changed(PDF, offset, b"900");
    assert_eq!(check(Kind::Pdf, &without), Err(Damage::Incomplete));
}

#[test]
fn absurd_pictures_are_refused() {
    let oversized = |width, height| Err(Damage::Oversized(Size { width, height }));
    let png = |size: [u8; 8]| check(Kind::Png, &changed(PNG, 16, &size));
    assert_eq!(png([0, 0, 0x4e, 0x20, 0, 0, 0x3a, 0x98]), Ok(())); // 20,000 x 15,000
    assert_eq!(
        png([0, 0, 0x4e, 0x21, 0, 0, 0x3a, 0x98]),
        oversized(20_001, 15_000)
    );
    assert_eq!(png([0, 1, 0, 0, 0, 0, 0, 1]), oversized(65_536, 1));
    assert_eq!(png([0; 8]), Err(Damage::Empty));
    let frame = position(JPEG, b"\xff\xc0") + 5;
    let jpeg = check(Kind::Jpeg, &changed(JPEG, frame, &[0xff; 4]));
    assert_eq!(jpeg, oversized(65_535, 65_535));
    let canvas = position(ANIMATED, b"VP8X") + 12;
    let webp = check(Kind::Webp, &changed(ANIMATED, canvas, &[0xff; 6]));
    assert_eq!(webp, oversized(1 << 24, 1 << 24));
    let none = check(Kind::Webp, &changed(WEBP, 26, &[0; 2]));
    assert_eq!(none, Err(Damage::Empty));
    let extents = position(HEIC, b"ispe") + 8;
    let heic = check(Kind::Heic, &changed(HEIC, extents, &[0xff; 8]));
    assert_eq!(heic, oversized(u32::MAX, u32::MAX));
}

#[test]
fn a_file_without_a_picture_is_none() {
    let no_data = [&PNG[..33], &PNG[PNG.len() - 12..]].concat();
    assert_eq!(check(Kind::Png, &no_data), Err(Damage::Empty));
    assert_eq!(check(Kind::Jpeg, b"\xff\xd8\xff\xd9"), Err(Damage::Empty));
    let empty = check(Kind::Webp, b"RIFF\x04\0\0\0WEBP");
    assert_eq!(empty, Err(Damage::Empty));
    let data = position(HEIC, b"mdat") - 4;
    assert_eq!(check(Kind::Heic, &HEIC[..data]), Err(Damage::Incomplete));
}

#[test]
fn boxes_may_have_long_lengths_and_stand_in_any_order() {
    let data = position(HEIC, b"mdat") - 4;
    let (described, contents) = (&HEIC[28..data], &HEIC[data + 8..]);
    let length = (contents.len() as u64 + 16).to_be_bytes();
    let long = [&b"\0\0\0\x01mdat"[..], &length, contents].concat();
    let turned = [&HEIC[..28], &long, described].concat();
    assert_eq!(check(Kind::Heic, &turned), Ok(()));
    assert_eq!(
        check(Kind::Heic, &turned[..turned.len() - 1]),
        Err(Damage::Incomplete)
    );
}

proptest! {
    /// However a good file was changed, looking at it ends, and without a panic.
    #[test]
    fn no_bytes_do_harm(
        which in 0..WHOLE.len(),
        kept in 0_usize..700,
        bytes in proptest::collection::vec(any::<u8>(), 0..200),
        at in 0_usize..700,
        new in any::<[u8; 4]>(),
    ) {
        let (kind, whole, _) = WHOLE[which];
        let mut mixed = [&whole[..kept.min(whole.len())], &bytes].concat();
        if let Some(place) = mixed.get_mut(at..).and_then(|rest| rest.first_chunk_mut()) {
            *place = new;
        }
        let _ = check(kind, &mixed);
        let _ = check(kind, &bytes);
    }
}
