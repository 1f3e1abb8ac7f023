//! Batches of messages, which the 2025-03-26 revision has and no other.
//!
//! Not for answering their messages: each goes the way of a single one.

use std::fmt;

use bytes::{Bytes, BytesMut};
use http::StatusCode;
use http_body_util::BodyExt as _;
use serde::de::{Deserialize, Deserializer, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::answer::{Answer, is_json, json_bytes};
use crate::message::{Malformed, malformed, unreadable};

/// Messages of one batch. They are answered one after the other, so that a batch is no way to more
/// than one request has, and this bounds how long that may take. No client in use sends batches.
const MAX_MESSAGES: usize = 16;

/// Whether this is a batch, whatever is in it.
pub(crate) fn is_batch(body: &[u8]) -> bool {
    body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[')
}

/// The messages of a batch.
pub(crate) fn split(body: &Bytes) -> Result<Vec<Bytes>, Malformed> {
    let Messages(messages) = serde_json::from_slice(body).map_err(|error| {
        if error.is_data() {
            malformed(format!("A batch has 1 to {MAX_MESSAGES} messages"))
        } else {
            unreadable(&error)
        }
    })?;
    let messages = messages.iter().map(|message| message.get().as_bytes());
    Ok(messages.map(|message| body.slice_ref(message)).collect())
}

struct Messages<'a>(Vec<&'a RawValue>);

impl<'de: 'a, 'a> Deserialize<'de> for Messages<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(MessagesVisitor).map(Self)
    }
}

struct MessagesVisitor;

impl<'de> Visitor<'de> for MessagesVisitor {
    type Value = Vec<&'de RawValue>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a few messages")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut messages = Vec::new();
        while let Some(message) = items.next_element()? {
            messages.push(message);
            if messages.len() > MAX_MESSAGES {
                return Err(serde::de::Error::custom("too many messages"));
            }
        }
        match messages.is_empty() {
            true => Err(serde::de::Error::custom("no message")),
            false => Ok(messages),
        }
    }
}

/// The answers to a batch, as one.
#[derive(Debug, Default)]
pub(crate) struct Answers(BytesMut);

impl Answers {
    /// Adds the answer to one message. What is no JSON-RPC message concerns the whole batch (a
    /// token that has ended, a session that is unknown, a server that is busy) and is given back.
    pub(crate) async fn add(&mut self, answer: Answer) -> Result<(), Answer> {
        let concerns_all = matches!(
            answer.status(),
            StatusCode::UNAUTHORIZED
                | StatusCode::FORBIDDEN
                | StatusCode::NOT_FOUND
                | StatusCode::SERVICE_UNAVAILABLE
        );
        if concerns_all {
            return Err(answer);
        }
        // Notifications have no answer.
        if !is_json(&answer) {
            return Ok(());
        }
        let Ok(body) = answer.into_body().collect().await;
        self.0.extend_from_slice(match self.0.is_empty() {
            true => b"[",
            false => b",",
        });
        self.0.extend_from_slice(&body.to_bytes());
        Ok(())
    }

    /// The answer to the batch; `None` when it held notifications only.
    pub(crate) fn finish(mut self) -> Option<Answer> {
        if self.0.is_empty() {
            return None;
        }
        self.0.extend_from_slice(b"]");
        Some(json_bytes(StatusCode::OK, self.0.freeze()))
    }
}
