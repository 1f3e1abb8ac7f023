//! Texts as they were meant, without the accidents of typing and copying.
//!
//! People and assistants write a name with a blank too many, with a letter put together of two
//! characters, or with something invisible that came along from a web page. Odoo compares
//! character by character and finds nothing then. This is where such texts become what was meant;
//! what they mean is each tool's business.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::Deserialize;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use crate::characters::visible;
use crate::schema::PASSAGE;

/// An argument with a text of several lines, such as a note. Its lines and blanks stay.
#[derive(Clone, Debug, Deserialize)]
#[serde(transparent)]
pub(crate) struct Passage(String);

impl Passage {
    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl JsonSchema for Passage {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        Cow::Borrowed("Passage")
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": PASSAGE })
    }
}

/// A name, a reference or words to search for: one line of composed, visible characters with single
/// blanks between its words.
pub(super) fn line(text: String) -> String {
    let is_plain = |byte: u8| (b'!'..=b'~').contains(&byte);
    if text.bytes().all(is_plain) {
        return text;
    }
    let spaced = single_spaced(&composed(text));
    let shown = match visible(&spaced) {
        Cow::Borrowed(_) => return spaced,
        Cow::Owned(shown) => shown,
    };
    // What stood between two blanks, or between a letter and its mark, is gone.
    single_spaced(&composed(shown))
}

/// A text of several lines: composed characters, line feeds at the ends of lines, and nothing empty
/// around it.
pub(super) fn passage(text: String) -> String {
    let text = if text.contains('\r') {
        text.replace("\r\n", "\n").replace('\r', "\n")
    } else {
        text
    };
    let text = composed(text);
    let inner = text.trim();
    if inner.len() == text.len() {
        text
    } else {
        inner.to_owned()
    }
}

/// Unicode's form C, in which a letter with its marks is one character where there is such a one.
fn composed(text: String) -> String {
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => text,
        IsNormalized::No | IsNormalized::Maybe => text.nfc().collect(),
    }
}

fn single_spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !spaced.is_empty() {
            spaced.push(' ');
        }
        spaced.push_str(word);
    }
    spaced
}
