//! Files that hang on expenses of the demo company: real documents, as small as they can be.

use std::fmt::Write as _;

use serde::Serialize;

/// A file.
#[derive(Clone, Debug, Serialize)]
pub struct Receipt {
    /// Its name.
    pub name: &'static str,
    /// Its media type.
    pub mimetype: &'static str,
    /// What is in it.
    #[serde(skip)]
    pub bytes: Vec<u8>,
}

/// The kinds of file among the receipts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ReceiptKind {
    /// A page with one line of text.
    Pdf,
    /// A picture of one grey point.
    Png,
}

/// A picture of one point: header, palette-free data and end, each with its checksum.
#[rustfmt::skip]
const PNG: [u8; 67] = [
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, b'I', b'H', b'D', b'R', 0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0,
    0x3a, 0x7e, 0x9b, 0x55, 0, 0, 0, 0x0a, b'I', b'D', b'A', b'T', 0x78, 0x9c, 0x63, 0x68, 0, 0, 0, 0x82, 0, 0x81,
    0x77, 0xcd, 0x72, 0xb6, 0, 0, 0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

impl Receipt {
    /// A file of this name; PDFs of one name are the same file.
    pub(super) fn new(name: &'static str, kind: ReceiptKind) -> Self {
        let (mimetype, bytes) = match kind {
            ReceiptKind::Pdf => ("application/pdf", pdf(name).into_bytes()),
            ReceiptKind::Png => ("image/png", PNG.to_vec()),
        };
        Self {
            name,
            mimetype,
            bytes,
        }
    }
}

/// A page with a line of text, with a table of its objects as viewers want it.
fn pdf(text: &str) -> String {
    let content = format!("BT /F1 12 Tf 20 60 Td ({text}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 100] /Contents 4 0 R \
         /Resources << /Font << /F1 5 0 R >> >> >>"
            .to_owned(),
        format!(
            "<< /Length {} >>\nstream\n{content}\nendstream",
            content.len()
        ),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut file = "%PDF-1.4\n".to_owned();
    let mut places = String::new();
    for (index, object) in objects.iter().enumerate() {
        // Writing into a string cannot fail.
        let _ = writeln!(places, "{:010} 00000 n ", file.len());
        let _ = write!(file, "{} 0 obj\n{object}\nendobj\n", index + 1);
    }
    let (start, count) = (file.len(), objects.len() + 1);
    let _ = write!(
        file,
        "xref\n0 {count}\n0000000000 65535 f \n{places}trailer\n<< /Size {count} /Root 1 0 R >>\n\
         startxref\n{start}\n%%EOF\n"
    );
    file
}
