//! What a JSON text would cost to read, found without reading it.
//!
//! Not for whether it is JSON; the parser says that. A value of two bytes becomes a few hundred in
//! the tree of a parser, so values are counted before there is one. The look goes over the bytes
//! once, needs no memory, and never answers with less than a parser would find.

use http::HeaderMap;
use http::header::CONTENT_TYPE;

/// The bounds of a JSON text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct JsonLimits {
    /// How deep objects and arrays may be nested.
    pub(crate) depth: usize,
    /// How many values there may be, the names of members included.
    pub(crate) values: usize,
}

/// The bound that a JSON text breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Excess {
    /// It is nested too deep.
    #[error("is nested more than {0} levels deep")]
    Depth(usize),
    /// It holds too many values.
    #[error("holds more than {0} values")]
    Values(usize),
}

impl JsonLimits {
    /// Looks a request's body over, if that is said to be JSON.
    pub(crate) fn check_if_json(self, headers: &HeaderMap, body: &[u8]) -> Result<(), Excess> {
        let is_json = headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .is_some_and(|value| value.to_ascii_lowercase().contains("json"));
        if is_json { self.check(body) } else { Ok(()) }
    }

    /// Looks a text over.
    pub(crate) fn check(self, json: &[u8]) -> Result<(), Excess> {
        let (mut depth, mut values) = (0_usize, 1_usize);
        let mut bytes = json.iter();
        while let Some(byte) = bytes.next() {
            match byte {
                b'{' | b'[' => {
                    depth += 1;
                    values += 1;
                    if depth > self.depth {
                        return Err(Excess::Depth(self.depth));
                    }
                }
                b'}' | b']' => depth = depth.saturating_sub(1),
                // Each stands before one more value.
                b',' | b':' => values += 1,
                b'"' => skip_string(&mut bytes),
                _ => continue,
            }
            if values > self.values {
                return Err(Excess::Values(self.values));
            }
        }
        Ok(())
    }
}

fn skip_string(bytes: &mut std::slice::Iter<'_, u8>) {
    while let Some(byte) = bytes.find(|byte| matches!(byte, b'"' | b'\\')) {
        if *byte == b'"' {
            return;
        }
        bytes.next();
    }
}
