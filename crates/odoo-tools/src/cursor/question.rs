//! The question that a cursor belongs to: it goes on with that one and no other.
//!
//! A cursor knows how many records came before it. Behind other filters that number is another
//! list's, and the total would be wrong without anybody noticing. So each cursor that leaves
//! carries a mark of who asked what, and one that comes back with other arguments is refused. The
//! registry does both for every tool that takes a `cursor`; a tool sees only its own part of it.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use crate::digest;
use crate::error::ToolError;

/// Where a caller puts a cursor.
const ARGUMENT: &str = "cursor";

/// Where an answer has the next one.
const MEMBER: &str = "next_cursor";

/// Arguments that say how much is told of a list, and not of which: they may differ from page to
/// page.
const OF_THE_PAGE: [&str; 3] = [ARGUMENT, "limit", "totals"];

/// Bytes of a mark, eight characters in the cursor. It tells questions apart that were mixed up; it
/// guards nothing, since Odoo decides anew what the caller may see.
const MARK: usize = 6;

/// What stands between the mark, which never has one, and the place in the list.
const SEPARATOR: char = '.';

/// Who asks what, page apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Question {
    mark: String,
}

impl Question {
    /// The question of a call with checked arguments; none where the tool takes no cursor.
    ///
    /// The user's id belongs to it because "me" and record rules mean something else for another.
    pub(crate) fn of(
        schema: &Map<String, Value>,
        (uid, tool): (i64, &str),
        arguments: &Map<String, Value>,
    ) -> Option<Self> {
        schema.get("properties")?.get(ARGUMENT)?;
        let digest = digest::of_call(&[&uid.to_string(), tool], arguments, &OF_THE_PAGE);
        Some(Self {
            mark: URL_SAFE_NO_PAD.encode(digest.get(..MARK)?),
        })
    }

    /// Takes the mark off the cursor that came, or says that it belongs to another question.
    pub(crate) fn take(&self, arguments: &mut Map<String, Value>) -> Result<(), ToolError> {
        let Some(Value::String(cursor)) = arguments.get_mut(ARGUMENT) else {
            return Ok(());
        };
        match cursor.split_once(SEPARATOR) {
            Some((mark, place)) if mark == self.mark => {
                *cursor = place.to_owned();
                Ok(())
            }
            Some((mark, _)) if mark.len() == self.mark.len() => Err(another_question()),
            _ => Err(ToolError::argument(
                "`cursor` is none that this tool gave out",
                "Pass `next_cursor` of the previous answer unchanged; or leave `cursor` out to \
                 begin at the top.",
            )),
        }
    }

    /// Puts the mark on the cursor that goes out, if there is one.
    pub(crate) fn put(&self, answer: &mut Value) {
        if let Some(Value::String(cursor)) = answer.get_mut(MEMBER) {
            *cursor = format!("{}{SEPARATOR}{cursor}", self.mark);
        }
    }
}

fn another_question() -> ToolError {
    ToolError::argument(
        "`cursor` continues another question: it came with other arguments, or to another person",
        "Pass exactly the arguments of the call that gave it (`limit` may differ); or leave \
         `cursor` out to begin this question at the top.",
    )
}
