//! The form of answers: what a tool returns, and how it is made to fit.
//!
//! An answer goes out twice, as JSON and as Markdown written from that JSON (`text.rs`), because
//! some clients show their model only the one and some only the other. Neither is longer than
//! [`CAP`]: a larger result would be spilled to a file by the client, or cut in the middle. Which
//! fields an answer has is decided by the tool.

use std::io;

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

pub use amount::Amount;
pub use named::Named;
pub use page::Page;

use crate::cursor::Question;
use crate::error::{FailureKind, ToolError};
use crate::{characters, text};

mod amount;
mod named;
mod page;

/// The most characters that the JSON of an answer, and its text, may each have.
pub const CAP: usize = 45_000;

/// The field that says of a repeated write that nothing was done now.
pub(crate) const REPEATED: &str = "repeated";

/// What a tool returns.
///
/// Fields that are empty are left out by `skip_serializing_if`, dates are ISO, a reference is
/// [`Named`] and an amount of money is an [`Amount`] beside its currency.
pub trait Answer: Serialize + JsonSchema + Send {
    /// How many entries the answer's long list has; only they can be left out.
    fn entries(&self) -> usize {
        0
    }

    /// Keeps the first `entries` of the long list, and says in the answer that it is truncated
    /// and which argument fetches the rest.
    fn keep(&mut self, _entries: usize) {}
}

/// What a call came to.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// The answer as JSON; an object.
    pub structured: Value,
    /// The same as Markdown.
    pub text: String,
    /// Whether it is a [`crate::Failure`] instead of an answer.
    pub is_error: bool,
}

impl Outcome {
    /// The outcome with this content: cleaned of invisible characters and rendered, uncut.
    #[must_use]
    pub(crate) fn of(content: &impl Serialize, is_error: bool) -> Self {
        Self::rendered(cleaned(content), is_error)
    }

    fn rendered(structured: Value, is_error: bool) -> Self {
        let text = text::render(&structured);
        Self {
            structured,
            text,
            is_error,
        }
    }

    /// Says in both forms, in the field `repeated`, that nothing was done now.
    pub(crate) fn mark_repeated(&mut self, note: &str) {
        if let Value::Object(answer) = &mut self.structured {
            answer.insert(REPEATED.to_owned(), Value::from(note));
            self.text = text::render(&self.structured);
        }
    }

    /// Whether it tells of something that was begun and not finished.
    pub(crate) fn is_partly_done(&self) -> bool {
        self.is_error && self.structured["error"] == "partly_done"
    }

    /// Characters of the longer of its two forms.
    #[must_use]
    pub fn length(&self) -> usize {
        let mut json = CharacterCount(0);
        // Counting cannot fail, and a value is always serialisable.
        let _ = serde_json::to_writer(&mut json, &self.structured);
        json.0.max(self.text.chars().count())
    }
}

/// The content as JSON, without invisible characters.
fn cleaned(content: &impl Serialize) -> Value {
    // Serialising our own structs into a `Value` cannot fail: no map has other keys than text.
    let mut structured = serde_json::to_value(content).unwrap_or_default();
    characters::clean(&mut structured);
    structured
}

/// Renders an answer, leaving out entries from the end until it fits. The cursor to what was left
/// out belongs to the question.
pub(crate) fn fit(
    mut answer: impl Answer,
    question: Option<&Question>,
) -> Result<Outcome, ToolError> {
    loop {
        let mut structured = cleaned(&answer);
        if let Some(question) = question {
            question.put(&mut structured);
        }
        let outcome = Outcome::rendered(structured, false);
        let length = outcome.length();
        if length <= CAP {
            return Ok(outcome);
        }
        let entries = answer.entries();
        if entries == 0 {
            return Err(ToolError::of(
                FailureKind::TooLarge,
                format!("the answer has {length} characters and no list that could be shortened"),
                "Ask for less: a shorter period, fewer details, one company.",
            ));
        }
        // In proportion, and always at least one less, so that this ends.
        answer.keep((entries * CAP / length).min(entries - 1));
    }
}

/// Counts characters of UTF-8 written to it, without keeping them.
struct CharacterCount(usize);

impl io::Write for CharacterCount {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += if bytes.is_ascii() {
            bytes.len()
        } else {
            // Continuation bytes are 0b10xxxxxx.
            bytes.iter().filter(|byte| *byte & 0xc0 != 0x80).count()
        };
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
