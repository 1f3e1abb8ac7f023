//! Parameters of a query or a form, read strictly: RFC 6749 section 3.1 allows each once.
//!
//! Not for deciding what they mean.

use std::collections::BTreeMap;

use url::form_urlencoded;

/// The longest value of any parameter, in bytes.
const LONGEST: usize = 4096;
/// The most parameters of one request.
const MOST: usize = 40;
/// May be given more than once (RFC 8707 section 2).
const REPEATABLE: &str = "resource";

/// Parameters by name.
pub(crate) struct Parameters {
    values: BTreeMap<String, Vec<String>>,
}

/// Why parameters cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum FormError {
    #[error("the parameter {0} is given twice")]
    Twice(String),
    #[error("there are too many parameters, or one is too long")]
    TooMuch,
    #[error("a parameter has control characters or is not UTF-8")]
    Unreadable,
}

impl Parameters {
    /// Reads `application/x-www-form-urlencoded`.
    pub(crate) fn read(encoded: &[u8]) -> Result<Self, FormError> {
        let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (count, (name, value)) in form_urlencoded::parse(encoded).enumerate() {
            if count >= MOST || value.len() > LONGEST || name.len() > LONGEST {
                return Err(FormError::TooMuch);
            }
            // The decoder replaces what is not UTF-8 by U+FFFD.
            if name
                .chars()
                .chain(value.chars())
                .any(|c| c.is_control() || c == '\u{FFFD}')
            {
                return Err(FormError::Unreadable);
            }
            let known = values.entry(name.clone().into_owned()).or_default();
            if !known.is_empty() && name != REPEATABLE {
                return Err(FormError::Twice(name.chars().take(40).collect()));
            }
            known.push(value.into_owned());
        }
        Ok(Self { values })
    }

    /// A value; an empty one counts as left out (RFC 6749 section 3.1).
    pub(crate) fn take(&mut self, name: &str) -> Option<String> {
        self.all(name).into_iter().next()
    }

    /// All values of a repeatable parameter.
    pub(crate) fn all(&mut self, name: &str) -> Vec<String> {
        let mut values = self.values.remove(name).unwrap_or_default();
        values.retain(|value| !value.is_empty());
        values
    }
}
