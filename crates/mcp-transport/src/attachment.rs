//! The contents of files on their way past rmcp.
//!
//! Not for judging files; a tool does that. rmcp reads a message into several trees one after
//! another and, in the 2026-07-28 revision, writes it out into one more to compare it with its
//! headers. What is small may take that way. A file of ten megabytes would be there five times,
//! so the long texts of a large call go beside the message and are put back into its arguments
//! when rmcp is done.

use std::mem;

use bytes::Bytes;
use serde_json::{Map, Value};

/// Texts of at least this many bytes are taken out: far above what a person writes, far below
/// what makes a message large.
const MIN_TEXT: usize = 16 * 1024;

/// Long texts of a call's arguments.
#[derive(Debug, Default)]
pub(crate) struct Attachments(Vec<(String, String)>);

impl Attachments {
    /// Takes the long texts out of the arguments of a call; gives the message without them.
    ///
    /// The message was looked over before ([`Message::read`](crate::message::Message::read)), so
    /// this is one tree of few values and each long text once.
    ///
    /// # Errors
    /// The parser's, if the body is no JSON after all.
    pub(crate) fn detach(body: &Bytes) -> Result<(Bytes, Self), serde_json::Error> {
        let mut message: Value = serde_json::from_slice(body)?;
        let arguments = message
            .pointer_mut("/params/arguments")
            .and_then(Value::as_object_mut);
        let mut texts = Vec::new();
        for (name, value) in arguments.into_iter().flatten() {
            if let Value::String(text) = value
                && text.len() >= MIN_TEXT
            {
                texts.push((name.clone(), mem::take(text)));
            }
        }
        let message = serde_json::to_vec(&message)?;
        Ok((message.into(), Self(texts)))
    }

    /// Puts the texts back where they were.
    pub(crate) fn restore(self, arguments: &mut Map<String, Value>) {
        for (name, text) in self.0 {
            arguments.insert(name, Value::String(text));
        }
    }
}
