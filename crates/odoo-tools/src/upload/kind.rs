//! What a file is, by its bytes.

/// The types that Odoo shows beside a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A PDF document.
    Pdf,
    /// A PNG picture.
    Png,
    /// A JPEG picture.
    Jpeg,
    /// A WebP picture.
    Webp,
    /// A HEIC picture, as telephones take them.
    Heic,
}

impl Kind {
    /// The type of these bytes, if it is one of ours.
    ///
    /// A file has to begin as its type does. `infer` alone finds the mark of a PDF within the first
    /// thousand bytes too, where a web page could carry it.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        let (kind, start): (_, &[u8]) = match infer::get(bytes)?.mime_type() {
            "application/pdf" => (Self::Pdf, b"%PDF-"),
            "image/png" => (Self::Png, b"\x89PNG\r\n\x1a\n"),
            "image/jpeg" => (Self::Jpeg, b"\xff\xd8\xff"),
            "image/webp" => (Self::Webp, b"RIFF"),
            "image/heif" => (Self::Heic, b""),
            _ => return None,
        };
        bytes.starts_with(start).then_some(kind)
    }

    /// What people call it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Pdf => "PDF",
            Self::Png => "PNG",
            Self::Jpeg => "JPEG",
            Self::Webp => "WebP",
            Self::Heic => "HEIC",
        }
    }

    /// The media type.
    pub(super) const fn mimetype(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
            Self::Heic => "image/heic",
        }
    }

    /// How the names of such files end; the first is the usual one.
    pub(super) const fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Png => &["png"],
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Webp => &["webp"],
            Self::Heic => &["heic", "heif"],
        }
    }
}

/// What the bytes are, for somebody whose file is refused.
pub(super) fn described(bytes: &[u8]) -> String {
    const REFUSED: &str = "which is not a file type that can be attached";
    match infer::get(bytes).map(|known| known.mime_type()) {
        // The mark is somewhere behind the beginning, which is another file's.
        Some("application/pdf") => "no PDF as a whole: it does not begin as one".to_owned(),
        Some(known) => format!("of type {known}, {REFUSED}"),
        None => format!("of no known type, {REFUSED}"),
    }
}
