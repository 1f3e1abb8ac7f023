//! The id of a JSON-RPC request, as the text that the client sent.
//!
//! Not for ids of sessions (`session_id`).
//!
//! rmcp reads a number into 64 bits, so `1.0` would come back as another text and 2^63 not at all,
//! and a client that looks its request up by the text would wait for ever. Such an id never
//! reaches rmcp: a stand-in does, which is enough, since rmcp sees one request at a time, and in
//! the answer the client's own text takes its place.

use std::ops::Range;

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use serde::Deserialize;
use serde_json::value::RawValue;

use crate::answer::Answer;

/// An id is kept as long as its request and sent back with every error. Real ones are counters or
/// UUIDs.
const MAX_BYTES: usize = 1_024;

/// What rmcp gets in the place of an id that it would change.
const STAND_IN: &[u8] = b"0";

/// How an answer of rmcp to the stand-in begins.
const ANSWERED: &[u8] = br#"{"jsonrpc":"2.0","id":0,"#;

/// How such an answer begins up to the id.
const BEFORE_ID: usize = br#"{"jsonrpc":"2.0","id":"#.len();

/// An id: a string or an integer (MCP schema, `RequestId`), as JSON.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Id(Box<str>);

impl Id {
    /// Reads an id; `None` when this is none.
    pub(crate) fn read(raw: &RawValue) -> Option<Self> {
        let text = raw.get();
        let usable = text.len() <= MAX_BYTES && (text.starts_with('"') || is_integer(text));
        usable.then(|| Self(text.into()))
    }

    /// The id as it was sent.
    pub(crate) fn as_json(&self) -> &str {
        &self.0
    }

    /// Whether rmcp answers with the same text.
    pub(crate) fn survives_rmcp(&self) -> bool {
        let number = || self.0.parse::<i64>().ok();
        self.0.starts_with('"') || number().is_some_and(|number| number.to_string() == *self.0)
    }

    /// Puts this id in the place of the stand-in.
    pub(crate) fn put_back(self, answer: Answer) -> Answer {
        answer.map(|body| {
            let restored = body.map_frame(move |frame| frame.map_data(|data| self.restore(data)));
            restored.boxed()
        })
    }

    /// A frame is a whole message or a whole event, and only a message's own id stands where this
    /// looks for it.
    fn restore(&self, data: Bytes) -> Bytes {
        let mut places = data.windows(ANSWERED.len());
        let Some(start) = places.position(|place| place == ANSWERED) else {
            return data;
        };
        let at = start + BEFORE_ID;
        splice(&data, at..at + STAND_IN.len(), self.0.as_bytes())
    }
}

/// A message as rmcp gets it: with the stand-in for an id that rmcp would change.
pub(crate) fn for_rmcp(id: Option<&Id>, message: Bytes) -> Bytes {
    #[derive(Deserialize)]
    struct Identified<'a> {
        #[serde(borrow)]
        id: &'a RawValue,
    }
    if id.is_none_or(Id::survives_rmcp) {
        return message;
    }
    let place = serde_json::from_slice(&message).map(|Identified { id }| place(id.get(), &message));
    place.map_or(message.clone(), |place| splice(&message, place, STAND_IN))
}

/// Where a borrowed part of a text stands in it.
fn place(part: &str, whole: &[u8]) -> Range<usize> {
    let start = part.as_ptr().addr().saturating_sub(whole.as_ptr().addr());
    start..start + part.len()
}

fn is_integer(text: &str) -> bool {
    // A number without a fraction is an integer however it is written (JSON Schema, section 6.3).
    let number = text.parse::<f64>();
    number.is_ok_and(|number| number.is_finite() && number.fract() == 0.0)
}

fn splice(text: &Bytes, place: Range<usize>, part: &[u8]) -> Bytes {
    let (Some(before), Some(after)) = (text.get(..place.start), text.get(place.end..)) else {
        return text.clone();
    };
    let mut spliced = BytesMut::with_capacity(before.len() + part.len() + after.len());
    spliced.extend_from_slice(before);
    spliced.extend_from_slice(part);
    spliced.extend_from_slice(after);
    spliced.freeze()
}
