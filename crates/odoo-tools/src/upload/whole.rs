//! Whether all of a file arrived: its structure is followed to its end, and a picture's size read.
//!
//! Not for what a file shows: nothing is decompressed. Half a file passes every look at its first
//! bytes, and whoever opens it weeks later finds that it cannot be read. What stands behind the end
//! is let be, for telephones append films and previews, and servers blanks. No library reads ends;
//! those that read sizes (`imagesize`) do so from fields that the way to the end passes anyway.

use super::kind::Kind;

mod bytes;
mod heic;
mod jpeg;
mod pdf;
mod png;
mod webp;

/// The most pixels on a side: what the largest JPEG can have.
const MAX_SIDE: u32 = 65_535;

/// The most pixels of a picture: a page of 297 x 420 mm at 1,200 dpi has 278 millions. Whoever
/// unpacks more needs over a gigabyte for it, which a file of a few kilobytes can ask for.
const MAX_PIXELS: u64 = 300_000_000;

/// What is wrong with a file of a good beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Damage {
    /// Its end is missing.
    Incomplete,
    /// It ends well, but holds no picture.
    Empty,
    /// The picture is larger than any document or photograph.
    Oversized(Size),
}

/// Width and height of a picture, in pixels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Size {
    pub(super) width: u32,
    pub(super) height: u32,
}

/// Whether a file of this kind is all there, and no picture of an absurd size.
pub(super) fn check(kind: Kind, bytes: &[u8]) -> Result<(), Damage> {
    let size = match kind {
        Kind::Pdf => return pdf::check(bytes),
        Kind::Png => png::size(bytes),
        Kind::Jpeg => jpeg::size(bytes),
        Kind::Webp => webp::size(bytes),
        Kind::Heic => heic::size(bytes),
    };
    size?.check()
}

impl Size {
    /// Of both, if there are two, the one with more pixels: a file is as large as the largest
    /// picture in it.
    fn larger(one: Option<Self>, other: Option<Self>) -> Option<Self> {
        one.into_iter()
            .chain(other)
            .max_by_key(|size| size.pixels())
    }

    fn pixels(self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }

    fn check(self) -> Result<(), Damage> {
        if self.pixels() == 0 {
            return Err(Damage::Empty);
        }
        if self.width.max(self.height) > MAX_SIDE || self.pixels() > MAX_PIXELS {
            return Err(Damage::Oversized(self));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
