//! The four scopes, over [`oxide_auth`]'s `Scope`: what a person lets an assistant do.
//!
//! Not for Odoo's access rights, which apply beneath whatever is granted here.

pub use oxide_auth::primitives::scope::Scope;

/// Reading.
pub const READ: &str = "odoo:read";
/// Creating, updating, uploading, logging.
pub const WRITE: &str = "odoo:write";
/// Deleting and archiving.
pub const DELETE: &str = "odoo:delete";
/// Approving and refusing expenses, decisions, payments, time off.
pub const APPROVE: &str = "odoo:approve";

/// In the order in which they are printed.
pub const KNOWN: [&str; 4] = [READ, WRITE, DELETE, APPROVE];

/// A scope of these words; words that are not ours are left out.
#[expect(
    clippy::expect_used,
    reason = "our words have only characters that RFC 6749 section 3.3 allows, so parsing cannot fail"
)]
pub fn of<'a>(words: impl IntoIterator<Item = &'a str>) -> Scope {
    let words: Vec<_> = words
        .into_iter()
        .filter(|word| KNOWN.contains(word))
        .collect();
    words
        .join(" ")
        .parse()
        .expect("only our own words are left")
}

/// All four.
pub fn all() -> Scope {
    of(KNOWN)
}

/// What both have.
pub fn intersect(one: &Scope, other: &Scope) -> Scope {
    of(one
        .iter()
        .filter(|word| other.iter().any(|known| known == *word)))
}

/// Whether it has no word at all.
pub fn is_empty(scope: &Scope) -> bool {
    scope.iter().next().is_none()
}

/// The words in a fixed order, separated by spaces; `Scope`'s own `Display` has none.
pub fn canonical(scope: &Scope) -> String {
    let has = |word: &&str| scope.iter().any(|own| own == *word);
    KNOWN
        .iter()
        .copied()
        .filter(has)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Serialises a scope as its canonical text.
pub(crate) mod text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    use super::Scope;

    pub(crate) fn serialize<S: Serializer>(scope: &Scope, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&super::canonical(scope))
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Scope, D::Error> {
        String::deserialize(from)?.parse().map_err(D::Error::custom)
    }
}
