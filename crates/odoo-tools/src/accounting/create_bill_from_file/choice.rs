//! The one record that a name means.

use odoo_json2::{Domain, Ref, field};

use crate::characters::clip;
use crate::error::{FailureKind, ToolError};

/// So many records of one name are listed for a choice.
pub(super) const CHOICES: usize = 6;

/// The longest name that is repeated in a message.
const LONGEST: usize = 60;

/// A record that a name may mean, and what tells it from the others.
pub(super) struct Choice {
    pub(super) record: Ref,
    pub(super) mark: String,
}

/// Records whose field is this text and nothing more, whatever the letter case.
pub(super) fn is(path: &str, text: &str) -> Domain {
    let mut pattern = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    field(path).ilike_pattern(&pattern)
}

/// The one that was found; `next` says how several are told apart.
pub(super) fn one(
    what: &str,
    text: &str,
    mut found: Vec<Choice>,
    next: &str,
) -> Result<Ref, ToolError> {
    let text = clip(text, LONGEST);
    match found.len() {
        0 => Err(nothing(format!(
            "there is no {what} {text} in this company"
        ))),
        1 => Ok(found.swap_remove(0).record),
        _ => {
            let choices: Vec<String> = found
                .iter()
                .map(|choice| format!("{} ({})", clip(&choice.record.name, LONGEST), choice.mark))
                .collect();
            Err(ToolError::of(
                FailureKind::Ambiguous,
                format!("{text} may be any {what} of {}", choices.join(", ")),
                format!("Nothing was stored. {next}"),
            ))
        }
    }
}

/// There is no such record.
pub(super) fn nothing(message: String) -> ToolError {
    ToolError::not_found(
        message,
        "Nothing was stored. Check the spelling, or leave it out and complete the draft in Odoo.",
    )
}
